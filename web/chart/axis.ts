import type { OutputColumn } from '../../src/plan/columns.ts'
import { amountStyle } from '../../src/rows/format.ts'
import { readerLocale } from '../api/locale.ts'

/** Numbers along an axis: short, such as $1.2M. */
export function shortly(column: OutputColumn): (value: number) => string {
  const { options, suffix } = amountStyle(column)
  const { style, currency, useGrouping } = options
  const format = new Intl.NumberFormat(readerLocale, {
    ...(style && { style }),
    ...(currency && { currency }),
    ...(useGrouping === false ? { useGrouping } : { notation: 'compact' as const }),
    ...{ minimumFractionDigits: 0, maximumFractionDigits: style === 'percent' ? 1 : 2 },
  })
  return (value) => `${format.format(value).replace('-', '−')}${suffix}`
}

/** Which of many names along an axis have room to be written. */
export function everyNth(count: number, room: number, widest: number): number {
  return Math.max(1, Math.ceil((count * (widest + 16)) / Math.max(room, 1)))
}

const LETTER = 6.6
/** About how wide small text is. */
export const textWidth = (text: string): number => text.length * LETTER

export const shortened = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text

export const seriesColor = (index: number): string => `var(--series-${(index % 8) + 1})`
/** Lines differ in more than their colour. */
export const DASHES = ['none', '7 3', '2 3', '10 3 2 3', '5 5', '12 4', '1 4', '8 2 2 2 2 2']
