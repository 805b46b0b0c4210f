// Periods: from relative or named stretches to half-open bounds, and those bounds moved for a comparison.
import type { Period, PeriodUnit } from '../../src/definition/schema.ts'
import {
  addMonths,
  type Calendar,
  civilOf,
  DAY_US,
  dayNumber,
  dayOf,
  HOUR_US,
  instantOf,
  parseDay,
  parseTime,
  startOfDay,
  wallOf,
} from './calendar.ts'
import { stepDay, stretchOfDay, stretchOfHour } from './grains.ts'
import { floorDivide } from './rational.ts'
import { fail, type Value } from './values.ts'

/** A border: the start of a local day, or a time (as an instant and as the wall clock shows it). */
export type Bound = { readonly day: number } | { readonly instantUs: bigint; readonly wallUs: bigint }
/** Half-open: `from` included, `to` not; an absent side is open. */
export type Bounds = { readonly from?: Bound; readonly to?: Bound }
/** How far a comparison moves back. */
export type Shift = { readonly months: number } | { readonly days: number } | { readonly hours: number }

/** The bounds of a period for this run's clock and zone. */
export function boundsOf(period: Period, calendar: Calendar): Bounds {
  const today = dayOf({ kind: 'instant', us: calendar.nowUs }, calendar.timezone)
  if ('year' in period) return days(dayNumber(period.year, 1, 1), dayNumber(period.year + 1, 1, 1))
  if ('fiscal_year' in period) return fiscalYear(period.fiscal_year, calendar)
  if ('quarter' in period) {
    const [year = '', quarter = ''] = period.quarter.split('-Q')
    const month = 3 * Number(quarter) - 2
    return days(dayNumber(Number(year), month, 1), dayNumber(Number(year), month + 3, 1))
  }
  if ('month' in period) {
    const [year = '', month = ''] = period.month.split('-')
    return days(dayNumber(Number(year), Number(month), 1), dayNumber(Number(year), Number(month) + 1, 1))
  }
  if ('day' in period) {
    const day = parseDay(period.day) ?? fail(`no such day: ${period.day}`)
    return days(day, day + 1)
  }
  if ('from' in period) return { from: boundOf(period.from, calendar), to: boundOf(period.to, calendar) }
  if ('before' in period) return { to: boundOf(period.before, calendar) }
  if ('since' in period) return { from: boundOf(period.since, calendar) }
  const { unit, first, count, toDate } = stretches(period)
  if (unit === 'hour') return hours(first, count, calendar)
  const current = stretchOfDay(today, unit, calendar)
  return days(stepDay(current, unit, first), toDate ? today + 1 : stepDay(current, unit, first + count))
}

/** A unit period as: so many stretches, beginning so many after the current one. */
function stretches(period: Period): { unit: PeriodUnit; first: number; count: number; toDate: boolean } {
  if ('last' in period) {
    const first = period.includeCurrent ? 1 - period.last : -period.last
    return { unit: period.unit, first, count: period.last, toDate: false }
  }
  if ('next' in period)
    return { unit: period.unit, first: period.includeCurrent ? 0 : 1, count: period.next, toDate: false }
  if ('this' in period) return { unit: period.this, first: 0, count: 1, toDate: false }
  if ('previous' in period) return { unit: period.previous, first: -1, count: 1, toDate: false }
  if ('to_date' in period) return { unit: period.to_date, first: 0, count: 1, toDate: true }
  return fail(`unknown period ${JSON.stringify(period)}`)
}

function days(from: number, to: number): Bounds {
  return { from: { day: from }, to: { day: to } }
}

function hours(first: number, count: number, calendar: Calendar): Bounds {
  const instant = stretchOfHour({ kind: 'instant', us: calendar.nowUs }, calendar)
  const wall = floorDivide(wallOf(calendar.nowUs, calendar.timezone), HOUR_US) * HOUR_US
  const at = (step: number): Bound => ({
    instantUs: instant + BigInt(step) * HOUR_US,
    wallUs: wall + BigInt(step) * HOUR_US,
  })
  return { from: at(first), to: at(first + count) }
}

function fiscalYear(name: number, calendar: Calendar): Bounds {
  const start = calendar.fiscalYearStart
  const first = dayNumber(start === 1 ? name : name - 1, start, 1)
  return days(first, addMonths(first, 12))
}

