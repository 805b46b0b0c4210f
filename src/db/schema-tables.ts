// Saved tables: what they are, what they were, who may see them, and their last results.
import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  primaryKey,
  text,
} from 'drizzle-orm/pg-core'
import { organizations } from './schema-access.ts'
import { createdAt, instant, store, updatedAt } from './schema-parts.ts'

export const createdVia = ['BUILDER', 'AI_GENERATED', 'IMPORT'] as const
export const visibilities = ['PRIVATE', 'TEAM', 'ORG'] as const
export const permissions = ['view', 'edit'] as const

export const tables = store.table(
  'tables',
  {
    organizationId: text('organization_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    id: text('id').notNull(),
    name: text('name').notNull(),
    description: text('description').notNull().default(''),
    createdVia: text('created_via', { enum: createdVia }).notNull(),
    /** The words that it was made from, as they were typed. */
    aiPrompt: text('ai_prompt'),
    /** Any version of the language; read through upgradeDefinition. */
    definition: jsonb('definition').$type<unknown>().notNull(),
    destinations: jsonb('destinations').$type<unknown>().notNull().default([]),
    visibility: text('visibility', { enum: visibilities }).notNull().default('PRIVATE'),
    /** What everybody in the organization may do once visibility is ORG. */
    orgPermission: text('org_permission', { enum: permissions }).notNull().default('view'),
    scheduleConfig: jsonb('schedule_config').$type<unknown>(),
    scheduledBy: text('scheduled_by'),
    nextScheduledRun: instant('next_scheduled_run'),
    createdBy: text('created_by').notNull(),
    /** Who answers for it now; the maker until it is handed on. */
    ownerId: text('owner_id').notNull(),
    updatedBy: text('updated_by').notNull(),
    /** Goes up with every change of the row; clients send it back as If-Match. */
    version: integer('version').notNull().default(1),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    deletedAt: instant('deleted_at'),
    deletedBy: text('deleted_by'),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    index('tables_recent').on(t.organizationId, t.updatedAt, t.id),
    index('tables_named').on(t.organizationId, sql`lower(${t.name})`, t.id),
    index('tables_owner').on(t.organizationId, t.ownerId),
    index('tables_due').on(t.nextScheduledRun).where(sql`${t.nextScheduledRun} is not null and ${t.deletedAt} is null`),
    check('tables_created_via', sql`${t.createdVia} in ('BUILDER', 'AI_GENERATED', 'IMPORT')`),
    check('tables_visibility', sql`${t.visibility} in ('PRIVATE', 'TEAM', 'ORG')`),
    check('tables_schedule', sql`${t.scheduleConfig} is not null or ${t.nextScheduledRun} is null`),
  ],
)

/** A table's name, description and definition after each change of one of them; the last one is the table itself. */
export const tableVersions = store.table(
  'table_versions',
  {
    organizationId: text('organization_id').notNull(),
    tableId: text('table_id').notNull(),
    /** The table's version that began with it: there are gaps where something else changed. */
    version: integer('version').notNull(),
    kind: text('kind', { enum: ['created', 'updated', 'reverted'] }).notNull(),
    name: text('name').notNull(),
    description: text('description').notNull(),
    definition: jsonb('definition').$type<unknown>().notNull(),
    /** The version that was gone back to. */
    revertedTo: integer('reverted_to'),
    changedBy: text('changed_by').notNull(),
    changedAt: instant('changed_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.tableId, t.version] }), ofTable(t)],
)

/** Teams and people that a table is shared with by name. */
export const tableShares = store.table(
  'table_shares',
  {
    organizationId: text('organization_id').notNull(),
    tableId: text('table_id').notNull(),
    kind: text('kind', { enum: ['team', 'user'] }).notNull(),
    subjectId: text('subject_id').notNull(),
    permission: text('permission', { enum: permissions }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.tableId, t.kind, t.subjectId] }),
    index('table_shares_subject').on(t.organizationId, t.kind, t.subjectId),
    ofTable(t),
  ],
)

/** Results that were kept, each for one permission class: who sees other columns never reads them. */
export const cachedResults = store.table(
  'cached_results',
  {
    organizationId: text('organization_id').notNull(),
    id: text('id').notNull(),
    tableId: text('table_id').notNull(),
    permissionClass: text('permission_class').notNull(),
    timezone: text('timezone').notNull(),
    /** Of the definition that ran; another definition's result is never shown as this one's. */
    definitionHash: text('definition_hash').notNull(),
    /** Of whoever ran it: only readers who have all of them are shown it once the catalog has changed. */
    roles: text('roles').array().notNull().default(sql`'{}'`),
    /** Columns, totals and everything else but the rows. */
    head: jsonb('head').$type<unknown>().notNull(),
    rowCount: integer('row_count').notNull(),
    truncated: boolean('truncated').notNull(),
    /** Of its rows as JSON; what an organization keeps is bounded by it. */
    bytes: integer('bytes').notNull().default(0),
    asOf: instant('as_of').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    index('cached_results_of_table').on(t.organizationId, t.tableId, t.permissionClass, t.timezone, t.asOf, t.id),
    ofTable(t),
  ],
)

/** The rows of a kept result in pieces, so that a page reads what it shows. */
export const cachedRows = store.table(
  'cached_rows',
  {
    organizationId: text('organization_id').notNull(),
    resultId: text('result_id').notNull(),
    /** Of its first row, from 0. */
    position: integer('position').notNull(),
    rows: jsonb('rows').$type<unknown[][]>().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.resultId, t.position] }),
    foreignKey({
      columns: [t.organizationId, t.resultId],
      foreignColumns: [cachedResults.organizationId, cachedResults.id],
    }).onDelete('cascade'),
  ],
)

/** Refreshes under way; one that outlives its lease belongs to a process that is gone. */
export const refreshes = store.table(
  'refreshes',
  {
    organizationId: text('organization_id').notNull(),
    tableId: text('table_id').notNull(),
    permissionClass: text('permission_class').notNull(),
    timezone: text('timezone').notNull(),
    definitionHash: text('definition_hash').notNull(),
    token: text('token').notNull(),
    startedAt: instant('started_at').notNull(),
    leaseUntil: instant('lease_until').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.tableId, t.permissionClass, t.timezone, t.definitionHash] }),
    ofTable(t),
  ],
)

/** A table's belongings go when its row goes, which only the removal of an organization does. */
function ofTable(t: { organizationId: AnyPgColumn; tableId: AnyPgColumn }) {
  return foreignKey({
    columns: [t.organizationId, t.tableId],
    foreignColumns: [tables.organizationId, tables.id],
  }).onDelete('cascade')
}
