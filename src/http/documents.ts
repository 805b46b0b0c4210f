// Where tables are shown: dashboards, views, reports. Each route is a few lines over a verb.
import { z } from 'zod'
import { parts } from '../access/rules.ts'
import {
  CreateDashboard,
  createDashboard,
  type Dashboard,
  deleteDashboard,
  getDashboard,
  listDashboards,
  PatchDashboard,
  restoreDashboard,
  shareDashboard,
  updateDashboard,
} from '../dashboards/dashboards.ts'
import { refreshDashboard, tileRows } from '../dashboards/tile-rows.ts'
import { deletedKinds, ListDeleted, listDeleted } from '../documents/deleted.ts'
import { ListDocuments, ListScheduled, ShareDocument } from '../documents/verbs.ts'
import { type FileFormat, fileFormats } from '../export/formats.ts'
import { DashboardFilter, ReportItem, Tile, ViewContent } from '../placing/content.ts'
import { exportReport, REPORT_CSV } from '../reports/export-report.ts'
import {
  CreateReport,
  createReport,
  deleteReport,
  getReport,
  listReports,
  type Report,
  restoreReport,
  shareReport,
  UpdateReport,
  updateReport,
} from '../reports/reports.ts'
import { ScheduleConfig } from '../schedules/config.ts'
import { Permission, Visibility } from '../tables/schemas.ts'
import { CreateView, createView, deleteView, listViews, restoreView, UpdateView, updateView } from '../views/views.ts'
import { download, Format } from './export.ts'
import { route } from './route.ts'
import { Instant, Issue, Named, Timezone, tableShape } from './schemas.ts'
import { changeOf, dated, Id, madeAt } from './versioned.ts'

const Shared = z.array(z.strictObject({ id: z.string(), permission: Permission }))
const about = {
  id: z.string(),
  organizationId: z.string(),
  name: z.string(),
  description: z.string(),
  visibility: Visibility,
  orgPermission: Permission,
  sharedWithTeams: Shared,
  sharedWithUsers: Shared,
  createdBy: z.string(),
  owner: Named,
  updatedBy: z.string(),
  version: z.int().describe('Goes up with every change; also the ETag'),
  createdAt: Instant,
  updatedAt: Instant,
  deletedAt: Instant.nullable(),
  access: z.enum(parts).describe('Your part in it'),
}
const Summary = z.strictObject(about).meta({ id: 'DocumentSummary' })
const PlacedTable = z
  .strictObject({
    tableId: z.string(),
    state: z
      .enum(['ok', 'hidden', 'broken', 'deleted', 'not_shared'])
      .describe('not_shared: nothing else is told of it; ask its owner'),
    access: z.enum(parts).nullable().describe('Your part in it; who owns a deleted one can restore it'),
    name: z.string().nullable(),
    sentence: z.string().nullable(),
    issues: z.array(Issue).optional(),
  })
  .meta({ id: 'PlacedTable' })
const TileShown = z.strictObject({ ...Tile.shape, table: PlacedTable }).meta({ id: 'TileShown' })
const DashboardShape = z
  .strictObject({ ...about, tiles: z.array(TileShown), filters: z.array(DashboardFilter) })
  .meta({ id: 'Dashboard' })
const [TextItem, TableItem] = ReportItem.options
export const ReportShape = z
  .strictObject({
    ...about,
    items: z.array(z.discriminatedUnion('kind', [TextItem, TableItem.extend({ table: PlacedTable })])),
    scheduleConfig: ScheduleConfig.nullable(),
    schedule: z.string().nullable().describe('The schedule in words'),
    nextScheduledRun: Instant.nullable(),
  })
  .meta({ id: 'Report' })
const ViewShape = z
  .strictObject({
    ...{ id: z.string(), visibility: Visibility, version: z.int(), access: z.enum(parts), createdBy: z.string() },
    ...ViewContent.shape,
    position: z.int(),
    table: PlacedTable,
  })
  .meta({ id: 'View' })
const Deleted = z
  .strictObject({
    ...{ kind: z.enum(deletedKinds), id: z.string(), name: z.string(), version: z.int(), owner: Named },
    deletedBy: Named.nullable(),
    deletedAt: Instant,
    keptUntil: Instant.describe('Then it is gone for good'),
  })
  .meta({ id: 'Deleted' })
