// One worksheet of a table: header, rows as they come, totals. In: columns and a feed of rows. Out: XML in pieces.
// A sheet ends where its rows or bytes do; what is left in the feed goes into a further sheet.
import stringWidth from 'string-width'
import type { Cell, OutputColumn } from '../../plan/columns.ts'
import { formatCell, isNumeric } from '../../rows/format.ts'
import { type FileTable, truncationNote } from '../table.ts'
import { type CellContext, cellWriter, textWriter } from './cells.ts'
import type { RowFeed } from './row-feed.ts'
import type { CellStyle } from './styles.ts'
import { columnLetters, xmlText } from './xml.ts'

/** What a worksheet of the format holds, header included. */
export const MAX_SHEET_ROWS = 1_048_576
/** Totals, an empty row and a note. */
const ROWS_KEPT_BACK = 3
/** Below the 4 GiB that an entry of a plain zip holds. */
const MAX_SHEET_BYTES = 3_900_000_000
const ROWS_IN_A_PIECE = 500
/** Rows that the widths of columns are made for. */
const SAMPLE_ROWS = 100

export type SheetInput = {
  readonly table: FileTable
  readonly feed: RowFeed
  readonly context: CellContext
  readonly maxRows: number
  /** Bytes of this sheet written so far. */
  readonly bytes: () => number
  readonly first: boolean
}

/** The XML of a worksheet; gives the number of rows that it took from the feed. */
export async function* sheetXml(input: SheetInput): AsyncGenerator<string, number> {
  const { table, feed, context, maxRows, bytes } = input
  const { columns, totals, meta } = table
  yield head(input, await feed.peek(SAMPLE_ROWS))
  const letters = columns.map((_, index) => columnLetters(index))
  yield rowXml(1, headerCells(columns, context))
  const line = rowWriter(columns, letters, context)
  const room = Math.min(maxRows, MAX_SHEET_ROWS) - 1 - ROWS_KEPT_BACK
  let count = 0
  while (count < room && bytes() < MAX_SHEET_BYTES) {
    const rows = await feed.take(Math.min(room - count, ROWS_IN_A_PIECE))
    if (rows.length === 0) break
    let text = ''
    for (const row of rows) {
      count += 1
      text += line(row, count + 1)
    }
    yield text
  }
  const ended = await feed.ended()
  const quiet = textWriter(context, { font: 'quiet' })
  let last = count + 1
  if (count === 0 && ended) yield rowXml(2, quiet('No rows', 'A2'))
  if (ended && totals !== undefined && count > 0) {
    last += 1
    yield rowXml(last, totalCells(columns, letters, totals, last, context))
  }
  if (ended && table.truncated())
    yield rowXml(last + 2, quiet(truncationNote(feed.taken(), meta.locale), `A${last + 2}`))
  yield foot(table, count)
  return count
}

const rowXml = (row: number, cells: string): string => `<row r="${row}">${cells}</row>`

function rowWriter(
  columns: readonly OutputColumn[],
  letters: readonly string[],
  context: CellContext,
): (row: readonly Cell[], at: number) => string {
  const writers = columns.map((column) => cellWriter(column, context))
  return (row, at) => {
    const place = String(at)
    let text = `<row r="${place}">`
    for (let index = 0; index < writers.length; index += 1)
      text += writers[index]?.(row[index] ?? null, `${letters[index]}${place}`) ?? ''
    return `${text}</row>`
  }
}

function headerCells(columns: readonly OutputColumn[], context: CellContext): string {
  const style = { font: 'bold', fill: 'header', line: 'below', wrap: true } as const
  const left = textWriter(context, style)
  const right = textWriter(context, { ...style, align: 'right' })
  return columns
    .map((column, index) => (isNumeric(column) ? right : left)(column.label, `${columnLetters(index)}1`))
    .join('')
}

/** The grand total, named in the first column that has none and is not for numbers. */
function totalCells(
  columns: readonly OutputColumn[],
  letters: readonly string[],
  totals: readonly Cell[],
  at: number,
  context: CellContext,
): string {
  const style: CellStyle = { font: 'bold', line: 'above' }
  const named = columns.findIndex((column, index) => !isNumeric(column) && totals[index] == null)
  const word = textWriter(context, style)
  return columns
    .map((column, index) => {
      const ref = `${letters[index]}${at}`
      if (index === named) return word('Total', ref)
      return cellWriter({ ...column, role: 'aggregate' }, context, style)(totals[index] ?? null, ref)
    })
    .join('')
}

