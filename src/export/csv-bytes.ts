// Rows as the database wrote them → the bytes of CSV lines, without a text in between: a file may have millions of rows.
// In: cells of UTF-8. Out: what csv-cells.ts makes of the same cells; the rare ones are left to it.
import type { OutputColumn } from '../plan/columns.ts'
import { cellReader } from '../rows/cell.ts'
import type { ByteRow } from '../rows/source.ts'
import { type CellText, plainCell, quoter } from './csv-cells.ts'

export type LineBytes = {
  /** Adds the line of a row. */
  readonly add: (row: ByteRow) => void
  /** Bytes that were added and not taken. */
  readonly waiting: () => number
  /** Gives the bytes of the lines added since the last time. */
  readonly take: () => Uint8Array
}

/** How a cell is written: `text` of what it holds is the rule, the others are short ways to the same bytes. */
type Way = 'text' | 'verbatim' | 'value' | 'decimal' | 'integer' | 'boolean' | 'timestamp'

/** Lines of cells as they stand in a plain CSV file, or as the texts that `shown` gives for a column. */
export function lineBytes(
  columns: readonly OutputColumn[],
  delimiter: string,
  shown?: (column: OutputColumn) => CellText,
): LineBytes {
  const quoted = quoter(delimiter, columns.length)
  const separator = delimiter.charCodeAt(0)
  const nothing = quoted('') === '' ? 0 : 2
  const ways = columns.map((column): Way => (shown === undefined ? wayOf(column) : 'text'))
  const texts = columns.map((column) => {
    const text = shown?.(column) ?? plainCell(column, quoted)
    const read = cellReader(column.type)
    return (cell: Buffer | null): string => text(read(cell?.toString() ?? null))
  })
  let out = Buffer.allocUnsafe(START_BYTES)
  let at = 0

  const room = (bytes: number): void => {
    if (at + bytes <= out.length) return
    const larger = Buffer.allocUnsafe(Math.max(out.length * 2, at + bytes))
    out.copy(larger, 0, 0, at)
    out = larger
  }
  const addText = (text: string): void => {
    room(text.length * 3)
    at += out.write(text, at)
  }
  /** Copies a text that no spreadsheet would run, in quotes where it needs them; false where a rarer rule is wanted. */
  const copied = (cell: Buffer): boolean => {
    const { length } = cell
    const first = cell[0] ?? 0
    if (first < DIGIT_0 ? MAY_BE_FORMULA[first] === 1 : first === EQUALS || first === AT) return false
    const from = at
    let special = first === SPACE || cell[length - 1] === SPACE
    for (let index = 0; index < length; index += 1) {
      const byte = cell[index] ?? 0
      // Wide signs that make formulas, and U+FEFF, begin with this byte.
      if (byte === WIDE) {
        at = from
        return false
      }
      if (byte === QUOTE || byte === separator || byte === CR || byte === LF) special = true
      out[at] = byte
      at += 1
    }
    if (!special) return true
    at = from
    out[at] = QUOTE
    at += 1
    for (let index = 0; index < length; index += 1) {
      const byte = cell[index] ?? 0
      out[at] = byte
      at += 1
      if (byte === QUOTE) {
        out[at] = QUOTE
        at += 1
      }
    }
    out[at] = QUOTE
    at += 1
    return true
  }
  const verbatim = (cell: Buffer): true => {
    for (let index = 0; index < cell.length; index += 1) out[at + index] = cell[index] ?? 0
    at += cell.length
    return true
  }
  const word = (text: 'true' | 'false'): true => {
    at += out.write(text, at, 'latin1')
    return true
  }
  const timestamp = (cell: Buffer): boolean => {
    const sign = cell[cell.length - 3]
    if ((sign !== MINUS && sign !== PLUS) || cell.length < 20 || cell[10] !== SPACE) return false
    const from = at
    verbatim(cell)
    out[from + 10] = LETTER_T
    out[at] = COLON
    out[at + 1] = DIGIT_0
    out[at + 2] = DIGIT_0
    at += 3
    return true
  }
  const written = (cell: Buffer, way: Way): boolean => {
    if (cell.length === 0) return false
    switch (way) {
      case 'verbatim':
        return copied(cell)
      case 'value':
        return cell[0] === MINUS ? isDecimal(cell) && verbatim(cell) : copied(cell)
      case 'decimal':
        // A float may be written with an exponent.
        return isDecimal(cell) && verbatim(cell)
      case 'integer':
        return isShortInteger(cell) && verbatim(cell)
      case 'boolean':
        return word(cell[0] === LETTER_SMALL_T ? 'true' : 'false')
      case 'timestamp':
        return timestamp(cell)
      default:
        return false
    }
  }
  return {
    add: (row) => {
      for (let index = 0; index < ways.length; index += 1) {
        const cell = row[index] ?? null
        // A sign before, quotes around, and each byte doubled at worst.
        room((cell?.length ?? 0) * 2 + 16)
        if (index > 0) {
          out[at] = separator
          at += 1
        }
        const way = ways[index] ?? 'text'
        if (cell === null && way !== 'text') {
          for (let quotes = 0; quotes < nothing; quotes += 1) out[at + quotes] = QUOTE
          at += nothing
        } else if (cell === null || !written(cell, way)) addText(texts[index]?.(cell) ?? '')
      }
      room(2)
      out[at] = CR
      out[at + 1] = LF
      at += 2
    },
    waiting: () => at,
    take: () => {
      const taken = new Uint8Array(at)
      taken.set(out.subarray(0, at))
      at = 0
      return taken
    },
  }
}

function wayOf({ type, valueLabels }: OutputColumn): Way {
  if (type === 'integer' || type === 'boolean' || type === 'timestamp') return type
  if (type === 'enum' && valueLabels !== undefined) return 'text'
  if (type === 'number' || type === 'money') return 'decimal'
  return type === 'text' ? 'verbatim' : 'value'
}

/** Whether the bytes are what the number they mean is written as, and surely safe. */
function isShortInteger(cell: Buffer): boolean {
  const from = cell[0] === MINUS ? 1 : 0
  const digits = cell.length - from
  if (digits < 1 || digits > MAX_SAFE_DIGITS) return false
  if (cell[from] === DIGIT_0 && cell.length > 1) return false
  return digitsUntil(cell, from) === cell.length
}

/** `-?\d+(\.\d+)?` */
function isDecimal(cell: Buffer): boolean {
  const from = cell[0] === MINUS ? 1 : 0
  const point = digitsUntil(cell, from)
  if (point === from || point === cell.length) return point > from
  return cell[point] === POINT && point + 1 < cell.length && digitsUntil(cell, point + 1) === cell.length
}

function digitsUntil(cell: Buffer, from: number): number {
  let at = from
  while (at < cell.length && (cell[at] ?? 0) >= DIGIT_0 && (cell[at] ?? 0) <= DIGIT_9) at += 1
  return at
}

const START_BYTES = 192 * 1024
const MAX_SAFE_DIGITS = 15
const code = (sign: string): number => sign.charCodeAt(0)
const [CR, LF, SPACE, QUOTE, PLUS, MINUS, POINT, COLON] = [13, 10, 32, 34, 43, 45, 46, 58]
const [DIGIT_0, DIGIT_9, EQUALS, AT, LETTER_T, LETTER_SMALL_T] = [
  code('0'),
  code('9'),
  code('='),
  code('@'),
  code('T'),
  code('t'),
]
const WIDE = 0xef
const MAY_BE_FORMULA = Uint8Array.from({ length: 48 }, (_, byte) =>
  ['+', '-', '\t', '\r'].map(code).includes(byte) ? 1 : 0,
)
