// What was mailed of a table, to whom, and what became of it; the newest first.
import { and, desc, eq, lt } from 'drizzle-orm'
import { z } from 'zod'
import type { Call } from '../context.ts'
import { deliveries, deliveryStates } from '../db/schema-deliveries.ts'
import { UserError } from '../errors.ts'
import { readCursor, writeCursor } from '../lib/cursor.ts'
import type { DeliveryRow } from './ledger.ts'
import { findSubject, type SubjectKind } from './subject.ts'

export const ListDeliveries = z.strictObject({
  state: z.enum(deliveryStates).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional().describe('`nextCursor` of the page before'),
})
export type ListDeliveries = z.output<typeof ListDeliveries>

export type DeliveryView = Pick<
  DeliveryRow,
  | 'id'
  | 'kind'
  | 'state'
  | 'occurrence'
  | 'recipient'
  | 'reason'
  | 'answer'
  | 'messageId'
  | 'missed'
  | 'attempts'
  | 'asOf'
  | 'rowCount'
  | 'createdAt'
  | 'finishedAt'
> & {
  /** null: no further attempt. */
  readonly nextAttemptAt: Date | null
}

/** One page of a table's deliveries. Throws `UserError` not_found, invalid_request. */
export async function listDeliveries({
  ctx,
  identity,
  id,
  of = 'table',
  input,
}: Call & { id: string; of?: SubjectKind; input: ListDeliveries }): Promise<{
  deliveries: readonly DeliveryView[]
  nextCursor?: string
}> {
  const row = await findSubject(ctx.db, identity, of, id, 'deliveries')
  const { state, limit } = input
  const rows = await ctx.db
    .select()
    .from(deliveries)
    .where(
      and(
        eq(deliveries.organizationId, row.organizationId),
        eq(deliveries.subjectId, id),
        state === undefined ? undefined : eq(deliveries.state, state),
        after(input),
      ),
    )
    .orderBy(desc(deliveries.id))
    .limit(limit + 1)
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const more = rows.length > limit && last !== undefined
  return { deliveries: page.map(viewDelivery), ...(more && { nextCursor: writeCursor([last.id]) }) }
}

function after({ cursor }: ListDeliveries) {
  if (cursor === undefined) return undefined
  const [id] = readCursor(cursor) ?? []
  if (typeof id === 'string') return lt(deliveries.id, id)
  throw new UserError('invalid_request', 'Cannot go on from the cursor: it is not one of this list', {
    fix: 'begin again without a cursor',
  })
}

/** A row of the ledger for people: nothing of workers and leases. */
export function viewDelivery(row: DeliveryRow): DeliveryView {
  const { id, kind, state, occurrence, recipient, reason, answer, messageId, missed, attempts } = row
  const { asOf, rowCount, createdAt, finishedAt, nextAttemptAt } = row
  const head = { id, kind, state, occurrence, recipient, reason, answer, messageId, missed, attempts }
  const waits = state === 'queued'
  return { ...head, asOf, rowCount, createdAt, finishedAt, nextAttemptAt: waits ? nextAttemptAt : null }
}
