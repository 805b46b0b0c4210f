// Walking and rewriting bound expressions, into sub-queries too.
import type { OrderItem } from './ast.ts'
import type { Bound, BoundQuery, BoundSelect, Call } from './bound.ts'

/** The expressions directly inside an expression; those of sub-queries are not among them. */
export function childrenOf(expr: Bound): readonly Bound[] {
  switch (expr.kind) {
    case 'compare':
    case 'arithmetic':
    case 'same':
      return [expr.left, expr.right]
    case 'negative':
    case 'not':
    case 'is_null':
    case 'is_true':
    case 'cast':
    case 'quantified':
      return [expr.arg]
    case 'and':
    case 'or':
    case 'row':
    case 'in_query':
      return expr.args
    case 'in_list':
      return [expr.arg, ...expr.list]
    case 'between':
      return [expr.arg, expr.low, expr.high]
    case 'like':
      return [expr.arg, expr.pattern]
    case 'case':
      return [
        ...expr.whens.flatMap((one) => [one.when, one.result]),
        ...(expr.otherwise === null ? [] : [expr.otherwise]),
      ]
    case 'call':
      return [
        ...expr.args,
        ...(expr.filter === null ? [] : [expr.filter]),
        ...expr.order.map((item) => item.expr),
        ...(expr.over === null ? [] : [...expr.over.partition, ...expr.over.order.map((item) => item.expr)]),
      ]
    default:
      return []
  }
}

/** The sub-query directly inside an expression. */
export function queryOf(expr: Bound): BoundQuery | null {
  return expr.kind === 'in_query' ||
    expr.kind === 'exists' ||
    expr.kind === 'scalar_query' ||
    expr.kind === 'quantified'
    ? expr.query
    : null
}

/** Every expression of a query, not descending into expressions. */
export function expressionsOf(query: BoundQuery): readonly Bound[] {
  if (query.kind === 'set') return [...expressionsOf(query.left), ...expressionsOf(query.right)]
  return [
    ...query.conjuncts,
    ...query.optional.flatMap((group) => group.on),
    ...query.groupBy,
    ...query.having,
    ...query.targets.map((target) => target.expr),
    ...query.orderBy.map((item) => item.expr),
    ...query.sources.flatMap((source) => (source.query === null ? [] : expressionsOf(source.query))),
  ]
}

/** Whether any expression inside (the expression itself too) passes the test; sub-queries are looked into if `deep`. */
export function some(expr: Bound, test: (inner: Bound) => boolean, deep = true): boolean {
  if (test(expr)) return true
  if (childrenOf(expr).some((child) => some(child, test, deep))) return true
  const query = deep ? queryOf(expr) : null
  return query !== null && expressionsOf(query).some((inner) => some(inner, test, deep))
}

/** The ids of the sources an expression reads; of its sub-queries, only what they read from outside. */
export function sourcesIn(expr: Bound, into = new Set<number>()): Set<number> {
  some(
    expr,
    (inner) => {
      if (inner.kind === 'field' || inner.kind === 'derived') into.add(inner.source)
      if (inner.kind === 'same_row') into.add(inner.left).add(inner.right)
      const query = queryOf(inner)
      if (query !== null) for (const id of outerSources(query)) into.add(id)
      return false
    },
    false,
  )
  return into
}

/** The ids of the sources that a query brings itself, sub-queries included. */
export function ownSources(query: BoundQuery, into = new Set<number>()): Set<number> {
  if (query.kind === 'set') {
    ownSources(query.left, into)
    return ownSources(query.right, into)
  }
  for (const source of query.sources) {
    into.add(source.id)
    if (source.query !== null) ownSources(source.query, into)
  }
  for (const expr of expressionsOf(query))
    some(
      expr,
      (inner) => {
        const sub = queryOf(inner)
        if (sub !== null) ownSources(sub, into)
        return false
      },
      false,
    )
  return into
}

/** The sources of surrounding queries that a query reads. */
export function outerSources(query: BoundQuery): Set<number> {
  const own = ownSources(query)
  const read = new Set<number>()
  for (const expr of expressionsOf(query)) sourcesIn(expr, read)
  return new Set([...read].filter((id) => !own.has(id)))
}

/** Replaces expressions from the top: where `replace` gives one, it stands; elsewhere the parts are looked at. */
export function rewrite(expr: Bound, replace: (inner: Bound) => Bound | undefined): Bound {
  const found = replace(expr)
  if (found !== undefined) return found
  const one = (inner: Bound) => rewrite(inner, replace)
  const order = (items: readonly OrderItem<Bound>[]) => items.map((item) => ({ ...item, expr: one(item.expr) }))
  switch (expr.kind) {
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
    case 'in_query':
      return { ...expr, args: expr.args.map(one), query: rewriteQuery(expr.query, replace) }
    case 'quantified':
      return { ...expr, arg: one(expr.arg), query: rewriteQuery(expr.query, replace) }
    case 'exists':
    case 'scalar_query':
      return { ...expr, query: rewriteQuery(expr.query, replace) }
    default:
      return expr
  }
}

/** `rewrite` over every expression of a query. */
export function rewriteQuery(query: BoundQuery, replace: (inner: Bound) => Bound | undefined): BoundQuery {
  if (query.kind === 'set')
    return { ...query, left: rewriteQuery(query.left, replace), right: rewriteQuery(query.right, replace) }
  return rewriteSelect(query, replace)
}

/** `rewriteQuery` for a single SELECT. */
export function rewriteSelect(query: BoundSelect, replace: (inner: Bound) => Bound | undefined): BoundSelect {
  const one = (inner: Bound) => rewrite(inner, replace)
  return {
    ...query,
    sources: query.sources.map((source) =>
      source.query === null ? source : { ...source, query: rewriteQuery(source.query, replace) },
    ),
    optional: query.optional.map((group) => ({ ...group, on: group.on.map(one) })),
    conjuncts: query.conjuncts.map(one),
    groupBy: query.groupBy.map(one),
    having: query.having.map(one),
    targets: query.targets.map((target) => ({ ...target, expr: one(target.expr) })),
    orderBy: query.orderBy.map((item) => ({ ...item, expr: one(item.expr) })),
  }
}

/** A text that is equal for expressions that differ only in where they stand. */
export function keyOf(expr: Bound): string {
  return JSON.stringify(expr, (name, value: unknown) => (name === 'at' ? undefined : value))
}

const AGGREGATES: ReadonlySet<string> = new Set([
  'count',
  'sum',
  'avg',
  'min',
  'max',
  'stddev',
  'stddev_samp',
  'string_agg',
  'percentile_cont',
  'percentile_disc',
  'mode',
  'array_agg',
  'bool_and',
  'bool_or',
  'every',
  'stddev_pop',
  'variance',
  'var_samp',
  'var_pop',
  'json_agg',
  'jsonb_agg',
  'corr',
  'any_value',
])

/** Whether an expression is itself an aggregate over the rows of its query (not a window function). */
export function isAggregate(expr: Bound): expr is Call {
  return expr.kind === 'call' && expr.over === null && AGGREGATES.has(expr.name)
}

/** Whether an aggregate stands anywhere in an expression, sub-queries left out. */
export function hasAggregate(expr: Bound): boolean {
  return some(expr, isAggregate, false)
}
