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

/** A moment as it is reckoned with: what the wall shows, and the instant where that alone does not say it. */
type Moment = { readonly wall: Temporal.PlainDateTime; readonly instant?: Temporal.Instant }

/** The boundaries of a period at the clock's instant; `back` moves it to an earlier stretch. */
export function resolvePeriod(period: Period, clock: Clock, calendar: Calendar, back?: Shift): Bounds {
  const { from, to } = stretchOf(period, clock, calendar)
  return {
    ...(from && { from: boundary(moved(from, back), clock.timezone) }),
    ...(to && { to: boundary(movedEnd(to, back), clock.timezone) }),
  }
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
  const at = written(text, timezone)
  return boundary(nextDay ? { wall: at.wall.add({ days: 1 }) } : at, timezone)
}

/** The start of the stretch of `unit` that holds the clock's instant. */
export function currentStart(unit: PeriodUnit, clock: Clock, calendar: Calendar): Boundary {
  return boundary(startOf(unit, clockMoment(clock), clock.timezone, calendar), clock.timezone)
}

/** The start of the stretch of `unit` that holds a boundary, or that ends at it (`before`). */
export function stretchStart(
  at: Boundary,
  unit: PeriodUnit,
  timezone: string,
  calendar: Calendar,
  before = false,
): Boundary {
  const moment = { wall: Temporal.PlainDateTime.from(at.local), instant: Temporal.Instant.from(at.instant) }
  const inside = before ? shifted(moment, { microseconds: -1 }) : moment
  return boundary(startOf(unit, inside, timezone, calendar), timezone)
}

function stretchOf(period: Period, clock: Clock, calendar: Calendar): { from?: Moment; to?: Moment } {
  const { timezone } = clock
  const current = (unit: PeriodUnit): Moment => startOf(unit, clockMoment(clock), timezone, calendar)
  const run = (from: Moment, shift: Shift) => ({ from, to: moved(from, shift, 1) })
  const day = (year: number, month: number): Moment => ({ wall: new Temporal.PlainDateTime(year, month, 1) })
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
  if ('year' in period) return run(day(period.year, 1), units('year', 1))
  if ('fiscal_year' in period) {
    const first = calendar.fiscalYearStart
    const year = first === 1 ? period.fiscal_year : period.fiscal_year - 1
    return run(day(year, first), units('year', 1))
  }
  if ('quarter' in period) {
    const month = (Number(period.quarter.slice(6)) - 1) * 3 + 1
    return run(day(Number(period.quarter.slice(0, 4)), month), units('quarter', 1))
  }
  if ('month' in period) return run(written(`${period.month}-01`, timezone), units('month', 1))
  if ('day' in period) return run(written(period.day, timezone), units('day', 1))
  if ('from' in period) return { from: written(period.from, timezone), to: written(period.to, timezone) }
  if ('before' in period) return { to: written(period.before, timezone) }
  return { from: written(period.since, timezone) }
}

/** A day's start, a local time, or the instant of a time with an offset. */
function written(text: string, timezone: string): Moment {
  if (text.length <= 10) return { wall: Temporal.PlainDate.from(text).toPlainDateTime() }
  const iso = text.replace(' ', 'T')
  if (!/(Z|[+-]\d{2}(:?\d{2})?)$/.test(iso)) return { wall: Temporal.PlainDateTime.from(iso) }
  const instant = Temporal.Instant.from(iso.replace(/([+-]\d{2})$/, '$1:00'))
  return { wall: instant.toZonedDateTimeISO(timezone).toPlainDateTime(), instant }
}

function startOf(unit: PeriodUnit, at: Moment, timezone: string, calendar: Calendar): Moment {
  if (unit !== 'hour') return { wall: startDay(unit, at.wall.toPlainDate(), calendar).toPlainDateTime() }
  const whole = { minute: 0, second: 0, millisecond: 0, microsecond: 0, nanosecond: 0 }
  const instant = at.instant ?? at.wall.toZonedDateTime(timezone).toInstant()
  // Of an hour that the clock shows twice, the one that the instant lies in.
  return { wall: at.wall.with(whole), instant: instant.toZonedDateTimeISO(timezone).with(whole).toInstant() }
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

/** Moves back by a shift, or forward with sign 1: days and months on the calendar, hours in time that has passed. */
function moved(at: Moment, shift: Shift | undefined, sign: 1 | -1 = -1): Moment {
  if (shift === undefined) return at
  const { months, days, hours } = shift
  if (months === 0 && days === 0) return shifted(at, { hours: sign * hours })
  return { wall: at.wall.add({ months: sign * months, days: sign * days }) }
}

/** An end moved back: the day before it moves, for the end itself may be a day that the earlier month does not have. */
function movedEnd(to: Moment, shift: Shift | undefined): Moment {
  const { day, hour, minute } = to.wall
  if (shift === undefined || shift.months === 0 || day === 1 || hour + minute > 0) return moved(to, shift)
  const last = moved({ wall: to.wall.subtract({ days: 1 }) }, shift)
  return { wall: last.wall.add({ days: 1 }) }
}

function shifted({ wall, instant }: Moment, by: { hours?: number; microseconds?: number }): Moment {
  return { wall: wall.add(by), ...(instant && { instant: instant.add(by) }) }
}

/** The clock's instant and what a clock on the wall shows then; asked several times for one run. */
function clockMoment({ now, timezone }: Clock): Moment {
  return remembered(moments, `${now.getTime()} ${timezone}`, () => {
    const instant = Temporal.Instant.fromEpochMilliseconds(now.getTime())
    return { wall: instant.toZonedDateTimeISO(timezone).toPlainDateTime(), instant }
  })
}

function boundary({ wall, instant }: Moment, timezone: string): Boundary {
  const local = wall.toString()
  const date = local.slice(0, local.indexOf('T'))
  if (instant !== undefined) return { date, local, instant: instant.toString() }
  return remembered(boundaries, `${local} ${timezone}`, () => ({
    ...{ date, local },
    instant: wall.toZonedDateTime(timezone).toInstant().toString(),
  }))
}

// Finding a zone's offset is most of the time that planning takes, and the days that people ask about repeat.
const moments = new Map<string, Moment>()
const boundaries = new Map<string, Boundary>()
