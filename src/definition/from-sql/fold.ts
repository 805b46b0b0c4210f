// Sub-queries in FROM that group, merge duplicates or cut: folded into the query around them where one table can say both.
import type { Catalog } from '../../catalog/schema.ts'
import type { OrderItem } from './ast.ts'
import type { Bound, BoundQuery, BoundSelect, Call, Source, Target } from './bound.ts'
import { keyColumns } from './equalities.ts'
import { refuse } from './problem.ts'
import { asSelect } from './sets.ts'
import { isAggregate, keyOf, rewrite, rewriteSelect, some } from './walk.ts'

/** The query without sub-queries in FROM; refused where that would change what it gives. */
export function foldFrom(catalog: Catalog, select: BoundSelect): BoundSelect {
  const derived = select.sources.find((source) => source.query !== null)
  if (derived === undefined || derived.query === null) return select
  const inner = foldFrom(catalog, asSelect(derived.query, catalog))
  if (select.sources.length > 1) return foldFrom(catalog, foldJoined(select, derived, inner))
  return select.grouped ? foldGrouped(catalog, select, derived, inner) : foldPlain(select, derived, inner)
}

/** The SELECT that an outermost query is when it only passes a set operation on. */
export function unwrapped(query: BoundQuery): BoundQuery {
  if (query.kind === 'set') return query
  const [source, second] = query.sources
  if (source?.query?.kind !== 'set' || second !== undefined || query.grouped || query.conjuncts.length > 0) return query
  const straight =
    query.targets.length === targetCount(source.query) &&
    query.targets.every(({ expr }, index) => expr.kind === 'derived' && expr.index === index)
  if (!straight || source.query.limit !== null) return query
  const orderBy = query.orderBy.flatMap(({ expr, desc, nulls }) =>
    expr.kind === 'derived' ? [{ index: expr.index, desc, nulls }] : [],
  )
  if (orderBy.length < query.orderBy.length) return query
  return { ...source.query, orderBy: orderBy.length > 0 ? orderBy : source.query.orderBy, limit: query.limit }
}

function targetCount(query: BoundQuery): number {
  return query.kind === 'select' ? query.targets.length : targetCount(query.left)
}

/** Replaces the sub-query's columns by what they are inside it. */
function inside(derived: Source, inner: BoundSelect): (expr: Bound) => Bound {
  return (expr) =>
    rewrite(expr, (one) => {
      if (one.kind !== 'derived' || one.source !== derived.id) return undefined
      const target = inner.targets[one.index]
      return target === undefined ? undefined : { ...target.expr, at: one.at }
    })
}

function foldPlain(select: BoundSelect, derived: Source, inner: BoundSelect): BoundSelect {
  const into = inside(derived, inner)
  const targets = select.targets.map(
    (target): Target => ({ expr: into(target.expr), name: target.name ?? innerName(target.expr, inner) }),
  )
  const orderBy = select.orderBy.map((item) => ({ ...item, expr: into(item.expr) }))
  const conditions = select.conjuncts.map(into)
  if (inner.limit !== null && (conditions.length > 0 || (orderBy.length > 0 && !sameOrder(orderBy, inner.orderBy))))
    return refuse(
      'sub-query with LIMIT',
      'Cannot filter or sort what LIMIT has already cut: a limit is applied last',
      derived.at,
    )
  if (
    inner.distinct &&
    !inner.grouped &&
    !inner.targets.every(({ expr }) => targets.some((one) => keyOf(one.expr) === keyOf(expr)))
  )
    return refuse('sub-query with DISTINCT', 'Cannot leave columns out after DISTINCT: select all of them', derived.at)
  return {
    ...inner,
    targets,
    orderBy: orderBy.length > 0 ? orderBy : inner.orderBy,
    conjuncts: inner.grouped ? inner.conjuncts : [...inner.conjuncts, ...conditions],
    having: inner.grouped ? [...inner.having, ...conditions] : inner.having,
    limit: smaller(inner.limit, select.limit),
    distinct: inner.distinct || select.distinct,
    at: select.at,
  }
}

