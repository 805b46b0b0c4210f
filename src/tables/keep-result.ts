// Kept results, written. In: what ran, and the lease under which it did. Out: what was kept. Every result is bounded, and so
// is what an organization keeps. Refused: a run whose lease is another's by now; of it nothing is kept.
import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { prepared } from '../db/prepared.ts'
import { cachedResults, cachedRows, refreshes } from '../db/schema-tables.ts'
import type { Db } from '../db/store.ts'
import { newId } from '../lib/id.ts'
import type { TableResult } from '../rows/result.ts'
import { type KeptResult, type ResultKey, ROWS_IN_A_PIECE } from './results.ts'

const MAX_BYTES = 8 * 1024 * 1024
const MAX_BYTES_OF_ORGANIZATION = 256 * 1024 * 1024
/** Counting what an organization keeps takes the longer the more there is, so each process counts once in so much. */
const BYTES_BETWEEN_COUNTS = MAX_BYTES
/** Beside the one that is written: the one before stays readable, for those who are in the middle of its pages. */
const BEFORE_OF_A_CLASS = 1
const BEFORE_OF_A_TABLE = 23

const value = (name: string): SQL => sql`cast(${sql.placeholder(name)} as text)`
const whole = (name: string): SQL => sql`cast(${value(name)} as integer)`
const json = (name: string): SQL => sql`cast(${value(name)} as jsonb)`
const names = (columns: readonly PgColumn[]): SQL =>
  sql.join(
    columns.map(({ name }) => sql.identifier(name)),
    sql`, `,
  )

/**
 * All in one statement, and so all or nothing: the lease ends, the result and its rows are written, old ones are let go.
 * Another definition's results of the same class are old ones of the table. What another refresh lets go is left to it.
 */
const keep = prepared((db) => keeping(db, sql``).prepare('keep_result'))

const keepAndCount = prepared((db) => {
  const { organizationId, id, bytes, asOf } = cachedResults
  const room = MAX_BYTES_OF_ORGANIZATION - BYTES_BETWEEN_COUNTS
  return keeping(
    db,
    sql`union (select id from (select ${id}, sum(${bytes}) over (order by ${asOf} desc, ${id} desc) as up_to
        from ${cachedResults} where ${organizationId} = ${value('organizationId')}) as sums
      where up_to + ${whole('bytes')} > ${sql.raw(String(room))})`,
  ).prepare('keep_result_and_count')
})

function keeping(db: Db, others: SQL) {
  const { organizationId, id, tableId, permissionClass, timezone, definitionHash, bytes, asOf } = cachedResults
  const { head, rowCount, truncated, roles } = cachedResults
  const ofTable = and(eq(organizationId, value('organizationId')), eq(tableId, value('tableId')))
  const newest = sql`order by ${asOf} desc, ${id} desc`
  const mine = db
    .$with('mine', { one: sql<number>`one`.as('one') })
    .as(
      sql`delete from ${refreshes} where ${and(
        eq(refreshes.organizationId, value('organizationId')),
        eq(refreshes.tableId, value('tableId')),
        eq(refreshes.permissionClass, value('permissionClass')),
        eq(refreshes.timezone, value('timezone')),
        eq(refreshes.definitionHash, value('definitionHash')),
        eq(refreshes.token, value('token')),
      )} returning 1 as one`,
    )
  const made = db.$with('made', {}).as(
    sql`insert into ${cachedResults} (${names([organizationId, id, tableId, permissionClass, timezone, definitionHash])},
      ${names([head, rowCount, truncated, bytes, asOf, roles])})
      select ${value('organizationId')}, ${value('id')}, ${value('tableId')}, ${value('permissionClass')},
        ${value('timezone')}, ${value('definitionHash')}, ${json('head')}, ${whole('rowCount')},
        cast(${value('truncated')} as boolean), ${whole('bytes')}, cast(${value('asOf')} as timestamptz),
        array(select jsonb_array_elements_text(${json('roles')})) from mine returning ${sql.identifier('id')} as made_id`,
  )
  const { position, rows } = cachedRows
  const written = db.$with('written', {}).as(
    sql`insert into ${cachedRows} (${names([cachedRows.organizationId, cachedRows.resultId, position, rows])})
      select ${value('organizationId')}, made_id, (place - 1) * ${sql.raw(String(ROWS_IN_A_PIECE))}, piece
      from made, jsonb_array_elements(${json('pieces')}) with ordinality as pieces(piece, place)`,
  )
  const old = db.$with('old', {}).as(
    sql`(select ${id} from ${cachedResults} where ${ofTable} and ${permissionClass} = ${value('permissionClass')}
        and ${timezone} = ${value('timezone')} ${newest} offset ${sql.raw(String(BEFORE_OF_A_CLASS))})
      union (select ${id} from ${cachedResults} where ${ofTable} ${newest} offset ${sql.raw(String(BEFORE_OF_A_TABLE))})
      ${others}`,
  )
  const held = db.$with('held', {}).as(
    sql`select ${id} as held_id from ${cachedResults}
      where ${organizationId} = ${value('organizationId')} and ${id} in (select id from old) and exists (select from mine)
      for update skip locked`,
  )
  const gone = db.$with('gone', {}).as(
    sql`delete from ${cachedResults}
      where ${organizationId} = ${value('organizationId')} and ${id} in (select held_id from held)`,
  )
  return db.with(mine, made, written, old, held, gone).select({ one: mine.one }).from(mine)
}

