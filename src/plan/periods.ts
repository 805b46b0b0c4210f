// Period → boundaries, from the run's clock and time zone. Half-open: `from` is in, `to` is not.
import { Temporal } from '@js-temporal/polyfill'
import type { Catalog, Weekday } from '../catalog/schema.ts'
import type { Period, PeriodUnit } from '../definition/schema.ts'
import { remembered } from '../lib/remember.ts'
import type { Clock } from '../lib/scope.ts'

/** One boundary in the three forms a column may need. */
export type Boundary = {
  /** YYYY-MM-DD of the local day it falls on. */
  readonly date: string
  /** Local wall clock, YYYY-MM-DDTHH:MM:SS… */
  readonly local: string
  /** The instant in UTC, ISO 8601. */
  readonly instant: string
}
export type Bounds = { readonly from?: Boundary; readonly to?: Boundary }

/** A length of time by which a period or key is moved. */
export type Shift = { readonly months: number; readonly days: number; readonly hours: number }

export type Calendar = Pick<Catalog, 'fiscalYearStart' | 'weekStart'>

const weekdays: readonly Weekday[] = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

/** How many days after Monday the week begins, 0 to 6. */
export const weekOffsetDays = (weekStart: Weekday): number => weekdays.indexOf(weekStart)

/** The boundaries of a period at the clock's instant; `back` moves it to an earlier stretch. */
export function resolvePeriod(period: Period, clock: Clock, calendar: Calendar, back?: Shift): Bounds {
  const stretch = stretchOf(period, wallClock(clock), calendar)
  const bound = (at: Temporal.PlainDateTime | undefined): Boundary | undefined =>
    at === undefined ? undefined : boundary(moved(at, back), clock.timezone)
  const from = bound(stretch.from)
  const to = bound(stretch.to)
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
}

/** The length by which `previous_period` moves a period; undefined for periods without two ends. */
export function lengthOf(period: Period): Shift | undefined {
  if ('last' in period) return units(period.unit, period.last)
  if ('next' in period) return units(period.unit, period.next)
  if ('this' in period) return units(period.this, 1)
  if ('previous' in period) return units(period.previous, 1)
  if ('to_date' in period) return units(period.to_date, 1)
  if ('year' in period || 'fiscal_year' in period) return units('year', 1)
  if ('quarter' in period) return units('quarter', 1)
  if ('month' in period) return units('month', 1)
  if ('day' in period) return units('day', 1)
  if ('from' in period) {
    if (period.from.length > 10 || period.to.length > 10) return undefined
    const days = Temporal.PlainDate.from(period.from).until(Temporal.PlainDate.from(period.to), {
      largestUnit: 'day',
    }).days
    return { months: 0, days, hours: 0 }
  }
  return undefined
}

/** n units as a shift. */
export function units(unit: PeriodUnit, n: number): Shift {
  const months = { hour: 0, day: 0, week: 0, month: 1, quarter: 3, year: 12, fiscal_quarter: 3, fiscal_year: 12 }[unit]
  const days = unit === 'day' ? 1 : unit === 'week' ? 7 : 0
  return { months: months * n, days: days * n, hours: unit === 'hour' ? n : 0 }
}

/** A date or date and time, as written in a definition, as a boundary; a plain date is its day's start (or the next day's). */
export function dateBoundary(text: string, timezone: string, nextDay = false): Boundary {
  if (text.length <= 10) {
    const day = Temporal.PlainDate.from(text)
    return boundary((nextDay ? day.add({ days: 1 }) : day).toPlainDateTime(), timezone)
  }
  const iso = text.replace(' ', 'T')
  if (/(Z|[+-]\d{2}(:?\d{2})?)$/.test(iso)) {
    const zoned = Temporal.Instant.from(iso.replace(/([+-]\d{2})$/, '$1:00')).toZonedDateTimeISO(timezone)
    return {
      date: zoned.toPlainDate().toString(),
      local: zoned.toPlainDateTime().toString(),
      instant: zoned.toInstant().toString(),
    }
  }
  return boundary(Temporal.PlainDateTime.from(iso), timezone)
}

/** The start of the stretch of `unit` that holds the clock's instant. */
export function currentStart(unit: PeriodUnit, clock: Clock, calendar: Calendar): Boundary {
  return boundary(startOf(unit, wallClock(clock), calendar), clock.timezone)
}

/** The start of the stretch of `unit` that holds a boundary, or that ends at it (`before`). */
export function stretchStart(
  at: Boundary,
  unit: PeriodUnit,
  timezone: string,
  calendar: Calendar,
  before = false,
): Boundary {
  const time = Temporal.PlainDateTime.from(at.local)
  return boundary(startOf(unit, before ? time.subtract({ microseconds: 1 }) : time, calendar), timezone)
}

