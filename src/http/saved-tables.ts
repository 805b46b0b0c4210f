// Tables that were saved. Each route is a few lines over a verb in src/tables/.
import { z } from 'zod'
import { parts } from '../access/rules.ts'
import { CloneTable, cloneTable } from '../tables/clone-table.ts'
import { type Created, CreateTable, createTable } from '../tables/create-table.ts'
import { deleteTable, restoreTable } from '../tables/delete-table.ts'
import { executeTable } from '../tables/execute-table.ts'
import { getTable } from '../tables/get-table.ts'
import { ListHistory, RevertTable, revertTable, tableHistory } from '../tables/history.ts'
import { ListTables, listTables } from '../tables/list-tables.ts'
import { refreshTable } from '../tables/refresh-table.ts'
import { scheduleTable, unscheduleTable } from '../tables/schedule-table.ts'
import { CreatedVia, Destination, Permission, ScheduleConfig, Visibility } from '../tables/schemas.ts'
import { ShareTable, shareTable } from '../tables/share-table.ts'
import { tableRows } from '../tables/table-rows.ts'
import { TransferTable, transferTable } from '../tables/transfer-table.ts'
import { UpdateTable, updateTable } from '../tables/update-table.ts'
import { unverifyTable, VerifyTable, verifyTable } from '../tables/verify-table.ts'
import type { TableSummary, TableView } from '../tables/view.ts'
import { route } from './route.ts'
import {
  CheckedDefinition,
  Instant,
  Issue,
  MaxRows,
  Named,
  runShape,
  SentenceParts,
  Timezone,
  tableShape,
} from './schemas.ts'
import { changeOf, dated, Id, madeAt } from './versioned.ts'

const Shared = z.array(z.strictObject({ id: z.string(), permission: Permission }))
export const State = z
  .enum(['ok', 'hidden', 'broken'])
  .describe('hidden: it uses columns that your role may not see; broken: it does not fit the catalog, see issues')

const summary = {
  id: z.string(),
  organizationId: z.string(),
  name: z.string(),
  description: z.string(),
  createdVia: CreatedVia,
  visibility: Visibility,
  destinations: z.array(Destination),
  createdBy: z.string(),
  owner: Named,
  updatedBy: z.string(),
  version: z.int().describe('Goes up with every change; also the ETag'),
  createdAt: Instant,
  updatedAt: Instant,
  deletedAt: Instant.nullable(),
  nextScheduledRun: Instant.nullable(),
  access: z.enum(parts).describe('Your part in it'),
}
const Summary = z.strictObject(summary).meta({ id: 'TableSummary' })
export const Table = z
  .strictObject({
    ...summary,
    aiPrompt: z.string().nullable(),
    definition: CheckedDefinition.nullable(),
    sentence: z.string().nullable().describe('Exactly what it shows'),
    state: State,
    issues: z.array(Issue).optional(),
    repair: CheckedDefinition.optional().describe(
      'Of a broken table: a definition that fits, where it is clear what is meant',
    ),
    orgPermission: Permission.describe('What everybody may do once visibility is ORG'),
    sharedWithTeams: Shared,
    sharedWithUsers: Shared,
    scheduleConfig: ScheduleConfig.nullable(),
    schedule: z.string().nullable().describe('The schedule in words'),
    lastDelivery: z
      .strictObject({ occurrence: Instant, states: z.record(z.string(), z.int()) })
      .nullable()
      .describe('What became of the latest scheduled mail, by recipients'),
    verified: z
      .strictObject({ prompt: z.string(), by: z.string(), at: Instant })
      .nullable()
      .describe('An admin vouches that it answers this prompt'),
  })
  .meta({ id: 'Table' })

export const Changes = z.array(
  z.strictObject({
    kind: z.enum(['add', 'remove', 'replace', 'order', 'set']),
    part: z.string(),
    index: z.int().optional(),
    before: z.unknown().optional(),
    after: z.unknown().optional(),
  }),
)

const BesideVersion = z
  .strictObject({ version: z.int(), action: z.string(), changedAt: Instant, changedBy: Named })
  .meta({ id: 'BesideVersion' })
const Version = z
  .strictObject({
    version: z.int(),
    kind: z.enum(['created', 'updated', 'reverted']),
    revertedTo: z.int().nullable(),
    changedAt: Instant,
    changedBy: Named,
    name: z.string(),
    description: z.string(),
    state: State,
    definition: CheckedDefinition.nullable(),
    sentence: z.string().nullable(),
    changes: Changes.nullable().describe('Of the definition, from the version before'),
    since: z
      .array(BesideVersion)
      .describe('The numbers after it that left name, description and definition as they were, such as sharing'),
  })
  .meta({ id: 'TableVersion' })

