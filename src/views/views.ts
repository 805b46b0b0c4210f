// Views: tables in a section of the navigation. Who sees a view is who sees its table; a private one is its maker's alone.
import { z } from 'zod'
import type { Call } from '../context.ts'
import { type PlacedTable, placedTables } from '../documents/placed-table.ts'
import {
  createDocument,
  type DocumentView,
  deleteDocument,
  ListDocuments,
  listDocuments,
  restoreDocument,
  updateDocument,
  viewDocument,
} from '../documents/verbs.ts'
import { ViewContent } from '../placing/content.ts'
import { type FoundDocument, findDocument } from '../placing/find.ts'
import type { DocumentCall } from '../placing/write.ts'
import { findTable } from '../tables/find.ts'
import { VersionNumber, Visibility } from '../tables/schemas.ts'

export const CreateView = ViewContent.extend({
  visibility: Visibility.extract(['PRIVATE', 'ORG']).default('ORG').describe('PRIVATE: in your own navigation only'),
})
export type CreateView = z.output<typeof CreateView>
export const UpdateView = z.strictObject({
  version: VersionNumber.optional().describe('The version that was read, if the header If-Match does not say it'),
  section: ViewContent.shape.section.optional(),
  label: ViewContent.shape.label,
  position: z.int().min(0).max(10_000).optional(),
})
export type UpdateView = z.output<typeof UpdateView>

export type View = Pick<DocumentView, 'id' | 'visibility' | 'version' | 'access' | 'createdBy'> &
  ViewContent & { readonly table: PlacedTable }

async function view(call: Pick<Call, 'ctx' | 'identity'>, found: FoundDocument): Promise<View> {
  const content = ViewContent.parse(found.row.content)
  const { id, visibility, version, access, createdBy } = await viewDocument(call.ctx.db, found)
  const tables = await placedTables(call, [content.tableId])
  const table = tables.get(content.tableId)
  if (table === undefined) throw new Error('a view has no table')
  return { id, visibility, version, access, createdBy, ...content, table }
}

/** Puts a table into the navigation. Throws `UserError` not_found. */
export async function createView(
  call: Call & { readonly input: CreateView; readonly idempotencyKey?: string | undefined },
): Promise<{ view: View; repeated: boolean }> {
  const { visibility, ...content } = call.input
  const { row } = await findTable(call.ctx.db, call.identity, content.tableId, 'tables.place')
  const { found, repeated } = await createDocument(call, 'view', 'views.create', {
    ...{ name: content.label ?? row.name, description: '', visibility, orgPermission: 'edit' },
    ...{ sharedWithTeams: [], sharedWithUsers: [], content },
  })
  return { view: await view(call, found), repeated }
}

/** Every view whose table the asker sees, by section and position. */
export async function listViews(call: Call): Promise<readonly View[]> {
  const views: View[] = []
  let cursor: string | undefined
  do {
    const page = await listDocuments(
      call,
      'view',
      'views.list',
      ListDocuments.parse({ limit: 200, ...(cursor !== undefined && { cursor }) }),
    )
    const contents = page.rows.map((row) => ({ id: row.id, content: ViewContent.parse(row.content) }))
    const tables = await placedTables(
      call,
      contents.map(({ content }) => content.tableId),
    )
    for (const { id, visibility, version, access, createdBy } of page.documents) {
      const content = contents.find((one) => one.id === id)?.content
      const table = content && tables.get(content.tableId)
      if (content === undefined || table === undefined || ['not_shared', 'deleted'].includes(table.state)) continue
      views.push({ id, visibility, version, access, createdBy, ...content, table })
    }
    cursor = page.nextCursor
  } while (cursor !== undefined)
  const name = ({ label, table }: View) => label ?? table.name ?? ''
  return views.sort(
    (a, b) =>
      a.section.localeCompare(b.section, 'en') || a.position - b.position || name(a).localeCompare(name(b), 'en'),
  )
}

/** Moves or names a view. Throws `UserError` not_found, version_conflict, version_required. */
export async function updateView(call: DocumentCall & { readonly input: UpdateView }): Promise<View> {
  const { version: read, ...input } = call.input
  const found = await findDocument(call.ctx.db, call.identity, 'view', call.id, 'views.update')
  const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))
  const content = ViewContent.parse({ ...ViewContent.parse(found.row.content), ...given })
  const versioned = { ...call, version: call.version ?? read }
  return view(call, await updateDocument(versioned, 'view', 'views.update', { content }))
}

/** Takes a table out of the navigation. */
export const deleteView = async (call: DocumentCall): Promise<View> =>
  view(call, await deleteDocument(call, 'view', 'views.delete'))

/** Puts it back where it was. */
export const restoreView = async (call: DocumentCall): Promise<View> =>
  view(call, await restoreDocument(call, 'view', 'views.restore'))