function innerName(expr: Bound, inner: BoundSelect): string | null {
  return expr.kind === 'derived' ? (inner.targets[expr.index]?.name ?? null) : null
}

function sameOrder(a: readonly OrderItem<Bound>[], b: readonly OrderItem<Bound>[]): boolean {
  return (
    a.length === b.length &&
    a.every((item, index) => {
      const other = b[index]
      return (
        other !== undefined &&
        keyOf(item.expr) === keyOf(other.expr) &&
        item.desc === other.desc &&
        item.nulls === other.nulls
      )
    })
  )
}

function smaller(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.min(a, b)
}

/** An outer query that groups the rows of a sub-query: counting groups, the largest of them, their sum or average. */
function foldGrouped(catalog: Catalog, select: BoundSelect, derived: Source, inner: BoundSelect): BoundSelect {
  const into = inside(derived, inner)
  if (inner.limit !== null)
    return refuse(
      'sub-query with LIMIT',
      'Cannot count or add up what LIMIT has cut: a limit is applied last',
      derived.at,
    )
  if (!inner.grouped && !inner.distinct) {
    const merged = rewriteSelect({ ...select, sources: [] }, (one) => (one.kind === 'derived' ? into(one) : undefined))
    return {
      ...merged,
      sources: inner.sources,
      optional: inner.optional,
      conjuncts: [...inner.conjuncts, ...merged.conjuncts],
    }
  }
  if (select.groupBy.length > 0 || select.conjuncts.length > 0 || select.having.length > 0 || select.orderBy.length > 0)
    return refuse('sub-query in FROM', 'Cannot group what is already grouped: a table groups its rows once', derived.at)
  const keys = inner.grouped ? inner.groupBy : inner.targets.map((target) => target.expr)
  const only = select.targets.length === 1 ? select.targets[0] : undefined
  const extreme = only === undefined ? undefined : extremeOfGroups(only, derived, inner, select)
  if (extreme !== undefined) return extreme
  const lookUp = inner.having.length === 0 ? [] : [keptGroups(catalog, keys, inner, derived.at)]
  const targets = select.targets.map((target) => ({
    ...target,
    expr: rewrite(target.expr, (one) => {
      if (!isAggregate(one)) return undefined
      const [arg] = one.args
      const column = arg?.kind === 'derived' ? inner.targets[arg.index]?.expr : undefined
      const isRow =
        one.name === 'count' &&
        !one.distinct &&
        (one.star ||
          arg?.kind === 'literal' ||
          (column !== undefined && isAggregate(column) && column.name === 'count'))
      if (isRow) return countOf(catalog, keys, one)
      if (
        column !== undefined &&
        one.name === 'count' &&
        keys.length === 1 &&
        keyOf(column) === keyOf(keys[0] ?? column)
      )
        return { ...one, distinct: true, args: [...keys] }
      return overGroups(catalog, one, column, keys, inner, derived)
    }),
  }))
  return {
    ...inner,
    targets,
    conjuncts: [...inner.conjuncts, ...lookUp],
    groupBy: [],
    having: [],
    orderBy: [],
    distinct: false,
    grouped: true,
    limit: select.limit,
    at: select.at,
  }
}

/** `max(n)` over groups is the first of them, sorted by n. */
function extremeOfGroups(
  target: Target,
  derived: Source,
  inner: BoundSelect,
  select: BoundSelect,
): BoundSelect | undefined {
  const { expr } = target
  if (!isAggregate(expr) || (expr.name !== 'max' && expr.name !== 'min') || !inner.grouped) return undefined
  const [arg] = expr.args
  if (arg === undefined) return undefined
  const value = inside(derived, inner)(arg)
  if (!some(value, isAggregate, false)) return undefined
  return {
    ...inner,
    targets: [{ expr: value, name: target.name ?? expr.name }],
    orderBy: [{ expr: value, desc: expr.name === 'max', nulls: 'last' }],
    limit: 1,
    distinct: false,
    at: select.at,
  }
}

