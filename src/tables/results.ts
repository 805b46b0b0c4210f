// Kept results, read. In: whose. Out: pages of them. Every read names the permission class, so that a result never reaches
// somebody who would see other columns.
import { and, arrayContained, asc, desc, eq, gt, lt, sql } from 'drizzle-orm'
import { cachedResults, cachedRows } from '../db/schema-tables.ts'
import type { Db } from '../db/store.ts'
import type { Cell, OutputColumn } from '../plan/columns.ts'

/** Whose result, of what, in which time zone. */
export type ResultKey = {
  readonly organizationId: string
  readonly tableId: string
  readonly permissionClass: string
  readonly timezone: string
  readonly definitionHash: string
}
export type KeptResult = {
  readonly id: string
  readonly asOf: Date
  readonly rowCount: number
  readonly truncated: boolean
  readonly columns: readonly OutputColumn[]
  readonly totals?: readonly Cell[]
  readonly sentence: string
}

export const ROWS_IN_A_PIECE = 500

const ofKey = (key: ResultKey) =>
  and(
    eq(cachedResults.organizationId, key.organizationId),
    eq(cachedResults.tableId, key.tableId),
    eq(cachedResults.permissionClass, key.permissionClass),
    eq(cachedResults.timezone, key.timezone),
    eq(cachedResults.definitionHash, key.definitionHash),
  )

/** The newest result of a key, or the one of that id if it is of the key. */
export async function findResult(db: Db, key: ResultKey, id?: string): Promise<KeptResult | undefined> {
  const [row] = await db
    .select()
    .from(cachedResults)
    .where(and(ofKey(key), id === undefined ? undefined : eq(cachedResults.id, id)))
    .orderBy(desc(cachedResults.asOf), desc(cachedResults.id))
    .limit(1)
  return row && keptOf(row)
}

function keptOf(row: typeof cachedResults.$inferSelect): KeptResult {
  const { columns, totals, sentence = '' } = row.head as Pick<KeptResult, 'columns' | 'totals' | 'sentence'>
  const { id, asOf, rowCount, truncated } = row
  return { id, asOf, rowCount, truncated, columns, ...(totals && { totals }), sentence }
}

/**
 * The newest result of a definition that no longer fits the catalog, or the one of that id. Only for readers who have
 * every role of whoever ran it, so that they see nothing they could not have seen then; and from whom the catalog of
 * today hides nothing (`seesAll`), or just what it hid then, so that they see nothing they may not see now.
 */
export async function findOldResult(
  db: Db,
  key: ResultKey,
  { roles, seesAll }: { readonly roles: readonly string[]; readonly seesAll: boolean },
  id?: string,
): Promise<KeptResult | undefined> {
  const [row] = await db
    .select()
    .from(cachedResults)
    .where(
      and(
        eq(cachedResults.organizationId, key.organizationId),
        eq(cachedResults.tableId, key.tableId),
        eq(cachedResults.timezone, key.timezone),
        eq(cachedResults.definitionHash, key.definitionHash),
        seesAll ? undefined : eq(cachedResults.permissionClass, key.permissionClass),
        arrayContained(cachedResults.roles, [...roles]),
        // Results that do not say who ran them are nobody's.
        sql`cardinality(${cachedResults.roles}) > 0`,
        id === undefined ? undefined : eq(cachedResults.id, id),
      ),
    )
    .orderBy(desc(cachedResults.asOf), desc(cachedResults.id))
    .limit(1)
  return row && keptOf(row)
}

/** `limit` rows of a result from a position on. */
export async function resultRows(
  db: Db,
  organizationId: string,
  resultId: string,
  position: number,
  limit: number,
): Promise<readonly (readonly Cell[])[]> {
  const pieces = await db
    .select({ position: cachedRows.position, rows: cachedRows.rows })
    .from(cachedRows)
    .where(
      and(
        eq(cachedRows.organizationId, organizationId),
        eq(cachedRows.resultId, resultId),
        gt(cachedRows.position, position - ROWS_IN_A_PIECE),
        lt(cachedRows.position, position + limit),
      ),
    )
    .orderBy(asc(cachedRows.position))
  const first = pieces[0]?.position ?? 0
  const rows = pieces.flatMap((piece) => piece.rows as Cell[][])
  return rows.slice(position - first, position - first + limit)
}
