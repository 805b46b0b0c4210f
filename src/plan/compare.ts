// Compare: the same groups for an earlier stretch of time, their keys moved so that they meet.
import { columnId } from '../definition/outputs.ts'
import type { Definition, Grain } from '../definition/schema.ts'
import { isTimeKey, topPeriods } from '../definition/time.ts'
import { call, cast, integer, op } from './build.ts'
import type { PlanContext, Typed } from './context.ts'
import { typed } from './context.ts'
import { quotient } from './formula.ts'
import type { Expr } from './ir.ts'
import { lengthOf, type Shift, units } from './periods.ts'

export type Comparison = {
  /** What the context of the earlier rows says besides: the condition that is moved back. */
  readonly context: Pick<PlanContext, 'moved'>
  readonly shift: Shift
  /** Keys that move forward by the shift. */
  readonly keys: ReadonlyMap<string, Grain>
  /** Without a period filter only groups that exist now are shown. */
  readonly onlyExisting: boolean
}

const YEAR: Shift = { months: 12, days: 0, hours: 0 }

/** How a checked definition compares, or undefined when it does not. */
export function comparisonOf(definition: Definition): Comparison | undefined {
  if (definition.compare === null) return undefined
  const { to } = definition.compare
  const [period] = topPeriods(definition.filters)
  const timeKeys = definition.groupBy.filter(
    (key) => isTimeKey(key) && (period === undefined || key.field === period.field),
  )
  const keys = new Map(timeKeys.map((key) => [columnId(key), key.grain ?? 'day'] as const))
  if (period !== undefined) {
    const shift = to === 'previous_year' ? YEAR : lengthOf(period.value)
    if (shift === undefined) throw new Error('compare passed the check with a period that has no length')
    return { context: { moved: { condition: period, back: shift } }, shift, keys, onlyExisting: false }
  }
  const [key] = timeKeys
  const grain = key?.grain
  if (grain === undefined || !isTimeKey({ grain })) throw new Error('compare passed the check without a date')
  return { context: {}, shift: to === 'previous_year' ? YEAR : units(grain as never, 1), keys, onlyExisting: true }
}

/** An earlier key, moved to where its later one stands. */
export function movedKey(key: Expr, id: string, comparison: Comparison): Expr {
  const grain = comparison.keys.get(id)
  if (grain === undefined) return key
  const later = op('+', key, intervalOf(comparison.shift))
  return grain === 'hour' ? later : cast(later, 'date')
}

/** A shift as an interval; months, days or hours, never a mix. */
export function intervalOf(shift: Shift): Expr {
  if (shift.months !== 0) return call('make_interval_months', integer(shift.months))
  if (shift.days !== 0) return call('make_interval_days', integer(shift.days))
  return call('make_interval_hours', integer(shift.hours))
}

/** `x_change` and `x_percent_change` from x and `x_previous`. */
export function comparedColumns(id: string, get: (id: string) => Typed): Map<string, Typed> {
  const now = get(id)
  const before = get(`${id}_previous`)
  const change = op('-', cast(now.expr, 'numeric'), cast(before.expr, 'numeric'))
  return new Map([
    [`${id}_change`, typed(change, now.type)],
    [`${id}_percent_change`, typed(quotient(typed(change, now.type), before), 'number')],
  ])
}
