// Reports: tables in an order, with text between, read and sent as one document.
import { z } from 'zod'
import type { Call } from '../context.ts'
import { type PlacedTable, placedTables } from '../documents/placed-table.ts'
import {
  createDocument,
  type DocumentView,
  deleteDocument,
  type ListDocuments,
  listDocuments,
  named,
  restoreDocument,
  type ShareDocument,
  shareDocument,
  sharing,
  updateDocument,
  viewDocument,
} from '../documents/verbs.ts'
import { ReportContent, type ReportItem, tablesIn } from '../placing/content.ts'
import { type FoundDocument, findDocument } from '../placing/find.ts'
import type { DocumentCall } from '../placing/write.ts'
import { type ScheduleConfig, storedSchedule } from '../schedules/config.ts'
import { scheduleSentence } from '../schedules/sentence.ts'
import { TableDescription, TableName, VersionNumber } from '../tables/schemas.ts'

export const CreateReport = z.strictObject({ ...named, ...sharing, ...ReportContent.shape })
export type CreateReport = z.output<typeof CreateReport>
export const UpdateReport = z.strictObject({
  version: VersionNumber.optional().describe('The version that was read, if the header If-Match does not say it'),
  name: TableName.optional(),
  description: TableDescription.optional(),
  items: ReportContent.shape.items.unwrap().optional(),
})
export type UpdateReport = z.output<typeof UpdateReport>

export type ReportItemView =
  | Extract<ReportItem, { kind: 'text' }>
  | (Extract<ReportItem, { kind: 'table' }> & { readonly table: PlacedTable })
export type Report = DocumentView & {
  readonly items: readonly ReportItemView[]
  readonly scheduleConfig: ScheduleConfig | null
  readonly schedule: string | null
  readonly nextScheduledRun: Date | null
}

async function view(call: Pick<Call, 'ctx' | 'identity'>, found: FoundDocument): Promise<Report> {
  const content = ReportContent.parse(found.row.content)
  const tables = await placedTables(call, tablesIn(content))
  const items = content.items.flatMap((item): ReportItemView[] => {
    if (item.kind === 'text') return [item]
    const table = tables.get(item.tableId)
    return table === undefined ? [] : [{ ...item, table }]
  })
  const scheduleConfig = storedSchedule(found.row.scheduleConfig) ?? null
  const schedule = scheduleConfig && scheduleSentence(scheduleConfig)
  const { nextScheduledRun } = found.row
  return { ...(await viewDocument(call.ctx.db, found)), items, scheduleConfig, schedule, nextScheduledRun }
}

export async function createReport(
  call: Call & { readonly input: CreateReport; readonly idempotencyKey?: string | undefined },
): Promise<{ report: Report; repeated: boolean }> {
  const { items, ...input } = call.input
  const { found, repeated } = await createDocument(call, 'report', 'reports.create', { ...input, content: { items } })
  return { report: await view(call, found), repeated }
}

export async function listReports(call: Call & { readonly input: ListDocuments }) {
  const { documents, nextCursor } = await listDocuments(call, 'report', 'reports.list', call.input)
  return { reports: documents, ...(nextCursor && { nextCursor }) }
}

export async function getReport(call: DocumentCall): Promise<Report> {
  return view(call, await findDocument(call.ctx.db, call.identity, 'report', call.id, 'reports.get'))
}

/** Changes what is given. Throws `UserError` version_conflict, version_required, not_found. */
export async function updateReport(call: DocumentCall & { readonly input: UpdateReport }): Promise<Report> {
  const { version: read, items, ...about } = call.input
  const content = items === undefined ? {} : { content: { items } }
  const versioned = { ...call, version: call.version ?? read }
  return view(call, await updateDocument(versioned, 'report', 'reports.update', { ...about, ...content }))
}

export const shareReport = async (call: DocumentCall & { readonly input: ShareDocument }): Promise<Report> =>
  view(call, await shareDocument(call, 'report', 'reports.share', call.input))
export const deleteReport = async (call: DocumentCall): Promise<Report> =>
  view(call, await deleteDocument(call, 'report', 'reports.delete'))
export const restoreReport = async (call: DocumentCall): Promise<Report> =>
  view(call, await restoreDocument(call, 'report', 'reports.restore'))
