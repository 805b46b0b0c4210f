// FROM → sources, join conditions and the names they bring into scope. Inner joins lose their shape here: what they ask
// becomes conditions; outer joins keep theirs as optional groups. Sub-queries that only choose and rename are merged.
import { closest, entityOf } from '../../catalog/find.ts'
import type { Catalog, Entity } from '../../catalog/schema.ts'
import type { SqlFrom, SqlQuery } from './ast.ts'
import { bind, bindExpr } from './bind.ts'
import {
  type Bound,
  type BoundQuery,
  type BoundSelect,
  conjunctsOf,
  type OptionalGroup,
  type Source,
  targetsOf,
} from './bound.ts'
import {
  type Column,
  columnOf,
  didYouMean,
  type Entry,
  findEntity,
  nothing,
  outputName,
  report,
  type Scope,
  type State,
  tableCandidates,
} from './scope.ts'

export type From = { readonly sources: Source[]; readonly optional: OptionalGroup[]; readonly conjuncts: Bound[] }

/** Adds one FROM item; gives the entries it brought into scope and the ids of its sources. */
export function bindFrom(state: State, item: SqlFrom, scope: Scope, from: From): { entries: Entry[]; ids: number[] } {
  if (item.kind === 'table') {
    const cte = item.schema === null ? scope.ctes.get(item.name) : undefined
    if (cte !== undefined)
      return bindDerived(
        state,
        { query: cte.query, alias: item.alias ?? item.name, columns: cte.columns, at: item.at },
        cte.scope,
        scope,
        from,
      )
    return bindTable(state, item, scope, from)
  }
  if (item.kind === 'query') {
    const outer: Scope = { entries: [], merged: new Map(), ctes: scope.ctes, parent: scope.parent }
    return bindDerived(state, item, outer, scope, from)
  }
  const left = bindFrom(state, item.left, scope, from)
  const before = from.conjuncts.length
  const right = bindFrom(state, item.right, scope, from)
  const rightOwn = from.conjuncts.splice(before)
  const using = item.natural ? commonNames(left.entries, right.entries) : item.using
  const on = [
    ...using.map((name) => usingCondition(state, name, left.entries, right.entries, scope, item)),
    ...(item.on === null ? [] : conjunctsOf(bindExpr(state, item.on, scope))),
  ]
  if (item.type === 'left') from.optional.push({ sources: right.ids, on: [...rightOwn, ...on], at: item.at })
  else if (item.type === 'right') {
    from.conjuncts.push(...rightOwn)
    from.optional.push({ sources: left.ids, on, at: item.at })
  } else from.conjuncts.push(...rightOwn, ...on)
  return { entries: [...left.entries, ...right.entries], ids: [...left.ids, ...right.ids] }
}

function commonNames(left: readonly Entry[], right: readonly Entry[]): string[] {
  const known = new Set(right.flatMap((entry) => entry.columns.map((column) => column.name)))
  return [...new Set(left.flatMap((entry) => entry.columns.map((column) => column.name)))].filter((name) =>
    known.has(name),
  )
}

function usingCondition(
  state: State,
  name: string,
  left: readonly Entry[],
  right: readonly Entry[],
  scope: Scope,
  item: Extract<SqlFrom, { kind: 'join' }>,
): Bound {
  const find = (entries: readonly Entry[]): Bound => {
    for (const entry of entries) {
      const column = columnOf(entry, name)
      if (column !== undefined) return column
    }
    if (!entries.some((entry) => entry.broken))
      report(state, 'USING', `Cannot join by "${name}": both sides must have that column`, item.at)
    return nothing(item.at)
  }
  const one = find(left)
  const other = find(right)
  scope.merged.set(name, item.type === 'right' ? other : one)
  return { kind: 'compare', sign: '=', left: one, right: other, at: item.at }
}

function bindTable(
  state: State,
  item: Extract<SqlFrom, { kind: 'table' }>,
  scope: Scope,
  from: From,
): { entries: Entry[]; ids: number[] } {
  const name = item.alias ?? item.name
  const entityName = findEntity(state.catalog, item.schema, item.name)
  const entity = entityName === undefined ? undefined : entityOf(state.catalog, entityName)
  if (scope.entries.some((entry) => entry.name === name))
    report(state, 'FROM', `Cannot use the name "${name}" twice: give each table its own alias`, item.at)
  if (entityName === undefined || entity === undefined) {
    const near = closest(item.name, tableCandidates(state.catalog))
    report(
      state,
      'table',
      `Cannot read the table "${item.name}": the catalog has no such table${didYouMean(near)}`,
      item.at,
      near[0] === undefined ? 'Add the table to the catalog' : `Use "${near[0]}"`,
    )
    const entry: Entry = { name, columns: [], hiddenColumns: [], entity: null, broken: true }
    scope.entries.push(entry)
    return { entries: [entry], ids: [] }
  }
  const id = state.nextId++
  from.sources.push({ id, name, at: item.at, entity: entityName, query: null })
  const entry: Entry = {
    name,
    columns: Object.entries(entity.fields).map(([field, { column }]) => ({
      name: column,
      expr: { kind: 'field', source: id, entity: entityName, field, column, at: item.at },
    })),
    hiddenColumns: joinColumns(state.catalog, entityName, entity).map((column) => ({
      name: column,
      expr: { kind: 'field', source: id, entity: entityName, field: null, column, at: item.at },
    })),
    entity: entityName,
    broken: false,
  }
  scope.entries.push(entry)
  return { entries: [entry], ids: [id] }
}

/** Columns that only relations name. */
function joinColumns(catalog: Catalog, entityName: string, entity: Entity): string[] {
  const columns = new Set<string>()
  for (const relation of Object.values(entity.relations)) for (const pair of relation.on) columns.add(pair.from)
  for (const other of Object.values(catalog.entities))
    for (const relation of Object.values(other.relations))
      if (relation.to === entityName) for (const pair of relation.on) columns.add(pair.to)
  for (const field of Object.values(entity.fields)) columns.delete(field.column)
  return [...columns]
}

type Derived = {
  readonly query: SqlQuery
  readonly alias: string
  readonly columns: readonly string[]
  readonly at: number
}

function bindDerived(
  state: State,
  item: Derived,
  outer: Scope | null,
  scope: Scope,
  from: From,
): { entries: Entry[]; ids: number[] } {
  const query = bind(state, item.query, outer)
  const names = targetsOf(query).map((target, index) => item.columns[index] ?? outputName(target))
  const columns: Column[] = []
  let ids: number[]
  if (isPlain(query)) {
    from.sources.push(...query.sources)
    from.optional.push(...query.optional)
    from.conjuncts.push(...query.conjuncts)
    ids = query.sources.map((source) => source.id)
    for (const [index, target] of query.targets.entries()) columns.push({ name: names[index] ?? '', expr: target.expr })
  } else {
    const id = state.nextId++
    from.sources.push({ id, name: item.alias, at: item.at, entity: null, query })
    ids = [id]
    for (const [index, name] of names.entries())
      columns.push({ name, expr: { kind: 'derived', source: id, index, at: item.at } })
  }
  const broken = state.problems.length > 0
  const entry: Entry = { name: item.alias, columns, hiddenColumns: [], entity: null, broken }
  scope.entries.push(entry)
  return { entries: [entry], ids }
}

/** Whether a sub-query in FROM only chooses rows and names columns. */
function isPlain(query: BoundQuery): query is BoundSelect {
  return query.kind === 'select' && !query.grouped && !query.distinct && query.limit === null
}
