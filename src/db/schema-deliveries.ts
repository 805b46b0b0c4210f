// The ledger of deliveries: one row for each recipient of each occurrence, and the mails that were kept in place of mailed.
import { sql } from 'drizzle-orm'
import { check, foreignKey, index, integer, jsonb, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { createdAt, instant, store } from './schema-parts.ts'
import { tables } from './schema-tables.ts'

export const deliveryStates = [
  'queued',
  'running',
  /** Its text is on the way: from here on it may have arrived. */
  'sending',
  'sent',
  /** Kept in the outbox, because no mail server is configured. */
  'outbox',
  'failed',
  'skipped',
  /** It may have arrived or not; only a person sends it again. */
  'unknown',
] as const
export const deliveryKinds = ['scheduled', 'now', 'test', 'notice'] as const

export const deliveries = store.table(
  'deliveries',
  {
    organizationId: text('organization_id').notNull(),
    /** Also makes the Message-ID, so that an attempt that is repeated bears the same one. */
    id: text('id').notNull(),
    tableId: text('table_id').notNull(),
    kind: text('kind', { enum: deliveryKinds }).notNull(),
    /** When it came due. */
    occurrence: instant('occurrence').notNull(),
    recipient: text('recipient').notNull(),
    /** The schedule as it was when it came due. */
    config: jsonb('config').$type<unknown>().notNull(),
    /** As whom the table runs. */
    runAs: text('run_as').notNull(),
    state: text('state', { enum: deliveryStates }).notNull().default('queued'),
    /** Why it failed, was skipped, is not known or waits for another attempt. */
    reason: text('reason'),
    /** What the mail server said. */
    answer: text('answer'),
    messageId: text('message_id'),
    /** Earlier occurrences that nobody was there to send; this one stands for them. */
    missed: integer('missed').notNull().default(0),
    attempts: integer('attempts').notNull().default(0),
    nextAttemptAt: instant('next_attempt_at').notNull(),
    /** Of the worker that has it. */
    token: text('token'),
    leaseUntil: instant('lease_until'),
    asOf: instant('as_of'),
    rowCount: integer('row_count'),
    createdAt: createdAt(),
    finishedAt: instant('finished_at'),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    uniqueIndex('deliveries_once').on(t.organizationId, t.tableId, t.occurrence, t.kind, sql`lower(${t.recipient})`),
    index('deliveries_of_table').on(t.organizationId, t.tableId, t.id.desc()),
    index('deliveries_waiting').on(t.nextAttemptAt).where(sql`${t.state} = 'queued'`),
    index('deliveries_leased').on(t.leaseUntil).where(sql`${t.leaseUntil} is not null`),
    check(
      'deliveries_state',
      sql`${t.state} in ('queued', 'running', 'sending', 'sent', 'outbox', 'failed', 'skipped', 'unknown')`,
    ),
    check('deliveries_kind', sql`${t.kind} in ('scheduled', 'now', 'test', 'notice')`),
    foreignKey({
      columns: [t.organizationId, t.tableId],
      foreignColumns: [tables.organizationId, tables.id],
    }).onDelete('cascade'),
  ],
)

export const outboxMails = store.table(
  'outbox_mails',
  {
    organizationId: text('organization_id').notNull(),
    deliveryId: text('delivery_id').notNull(),
    /** The whole message (RFC 5322). */
    message: text('message').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.deliveryId] }),
    index('outbox_mails_recent').on(t.organizationId, t.createdAt.desc()),
    foreignKey({
      columns: [t.organizationId, t.deliveryId],
      foreignColumns: [deliveries.organizationId, deliveries.id],
    }).onDelete('cascade'),
  ],
)
