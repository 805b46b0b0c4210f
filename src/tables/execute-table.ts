import type { Call } from '../context.ts'
import { findTable } from './find.ts'
import { type Preview, previewTable } from './preview.ts'
import { readDefinition, runnable } from './readable.ts'

/** Runs a saved table now, as the asker, and keeps nothing. Throws `UserError`. */
export async function executeTable(
  call: Call & { id: string; timezone: string; maxRows?: number | undefined },
): Promise<Preview> {
  const { ctx, identity, id, timezone, maxRows, signal } = call
  const { row } = await findTable(ctx.db, identity, id, 'tables.execute')
  const definition = runnable(readDefinition(row.definition, ctx.catalog, identity), row.name)
  const input = { definition, timezone, ...(maxRows !== undefined && { maxRows }) }
  const run = await previewTable({ ctx, scope: identity, input, ...(signal && { signal }) })
  return { ...run, title: row.name }
}
