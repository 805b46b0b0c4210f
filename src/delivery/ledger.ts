// The ledger's moves. A worker owns a row by its token until the lease ends; every move names both, so that a worker that
// was taken for dead changes nothing any more.
// queued → running → sending → sent | failed | unknown; running → outbox | skipped | failed; running, sending → queued.
import { and, asc, desc, eq, gt, gte, inArray, isNotNull, lt, lte, or, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Occurrence, Woken } from '../context.ts'
import { deliveries } from '../db/schema-deliveries.ts'
import type { Db } from '../db/store.ts'
import { idFrom, newId } from '../lib/id.ts'
import type { Recipients } from '../schedules/recipients.ts'
import { MAX_ATTEMPTS } from './backoff.ts'

const A_DAY_MS = 86_400_000

export type DeliveryRow = typeof deliveries.$inferSelect

/** Kinds that go to the recipients of a schedule; the others go to one person who has to know. */
export const toRecipients = ['scheduled', 'now'] as const satisfies readonly DeliveryRow['kind'][]
export const isToRecipients = ({ kind }: DeliveryRow): boolean => kind === 'scheduled' || kind === 'now'

export type LedgerEntry = typeof deliveries.$inferInsert

/** Rows for everybody who is mailed; whoever fell away stands there as skipped, so that nobody is dropped in silence. */
export function ledgerEntries(
  shared: Omit<LedgerEntry, 'id' | 'recipient' | 'nextAttemptAt'>,
  { addresses, dropped }: Recipients,
  now: Date,
): LedgerEntry[] {
  const run = { ...shared, nextAttemptAt: now, createdAt: now }
  return [
    ...addresses.map((recipient, index) => ({ ...run, id: newId('dlv', now.getTime() + index), recipient })),
    ...dropped.map(({ who, why }, index) => ({
      ...{ ...run, id: newId('dlv', now.getTime() + addresses.length + index), recipient: who },
      ...{ state: 'skipped' as const, reason: why, finishedAt: now },
    })),
  ]
}

/** Longer than any run and any conversation with a mail server. */
export const LEASE_MS = 15 * 60_000

const CRASHED = 'the worker ended before the mail was on its way'
const UNKNOWN = 'the worker ended while the mail was on its way, so it may have arrived'

/** Takes the next recipient of an occurrence; undefined: nobody waits. */
export async function claim(
  db: Db,
  { organizationId, subjectId, occurrence }: Occurrence,
  { token, now }: { token: string; now: Date },
): Promise<DeliveryRow | undefined> {
  const next = db
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.organizationId, organizationId),
        eq(deliveries.subjectId, subjectId),
        eq(deliveries.occurrence, occurrence),
        eq(deliveries.state, 'queued'),
        lte(deliveries.nextAttemptAt, now),
      ),
    )
    .orderBy(asc(deliveries.id))
    .limit(1)
    .for('update', { skipLocked: true })
  const [row] = await db
    .update(deliveries)
    .set({
      state: 'running',
      token,
      leaseUntil: new Date(now.getTime() + LEASE_MS),
      attempts: sql`${deliveries.attempts} + 1`,
    })
    .where(
      and(
        eq(deliveries.organizationId, organizationId),
        sql`${deliveries.id} = ${next}`,
        eq(deliveries.state, 'queued'),
      ),
    )
    .returning()
  return row
}

/** Says that the text is about to go out. false: somebody else has the row, and nothing may be sent. */
export async function markSending(db: Db, row: DeliveryRow, messageId: string, now: Date): Promise<boolean> {
  const set = { state: 'sending' as const, messageId, leaseUntil: new Date(now.getTime() + LEASE_MS) }
  return moved(db, row, ['running'], set)
}

export type Settled = Partial<
  Pick<DeliveryRow, 'reason' | 'answer' | 'messageId' | 'asOf' | 'rowCount' | 'contentHash' | 'nextAttemptAt'>
> & { readonly state: 'queued' | 'sent' | 'outbox' | 'failed' | 'skipped' | 'unknown' }

/** Ends an attempt. What is known of the end of a sending holds also when the lease ran out meanwhile. */
export async function settle(db: Db, row: DeliveryRow, settled: Settled, now: Date): Promise<boolean> {
  const waits = settled.state === 'queued'
  const set = { ...settled, leaseUntil: null, finishedAt: waits ? null : now, ...(waits && { token: null }) }
  return moved(db, row, ['running', 'sending', 'unknown'], set)
}

/** Gives a row back as if it had never been taken. */
export async function release(db: Db, row: DeliveryRow): Promise<void> {
  await moved(db, row, ['running'], {
    ...{ state: 'queued', token: null, leaseUntil: null },
    attempts: sql`${deliveries.attempts} - 1`,
  })
}

