// One cell as people read it: the same on screen, in a terminal, in a file and in a mail.
// In: a cell, its column, the reader's locale and IANA time zone. Out: text. Decimals never pass through floats.
// Refused: nothing; a value that is not of its column's type is shown as it is.
import { remembered } from '../lib/remember.ts'
import type { Cell, OutputColumn } from '../plan/columns.ts'

export type FormatOptions = {
  /** BCP 47, such as "en-US". */
  readonly locale: string
  /** IANA name; timestamps with an offset are shown as the wall clock there. */
  readonly timezone: string
}

/** What an empty cell of a key column is called. */
export const EMPTY_KEY = '(empty)'
/** What stands for an empty number. */
export const EMPTY_NUMBER = '–'

/** Whether a column holds amounts, which are aligned right; a month's number or an id is a name, not an amount. */
export function isNumeric(column: OutputColumn): boolean {
  if (column.grain !== undefined) return false
  return column.type === 'integer' || column.type === 'number' || column.type === 'money'
}

/** One cell as text for people; empty keys read "(empty)", empty numbers "–", other empty cells nothing. */
export function formatCell(cell: Cell, column: OutputColumn, options: FormatOptions): string {
  if (cell === null) {
    if (column.role === 'key') return EMPTY_KEY
    return isNumeric(column) ? EMPTY_NUMBER : ''
  }
  if (typeof cell === 'boolean') return cell ? 'Yes' : 'No'
  const text = String(cell)
  switch (column.type) {
    case 'integer':
    case 'number':
    case 'money':
      return column.grain === undefined
        ? withMinus(amount(text, column, options.locale))
        : partOfTime(text, column.grain, options)
    case 'date':
    case 'timestamp':
      return time(text, column, options)
    case 'enum':
      return column.valueLabels !== undefined && Object.hasOwn(column.valueLabels, text)
        ? (column.valueLabels[text] ?? text)
        : text
    default:
      return text
  }
}

/** A minus as wide as a plus, so that columns of changes line up. */
function withMinus(shown: string): string {
  return shown.replace('-', '−')
}

const DECIMAL = /^-?\d+(\.\d+)?$/
const DAY_MS = 86_400_000

function amount(text: string, column: OutputColumn, locale: string): string {
  if (!DECIMAL.test(text)) return text
  const { options, suffix } = amountStyle(column)
  // A negative zero is a float's way to write zero.
  return `${numberFormat(locale, options)(/[1-9]/.test(text) ? text : text.replace('-', ''))}${suffix}`
}

/** How the amounts of a numeric column are shown: by Intl.NumberFormat with these options, and what stands behind. */
export function amountStyle(column: OutputColumn): { options: Intl.NumberFormatOptions; suffix: string } {
  const { style, decimals, currency = column.unit } = column.format ?? {}
  const digits = (count: number) => ({ minimumFractionDigits: count, maximumFractionDigits: count })
  const fixed = decimals === undefined ? {} : digits(decimals)
  if (style === 'percent') return { options: { style: 'percent', ...digits(1), ...fixed }, suffix: '' }
  if (style === 'money' || (column.type === 'money' && style === undefined)) {
    const known = currency !== undefined && /^[A-Z]{3}$/.test(currency)
    return { options: known ? { style: 'currency', currency, ...fixed } : { ...digits(2), ...fixed }, suffix: '' }
  }
  const unit = column.type === 'money' ? undefined : column.unit
  return {
    options: {
      ...(isYear(column) ? { useGrouping: false } : {}),
      ...(decimals === undefined ? SENSIBLE_DECIMALS : fixed),
    },
    suffix: unit === undefined ? '' : unit === '%' ? '%' : ` ${unit}`,
  }
}

/** Two decimals, or three significant digits where that shows more: 1,234.57 and 0.000123. */
const SENSIBLE_DECIMALS = {
  maximumFractionDigits: 2,
  maximumSignificantDigits: 3,
  roundingPriority: 'morePrecision',
} as const

function isYear(column: OutputColumn): boolean {
  return (
    column.type === 'integer' && (column.role === 'key' || column.role === 'column') && /\byear\b/i.test(column.label)
  )
}

