// UNION, INTERSECT and EXCEPT → one SELECT with a condition more: rows are kept when the other query has them too, or not.
import { entityOf } from '../../catalog/find.ts'
import type { Catalog } from '../../catalog/schema.ts'
import type { Bound, BoundField, BoundQuery, BoundSelect, BoundSet, Target } from './bound.ts'
import { conjunctsOf, targetsOf } from './bound.ts'
import { refuse } from './problem.ts'
import { hasAggregate, keyOf, rewriteSelect } from './walk.ts'

/** A query as one SELECT; `catalog` is needed for UNION only. */
export function asSelect(query: BoundQuery, catalog?: Catalog): BoundSelect {
  if (query.kind === 'select') return query
  if (query.op === 'union') return sorted(unionOf(query, catalog), query)
  if (query.all)
    return refuse(
      `${query.op.toUpperCase()} ALL`,
      `Cannot import ${query.op.toUpperCase()} ALL: leave ALL out`,
      query.at,
    )
  const left = asSelect(query.left, catalog)
  const name = query.op.toUpperCase()
  if (left.limit !== null) return refuse(name, `Cannot import ${name} after LIMIT: a limit is applied last`, query.at)
  const args = left.targets.map((target) => target.expr)
  if (args.some(hasAggregate))
    return refuse(name, `Cannot compare aggregates with ${name}: only columns can be looked up`, query.at)
  const found: Bound = { kind: 'in_query', args, query: query.right, ofSet: true, at: query.at }
  const condition: Bound = query.op === 'intersect' ? found : { kind: 'not', arg: found, at: query.at }
  return sorted({ ...left, conjuncts: [...left.conjuncts, condition], distinct: true, orderBy: [] }, query)
}

function sorted(select: BoundSelect, query: BoundSet): BoundSelect {
  const orderBy = query.orderBy.flatMap(({ index, desc, nulls }) => {
    const target = select.targets[index]
    return target === undefined ? [] : [{ expr: target.expr, desc, nulls }]
  })
  return { ...select, orderBy, limit: query.limit }
}

function branchesOf(query: BoundQuery): BoundQuery[] {
  return query.kind === 'set' && query.op === 'union' && query.limit === null
    ? [...branchesOf(query.left), ...branchesOf(query.right)]
    : [query]
}

function unionOf(query: BoundSet, catalog: Catalog | undefined): BoundSelect {
  const branches = branchesOf(query)
  const selects = branches.map((branch) => (branch.kind === 'select' ? branch : undefined))
  const plain = selects.every((one): one is BoundSelect => one !== undefined && one.limit === null)
  const merged = plain ? (sameShape(selects) ?? oneEntity(selects)) : undefined
  if (merged !== undefined) return merged
  const known = catalog === undefined ? undefined : sharedValues(query, branches, catalog)
  return (
    known ??
    refuse(
      'UNION',
      'Cannot import a UNION of columns from different entities: a table lists the rows of one entity',
      query.at,
      'Import each SELECT as a table of its own',
    )
  )
}

/** The same tables joined in the same way, only the conditions differ: one query with OR. */
function sameShape(selects: readonly BoundSelect[]): BoundSelect | undefined {
  const [first] = selects
  if (first === undefined || selects.some((one) => one.grouped || one.optional.length > 0)) return undefined
  const renamed = selects.map((one) => renumbered(one, first))
  const shared = first.conjuncts.filter((condition) =>
    renamed.every((one) => one?.conjuncts.some((other) => keyOf(other) === keyOf(condition))),
  )
  const sharedKeys = new Set(shared.map(keyOf))
  const rests: Bound[] = []
  for (const one of renamed) {
    if (one === undefined || !sameTargets(one.targets, first.targets)) return undefined
    const rest = one.conjuncts.filter((condition) => !sharedKeys.has(keyOf(condition)))
    rests.push(
      rest.length === 0 ? { kind: 'literal', value: true, at: one.at } : { kind: 'and', args: rest, at: one.at },
    )
  }
  const either: Bound = { kind: 'or', args: rests, at: first.at }
  return { ...first, conjuncts: [...shared, ...conjunctsOf(either)], distinct: true, orderBy: [] }
}

function sameTargets(a: readonly Target[], b: readonly Target[]): boolean {
  return (
    a.length === b.length && a.every((target, index) => keyOf(target.expr) === keyOf(b[index]?.expr ?? target.expr))
  )
}

