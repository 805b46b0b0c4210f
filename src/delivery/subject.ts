// What is mailed: a saved table, or a report as one file. In: an id. Out: what delivering needs to know of it.
import { and, eq } from 'drizzle-orm'
import type { Identity } from '../access/identity.ts'
import { documents } from '../db/schema-documents.ts'
import { tables } from '../db/schema-tables.ts'
import type { Db } from '../db/store.ts'
import { findDocument } from '../placing/find.ts'
import { findTable } from '../tables/find.ts'

export type SubjectKind = 'table' | 'report'
export type Subject = {
  readonly kind: SubjectKind
  readonly organizationId: string
  readonly id: string
  readonly name: string
  readonly version: number
  readonly ownerId: string
  readonly deletedAt: Date | null
  readonly scheduleConfig: unknown
  readonly scheduledBy: string | null
}

export const kindOf = (id: string): SubjectKind => (id.startsWith('rep_') ? 'report' : 'table')

/** Whatever it is, also when it is deleted; undefined: there is no such thing. */
export async function subjectOf(db: Db, organizationId: string, id: string): Promise<Subject | undefined> {
  const kind = kindOf(id)
  const source = kind === 'report' ? documents : tables
  const [row] = await db
    .select({
      organizationId: source.organizationId,
      id: source.id,
      name: source.name,
      version: source.version,
      ownerId: source.ownerId,
      deletedAt: source.deletedAt,
      scheduleConfig: source.scheduleConfig,
      scheduledBy: source.scheduledBy,
    })
    .from(source)
    .where(and(eq(source.organizationId, organizationId), eq(source.id, id)))
  return row && { kind, ...row }
}

/** For somebody who may see its deliveries, or change them. Throws `UserError` not_found, forbidden. */
export async function findSubject(
  db: Db,
  identity: Identity,
  kind: SubjectKind,
  id: string,
  action: 'deliveries' | 'deliver',
  options: { lock?: boolean } = {},
): Promise<Subject> {
  if (kind === 'report') {
    const { row } = await findDocument(db, identity, 'report', id, `reports.${action}`, options)
    return { ...row, kind: 'report' }
  }
  const { row } = await findTable(db, identity, id, `tables.${action}`, options)
  return { ...row, kind: 'table' }
}
