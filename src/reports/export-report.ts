// A report as one file: every table run as its reader, one after the other, with the texts between.
// PDF: one document with pages counted through. Excel: a sheet a table. CSV: a zip with a file a table, and the texts.
// Left out, and said in its place: a table that the reader may not see, that is deleted, or that does not fit the catalog.
import type { Definition } from '../definition/schema.ts'
import { UserError } from '../errors.ts'
import { writeCsv } from '../export/csv.ts'
import { encoded } from '../export/encode.ts'
import { type FileFormat, fileFormats, fileName } from '../export/formats.ts'
import type { FileTable, ReportText } from '../export/table.ts'
import type { FileTools } from '../export/tools.ts'
import { writeXlsx } from '../export/xlsx.ts'
import { type ZipEntry, zipped } from '../export/zip.ts'
import { tracedItems } from '../lib/trace.ts'
import type { DocumentCall } from '../placing/write.ts'
import type { OutputColumn } from '../plan/columns.ts'
import type { Batch } from '../rows/batch.ts'
import { dayIn, openForFile } from '../tables/export.ts'
import { findTable } from '../tables/find.ts'
import { readDefinition } from '../tables/readable.ts'
import { getReport, type Report } from './reports.ts'

export const REPORT_CSV = { extension: 'zip', contentType: 'application/zip' } as const

export type ReportFile = {
  readonly name: string
  readonly contentType: string
  readonly title: string
  /** Which tables it has, in words. */
  readonly sentence: string
  readonly asOf: Date
  readonly bytes: AsyncIterable<Uint8Array>
  /** Rows in all tables; known when the bytes have ended. */
  readonly rowCount: () => number
  /** Gives back what is open; needed where the bytes are not read to their end. */
  readonly close: () => Promise<void>
}

/** Opens a report as a file. Throws `UserError` not_found, conflict (no table that can be shown). */
export async function exportReport(
  call: DocumentCall & {
    readonly format: FileFormat
    readonly timezone: string
    readonly locale?: string | undefined /** Sees each table, then its rows, on their way into the file. */
    readonly onTable?: (columns: readonly OutputColumn[]) => void
    readonly onRows?: (rows: Batch) => void
  },
): Promise<ReportFile> {
  const { ctx, format, timezone } = call
  const report = await getReport(call)
  const parts = await partsOf(call, report)
  if (parts.length === 0) {
    throw new UserError('conflict', `Cannot export report "${report.name}": it has no table that you can be shown`, {
      fix: 'add a table that is shared with you',
    })
  }
  const { extension, contentType } = format === 'csv' ? REPORT_CSV : fileFormats[format]
  let rows = 0
  let open: (() => Promise<void>) | undefined
  async function* tables(): AsyncGenerator<FileTable> {
    for (const { definition, title, before, after } of parts) {
      const { table, stream } = await openForFile({
        ...{ ctx, scope: call.identity, input: { definition, title, format, timezone, locale: call.locale } },
        ...(call.signal && { signal: call.signal }),
      })
      open = stream.close
      call.onTable?.(table.columns)
      const batches = call.onRows === undefined ? table.batches : watched(table.batches, call.onRows)
      yield { ...table, batches, meta: { ...table.meta, documentTitle: report.name, before, after } }
      rows += stream.rowCount()
      await stream.close()
      open = undefined
    }
  }
  return {
    name: fileName(report.name, dayIn(timezone, ctx.now()), extension),
    contentType,
    title: report.name,
    sentence: sentenceOf(parts),
    asOf: ctx.now(),
    bytes: tracedItems('file', { 'tablewright.format': format }, await written(tables(), format, ctx)),
    rowCount: () => rows,
    close: async () => open?.(),
  }
}

async function* watched(batches: FileTable['batches'], onRows: (rows: Batch) => void): AsyncGenerator<Batch> {
  for await (const rows of batches) {
    onRows(rows)
    yield rows
  }
}

function sentenceOf(parts: readonly PartOf[]): string {
  const titles = parts.map(({ title }) => `“${title}”`)
  const list = titles.length === 1 ? titles[0] : `${titles.slice(0, -1).join(', ')} and ${titles.at(-1)}`
  return `A report with ${parts.length === 1 ? '1 table' : `${parts.length} tables`}: ${list}.`
}

type PartOf = {
  readonly definition: Definition
  readonly title: string
  readonly before: readonly ReportText[]
  readonly after: readonly ReportText[]
}

/** The tables of a report, each with the words before it; the last one also with those after it. */
async function partsOf(call: DocumentCall, report: Report): Promise<readonly PartOf[]> {
  const { ctx, identity } = call
  const parts: PartOf[] = []
  let words: ReportText[] = [
    { style: 'title', text: report.name },
    ...(report.description === '' ? [] : [{ style: 'paragraph' as const, text: report.description }]),
  ]
  for (const item of report.items) {
    if (item.kind === 'text') {
      words.push({ style: item.style, text: item.text })
      continue
    }
    if (item.table.state !== 'ok') {
      words.push({ style: 'paragraph', text: absent(item.title ?? item.table.name, item.table.state) })
      continue
    }
    const { row } = await findTable(ctx.db, identity, item.tableId, 'tables.execute')
    const readable = readDefinition(row.definition, ctx.catalog, identity)
    if (readable.state !== 'ok') continue
    parts.push({ definition: readable.definition, title: item.title ?? row.name, before: words, after: [] })
    words = []
  }
  const last = parts.at(-1)
  return last === undefined ? [] : [...parts.slice(0, -1), { ...last, after: words }]
}

function absent(name: string | null, state: string): string {
  const what = name === null ? 'A table' : `“${name}”`
  const why = {
    not_shared: 'is not shared with you',
    hidden: 'uses columns that your role may not see',
    deleted: 'was deleted',
    broken: 'does not fit the catalog of today',
  }[state]
  return `${what} is left out: it ${why ?? 'cannot be shown'}.`
}

async function written(
  tables: AsyncGenerator<FileTable>,
  format: FileFormat,
  { files: { gzip, pdf }, now }: { readonly files: FileTools; readonly now: () => Date },
): Promise<AsyncIterable<Uint8Array>> {
  if (format === 'xlsx') return writeXlsx(tables, { gzip })
  if (format === 'pdf') return pdf(tables)
  return zipped(csvEntries(tables), { gzip, modified: now().toISOString() })
}

async function* csvEntries(tables: AsyncGenerator<FileTable>): AsyncGenerator<ZipEntry> {
  const words: string[] = []
  let number = 0
  for await (const table of tables) {
    number += 1
    const { title, sentence, asOf, timezone, before = [], after = [] } = table.meta
    const name = fileName(title, asOf.slice(0, 10), 'csv')
    const place = String(number).padStart(2, '0')
    const texts = (some: readonly ReportText[]) => some.map(({ text }) => text)
    words.push(...texts(before), `[${place} ${name}]`, sentence, `As of ${asOf} (${timezone})`, ...texts(after))
    yield { name: `${place} ${name}`, bytes: writeCsv(table) }
  }
  yield { name: 'Report.txt', bytes: encoded([`${words.join('\n\n')}\n`]) }
}
