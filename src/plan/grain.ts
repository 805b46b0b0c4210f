// Grains and buckets: what a key or the left side of a condition becomes.
import type { Grain, PeriodUnit } from '../definition/schema.ts'
import { call, cast, integer, op, param } from './build.ts'
import { localDate, localTime, type PlanContext, type Typed, typed } from './context.ts'
import type { Expr } from './ir.ts'
import { weekOffsetDays } from './periods.ts'

const extracting = {
  hour_of_day: 'hour',
  day_of_week: 'isodow',
  day_of_month: 'day',
  month_of_year: 'month',
  quarter_of_year: 'quarter',
  year_number: 'year',
} as const

/** Whether a grain gives the start of a stretch of time (rather than a number). */
export function isTruncating(grain: Grain | undefined): grain is Grain & PeriodUnit {
  return grain !== undefined && !Object.hasOwn(extracting, grain)
}

/** The value at a grain: a date (hour: a timestamp) or a number, in the run's time zone. */
export function atGrain(value: Typed, grain: Grain, context: PlanContext): Typed {
  if (!isTruncating(grain)) {
    const part = extracting[grain as keyof typeof extracting]
    return typed(call(part, localTime(value, context)), 'integer')
  }
  if (grain === 'hour') {
    const at = value.zoned
      ? call('date_trunc', param('hour', 'text'), value.expr, param(context.clock.timezone, 'text'))
      : call('date_trunc', param('hour', 'text'), value.expr)
    return typed(at, 'timestamp', { zoned: value.zoned })
  }
  if (grain === 'day') return typed(localDate(value, context), 'date')
  return typed(cast(truncated(localTime(value, context), grain, context), 'date'), 'date')
}

function truncated(local: Expr, grain: PeriodUnit, context: PlanContext): Expr {
  const trunc = (unit: string, at: Expr): Expr => call('date_trunc', param(unit, 'text'), at)
  if (grain === 'week') {
    const offset = weekOffsetDays(context.catalog.weekStart)
    if (offset === 0) return trunc('week', local)
    const days = call('make_interval_days', integer(offset))
    return op('+', trunc('week', op('-', local, days)), days)
  }
  if (grain === 'fiscal_quarter' || grain === 'fiscal_year') {
    const months = context.catalog.fiscalYearStart - 1
    const unit = grain === 'fiscal_year' ? 'year' : 'quarter'
    if (months === 0) return trunc(unit, local)
    const shift = call('make_interval_months', integer(months))
    // Truncated to the month first, so that moving by months cannot fall off a short one.
    return op('+', trunc(unit, op('-', trunc('month', local), shift)), shift)
  }
  return trunc(grain, local)
}

/** The lower end of the range of this width that holds the number. */
export function atBucket(value: Typed, width: number): Typed {
  const wide = param(String(width), 'numeric')
  const range = call('floor', op('/', cast(value.expr, 'numeric'), wide))
  return typed(
    op('*', range, wide),
    Number.isInteger(width) && value.type === 'integer' ? 'integer' : value.type === 'money' ? 'money' : 'number',
  )
}