/** The border that a written date or time stands for. */
export function boundOf(text: string, calendar: Calendar): Bound {
  const day = parseDay(text)
  if (day !== undefined) return { day }
  const time = parseTime(text) ?? fail(`no date or time: ${text}`)
  const instantUs = time.instantUs ?? instantOf(time.wallUs, calendar.timezone)
  return { instantUs, wallUs: time.instantUs === undefined ? time.wallUs : wallOf(instantUs, calendar.timezone) }
}

/** Where a border lies for a field of that kind: a day number, or microseconds. */
export function positionOf(bound: Bound, kind: 'day' | 'instant' | 'wall', calendar: Calendar): bigint {
  if ('day' in bound) {
    if (kind === 'day') return BigInt(bound.day)
    return kind === 'wall' ? BigInt(bound.day) * DAY_US : startOfDay(bound.day, calendar.timezone)
  }
  if (kind === 'day') return fail('a date field has no hours')
  return kind === 'wall' ? bound.wallUs : bound.instantUs
}

/** Whether a date or time lies within the bounds; empty never does. */
export function isWithin(value: Value, bounds: Bounds, calendar: Calendar): boolean {
  if (value === null) return false
  if (typeof value !== 'object' || value.kind === 'number' || value.kind === 'integer-id')
    return fail('a period needs a date')
  const at = value.kind === 'day' ? BigInt(value.day) : value.us
  if (bounds.from !== undefined && at < positionOf(bounds.from, value.kind, calendar)) return false
  return bounds.to === undefined || at < positionOf(bounds.to, value.kind, calendar)
}

/** The distance to the earlier period: a year, or the period's own length. */
export function shiftOf(period: Period, to: 'previous_period' | 'previous_year', calendar: Calendar): Shift {
  if ('before' in period || 'since' in period) return fail('an open period cannot be compared')
  if (to === 'previous_year') return { months: 12 }
  if ('year' in period || 'fiscal_year' in period) return { months: 12 }
  if ('quarter' in period) return { months: 3 }
  if ('month' in period) return { months: 1 }
  if ('day' in period) return { days: 1 }
  if ('from' in period) {
    const { from, to: end } = boundsOf(period, calendar)
    if (from === undefined || end === undefined || !('day' in from) || !('day' in end))
      return fail('only whole days can be compared')
    return { days: end.day - from.day }
  }
  const { unit, count } = stretches(period)
  return unitShift(unit, count)
}

/** So many units as months, days or hours. */
export function unitShift(unit: PeriodUnit, count: number): Shift {
  if (unit === 'hour') return { hours: count }
  if (unit === 'day') return { days: count }
  if (unit === 'week') return { days: 7 * count }
  const months = unit === 'month' ? 1 : unit.endsWith('quarter') ? 3 : 12
  return { months: months * count }
}

/** Bounds moved back by a shift. */
export function moveBack(bounds: Bounds, shift: Shift, calendar: Calendar): Bounds {
  return {
    ...(bounds.from === undefined ? {} : { from: moveBound(bounds.from, shift, calendar) }),
    ...(bounds.to === undefined ? {} : { to: moveEnd(bounds.to, shift, calendar) }),
  }
}

/** An end that no month begins with moves as the last day before it. */
function moveEnd(bound: Bound, shift: Shift, calendar: Calendar): Bound {
  if (!('day' in bound) || !('months' in shift) || civilOf(bound.day).day === 1)
    return moveBound(bound, shift, calendar)
  return { day: addMonths(bound.day - 1, -shift.months) + 1 }
}

function moveBound(bound: Bound, shift: Shift, calendar: Calendar): Bound {
  if ('day' in bound) {
    if ('hours' in shift) return fail('days do not move by hours')
    return { day: 'months' in shift ? addMonths(bound.day, -shift.months) : bound.day - shift.days }
  }
  if ('hours' in shift) {
    const us = BigInt(shift.hours) * HOUR_US
    return { instantUs: bound.instantUs - us, wallUs: bound.wallUs - us }
  }
  const day = Number(floorDivide(bound.wallUs, DAY_US))
  const moved = 'months' in shift ? addMonths(day, -shift.months) : day - shift.days
  const wallUs = bound.wallUs + BigInt(moved - day) * DAY_US
  return { wallUs, instantUs: instantOf(wallUs, calendar.timezone) }
}