async function moved(
  db: Db,
  { organizationId, id, token }: DeliveryRow,
  from: readonly DeliveryRow['state'][],
  set: { [K in keyof DeliveryRow]?: DeliveryRow[K] | SQL },
): Promise<boolean> {
  const rows = await db
    .update(deliveries)
    .set(set)
    .where(
      and(
        eq(deliveries.organizationId, organizationId),
        eq(deliveries.id, id),
        token === null ? sql`false` : eq(deliveries.token, token),
        inArray(deliveries.state, [...from]),
      ),
    )
    .returning({ id: deliveries.id })
  return rows.length > 0
}

/** What workers left behind: mails on their way become unknown, all others wait again. Gives how many of each. */
export async function expireLeases(db: Db, now: Date): Promise<{ unknown: number; again: number }> {
  const over = lt(deliveries.leaseUntil, now)
  const unknown = await db
    .update(deliveries)
    .set({ state: 'unknown', reason: UNKNOWN, leaseUntil: null, finishedAt: now })
    .where(and(over, eq(deliveries.state, 'sending')))
    .returning({ id: deliveries.id })
  const spent = sql`${deliveries.attempts} >= ${MAX_ATTEMPTS}`
  const again = await db
    .update(deliveries)
    .set({
      state: sql`case when ${spent} then 'failed' else 'queued' end`,
      finishedAt: sql`case when ${spent} then ${now.toISOString()}::timestamptz end`,
      ...{ reason: CRASHED, leaseUntil: null, token: null, nextAttemptAt: now },
    })
    .where(and(over, eq(deliveries.state, 'running')))
    .returning({ id: deliveries.id })
  return { unknown: unknown.length, again: again.length }
}

/** Occurrences with recipients whose time has come, of each organization some before any has many. */
export async function waiting(db: Db, now: Date, limit = 10_000): Promise<readonly Woken[]> {
  const { organizationId, subjectId, occurrence } = deliveries
  const due = db
    .select({
      ...{ organizationId, subjectId, occurrence },
      ahead:
        sql<number>`(row_number() over (partition by ${organizationId} order by ${occurrence}, ${subjectId}))::int - 1`.as(
          'ahead',
        ),
    })
    .from(deliveries)
    .where(and(eq(deliveries.state, 'queued'), lte(deliveries.nextAttemptAt, now)))
    .groupBy(organizationId, subjectId, occurrence)
    .as('due')
  return db.select().from(due).orderBy(asc(due.ahead), asc(due.occurrence)).limit(limit)
}

/** Mails of an organization that went out today (UTC), may have, or are before this one. */
export async function mailsToday(db: Db, { organizationId, id }: DeliveryRow, now: Date): Promise<number> {
  const midnight = new Date(`${now.toISOString().slice(0, 10)}T00:00:00Z`)
  const { state, finishedAt } = deliveries
  const out = and(inArray(state, ['sent', 'unknown']), gte(finishedAt, midnight))
  const before = and(inArray(state, ['running', 'sending']), lt(deliveries.id, id))
  const [found] = await db
    .select({ count: sql<number>`count(*)::int` })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.organizationId, organizationId),
        // By the key, as ids are in the order of time: attempts end within two days.
        gte(deliveries.id, idFrom('dlv', midnight.getTime() - 2 * A_DAY_MS)),
        or(out, before),
      ),
    )
  return found?.count ?? 0
}

/** What a recipient was last sent. */
export async function lastSent(
  db: Db,
  { organizationId, subjectId, recipient }: DeliveryRow,
): Promise<DeliveryRow | undefined> {
  const [row] = await db
    .select()
    .from(deliveries)
    .where(
      and(
        eq(deliveries.organizationId, organizationId),
        eq(deliveries.subjectId, subjectId),
        eq(sql`lower(${deliveries.recipient})`, recipient.toLowerCase()),
        inArray(deliveries.kind, toRecipients),
        inArray(deliveries.state, ['sent', 'outbox']),
        isNotNull(deliveries.contentHash),
      ),
    )
    .orderBy(desc(deliveries.id))
    .limit(1)
  return row
}

/** Rows that `lastSent` will be asked for: the newest of each recipient of a subject. */
export function isLastSent(db: Db): SQL {
  const newer = alias(deliveries, 'newer')
  const sentWithRows = (row: typeof deliveries | typeof newer) =>
    and(inArray(row.kind, toRecipients), inArray(row.state, ['sent', 'outbox']), isNotNull(row.contentHash))
  const later = db
    .select({ id: newer.id })
    .from(newer)
    .where(
      and(
        eq(newer.organizationId, deliveries.organizationId),
        eq(newer.subjectId, deliveries.subjectId),
        sql`lower(${newer.recipient}) = lower(${deliveries.recipient})`,
        gt(newer.id, deliveries.id),
        sentWithRows(newer),
      ),
    )
  return sql`(${sentWithRows(deliveries)} and not exists ${later})`
}