/** The query with the source ids of another one that reads the same entities in the same order. */
function renumbered(select: BoundSelect, like: BoundSelect): BoundSelect | undefined {
  if (select === like) return select
  if (select.sources.length !== like.sources.length) return undefined
  const ids = new Map<number, number>()
  for (const [index, source] of select.sources.entries()) {
    const other = like.sources[index]
    if (other === undefined || source.entity === null || other.entity !== source.entity) return undefined
    ids.set(source.id, other.id)
  }
  return rewriteSelect(select, (expr) =>
    expr.kind === 'field' && ids.has(expr.source)
      ? { ...expr, source: ids.get(expr.source) ?? expr.source }
      : undefined,
  )
}

/** All columns come from one row of the same entity in every branch: that entity, with one condition a branch. */
function oneEntity(selects: readonly BoundSelect[]): BoundSelect | undefined {
  const [first] = selects
  const rows = selects.map((select) => rowOf(select))
  const [row] = rows
  if (first === undefined || row === undefined) return undefined
  if (rows.some((one) => one === undefined || one.entity !== row.entity || one.columns.join() !== row.columns.join()))
    return undefined
  const id = -1 - Math.max(...selects.flatMap((select) => select.sources.map((source) => source.id)))
  const name = first.sources.find((source) => source.id === row.source)?.name ?? row.entity
  const targets = first.targets.map((target) => ({ ...target, expr: moved(target.expr, id) }))
  const branches = selects.map((select, index): Bound => {
    const source = rows[index]?.source ?? 0
    if (select.grouped)
      return { kind: 'in_query', args: targets.map((target) => target.expr), query: select, at: select.at }
    const same: Bound = { kind: 'same_row', left: id, right: source, at: select.at }
    return {
      kind: 'exists',
      query: { ...select, conjuncts: [...select.conjuncts, same], targets: [], orderBy: [] },
      at: select.at,
    }
  })
  return {
    ...first,
    sources: [{ id, name, at: first.at, entity: row.entity, query: null }],
    optional: [],
    conjuncts: [{ kind: 'or', args: branches, at: first.at }],
    groupBy: [],
    having: [],
    targets,
    orderBy: [],
    distinct: true,
    grouped: false,
  }
}

function moved(expr: Bound, source: number): Bound {
  return expr.kind === 'field' ? { ...expr, source } : expr
}

function rowOf(select: BoundSelect): { source: number; entity: string; columns: string[] } | undefined {
  const fields = select.targets.flatMap(({ expr }) => (expr.kind === 'field' ? [expr] : []))
  const [first] = fields
  if (first === undefined || fields.length < select.targets.length || fields.some((one) => one.source !== first.source))
    return undefined
  return { source: first.source, entity: first.entity, columns: fields.map((one) => one.column) }
}

/** One column a branch, all of them the key of one entity or references to it: that entity's key, listed. */
function sharedValues(query: BoundSet, branches: readonly BoundQuery[], catalog: Catalog): BoundSelect | undefined {
  const columns = branches.map((branch) => targetsOf(branch))
  const origins = columns.map((targets) => (targets.length === 1 ? originsOf(targets[0]?.expr, catalog) : []))
  const origin = origins[0]?.find((one) =>
    origins.every((list) => list.some((other) => other.entity === one.entity && other.column === one.column)),
  )
  if (origin === undefined) return undefined
  const id = -1_000_000 - query.at
  const at = query.at
  const expr: BoundField = {
    kind: 'field',
    source: id,
    entity: origin.entity,
    field: origin.field,
    column: origin.column,
    at,
  }
  const first = columns[0]?.[0]
  return {
    kind: 'select',
    sources: [{ id, name: origin.entity, at, entity: origin.entity, query: null }],
    optional: [],
    conjuncts: [
      {
        kind: 'or',
        args: branches.map((branch): Bound => ({ kind: 'in_query', args: [expr], query: branch, at })),
        at,
      },
    ],
    groupBy: [],
    having: [],
    targets: [{ expr, name: first?.name ?? null }],
    orderBy: [],
    limit: null,
    distinct: true,
    grouped: false,
    at,
  }
}

/** The columns that surely hold all values of a column: itself, and the keys it refers to. */
function originsOf(expr: Bound | undefined, catalog: Catalog): { entity: string; field: string; column: string }[] {
  if (expr?.kind !== 'field') return []
  const entity = entityOf(catalog, expr.entity)
  const found = expr.field === null ? [] : [{ entity: expr.entity, field: expr.field, column: expr.column }]
  for (const relation of Object.values(entity?.relations ?? {})) {
    const [pair, second] = relation.on
    if (relation.kind !== 'to_one' || pair?.from !== expr.column || second !== undefined) continue
    const target = entityOf(catalog, relation.to)
    const field = Object.entries(target?.fields ?? {}).find(([, one]) => one.column === pair.to)?.[0]
    if (field !== undefined) found.push({ entity: relation.to, field, column: pair.to })
  }
  return found
}