function partOfTime(text: string, grain: NonNullable<OutputColumn['grain']>, { locale }: FormatOptions): string {
  const n = Number(text)
  // 2024-01-01 is a Monday and the first day of a year, so one date serves weekdays and months.
  if (grain === 'day_of_week') return dateFormat(locale, { weekday: 'long' })(Date.UTC(2024, 0, n))
  if (grain === 'month_of_year') return dateFormat(locale, { month: 'long' })(Date.UTC(2024, n - 1, 1))
  if (grain === 'quarter_of_year') return `Q${text}`
  if (grain === 'hour_of_day') return `${text.padStart(2, '0')}:00`
  return text
}

const CLOCK = /^[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}(?::?\d{2}(?::?\d{2})?)?)?$/

/** What a clock and calendar on the reader's wall show for a date or timestamp: ms since 1970 as if it were UTC, in whole seconds. */
export type WallTime = { readonly ms: number; readonly hasClock: boolean }

/** The wall time of a cell, or undefined for what is no date of the years 0 to 9999. */
export function wallTime(text: string, column: OutputColumn, timezone: string): WallTime | undefined {
  const day = dayMs(text.slice(0, 10))
  if (day === undefined) return undefined
  if (text.length === 10) return { ms: day, hasClock: false }
  const found = CLOCK.exec(text.slice(10))
  if (found === null) return undefined
  const [, hour, minute, second, offset] = found
  const written = day + clockMs(hour, minute, second)
  if (offset === undefined || column.grain !== undefined) return { ms: written, hasClock: true }
  const instant = written - offsetMs(offset)
  return { ms: instant + zoneOffsetMs(timezone, instant), hasClock: true }
}

const dayStarts = new Map<string, number | undefined>()

/** Midnight of YYYY-MM-DD; remembered, since many rows share few days. */
function dayMs(text: string): number | undefined {
  if (dayStarts.has(text)) return dayStarts.get(text)
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  const ms = found === null ? undefined : utc(Number(found[1]), Number(found[2]), Number(found[3]))
  if (dayStarts.size > 20_000) dayStarts.clear()
  dayStarts.set(text, ms)
  return ms
}

export type TimeStyle = {
  readonly options: Intl.DateTimeFormatOptions
  readonly prefix: string
  /** In place of the reader's. */
  readonly locale?: string
}

/** How times of a column are shown: by Intl.DateTimeFormat with these options, after a prefix; undefined for words of their own. */
export function timeStyle(column: OutputColumn, hasClock: boolean): TimeStyle | undefined {
  const day = { dateStyle: 'medium' } as const
  switch (column.grain) {
    case 'year':
    case 'quarter':
    case 'fiscal_year':
    case 'fiscal_quarter':
      return undefined
    case 'month':
      return { options: { month: 'short', year: 'numeric' }, prefix: '' }
    case 'week':
      return { options: day, prefix: 'Week of ' }
    case 'hour':
      return { options: { ...day, timeStyle: 'short' }, prefix: '' }
    default:
      return ownTimeStyle(column, hasClock && column.type !== 'date')
  }
}

function ownTimeStyle({ format }: OutputColumn, hasClock: boolean): TimeStyle {
  const { date = 'medium', clock = 'minutes' } = format ?? {}
  const withClock = hasClock && clock !== 'none'
  const options: Intl.DateTimeFormatOptions = {
    dateStyle: date === 'iso' ? 'short' : date,
    ...(withClock && { timeStyle: clock === 'seconds' ? 'medium' : 'short' }),
  }
  // Sweden writes its dates as ISO 8601 does.
  return { options, prefix: '', ...(date === 'iso' && { locale: 'sv-SE' }) }
}

