// Aggregates: whose rows are counted once each, and what is made of their values.
import { AggregateExpr, type AggregateFn, type Filter } from '../../src/definition/schema.ts'
import { dayText } from './calendar.ts'
import { passes } from './filters.ts'
import { evaluateFormula, type Node, parseFormula, pathsOf } from './formulas.ts'
import {
  add,
  compareNumbers,
  divide,
  fromNumber,
  integer,
  multiply,
  type Rational,
  rational,
  squareRoot,
  subtract,
  toDouble,
} from './rational.ts'
import { compareValues, fail, keyOf, textOf, type Value } from './values.ts'
import { entity, follow, type Row, readPath, resolve, type World } from './world.ts'

type Present = Exclude<Value, null>

/** An aggregate with its path resolved: the hops to the rows it counts, and how each is read. */
type Plan = {
  readonly fn: AggregateFn
  readonly hops: readonly string[]
  /** Entity of the counted rows. */
  readonly entityName: string
  /** Absent: a count of rows. */
  readonly read?: (row: Row) => Value
  readonly by: (row: Row) => Value
  readonly wheres: readonly Filter[]
  readonly percentile: number
}

/** The value of an aggregate for a group of rows; `zeroSums` gives 0 for a sum of nothing. */
export function aggregateOf(
  world: World,
  entityName: string,
  rows: readonly Row[],
  expression: AggregateExpr,
  zeroSums = false,
): Value {
  const plan = planAggregate(world, entityName, expression)
  const counted = follow(world, entityName, plan.hops, rows).rows.filter((row) =>
    plan.wheres.every((where) => passes(world, plan.entityName, row, where)),
  )
  const value = compute(plan, counted)
  if (value === null) return zeroSums && plan.fn === 'sum' ? integer(0) : null
  // An id that was found in its stored order goes on as text.
  return textOf(value) ?? value
}

/** The function behind an aggregate, a metric's own included. */
export function functionOf(world: World, entityName: string, expression: AggregateExpr): AggregateFn {
  return planAggregate(world, entityName, expression).fn
}

function planAggregate(world: World, entityName: string, expression: AggregateExpr): Plan {
  if (expression.metric !== undefined) return planMetric(world, entityName, expression.metric, expression.where)
  const { catalog } = world
  const fn = expression.fn ?? fail('an aggregate needs fn or metric')
  const hops = countedHops(world, entityName, expression)
  const counted = hops.length === 0 ? entityName : (resolve(catalog, entityName, hops.join('.')).entities.at(-1) ?? '')
  const within = (path: string): string => stripHops(path, hops)
  const reader = readerOf(world, counted, expression, within)
  const by = expression.by === undefined ? entity(catalog, counted).defaultDate : within(expression.by)
  return {
    fn,
    hops,
    entityName: counted,
    ...(reader === undefined ? {} : { read: reader }),
    by: (row) => readPath(world, counted, by ?? fail(`${counted} has no default date`), row),
    wheres: expression.where === undefined ? [] : [expression.where],
    percentile: fn === 'median' ? 0.5 : (expression.percentile ?? 0.5),
  }
}

function planMetric(world: World, entityName: string, path: string, where: Filter | undefined): Plan {
  const segments = path.split('.')
  const name = segments.pop() ?? ''
  const hops = segments
  const owner =
    hops.length === 0 ? entityName : (resolve(world.catalog, entityName, hops.join('.')).entities.at(-1) ?? '')
  const { metrics } = entity(world.catalog, owner)
  const metric = (Object.hasOwn(metrics, name) ? metrics[name] : undefined) ?? fail(`unknown metric ${path}`)
  const plan = planAggregate(world, owner, AggregateExpr.parse(metric.aggregate))
  return { ...plan, hops: [...hops, ...plan.hops], wheres: where === undefined ? plan.wheres : [...plan.wheres, where] }
}

function countedHops(world: World, entityName: string, { per, field }: AggregateExpr): readonly string[] {
  if (per === 'source_rows') return []
  if (per !== undefined) {
    const { hops, fieldName } = resolve(world.catalog, entityName, per)
    return fieldName === undefined ? hops : fail(`${per} is no relation`)
  }
  return field === undefined ? [] : resolve(world.catalog, entityName, field).hops
}

