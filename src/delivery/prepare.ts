// What a recipient is sent: a table or a report, run as they may see it, written to a file, with what the mail tells of it:
// the first rows, how many, whether a threshold was reached, and a hash of the rows to know whether they changed.
// Refused: what the one who scheduled it may not open any more, columns that one of the two may not see.
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { Identity } from '../access/identity.ts'
import type { ServiceContext } from '../context.ts'
import { UserError } from '../errors.ts'
import type { FileFormat } from '../export/formats.ts'
import type { Cell, OutputColumn } from '../plan/columns.ts'
import { exportReport } from '../reports/export-report.ts'
import type { Batch } from '../rows/batch.ts'
import { MAX_ATTACHED_MB, type ScheduleConfig } from '../schedules/config.ts'
import { reaches } from '../schedules/threshold.ts'
import { exportTable } from '../tables/export.ts'
import { findTable } from '../tables/find.ts'
import { readDefinition, runnable } from '../tables/readable.ts'
import { kindOf } from './subject.ts'

export const INLINE_ROWS = 10
/** In a mail without a file. */
export const INLINE_TABLE_ROWS = 200
/** Beyond it a file is not kept for a link either. */
export const MAX_KEPT_BYTES = 100 * 1024 * 1024

export type Prepared = {
  readonly title: string
  readonly sentence: string
  readonly asOf: Date
  readonly rowCount: number
  readonly truncated: boolean
  readonly columns: readonly OutputColumn[]
  readonly firstRows: readonly (readonly Cell[])[]
  /** Of columns and rows, whatever the time of the run. */
  readonly contentHash: string
  /** Whether the schedule's threshold is reached; true where there is none. */
  readonly reached: boolean
  /** Absent: none was wanted, or it is too large to be kept. */
  readonly file?: PreparedFile
  /** A file was wanted, and is larger than anything that is kept. */
  readonly tooLarge: boolean
}
export type PreparedFile = {
  readonly name: string
  readonly contentType: string
  readonly bytes: Buffer
}

type Options = {
  readonly ctx: ServiceContext
  readonly identity: Identity
  readonly roles: readonly string[]
  readonly subjectId: string
  readonly config: ScheduleConfig
  readonly signal: AbortSignal
}

/** Runs a table or report as somebody, with some of their roles. Throws `UserError`. */
export async function prepare(options: Options): Promise<Prepared> {
  return kindOf(options.subjectId) === 'report' ? prepareReport(options) : prepareTable(options)
}

async function prepareTable({ ctx, identity, roles, subjectId, config, signal }: Options): Promise<Prepared> {
  const { row } = await findTable(ctx.db, identity, subjectId, 'tables.execute')
  const scope = { ...identity, roles }
  const definition = runnable(readDefinition(row.definition, ctx.catalog, scope), row.name)
  const inline = config.format === 'table'
  const watch = watcher()
  let index: number | undefined
  let reached = config.condition.kind !== 'threshold'
  const file = await exportTable({
    ctx,
    scope,
    input: {
      ...{ definition, format: formatOf(config), timezone: config.timezone, title: row.name },
      keepRows: inline ? INLINE_TABLE_ROWS : INLINE_ROWS,
      onRows: (rows) => {
        watch.rows(rows)
        const { condition } = config
        if (reached || condition.kind !== 'threshold' || condition.in === 'total') return
        reached = rows.cells().some((cells) => reaches(cells[index ?? -1] ?? null, condition))
      },
    },
    signal,
  })
  watch.columns(file.columns)
  if (config.condition.kind === 'threshold') {
    index = file.columns.findIndex(({ id }) => config.condition.kind === 'threshold' && id === config.condition.column)
    if (index < 0) {
      await file.close()
      throw new UserError(
        'invalid_definition',
        `Cannot test column "${config.condition.column}": the table has no such column any more`,
        {
          fix: 'change the condition of the schedule',
        },
      )
    }
    if (config.condition.in === 'total') reached = reaches(file.totals?.[index] ?? null, config.condition)
  }
  const kept = await collected(file.bytes)
  const { name, contentType, title, sentence, asOf, columns, firstRows } = file
  return {
    ...{ title, sentence, asOf, columns, firstRows, rowCount: file.rowCount(), truncated: file.truncated() },
    ...{ contentHash: watch.hash(), reached, tooLarge: !inline && kept === undefined },
    ...(!inline && kept && { file: { name, contentType, bytes: kept } }),
  }
}

async function prepareReport({ ctx, identity, roles, subjectId, config, signal }: Options): Promise<Prepared> {
  const watch = watcher()
  const { format, timezone } = { format: formatOf(config), timezone: config.timezone }
  const call = { ctx, identity: { ...identity, roles }, signal }
  const file = await exportReport({
    ...call,
    id: subjectId,
    format,
    timezone,
    onTable: watch.columns,
    onRows: watch.rows,
  })
  const kept = await collected(file.bytes)
  const { name, contentType, title, sentence } = file
  return {
    ...{ title, sentence, asOf: file.asOf, columns: [], firstRows: [], rowCount: file.rowCount(), truncated: false },
    ...{ contentHash: watch.hash(), reached: true, tooLarge: kept === undefined },
    ...(kept && { file: { name, contentType, bytes: kept } }),
  }
}

function formatOf({ format }: ScheduleConfig): FileFormat {
  if (format === 'excel') return 'xlsx'
  return format === 'table' ? 'csv' : format
}

/** A hash over what stands in a file, whenever it was made. */
function watcher() {
  const hash = sha256.create()
  return {
    columns: (columns: readonly OutputColumn[]): void => {
      hash.update(utf8ToBytes(JSON.stringify(columns.map(({ id, label }) => [id, label]))))
    },
    rows: (rows: Batch): void => {
      hash.update(utf8ToBytes(JSON.stringify(rows.cells())))
    },
    hash: (): string => bytesToHex(hash.digest()).slice(0, 32),
  }
}

/** Read to the end in any case, because only then the rows are counted; what is too large is not kept. */
async function collected(chunks: AsyncIterable<Uint8Array>): Promise<Buffer | undefined> {
  const bytes: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    if (size <= MAX_KEPT_BYTES) bytes.push(chunk)
    else bytes.length = 0
  }
  return size <= MAX_KEPT_BYTES ? Buffer.concat(bytes) : undefined
}

/** Whether a file is attached, or left to a link. */
export const isAttached = ({ bytes }: PreparedFile, { linkAboveMb }: ScheduleConfig): boolean =>
  bytes.length <= Math.min(linkAboveMb, MAX_ATTACHED_MB) * 1024 * 1024
