// A table inside a dashboard, report or view, as this reader may see it there.
// Told of a table that is not shared with them: nothing but that; of a deleted one: only to those who could see it.
import { and, eq, inArray } from 'drizzle-orm'
import { partIn } from '../access/part.ts'
import type { Part } from '../access/rules.ts'
import type { Call } from '../context.ts'
import { tableShares, tables } from '../db/schema-tables.ts'
import type { Issue } from '../lib/issue.ts'
import { readDefinition } from '../tables/readable.ts'

export type PlacedTable = {
  readonly tableId: string
  readonly state: 'ok' | 'hidden' | 'broken' | 'deleted' | 'not_shared'
  /** The reader's part in it; null: it is not shared with them. */
  readonly access: Part | null
  readonly name: string | null
  readonly sentence: string | null
  readonly issues?: readonly Issue[]
}

/** Each of some tables for one reader, by id. */
export async function placedTables(
  { ctx, identity }: Pick<Call, 'ctx' | 'identity'>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, PlacedTable>> {
  const { organizationId } = identity
  const rows =
    ids.length === 0
      ? []
      : await ctx.db
          .select()
          .from(tables)
          .where(and(eq(tables.organizationId, organizationId), inArray(tables.id, [...ids])))
  const shares = await ctx.db
    .select()
    .from(tableShares)
    .where(and(eq(tableShares.organizationId, organizationId), inArray(tableShares.tableId, [...ids])))
  const byTable = Map.groupBy(shares, ({ tableId }) => tableId)
  return new Map(
    ids.map((tableId): [string, PlacedTable] => {
      const row = rows.find(({ id }) => id === tableId)
      const part = row && partIn(row, byTable.get(tableId) ?? [], identity)
      if (row === undefined || part === undefined) {
        return [tableId, { tableId, state: 'not_shared', access: null, name: null, sentence: null }]
      }
      const about = { tableId, access: part, name: row.name }
      if (row.deletedAt !== null) return [tableId, { ...about, state: 'deleted', sentence: null }]
      const readable = readDefinition(row.definition, ctx.catalog, identity)
      const sentence = readable.state === 'ok' ? readable.sentence : null
      const issues = readable.state === 'broken' ? { issues: readable.issues } : {}
      return [tableId, { ...about, state: readable.state, sentence, ...issues }]
    }),
  )
}