/** Keeps rows whose group passed HAVING. */
function keptGroups(catalog: Catalog, keys: readonly Bound[], inner: BoundSelect, at: number): Bound {
  const expr = joined(catalog, keys, at)
  return {
    kind: 'in_query',
    args: [expr],
    query: { ...inner, targets: [{ expr, name: null }], orderBy: [], distinct: false },
    at,
  }
}

/** The number of groups: an empty key is a group too, so it is counted as a text. */
function countOf(catalog: Catalog, keys: readonly Bound[], call: Call): Bound {
  return { ...call, name: 'count', star: false, distinct: true, args: [joined(catalog, keys, call.at)] }
}

function joined(catalog: Catalog, keys: readonly Bound[], at: number): Bound {
  const [first] = keys
  if (first === undefined)
    return refuse('sub-query in FROM', 'Cannot count the rows of a query that always gives one', at)
  const isKey = first.kind === 'field' && keyColumns(catalog, first.entity).includes(first.column)
  if (keys.length === 1 && isKey) return first
  if (keys.length === 1)
    return { kind: 'arithmetic', sign: '||', left: first, right: { kind: 'literal', value: '', at }, at }
  return keys.slice(1).reduce<Bound>(
    (left, right) => ({
      kind: 'arithmetic',
      sign: '||',
      left: { kind: 'arithmetic', sign: '||', left, right: { kind: 'literal', value: ' | ', at }, at },
      right,
      at,
    }),
    first,
  )
}

/** Sums and averages of a count or sum of each group, from the rows themselves. */
function overGroups(
  catalog: Catalog,
  call: Call,
  column: Bound | undefined,
  keys: readonly Bound[],
  inner: BoundSelect,
  derived: Source,
): Bound {
  const sums =
    column !== undefined &&
    isAggregate(column) &&
    (column.name === 'count' || column.name === 'sum') &&
    !column.distinct
  if (sums && inner.having.length === 0 && !call.distinct) {
    if (call.name === 'sum') return column
    if (call.name === 'avg') {
      const total: Bound = { kind: 'cast', arg: column, type: { name: 'numeric', at: call.at }, at: call.at }
      return { kind: 'arithmetic', sign: '/', left: total, right: countOf(catalog, keys, call), at: call.at }
    }
  }
  return refuse(
    'aggregate of an aggregate',
    `Cannot take ${call.name}() of values that are themselves aggregated: a table groups its rows once`,
    derived.at,
  )
}

/** A grouped sub-query joined to other tables: the tables’ own rows become the groups. */
function foldJoined(select: BoundSelect, derived: Source, inner: BoundSelect): BoundSelect {
  if (!inner.grouped || inner.limit !== null || select.grouped || select.distinct || inner.groupBy.length === 0)
    return refuse('sub-query in FROM', 'Cannot join this sub-query: join its tables directly', derived.at)
  if (select.optional.length > 0 || inner.optional.length > 0)
    return refuse(
      'sub-query in FROM',
      'Cannot join a grouped sub-query with an outer join: group the joined tables instead',
      derived.at,
    )
  const into = inside(derived, inner)
  const conditions = select.conjuncts.map(into)
  const isOnGroup = (expr: Bound) => some(expr, isAggregate, false)
  const outer = select.sources.filter((source) => source !== derived)
  const rows = outer.map((source): Bound => ({ kind: 'same_row', left: source.id, right: source.id, at: source.at }))
  return {
    ...select,
    sources: [...outer, ...inner.sources],
    conjuncts: [...inner.conjuncts, ...conditions.filter((one) => !isOnGroup(one))],
    groupBy: rows,
    having: [...inner.having, ...conditions.filter(isOnGroup)],
    targets: select.targets.map((target) => ({
      expr: into(target.expr),
      name: target.name ?? innerName(target.expr, inner),
    })),
    orderBy: select.orderBy.map((item) => ({ ...item, expr: into(item.expr) })),
    grouped: true,
  }
}
