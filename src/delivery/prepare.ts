// A table as its recipient is shown it: run, written to a file, the first rows kept for the text of the mail.
// Refused: a table that the one who scheduled it may not open any more, columns that one of the two may not see.
import type { Identity } from '../access/identity.ts'
import type { ServiceContext } from '../context.ts'
import type { FileFormat } from '../export/formats.ts'
import type { Cell, OutputColumn } from '../plan/columns.ts'
import { exportTable } from '../tables/export.ts'
import { findTable } from '../tables/find.ts'
import { readDefinition, runnable } from '../tables/readable.ts'
import type { ScheduleConfig } from '../tables/schemas.ts'

/** Most mail servers take 25 MB, and a file grows by a third on its way. */
export const MAX_FILE_BYTES = 15 * 1024 * 1024
export const INLINE_ROWS = 10

export type Prepared = {
  readonly title: string
  readonly sentence: string
  readonly asOf: Date
  readonly rowCount: number
  readonly truncated: boolean
  readonly columns: readonly OutputColumn[]
  readonly firstRows: readonly (readonly Cell[])[]
  /** Absent: it is too large to be mailed. */
  readonly file?: { readonly name: string; readonly contentType: string; readonly bytes: Buffer }
}

/** Runs a saved table as somebody, with some of their roles. Throws `UserError`. */
export async function prepare(options: {
  ctx: ServiceContext
  identity: Identity
  roles: readonly string[]
  tableId: string
  config: ScheduleConfig
  signal: AbortSignal
}): Promise<Prepared> {
  const { ctx, identity, roles, tableId, config, signal } = options
  const { row } = await findTable(ctx.db, identity, tableId, 'tables.execute')
  const scope = { ...identity, roles }
  const definition = runnable(readDefinition(row.definition, ctx.catalog, scope), row.name)
  const format: FileFormat = config.format === 'excel' ? 'xlsx' : config.format
  const input = { definition, format, timezone: config.timezone, title: row.name, keepRows: INLINE_ROWS }
  const file = await exportTable({ ctx, scope, input, signal })
  const { bytes, size } = await collected(file.bytes)
  const { name, contentType, title, sentence, asOf, columns, firstRows } = file
  const about = { title, sentence, asOf, columns, firstRows, rowCount: file.rowCount(), truncated: file.truncated() }
  return { ...about, ...(size <= MAX_FILE_BYTES && { file: { name, contentType, bytes: Buffer.concat(bytes) } }) }
}

/** Read to the end in any case, because only then the rows are counted; what is too large is not kept. */
async function collected(chunks: AsyncIterable<Uint8Array>): Promise<{ bytes: Uint8Array[]; size: number }> {
  const bytes: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    if (size <= MAX_FILE_BYTES) bytes.push(chunk)
    else bytes.length = 0
  }
  return { bytes, size }
}
