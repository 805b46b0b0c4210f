// Verbs that dashboards, reports and views have in common: make, find, list, change, share, delete, restore.
// Refused: a table in it that the one who puts it there may not see; a change of what was read meanwhile.

import { and, desc, eq, ilike, inArray, isNotNull, isNull, lt, or, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { audit } from '../access/audit.ts'
import { hasRole, type Identity } from '../access/identity.ts'
import { namesOf } from '../access/names.ts'
import { partIn, type Share } from '../access/part.ts'
import { type Action, type DocumentAction, may, type Part } from '../access/rules.ts'
import type { Call } from '../context.ts'
import { madeBefore } from '../db/once.ts'
import { type DocumentKind, documentShares, documents } from '../db/schema-documents.ts'
import type { Db } from '../db/store.ts'
import { UserError } from '../errors.ts'
import { cursorTime, readCursor, writeCursor } from '../lib/cursor.ts'
import { newId } from '../lib/id.ts'
import { type DashboardContent, type ReportContent, tablesIn, type ViewContent } from '../placing/content.ts'
import { type DocumentRow, type FoundDocument, noSuchDocument, prefixes, sharesOfDocument } from '../placing/find.ts'
import { changeDocument, type DocumentCall, writeDocumentShares, writePlacements } from '../placing/write.ts'
import { findTable } from '../tables/find.ts'
import { Permission, ShareWith, TableDescription, TableName, Visibility } from '../tables/schemas.ts'
import { sharingIssues } from '../tables/sharing.ts'

type Content = DashboardContent | ReportContent | ViewContent

export const sharing = {
  visibility: Visibility.default('PRIVATE'),
  orgPermission: Permission.default('view').describe('What everybody may do once visibility is ORG'),
  sharedWithTeams: z.array(ShareWith).max(200).default([]),
  sharedWithUsers: z.array(ShareWith).max(200).default([]),
}
export const named = { name: TableName, description: TableDescription.default('') }
export const ShareDocument = z.strictObject({ ...sharing, visibility: Visibility })
export type ShareDocument = z.output<typeof ShareDocument>

export const ListDocuments = z.strictObject({
  search: z.string().trim().min(1).max(200).optional().describe('Words of the name or description'),
  deleted: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .describe('Those that were deleted and can be restored'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(1000).optional().describe('`nextCursor` of the page before'),
})
/** Of those that can be mailed. */
export const ListScheduled = ListDocuments.extend({
  scheduled: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
})
export type ListDocuments = z.output<typeof ListDocuments> & Pick<z.output<typeof ListScheduled>, 'scheduled'>

export type DocumentView = {
  readonly id: string
  readonly organizationId: string
  readonly name: string
  readonly description: string
  readonly visibility: DocumentRow['visibility']
  readonly orgPermission: DocumentRow['orgPermission']
  readonly sharedWithTeams: readonly { readonly id: string; readonly permission: 'view' | 'edit' }[]
  readonly sharedWithUsers: readonly { readonly id: string; readonly permission: 'view' | 'edit' }[]
  readonly createdBy: string
  readonly owner: { readonly id: string; readonly name: string }
  readonly updatedBy: string
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly deletedAt: Date | null
  readonly access: Part
}

/** What everybody who finds a document is told of it. */
export async function viewDocument(db: Db, { row, shares, part }: FoundDocument): Promise<DocumentView> {
  return summary(row, shares, part, await namesOf(db, [row.ownerId]))
}

function summary(
  row: DocumentRow,
  shares: readonly Share[],
  part: Part,
  names: ReadonlyMap<string, string>,
): DocumentView {
  const { id, organizationId, name, description, visibility, orgPermission, createdBy, updatedBy, version } = row
  const { createdAt, updatedAt, deletedAt } = row
  const shared = (kind: Share['kind']) =>
    shares.filter((one) => one.kind === kind).map(({ subjectId, permission }) => ({ id: subjectId, permission }))
  return {
    ...{ id, organizationId, name, description, visibility, orgPermission },
    ...{ sharedWithTeams: shared('team'), sharedWithUsers: shared('user') },
    ...{ createdBy, owner: { id: row.ownerId, name: names.get(row.ownerId) ?? row.ownerId }, updatedBy, version },
    ...{ createdAt, updatedAt, deletedAt, access: part },
  }
}

export type NewDocument = z.output<ReturnType<typeof newDocument>>
const newDocument = () => z.strictObject({ ...named, ...sharing })

/** Makes a document; the same call with the same key makes it once. Throws `UserError`. */
export async function createDocument(
  call: Call & { readonly idempotencyKey?: string | undefined },
  kind: DocumentKind,
  action: Action,
  { content, ...input }: NewDocument & { readonly content: Content },
): Promise<{ found: FoundDocument; repeated: boolean }> {
  const { ctx, identity, idempotencyKey } = call
  may(identity, action)
  const { organizationId, userId } = identity
  return ctx.db.transaction(async (tx) => {
    const now = ctx.now()
    const id = newId(prefixes[kind], now.getTime())
    if (idempotencyKey !== undefined) {
      const request = { action, input, content }
      const before = await madeBefore(tx, { organizationId, userId, key: idempotencyKey, request, subjectId: id, now })
      if (before !== undefined) return { found: await own(tx, identity, kind, before), repeated: true }
    }
    await mayPlace(tx, identity, tablesIn(content))
    await refuseNames(tx, organizationId, input)
    const { name, description, visibility, orgPermission } = input
    const who = { createdBy: userId, ownerId: userId, updatedBy: userId, createdAt: now, updatedAt: now }
    const [row] = await tx
      .insert(documents)
      .values({ organizationId, id, kind, name, description, content, visibility, orgPermission, ...who })
      .returning()
    if (row === undefined) throw new Error('a document was not written')
    await writeDocumentShares(tx, row, namesIn(input))
    await writePlacements(tx, row)
    await audit(tx, call, now, {
      action: action as DocumentAction,
      subject: { kind, id },
      details: { name, visibility },
    })
    return { found: await own(tx, identity, kind, id), repeated: false }
  })
}

async function own(tx: Db, identity: Identity, kind: DocumentKind, id: string): Promise<FoundDocument> {
  const { organizationId } = identity
  const [row] = await tx
    .select()
    .from(documents)
    .where(and(eq(documents.organizationId, organizationId), eq(documents.id, id), eq(documents.kind, kind)))
  const shares = await sharesOfDocument(tx, organizationId, id)
  const part = row && partIn(row, shares, identity)
  if (row === undefined || part === undefined) throw noSuchDocument(kind, id)
  return { row, shares, part }
}

/** Nobody puts a table before others that they may not see themselves; what stands there already may stay. */
export async function mayPlace(
  tx: Db,
  identity: Identity,
  tableIds: readonly string[],
  already: readonly string[] = [],
): Promise<void> {
  for (const id of tableIds) if (!already.includes(id)) await findTable(tx, identity, id, 'tables.place')
}

async function refuseNames(tx: Db, organizationId: string, input: Omit<ShareDocument, never>): Promise<void> {
  const { visibility, sharedWithTeams, sharedWithUsers } = input
  const issues = await sharingIssues(tx, organizationId, visibility, sharedWithTeams, sharedWithUsers)
  if (issues.length > 0) throw new UserError('invalid_request', 'Cannot share it as asked', { issues })
}

const namesIn = ({ sharedWithTeams, sharedWithUsers }: ShareDocument) => [
  ...sharedWithTeams.map((one) => ({ kind: 'team' as const, ...one })),
  ...sharedWithUsers.map((one) => ({ kind: 'user' as const, ...one })),
]

/** Changes name, description or content. Throws `UserError` version_required, version_conflict, not_found. */
export async function updateDocument(
  call: DocumentCall,
  kind: DocumentKind,
  action: DocumentAction,
  input: {
    readonly name?: string | undefined
    readonly description?: string | undefined
    readonly content?: Content | undefined
  },
): Promise<FoundDocument> {
  if (call.version === undefined) {
    throw new UserError('version_required', `Cannot change the ${kind}: the version that was read is not named`, {
      fix: 'send the ETag of what you read as If-Match, or its version in the body',
    })
  }
  return changeDocument(call, kind, action, async (tx, { row }) => {
    const { name = row.name, description = row.description, content } = input
    if (content !== undefined) await mayPlace(tx, call.identity, tablesIn(content), tablesIn(row.content as Content))
    const changed = { name, description, ...(content !== undefined && { content }) }
    const parts = (['name', 'description', 'content'] as const).filter((key) => input[key] !== undefined)
    return parts.length === 0 ? {} : { set: changed, details: { changed: parts } }
  })
}

/** Says anew who sees a document and who may change it. The tables in it keep their own rules. */
export async function shareDocument(
  call: DocumentCall,
  kind: DocumentKind,
  action: DocumentAction,
  input: ShareDocument,
): Promise<FoundDocument> {
  return changeDocument(call, kind, action, async (tx, { row }) => {
    await refuseNames(tx, row.organizationId, input)
    await writeDocumentShares(tx, row, namesIn(input))
    const { visibility, orgPermission } = input
    return { set: { visibility, orgPermission }, details: { from: row.visibility, to: visibility, orgPermission } }
  }).then(async (found) => ({
    ...found,
    shares: await sharesOfDocument(call.ctx.db, found.row.organizationId, found.row.id),
  }))
}

/** Puts a document away; its tables are no longer shown there. */
export const deleteDocument = (call: DocumentCall, kind: DocumentKind, action: DocumentAction) =>
  changeDocument(call, kind, action, async (_, { row }) => ({
    set: { deletedAt: call.ctx.now(), deletedBy: call.identity.userId },
    details: { name: row.name },
  }))

/** Brings a document back as it was. */
export const restoreDocument = (call: DocumentCall, kind: DocumentKind, action: DocumentAction) =>
  changeDocument(call, kind, action, async (_, { row }) => ({
    set: { deletedAt: null, deletedBy: null },
    details: { name: row.name },
  }))

/** One page of the documents that the asker sees, the newest first. */
export async function listDocuments(
  call: Call,
  kind: DocumentKind,
  action: Action,
  input: ListDocuments,
): Promise<{ documents: readonly DocumentView[]; rows: readonly DocumentRow[]; nextCursor?: string }> {
  const { ctx, identity } = call
  may(identity, action)
  const words = (input.search ?? '').split(/\s+/).filter(Boolean).slice(0, 10)
  const found = await ctx.db
    .select()
    .from(documents)
    .where(
      and(
        eq(documents.kind, kind),
        visibleDocuments(identity, input.deleted === true),
        ...words.map((word) => {
          const pattern = `%${word.replace(/[\\%_]/g, '\\$&')}%`
          return or(ilike(documents.name, pattern), ilike(documents.description, pattern))
        }),
        input.scheduled === undefined
          ? undefined
          : input.scheduled
            ? isNotNull(documents.scheduleConfig)
            : isNull(documents.scheduleConfig),
        after(kind, input.cursor),
      ),
    )
    .orderBy(desc(documents.updatedAt), desc(documents.id))
    .limit(input.limit + 1)
  const rows = found.slice(0, input.limit)
  const names = await namesOf(
    ctx.db,
    rows.map(({ ownerId }) => ownerId),
  )
  const shares = await sharesOfAll(ctx.db, identity.organizationId, rows)
  const views = rows.flatMap((row) => {
    const own = shares.get(row.id) ?? []
    const part = partIn(row, own, identity)
    return part === undefined ? [] : [summary(row, own, part, names)]
  })
  const last = rows.at(-1)
  const more = found.length > rows.length && last !== undefined
  return {
    documents: views,
    rows,
    ...(more && { nextCursor: writeCursor([kind, last.updatedAt.toISOString(), last.id]) }),
  }
}

/** The rule of partIn as a condition. Of deleted ones only those are listed that the asker may restore. */
export function visibleDocuments(identity: Identity, deleted: boolean): SQL | undefined {
  const { organizationId, userId, teamIds } = identity
  const byName = sql`exists (select 1 from ${documentShares} where ${and(
    eq(documentShares.organizationId, documents.organizationId),
    eq(documentShares.documentId, documents.id),
    or(
      and(eq(documentShares.kind, 'user'), eq(documentShares.subjectId, userId)),
      and(eq(documentShares.kind, 'team'), inArray(documentShares.subjectId, [...teamIds])),
    ),
  )})`
  const shared = or(eq(documents.visibility, 'ORG'), and(eq(documents.visibility, 'TEAM'), byName))
  const mine = eq(documents.ownerId, userId)
  return and(
    eq(documents.organizationId, organizationId),
    deleted ? isNotNull(documents.deletedAt) : isNull(documents.deletedAt),
    deleted && !hasRole(identity, 'admin') ? mine : or(mine, shared),
  )
}

function after(kind: DocumentKind, cursor: string | undefined): SQL | undefined {
  if (cursor === undefined) return undefined
  const [of, key, id] = readCursor(cursor) ?? []
  const at = cursorTime(key)
  if (of !== kind || typeof id !== 'string' || at === undefined) {
    throw new UserError('invalid_request', 'Cannot read the cursor: it is not one of this list', {
      fix: 'begin again without a cursor',
    })
  }
  return or(lt(documents.updatedAt, at), and(eq(documents.updatedAt, at), lt(documents.id, id)))
}

async function sharesOfAll(
  db: Db,
  organizationId: string,
  rows: readonly DocumentRow[],
): Promise<ReadonlyMap<string, readonly Share[]>> {
  const ids = rows.map(({ id }) => id)
  const shares = await db
    .select()
    .from(documentShares)
    .where(and(eq(documentShares.organizationId, organizationId), inArray(documentShares.documentId, ids)))
  return Map.groupBy(shares, ({ documentId }) => documentId)
}
