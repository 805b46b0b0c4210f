// Dates relative to now → periods. SQL says them as bounds (`>= date_trunc('month', now())`), a definition as one stretch.
import type { Filter, Period, PeriodUnit } from '../schema.ts'
import type { Bound } from './bound.ts'
import { type Ctx, operandOf } from './operand.ts'
import { refuse } from './problem.ts'
import { note } from './session.ts'

/** `unit` units before (or after, when negative) the start of the current one. */
type Moment = { readonly unit: PeriodUnit; readonly back: number }

const UNITS: Readonly<Record<string, PeriodUnit>> = {
  hour: 'hour',
  day: 'day',
  week: 'week',
  month: 'month',
  quarter: 'quarter',
  year: 'year',
}
const NOW = new Set(['now', 'current_timestamp', 'localtimestamp', 'transaction_timestamp', 'statement_timestamp'])

/** Whether an expression depends on the time of the run. */
export function isRelative(expr: Bound): boolean {
  if (expr.kind === 'call')
    return (
      expr.name === 'current_date' || NOW.has(expr.name) || (expr.name === 'date_trunc' && expr.args.some(isRelative))
    )
  if (expr.kind === 'cast') return isRelative(expr.arg)
  return expr.kind === 'arithmetic' && isRelative(expr.left)
}

type Bounds = { lower?: Moment; upper?: Moment }

/** Turns the comparisons with relative dates among conditions into periods; gives them and the conditions that remain. */
export function periodsAmong(ctx: Ctx, conditions: readonly Bound[]): { filters: Filter[]; rest: Bound[] } {
  const bounds = new Map<string, Bounds>()
  const rest: Bound[] = []
  let at = 0
  for (const condition of conditions.flatMap(split)) {
    const { kind } = condition
    if (kind !== 'compare' || !(isRelative(condition.left) || isRelative(condition.right))) {
      rest.push(condition)
      continue
    }
    at = condition.at
    const flipped = isRelative(condition.left)
    const operand = operandOf(ctx, flipped ? condition.right : condition.left)
    if (operand.kind !== 'field' || (operand.grain !== undefined && operand.grain !== 'day'))
      return refuse('relative date', 'Cannot compare this with a relative date: compare a date field', at)
    const moment = momentOf(flipped ? condition.left : condition.right)
    const found = bounds.get(operand.path) ?? {}
    const sign = flipped ? FLIPPED[condition.sign] : condition.sign
    if (sign === '=') Object.assign(found, { lower: moment, upper: next(moment) })
    else if (sign === '>=') found.lower = moment
    else if (sign === '>') found.lower = operand.type === 'date' ? next(moment) : moment
    else if (sign === '<') found.upper = moment
    else if (sign === '<=') found.upper = next(moment)
    else return refuse('relative date', 'Cannot import <> with a relative date: name the period that is wanted', at)
    bounds.set(operand.path, found)
  }
  const filters = [...bounds].map(
    ([field, found]): Filter => ({ field, op: 'in_period', value: periodOf(ctx, found, at) }),
  )
  return { filters, rest }
}

const FLIPPED = { '=': '=', '<>': '<>', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const

function split(condition: Bound): Bound[] {
  if (condition.kind !== 'between' || !(isRelative(condition.low) || isRelative(condition.high))) return [condition]
  const { arg, low, high, at } = condition
  return [
    { kind: 'compare', sign: '>=', left: arg, right: low, at },
    { kind: 'compare', sign: '<=', left: arg, right: high, at },
  ]
}

function next(moment: Moment): Moment {
  return { ...moment, back: moment.back - 1 }
}

function periodOf(ctx: Ctx, { lower, upper }: Bounds, at: number): Period {
  if (lower === undefined)
    return refuse(
      'relative date',
      'Cannot import everything before a relative date: give the period a beginning too',
      at,
    )
  const { unit, back } = lower
  if (upper === undefined) {
    note(ctx.session, 'A period ends with the current stretch of time: rows dated later are left out')
    return back <= 0 ? { this: unit } : { last: back + 1, unit, includeCurrent: true }
  }
  if (upper.unit !== unit)
    return refuse('relative date', 'Cannot import a period whose ends have different units: use one unit for both', at)
  if (upper.back === 0 && back === 1) return { previous: unit }
  if (upper.back === 0 && back > 1) return { last: back, unit }
  if (upper.back === -1 && back === 0) return { this: unit }
  if (upper.back === -1 && back > 0) return { last: back + 1, unit, includeCurrent: true }
  if (back === -1 && upper.back < -1) return { next: -1 - upper.back, unit }
  return refuse('relative date', 'Cannot import this period: it must touch the current stretch of time', at)
}

function momentOf(expr: Bound): Moment {
  if (expr.kind === 'cast') return momentOf(expr.arg)
  if (expr.kind === 'call' && expr.name === 'date_trunc') {
    const [unit, inner] = expr.args
    const named = unit?.kind === 'literal' ? UNITS[`${unit.value}`.toLowerCase()] : undefined
    const start = inner === undefined ? undefined : momentOf(inner)
    if (named !== undefined && start !== undefined && (start.back === 0 || start.unit === named))
      return { unit: named, back: start.back }
  }
  if (expr.kind === 'call') return { unit: 'day', back: 0 }
  if (expr.kind === 'arithmetic' && (expr.sign === '-' || expr.sign === '+')) {
    const start = momentOf(expr.left)
    const shift = intervalOf(expr.right)
    const days = shift?.unit === 'week' && start.unit === 'day' ? { n: shift.n * 7, unit: 'day' as const } : shift
    const steps = days === undefined ? undefined : days.unit === start.unit ? days.n : months(days, start.unit)
    if (steps !== undefined) return { unit: start.unit, back: start.back + (expr.sign === '-' ? steps : -steps) }
  }
  return refuse(
    'relative date',
    'Cannot import this relative date: count whole days, or whole units from date_trunc of the same unit',
    expr.at,
    "Write it like date_trunc('month', now()) - interval '3 months'",
  )
}

const MONTHS: Readonly<Partial<Record<PeriodUnit, number>>> = { month: 1, quarter: 3, year: 12 }

function months(shift: { n: number; unit: PeriodUnit }, unit: PeriodUnit): number | undefined {
  const steps = (shift.n * (MONTHS[shift.unit] ?? Number.NaN)) / (MONTHS[unit] ?? Number.NaN)
  return Number.isInteger(steps) ? steps : undefined
}

function intervalOf(expr: Bound): { n: number; unit: PeriodUnit } | undefined {
  if (expr.kind === 'literal' && typeof expr.value === 'number') return { n: expr.value, unit: 'day' }
  const literal =
    expr.kind === 'cast' && expr.type.name === 'interval' && expr.arg.kind === 'literal' ? expr.arg.value : ''
  const parts = /^\s*(\d+)\s*(hour|day|week|month|year)s?\s*$/i.exec(`${literal}`)
  const unit = UNITS[(parts?.[2] ?? '').toLowerCase()]
  return parts === null || unit === undefined ? undefined : { n: Number(parts[1]), unit }
}
