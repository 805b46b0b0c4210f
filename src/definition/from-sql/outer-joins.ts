// Outer joins that are none: where WHERE asks something of the optional side the join is an inner one; where it asks that
// the optional side is missing, it is NOT EXISTS.
import { type Bound, type BoundSelect, type Call, conjunctsOf, type OptionalGroup } from './bound.ts'
import { childrenOf, some, sourcesIn } from './walk.ts'

/** The query with every outer join taken out that is really an inner join or a NOT EXISTS. */
export function withoutOuterJoins(select: BoundSelect): BoundSelect {
  let current = select
  for (;;) {
    const next = withoutOne(current)
    if (next === undefined) return current
    current = next
  }
}

function withoutOne(select: BoundSelect): BoundSelect | undefined {
  for (const group of select.optional) {
    const others = select.optional.filter((one) => one !== group)
    const ids = new Set(group.sources)
    if (select.conjuncts.some((condition) => rejects(condition, ids, true)))
      return { ...select, optional: others, conjuncts: [...select.conjuncts, ...group.on.flatMap(conjunctsOf)] }
    const missing = select.conjuncts.find((condition) => asksMissing(condition, group))
    if (missing === undefined || usedElsewhere(select, group, missing)) continue
    const nested = others.filter((one) => one.sources.every((id) => ids.has(id)))
    const inner: BoundSelect = {
      ...emptyLike(select),
      sources: select.sources.filter((source) => ids.has(source.id)),
      optional: nested,
      conjuncts: group.on,
    }
    const absent: Bound = { kind: 'not', arg: { kind: 'exists', query: inner, at: missing.at }, at: missing.at }
    return {
      ...select,
      sources: select.sources.filter((source) => !ids.has(source.id)),
      optional: others.filter((one) => !nested.includes(one)),
      conjuncts: select.conjuncts.map((condition) => (condition === missing ? absent : condition)),
    }
  }
  return undefined
}

function emptyLike(select: BoundSelect): BoundSelect {
  return { ...select, groupBy: [], having: [], targets: [], orderBy: [], limit: null, distinct: false, grouped: false }
}

/** Whether an aggregate passes over rows in which the sources are missing. */
export function skipsMissing(call: Call, ids: ReadonlySet<number>): boolean {
  if (call.filter !== null && rejects(call.filter, ids, true)) return true
  const [arg] = call.name === 'percentile_cont' ? call.order.map((item) => item.expr) : call.args
  if (arg?.kind === 'case' && arg.otherwise === null) return arg.whens.every(({ when }) => rejects(when, ids, true))
  return (
    arg !== undefined &&
    isStrict(arg, ids) &&
    (call.filter === null || !some(call.filter, (one) => one.kind === 'is_null'))
  )
}

/** Whether the condition cannot be true (with `wanted` false: cannot be false) on a row where the sources are missing. */
function rejects(condition: Bound, ids: ReadonlySet<number>, wanted: boolean): boolean {
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const every = (condition.kind === 'and') !== wanted
      return every
        ? condition.args.every((arg) => rejects(arg, ids, wanted))
        : condition.args.some((arg) => rejects(arg, ids, wanted))
    }
    case 'not':
      return rejects(condition.arg, ids, !wanted)
    case 'is_null':
      return !wanted && isStrict(condition.arg, ids)
    case 'compare':
      return isStrict(condition.left, ids) || isStrict(condition.right, ids)
    case 'like':
    case 'in_list':
    case 'between':
      return isStrict(condition.arg, ids)
    case 'in_query':
      return condition.args.some((arg) => isStrict(arg, ids))
    case 'field':
      return ids.has(condition.source)
    default:
      return false
  }
}

const STRICT_CALLS = new Set([
  'lower',
  'upper',
  'abs',
  'round',
  'floor',
  'ceil',
  'extract',
  'date_part',
  'date_trunc',
  'to_char',
  'length',
])

/** Whether the expression is null whenever the sources are missing. */
function isStrict(expr: Bound, ids: ReadonlySet<number>): boolean {
  if (expr.kind === 'field') return ids.has(expr.source)
  if (expr.kind === 'arithmetic' || expr.kind === 'negative' || expr.kind === 'cast')
    return childrenOf(expr).some((child) => isStrict(child, ids))
  return expr.kind === 'call' && STRICT_CALLS.has(expr.name) && expr.args.some((arg) => isStrict(arg, ids))
}

function asksMissing(condition: Bound, group: OptionalGroup): boolean {
  if (condition.kind !== 'is_null' || condition.arg.kind !== 'field') return false
  const { source, column } = condition.arg
  if (!group.sources.includes(source)) return false
  // Only a column that the join compares is surely present when there is a row.
  return (
    group.on.some((on) =>
      some(on, (inner) => inner.kind === 'field' && inner.source === source && inner.column === column),
    ) || column === 'id'
  )
}

function usedElsewhere(select: BoundSelect, group: OptionalGroup, missing: Bound): boolean {
  const elsewhere = [
    ...select.conjuncts.filter((condition) => condition !== missing),
    ...select.groupBy,
    ...select.having,
    ...select.targets.map((target) => target.expr),
    ...select.orderBy.map((item) => item.expr),
    ...select.optional
      .filter((other) => other !== group && !other.sources.every((id) => group.sources.includes(id)))
      .flatMap((other) => other.on),
  ]
  return elsewhere.some((expr) => [...sourcesIn(expr)].some((id) => group.sources.includes(id)))
}
