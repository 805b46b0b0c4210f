// Calendar days as whole numbers since 1970-01-01, so that generating a million rows needs no date objects.

const dayMs = 86_400_000
/** The demo's people live by New York's standard time; no gift is made in the hours that daylight saving would move to another day. */
const zoneSeconds = 5 * 3600

/** The day number of a date text such as 2026-02-28; throws a RangeError for anything else. */
export function dayOf(date: string): number {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== date) {
    throw new RangeError(`Cannot read date "${date}": write it as year-month-day, such as 2026-02-28`)
  }
  return ms / dayMs
}

/** The day number of a year, month (1 to 12; more or fewer run into other years) and day of the month. */
export function dayFrom(year: number, month: number, date: number): number {
  return Date.UTC(year, month - 1, date) / dayMs
}

/** 2026-02-28 of a day number. */
export function dateText(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10)
}

/** Year, month (1 to 12), day of the month and weekday (0 is Sunday) of a day number. */
export function partsOf(day: number): { year: number; month: number; date: number; weekday: number } {
  const at = new Date(day * dayMs)
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, date: at.getUTCDate(), weekday: at.getUTCDay() }
}

/** The same day of the month, `months` later; the month's last day where it has no such day. */
export function addMonths(day: number, months: number): number {
  const { year, month, date } = partsOf(day)
  const last = dayFrom(year, month + months + 1, 1) - 1
  return Math.min(dayFrom(year, month + months, date), last)
}

/** The `nth` such weekday of a month: thanksgiving is nthWeekday(year, 11, 4, 4). */
export function nthWeekday(year: number, month: number, weekday: number, nth: number): number {
  const first = dayFrom(year, month, 1)
  return first + ((weekday - partsOf(first).weekday + 7) % 7) + (nth - 1) * 7
}

/** The Tuesday after the first Monday of November. */
export function electionDay(year: number): number {
  return nthWeekday(year, 11, 1, 1) + 1
}

/** A time stamp with microseconds, in UTC, of a second of a New York day. */
export function stamp(day: number, second: number, micros: number): string {
  const time = new Date(day * dayMs + (second + zoneSeconds) * 1000).toISOString()
  return `${time.slice(0, 19)}.${String(micros).padStart(6, '0')}Z`
}
