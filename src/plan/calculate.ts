// Calculations: layers over the groups; each layer computes what depends only on the layers below.
import { formulaPaths, parseFormula } from '../definition/formula.ts'
import { columnId } from '../definition/outputs.ts'
import type { Calculation, Definition, Grain, PeriodUnit } from '../definition/schema.ts'
import { firstTimeKey } from '../definition/time.ts'
import { cast, eq, op } from './build.ts'
import { intervalOf } from './compare.ts'
import { type PlanContext, type Typed, typed } from './context.ts'
import { planFormula, quotient } from './formula.ts'
import { isTruncating } from './grain.ts'
import type { Expr, Order } from './ir.ts'
import { extendLayer, type Layer } from './layer.ts'
import { units } from './periods.ts'

type Get = (id: string) => Typed

/** The layer with every calculation of a checked definition, in the order of their dependence. */
export function addCalculations(
  layer: Layer,
  definition: Definition,
  calculations: readonly Calculation[],
  context: PlanContext,
): Layer {
  let current = layer
  let waiting = [...calculations]
  while (waiting.length > 0) {
    const known = current.columns
    const ready = waiting.filter((c) => dependsOn(c).every((id) => known.has(id)))
    if (ready.length === 0) throw new Error('calculations passed the check but depend on each other in a circle')
    current = extendLayer(
      current,
      context,
      (get) => new Map(ready.map((c) => [c.id, calculate(c, definition, get, context)])),
    )
    waiting = waiting.filter((c) => !ready.includes(c))
  }
  return current
}

/** The ids of the columns a calculation reads. */
export function dependsOn(calculation: Calculation): string[] {
  if (calculation.formula !== undefined) {
    const parsed = parseFormula(calculation.formula)
    return parsed.ok ? formulaPaths(parsed.node) : []
  }
  return calculation.of === undefined ? [] : [calculation.of]
}

function calculate(calculation: Calculation, definition: Definition, get: Get, context: PlanContext): Typed {
  if (calculation.formula !== undefined) {
    const parsed = parseFormula(calculation.formula)
    if (!parsed.ok) throw new Error(`formula passed the check but does not parse: ${parsed.message}`)
    return planFormula(parsed.node, get, context)
  }
  const of = get(calculation.of ?? '')
  if (calculation.fn === 'percent_of_total')
    return percentOfTotal(
      of,
      (calculation.within ?? []).map((id) => get(id).expr),
    )
  if (calculation.fn === 'rank') {
    const orderBy: Order[] = [{ expr: of.expr, direction: 'desc', nulls: 'last' }]
    const partitionBy = (calculation.within ?? []).map((id) => get(id).expr)
    return typed({ kind: 'window', fn: 'rank', args: [], partitionBy, orderBy }, 'integer')
  }
  return overTime(calculation, definition, of, get)
}

function percentOfTotal(of: Typed, partitionBy: readonly Expr[]): Typed {
  const total: Expr = { kind: 'window', fn: 'sum', args: [cast(of.expr, 'numeric')], partitionBy, orderBy: [] }
  return typed(quotient(of, typed(total, 'number')), 'number')
}

function overTime(calculation: Calculation, definition: Definition, of: Typed, get: Get): Typed {
  const over = calculation.over ?? firstTimeKey(definition)
  if (over === undefined) throw new Error(`${calculation.fn} passed the check without an order`)
  const key = definition.groupBy.find((k) => columnId(k) === over)
  const others = definition.groupBy.map(columnId).filter((id) => id !== over)
  const partitionBy = others.map((id) => get(id).expr)
  const orderBy: Order[] = [{ expr: get(over).expr, direction: 'asc', nulls: 'last' }]
  const number = cast(of.expr, 'numeric')
  const grain = isTruncating(key?.grain) ? key.grain : undefined
  switch (calculation.fn) {
    case 'running_total':
      return typed({ kind: 'window', fn: 'sum', args: [number], partitionBy, orderBy }, of.type)
    case 'moving_average': {
      const before = (calculation.size ?? 2) - 1
      const frame = grain === undefined ? { rows: before } : { stretch: units(grain as PeriodUnit, before) }
      return typed(
        { kind: 'window', fn: 'avg', args: [number], partitionBy, orderBy, frame },
        of.type === 'integer' ? 'number' : of.type,
      )
    }
    default: {
      const previous = previousValue(number, get(over), grain, partitionBy, orderBy)
      const change = op('-', number, previous)
      if (calculation.fn === 'change') return typed(change, of.type)
      return typed(quotient(typed(change, 'number'), typed(previous, 'number')), 'number')
    }
  }
}

/** The value of the stretch just before; of the row before where the key is not a stretch of time. */
function previousValue(
  value: Expr,
  key: Typed,
  grain: Grain | undefined,
  partitionBy: readonly Expr[],
  orderBy: readonly Order[],
): Expr {
  const lag = (arg: Expr): Expr => ({ kind: 'window', fn: 'lag', args: [arg], partitionBy, orderBy })
  if (grain === undefined) return lag(value)
  const before = op('-', key.expr, intervalOf(units(grain as PeriodUnit, 1)))
  const when = eq(lag(key.expr), grain === 'hour' ? before : cast(before, 'date'))
  return { kind: 'case', branches: [{ when, gives: lag(value) }] }
}
