// A table's name, description, definition or destinations change. Refused: a change of a version that is no longer the
// newest, and a definition put over one that the asker may not see.
import { z } from 'zod'
import { canonicalJson } from '../catalog/hash.ts'
import { tableVersions } from '../db/schema-tables.ts'
import type { Db } from '../db/store.ts'
import { AS_TABLE, type TileLook } from '../placing/look.ts'
import { setDestinations } from '../placing/pin.ts'
import { placedFor } from '../placing/placed.ts'
import { changeTable, needVersion, type TableCall } from './change.ts'
import { checkedDefinition } from './create-table.ts'
import { findTable, type TableRow } from './find.ts'
import { columnsHidden, readDefinition } from './readable.ts'
import { Destinations, TableDescription, TableName, VersionNumber } from './schemas.ts'
import { tileLook } from './tile-look.ts'
import { dropVerified } from './verified-mark.ts'
import type { TableView } from './view.ts'

export const UpdateTable = z.strictObject({
  version: VersionNumber.optional().describe('The version that was read, if the header If-Match does not say it'),
  name: TableName.optional(),
  description: TableDescription.optional(),
  definition: z.unknown().optional().meta({ definition: true }),
  destinations: Destinations.optional(),
})
export type UpdateTable = z.output<typeof UpdateTable>

/** Changes what is given and leaves the rest. Throws `UserError` version_conflict, version_required, invalid_definition. */
export async function updateTable(call: TableCall & { input: UpdateTable }): Promise<TableView> {
  const { input, identity, ctx } = call
  const { version: named, ...given } = input
  const versioned = { ...call, version: call.version ?? named }
  needVersion(versioned)
  const look = await lookWherePinned(call)
  return changeTable(versioned, 'tables.update', async (tx, { row }) => {
    if (given.definition !== undefined && readDefinition(row.definition, ctx.catalog, identity).state === 'hidden') {
      throw columnsHidden(row.name)
    }
    const { destinations } = given
    const after = {
      name: given.name ?? row.name,
      description: given.description ?? row.description,
      definition: given.definition === undefined ? row.definition : checkedDefinition(call, given.definition),
    }
    const changed = (['name', 'description', 'definition'] as const).filter(
      (key) => canonicalJson(after[key]) !== canonicalJson(row[key]),
    )
    const placed = { id: row.id, name: after.name, look }
    const moved = destinations !== undefined && (await setDestinations(tx, call, placed, destinations))
    if (changed.length === 0 && !moved) return {}
    if (changed.includes('definition')) await dropVerified(tx, row)
    if (changed.length > 0) await addVersion(tx, call, row, { ...after, kind: 'updated' })
    return {
      set: after,
      details: { changed: [...changed, ...(moved ? ['destinations'] : [])] },
    }
  })
}

/** How the table stands on the dashboards that it is not on yet. */
async function lookWherePinned(call: TableCall & { input: UpdateTable }): Promise<TileLook> {
  const { ctx, identity, id, input } = call
  const wanted = input.destinations?.filter(({ type }) => type === 'dashboard') ?? []
  if (wanted.length === 0) return AS_TABLE
  const { row } = await findTable(ctx.db, identity, id, 'tables.update')
  const placed = (await placedFor(ctx.db, identity, [id])).get(id) ?? []
  const added = wanted.filter((one) => !placed.some(({ type, id: on }) => type === one.type && on === one.id))
  return tileLook(call, added, input.definition ?? row.definition)
}

/** Adds to the history what the table is about to become. */
export async function addVersion(
  tx: Db,
  { ctx, identity }: TableCall,
  row: TableRow,
  version: Pick<typeof tableVersions.$inferInsert, 'kind' | 'name' | 'description' | 'definition' | 'revertedTo'>,
): Promise<void> {
  await tx.insert(tableVersions).values({
    ...version,
    organizationId: row.organizationId,
    tableId: row.id,
    version: row.version + 1,
    changedBy: identity.userId,
    changedAt: ctx.now(),
  })
}
