// The sheet that says what the others are: sentence, filters, as-of, time zone, rows, what was cut, definition.
import { formatCell } from '../../rows/format.ts'
import { type FileMeta, type FileTable, truncationNote } from '../table.ts'
import { type CellContext, textWriter } from './cells.ts'

const NS = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'

/** What became of a table: the sheets it is on, its rows, and texts that were cut. */
export type Written = {
  readonly table: FileTable
  readonly sheets: readonly string[]
  readonly rowCount: number
  readonly cutTexts: number
}

/** The XML of the sheet, for the tables of a workbook. */
export function aboutXml(written: readonly Written[], context: CellContext): string {
  const title = textWriter(context, { font: 'title' })
  const name = textWriter(context, { font: 'bold', wrap: true })
  const value = textWriter(context, { wrap: true })
  const rows: string[] = []
  const add = (...cells: readonly ((ref: string) => string)[]): void => {
    const at = rows.length + 1
    rows.push(`<row r="${at}">${cells.map((cell, index) => cell(`${index === 0 ? 'A' : 'B'}${at}`)).join('')}</row>`)
  }
  for (const [index, one] of written.entries()) {
    if (index > 0) add()
    const { before = [] } = one.table.meta
    for (const { style, text } of before) add((ref) => (style === 'paragraph' ? value : title)(text, ref))
    if (before.length > 0) add()
    add((ref) => title(one.table.meta.title === '' ? 'About this table' : one.table.meta.title, ref))
    for (const [label, text] of facts(one))
      add(
        (ref) => name(label, ref),
        (ref) => value(text, ref),
      )
    for (const { style, text } of one.table.meta.after ?? [])
      add((ref) => (style === 'paragraph' ? value : title)(text, ref))
  }
  return [
    `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="${NS}">`,
    '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>',
    '<sheetViews><sheetView showGridLines="0" workbookViewId="0"/></sheetViews><sheetFormatPr defaultRowHeight="15"/>',
    '<cols><col min="1" max="1" width="16" customWidth="1"/><col min="2" max="2" width="90" customWidth="1"/></cols>',
    `<sheetData>${rows.join('')}</sheetData>`,
    '<pageMargins left="0.5" right="0.5" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>',
    '<pageSetup orientation="portrait" fitToHeight="0"/></worksheet>',
  ].join('')
}

function facts({ table, sheets, rowCount, cutTexts }: Written): [string, string][] {
  const { meta } = table
  const count = rowCount.toLocaleString(meta.locale)
  const filters = meta.filters ?? []
  return [
    ['Shows', meta.sentence],
    ...filters.map((filter, index): [string, string] => [index === 0 ? 'Filters' : '', filter]),
    ['As of', asOfText(meta)],
    ['Time zone', meta.timezone],
    ['Rows', sheets.length > 1 ? `${count}, on the sheets ${sheets.join(', ')}` : count],
    ...(table.truncated() ? [['Cut', truncationNote(rowCount, meta.locale)] as [string, string]] : []),
    ...(cutTexts > 0 ? [['Cut texts', cutNote(cutTexts, meta.locale)] as [string, string]] : []),
    ['Definition', `sha256:${meta.definitionHash}`],
    ['Made with', 'Tablewright'],
  ]
}

function cutNote(count: number, locale: string): string {
  const texts = count === 1 ? '1 text is' : `${count.toLocaleString(locale)} texts are`
  return `${texts} longer than the 32,767 characters that a cell can hold; such a text ends with “…”`
}

/** The instant of the run as its reader's clock showed it. */
export function asOfText(meta: FileMeta): string {
  const column = { id: 'as_of', label: 'As of', type: 'timestamp', role: 'column' } as const
  return formatCell(meta.asOf, column, meta)
}
