// Who did what, and which creating calls were already answered.
import { index, jsonb, primaryKey, text } from 'drizzle-orm/pg-core'
import { organizations } from './schema-access.ts'
import { instant, store } from './schema-parts.ts'

/** Written in the transaction of the change it tells of. */
export const auditLog = store.table(
  'audit_log',
  {
    organizationId: text('organization_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    id: text('id').notNull(),
    at: instant('at').notNull(),
    actorId: text('actor_id').notNull(),
    /** How the actor came: session, key with its id, token of the host application, command line. */
    via: text('via').notNull(),
    action: text('action').notNull(),
    subjectKind: text('subject_kind').notNull(),
    subjectId: text('subject_id').notNull(),
    details: jsonb('details').$type<Record<string, unknown>>().notNull().default({}),
    requestId: text('request_id'),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    index('audit_log_subject').on(t.organizationId, t.subjectKind, t.subjectId, t.id),
  ],
)

/** Answers of creating calls, so that a repeated call makes nothing twice. */
export const idempotencyKeys = store.table(
  'idempotency_keys',
  {
    organizationId: text('organization_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    userId: text('user_id').notNull(),
    key: text('key').notNull(),
    /** SHA-256 of what was asked, so that one key cannot stand for two requests. */
    requestHash: text('request_hash').notNull(),
    subjectId: text('subject_id').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.userId, t.key] }), index('idempotency_keys_age').on(t.createdAt)],
)
