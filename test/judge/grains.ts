// Grains: the stretch of time a value falls in, and the steps from stretch to stretch.
import type { Grain, PeriodUnit } from '../../src/definition/schema.ts'
import {
  addMonths,
  type Calendar,
  civilOf,
  DAY_US,
  dayNumber,
  dayOf,
  HOUR_US,
  offsetAt,
  weekdayOf,
} from './calendar.ts'
import { floorDivide, integer } from './rational.ts'
import { type Day, fail, type Instant, type Value, type Wall } from './values.ts'

const TRUNCATING: ReadonlySet<string> = new Set([
  'hour',
  'day',
  'week',
  'month',
  'quarter',
  'year',
  'fiscal_quarter',
  'fiscal_year',
])

/** Whether a grain gives stretches of time rather than numbers. */
export function isTruncating(grain: Grain | undefined): grain is PeriodUnit {
  return grain !== undefined && TRUNCATING.has(grain)
}

/** The stretch (its first day, or for hour its first instant) or the number that a date or time falls in. */
export function applyGrain(value: Value, grain: Grain, calendar: Calendar): Value {
  if (value === null) return null
  if (typeof value !== 'object' || (value.kind !== 'day' && value.kind !== 'instant' && value.kind !== 'wall'))
    return fail(`grain ${grain} needs a date`)
  if (grain === 'hour' || grain === 'hour_of_day') return hourGrain(value, grain, calendar)
  const day = value.kind === 'day' ? value.day : dayOf(value, calendar.timezone)
  if (isTruncating(grain)) return { kind: 'day', day: stretchOfDay(day, grain, calendar) }
  const { year, month, day: dayOfMonth } = civilOf(day)
  switch (grain) {
    case 'day_of_week':
      return integer(weekdayOf(day))
    case 'day_of_month':
      return integer(dayOfMonth)
    case 'month_of_year':
      return integer(month)
    case 'quarter_of_year':
      return integer(Math.floor((month - 1) / 3) + 1)
    case 'year_number':
      return integer(year)
  }
}

function hourGrain(value: Day | Instant | Wall, grain: 'hour' | 'hour_of_day', calendar: Calendar): Value {
  if (value.kind === 'day') return fail('a date has no hours')
  if (grain === 'hour') return { kind: value.kind, us: stretchOfHour(value, calendar) }
  const wall = value.kind === 'wall' ? value.us : value.us + offset(value, calendar)
  return integer((wall - floorDivide(wall, DAY_US) * DAY_US) / HOUR_US)
}

/** Start of the local hour; the hour that a clock change repeats counts as two. */
export function stretchOfHour(value: Instant | Wall, calendar: Calendar): bigint {
  const shift = offset(value, calendar)
  return floorDivide(value.us + shift, HOUR_US) * HOUR_US - shift
}

function offset(value: Instant | Wall, calendar: Calendar): bigint {
  return value.kind === 'wall' ? 0n : offsetAt(value.us, calendar.timezone)
}

/** First day of the stretch that a day is in. */
export function stretchOfDay(day: number, unit: Exclude<PeriodUnit, 'hour'>, calendar: Calendar): number {
  const { year, month } = civilOf(day)
  const fiscalStart = calendar.fiscalYearStart
  const sinceFiscalStart = (month - fiscalStart + 12) % 12
  switch (unit) {
    case 'day':
      return day
    case 'week':
      return day - ((weekdayOf(day) - calendar.weekStart + 7) % 7)
    case 'month':
      return dayNumber(year, month, 1)
    case 'quarter':
      return dayNumber(year, month - ((month - 1) % 3), 1)
    case 'year':
      return dayNumber(year, 1, 1)
    case 'fiscal_quarter':
      return dayNumber(year, month - (sinceFiscalStart % 3), 1)
    case 'fiscal_year':
      return dayNumber(year, month - sinceFiscalStart, 1)
  }
}

/** The stretch so many units later (or earlier) than one that begins on that day. */
export function stepDay(day: number, unit: Exclude<PeriodUnit, 'hour'>, count: number): number {
  switch (unit) {
    case 'day':
      return day + count
    case 'week':
      return day + 7 * count
    case 'month':
      return addMonths(day, count)
    case 'quarter':
    case 'fiscal_quarter':
      return addMonths(day, 3 * count)
    case 'year':
    case 'fiscal_year':
      return addMonths(day, 12 * count)
  }
}

/** The same step for any value of a truncating grain; empty stays empty. */
export function stepStretch(value: Value, unit: PeriodUnit, count: number): Value {
  if (value === null) return null
  if (typeof value === 'object' && (value.kind === 'instant' || value.kind === 'wall') && unit === 'hour')
    return { kind: value.kind, us: value.us + BigInt(count) * HOUR_US }
  if (typeof value === 'object' && value.kind === 'day' && unit !== 'hour')
    return { kind: 'day', day: stepDay(value.day, unit, count) }
  return fail(`no stretch of ${unit}`)
}