const NS = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'

function head({ table, first }: SheetInput, sample: readonly (readonly Cell[])[]): string {
  const { columns } = table
  // Keys stay in sight beside the many columns of a pivot.
  const keys = columns.filter(({ role }) => role === 'key').length
  const frozen = columns.length > 8 && keys > 0 && keys <= 3 ? keys : 0
  const corner = `${columnLetters(frozen)}2`
  const pane = frozen === 0 ? 'bottomLeft' : 'bottomRight'
  const split = `${frozen === 0 ? '' : `xSplit="${frozen}" `}ySplit="1"`
  const cols = columns.map(
    (column, index) =>
      `<col min="${index + 1}" max="${index + 1}" width="${columnWidth(column, index, table, sample)}" customWidth="1"/>`,
  )
  return [
    `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="${NS}">`,
    `<sheetPr><pageSetUpPr fitToPage="${columns.length <= 14 ? 1 : 0}"/></sheetPr>`,
    `<sheetViews><sheetView${first ? ' tabSelected="1"' : ''} workbookViewId="0">`,
    `<pane ${split} topLeftCell="${corner}" activePane="${pane}" state="frozen"/>`,
    `<selection pane="${pane}" activeCell="${corner}" sqref="${corner}"/></sheetView></sheetViews>`,
    '<sheetFormatPr defaultRowHeight="15"/>',
    cols.length === 0 ? '' : `<cols>${cols.join('')}</cols>`,
    '<sheetData>',
  ].join('')
}

const MIN_WIDTH = 9
const MAX_WIDTH = 60
const AMOUNT_WIDTH = 13
/** Room for the button of the filter and for the sides of a cell. */
const BUTTON_WIDTH = 4
const SIDES_WIDTH = 2
const LATE = '2028-09-30T23:58:00'

/** Characters wide: enough for the first rows, the total, any date, and half of the heading, which wraps. */
function columnWidth(
  column: OutputColumn,
  index: number,
  { totals, meta }: FileTable,
  sample: readonly (readonly Cell[])[],
): number {
  const shown = (cell: Cell): number => stringWidth(formatCell(cell, column, meta).slice(0, 2 * MAX_WIDTH))
  const cells = sample.map((row) => row[index] ?? null)
  const time = column.type === 'date' ? LATE.slice(0, 10) : LATE
  const widest = Math.max(
    ...cells.map(shown),
    totals?.[index] == null ? 0 : shown(totals[index] ?? null) + 1,
    column.type === 'date' || column.type === 'timestamp' ? shown(time) : 0,
    isNumeric(column) ? AMOUNT_WIDTH - SIDES_WIDTH : 0,
  )
  const label = stringWidth(column.label)
  const word = Math.max(...column.label.split(/\s+/).map((part) => stringWidth(part)))
  const heading = Math.max(word, Math.min(label, label > 24 ? Math.ceil(label / 2) + 2 : label)) + BUTTON_WIDTH
  return Math.min(Math.max(widest + SIDES_WIDTH, heading, MIN_WIDTH), MAX_WIDTH)
}

function foot({ columns, meta }: FileTable, rows: number): string {
  const area = `A1:${columnLetters(Math.max(columns.length, 1) - 1)}${rows + 1}`
  const said = (text: string) => xmlText(text.replaceAll('&', '&&').slice(0, 200))
  return [
    '</sheetData>',
    columns.length === 0 ? '' : `<autoFilter ref="${area}"/>`,
    '<pageMargins left="0.5" right="0.5" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>',
    `<pageSetup orientation="${columns.length > 6 ? 'landscape' : 'portrait'}" fitToHeight="0"/>`,
    `<headerFooter><oddHeader>&amp;L&amp;B${said(meta.title)}</oddHeader><oddFooter>&amp;RPage &amp;P of &amp;N</oddFooter></headerFooter>`,
    // Ids are texts on purpose, so no cell needs a warning that its text looks like a number.
    columns.length === 0 ? '' : `<ignoredErrors><ignoredError sqref="${area}" numberStoredAsText="1"/></ignoredErrors>`,
    '</worksheet>',
  ].join('')
}
