// SqlQuery + catalog → BoundQuery: every table and column becomes an entity and a field, "*" and positions are spelt out,
// sub-queries in FROM that only choose and rename are merged. Refused: names the catalog does not have, all of them at once.
import type { Catalog } from '../../catalog/schema.ts'
import type { OrderItem, SqlExpr, SqlQuery, SqlSelect, SqlTarget } from './ast.ts'
import { bindFrom, type From } from './bind-from.ts'
import { type Bound, type BoundQuery, type BoundSelect, conjunctsOf, type Target, targetsOf } from './bound.ts'
import type { Problem } from './problem.ts'
import {
  lookUp,
  nothing,
  outputName,
  placed,
  report,
  reportColumn,
  reportTable,
  type Scope,
  type State,
  sameName,
} from './scope.ts'
import { hasAggregate } from './walk.ts'

const MAX_DEPTH = 24

/** Looks every name of a query up; problems come back beside the query, which then must not be used. */
export function bindQuery(catalog: Catalog, query: SqlQuery): { query: BoundQuery; problems: Problem[] } {
  const state: State = { catalog, problems: [], nextId: 1, depth: 0 }
  const bound = bind(state, query, null)
  return { query: bound, problems: state.problems }
}

/** Looks the names of one query up inside a scope. */
export function bind(state: State, query: SqlQuery, parent: Scope | null): BoundQuery {
  const scope: Scope = { entries: [], merged: new Map(), ctes: ctesFor(query, parent), parent }
  state.depth += 1
  if (state.depth > MAX_DEPTH)
    report(state, 'nesting', 'Cannot import queries nested this deep: flatten the query', query.at)
  const bound =
    state.depth > MAX_DEPTH
      ? emptySelect(query.at)
      : query.kind === 'set'
        ? bindSet(state, query, scope)
        : bindSelect(state, query, scope)
  state.depth -= 1
  return bound
}

function ctesFor(query: SqlQuery, parent: Scope | null): Scope['ctes'] {
  const ctes = new Map(parent?.ctes)
  for (const cte of query.ctes) {
    const before = new Map(ctes)
    ctes.set(cte.name, { ...cte, scope: { entries: [], merged: new Map(), ctes: before, parent: null } })
  }
  return ctes
}

function emptySelect(at: number): BoundSelect {
  return {
    kind: 'select',
    sources: [],
    optional: [],
    conjuncts: [],
    groupBy: [],
    having: [],
    targets: [],
    orderBy: [],
    limit: null,
    distinct: false,
    grouped: false,
    at,
  }
}

function bindSet(state: State, query: Extract<SqlQuery, { kind: 'set' }>, scope: Scope): BoundQuery {
  const inner: Scope = { ...scope, entries: [] }
  const left = bind(state, query.left, inner)
  const right = bind(state, query.right, inner)
  if (targetsOf(left).length !== targetsOf(right).length)
    report(
      state,
      query.op.toUpperCase(),
      `Cannot combine the two queries: both must have the same number of columns`,
      right.at,
    )
  const names = targetsOf(left).map(outputName)
  const orderBy = query.orderBy.flatMap((item) => {
    const { expr } = item
    const index =
      expr.kind === 'literal' && typeof expr.value === 'number'
        ? expr.value - 1
        : expr.kind === 'column'
          ? names.indexOf(expr.name)
          : -1
    if (names[index] === undefined) {
      report(state, 'ORDER BY', 'Cannot sort a set operation by this: name one of its output columns', expr.at)
      return []
    }
    return [{ index, desc: item.desc, nulls: item.nulls }]
  })
  return { kind: 'set', op: query.op, all: query.all, left, right, orderBy, limit: query.limit, at: query.at }
}

function bindSelect(state: State, query: SqlSelect, scope: Scope): BoundSelect {
  const from: From = { sources: [], optional: [], conjuncts: [] }
  for (const item of query.from) bindFrom(state, item, scope, from)
  const expr = (inner: SqlExpr) => bindExpr(state, inner, scope)
  const conjuncts = [...from.conjuncts, ...(query.where === null ? [] : conjunctsOf(expr(query.where)))]
  const targets = query.targets.flatMap((target) => bindTarget(state, target, scope))
  const groupBy = query.groupBy.map((item) => bindGroup(state, item, scope, targets))
  const having = query.having === null ? [] : conjunctsOf(expr(query.having))
  const orderBy = query.orderBy.map((item) => bindOrder(state, item, scope, targets))
  const grouped =
    groupBy.length > 0 ||
    having.length > 0 ||
    targets.some((target) => hasAggregate(target.expr)) ||
    orderBy.some((item) => hasAggregate(item.expr))
  const { limit, distinct, at } = query
  return { kind: 'select', ...from, conjuncts, groupBy, having, targets, orderBy, limit, distinct, grouped, at }
}

