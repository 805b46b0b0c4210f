// Where tables are shown: dashboards, reports, views. Their content is one JSON value, checked when it is written and read;
// which tables stand in it is kept beside it, so that a table knows where it is shown.
import { sql } from 'drizzle-orm'
import { check, foreignKey, index, integer, jsonb, primaryKey, text } from 'drizzle-orm/pg-core'
import { organizations } from './schema-access.ts'
import { createdAt, instant, store, updatedAt } from './schema-parts.ts'
import { permissions, tables, visibilities } from './schema-tables.ts'

export const documentKinds = ['dashboard', 'view', 'report'] as const
export type DocumentKind = (typeof documentKinds)[number]

export const documents = store.table(
  'documents',
  {
    organizationId: text('organization_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    id: text('id').notNull(),
    kind: text('kind', { enum: documentKinds }).notNull(),
    name: text('name').notNull(),
    description: text('description').notNull().default(''),
    content: jsonb('content').$type<unknown>().notNull(),
    visibility: text('visibility', { enum: visibilities }).notNull().default('PRIVATE'),
    orgPermission: text('org_permission', { enum: permissions }).notNull().default('view'),
    /** Of reports: when it is mailed as one file. */
    scheduleConfig: jsonb('schedule_config').$type<unknown>(),
    scheduledBy: text('scheduled_by'),
    nextScheduledRun: instant('next_scheduled_run'),
    createdBy: text('created_by').notNull(),
    ownerId: text('owner_id').notNull(),
    updatedBy: text('updated_by').notNull(),
    version: integer('version').notNull().default(1),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    deletedAt: instant('deleted_at'),
    deletedBy: text('deleted_by'),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    index('documents_recent').on(t.organizationId, t.kind, t.updatedAt, t.id),
    index('documents_owner').on(t.organizationId, t.ownerId),
    index('documents_due')
      .on(t.nextScheduledRun)
      .where(sql`${t.nextScheduledRun} is not null and ${t.deletedAt} is null`),
    check('documents_kind', sql`${t.kind} in ('dashboard', 'view', 'report')`),
    check('documents_visibility', sql`${t.visibility} in ('PRIVATE', 'TEAM', 'ORG')`),
  ],
)

export const documentShares = store.table(
  'document_shares',
  {
    organizationId: text('organization_id').notNull(),
    documentId: text('document_id').notNull(),
    kind: text('kind', { enum: ['team', 'user'] }).notNull(),
    subjectId: text('subject_id').notNull(),
    permission: text('permission', { enum: permissions }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.documentId, t.kind, t.subjectId] }),
    index('document_shares_subject').on(t.organizationId, t.kind, t.subjectId),
    foreignKey({
      columns: [t.organizationId, t.documentId],
      foreignColumns: [documents.organizationId, documents.id],
    }).onDelete('cascade'),
  ],
)

/** Which tables stand in a document; written with its content. */
export const placements = store.table(
  'placements',
  {
    organizationId: text('organization_id').notNull(),
    documentId: text('document_id').notNull(),
    tableId: text('table_id').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.documentId, t.tableId] }),
    index('placements_table').on(t.organizationId, t.tableId),
    foreignKey({
      columns: [t.organizationId, t.documentId],
      foreignColumns: [documents.organizationId, documents.id],
    }).onDelete('cascade'),
    foreignKey({
      columns: [t.organizationId, t.tableId],
      foreignColumns: [tables.organizationId, tables.id],
    }).onDelete('cascade'),
  ],
)
