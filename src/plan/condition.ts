// Filter → expression in two-valued logic: every condition is true or not; `is not true` is its exact opposite.
import { parseFormula } from '../definition/formula.ts'
import { typeClass } from '../definition/formula-type.ts'
import type {
  AggregateCondition,
  Condition,
  Definition,
  Filter,
  Op,
  Period,
  RelationFilter,
  Scalar,
  Value,
  ValueAggregate,
} from '../definition/schema.ts'
import { overEntity, relatedRows, rowsAlong } from './aggregate.ts'
import { and, bool, call, cast, isNot, op, or, param, test } from './build.ts'
import { fieldOfRow, type PlanContext, type Resolve, type RowFrame, type Typed, typed } from './context.ts'
import { comparable, isEmpty, planFormula } from './formula.ts'
import { atGrain } from './grain.ts'
import type { Expr, Query } from './ir.ts'
import { dateBoundary, resolvePeriod } from './periods.ts'
import { planValues } from './values.ts'

/** Where a condition is read: names, and (except over output columns) the row whose relations may be followed. */
export type ConditionScope = { readonly context: PlanContext; readonly resolve: Resolve; readonly row?: RowFrame }

/** The scope of conditions on the rows of a frame. */
export function rowScope(row: RowFrame): ConditionScope {
  return { context: row.context, resolve: (path) => fieldOfRow(row, path), row }
}

/** The expression that is true for the rows a checked filter keeps. */
export function planFilter(filter: Filter, scope: ConditionScope): Expr {
  if ('all' in filter) return and(filter.all.map((part) => planFilter(part, scope)))
  if ('any' in filter) return or(filter.any.map((part) => planFilter(part, scope)))
  if ('not' in filter) return isNot(planFilter(filter.not, scope))
  if ('relation' in filter) return planRelation(filter, scope)
  return planCondition(filter, scope)
}

function rowOf(scope: ConditionScope): RowFrame {
  if (scope.row === undefined) throw new Error('a condition on output columns passed the check with a relation in it')
  return scope.row
}

function planRelation(filter: RelationFilter, scope: ConditionScope): Expr {
  const row = rowOf(scope)
  const { match } = filter
  if (typeof match === 'object') {
    const counted = relatedRows(row, {
      fn: 'count',
      per: filter.relation,
      ...(filter.where === undefined ? {} : { where: filter.where }),
    })
    return op(compareOps[match.count.op], counted.expr, param(String(match.count.value), 'bigint'))
  }
  const { query, end } = rowsAlong(row, filter.relation)
  const kept = filter.where === undefined ? [] : [planFilter(filter.where, rowScope(end))]
  const exists = (conditions: Expr[]): Expr => ({
    kind: 'exists',
    query: { ...query, joins: end.joins, where: [...query.where, ...conditions] },
  })
  if (match === 'some') return exists(kept)
  if (match === 'none') return test('not', exists(kept))
  return test('not', exists(kept.length === 0 ? [bool(false)] : kept.map(isNot)))
}

const compareOps = { eq: '=', ne: '<>', lt: '<', lte: '<=', gt: '>', gte: '>=' } as const
const opposites = { ne: 'eq', not_in: 'in', not_contains: 'contains', is_empty: 'not_empty' } as const

function planCondition(condition: Condition, scope: ConditionScope): Expr {
  const left = leftSide(condition, scope)
  if (condition.op === 'in_period') return inPeriod(left, condition, scope)
  return compare(left, condition.op, condition.value, scope)
}

function leftSide(condition: Condition, scope: ConditionScope): Typed {
  if ('formula' in condition) {
    const parsed = parseFormula(condition.formula)
    if (!parsed.ok) throw new Error(`formula passed the check but does not parse: ${parsed.message}`)
    return planFormula(parsed.node, scope.resolve, scope.context)
  }
  if ('aggregate' in condition) return relatedRows(rowOf(scope), (condition as AggregateCondition).aggregate)
  const value = scope.resolve(condition.field)
  return condition.grain === undefined ? value : atGrain(value, condition.grain, scope.context)
}

