// The number format of a cell: what makes a spreadsheet show a real number or date as the screen shows it.
// In: the style from rows/format.ts and a locale. Out: a format code. Separators are those of the spreadsheet's own locale.

import type { OutputColumn } from '../../plan/columns.ts'
import { amountStyle, timeStyle } from '../../rows/format.ts'

const SAMPLE = 1234.5678
const MINUS = '−'

/** The format of a column's amounts: with a fixed number of decimals, or a function of how many a cell shows. */
export function amountFormat(column: OutputColumn, locale: string): (decimals: number) => string {
  const { options, suffix } = amountStyle(column)
  const positive = pattern(new Intl.NumberFormat(locale, options).formatToParts(SAMPLE), suffix)
  const negative = pattern(new Intl.NumberFormat(locale, options).formatToParts(-SAMPLE), suffix)
  return (decimals) => {
    const digits = `${options.useGrouping === false ? '0' : '#,##0'}${decimals === 0 ? '' : `.${'0'.repeat(decimals)}`}`
    return `${positive(digits)};${negative(digits)}`
  }
}

/** How many decimals an amount of the column shows. */
export function decimalsOf(column: OutputColumn, locale: string): (amount: string) => number {
  const { options } = amountStyle(column)
  const intl = new Intl.NumberFormat(locale, options)
  if (options.maximumSignificantDigits === undefined) {
    const fixed = intl.resolvedOptions().maximumFractionDigits ?? 0
    return () => fixed
  }
  return (amount) => {
    const point = amount.indexOf('.')
    if (point < 0) return 0
    if (amount.length - point <= 3)
      return amount.endsWith('00') ? 0 : amount.length - point - (amount.endsWith('0') ? 2 : 1)
    const parts = intl.formatToParts(amount as Intl.StringNumericLiteral)
    return parts.find(({ type }) => type === 'fraction')?.value.length ?? 0
  }
}

function pattern(parts: readonly Intl.NumberFormatPart[], suffix: string): (digits: string) => string {
  const NUMBER = new Set(['integer', 'group', 'decimal', 'fraction'])
  const first = parts.findIndex(({ type }) => NUMBER.has(type))
  const last = parts.findLastIndex(({ type }) => NUMBER.has(type))
  const words = (some: readonly Intl.NumberFormatPart[]) =>
    some
      .map(({ type, value }) => (type === 'percentSign' ? '%' : literal(type === 'minusSign' ? MINUS : value)))
      .join('')
  const before = words(parts.slice(0, first))
  const after = `${words(parts.slice(last + 1))}${literal(suffix)}`
  return (digits) => `${before}${digits}${after}`
}

/** The format of a column's dates, with the clock where cells have one; undefined for texts such as "Q2 2025". */
export function timeFormat(column: OutputColumn, hasClock: boolean, locale: string): string | undefined {
  const style = timeStyle(column, hasClock)
  if (style === undefined) return undefined
  const written = style.locale ?? locale
  const parts = new Intl.DateTimeFormat(written, { timeZone: 'UTC', ...style.options }).formatToParts(
    Date.UTC(2001, 1, 3, 4, 5),
  )
  const half = parts.some(({ type }) => type === 'dayPeriod')
  const named = parts.some(({ type, value }) => type === 'month' && !/^\d+$/.test(value))
  const code = parts.map((part) => timePart(part, half, style.options.dateStyle === 'long')).join('')
  return `${named ? languageOf(written) : ''}${literal(style.prefix)}${code}`
}

function timePart({ type, value }: Intl.DateTimeFormatPart, half: boolean, long: boolean): string {
  const twice = (letter: string) => (value.length === 2 ? letter.repeat(2) : letter)
  switch (type) {
    case 'year':
      return value.length === 2 ? 'yy' : 'yyyy'
    case 'month':
      return /^\d+$/.test(value) ? twice('m') : long ? 'mmmm' : 'mmm'
    case 'day':
      return twice('d')
    case 'hour':
      return half && value.length === 1 ? 'h' : twice('h')
    case 'minute':
      return 'mm'
    case 'second':
      return 'ss'
    case 'dayPeriod':
      return 'AM/PM'
    default:
      return literal(value.replace(/[\u2009\u202f]/g, ' '))
  }
}

/** The language of month names, which otherwise is that of the spreadsheet program. */
function languageOf(locale: string): string {
  return locale === 'en-US' ? '[$-409]' : `[$-${locale}]`
}

/** Text inside a format code. */
function literal(text: string): string {
  return text === '' ? '' : `"${text.replaceAll('"', '"\\""')}"`
}
