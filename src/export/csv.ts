// Rows as CSV (RFC 4180, CRLF, UTF-8). In: columns and cells. Out: the bytes of a file with a header line, as they come.
// Neutralised: text that a spreadsheet would run as a formula, by type: a text cell "=1+1" gets a quote in front, the number -5 stays.
import { z } from 'zod'
import type { Cell, OutputColumn } from '../plan/columns.ts'
import { formatCell } from '../rows/format.ts'
import { type CellText, harmless, plainCell, quoter } from './csv-cells.ts'
import { encoded } from './encode.ts'
import { type FileTable, truncationNote } from './table.ts'

export const csvDelimiters = [',', ';', '\t', '|'] as const
export const CsvOptions = z.strictObject({
  delimiter: z.enum(csvDelimiters).optional().describe('Between the cells of CSV; a comma if not given'),
  bom: z.boolean().optional().describe('Begins CSV with U+FEFF, by which some spreadsheets know UTF-8'),
  cells: z.enum(['plain', 'shown']).optional().describe('CSV: decimals and ISO dates, or the texts of the screen'),
  totals: z.boolean().optional().describe('CSV: the grand total as a last row'),
})
export type CsvOptions = Readonly<z.output<typeof CsvOptions>>

/** A table as a CSV file. A cut table ends with a row that says so. */
export function writeCsv(table: FileTable, options: CsvOptions = {}): AsyncIterable<Uint8Array> {
  return encoded(csvParts(table, options))
}

async function* csvParts(table: FileTable, options: CsvOptions): AsyncGenerator<string> {
  const { columns, batches, totals, meta } = table
  const { delimiter = ',', bom = false, cells = 'plain' } = options
  const quoted = quoter(delimiter, columns.length)
  const shown = (column: OutputColumn) => (cell: Cell) => quoted(harmless(formatCell(cell, column, meta)))
  const line = lineOf(columns.map(cells === 'plain' ? (column) => plainCell(column, quoted) : shown), delimiter)
  const texts = lineOf(
    columns.map(() => (cell) => quoted(harmless(String(cell ?? '')))),
    delimiter,
  )
  yield `${bom ? '\uFEFF' : ''}${texts(columns.map(({ label }) => label))}`
  let count = 0
  for await (const rows of batches) {
    let text = ''
    for (const row of rows) text += line(row)
    count += rows.length
    yield text
  }
  if (options.totals === true && totals !== undefined) yield line(totals)
  if (table.truncated()) yield texts(columns.map((_, index) => (index === 0 ? truncationNote(count, meta.locale) : '')))
}

function lineOf(texts: readonly CellText[], delimiter: string): (row: readonly Cell[]) => string {
  return (row) => {
    let line = ''
    for (let index = 0; index < texts.length; index += 1) {
      if (index > 0) line += delimiter
      line += texts[index]?.(row[index] ?? null) ?? ''
    }
    return `${line}\r\n`
  }
}
