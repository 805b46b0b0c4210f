// A saved table, as somebody who may do something with it finds it.
// In: an identity, an id, an action. Out: the row, who it is shared with, the asker's part in it.
// Refused: a table of another organization, one that is not there, not shared or deleted (all in the same words), and
// an action that takes more than the asker's part.
import { and, eq, sql } from 'drizzle-orm'
import type { Identity } from '../access/identity.ts'
import { partIn, type Share } from '../access/part.ts'
import { may, type Part, parts, rules, type TableAction } from '../access/rules.ts'
import { prepared } from '../db/prepared.ts'
import { tableShares, tables } from '../db/schema-tables.ts'
import type { Db } from '../db/store.ts'
import { UserError } from '../errors.ts'

export type TableRow = typeof tables.$inferSelect
export type Found = { readonly row: TableRow; readonly shares: readonly Share[]; readonly part: Part }

const ID = /^tbl_[0-9a-z]{1,40}$/

/** Finds a table for an action; with `lock` nobody else changes it until the transaction ends. Throws `UserError`. */
export async function findTable(
  db: Db,
  identity: Identity,
  id: string,
  action: TableAction,
  { lock = false }: { lock?: boolean } = {},
): Promise<Found> {
  may(identity, action)
  if (!ID.test(id)) throw noSuchTable(id)
  const { organizationId } = identity
  const { row, shares } = lock ? await lockedRow(db, organizationId, id) : await rowWithShares(db, organizationId, id)
  const part = row === undefined ? undefined : partIn(row, shares, identity)
  if (row === undefined || part === undefined || (row.deletedAt === null) === (action === 'tables.restore')) {
    throw noSuchTable(id)
  }
  const needed = rules[action].table
  if (parts.indexOf(part) < parts.indexOf(needed)) {
    throw new UserError('forbidden', `Cannot do this with table "${row.name}": you may only ${part} it`, {
      fix: needed === 'own' ? 'ask its owner or an admin to do it' : 'ask its owner to share it with you for editing',
    })
  }
  return { row, shares, part }
}

type RowAndShares = { readonly row: TableRow | undefined; readonly shares: readonly Share[] }

/** The shares are asked for also when there is no row, so that a table of others takes as long as none. */
const byId = prepared((db) => {
  const ofTable = and(
    eq(tableShares.organizationId, sql.placeholder('organizationId')),
    eq(tableShares.tableId, sql.placeholder('id')),
  )
  const shares = sql<Share[]>`(select coalesce(jsonb_agg(jsonb_build_object('kind', ${tableShares.kind},
    'subjectId', ${tableShares.subjectId}, 'permission', ${tableShares.permission})
    order by ${tableShares.kind}, ${tableShares.subjectId}), '[]'::jsonb) from ${tableShares} where ${ofTable})`
  const one = db
    .select({ one: sql<number>`1`.as('one') })
    .from(sql`(select) as nothing`)
    .as('one')
  return db
    .select({ row: tables, shares })
    .from(one)
    .leftJoin(
      tables,
      and(eq(tables.organizationId, sql.placeholder('organizationId')), eq(tables.id, sql.placeholder('id'))),
    )
    .prepare('table_by_id')
})

async function rowWithShares(db: Db, organizationId: string, id: string): Promise<RowAndShares> {
  const [found] = await byId(db).execute({ organizationId, id })
  return { row: found?.row ?? undefined, shares: found?.shares ?? [] }
}

async function lockedRow(db: Db, organizationId: string, id: string): Promise<RowAndShares> {
  const [row] = await db
    .select()
    .from(tables)
    .where(and(eq(tables.organizationId, organizationId), eq(tables.id, id)))
    .for('update')
  return { row, shares: await sharesOf(db, organizationId, id) }
}

export async function sharesOf(db: Db, organizationId: string, tableId: string): Promise<readonly Share[]> {
  return db
    .select({ kind: tableShares.kind, subjectId: tableShares.subjectId, permission: tableShares.permission })
    .from(tableShares)
    .where(and(eq(tableShares.organizationId, organizationId), eq(tableShares.tableId, tableId)))
    .orderBy(tableShares.kind, tableShares.subjectId)
}

export function noSuchTable(id: string): UserError {
  return new UserError('not_found', `Cannot find table "${id.slice(0, 100)}": no such table`)
}