function compare(left: Typed, operator: Op, value: Value | undefined, scope: ConditionScope): Expr {
  if (operator === 'is_empty') return isEmpty(left)
  if (Object.hasOwn(opposites, operator)) {
    const positive = opposites[operator as keyof typeof opposites]
    return isNot(compare(left, positive, value, scope))
  }
  if (operator === 'not_empty')
    return typeClass(left.type) === 'text'
      ? op('<>', cast(left.expr, 'text'), param('', 'text'))
      : test('is not null', left.expr)
  if (value === undefined) throw new Error(`operator ${operator} passed the check without a value`)
  if (operator === 'in') return isIn(left, value, scope)
  if (operator === 'contains' || operator === 'starts_with' || operator === 'ends_with')
    return matches(left, operator, value as Scalar)
  if (operator === 'between') {
    const { min, max } = value as { min: Scalar; max: Scalar }
    return and([literal(left, 'gte', min, scope), literal(left, 'lte', max, scope)])
  }
  const comparison = operator as keyof typeof compareOps
  if (typeof value !== 'object' || Array.isArray(value)) return literal(left, comparison, value as Scalar, scope)
  const right = computed(value, scope)
  const exact = left.caseSensitive || left.type === 'id'
  const [a, b] = comparable(left, right, scope.context, comparison === 'eq' && !exact)
  return op(compareOps[comparison], a, b)
}

/** A value that the database computes: another field, an aggregate, the single cell of a definition. */
function computed(value: Exclude<Value, Scalar | Scalar[]>, scope: ConditionScope): Typed {
  if ('field' in value) return scope.resolve(value.field)
  if ('aggregate' in value) {
    const aggregate = value.aggregate as ValueAggregate
    const row = rowOf(scope)
    return overEntity(row, aggregate, aggregate.of ?? row.entityName)
  }
  if ('definition' in value) {
    const { query, column } = planValues(value.definition as Definition, scope.context)
    return typed({ kind: 'scalar', query }, column.type, { zoned: column.zoned })
  }
  throw new Error('a value passed the check that cannot be compared with')
}

function isIn(left: Typed, value: Value, scope: ConditionScope): Expr {
  if (Array.isArray(value)) {
    if (value.length === 0) return bool(false)
    if (typeClass(left.type) === 'date' || typeClass(left.type) === 'timestamp')
      return or(value.map((item) => literal(left, 'eq', item, scope)))
    const sides = value.map((item) => literalSides(left, item))
    const [first] = sides
    return first === undefined ? bool(false) : { kind: 'list', left: first.left, items: sides.map((s) => s.right) }
  }
  const { definition } = value as { definition: Definition }
  const { query, column } = planValues(definition, scope.context)
  const alias = scope.context.alias()
  const right = typed({ kind: 'column', alias, column: 'v' }, column.type, { zoned: column.zoned })
  const [a, b] = comparable(left, right, scope.context, !left.caseSensitive && left.type !== 'id')
  const values: Query = { kind: 'select', columns: [{ as: 'v', expr: b }], from: { kind: 'query', query, alias } }
  return { kind: 'within', left: a, query: values }
}

function matches(left: Typed, operator: 'contains' | 'starts_with' | 'ends_with', value: Scalar): Expr {
  const escaped = String(value).replace(/[\\%_]/g, (c) => `\\${c}`)
  const pattern = `${operator === 'starts_with' ? '' : '%'}${escaped}${operator === 'ends_with' ? '' : '%'}`
  const text = cast(left.expr, 'text')
  return left.caseSensitive
    ? op('like', text, param(pattern, 'text'))
    : op('like', call('lower', text), call('lower', param(pattern, 'text')))
}

