// The writing half of documents: their rows, whom they are shared with, which tables stand in them, and the audit line,
// in one transaction. In: what somebody wants. Out: the row as it is now.
import { and, eq, sql } from 'drizzle-orm'
import { audit } from '../access/audit.ts'
import type { DocumentAction } from '../access/rules.ts'
import { sameVersion } from '../access/same-version.ts'
import type { Call } from '../context.ts'
import { type DocumentKind, documentShares, documents, placements } from '../db/schema-documents.ts'
import type { Db } from '../db/store.ts'
import { tablesIn } from './content.ts'
import { type DocumentRow, type FoundDocument, findDocument } from './find.ts'

export type DocumentCall = Call & { readonly id: string; readonly version?: number | undefined }
export type DocumentChange = {
  readonly set?: Partial<typeof documents.$inferInsert>
  readonly details?: Readonly<Record<string, unknown>>
}

/** Changes one document. Throws `UserError` not_found, forbidden, version_conflict. */
export async function changeDocument(
  call: DocumentCall,
  kind: DocumentKind,
  action: DocumentAction,
  change: (tx: Db, found: FoundDocument) => Promise<DocumentChange>,
): Promise<FoundDocument> {
  const { ctx, identity, id } = call
  return ctx.db.transaction(async (tx) => {
    const found = await findDocument(tx, identity, kind, id, action, { lock: true })
    await sameVersion(tx, call.version, { kind, row: found.row })
    return writeDocument(tx, call, found, action, await change(tx, found))
  })
}

/** Writes a change of a document that is locked, with its audit line. */
export async function writeDocument(
  tx: Db,
  call: Call,
  found: FoundDocument,
  action: DocumentAction,
  { set, details }: DocumentChange,
): Promise<FoundDocument> {
  if (set === undefined) return found
  const { ctx, identity } = call
  const { kind, id } = found.row
  const now = ctx.now()
  const [row] = await tx
    .update(documents)
    .set({ ...set, version: sql`${documents.version} + 1`, updatedBy: identity.userId, updatedAt: now })
    .where(and(eq(documents.organizationId, identity.organizationId), eq(documents.id, id)))
    .returning()
  if (row === undefined) throw new Error('a locked document is gone')
  if (set.content !== undefined) await writePlacements(tx, row)
  await audit(tx, call, now, { action, subject: { kind, id }, ...(details && { details }) })
  return { ...found, row }
}

/** Says anew which tables stand in a document. */
export async function writePlacements(tx: Db, { organizationId, id, content }: DocumentRow): Promise<void> {
  await tx.delete(placements).where(and(eq(placements.organizationId, organizationId), eq(placements.documentId, id)))
  const tableIds = tablesIn(content as Parameters<typeof tablesIn>[0])
  if (tableIds.length === 0) return
  await tx.insert(placements).values(tableIds.map((tableId) => ({ organizationId, documentId: id, tableId })))
}

/** Sets whom a document is shared with by name. */
export async function writeDocumentShares(
  tx: Db,
  { organizationId, id: documentId }: Pick<DocumentRow, 'organizationId' | 'id'>,
  shares: readonly { kind: 'team' | 'user'; id: string; permission: 'view' | 'edit' }[],
): Promise<void> {
  await tx
    .delete(documentShares)
    .where(and(eq(documentShares.organizationId, organizationId), eq(documentShares.documentId, documentId)))
  const rows = shares.map(({ kind, id, permission }) => ({
    organizationId,
    documentId,
    kind,
    subjectId: id,
    permission,
  }))
  if (rows.length > 0) await tx.insert(documentShares).values(rows)
}
