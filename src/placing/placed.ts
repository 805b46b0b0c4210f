// Where tables are shown, as one reader may know it. Left out: documents that are deleted or that the reader does not see.
import { and, eq, inArray, isNull } from 'drizzle-orm'
import type { Identity } from '../access/identity.ts'
import { type Owned, partIn } from '../access/part.ts'
import { type DocumentKind, documentShares, documents, placements } from '../db/schema-documents.ts'
import type { Db } from '../db/store.ts'

export type Placed = { readonly type: DocumentKind; readonly id: string }

/** By table, in the order of kind and id. */
export async function placedFor(
  db: Db,
  identity: Identity,
  tableIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Placed[]>> {
  const { organizationId } = identity
  if (tableIds.length === 0) return new Map()
  const rows = await db
    .select({ document: documents, tableId: placements.tableId })
    .from(placements)
    .innerJoin(
      documents,
      and(eq(documents.organizationId, placements.organizationId), eq(documents.id, placements.documentId)),
    )
    .where(
      and(
        eq(placements.organizationId, organizationId),
        inArray(placements.tableId, [...tableIds]),
        isNull(documents.deletedAt),
      ),
    )
    .orderBy(documents.kind, documents.id)
  const ids = [...new Set(rows.map(({ document }) => document.id))]
  const shares =
    ids.length === 0
      ? []
      : await db
          .select()
          .from(documentShares)
          .where(and(eq(documentShares.organizationId, organizationId), inArray(documentShares.documentId, ids)))
  const byDocument = Map.groupBy(shares, ({ documentId }) => documentId)
  const seen = rows.filter(
    ({ document }) => partIn(document as Owned, byDocument.get(document.id) ?? [], identity) !== undefined,
  )
  const byTable = Map.groupBy(seen, ({ tableId }) => tableId)
  return new Map(
    [...byTable].map(([tableId, found]) => [
      tableId,
      found.map(({ document: { kind, id } }): Placed => ({ type: kind, id })),
    ]),
  )
}
