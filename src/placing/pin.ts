// A table is pinned and unpinned: its destinations as somebody wants them become tiles, parts of reports and views, in the
// transaction of the table's own change. Refused: documents that they may not change.
import type { Call } from '../context.ts'
import { type DocumentKind, documents } from '../db/schema-documents.ts'
import type { Db } from '../db/store.ts'
import { UserError } from '../errors.ts'
import { newId } from '../lib/id.ts'
import { DashboardContent, ReportContent, type ViewContent } from './content.ts'
import { findDocument, prefixes } from './find.ts'
import { lookBelow, type TileLook } from './look.ts'
import { type Placed, placedFor } from './placed.ts'
import { writeDocument, writePlacements } from './write.ts'

export type Wanted = { readonly type: DocumentKind; readonly id?: string | undefined }
/** What is pinned, and how it stands on a dashboard. */
type Pinned = { readonly id: string; readonly name: string; readonly look: TileLook }
const SECTION = 'Tables'

/** Makes a table's destinations those wanted; gives whether anything changed. Destinations that the asker does not see stay. */
export async function setDestinations(tx: Db, call: Call, table: Pinned, wanted: readonly Wanted[]): Promise<boolean> {
  const current = (await placedFor(tx, call.identity, [table.id])).get(table.id) ?? []
  const same = (a: Wanted, b: Wanted) =>
    a.type === b.type && (a.id === b.id || (a.type === 'view' && a.id === undefined))
  const added = wanted.filter((one) => !current.some((other) => same(one, other)))
  const gone = current.filter((one) => !wanted.some((other) => same(other, one)))
  for (const one of added) await pin(tx, call, table, one)
  for (const one of gone) await unpin(tx, call, table, one)
  return added.length + gone.length > 0
}

async function pin(tx: Db, call: Call, table: Pinned, { type, id }: Wanted): Promise<void> {
  if (type === 'view') return pinView(tx, call, table, id)
  if (id === undefined) {
    throw new UserError('invalid_request', `Cannot pin the table to a ${type}: its id is missing`, {
      fix: `name the ${type}: { "type": "${type}", "id": "…" }`,
    })
  }
  const action = type === 'dashboard' ? 'dashboards.update' : 'reports.update'
  const found = await findDocument(tx, call.identity, type, id, action, { lock: true })
  await writeDocument(tx, call, found, action, {
    set: { content: withTable(type, found.row.content, table) },
    details: { pinned: table.id },
  })
}

function withTable(
  type: 'dashboard' | 'report',
  content: unknown,
  { id: tableId, look }: Pinned,
): DashboardContent | ReportContent {
  if (type === 'report') {
    const { items } = ReportContent.parse(content)
    return { items: [...items, { kind: 'table', tableId }] }
  }
  const { tiles, filters } = DashboardContent.parse(content)
  return { tiles: [...tiles, { id: newId('til'), tableId, ...lookBelow(tiles, look) }], filters }
}

async function pinView(
  tx: Db,
  { ctx, identity }: Call,
  table: { id: string; name: string },
  id?: string,
): Promise<void> {
  if (id !== undefined) {
    throw new UserError('not_found', `Cannot find view "${id.slice(0, 100)}": no such view of this table`)
  }
  const { organizationId, userId } = identity
  const now = ctx.now()
  const content: ViewContent = { tableId: table.id, section: SECTION, position: 0 }
  const who = { createdBy: userId, ownerId: userId, updatedBy: userId, createdAt: now, updatedAt: now }
  const about = { kind: 'view' as const, name: table.name, visibility: 'ORG' as const, orgPermission: 'edit' as const }
  const [row] = await tx
    .insert(documents)
    .values({ organizationId, id: newId(prefixes.view, now.getTime()), ...about, content, ...who })
    .returning()
  if (row !== undefined) await writePlacements(tx, row)
}

async function unpin(tx: Db, call: Call, table: { id: string }, { type, id }: Placed): Promise<void> {
  const action = ({ dashboard: 'dashboards.update', report: 'reports.update', view: 'views.delete' } as const)[type]
  const found = await findDocument(tx, call.identity, type, id, action, { lock: true })
  const set =
    type === 'view'
      ? { deletedAt: call.ctx.now(), deletedBy: call.identity.userId }
      : { content: withoutTable(type, found.row.content, table.id) }
  await writeDocument(tx, call, found, action, { set, details: { unpinned: table.id } })
}

function withoutTable(
  type: 'dashboard' | 'report',
  content: unknown,
  tableId: string,
): DashboardContent | ReportContent {
  if (type === 'report') {
    const { items } = ReportContent.parse(content)
    return { items: items.filter((item) => item.kind !== 'table' || item.tableId !== tableId) }
  }
  const { tiles, filters } = DashboardContent.parse(content)
  return { tiles: tiles.filter((tile) => tile.tableId !== tableId), filters }
}
