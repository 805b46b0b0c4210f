// A table is mailed because somebody says so: to themselves to see how it looks, to everybody on its schedule now, or
// again to a recipient who did not get it. Rows of the ledger are written and workers woken in one transaction.
// Refused: sending again what was sent or is under way; sending to all without a schedule.
import { and, asc, eq } from 'drizzle-orm'
import { z } from 'zod'
import { audit } from '../access/audit.ts'
import type { Call } from '../context.ts'
import { madeBefore } from '../db/once.ts'
import { deliveries } from '../db/schema-deliveries.ts'
import type { Db } from '../db/store.ts'
import { UserError } from '../errors.ts'
import { LinkAboveMb, Subject as MailSubject, Message, ScheduleConfig, storedSchedule } from '../schedules/config.ts'
import { type Dropped, recipientsOf } from '../schedules/recipients.ts'
import type { TableCall } from '../tables/change.ts'
import { type DeliveryRow, ledgerEntries } from './ledger.ts'
import { type DeliveryView, viewDelivery } from './list-deliveries.ts'
import { addressOf } from './run-as.ts'
import { findSubject, type Subject, type SubjectKind } from './subject.ts'

export const SendTable = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('test').describe('To yourself'),
    format: z.enum(['csv', 'excel', 'pdf', 'table']).optional().describe("The schedule's, or csv"),
    subject: MailSubject.nullable().optional().describe("The schedule's if not given; null: none, so the name"),
    message: Message.nullable().optional().describe("The schedule's if not given; null: none"),
    linkAboveMb: LinkAboveMb.optional().describe("The schedule's"),
  }),
  z.strictObject({ kind: z.literal('now').describe('To everybody on the schedule') }),
  z.strictObject({
    kind: z.literal('again').describe('To one recipient, after it failed or is not known to have arrived'),
    deliveryId: z.string().min(1).max(100),
  }),
  z.strictObject({
    kind: z.literal('skip').describe('Takes one that waits out of the queue'),
    deliveryId: z.string().min(1).max(100),
  }),
])
export type SendTable = z.output<typeof SendTable>

export type SendCall = TableCall & {
  /** A table if not given. */
  readonly of?: SubjectKind
  readonly input: SendTable
  readonly idempotencyKey?: string | undefined
}
export type SentTable = { readonly deliveries: readonly DeliveryView[]; readonly repeated: boolean }

/** Puts mails into the queue. Throws `UserError` not_found, conflict, version_conflict, idempotency_mismatch. */
export async function sendTable(call: SendCall): Promise<SentTable> {
  const { ctx, identity, id, input } = call
  return ctx.db.transaction(async (tx) => {
    const row = await findSubject(tx, identity, call.of ?? 'table', id, 'deliver', { lock: true })
    sameVersion(call, row)
    const occurrence = ctx.now()
    const before = await sentBefore(tx, call, occurrence)
    if (before !== undefined) return { deliveries: before, repeated: true }
    const made =
      input.kind === 'skip'
        ? await skip(tx, call, row, input.deliveryId)
        : input.kind === 'again'
          ? await again(tx, call, row, input.deliveryId)
          : await insert(tx, row, occurrence, await addressed(tx, call, row, input))
    await audit(tx, call, ctx.now(), {
      action: 'tables.deliver',
      subject: { kind: row.kind, id },
      details: { kind: input.kind, recipients: made.length },
    })
    const [first] = made
    if (first !== undefined) {
      await ctx.wake?.(tx, [{ organizationId: row.organizationId, subjectId: id, occurrence: first.occurrence }])
    }
    return { deliveries: made.map(viewDelivery), repeated: false }
  })
}

type Addressed = Pick<DeliveryRow, 'kind' | 'config' | 'runAs'> & {
  readonly recipients: readonly string[]
  readonly dropped?: readonly Dropped[]
}

function nobodyLeft({ kind, name }: Subject, dropped: readonly Dropped[]): UserError {
  const reasons = dropped.map(({ who, why }) => `${who} (${why})`).join(', ')
  return new UserError('conflict', `Cannot send ${kind} "${name}": nobody on its schedule can be mailed: ${reasons}`, {
    fix: 'change the recipients of the schedule',
  })
}

