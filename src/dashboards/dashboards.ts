// Dashboards: tables side by side, with filters that they share. One function a verb; what they have in common with
// reports and views is in documents/.
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
import { UserError } from '../errors.ts'
import { DashboardContent, type DashboardFilter, type Tile, tablesIn } from '../placing/content.ts'
import { type FoundDocument, findDocument } from '../placing/find.ts'
import type { DocumentCall } from '../placing/write.ts'
import { TableDescription, TableName, VersionNumber } from '../tables/schemas.ts'

export const CreateDashboard = z.strictObject({ ...named, ...sharing, ...DashboardContent.shape })
export type CreateDashboard = z.output<typeof CreateDashboard>
export const PatchDashboard = z.strictObject({
  version: VersionNumber.optional().describe('The version that was read, if the header If-Match does not say it'),
  name: TableName.optional(),
  description: TableDescription.optional(),
  tiles: DashboardContent.shape.tiles.unwrap().optional(),
  filters: DashboardContent.shape.filters.unwrap().optional(),
})
export type PatchDashboard = z.output<typeof PatchDashboard>

export type TileView = Tile & { readonly table: PlacedTable }
export type Dashboard = DocumentView & {
  readonly tiles: readonly TileView[]
  readonly filters: readonly DashboardFilter[]
}

/** The content of a dashboard that was found. */
export const contentOf = ({ row }: FoundDocument): DashboardContent => DashboardContent.parse(row.content)

async function view(call: Pick<Call, 'ctx' | 'identity'>, found: FoundDocument): Promise<Dashboard> {
  const { tiles, filters } = contentOf(found)
  const tables = await placedTables(call, tablesIn({ tiles, filters }))
  const shown = tiles.flatMap((tile): TileView[] => {
    const table = tables.get(tile.tableId)
    return table === undefined ? [] : [{ ...tile, table }]
  })
  return { ...(await viewDocument(call.ctx.db, found)), tiles: shown, filters }
}

export async function createDashboard(
  call: Call & { readonly input: CreateDashboard; readonly idempotencyKey?: string | undefined },
): Promise<{ dashboard: Dashboard; repeated: boolean }> {
  const { tiles, filters, ...input } = call.input
  const { found, repeated } = await createDocument(call, 'dashboard', 'dashboards.create', {
    ...input,
    content: { tiles, filters },
  })
  return { dashboard: await view(call, found), repeated }
}

export async function listDashboards(call: Call & { readonly input: ListDocuments }) {
  const { documents, nextCursor } = await listDocuments(call, 'dashboard', 'dashboards.list', call.input)
  return { dashboards: documents, ...(nextCursor && { nextCursor }) }
}

export async function getDashboard(call: DocumentCall): Promise<Dashboard> {
  return view(call, await findDocument(call.ctx.db, call.identity, 'dashboard', call.id, 'dashboards.get'))
}

/** Changes what is given; tiles and filters as a whole. Throws `UserError` version_conflict, version_required, not_found. */
export async function updateDashboard(call: DocumentCall & { readonly input: PatchDashboard }): Promise<Dashboard> {
  const { version: read, tiles, filters, ...about } = call.input
  const versioned = { ...call, version: call.version ?? read }
  const found = await findDocument(call.ctx.db, call.identity, 'dashboard', call.id, 'dashboards.update')
  const before = contentOf(found)
  const content = { tiles: tiles ?? before.tiles, filters: filters ?? before.filters }
  const changed = tiles !== undefined || filters !== undefined
  return view(
    call,
    await updateDocument(versioned, 'dashboard', 'dashboards.update', { ...about, ...(changed && { content }) }),
  )
}

export const shareDashboard = async (call: DocumentCall & { readonly input: ShareDocument }): Promise<Dashboard> =>
  view(call, await shareDocument(call, 'dashboard', 'dashboards.share', call.input))
export const deleteDashboard = async (call: DocumentCall): Promise<Dashboard> =>
  view(call, await deleteDocument(call, 'dashboard', 'dashboards.delete'))
export const restoreDashboard = async (call: DocumentCall): Promise<Dashboard> =>
  view(call, await restoreDocument(call, 'dashboard', 'dashboards.restore'))

/** One tile of a dashboard that the asker may see. Throws `UserError` not_found. */
export async function findTile(
  call: DocumentCall & { readonly tileId: string },
): Promise<{ tile: Tile; filters: readonly DashboardFilter[] }> {
  const found = await findDocument(call.ctx.db, call.identity, 'dashboard', call.id, 'dashboards.get')
  const { tiles, filters } = contentOf(found)
  const tile = tiles.find(({ id }) => id === call.tileId)
  if (tile !== undefined) return { tile, filters }
  throw new UserError('not_found', `Cannot find tile "${call.tileId.slice(0, 40)}": the dashboard has no such tile`)
}
