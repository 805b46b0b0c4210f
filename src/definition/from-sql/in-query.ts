// `args IN (SELECT …)` → a match among related rows, a number of them, or a list of values.
import type { Filter } from '../schema.ts'
import { type Bound, type BoundSelect, targetsOf } from './bound.ts'
import { all, any, type Condition, opposite } from './combine.ts'
import { present } from './condition.ts'
import { keyColumns } from './equalities.ts'
import { foldFrom } from './fold.ts'
import { type Ctx, operandOf } from './operand.ts'
import { withoutOuterJoins } from './outer-joins.ts'
import { firstOf, refuse } from './problem.ts'
import { matchCondition } from './related.ts'
import { attempt, note } from './session.ts'
import { listedCondition } from './value-list.ts'
import { keyOf } from './walk.ts'

/** `args IN (SELECT …)`, or its opposite as SQL means it. */
export function inQueryCondition(ctx: Ctx, expr: Extract<Bound, { kind: 'in_query' }>, wanted: boolean): Condition {
  const found = inCondition(ctx, expr)
  if (expr.ofSet === true && !expr.args.some((arg) => isKey(ctx, arg)))
    note(ctx.session, 'INTERSECT and EXCEPT take NULL for a value like any other; here an empty value is never found')
  if (wanted) return found
  if (expr.ofSet === true) return opposite(found)
  const nullable = targetsOf(expr.query).some(({ expr: target }) => !isKey(ctx, target))
  if (nullable && typeof found === 'object')
    note(
      ctx.session,
      'SQL’s NOT IN gives no rows at all when the sub-query has an empty value; here empty values are passed over',
    )
  return all([opposite(found), ...expr.args.map((arg) => present(operandOf(ctx, arg)))])
}

function isKey(ctx: Ctx, expr: Bound): boolean {
  if (expr.kind !== 'field') return false
  const key = keyColumns(ctx.session.catalog, expr.entity)
  return key.includes(expr.column)
}

function inCondition(ctx: Ctx, expr: Extract<Bound, { kind: 'in_query' }>): Condition {
  const { args, query, at } = expr
  if (targetsOf(query).length !== args.length)
    return refuse(
      'IN',
      `Cannot compare ${args.length} columns with ${targetsOf(query).length}: both sides must have as many`,
      at,
    )
  if (query.kind === 'set') {
    if (query.limit !== null) return listedCondition(ctx, args, query, at)
    const left = inCondition(ctx, { ...expr, query: query.left })
    const right = inCondition(ctx, { ...expr, query: query.right })
    if (query.op === 'union') return any([left, right])
    return query.op === 'intersect' ? all([left, right]) : all([left, opposite(right)])
  }
  const select = foldFrom(ctx.session.catalog, query)
  const plain = select.limit === null && select.having.length === 0 && (!select.grouped || isGroupedByTargets(select))
  const reduced = keyOnly(ctx, args, select)
  if (!plain) {
    const listed = () => listedCondition(ctx, reduced.args, { ...select, targets: reduced.targets }, at)
    return firstOf([attempt(ctx.session, () => countedCondition(ctx, expr, select)), attempt(ctx.session, listed)], 1)
  }
  const inner = withoutOuterJoins({ ...select, targets: reduced.targets })
  const equalities = reduced.args.map(
    (arg, index): Bound => ({ kind: 'compare', sign: '=', left: arg, right: inner.targets[index]?.expr ?? arg, at }),
  )
  const own: Ctx = expr.ofSet === true ? { ...ctx, nullsMatch: new Set(equalities) } : ctx
  return matchCondition(own, inner.sources, [...inner.conjuncts, ...equalities], inner.optional, at)
}

/** `id IN (SELECT ref … GROUP BY ref HAVING count(*) > n)`: how many related rows there are. */
function countedCondition(ctx: Ctx, expr: Extract<Bound, { kind: 'in_query' }>, select: BoundSelect): Condition {
  const { at } = expr
  const [having, second] = select.having
  const counts =
    having?.kind === 'compare' && having.left.kind === 'call' && having.left.star && having.left.filter === null
      ? having
      : undefined
  const value = counts?.right.kind === 'literal' ? counts.right.value : undefined
  const isSimple =
    second === undefined && select.sources.length === 1 && select.limit === null && isGroupedByTargets(select)
  if (counts === undefined || !isSimple || typeof value !== 'number' || !Number.isInteger(value) || value < 0)
    return refuse('IN', 'Cannot read this as a number of related rows', at)
  const plain: BoundSelect = { ...select, groupBy: [], having: [], grouped: false }
  const found = inCondition(ctx, { ...expr, query: plain })
  if (typeof found !== 'object' || !('relation' in found) || found.match !== 'some')
    return refuse('IN', 'Cannot read this as a number of related rows', at)
  const op = ({ '=': 'eq', '<>': 'ne', '<': 'lt', '<=': 'lte', '>': 'gt', '>=': 'gte' } as const)[counts.sign]
  const counted: Filter = { ...found, match: { count: { op, value } } }
  // A group has at least one row, so "at most two" does not mean none.
  const mayBeNone = op === 'lt' || op === 'lte' || op === 'ne' || value === 0
  return mayBeNone ? all([found, counted]) : counted
}

function isGroupedByTargets(select: BoundSelect): boolean {
  const keys = select.groupBy.map((key) => keyOf(key))
  return select.groupBy.length > 0 && select.targets.every((target) => keys.includes(keyOf(target.expr)))
}

/** Where both sides begin with one entity's key, the entity's other columns beside it say nothing more. */
function keyOnly(
  ctx: Ctx,
  args: readonly Bound[],
  select: BoundSelect,
): { args: readonly Bound[]; targets: BoundSelect['targets'] } {
  const whole = { args, targets: select.targets }
  if (args.length < 2) return whole
  for (const arg of args) {
    if (arg.kind !== 'field') continue
    const key = keyColumns(ctx.session.catalog, arg.entity)
    const pairs = args.map((one, index) => ({ one, target: select.targets[index] }))
    const sameEntity = pairs.every(
      ({ one, target }) =>
        one.kind === 'field' &&
        one.source === arg.source &&
        target?.expr.kind === 'field' &&
        target.expr.entity === one.entity &&
        target.expr.column === one.column,
    )
    const oneSource =
      new Set(pairs.map(({ target }) => (target?.expr.kind === 'field' ? target.expr.source : -1))).size === 1
    const kept = pairs.filter(({ one }) => one.kind === 'field' && key.includes(one.column))
    if (sameEntity && oneSource && key.length > 0 && kept.length === key.length)
      return { args: kept.map(({ one }) => one), targets: kept.flatMap(({ target }) => target ?? []) }
  }
  return whole
}