function stripHops(path: string, hops: readonly string[]): string {
  if (hops.length === 0) return path
  const prefix = `${hops.join('.')}.`
  return path.startsWith(prefix) ? path.slice(prefix.length) : fail(`${path} does not begin with ${hops.join('.')}`)
}

function readerOf(
  world: World,
  counted: string,
  { field, formula }: AggregateExpr,
  within: (path: string) => string,
): ((row: Row) => Value) | undefined {
  if (field !== undefined) {
    const path = within(field)
    return (row) => readPath(world, counted, path, row)
  }
  if (formula === undefined) return undefined
  const tree: Node = parseFormula(formula)
  for (const path of pathsOf(tree)) within(path)
  return (row) =>
    evaluateFormula(tree, {
      read: (path) => readPath(world, counted, within(path), row),
      calendar: world.calendar,
      letters: world.letters,
    })
}

function compute(plan: Plan, rows: readonly Row[]): Value {
  const { fn, read } = plan
  if (read === undefined) return fn === 'count' ? integer(rows.length) : fail(`${fn} needs a field`)
  if (fn === 'first' || fn === 'last') return firstOrLast(fn, rows, read, plan.by)
  const values = rows.map(read).filter((value) => value !== null)
  switch (fn) {
    case 'count':
      return integer(values.length)
    case 'count_distinct':
      return integer(new Set(values.map(keyOf)).size)
    case 'min':
      return extreme(values, -1)
    case 'max':
      return extreme(values, 1)
    case 'list':
      return listOf(values)
    case 'sum':
      return values.length === 0 ? null : sum(numbers(values))
    case 'avg':
      return values.length === 0 ? null : divide(sum(numbers(values)), integer(values.length))
    case 'median':
    case 'percentile':
      return percentile(numbers(values), plan.percentile)
    case 'stddev':
      return deviation(numbers(values))
  }
}

function numbers(values: readonly Present[]): Rational[] {
  return values.map((value) =>
    typeof value === 'object' && value.kind === 'number' ? value : fail('a number is needed'),
  )
}

export function sum(values: readonly Rational[]): Rational {
  return values.reduce(add, integer(0))
}

function extreme(values: readonly Present[], side: 1 | -1): Value {
  return values.reduce<Value>(
    (best, value) => (best === null || compareValues(value, best) * side > 0 ? value : best),
    null,
  )
}

/** Linear interpolation between the two nearest; rough, since databases compute it in binary floats. */
function percentile(values: readonly Rational[], share: number): Value {
  if (values.length === 0) return null
  const sorted = values.toSorted(compareNumbers)
  const place = multiply(fromNumber(share), integer(sorted.length - 1))
  const index = Math.floor(toDouble(place))
  const low = sorted[index] ?? fail('percentile out of range')
  const high = sorted[Math.min(index + 1, sorted.length - 1)] ?? low
  const result = add(low, multiply(subtract(high, low), subtract(place, integer(index))))
  return { ...result, rough: true }
}

function deviation(values: readonly Rational[]): Value {
  if (values.length < 2) return null
  const count = integer(values.length)
  const mean = divide(sum(values), count) ?? integer(0)
  const squares = values.map((value) => multiply(subtract(value, mean), subtract(value, mean)))
  const variance = divide(sum(squares), subtract(count, integer(1))) ?? rational(0n)
  return squareRoot(variance)
}

function listOf(values: readonly Present[]): Value {
  if (values.length === 0) return null
  const texts = new Set(values.map(listText))
  return [...texts].sort((a, b) => compareValues(a, b)).join(', ')
}

function listText(value: Present): string {
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'object' && value.kind === 'day') return dayText(value.day)
  if (typeof value === 'object' && value.kind === 'number' && value.d === 1n) return String(value.n)
  return textOf(value) ?? fail('list needs text')
}

/** Rows without a date or a value are left out; of several with the same date the smallest value. */
function firstOrLast(
  fn: 'first' | 'last',
  rows: readonly Row[],
  read: (row: Row) => Value,
  by: (row: Row) => Value,
): Value {
  let best: { at: Present; value: Present } | undefined
  for (const row of rows) {
    const at = by(row)
    const value = read(row)
    if (at === null || value === null) continue
    const order = best === undefined ? 1 : compareValues(at, best.at) * (fn === 'last' ? 1 : -1)
    if (best === undefined || order > 0 || (order === 0 && compareValues(value, best.value) < 0)) best = { at, value }
  }
  return best?.value ?? null
}
