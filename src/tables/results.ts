// Kept results. In: what ran. Out: pages of it. Every read and write names the permission class, so that a result never
// reaches somebody who would see other columns; every result is bounded, and so is what an organization keeps.
import { and, arrayContained, asc, desc, eq, gt, lt, sql } from 'drizzle-orm'
import { cachedResults, cachedRows } from '../db/schema-tables.ts'
import type { Db } from '../db/store.ts'
import { newId } from '../lib/id.ts'
import type { Cell, OutputColumn } from '../plan/columns.ts'
import type { TableResult } from '../rows/result.ts'

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

const ROWS_IN_A_PIECE = 500
const MAX_BYTES = 8 * 1024 * 1024
const MAX_BYTES_OF_ORGANIZATION = 256 * 1024 * 1024
/** The one before stays readable, for those who are in the middle of its pages. */
const KEPT_OF_A_KEY = 2
const KEPT_OF_A_TABLE = 24

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

/** Keeps a result and lets go of old ones, in the caller's transaction. */
export async function keepResult(
  tx: Db,
  key: ResultKey,
  result: TableResult & { readonly sentence: string },
  { asOf, roles }: { readonly asOf: Date; readonly roles: readonly string[] },
): Promise<KeptResult> {
  const { columns, totals, sentence } = result
  const { pieces, rowCount, bytes } = piecesOf(result.rows)
  const id = newId('res', asOf.getTime())
  const truncated = result.truncated || rowCount < result.rows.length
  const head = { columns, ...(totals && { totals }), sentence }
  await tx.insert(cachedResults).values({ ...key, id, head, rowCount, truncated, bytes, asOf, roles: [...roles] })
  for (const piece of pieces) {
    await tx.insert(cachedRows).values({ organizationId: key.organizationId, resultId: id, ...piece })
  }
  await letGo(tx, key)
  return { id, asOf, rowCount, truncated, ...head }
}

function piecesOf(rows: TableResult['rows']): {
  pieces: { position: number; rows: Cell[][] }[]
  rowCount: number
  bytes: number
} {
  const pieces: { position: number; rows: Cell[][] }[] = []
  let bytes = 0
  let rowCount = 0
  for (const row of rows) {
    const size = Buffer.byteLength(JSON.stringify(row))
    if (bytes + size > MAX_BYTES) break
    if (rowCount % ROWS_IN_A_PIECE === 0) pieces.push({ position: rowCount, rows: [] })
    pieces.at(-1)?.rows.push([...row])
    bytes += size
    rowCount += 1
  }
  return { pieces, rowCount, bytes }
}

async function letGo(tx: Db, key: ResultKey): Promise<void> {
  const { organizationId, tableId } = key
  const drop = async (ids: readonly { id: string }[]): Promise<void> => {
    for (const { id } of ids) {
      await tx
        .delete(cachedResults)
        .where(and(eq(cachedResults.organizationId, organizationId), eq(cachedResults.id, id)))
    }
  }
  const newest = [desc(cachedResults.asOf), desc(cachedResults.id)] as const
  const ids = { id: cachedResults.id }
  // Another definition's results of the same class are old ones of this table, so the key here is without it.
  const ofClass = and(
    eq(cachedResults.organizationId, organizationId),
    eq(cachedResults.tableId, tableId),
    eq(cachedResults.permissionClass, key.permissionClass),
    eq(cachedResults.timezone, key.timezone),
  )
  const ofTable = and(eq(cachedResults.organizationId, organizationId), eq(cachedResults.tableId, tableId))
  await drop(
    await tx
      .select(ids)
      .from(cachedResults)
      .where(ofClass)
      .orderBy(...newest)
      .offset(KEPT_OF_A_KEY),
  )
  await drop(
    await tx
      .select(ids)
      .from(cachedResults)
      .where(ofTable)
      .orderBy(...newest)
      .offset(KEPT_OF_A_TABLE),
  )
  const sums = tx
    .select({
      id: cachedResults.id,
      upTo: sql<number>`sum(${cachedResults.bytes}) over (order by ${cachedResults.asOf} desc, ${cachedResults.id} desc)`.as(
        'up_to',
      ),
    })
    .from(cachedResults)
    .where(eq(cachedResults.organizationId, organizationId))
    .as('sums')
  await drop(await tx.select({ id: sums.id }).from(sums).where(gt(sums.upTo, MAX_BYTES_OF_ORGANIZATION)))
}