function stretchOf(
  period: Period,
  now: Temporal.PlainDateTime,
  calendar: Calendar,
): { from?: Temporal.PlainDateTime; to?: Temporal.PlainDateTime } {
  const current = (unit: PeriodUnit): Temporal.PlainDateTime => startOf(unit, now, calendar)
  const run = (start: Temporal.PlainDateTime, shift: Shift) => ({ from: start, to: moved(start, shift, 1) })
  if ('last' in period) {
    const end =
      period.includeCurrent === true ? moved(current(period.unit), units(period.unit, 1), 1) : current(period.unit)
    return { from: moved(end, units(period.unit, period.last)), to: end }
  }
  if ('next' in period) {
    const start =
      period.includeCurrent === true ? current(period.unit) : moved(current(period.unit), units(period.unit, 1), 1)
    return run(start, units(period.unit, period.next))
  }
  if ('this' in period) return run(current(period.this), units(period.this, 1))
  if ('previous' in period)
    return { from: moved(current(period.previous), units(period.previous, 1)), to: current(period.previous) }
  if ('to_date' in period) {
    const end = period.to_date === 'hour' ? 'hour' : 'day'
    return { from: current(period.to_date), to: moved(current(end), units(end, 1), 1) }
  }
  if ('year' in period) return run(new Temporal.PlainDateTime(period.year, 1, 1), units('year', 1))
  if ('fiscal_year' in period) {
    const first = calendar.fiscalYearStart
    const year = first === 1 ? period.fiscal_year : period.fiscal_year - 1
    return run(new Temporal.PlainDateTime(year, first, 1), units('year', 1))
  }
  if ('quarter' in period) {
    const month = (Number(period.quarter.slice(6)) - 1) * 3 + 1
    return run(new Temporal.PlainDateTime(Number(period.quarter.slice(0, 4)), month, 1), units('quarter', 1))
  }
  if ('month' in period) return run(Temporal.PlainDate.from(`${period.month}-01`).toPlainDateTime(), units('month', 1))
  if ('day' in period) return run(Temporal.PlainDate.from(period.day).toPlainDateTime(), units('day', 1))
  if ('from' in period) return { from: written(period.from), to: written(period.to) }
  if ('before' in period) return { to: written(period.before) }
  return { from: written(period.since) }
}

const written = (text: string): Temporal.PlainDateTime =>
  text.length <= 10
    ? Temporal.PlainDate.from(text).toPlainDateTime()
    : Temporal.PlainDateTime.from(text.replace(' ', 'T').replace(/(Z|[+-]\d{2}(:?\d{2})?)$/, ''))

function startOf(unit: PeriodUnit, at: Temporal.PlainDateTime, calendar: Calendar): Temporal.PlainDateTime {
  if (unit === 'hour') return at.with({ minute: 0, second: 0, millisecond: 0, microsecond: 0, nanosecond: 0 })
  const day = at.toPlainDate()
  return startDay(unit, day, calendar).toPlainDateTime()
}

function startDay(unit: PeriodUnit, day: Temporal.PlainDate, calendar: Calendar): Temporal.PlainDate {
  const first = day.with({ day: 1 })
  const fiscalMonth = (day.month - calendar.fiscalYearStart + 12) % 12
  switch (unit) {
    case 'week':
      return day.subtract({ days: (day.dayOfWeek - 1 - weekOffsetDays(calendar.weekStart) + 7) % 7 })
    case 'month':
      return first
    case 'quarter':
      return first.subtract({ months: (day.month - 1) % 3 })
    case 'year':
      return first.with({ month: 1 })
    case 'fiscal_quarter':
      return first.subtract({ months: fiscalMonth % 3 })
    case 'fiscal_year':
      return first.subtract({ months: fiscalMonth })
    default:
      return day
  }
}

/** Moves back by a shift, or forward with sign 1. */
function moved(at: Temporal.PlainDateTime, shift: Shift | undefined, sign: 1 | -1 = -1): Temporal.PlainDateTime {
  if (shift === undefined) return at
  return at.add({ months: sign * shift.months, days: sign * shift.days, hours: sign * shift.hours })
}

/** What a clock on the wall shows; asked several times for one run. */
function wallClock({ now, timezone }: Clock): Temporal.PlainDateTime {
  return remembered(wallClocks, `${now.getTime()} ${timezone}`, () =>
    Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(timezone).toPlainDateTime(),
  )
}

function boundary(at: Temporal.PlainDateTime, timezone: string): Boundary {
  const local = at.toString()
  return remembered(boundaries, `${local} ${timezone}`, () => ({
    date: local.slice(0, local.indexOf('T')),
    local,
    instant: at.toZonedDateTime(timezone).toInstant().toString(),
  }))
}

// Finding a zone's offset is most of the time that planning takes, and the days that people ask about repeat.
const wallClocks = new Map<string, Temporal.PlainDateTime>()
const boundaries = new Map<string, Boundary>()
