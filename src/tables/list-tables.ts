// The saved tables that somebody sees: their own, those shared with them or their teams, those of the whole organization.

import { and, asc, desc, eq, gt, ilike, inArray, isNotNull, isNull, lt, or, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { hasRole, type Identity } from '../access/identity.ts'
import { namesOf } from '../access/names.ts'
import { partIn, type Share } from '../access/part.ts'
import { may } from '../access/rules.ts'
import type { Call } from '../context.ts'
import { documents, placements } from '../db/schema-documents.ts'
import { tableShares, tables } from '../db/schema-tables.ts'
import { UserError } from '../errors.ts'
import { cursorTime, readCursor, writeCursor } from '../lib/cursor.ts'
import { placedFor } from '../placing/placed.ts'
import type { TableRow } from './find.ts'
import { CreatedVia, Visibility } from './schemas.ts'
import { summarize, type TableSummary } from './view.ts'

const flag = z.enum(['true', 'false']).transform((text) => text === 'true')

export const ListTables = z.strictObject({
  search: z.string().trim().min(1).max(200).optional().describe('Words of the name or description'),
  owner: z.string().min(1).max(100).optional().describe('An id, or `me`'),
  visibility: Visibility.optional(),
  createdVia: CreatedVia.optional(),
  destination: z.enum(['dashboard', 'view', 'report']).optional(),
  scheduled: flag.optional(),
  deleted: flag.optional().describe('Those that were deleted and can be restored'),
  sort: z.enum(['updated', 'created', 'name']).default('updated'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(1000).optional().describe('`nextCursor` of the page before'),
})
export type ListTables = z.output<typeof ListTables>

/** One page of the tables that the asker sees. Throws `UserError` invalid_request for a wrong cursor. */
export async function listTables({
  ctx,
  identity,
  input,
}: Call & { input: ListTables }): Promise<{ tables: readonly TableSummary[]; nextCursor?: string }> {
  may(identity, 'tables.list')
  const order = orders[input.sort]
  const rows = await ctx.db
    .select()
    .from(tables)
    .where(and(visibleTables(identity, input.deleted === true), ...wanted(identity, input), after(input)))
    .orderBy(...order.by)
    .limit(input.limit + 1)
  const page = rows.slice(0, input.limit)
  const shares = await sharesOfAll(ctx.db, identity.organizationId, page)
  const names = await namesOf(
    ctx.db,
    page.map(({ ownerId }) => ownerId),
  )
  const placed = await placedFor(
    ctx.db,
    identity,
    page.map(({ id }) => id),
  )
  const summaries = page.flatMap((row) => {
    const part = partIn(row, shares.get(row.id) ?? [], identity)
    return part === undefined ? [] : [summarize(row, part, names, placed.get(row.id) ?? [])]
  })
  const last = page.at(-1)
  const more = rows.length > page.length && last !== undefined
  return { tables: summaries, ...(more && { nextCursor: writeCursor([input.sort, order.key(last), last.id]) }) }
}

/** The rule of partIn in find.ts as a condition. Of deleted tables only those are listed that the asker may restore. */
export function visibleTables(identity: Identity, deleted: boolean): SQL | undefined {
  const { organizationId, userId, teamIds } = identity
  const named = sql`exists (select 1 from ${tableShares} where ${and(
    eq(tableShares.organizationId, tables.organizationId),
    eq(tableShares.tableId, tables.id),
    or(
      and(eq(tableShares.kind, 'user'), eq(tableShares.subjectId, userId)),
      and(eq(tableShares.kind, 'team'), inArray(tableShares.subjectId, [...teamIds])),
    ),
  )})`
  const shared = or(eq(tables.visibility, 'ORG'), and(eq(tables.visibility, 'TEAM'), named))
  const mine = eq(tables.ownerId, userId)
  return and(
    eq(tables.organizationId, organizationId),
    deleted ? isNotNull(tables.deletedAt) : isNull(tables.deletedAt),
    deleted && !hasRole(identity, 'admin') ? mine : or(mine, shared),
  )
}

function wanted(identity: Identity, input: ListTables): (SQL | undefined)[] {
  const { search, owner, visibility, createdVia, destination, scheduled } = input
  const words = (search ?? '').split(/\s+/).filter(Boolean).slice(0, 10)
  return [
    ...words.map((word) => {
      const pattern = `%${word.replace(/[\\%_]/g, '\\$&')}%`
      return or(ilike(tables.name, pattern), ilike(tables.description, pattern))
    }),
    owner === undefined ? undefined : eq(tables.ownerId, owner === 'me' ? identity.userId : owner),
    visibility === undefined ? undefined : eq(tables.visibility, visibility),
    createdVia === undefined ? undefined : eq(tables.createdVia, createdVia),
    destination === undefined
      ? undefined
      : sql`exists (select 1 from ${placements} join ${documents} on ${and(
          eq(documents.organizationId, placements.organizationId),
          eq(documents.id, placements.documentId),
        )} where ${and(
          eq(placements.organizationId, tables.organizationId),
          eq(placements.tableId, tables.id),
          eq(documents.kind, destination),
          isNull(documents.deletedAt),
        )})`,
    scheduled === undefined ? undefined : scheduled ? isNotNull(tables.scheduleConfig) : isNull(tables.scheduleConfig),
  ]
}

const lowerName = sql<string>`lower(${tables.name})`
const orders = {
  updated: { by: [desc(tables.updatedAt), desc(tables.id)], key: (row: TableRow) => row.updatedAt.toISOString() },
  created: { by: [desc(tables.createdAt), desc(tables.id)], key: (row: TableRow) => row.createdAt.toISOString() },
  name: { by: [asc(lowerName), asc(tables.id)], key: (row: TableRow) => row.name },
} as const

function after({ sort, cursor }: ListTables): SQL | undefined {
  if (cursor === undefined) return undefined
  const [of, key, id] = readCursor(cursor) ?? []
  if (of !== sort || typeof key !== 'string' || typeof id !== 'string') throw wrongCursor()
  if (sort === 'name')
    return or(gt(lowerName, sql`lower(${key})`), and(eq(lowerName, sql`lower(${key})`), gt(tables.id, id)))
  const at = cursorTime(key)
  if (at === undefined) throw wrongCursor()
  const column = sort === 'updated' ? tables.updatedAt : tables.createdAt
  return or(lt(column, at), and(eq(column, at), lt(tables.id, id)))
}

function wrongCursor(): UserError {
  return new UserError('invalid_request', 'Cannot read the cursor: it is not one of this list', {
    fix: 'begin again without a cursor',
  })
}

async function sharesOfAll(
  db: Call['ctx']['db'],
  organizationId: string,
  page: readonly TableRow[],
): Promise<ReadonlyMap<string, readonly Share[]>> {
  const ids = page.map(({ id }) => id)
  const rows = await db
    .select()
    .from(tableShares)
    .where(and(eq(tableShares.organizationId, organizationId), inArray(tableShares.tableId, ids)))
  return Map.groupBy(rows, ({ tableId }) => tableId)
}
