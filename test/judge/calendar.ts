// Days, instants and wall clocks in one time zone. Days count from 1970-01-01, times are microseconds.
import { Temporal } from '@js-temporal/polyfill'
import { floorDivide } from './rational.ts'

export const DAY_US = 86_400_000_000n
export const HOUR_US = 3_600_000_000n
/** Zone offsets change only at whole quarters of an hour. */
const OFFSET_STEP_US = 900_000_000n

/** The time zone and the calendar rules of one run. */
export type Calendar = {
  readonly timezone: string
  readonly nowUs: bigint
  /** 1 is Monday. */
  readonly weekStart: number
  /** 1 is January. */
  readonly fiscalYearStart: number
}

const offsets = new Map<string, bigint>()

/** Offset of local time from UTC at an instant, in microseconds. */
export function offsetAt(us: bigint, timezone: string): bigint {
  const step = floorDivide(us, OFFSET_STEP_US)
  const key = `${timezone} ${step}`
  const known = offsets.get(key)
  if (known !== undefined) return known
  const instant = Temporal.Instant.fromEpochMilliseconds(Number((step * OFFSET_STEP_US) / 1000n))
  const found = BigInt(instant.toZonedDateTimeISO(timezone).offsetNanoseconds) / 1000n
  if (offsets.size > 200_000) offsets.clear()
  offsets.set(key, found)
  return found
}

/** The wall clock at an instant. */
export function wallOf(us: bigint, timezone: string): bigint {
  return us + offsetAt(us, timezone)
}

/** The instant at which the wall clock shows a time; in a gap the time moved on, of two the first. */
export function instantOf(wallUs: bigint, timezone: string): bigint {
  const day = Number(floorDivide(wallUs, DAY_US))
  const within = wallUs - BigInt(day) * DAY_US
  const time = Temporal.PlainTime.from({
    hour: Number(within / HOUR_US),
    minute: Number((within / 60_000_000n) % 60n),
    second: Number((within / 1_000_000n) % 60n),
    millisecond: Number((within / 1000n) % 1000n),
    microsecond: Number(within % 1000n),
  })
  const zoned = plainDate(day).toPlainDateTime(time).toZonedDateTime(timezone)
  return BigInt(zoned.toInstant().epochNanoseconds) / 1000n
}

const dayStarts = new Map<string, bigint>()

/** The first instant of a local day. */
export function startOfDay(day: number, timezone: string): bigint {
  const key = `${timezone} ${day}`
  const known = dayStarts.get(key)
  if (known !== undefined) return known
  const found = BigInt(plainDate(day).toZonedDateTime(timezone).startOfDay().epochNanoseconds) / 1000n
  if (dayStarts.size > 100_000) dayStarts.clear()
  dayStarts.set(key, found)
  return found
}

function plainDate(day: number): Temporal.PlainDate {
  return Temporal.PlainDate.from('1970-01-01').add({ days: day })
}

/** The local day of an instant or wall time. */
export function dayOf(value: { kind: 'instant' | 'wall'; us: bigint }, timezone: string): number {
  return Number(floorDivide(value.kind === 'wall' ? value.us : wallOf(value.us, timezone), DAY_US))
}

export type Civil = { readonly year: number; readonly month: number; readonly day: number }

export function civilOf(day: number): Civil {
  const date = new Date(day * 86_400_000)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

/** The day number of a year, month (may run over) and day of month. */
export function dayNumber(year: number, month: number, day: number): number {
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return Math.round(date.getTime() / 86_400_000)
}

/** The same day of the month so many months later, cut to the month's last day. */
export function addMonths(day: number, months: number): number {
  const { year, month, day: dayOfMonth } = civilOf(day)
  const lastDay = civilOf(dayNumber(year, month + months + 1, 1) - 1).day
  return dayNumber(year, month + months, Math.min(dayOfMonth, lastDay))
}

/** 1 for Monday to 7 for Sunday. */
export function weekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1
}

/** A day written YYYY-MM-DD; undefined when there is no such day. */
export function parseDay(text: string): number | undefined {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (parts === null) return undefined
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])]
  const found = dayNumber(year, month, day)
  const back = civilOf(found)
  return back.year === year && back.month === month && back.day === day ? found : undefined
}

/** A written time: its wall clock, and its instant when it has an offset; undefined when it is none. */
export function parseTime(text: string): { wallUs: bigint; instantUs?: bigint } | undefined {
  const parts = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?(Z|[+-]\d{2}(?::?\d{2})?)?$/.exec(
    text,
  )
  const day = parts === null ? undefined : parseDay(parts[1] ?? '')
  if (parts === null || day === undefined) return undefined
  const [, , hour = '0', minute = '0', second = '0', fraction = '', offset] = parts
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
  const seconds = BigInt(Number(hour) * 3600 + Number(minute) * 60 + Number(second))
  const wallUs = BigInt(day) * DAY_US + seconds * 1_000_000n + BigInt(fraction.padEnd(6, '0'))
  if (offset === undefined) return { wallUs }
  return { wallUs, instantUs: wallUs - offsetUs(offset) }
}

function offsetUs(offset: string): bigint {
  if (offset === 'Z') return 0n
  const digits = offset.slice(1).replace(':', '').padEnd(4, '0')
  const minutes = BigInt(Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2)))
  return (offset.startsWith('-') ? -minutes : minutes) * 60_000_000n
}

export function dayText(day: number): string {
  const { year, month, day: dayOfMonth } = civilOf(day)
  return `${String(year).padStart(4, '0')}-${pad(month)}-${pad(dayOfMonth)}`
}

function pad(value: number | bigint): string {
  return String(value).padStart(2, '0')
}

/** YYYY-MM-DDTHH:MM:SS with microseconds when there are any. */
export function wallText(us: bigint): string {
  const day = floorDivide(us, DAY_US)
  const within = us - day * DAY_US
  const micros = within % 1_000_000n
  const fraction = micros === 0n ? '' : `.${String(micros).padStart(6, '0').replace(/0+$/, '')}`
  const clock = `${pad(within / HOUR_US)}:${pad((within / 60_000_000n) % 60n)}:${pad((within / 1_000_000n) % 60n)}`
  return `${dayText(Number(day))}T${clock}${fraction}`
}

/** Local time with its offset. */
export function instantText(us: bigint, calendar: Calendar): string {
  const offset = offsetAt(us, calendar.timezone)
  const minutes = (offset < 0n ? -offset : offset) / 60_000_000n
  return `${wallText(us + offset)}${offset < 0n ? '-' : '+'}${pad(minutes / 60n)}:${pad(minutes % 60n)}`
}
