// A dashboard, report or view, as somebody who may do something with it finds it; the rules are those of saved tables.
// Refused: one of another organization, one that is not there, not shared or deleted, all in the same words.
import { and, eq } from 'drizzle-orm'
import type { Identity } from '../access/identity.ts'
import { type Owned, partIn, type Share } from '../access/part.ts'
import { type DocumentAction, may, type Part, parts, rules } from '../access/rules.ts'
import { type DocumentKind, documentShares, documents } from '../db/schema-documents.ts'
import type { Db } from '../db/store.ts'
import { UserError } from '../errors.ts'

export type DocumentRow = typeof documents.$inferSelect
export type FoundDocument = { readonly row: DocumentRow; readonly shares: readonly Share[]; readonly part: Part }

export const prefixes = { dashboard: 'dsh', report: 'rep', view: 'viw' } as const satisfies Record<DocumentKind, string>

/** Finds a document for an action; with `lock` nobody else changes it until the transaction ends. Throws `UserError`. */
export async function findDocument(
  db: Db,
  identity: Identity,
  kind: DocumentKind,
  id: string,
  action: DocumentAction,
  { lock = false }: { lock?: boolean } = {},
): Promise<FoundDocument> {
  may(identity, action)
  const { organizationId } = identity
  if (!new RegExp(`^${prefixes[kind]}_[0-9a-z]{1,40}$`).test(id)) throw noSuchDocument(kind, id)
  const query = db
    .select()
    .from(documents)
    .where(and(eq(documents.organizationId, organizationId), eq(documents.id, id), eq(documents.kind, kind)))
  const [row] = lock ? await query.for('update') : await query
  // Asked also when there is no row, so that one of others takes as long as none.
  const shares = await sharesOfDocument(db, organizationId, id)
  const part = row === undefined ? undefined : partIn(row as Owned, shares, identity)
  const restoring = action.endsWith('.restore')
  if (row === undefined || part === undefined || (row.deletedAt === null) === restoring) throw noSuchDocument(kind, id)
  const needed = rules[action].document
  if (parts.indexOf(part) >= parts.indexOf(needed)) return { row, shares, part }
  throw new UserError('forbidden', `Cannot do this with ${kind} "${row.name}": you may only ${part} it`, {
    fix: needed === 'own' ? 'ask its owner or an admin to do it' : 'ask its owner to share it with you for editing',
  })
}

export async function sharesOfDocument(db: Db, organizationId: string, documentId: string): Promise<readonly Share[]> {
  return db
    .select({ kind: documentShares.kind, subjectId: documentShares.subjectId, permission: documentShares.permission })
    .from(documentShares)
    .where(and(eq(documentShares.organizationId, organizationId), eq(documentShares.documentId, documentId)))
    .orderBy(documentShares.kind, documentShares.subjectId)
}

export function noSuchDocument(kind: DocumentKind, id: string): UserError {
  return new UserError('not_found', `Cannot find ${kind} "${id.slice(0, 100)}": no such ${kind}`)
}