export const savedTableRoutes = {
  listTables: route({
    method: 'GET',
    path: '/tables',
    action: 'tables.list',
    tag: 'Tables',
    summary: 'List the tables you see',
    description: 'Your own, those shared with you or your teams, those of the whole organization; the newest first.',
    query: ListTables,
    response: z.strictObject({ tables: z.array(Summary), nextCursor: z.string().optional() }),
    async handle({ call, query }) {
      const { tables, ...rest } = await listTables({ ...call, input: query })
      return { body: { tables: tables.map(datedTable), ...rest } }
    },
  }),
  createTable: route({
    method: 'POST',
    path: '/tables',
    action: 'tables.create',
    tag: 'Tables',
    summary: 'Save a table',
    body: CreateTable,
    response: Table,
    status: 201,
    idempotent: true,
    handle: async ({ call, body, idempotencyKey }) => made(await createTable({ ...call, input: body, idempotencyKey })),
  }),
  getTable: route({
    method: 'GET',
    path: '/tables/{id}',
    action: 'tables.get',
    tag: 'Tables',
    summary: 'See a table',
    params: Id,
    response: Table,
    handle: async ({ call, params }) => shown(await getTable({ ...call, ...params })),
  }),
  updateTable: route({
    method: 'PUT',
    path: '/tables/{id}',
    action: 'tables.update',
    tag: 'Tables',
    summary: 'Change a table',
    description: 'What is not given stays. A version must be named, by `If-Match` or in the body.',
    params: Id,
    body: UpdateTable,
    response: Table,
    ifMatch: 'required',
    handle: async (input) => shown(await updateTable({ ...changeOf(input), input: input.body })),
  }),
  deleteTable: route({
    method: 'DELETE',
    path: '/tables/{id}',
    action: 'tables.delete',
    tag: 'Tables',
    summary: 'Delete a table',
    description: 'It can be restored.',
    params: Id,
    response: Table,
    ifMatch: 'optional',
    handle: async (input) => shown(await deleteTable(changeOf(input))),
  }),
  restoreTable: route({
    method: 'POST',
    path: '/tables/{id}/restore',
    action: 'tables.restore',
    tag: 'Tables',
    summary: 'Restore a table that was deleted',
    params: Id,
    response: Table,
    ifMatch: 'optional',
    handle: async (input) => shown(await restoreTable(changeOf(input))),
  }),
  executeTable: route({
    method: 'POST',
    path: '/tables/{id}/execute',
    action: 'tables.execute',
    tag: 'Tables',
    summary: 'Run a table now',
    description: 'As you, with the columns that you may see. Nothing is kept.',
    params: Id,
    body: z.strictObject({ timezone: Timezone, maxRows: MaxRows }),
    bodyOptional: true,
    response: z.strictObject({
      title: z.string(),
      definition: CheckedDefinition,
      sentence: z.string(),
      parts: SentenceParts,
      ...runShape,
    }),
    handle: async ({ call, params, body }) => ({ body: await executeTable({ ...call, ...params, ...body }) }),
  }),
  refreshTable: route({
    method: 'POST',
    path: '/tables/{id}/refresh',
    action: 'tables.refresh',
    tag: 'Tables',
    summary: 'Run a table again and keep the result',
    description:
      'The rows before stay to be read meanwhile. Answers 202 when somebody else’s run is under way; none is begun then.',
    params: Id,
    body: z.strictObject({ timezone: Timezone }),
    bodyOptional: true,
    otherStatuses: [202],
    response: z.strictObject({
      asOf: Instant.nullable(),
      rowCount: z.int().nullable(),
      truncated: z.boolean().nullable(),
      refreshing: z.boolean(),
    }),
    async handle({ call, params, body }) {
      const { result, refreshing } = await refreshTable({ ...call, ...params, ...body })
      return {
        status: refreshing ? 202 : 200,
        body: {
          asOf: result?.asOf.toISOString() ?? null,
          rowCount: result?.rowCount ?? null,
          truncated: result?.truncated ?? null,
          refreshing,
        },
      }
    },
  }),
  tableRows: route({
    method: 'GET',
    path: '/tables/{id}/rows',
    action: 'tables.rows',
    tag: 'Tables',
    summary: 'Read the rows of a table',
    description:
      'All pages are of one kept result, made when `asOf` says. A table that never ran runs now. `result_replaced` says that the result is gone and the reading must begin again.',
    params: Id,
    query: z.strictObject({
      timezone: Timezone,
      limit: z.coerce.number().int().min(1).max(1000).default(100),
      cursor: z.string().max(500).optional().describe('`nextCursor` of the page before'),
    }),
    response: z.strictObject({
      title: z.string(),
      sentence: z.string(),
      columns: tableShape.columns,
      rows: tableShape.rows,
      totals: tableShape.totals,
      truncated: tableShape.truncated,
      rowCount: z.int().describe('Of all pages'),
      position: z.int().describe('Of the first row here, from 0'),
      asOf: Instant,
      refreshing: z.boolean().describe('A newer result is being made'),
      stale: z
        .strictObject({ issues: z.array(Issue) })
        .optional()
        .describe('The table does not fit the catalog any more: these are the last good rows'),
      nextCursor: z.string().optional(),
    }),
    async handle({ call, params, query }) {
      const page = await tableRows({ ...call, ...params, ...query })
      return { body: { ...page, asOf: page.asOf.toISOString() } }
    },
  }),
  shareTable: route({
    method: 'POST',
    path: '/tables/{id}/share',
    action: 'tables.share',
    tag: 'Tables',
    summary: 'Share a table',
    description:
      'PRIVATE: only its owner. TEAM: the teams and people named. ORG: everybody in the organization. Whoever is not named is out.',
    params: Id,
    body: ShareTable,
    response: Table,
    ifMatch: 'optional',
    handle: async (input) => shown(await shareTable({ ...changeOf(input), input: input.body })),
  }),
  cloneTable: route({
    method: 'POST',
    path: '/tables/{id}/clone',
    action: 'tables.clone',
    tag: 'Tables',
    summary: 'Copy a table',
    description: 'The copy is yours and private.',
    params: Id,
    body: CloneTable,
    bodyOptional: true,
    response: Table,
    status: 201,
    idempotent: true,
    handle: async ({ call, params, body, idempotencyKey }) =>
      made(await cloneTable({ ...call, ...params, input: body, idempotencyKey })),
  }),
  transferTable: route({
    method: 'POST',
    path: '/tables/{id}/transfer',
    action: 'tables.transfer',
    tag: 'Tables',
    summary: 'Hand a table to somebody else',
    params: Id,
    body: TransferTable,
    response: Table,
    ifMatch: 'optional',
    handle: async (input) => shown(await transferTable({ ...changeOf(input), input: input.body })),
  }),
  scheduleTable: route({
    method: 'POST',
    path: '/tables/{id}/schedule',
    action: 'tables.schedule',
    tag: 'Tables',
    summary: 'Schedule a table',
    description: '`nextScheduledRun` says when it comes due next, on the clock of its time zone.',
    params: Id,
    body: ScheduleConfig,
    response: Table,
    ifMatch: 'optional',
    handle: async (input) => shown(await scheduleTable({ ...changeOf(input), input: input.body })),
  }),
  unscheduleTable: route({
    method: 'DELETE',
    path: '/tables/{id}/schedule',
    action: 'tables.unschedule',
    tag: 'Tables',
    summary: 'End a schedule',
    params: Id,
    response: Table,
    ifMatch: 'optional',
    handle: async (input) => shown(await unscheduleTable(changeOf(input))),
  }),
  verifyTable: route({
    method: 'POST',
    path: '/tables/{id}/verify',
    action: 'tables.verify',
    tag: 'Tables',
    summary: 'Vouch for a table',
    description:
      'Its prompt is answered by just this definition from now on. The mark goes when the definition changes or not everybody sees the table any more.',
    params: Id,
    body: VerifyTable,
    bodyOptional: true,
    response: Table,
    ifMatch: 'optional',
    handle: async (input) => shown(await verifyTable({ ...changeOf(input), input: input.body })),
  }),
  unverifyTable: route({
    method: 'DELETE',
    path: '/tables/{id}/verify',
    action: 'tables.verify',
    tag: 'Tables',
    summary: 'Take the mark from a table',
    params: Id,
    response: Table,
    ifMatch: 'optional',
    handle: async (input) => shown(await unverifyTable(changeOf(input))),
  }),
  tableHistory: route({
    method: 'GET',
    path: '/tables/{id}/history',
    action: 'tables.history',
    tag: 'Tables',
    summary: 'See what a table was',
    description: 'Every version of its name, description and definition, and what changed; the newest first.',
    params: Id,
    query: ListHistory,
    response: z.strictObject({ versions: z.array(Version), nextBefore: z.int().optional() }),
    async handle({ call, params, query }) {
      const { versions, ...rest } = await tableHistory({ ...call, ...params, input: query })
      const at = <T extends { changedAt: Date }>(one: T) => ({ ...one, changedAt: one.changedAt.toISOString() })
      return {
        body: { versions: versions.map((one) => ({ ...at(one), since: one.since.map(at) })), ...rest },
      }
    },
  }),
  revertTable: route({
    method: 'POST',
    path: '/tables/{id}/revert',
    action: 'tables.revert',
    tag: 'Tables',
    summary: 'Go back to an earlier version',
    description: 'The history goes on: going back is a change like any other.',
    params: Id,
    body: RevertTable,
    response: Table,
    ifMatch: 'required',
    handle: async (input) => shown(await revertTable({ ...changeOf(input), input: input.body })),
  }),
}

function shown(table: TableView) {
  const verified = table.verified && { ...table.verified, at: table.verified.at.toISOString() }
  const { lastDelivery: last } = table
  const lastDelivery = last && { ...last, occurrence: last.occurrence.toISOString() }
  return { body: { ...datedTable(table), verified, lastDelivery }, version: table.version }
}

export function made({ table, repeated }: Created) {
  return { ...shown(table), ...madeAt(`/tables/${table.id}`, repeated) }
}

const datedTable = <T extends TableSummary>(table: T) => ({
  ...dated(table),
  nextScheduledRun: table.nextScheduledRun?.toISOString() ?? null,
})
