// What a file is made from: the columns, the rows as they come, and what a reader of the file must know about them.
import type { Cell, OutputColumn } from '../plan/columns.ts'
import type { Batch } from '../rows/batch.ts'

export type FileTable = {
  readonly columns: readonly OutputColumn[]
  /** Every row, once. A writer reads them to their end or returns them; one that never started leaves that to its caller. */
  readonly batches: AsyncIterable<Batch>
  /** The grand total, one cell a column. */
  readonly totals?: readonly Cell[] | undefined
  /** Whether a limit cut the rows; asked when the batches have ended. */
  readonly truncated: () => boolean
  readonly meta: FileMeta
}

/** One table, or several as they come: each is opened when the one before it has been read. */
export type FileTables = FileTable | Iterable<FileTable> | AsyncIterable<FileTable>

/** Tables one after the other. */
export async function* eachTable(tables: FileTables): AsyncGenerator<FileTable> {
  if ('meta' in tables) yield tables
  else yield* tables
}

/** Words around a table in a report. */
export type ReportText = { readonly style: 'title' | 'heading' | 'paragraph'; readonly text: string }

export type FileMeta = {
  readonly title: string
  /** Of the whole file, where it has several tables; the first table says it. */
  readonly documentTitle?: string | undefined
  readonly before?: readonly ReportText[] | undefined
  readonly after?: readonly ReportText[] | undefined
  /** What the table shows, exactly. */
  readonly sentence: string
  /** The conditions of the sentence, one each. */
  readonly filters?: readonly string[] | undefined
  /** The instant of the run, ISO with offset. */
  readonly asOf: string
  /** SHA-256 of the definition, 64 hex digits. */
  readonly definitionHash: string
  /** IANA zone of every time in the file. */
  readonly timezone: string
  /** BCP 47. */
  readonly locale: string
}

/** What a cut file says at its end. */
export function truncationNote(rowCount: number, locale: string): string {
  const rows = rowCount === 1 ? 'row is' : `${rowCount.toLocaleString(locale)} rows are`
  return `Only the first ${rows} in this file; the table has more`
}