function bindTarget(state: State, target: SqlTarget, scope: Scope): Target[] {
  if (target.kind === 'value') {
    const name = target.name ?? null
    return [{ expr: bindExpr(state, target.expr, scope), name }]
  }
  const entries = scope.entries.filter((entry) => target.table === null || sameName(entry.name, target.table))
  if (entries.length === 0 && target.table !== null) reportTable(state, target.table, scope, target.at)
  const seen = new Set<string>()
  return entries.flatMap((entry) =>
    entry.columns
      .filter((column) => {
        const again = target.table === null && scope.merged.has(column.name) && seen.has(column.name)
        seen.add(column.name)
        return !again
      })
      .map((column) => ({ expr: placed(column.expr, target.at), name: null })),
  )
}

function bindGroup(state: State, item: SqlExpr, scope: Scope, targets: readonly Target[]): Bound {
  if (item.kind === 'literal' && typeof item.value === 'number') return byPosition(state, item.value, item.at, targets)
  if (item.kind === 'column' && item.table === null && lookUp(item.name, null, scope).length === 0) {
    const named = targets.find((target) => target.name === item.name)
    if (named !== undefined) return named.expr
  }
  return bindExpr(state, item, scope)
}

function bindOrder(state: State, item: OrderItem<SqlExpr>, scope: Scope, targets: readonly Target[]): OrderItem<Bound> {
  const { expr } = item
  if (expr.kind === 'literal' && typeof expr.value === 'number')
    return { ...item, expr: byPosition(state, expr.value, expr.at, targets) }
  if (expr.kind === 'column' && expr.table === null) {
    const named = targets.find((target) => target.name === expr.name)
    if (named !== undefined) return { ...item, expr: named.expr }
  }
  return { ...item, expr: bindExpr(state, expr, scope) }
}

function byPosition(state: State, position: number, at: number, targets: readonly Target[]): Bound {
  const target = targets[position - 1]
  if (target !== undefined) return target.expr
  report(state, 'position', `Cannot find column ${position}: the query has ${targets.length} output columns`, at)
  return nothing(at)
}

/** Looks the names of one expression up. */
export function bindExpr(state: State, expr: SqlExpr, scope: Scope): Bound {
  const one = (inner: SqlExpr) => bindExpr(state, inner, scope)
  const sub = (query: SqlQuery) => bind(state, query, scope)
  const order = (items: readonly OrderItem<SqlExpr>[]) => items.map((item) => ({ ...item, expr: one(item.expr) }))
  switch (expr.kind) {
    case 'column':
      return bindColumn(state, expr, scope)
    case 'literal':
      return expr
    case 'compare':
    case 'arithmetic':
    case 'same':
      return { ...expr, left: one(expr.left), right: one(expr.right) }
    case 'negative':
    case 'not':
    case 'is_null':
    case 'is_true':
    case 'cast':
      return { ...expr, arg: one(expr.arg) }
    case 'and':
    case 'or':
    case 'row':
      return { ...expr, args: expr.args.map(one) }
    case 'in_list':
      return { ...expr, arg: one(expr.arg), list: expr.list.map(one) }
    case 'between':
      return { ...expr, arg: one(expr.arg), low: one(expr.low), high: one(expr.high) }
    case 'like':
      return { ...expr, arg: one(expr.arg), pattern: one(expr.pattern) }
    case 'in_query':
      return { ...expr, args: expr.args.map(one), query: sub(expr.query) }
    case 'quantified':
      return { ...expr, arg: one(expr.arg), query: sub(expr.query) }
    case 'exists':
    case 'scalar_query':
      return { ...expr, query: sub(expr.query) }
    case 'case':
      return {
        ...expr,
        whens: expr.whens.map((when) => ({ when: one(when.when), result: one(when.result) })),
        otherwise: expr.otherwise === null ? null : one(expr.otherwise),
      }
    case 'call':
      return {
        ...expr,
        args: expr.args.map(one),
        filter: expr.filter === null ? null : one(expr.filter),
        order: order(expr.order),
        over: expr.over === null ? null : { partition: expr.over.partition.map(one), order: order(expr.over.order) },
      }
  }
}

function bindColumn(state: State, column: Extract<SqlExpr, { kind: 'column' }>, scope: Scope): Bound {
  for (let here: Scope | null = scope; here !== null; here = here.parent) {
    const found = lookUp(column.name, column.table, here)
    const first = found[0]
    if (first !== undefined) {
      if (found.length > 1)
        report(
          state,
          'column',
          `Cannot tell which "${column.name}" is meant: several tables have that column; write the table's name before it`,
          column.at,
        )
      return placed(first, column.at)
    }
    const entries = here.entries.filter((entry) => column.table === null || sameName(entry.name, column.table))
    if (entries.some((entry) => entry.broken)) return nothing(column.at)
    if (column.table !== null && entries.length > 0) {
      reportColumn(state, column, entries)
      return nothing(column.at)
    }
  }
  if (column.table !== null) reportTable(state, column.table, scope, column.at)
  else reportColumn(state, column, scope.entries)
  return nothing(column.at)
}
