// One cell as people read it: the same on screen, in a terminal, in a file and in a mail.
// In: a cell, its column, the reader's locale and IANA time zone. Out: text. Decimals never pass through floats.
// Refused: nothing; a value that is not of its column's type is shown as it is.
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
  const { style, decimals, currency = column.unit } = column.format ?? {}
  const fixed = decimals === undefined ? {} : { minimumFractionDigits: decimals, maximumFractionDigits: decimals }
  if (style === 'percent')
    return numberFormat(locale, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1, ...fixed })(
      text,
    )
  if (style === 'money' || (column.type === 'money' && style === undefined)) {
    if (currency !== undefined && /^[A-Z]{3}$/.test(currency))
      return numberFormat(locale, { style: 'currency', currency, ...fixed })(text)
    return numberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2, ...fixed })(text)
  }
  const shown = numberFormat(locale, {
    ...(isYear(column) ? { useGrouping: false } : {}),
    ...(decimals === undefined ? SENSIBLE_DECIMALS : fixed),
  })(text)
  if (column.unit === undefined || column.type === 'money') return shown
  return column.unit === '%' ? `${shown}%` : `${shown} ${column.unit}`
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
  if (grain === 'day_of_week') return dateFormat(locale, 'UTC', { weekday: 'long' })(Date.UTC(2024, 0, n))
  if (grain === 'month_of_year') return dateFormat(locale, 'UTC', { month: 'long' })(Date.UTC(2024, n - 1, 1))
  if (grain === 'quarter_of_year') return `Q${text}`
  if (grain === 'hour_of_day') return `${text.padStart(2, '0')}:00`
  return text
}

const DATE =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}(?::?\d{2}(?::?\d{2})?)?)?)?$/

function time(text: string, column: OutputColumn, { locale, timezone }: FormatOptions): string {
  const found = DATE.exec(text)
  if (found === null) return text
  const [, year, month, day, hour, minute, second, offset] = found
  const wall = utc(Number(year), Number(month), Number(day)) + clockMs(hour, minute, second)
  const zoned = offset !== undefined && column.grain === undefined
  const instant = zoned ? wall - offsetMs(offset) : wall
  const zone = zoned ? timezone : 'UTC'
  const show = (parts: Intl.DateTimeFormatOptions, at = instant) => dateFormat(locale, zone, parts)(at)
  switch (column.grain) {
    case 'year':
      return String(Number(year))
    case 'quarter':
      return `Q${Math.ceil(Number(month) / 3)} ${Number(year)}`
    case 'month':
      return show({ month: 'short', year: 'numeric' })
    case 'week':
      return `Week of ${show({ dateStyle: 'medium' })}`
    case 'fiscal_year':
      // A fiscal year is named after the calendar year in which it ends.
      return `FY ${new Date(utc(Number(year) + 1, Number(month), Number(day)) - DAY_MS).getUTCFullYear()}`
    case 'fiscal_quarter':
      return range(locale, instant, utc(Number(year), Number(month) + 3, 0))
    case 'hour':
      return show({ dateStyle: 'medium', timeStyle: 'short' })
    default:
      return show(
        hour === undefined || column.type === 'date'
          ? { dateStyle: 'medium' }
          : { dateStyle: 'medium', timeStyle: 'short' },
      )
  }
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

function dateFormat(locale: string, timeZone: string, options: Intl.DateTimeFormatOptions): (ms: number) => string {
  return remembered(dateFormats, `${locale} ${timeZone} ${JSON.stringify(options)}`, () => {
    const format = new Intl.DateTimeFormat(locale, { timeZone, ...options })
    return (ms) => plainSpaces(format.format(ms))
  })
}

/** Versions of ICU differ in the spaces they put into dates; the same cell is to read the same everywhere. */
function plainSpaces(text: string): string {
  return text.replace(/[\u2009\u202f]/g, ' ')
}

function remembered<T>(made: Map<string, T>, key: string, make: () => T): T {
  const known = made.get(key)
  if (known !== undefined) return known
  if (made.size > 500) made.clear()
  const fresh = make()
  made.set(key, fresh)
  return fresh
}
