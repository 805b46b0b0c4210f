// Rows as CSV text (RFC 4180, CRLF). In: columns and cells. Out: text with a header line.
// Neutralised: text that a spreadsheet would run as a formula, by type: a text cell "=1+1" gets a quote in front, the number -5 stays.
import Papa from 'papaparse'
import type { Cell, OutputColumn } from '../plan/columns.ts'

/** The header line and every row as CSV; amounts are plain decimals, dates ISO, empty cells nothing. */
export function csvText(columns: readonly OutputColumn[], rows: readonly (readonly Cell[])[]): string {
  const header = columns.map(({ label }) => harmless(label))
  const lines = rows.map((row) => columns.map((column, index) => csvCell(row[index] ?? null, column)))
  return `${Papa.unparse([header, ...lines], { newline: '\r\n' })}\r\n`
}

/** One cell as it stands in a CSV file, before quoting. */
export function csvCell(cell: Cell, column: OutputColumn): string {
  if (cell === null) return ''
  const text = String(cell)
  if (typeof cell !== 'string') return text
  if (column.type === 'enum' && column.valueLabels !== undefined && Object.hasOwn(column.valueLabels, text))
    return harmless(column.valueLabels[text] ?? text)
  // A decimal that the database made cannot be a formula; whatever else stands in a number's place can.
  if (/^-?\d+(\.\d+)?$/.test(text) && column.type !== 'text') return text
  return harmless(text)
}

function harmless(text: string): string {
  return /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text
}
