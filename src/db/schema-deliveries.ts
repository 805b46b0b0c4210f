// The ledger of deliveries: one row for each recipient of each occurrence, and the mails that were kept in place of mailed.
import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { organizations } from './schema-access.ts'
import { bytea, createdAt, instant, store } from './schema-parts.ts'

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
    organizationId: text('organization_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    /** Also makes the Message-ID, so that an attempt that is repeated bears the same one. */
    id: text('id').notNull(),
    /** A table (`tbl_…`) or a report (`rep_…`). */
    subjectId: text('table_id').notNull(),
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
    /** Of the rows that were sent, by which the next one knows whether they changed. */
    contentHash: text('content_hash'),
    createdAt: createdAt(),
    finishedAt: instant('finished_at'),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    uniqueIndex('deliveries_once').on(t.organizationId, t.subjectId, t.occurrence, t.kind, sql`lower(${t.recipient})`),
    index('deliveries_of_table').on(t.organizationId, t.subjectId, t.id),
    index('deliveries_last').on(t.organizationId, t.subjectId, sql`lower(${t.recipient})`, t.id),
    index('deliveries_waiting').on(t.nextAttemptAt).where(sql`${t.state} = 'queued'`),
    index('deliveries_leased').on(t.leaseUntil).where(sql`${t.leaseUntil} is not null`),
    check(
      'deliveries_state',
      sql`${t.state} in ('queued', 'running', 'sending', 'sent', 'outbox', 'failed', 'skipped', 'unknown')`,
    ),
    check('deliveries_kind', sql`${t.kind} in ('scheduled', 'now', 'test', 'notice')`),
  ],
)

export const outboxMails = store.table(
  'outbox_mails',
  {
    organizationId: text('organization_id').notNull(),
    deliveryId: text('delivery_id').notNull(),
    subject: text('subject').notNull().default(''),
    html: text('html').notNull().default(''),
    /** The whole message (RFC 5322). */
    message: text('message').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.deliveryId] }),
    index('outbox_mails_recent').on(t.organizationId, t.createdAt, t.deliveryId),
    foreignKey({
      columns: [t.organizationId, t.deliveryId],
      foreignColumns: [deliveries.organizationId, deliveries.id],
    }).onDelete('cascade'),
  ],
)

/** Who is mailed what, from their first mail on: the link in it, and whether they have had enough. */
export const subscriptions = store.table(
  'subscriptions',
  {
    organizationId: text('organization_id').notNull(),
    subjectId: text('subject_id').notNull(),
    /** Lower case. */
    address: text('address').notNull(),
    /** In the links of their mails; it only lets them stop and begin again. */
    token: text('token').notNull().unique(),
    unsubscribedAt: instant('unsubscribed_at'),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.subjectId, t.address] })],
)

/** Files that were too large for a mail, or took too long for a download: kept for a while, read by links that expire. */
export const keptFiles = store.table(
  'kept_files',
  {
    organizationId: text('organization_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    id: text('id').notNull(),
    subjectId: text('subject_id').notNull(),
    name: text('name').notNull(),
    contentType: text('content_type').notNull(),
    bytes: bigint('bytes', { mode: 'number' }).notNull().default(0),
    /** What it was made of: the same is not kept twice. */
    madeOf: text('made_of'),
    /** false: it is still being written. */
    complete: boolean('complete').notNull().default(false),
    createdAt: createdAt(),
    expiresAt: instant('expires_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    index('kept_files_expiry').on(t.expiresAt),
    index('kept_files_made_of').on(t.organizationId, t.madeOf).where(sql`${t.madeOf} is not null`),
  ],
)

export const keptPieces = store.table(
  'kept_pieces',
  {
    organizationId: text('organization_id').notNull(),
    fileId: text('file_id').notNull(),
    position: integer('position').notNull(),
    data: bytea('data').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.fileId, t.position] }),
    foreignKey({
      columns: [t.organizationId, t.fileId],
      foreignColumns: [keptFiles.organizationId, keptFiles.id],
    }).onDelete('cascade'),
  ],
)

export const fileLinks = store.table(
  'file_links',
  {
    /** SHA-256 of the token in the link. */
    tokenHash: text('token_hash').primaryKey(),
    organizationId: text('organization_id').notNull(),
    fileId: text('file_id').notNull(),
    recipient: text('recipient').notNull(),
    /** The member it was given to, who must still be one; null: an address outside. */
    userId: text('user_id'),
    /** Those by which the file was made; who has lost one since is not shown it. */
    roles: jsonb('roles').$type<readonly string[]>(),
    createdAt: createdAt(),
  },
  (t) => [
    index('file_links_file').on(t.organizationId, t.fileId),
    foreignKey({
      columns: [t.organizationId, t.fileId],
      foreignColumns: [keptFiles.organizationId, keptFiles.id],
    }).onDelete('cascade'),
  ],
)

export const exportStates = ['queued', 'running', 'done', 'failed', 'cancelled'] as const

/** Downloads that are made by a worker. */
export const exports = store.table(
  'exports',
  {
    organizationId: text('organization_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    id: text('id').notNull(),
    subjectId: text('subject_id').notNull(),
    /** As whom it runs, and the only one who may fetch it. */
    userId: text('user_id').notNull(),
    format: text('format').notNull(),
    timezone: text('timezone').notNull(),
    /** Of CSV: delimiter and the like. */
    options: jsonb('options').$type<unknown>(),
    /** Those by which the file was made. */
    roles: jsonb('roles').$type<readonly string[]>(),
    state: text('state', { enum: exportStates }).notNull().default('queued'),
    rowCount: integer('row_count').notNull().default(0),
    fileId: text('file_id'),
    reason: text('reason'),
    token: text('token'),
    leaseUntil: instant('lease_until'),
    createdAt: createdAt(),
    finishedAt: instant('finished_at'),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    index('exports_waiting').on(t.createdAt).where(sql`${t.state} in ('queued', 'running')`),
    check('exports_state', sql`${t.state} in ('queued', 'running', 'done', 'failed', 'cancelled')`),
  ],
)
