// A cell of the result as a cell of a worksheet, of its real type: number, date, boolean or text, never a formula.
// What a worksheet would change is written as text: numbers of more than 15 digits, dates before March 1900.
import type { Cell, OutputColumn } from '../../plan/columns.ts'
import { EMPTY_KEY, formatCell, isNumeric, wallTime } from '../../rows/format.ts'
import type { FileMeta } from '../table.ts'
import { amountFormat, decimalsOf, timeFormat } from './number-format.ts'
import type { CellStyle, Styles } from './styles.ts'
import { cellText, MAX_CELL_CHARS, xmlText } from './xml.ts'

/** Writes the cell of one column; `ref` is its place, such as C7. */
export type WriteCell = (cell: Cell, ref: string) => string
export type CellContext = {
  readonly meta: FileMeta
  readonly styles: Styles
  /** Told of each text that was longer than a cell may be. */
  readonly onCut: () => void
}

const MAX_DIGITS = 15
const DAY_MS = 86_400_000
/** Days from the workbook's day 0 to 1970. */
const EPOCH_DAYS = 25_569
/** 1900-03-01: before it the days of a workbook are off by one. */
const FIRST_DAY = 61
const DECIMAL = /^-?\d+(\.\d+)?$/

/** The writer of a column's cells; `base` is what they look like beside their format. */
export function cellWriter(column: OutputColumn, context: CellContext, base: CellStyle = {}): WriteCell {
  const text = textWriter(context, base)
  const empty = column.role === 'key' ? textWriter(context, { ...base, font: base.font ?? 'quiet' }) : undefined
  const write = writerOf(column, context, base, text)
  return (cell, ref) => {
    if (cell !== null) return write(cell, ref)
    return empty === undefined ? blank(base, ref, context.styles) : empty(EMPTY_KEY, ref)
  }
}

function writerOf(
  column: OutputColumn,
  context: CellContext,
  base: CellStyle,
  text: (text: string, ref: string) => string,
): (cell: Exclude<Cell, null>, ref: string) => string {
  const { meta, styles } = context
  if (isNumeric(column)) return amountWriter(column, context, base)
  if (column.grain === 'day_of_month' || column.grain === 'year_number') {
    const style = styles.id({ ...base, format: '0', align: 'left' })
    return (cell, ref) => (typeof cell === 'number' ? number(ref, style, String(cell)) : text(String(cell), ref))
  }
  switch (column.type) {
    case 'boolean': {
      const style = styles.id({ ...base, align: 'left' })
      return (cell, ref) =>
        typeof cell === 'boolean'
          ? `<c r="${ref}" s="${style}" t="b"><v>${cell ? 1 : 0}</v></c>`
          : text(String(cell), ref)
    }
    case 'date':
    case 'timestamp':
      return timeWriter(column, context, base, text)
    case 'text':
    case 'id':
      return (cell, ref) => text(String(cell), ref)
    default:
      return (cell, ref) => text(formatCell(cell, column, meta), ref)
  }
}

/** Text that is no formula now and none after somebody edits it. */
export function textWriter({ styles, onCut }: CellContext, base: CellStyle): (text: string, ref: string) => string {
  const plain = styleAttribute(styles.id(base))
  const quoted = styleAttribute(styles.id({ ...base, quoted: true }))
  return (text, ref) => {
    if (text === '') return blank(base, ref, styles)
    if (text.length > MAX_CELL_CHARS) onCut()
    const space = /^\s|\s$|[\n\t]/.test(text) ? ' xml:space="preserve"' : ''
    const style = /^[=+\-@]/.test(text) ? quoted : plain
    return `<c r="${ref}"${style} t="inlineStr"><is><t${space}>${xmlText(cellText(text))}</t></is></c>`
  }
}

function amountWriter(
  column: OutputColumn,
  context: CellContext,
  base: CellStyle,
): (cell: Exclude<Cell, null>, ref: string) => string {
  const { meta, styles } = context
  const format = amountFormat(column, meta.locale)
  const decimals = decimalsOf(column, meta.locale)
  const ids: number[] = []
  const styleOf = (count: number): number => {
    ids[count] ??= styles.id({ ...base, format: format(count) })
    return ids[count] ?? 0
  }
  const text = textWriter(context, { ...base, align: 'right' })
  return (cell, ref) => {
    const amount = String(cell)
    if (!DECIMAL.test(amount)) return text(formatCell(cell, column, meta), ref)
    const count = decimals(amount)
    if (amount.length > MAX_DIGITS && digitsOf(amount, count) > MAX_DIGITS)
      return text(formatCell(cell, column, meta), ref)
    return number(ref, styleOf(count), amount)
  }
}

/** Digits that would have to be kept for the amount to be shown right. */
function digitsOf(amount: string, decimals: number): number {
  const [whole = '', fraction = ''] = amount.replace('-', '').split('.')
  return whole.length + Math.min(fraction.length, decimals)
}

function timeWriter(
  column: OutputColumn,
  { meta, styles }: CellContext,
  base: CellStyle,
  text: (text: string, ref: string) => string,
): (cell: Exclude<Cell, null>, ref: string) => string {
  const style = (hasClock: boolean): number | undefined => {
    const format = timeFormat(column, hasClock, meta.locale)
    return format === undefined ? undefined : styles.id({ ...base, format, align: 'left' })
  }
  const day = style(false)
  const moment = style(true)
  const year = column.grain === 'year' ? styles.id({ ...base, format: '0', align: 'left' }) : undefined
  return (cell, ref) => {
    const wall = wallTime(String(cell), column, meta.timezone)
    const shown = wall?.hasClock === true ? moment : day
    if (wall !== undefined && year !== undefined) return number(ref, year, formatCell(cell, column, meta))
    const serial = wall === undefined ? 0 : wall.ms / DAY_MS + EPOCH_DAYS
    if (shown === undefined || serial < FIRST_DAY) return text(formatCell(cell, column, meta), ref)
    return number(ref, shown, String(serial))
  }
}

const number = (ref: string, style: number, value: string): string => `<c r="${ref}" s="${style}"><v>${value}</v></c>`
const styleAttribute = (id: number): string => (id === 0 ? '' : ` s="${id}"`)

function blank(base: CellStyle, ref: string, styles: Styles): string {
  return base.line === undefined && base.fill === undefined ? '' : `<c r="${ref}" s="${styles.id(base)}"/>`
}
