// Mails that were kept because no mail server is configured: the latest of each organization.
import { and, desc, eq, notInArray } from 'drizzle-orm'
import { outboxMails } from '../db/schema-deliveries.ts'
import type { Db } from '../db/store.ts'
import type { Composed } from './compose.ts'
import type { DeliveryRow } from './ledger.ts'

const KEPT = 20

/** Keeps a mail in place of mailing it. */
export async function keepMail(
  tx: Db,
  { organizationId, id: deliveryId }: Pick<DeliveryRow, 'organizationId' | 'id'>,
  { message, subject, html }: Composed,
  now: Date,
): Promise<void> {
  const kept = { message: message.toString('latin1'), subject, html, createdAt: now }
  await tx
    .insert(outboxMails)
    .values({ organizationId, deliveryId, ...kept })
    .onConflictDoUpdate({ target: [outboxMails.organizationId, outboxMails.deliveryId], set: kept })
  const latest = tx
    .select({ id: outboxMails.deliveryId })
    .from(outboxMails)
    .where(eq(outboxMails.organizationId, organizationId))
    .orderBy(desc(outboxMails.createdAt), desc(outboxMails.deliveryId))
    .limit(KEPT)
  await tx
    .delete(outboxMails)
    .where(and(eq(outboxMails.organizationId, organizationId), notInArray(outboxMails.deliveryId, latest)))
}
