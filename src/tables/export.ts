// Definition in, file out, as it comes: what a download and `tablewright run --xlsx` give.
// Refused before the first byte: a definition with issues, a query that fails. What fails later fails the file.
import { canonicalJson } from '../catalog/hash.ts'
import type { Catalog } from '../catalog/schema.ts'
import type { AppContext } from '../context.ts'
import { filterSentences } from '../definition/filter-sentences.ts'
import type { Definition } from '../definition/schema.ts'
import { type CsvOptions, writeCsv } from '../export/csv.ts'
import { type FileFormat, fileFormats, fileName } from '../export/formats.ts'
import type { FileTable } from '../export/table.ts'
import type { FileTools } from '../export/tools.ts'
import { writeXlsx } from '../export/xlsx.ts'
import { hashText } from '../lib/hash.ts'
import type { Scope } from '../lib/scope.ts'
import { tracedItems } from '../lib/trace.ts'
import { catalogFor, definitionToStream } from '../pipeline.ts'
import type { Cell, OutputColumn } from '../plan/columns.ts'
import type { Batch } from '../rows/batch.ts'
import { invalidDefinition } from './preview.ts'

/** For the first rows of a file, and for each thousand after them. */
export const FILE_TIMEOUT_MS = 5 * 60_000

export type ExportInput = {
  readonly definition: unknown
  readonly format: FileFormat
  /** IANA. */
  readonly timezone: string
  /** BCP 47; en-US by default. */
  readonly locale?: string | undefined
  /** In place of the definition's own. */
  readonly title?: string | undefined
  readonly csv?: CsvOptions | undefined
  /** How many of the rows are wanted beside the file. */
  readonly keepRows?: number | undefined
  /** Sees every row on its way, before the file has it. */
  readonly onRows?: ((rows: Batch) => void) | undefined
}
export type TableFile = {
  readonly name: string
  readonly contentType: string
  readonly title: string
  readonly sentence: string
  readonly definition: Definition
  /** The instant of the run. */
  readonly asOf: Date
  readonly columns: readonly OutputColumn[]
  readonly totals?: readonly Cell[] | undefined
  /** The first rows, as many as were wanted; complete when the bytes have ended. */
  readonly firstRows: readonly (readonly Cell[])[]
  /** The bytes, once. */
  readonly bytes: AsyncIterable<Uint8Array>
  readonly rowCount: () => number
  /** Whether the format's limit cut the rows; known when the bytes have ended. */
  readonly truncated: () => boolean
  readonly statements: readonly { readonly text: string; readonly params: readonly (string | null)[] }[]
  /** Gives the rows back; needed where the bytes are not read to their end. */
  readonly close: () => Promise<void>
}

/** A definition's rows as a writer takes them, with what must be given back. */
export type OpenedTable = {
  readonly table: FileTable
  readonly definition: Definition
  readonly stream: Pick<TableFile, 'columns' | 'rowCount' | 'truncated' | 'statements' | 'close'>
}

/** Opens a definition for a file. Throws `UserError` invalid_definition with every issue. */
export async function openForFile(options: {
  ctx: AppContext
  scope: Scope
  input: Omit<ExportInput, 'csv' | 'keepRows' | 'onRows'>
  signal?: AbortSignal
}): Promise<OpenedTable> {
  const { ctx, scope, input, signal } = options
  const { maxRows } = fileFormats[input.format]
  const clock = { now: ctx.now(), timezone: input.timezone }
  const run = await definitionToStream({
    definition: input.definition,
    catalog: ctx.catalog,
    scope,
    clock,
    source: ctx.source,
    maxRows,
    timeoutMs: FILE_TIMEOUT_MS,
    ...(signal && { signal }),
  })
  if (!run.ok) throw invalidDefinition('Cannot export the definition', run.issues)
  const { stream, definition, sentence } = run
  const catalog = catalogFor(ctx.catalog, scope)
  const meta = {
    title: input.title ?? definition.title ?? labelOf(definition, catalog),
    sentence,
    filters: filterSentences(definition, catalog),
    asOf: clock.now.toISOString(),
    definitionHash: hashText(canonicalJson(definition)),
    timezone: input.timezone,
    locale: input.locale ?? 'en-US',
  }
  return { table: { ...stream, meta }, definition, stream }
}

/** Opens a definition as a file. Throws `UserError` invalid_definition with every issue. */
export async function exportTable(options: {
  ctx: AppContext
  scope: Scope
  input: ExportInput
  signal?: AbortSignal
}): Promise<TableFile> {
  const { input } = options
  const { extension, contentType } = fileFormats[input.format]
  const { table: opened, definition, stream } = await openForFile(options)
  const { title, sentence, asOf } = opened.meta
  const firstRows: (readonly Cell[])[] = []
  const batches =
    input.keepRows === undefined && input.onRows === undefined
      ? opened.batches
      : keeping(opened.batches, input.keepRows ?? 0, firstRows, input.onRows)
  const { rowCount, truncated, statements, close, columns } = stream
  const bytes = await written({ ...opened, batches }, input, options.ctx.files).catch(async (error: unknown) => {
    await close()
    throw error
  })
  const at = new Date(asOf)
  const name = fileName(title, dayIn(input.timezone, at), extension)
  const about = { name, contentType, title, sentence, definition, asOf: at, columns, totals: opened.totals, firstRows }
  const traced = tracedItems('file', { 'tablewright.format': input.format }, bytes)
  return { ...about, bytes: traced, rowCount, truncated, statements, close }
}

/** The same batches; the first rows are also put where they are wanted. */
async function* keeping(
  batches: FileTable['batches'],
  count: number,
  kept: (readonly Cell[])[],
  onRows: ExportInput['onRows'],
) {
  for await (const rows of batches) {
    onRows?.(rows)
    if (kept.length < count) kept.push(...rows.cells().slice(0, count - kept.length))
    yield rows
  }
}

async function written(
  table: FileTable,
  { format, csv }: ExportInput,
  { gzip, pdf }: FileTools,
): Promise<AsyncIterable<Uint8Array>> {
  if (format === 'csv') return writeCsv(table, csv)
  if (format === 'xlsx') return writeXlsx(table, { gzip })
  return pdf(table)
}

function labelOf({ dataSources }: Definition, catalog: Catalog): string {
  return catalog.entities[dataSources[0] ?? '']?.label ?? ''
}

/** YYYY-MM-DD where the reader is. */
export function dayIn(timeZone: string, now: Date): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(now)
}
