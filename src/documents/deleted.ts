// What was deleted and can be restored, whatever it is. In: who asks. Out: what they may restore, the latest first, with who
// deleted it and until when it is kept. Left out: what is of others, and what is past its time but not cleared away yet.
import { and, desc, eq, gt, lt, or } from 'drizzle-orm'
import { z } from 'zod'
import { namesOf } from '../access/names.ts'
import { may } from '../access/rules.ts'
import type { Call } from '../context.ts'
import { documentKinds, documents } from '../db/schema-documents.ts'
import { tables } from '../db/schema-tables.ts'
import { UserError } from '../errors.ts'
import { cursorTime, readCursor, writeCursor } from '../lib/cursor.ts'
import { visibleTables } from '../tables/list-tables.ts'
import { visibleDocuments } from './verbs.ts'

const A_DAY_MS = 86_400_000
export const deletedKinds = ['table', ...documentKinds] as const
export const ListDeleted = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(1000).optional().describe('`nextCursor` of the page before'),
})
export type ListDeleted = z.output<typeof ListDeleted>
export type Deleted = {
  readonly kind: (typeof deletedKinds)[number]
  readonly id: string
  readonly name: string
  readonly version: number
  readonly owner: Person
  /** null: not known any more. */
  readonly deletedBy: Person | null
  readonly deletedAt: Date
  readonly keptUntil: Date
}
type Person = { readonly id: string; readonly name: string }

/** One page of what the asker may restore. Throws `UserError` forbidden, invalid_request for a wrong cursor. */
export async function listDeleted({ ctx, identity, input }: Call & { readonly input: ListDeleted }): Promise<{
  deleted: readonly Deleted[]
  nextCursor?: string
}> {
  may(identity, 'deleted.list')
  const { limit, cursor } = input
  const from = cursor === undefined ? undefined : placeOf(cursor)
  const keptSince = new Date(ctx.now().getTime() - ctx.deletedDays * A_DAY_MS)
  const within = (of: typeof tables | typeof documents) =>
    and(
      gt(of.deletedAt, keptSince),
      from && or(lt(of.deletedAt, from.at), and(eq(of.deletedAt, from.at), lt(of.id, from.id))),
    )
  const gone = await ctx.db
    .select()
    .from(tables)
    .where(and(visibleTables(identity, true), within(tables)))
    .orderBy(desc(tables.deletedAt), desc(tables.id))
    .limit(limit + 1)
  const others = await ctx.db
    .select()
    .from(documents)
    .where(and(visibleDocuments(identity, true), within(documents)))
    .orderBy(desc(documents.deletedAt), desc(documents.id))
    .limit(limit + 1)
  const all = [...gone.map((row) => ({ ...row, kind: 'table' as const })), ...others]
    .flatMap(({ deletedAt, ...row }) => (deletedAt === null ? [] : [{ ...row, deletedAt }]))
    .sort((a, b) => b.deletedAt.getTime() - a.deletedAt.getTime() || (a.id < b.id ? 1 : -1))
  const page = all.slice(0, limit)
  const names = await namesOf(
    ctx.db,
    page.flatMap(({ ownerId, deletedBy }) => [ownerId, ...(deletedBy === null ? [] : [deletedBy])]),
  )
  const person = (id: string) => ({ id, name: names.get(id) ?? id })
  const last = page.at(-1)
  return {
    deleted: page.map(({ kind, id, name, version, ownerId, deletedBy, deletedAt }) => ({
      ...{ kind, id, name, version, owner: person(ownerId) },
      deletedBy: deletedBy === null ? null : person(deletedBy),
      ...{ deletedAt, keptUntil: new Date(deletedAt.getTime() + ctx.deletedDays * A_DAY_MS) },
    })),
    ...(all.length > limit && last && { nextCursor: writeCursor(['deleted', last.deletedAt.toISOString(), last.id]) }),
  }
}

function placeOf(cursor: string): { at: Date; id: string } {
  const [of, key, id] = readCursor(cursor) ?? []
  const at = cursorTime(key)
  if (of === 'deleted' && typeof id === 'string' && at !== undefined) return { at, id }
  throw new UserError('invalid_request', 'Cannot read the cursor: it is not one of this list', {
    fix: 'begin again without a cursor',
  })
}