async function addressed(
  tx: Db,
  { ctx, identity }: Call,
  row: Subject,
  input: Exclude<SendTable, { kind: 'again' | 'skip' }>,
): Promise<Addressed> {
  const config = storedSchedule(row.scheduleConfig)
  if (input.kind === 'now') {
    if (config !== undefined) {
      const { addresses: recipients, dropped } = await recipientsOf(tx, row.organizationId, config, ctx)
      if (recipients.length === 0) throw nobodyLeft(row, dropped)
      return { kind: 'now', config, runAs: identity.userId, recipients, dropped }
    }
    throw new UserError('conflict', `Cannot send ${row.kind} "${row.name}": it has no schedule that says to whom`, {
      fix: 'schedule it first',
    })
  }
  const me = await addressOf(tx, identity.userId)
  if (me === undefined) {
    throw new UserError('conflict', 'Cannot send it to you: no mail address of yours is known here')
  }
  const format = input.format ?? config?.format ?? (row.kind === 'report' ? 'pdf' : 'csv')
  const base = config ?? ScheduleConfig.parse({ frequency: 'daily', recipients: [me], allowOutside: true, format })
  const { subject = base.subject, message = base.message, linkAboveMb = base.linkAboveMb } = input
  const { subject: _subject, message: _message, ...rest } = base
  const words = { ...(subject && { subject }), ...(message && { message }) }
  return { kind: 'test', config: { ...rest, ...words, format, linkAboveMb }, runAs: identity.userId, recipients: [me] }
}

async function insert(
  tx: Db,
  { organizationId, id: subjectId }: Subject,
  occurrence: Date,
  { recipients, dropped = [], ...shared }: Addressed,
): Promise<readonly DeliveryRow[]> {
  const entries = ledgerEntries(
    { organizationId, subjectId, occurrence, ...shared },
    { addresses: recipients, dropped },
    occurrence,
  )
  return tx.insert(deliveries).values(entries).returning()
}

/** The same row once more, under the same Message-ID: one mailbox knows the other copy by it. */
async function again(tx: Db, { ctx }: Call, row: Subject, deliveryId: string): Promise<readonly DeliveryRow[]> {
  const that = and(
    eq(deliveries.organizationId, row.organizationId),
    eq(deliveries.subjectId, row.id),
    eq(deliveries.id, deliveryId),
  )
  const [found] = await tx.select().from(deliveries).where(that).for('update')
  if (found === undefined) {
    throw new UserError('not_found', `Cannot send "${deliveryId}" again: the table has no such delivery`)
  }
  if (found.state !== 'failed' && found.state !== 'unknown') {
    throw new UserError('conflict', `Cannot send it to ${found.recipient} again: the delivery is "${found.state}"`, {
      fix: 'only what failed, or is not known to have arrived, is sent again',
    })
  }
  const fresh = { attempts: 0, token: null, leaseUntil: null, answer: null, finishedAt: null }
  const nextAttemptAt = ctx.now()
  return tx
    .update(deliveries)
    .set({ state: 'queued', ...fresh, ...(found.kind !== 'notice' && { reason: null }), nextAttemptAt })
    .where(that)
    .returning()
}

/** What an earlier call with the same key put into the queue. */
async function sentBefore(
  tx: Db,
  { identity, id, input, idempotencyKey }: SendCall,
  now: Date,
): Promise<readonly DeliveryView[] | undefined> {
  if (idempotencyKey === undefined) return undefined
  const { organizationId, userId } = identity
  const one = input.kind === 'again' || input.kind === 'skip'
  const subjectId = one ? input.deliveryId : now.toISOString()
  const request = { action: 'tables.deliver', id, input }
  const before = await madeBefore(tx, { organizationId, userId, key: idempotencyKey, request, subjectId, now })
  if (before === undefined) return undefined
  const rows = await tx
    .select()
    .from(deliveries)
    .where(
      and(
        eq(deliveries.organizationId, organizationId),
        eq(deliveries.subjectId, id),
        one ? eq(deliveries.id, before) : eq(deliveries.occurrence, new Date(before)),
      ),
    )
    .orderBy(asc(deliveries.id))
  return rows.map(viewDelivery)
}

/** Only what waits can be taken out; what is under way may have arrived. */
async function skip(
  tx: Db,
  { ctx, identity }: Call,
  row: Subject,
  deliveryId: string,
): Promise<readonly DeliveryRow[]> {
  const that = and(
    eq(deliveries.organizationId, row.organizationId),
    eq(deliveries.subjectId, row.id),
    eq(deliveries.id, deliveryId),
  )
  const [found] = await tx.select().from(deliveries).where(that).for('update')
  if (found === undefined) throw new UserError('not_found', `Cannot skip "${deliveryId}": there is no such delivery`)
  if (found.state !== 'queued') {
    throw new UserError('conflict', `Cannot skip the mail to ${found.recipient}: the delivery is "${found.state}"`, {
      fix: 'only what waits can be skipped',
    })
  }
  const now = ctx.now()
  return tx
    .update(deliveries)
    .set({ state: 'skipped', reason: `taken out by ${identity.name}`, finishedAt: now })
    .where(that)
    .returning()
}

function sameVersion({ version }: TableCall, row: Subject): void {
  if (version === undefined || version === row.version) return
  throw new UserError(
    'version_conflict',
    `Cannot send ${row.kind} "${row.name}": it is now version ${row.version}, not ${version}`,
    {
      fix: 'read it again first',
    },
  )
}
