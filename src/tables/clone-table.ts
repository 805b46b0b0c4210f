import { z } from 'zod'
import type { Call } from '../context.ts'
import { type Created, insertTable } from './create-table.ts'
import { findTable } from './find.ts'
import { columnsHidden, readDefinition } from './readable.ts'
import { TableName } from './schemas.ts'

export const CloneTable = z.strictObject({ name: TableName.optional().describe('“Copy of …” if not given') })
export type CloneTable = z.output<typeof CloneTable>

/** Makes a private copy of a table for the asker, with a history of its own. Throws `UserError` columns_hidden. */
export async function cloneTable(
  call: Call & { id: string; input: CloneTable; idempotencyKey?: string | undefined },
): Promise<Created> {
  const { ctx, identity, id, input } = call
  const { row } = await findTable(ctx.db, identity, id, 'tables.clone')
  if (readDefinition(row.definition, ctx.catalog, identity).state === 'hidden') throw columnsHidden(row.name)
  const { description, createdVia, aiPrompt, definition } = row
  return insertTable(call, {
    name: input.name ?? `Copy of ${row.name}`.slice(0, 200),
    ...{ description, createdVia, aiPrompt, definition },
    ...{ destinations: [], visibility: 'PRIVATE', orgPermission: 'view', sharedWithTeams: [], sharedWithUsers: [] },
    action: 'tables.clone',
    request: { action: 'tables.clone', id, input },
    details: { of: id },
  })
}
