// All deliveries of an organization, for its admins: what is under way, what failed and why.
import { and, count, desc, eq, gte, lt, sql } from 'drizzle-orm'
import { z } from 'zod'
import { may } from '../access/rules.ts'
import type { Call } from '../context.ts'
import { deliveries, deliveryStates } from '../db/schema-deliveries.ts'
import { documents } from '../db/schema-documents.ts'
import { tables } from '../db/schema-tables.ts'
import { UserError } from '../errors.ts'
import { readCursor, writeCursor } from '../lib/cursor.ts'
import { type DeliveryView, viewDelivery } from './list-deliveries.ts'

export const AllDeliveries = z.strictObject({
  state: z.enum(deliveryStates).optional(),
  subject: z.string().max(100).optional().describe('Id of a table or report'),
  days: z.coerce.number().int().min(1).max(400).default(30),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional().describe('`nextCursor` of the page before'),
})
export type AllDeliveries = z.output<typeof AllDeliveries>

const A_DAY_MS = 86_400_000

export type AllView = DeliveryView & { readonly subjectId: string; readonly subjectName: string | null }

/** One page, the newest first, and how many of each state there were. Names of tables that are private stay so. */
export async function allDeliveries({ ctx, identity, input }: Call & { input: AllDeliveries }): Promise<{
  deliveries: readonly AllView[]
  states: Readonly<Record<string, number>>
  nextCursor?: string
}> {
  may(identity, 'deliveries.list')
  const { organizationId } = identity
  const { state, subject, days, limit } = input
  const since = new Date(ctx.now().getTime() - days * A_DAY_MS)
  const mine = and(eq(deliveries.organizationId, organizationId), gte(deliveries.createdAt, since))
  const rows = await ctx.db
    .select({
      delivery: deliveries,
      table: sql<
        string | null
      >`case when ${tables.visibility} = 'PRIVATE' and ${tables.ownerId} <> ${identity.userId} then null else ${tables.name} end`,
      report: sql<
        string | null
      >`case when ${documents.visibility} = 'PRIVATE' and ${documents.ownerId} <> ${identity.userId} then null else ${documents.name} end`,
    })
    .from(deliveries)
    .leftJoin(tables, and(eq(tables.organizationId, organizationId), eq(tables.id, deliveries.subjectId)))
    .leftJoin(documents, and(eq(documents.organizationId, organizationId), eq(documents.id, deliveries.subjectId)))
    .where(
      and(
        mine,
        state === undefined ? undefined : eq(deliveries.state, state),
        subject === undefined ? undefined : eq(deliveries.subjectId, subject),
        after(input),
      ),
    )
    .orderBy(desc(deliveries.id))
    .limit(limit + 1)
  const counted = await ctx.db
    .select({ state: deliveries.state, many: count() })
    .from(deliveries)
    .where(mine)
    .groupBy(deliveries.state)
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    deliveries: page.map(({ delivery, table, report }) => ({
      ...viewDelivery(delivery),
      subjectId: delivery.subjectId,
      subjectName: table ?? report,
    })),
    states: Object.fromEntries(counted.map((one) => [one.state, one.many])),
    ...(rows.length > limit && last && { nextCursor: writeCursor([last.delivery.id]) }),
  }
}

function after({ cursor }: AllDeliveries) {
  if (cursor === undefined) return undefined
  const [id] = readCursor(cursor) ?? []
  if (typeof id === 'string') return lt(deliveries.id, id)
  throw new UserError('invalid_request', 'Cannot go on from the cursor: it is not one of this list', {
    fix: 'begin again without a cursor',
  })
}
