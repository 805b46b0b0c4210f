// One cell in a file of values apart by signs. In: cells as they are stored. Out: their text, quoted where that is needed.
// Apart from the writer, so that the page can copy cells without it.
import type { Cell, OutputColumn } from '../plan/columns.ts'

type Text = (text: string) => string
export type CellText = (cell: Cell) => string

const SPACE = 32

/** Quotes the texts that papaparse quotes; in a table of one column also nothing, for readers skip empty lines. */
export function quoter(delimiter: string, columns: number): Text {
  const special = new RegExp(`["\\r\\n\\uFEFF\\${delimiter}]`)
  const nothing = columns === 1 ? '""' : ''
  return (text) => {
    if (text === '') return nothing
    const spaced = text.charCodeAt(0) === SPACE || text.charCodeAt(text.length - 1) === SPACE
    return spaced || special.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
}

const DECIMAL = /^-?\d+(\.\d+)?$/

/** How the cells of a column stand in a CSV file; numbers need no quotes, whatever the delimiter. */
export function plainCell(column: OutputColumn, quoted: Text = (text) => text): CellText {
  const labels = column.type === 'enum' ? column.valueLabels : undefined
  const text = column.type === 'text'
  return (cell) => {
    if (typeof cell !== 'string') return cell === null ? quoted('') : String(cell)
    if (labels !== undefined && Object.hasOwn(labels, cell)) return quoted(harmless(labels[cell] ?? cell))
    // A decimal that the database made cannot be a formula; whatever else stands in a number's place can.
    return !text && DECIMAL.test(cell) ? cell : quoted(harmless(cell))
  }
}

const LETTER_A = 65
const WIDE_FORMS = 0xff00

/** Text that a spreadsheet would run as a formula gets a quote in front. */
export function harmless(text: string): string {
  const first = text.charCodeAt(0)
  // Nearly every text begins with a letter, and there may be millions.
  if (first >= LETTER_A && first < WIDE_FORMS) return text
  return /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text
}