/** Left side and literal brought to one SQL type for `=` and `in`. */
function literalSides(left: Typed, value: Scalar): { left: Expr; right: Expr } {
  switch (typeClass(left.type)) {
    case 'number':
      return { left: left.expr, right: numberParam(value) }
    case 'boolean':
      return { left: left.expr, right: param(String(value), 'boolean') }
    default: {
      if (left.type === 'id' && left.expr.kind === 'column')
        return { left: left.expr, right: param(String(value), 'as_needed') }
      const known = left.type === 'enum' ? listed(left.values, String(value)) : undefined
      const text = cast(left.expr, 'text')
      if (known !== undefined || left.caseSensitive || left.type === 'id')
        return { left: text, right: param(known ?? String(value), 'text') }
      return { left: call('lower', text), right: call('lower', param(String(value), 'text')) }
    }
  }
}

/** The stored spelling of an enum value. */
function listed(values: readonly string[] | undefined, value: string): string | undefined {
  return values?.includes(value) === true ? value : values?.find((v) => v.toLowerCase() === value.toLowerCase())
}

const INT8_MAX = 9_223_372_036_854_775_807n

/** Whole numbers as bigint, so that an index on an integer column serves; anything else as numeric. */
function numberParam(value: Scalar): Expr {
  const text = String(value).trim()
  const whole = /^-?\d{1,19}$/.test(text) && BigInt(text) <= INT8_MAX && BigInt(text) >= -INT8_MAX
  return param(text, whole ? 'bigint' : 'numeric')
}

function literal(left: Typed, operator: keyof typeof compareOps, value: Scalar, scope: ConditionScope): Expr {
  const kind = typeClass(left.type)
  if (operator === 'ne') return isNot(literal(left, 'eq', value, scope))
  if (kind === 'date') {
    const at = dateBoundary(String(value), scope.context.clock.timezone)
    return op(compareOps[operator], left.expr, param(at.date, 'date'))
  }
  if (kind === 'timestamp') return instant(left, operator, String(value), scope)
  if (operator === 'eq') {
    const sides = literalSides(left, value)
    return op('=', sides.left, sides.right)
  }
  if (kind === 'number') return op(compareOps[operator], left.expr, numberParam(value))
  if (left.type === 'id' && left.expr.kind === 'column')
    return op(compareOps[operator], left.expr, param(String(value), 'as_needed'))
  return op(compareOps[operator], cast(left.expr, 'text'), param(String(value), 'text'))
}

/** A plain date compared with a timestamp means the whole local day. */
function instant(
  left: Typed,
  operator: 'eq' | 'lt' | 'lte' | 'gt' | 'gte',
  value: string,
  scope: ConditionScope,
): Expr {
  const { timezone } = scope.context.clock
  const at = (nextDay: boolean): Expr => boundaryParam(left, dateBoundary(value, timezone, nextDay))
  if (value.length > 10) return op(compareOps[operator], left.expr, at(false))
  if (operator === 'eq') return and([op('>=', left.expr, at(false)), op('<', left.expr, at(true))])
  if (operator === 'gt') return op('>=', left.expr, at(true))
  if (operator === 'lte') return op('<', left.expr, at(true))
  return op(compareOps[operator], left.expr, at(false))
}

function boundaryParam(left: Typed, at: { date: string; local: string; instant: string }): Expr {
  if (left.type === 'date') return param(at.date, 'date')
  return left.zoned ? param(at.instant, 'timestamptz') : param(at.local, 'timestamp')
}

function inPeriod(left: Typed, condition: Condition, scope: ConditionScope): Expr {
  const { clock, catalog, moved } = scope.context
  const back = moved?.condition === condition ? moved.back : undefined
  const bounds = resolvePeriod(condition.value as Period, clock, catalog, back)
  const parts: Expr[] = []
  if (bounds.from !== undefined) parts.push(op('>=', left.expr, boundaryParam(left, bounds.from)))
  if (bounds.to !== undefined) parts.push(op('<', left.expr, boundaryParam(left, bounds.to)))
  return and(parts)
}