/** Bytes that this process has written for each organization since it counted; none known: it never did. */
const written = prepared(() => new Map<string, number>())

/** With what is about to be written; undefined: it is time to count. */
function writtenWith(db: Db, organizationId: string, bytes: number): number | undefined {
  const sum = (written(db).get(organizationId) ?? BYTES_BETWEEN_COUNTS) + bytes
  return sum > BYTES_BETWEEN_COUNTS ? undefined : sum
}

/** Keeps a result and ends the lease of its run; undefined where that lease is over, and nothing is kept. */
export async function keepResult(
  db: Db,
  key: ResultKey,
  token: string,
  result: TableResult & { readonly sentence: string },
  { asOf, roles }: { readonly asOf: Date; readonly roles: readonly string[] },
): Promise<KeptResult | undefined> {
  const { columns, totals, sentence } = result
  const { pieces, rowCount, bytes } = piecesOf(result.rows)
  const id = newId('res', asOf.getTime())
  const truncated = result.truncated || rowCount < result.rows.length
  const head = { columns, ...(totals && { totals }), sentence }
  const sum = writtenWith(db, key.organizationId, bytes)
  const keeps = sum === undefined ? keepAndCount : keep
  const mine = await keeps(db).execute({
    ...{ ...key, token, id, pieces },
    ...{ head: JSON.stringify(head), roles: JSON.stringify(roles), asOf: asOf.toISOString() },
    ...{ rowCount: String(rowCount), bytes: String(bytes), truncated: String(truncated) },
  })
  if (mine.length === 0) return undefined
  // Only now: what failed has counted nothing.
  written(db).set(key.organizationId, sum ?? 0)
  return { id, asOf, rowCount, truncated, ...head }
}

/** The rows as JSON, in lists of pieces, up to what a result may hold. */
function piecesOf(rows: TableResult['rows']): { pieces: string; rowCount: number; bytes: number } {
  const pieces: string[][] = []
  let bytes = 0
  let rowCount = 0
  for (const row of rows) {
    const text = JSON.stringify(row)
    const size = Buffer.byteLength(text)
    if (bytes + size > MAX_BYTES) break
    if (rowCount % ROWS_IN_A_PIECE === 0) pieces.push([])
    pieces.at(-1)?.push(text)
    bytes += size
    rowCount += 1
  }
  return { pieces: `[${pieces.map((piece) => `[${piece.join()}]`).join()}]`, rowCount, bytes }
}
