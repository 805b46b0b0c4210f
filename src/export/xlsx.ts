// Tables as an Excel workbook, in flat memory. In: one table or several. Out: the bytes of an .xlsx file as they come.
// Sheets: one a table (further ones where its rows are too many), then "About" with what they are.
// Refused: a file of more than 4 GiB. Texts too long for a cell are cut, and that is said.
import { cellBatches } from '../rows/batch.ts'
import { encoded } from './encode.ts'
import { eachTable, type FileMeta, type FileTable, type FileTables } from './table.ts'
import { aboutXml, type Written } from './xlsx/about.ts'
import type { CellContext } from './xlsx/cells.ts'
import {
  contentTypesXml,
  coreXml,
  type NamedSheet,
  rootRelations,
  sheetNames,
  workbookRelations,
  workbookXml,
} from './xlsx/package.ts'
import { rowFeed } from './xlsx/row-feed.ts'
import { MAX_SHEET_ROWS, sheetXml } from './xlsx/sheet.ts'
import { newStyles } from './xlsx/styles.ts'
import { type Gzip, type ZipEntry, zipped } from './zip.ts'

export type XlsxOptions = {
  /** Makes the gzip stream that compresses; the platform's own is slow, at a high level. */
  readonly gzip?: Gzip | undefined
  /** Rows on one sheet, header included; the format's own limit by default. */
  readonly maxSheetRows?: number | undefined
}

const platformGzip: Gzip = () => new CompressionStream('gzip') as ReturnType<Gzip>

/** Tables as a workbook; the first one names it. */
export function writeXlsx(tables: FileTables, options: XlsxOptions = {}): AsyncIterable<Uint8Array> {
  return workbook(eachTable(tables), options)
}

/** The first table says what the whole file is called and when it was made. */
async function* workbook(tables: AsyncGenerator<FileTable>, options: XlsxOptions): AsyncGenerator<Uint8Array> {
  const { value: first, done } = await tables.next()
  if (done === true || first === undefined) throw new Error('a workbook without a table')
  async function* all(): AsyncGenerator<FileTable> {
    yield first as FileTable
    yield* tables
  }
  const { asOf } = first.meta
  try {
    yield* zipped(entries(all(), first.meta, options), { gzip: options.gzip ?? platformGzip, modified: asOf })
  } finally {
    await tables.return(undefined)
  }
}

async function* entries(
  tables: AsyncIterable<FileTable>,
  meta: FileMeta,
  { maxSheetRows = MAX_SHEET_ROWS }: XlsxOptions,
): AsyncGenerator<ZipEntry> {
  const styles = newStyles()
  const sheets: NamedSheet[] = []
  const written: Written[] = []
  const nameOf = sheetNames()
  const { title, documentTitle = title, asOf } = meta
  yield part('_rels/.rels', rootRelations)
  yield part('docProps/core.xml', coreXml(documentTitle, asOf))
  for await (const table of tables) {
    const feed = rowFeed(cellBatches(table.batches))
    let cutTexts = 0
    const onCut = (): void => {
      cutTexts += 1
    }
    const context: CellContext = { meta: table.meta, styles, onCut }
    const names: string[] = []
    try {
      do {
        const name = nameOf(table.meta.title, names.length + 1)
        names.push(name)
        let size = 0
        let rows = 0
        async function* xml(): AsyncGenerator<string> {
          const first = sheets.length === 0
          rows = yield* sheetXml({ table, feed, context, maxRows: maxSheetRows, bytes: () => size, first })
        }
        const counted = (bytes: number): void => {
          size += bytes
        }
        yield { name: `xl/worksheets/sheet${sheets.length + 1}.xml`, bytes: measured(encoded(xml()), counted) }
        sheets.push({ name, area: { rows: rows + 1, columns: table.columns.length } })
      } while (!(await feed.ended()))
    } finally {
      await feed.close()
    }
    written.push({ table, sheets: names, rowCount: feed.taken(), cutTexts })
  }
  const about: CellContext = { meta, styles, onCut: () => {} }
  yield part(`xl/worksheets/sheet${sheets.length + 1}.xml`, aboutXml(written, about))
  sheets.push({ name: nameOf('About', 1) })
  yield part('xl/styles.xml', styles.xml())
  yield part('xl/workbook.xml', workbookXml(sheets))
  yield part('xl/_rels/workbook.xml.rels', workbookRelations(sheets.length))
  yield part('[Content_Types].xml', contentTypesXml(sheets.length))
}

const part = (name: string, xml: string): ZipEntry => ({ name, bytes: encoded([xml]) })

async function* measured(pieces: AsyncIterable<Uint8Array>, onBytes: (count: number) => void) {
  for await (const piece of pieces) {
    onBytes(piece.length)
    yield piece
  }
}