function time(text: string, column: OutputColumn, { locale, timezone }: FormatOptions): string {
  const wall = wallTime(text, column, timezone)
  if (wall === undefined) return text
  const style = timeStyle(column, wall.hasClock)
  if (style !== undefined) return `${style.prefix}${dateFormat(style.locale ?? locale, style.options)(wall.ms)}`
  const date = new Date(wall.ms)
  const year = date.getUTCFullYear()
  const month = date.getUTCMonth() + 1
  switch (column.grain) {
    case 'quarter':
      return `Q${Math.ceil(month / 3)} ${year}`
    case 'fiscal_year':
      // A fiscal year is named after the calendar year in which it ends.
      return `FY ${new Date(utc(year + 1, month, date.getUTCDate()) - DAY_MS).getUTCFullYear()}`
    case 'fiscal_quarter':
      return range(locale, wall.ms, utc(year, month + 3, 0))
    default:
      return String(year)
  }
}

const zoneOffsets = new Map<string, Map<number, number>>()

/** Offset of a zone at an instant; remembered for the days at whose ends it is the same. */
function zoneOffsetMs(timezone: string, instant: number): number {
  const known = remembered(zoneOffsets, timezone, () => new Map<number, number>())
  const day = Math.floor(instant / DAY_MS)
  const before = known.get(day)
  if (before !== undefined) return before
  const offset = zoneOffsetNow(timezone, day * DAY_MS)
  if (offset !== zoneOffsetNow(timezone, (day + 1) * DAY_MS - 1000)) return zoneOffsetNow(timezone, instant)
  if (known.size > 50_000) known.clear()
  known.set(day, offset)
  return offset
}

function zoneOffsetNow(timezone: string, instant: number): number {
  const format = remembered(zoneClocks, timezone, () => zoneClock(timezone))
  const part: Record<string, number> = {}
  let era = 1
  for (const { type, value } of format.formatToParts(instant)) {
    if (type === 'era' && value.startsWith('B')) era = -1
    part[type] = Number(value)
  }
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
  const wall = utc(era > 0 ? year : 1 - year, month, day) + (hour * 3600 + minute * 60 + second) * 1000
  return wall - Math.floor(instant / 1000) * 1000
}

const zoneClocks = new Map<string, Intl.DateTimeFormat>()

function zoneClock(timeZone: string): Intl.DateTimeFormat {
  const number = 'numeric'
  const parts = { era: 'short', year: number, month: number, day: number, hour: number, minute: number } as const
  return new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', second: number, ...parts })
}

/** Milliseconds of a day in UTC; years below 100 are meant as written. */
function utc(year: number, month: number, day: number): number {
  const date = new Date(Date.UTC(2000, month - 1, day))
  date.setUTCFullYear(year + date.getUTCFullYear() - 2000)
  return date.getTime()
}

function clockMs(hour = '0', minute = '0', second = '0'): number {
  return (Number(hour) * 3600 + Number(minute) * 60 + Number(second)) * 1000
}

function offsetMs(offset: string): number {
  if (offset === 'Z') return 0
  const digits = offset.slice(1).replaceAll(':', '')
  const ms = clockMs(digits.slice(0, 2), digits.slice(2, 4) || '0', digits.slice(4, 6) || '0')
  return offset.startsWith('-') ? -ms : ms
}

function range(locale: string, from: number, to: number): string {
  const format = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', month: 'short', year: 'numeric' })
  return plainSpaces(format.formatRange(from, to))
}

const numberFormats = new Map<string, (decimal: string) => string>()
const dateFormats = new Map<string, (ms: number) => string>()

/** Making an Intl formatter costs a thousand times what using it costs. */
function numberFormat(locale: string, options: Intl.NumberFormatOptions): (decimal: string) => string {
  return remembered(numberFormats, `${locale} ${JSON.stringify(options)}`, () => {
    const format = new Intl.NumberFormat(locale, options)
    return (decimal) => format.format(decimal as Intl.StringNumericLiteral)
  })
}

function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): (ms: number) => string {
  return remembered(dateFormats, `${locale} ${JSON.stringify(options)}`, () => {
    const format = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options })
    return (ms) => plainSpaces(format.format(ms))
  })
}

/** Versions of ICU differ in the spaces they put into dates; the same cell is to read the same everywhere. */
function plainSpaces(text: string): string {
  return text.replace(/[\u2009\u202f]/g, ' ')
}
