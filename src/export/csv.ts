// Rows as CSV (RFC 4180, CRLF, UTF-8). In: columns and cells. Out: the bytes of a file with a header line, as they come.
// Neutralised: text that a spreadsheet would run as a formula, by type: a text cell "=1+1" gets a quote in front, the number -5 stays.
import { z } from 'zod'
import type { Cell, OutputColumn } from '../plan/columns.ts'
import { formatCell } from '../rows/format.ts'
import { lineBytes } from './csv-bytes.ts'
import { harmless, plainCell, quoter } from './csv-cells.ts'
import { type FileTable, truncationNote } from './table.ts'

export const csvDelimiters = [',', ';', '\t', '|'] as const
export const CsvOptions = z.strictObject({
  delimiter: z.enum(csvDelimiters).optional().describe('Between the cells of CSV; a comma if not given'),
  bom: z.boolean().optional().describe('Begins CSV with U+FEFF, by which some spreadsheets know UTF-8'),
  cells: z.enum(['plain', 'shown']).optional().describe('CSV: decimals and ISO dates, or the texts of the screen'),
  totals: z.boolean().optional().describe('CSV: the grand total as a last row'),
})
export type CsvOptions = Readonly<z.output<typeof CsvOptions>>

/** Bytes that are worth a piece of their own; smaller ones cost more than they save. */
const PIECE_BYTES = 64 * 1024

/** A table as a CSV file. A cut table ends with a row that says so. */
export async function* writeCsv(table: FileTable, options: CsvOptions = {}): AsyncGenerator<Uint8Array> {
  const { columns, batches, totals, meta } = table
  const { delimiter = ',', bom = false, cells = 'plain' } = options
  const quoted = quoter(delimiter, columns.length)
  const shown = (column: OutputColumn) => (cell: Cell) => quoted(harmless(formatCell(cell, column, meta)))
  const cellTexts = columns.map(cells === 'plain' ? (column) => plainCell(column, quoted) : shown)
  const line = (texts: readonly string[]): Uint8Array => utf8(`${texts.join(delimiter)}\r\n`)
  const words = (texts: readonly string[]): Uint8Array => line(texts.map((text) => quoted(harmless(text))))
  if (bom) yield utf8('\uFEFF')
  yield words(columns.map(({ label }) => label))
  const lines = lineBytes(columns, delimiter, cells === 'plain' ? undefined : shown)
  let count = 0
  for await (const { rows } of batches) {
    for (const row of rows) lines.add(row)
    count += rows.length
    if (lines.waiting() >= PIECE_BYTES) yield lines.take()
  }
  if (lines.waiting() > 0) yield lines.take()
  if (options.totals === true && totals !== undefined)
    yield line(cellTexts.map((text, index) => text(totals[index] ?? null)))
  if (table.truncated()) yield words(columns.map((_, index) => (index === 0 ? truncationNote(count, meta.locale) : '')))
}

const encoder = new TextEncoder()
const utf8 = (text: string): Uint8Array => encoder.encode(text)
