import { and, eq } from 'drizzle-orm'
import { verifiedPrompts } from '../db/schema-translations.ts'
import type { Db } from '../db/store.ts'

type Which = { readonly organizationId: string; readonly id: string }

/** Takes the mark away, in the transaction of the change that ends what was verified. */
export async function dropVerified(tx: Db, row: Which): Promise<boolean> {
  const gone = await tx.delete(verifiedPrompts).where(markOf(row)).returning({ id: verifiedPrompts.tableId })
  return gone.length > 0
}

export const markOf = ({ organizationId, id }: Which) =>
  and(eq(verifiedPrompts.organizationId, organizationId), eq(verifiedPrompts.tableId, id))