const Ignored = z.array(z.strictObject({ id: z.string(), reason: z.string() }))

export const documentRoutes = {
  listDashboards: route({
    method: 'GET',
    path: '/dashboards',
    action: 'dashboards.list',
    tag: 'Dashboards',
    summary: 'List the dashboards you see',
    query: ListDocuments,
    response: z.strictObject({ dashboards: z.array(Summary), nextCursor: z.string().optional() }),
    async handle({ call, query }) {
      const { dashboards, ...rest } = await listDashboards({ ...call, input: query })
      return { body: { dashboards: dashboards.map(dated), ...rest } }
    },
  }),
  createDashboard: route({
    method: 'POST',
    path: '/dashboards',
    action: 'dashboards.create',
    tag: 'Dashboards',
    summary: 'Make a dashboard',
    description: 'Tiles stand on a grid of 12 columns. Shared filters apply to the tiles whose table has the field.',
    body: CreateDashboard,
    response: DashboardShape,
    status: 201,
    idempotent: true,
    async handle({ call, body, idempotencyKey }) {
      const { dashboard, repeated } = await createDashboard({ ...call, input: body, idempotencyKey })
      return { ...shown(dashboard), ...madeAt(`/dashboards/${dashboard.id}`, repeated) }
    },
  }),
  getDashboard: route({
    method: 'GET',
    path: '/dashboards/{id}',
    action: 'dashboards.get',
    tag: 'Dashboards',
    summary: 'See a dashboard',
    params: Id,
    response: DashboardShape,
    handle: async ({ call, params }) => shown(await getDashboard({ ...call, ...params })),
  }),
  updateDashboard: route({
    method: 'PUT',
    path: '/dashboards/{id}',
    action: 'dashboards.update',
    tag: 'Dashboards',
    summary: 'Change a dashboard',
    description: 'What is not given stays; tiles and filters are given as a whole.',
    params: Id,
    body: PatchDashboard,
    response: DashboardShape,
    ifMatch: 'required',
    handle: async (input) => shown(await updateDashboard({ ...changeOf(input), input: input.body })),
  }),
  shareDashboard: route({
    method: 'POST',
    path: '/dashboards/{id}/share',
    action: 'dashboards.share',
    tag: 'Dashboards',
    summary: 'Share a dashboard',
    description: 'Its tables keep their own rules: a tile whose table is not shared with a reader says only that.',
    params: Id,
    body: ShareDocument,
    response: DashboardShape,
    ifMatch: 'optional',
    handle: async (input) => shown(await shareDashboard({ ...changeOf(input), input: input.body })),
  }),
  deleteDashboard: route({
    method: 'DELETE',
    path: '/dashboards/{id}',
    action: 'dashboards.delete',
    tag: 'Dashboards',
    summary: 'Delete a dashboard',
    description: 'It can be restored. Its tables stay.',
    params: Id,
    response: DashboardShape,
    ifMatch: 'optional',
    handle: async (input) => shown(await deleteDashboard(changeOf(input))),
  }),
  restoreDashboard: route({
    method: 'POST',
    path: '/dashboards/{id}/restore',
    action: 'dashboards.restore',
    tag: 'Dashboards',
    summary: 'Restore a dashboard that was deleted',
    params: Id,
    response: DashboardShape,
    ifMatch: 'optional',
    handle: async (input) => shown(await restoreDashboard(changeOf(input))),
  }),
  refreshDashboard: route({
    method: 'POST',
    path: '/dashboards/{id}/refresh',
    action: 'dashboards.get',
    tag: 'Dashboards',
    summary: 'Run all tables of a dashboard again',
    params: Id,
    body: z.strictObject({ timezone: Timezone }),
    bodyOptional: true,
    response: z.strictObject({
      tiles: z.array(z.strictObject({ tileId: z.string(), asOf: Instant.nullable(), failed: z.string().optional() })),
    }),
    async handle({ call, params, body }) {
      const tiles = await refreshDashboard({ ...call, ...params, ...body })
      return { body: { tiles: tiles.map((tile) => ({ ...tile, asOf: tile.asOf?.toISOString() ?? null })) } }
    },
  }),
  tileRows: route({
    method: 'POST',
    path: '/dashboards/{id}/tiles/{tile}/rows',
    action: 'dashboards.get',
    tag: 'Dashboards',
    summary: 'Read the rows of a tile',
    description:
      'As you. Without filters these are the kept rows of the table; with filters it runs with them. A filter that the table cannot take as a whole is in `ignoredFilters`, with the reason.',
    params: Id.extend({ tile: z.string().max(100) }),
    body: z.strictObject({
      timezone: Timezone,
      filters: z
        .record(z.string().max(40), z.unknown())
        .default({})
        .describe("By filter id; null takes a filter's own value off"),
    }),
    bodyOptional: true,
    response: z.strictObject({
      title: z.string(),
      sentence: z.string(),
      columns: tableShape.columns,
      rows: tableShape.rows,
      totals: tableShape.totals,
      rowCount: z.int(),
      truncated: tableShape.truncated,
      asOf: Instant,
      appliedFilters: z.array(z.string()),
      ignoredFilters: Ignored,
    }),
    async handle({ call, params, body }) {
      const { id, tile: tileId } = params
      const found = await tileRows({ ...call, id, tileId, timezone: body.timezone, values: body.filters })
      return { body: { ...found, asOf: found.asOf.toISOString() } }
    },
  }),
  listViews: route({
    method: 'GET',
    path: '/views',
    action: 'views.list',
    tag: 'Views',
    summary: 'See the tables of the navigation',
    description: 'By section and position; only views whose table you see.',
    response: z.strictObject({ views: z.array(ViewShape) }),
    async handle({ call }) {
      return { body: { views: await listViews(call) } }
    },
  }),
  createView: route({
    method: 'POST',
    path: '/views',
    action: 'views.create',
    tag: 'Views',
    summary: 'Put a table into the navigation',
    description: 'It is shown to whoever sees the table.',
    body: CreateView,
    response: ViewShape,
    status: 201,
    idempotent: true,
    async handle({ call, body, idempotencyKey }) {
      const { view, repeated } = await createView({ ...call, input: body, idempotencyKey })
      return { body: view, version: view.version, ...madeAt(`/views/${view.id}`, repeated) }
    },
  }),
  updateView: route({
    method: 'PUT',
    path: '/views/{id}',
    action: 'views.update',
    tag: 'Views',
    summary: 'Move or name a view',
    params: Id,
    body: UpdateView,
    response: ViewShape,
    ifMatch: 'required',
    async handle(input) {
      const view = await updateView({ ...changeOf(input), input: input.body })
      return { body: view, version: view.version }
    },
  }),
  deleteView: route({
    method: 'DELETE',
    path: '/views/{id}',
    action: 'views.delete',
    tag: 'Views',
    summary: 'Take a table out of the navigation',
    params: Id,
    response: ViewShape,
    ifMatch: 'optional',
    async handle(input) {
      const view = await deleteView(changeOf(input))
      return { body: view, version: view.version }
    },
  }),
  restoreView: route({
    method: 'POST',
    path: '/views/{id}/restore',
    action: 'views.restore',
    tag: 'Views',
    summary: 'Put a table back into the navigation',
    params: Id,
    response: ViewShape,
    ifMatch: 'optional',
    async handle(input) {
      const view = await restoreView(changeOf(input))
      return { body: view, version: view.version }
    },
  }),
  listDeleted: route({
    method: 'GET',
    path: '/deleted',
    action: 'deleted.list',
    tag: 'Tables',
    summary: 'List what was deleted and you may restore',
    description:
      'Tables, dashboards, reports and views, the latest first; your own, and for admins those shared with them.',
    query: ListDeleted,
    response: z.strictObject({ deleted: z.array(Deleted), nextCursor: z.string().optional() }),
    async handle({ call, query }) {
      const { deleted, ...rest } = await listDeleted({ ...call, input: query })
      const shown = deleted.map((one) => ({
        ...one,
        deletedAt: one.deletedAt.toISOString(),
        keptUntil: one.keptUntil.toISOString(),
      }))
      return { body: { deleted: shown, ...rest } }
    },
  }),
  listReports: route({
    method: 'GET',
    path: '/reports',
    action: 'reports.list',
    tag: 'Reports',
    summary: 'List the reports you see',
    query: ListScheduled,
    response: z.strictObject({ reports: z.array(Summary), nextCursor: z.string().optional() }),
    async handle({ call, query }) {
      const { reports, ...rest } = await listReports({ ...call, input: query })
      return { body: { reports: reports.map(dated), ...rest } }
    },
  }),
  createReport: route({
    method: 'POST',
    path: '/reports',
    action: 'reports.create',
    tag: 'Reports',
    summary: 'Make a report',
    description: 'Tables in an order, with text between.',
    body: CreateReport,
    response: ReportShape,
    status: 201,
    idempotent: true,
    async handle({ call, body, idempotencyKey }) {
      const { report, repeated } = await createReport({ ...call, input: body, idempotencyKey })
      return { ...shownReport(report), ...madeAt(`/reports/${report.id}`, repeated) }
    },
  }),
  getReport: route({
    method: 'GET',
    path: '/reports/{id}',
    action: 'reports.get',
    tag: 'Reports',
    summary: 'See a report',
    params: Id,
    response: ReportShape,
    handle: async ({ call, params }) => shownReport(await getReport({ ...call, ...params })),
  }),
  updateReport: route({
    method: 'PUT',
    path: '/reports/{id}',
    action: 'reports.update',
    tag: 'Reports',
    summary: 'Change a report',
    description: 'What is not given stays; its parts are given as a whole.',
    params: Id,
    body: UpdateReport,
    response: ReportShape,
    ifMatch: 'required',
    handle: async (input) => shownReport(await updateReport({ ...changeOf(input), input: input.body })),
  }),
  shareReport: route({
    method: 'POST',
    path: '/reports/{id}/share',
    action: 'reports.share',
    tag: 'Reports',
    summary: 'Share a report',
    params: Id,
    body: ShareDocument,
    response: ReportShape,
    ifMatch: 'optional',
    handle: async (input) => shownReport(await shareReport({ ...changeOf(input), input: input.body })),
  }),
  deleteReport: route({
    method: 'DELETE',
    path: '/reports/{id}',
    action: 'reports.delete',
    tag: 'Reports',
    summary: 'Delete a report',
    description: 'It can be restored.',
    params: Id,
    response: ReportShape,
    ifMatch: 'optional',
    handle: async (input) => shownReport(await deleteReport(changeOf(input))),
  }),
  restoreReport: route({
    method: 'POST',
    path: '/reports/{id}/restore',
    action: 'reports.restore',
    tag: 'Reports',
    summary: 'Restore a report that was deleted',
    params: Id,
    response: ReportShape,
    ifMatch: 'optional',
    handle: async (input) => shownReport(await restoreReport(changeOf(input))),
  }),
  exportReport: route({
    method: 'POST',
    path: '/reports/{id}/export',
    action: 'reports.get',
    tag: 'Reports',
    summary: 'Download a report as one file',
    description:
      'PDF: one document. Excel: a sheet for each table. CSV: a zip with a file for each table. As you: what you may not see is left out, and that is said in its place.',
    params: Id,
    body: z.strictObject({ format: Format.default('pdf'), timezone: Timezone }),
    bodyOptional: true,
    file: [fileFormats.pdf, fileFormats.xlsx, REPORT_CSV].map(({ contentType }) => contentType),
    response: z.unknown(),
    async handle({ call, params, body, signal, requestId }) {
      const { format, timezone } = body as { format: FileFormat; timezone: string }
      const file = await exportReport({ ...call, ...params, format, timezone })
      return download(call.ctx, file, { signal, requestId, organizationId: call.identity.organizationId })
    },
  }),
}

const shown = (dashboard: Dashboard) => ({ body: dated(dashboard), version: dashboard.version })
export const shownReport = (report: Report) => ({
  body: { ...dated(report), nextScheduledRun: report.nextScheduledRun?.toISOString() ?? null },
  version: report.version,
})
