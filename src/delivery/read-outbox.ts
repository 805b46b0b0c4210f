// Mails that were kept because no mail server is configured, for admins: what would have been sent.
import { and, desc, eq } from 'drizzle-orm'
import { may } from '../access/rules.ts'
import type { Call } from '../context.ts'
import { deliveries, outboxMails } from '../db/schema-deliveries.ts'
import { UserError } from '../errors.ts'

export type OutboxMail = {
  readonly id: string
  readonly recipient: string
  readonly subject: string
  readonly subjectId: string
  readonly createdAt: Date
}

/** The latest ones. */
export async function listOutbox({ ctx, identity }: Call): Promise<readonly OutboxMail[]> {
  may(identity, 'outbox.read')
  const rows = await ctx.db
    .select({
      id: outboxMails.deliveryId,
      recipient: deliveries.recipient,
      subject: outboxMails.subject,
      subjectId: deliveries.subjectId,
      createdAt: outboxMails.createdAt,
    })
    .from(outboxMails)
    .innerJoin(
      deliveries,
      and(eq(deliveries.organizationId, outboxMails.organizationId), eq(deliveries.id, outboxMails.deliveryId)),
    )
    .where(eq(outboxMails.organizationId, identity.organizationId))
    .orderBy(desc(outboxMails.createdAt), desc(outboxMails.deliveryId))
  return rows
}

/** One mail with its HTML and its whole text as it would have gone out. Throws `UserError` not_found. */
export async function readOutbox({
  ctx,
  identity,
  id,
}: Call & { id: string }): Promise<OutboxMail & { readonly html: string; readonly message: string }> {
  const all = await listOutbox({ ctx, identity })
  const head = all.find((mail) => mail.id === id)
  const [mail] = await ctx.db
    .select({ html: outboxMails.html, message: outboxMails.message })
    .from(outboxMails)
    .where(and(eq(outboxMails.organizationId, identity.organizationId), eq(outboxMails.deliveryId, id)))
  if (head === undefined || mail === undefined) {
    throw new UserError('not_found', `Cannot find mail "${id.slice(0, 100)}": the outbox has no such mail (any more)`)
  }
  return { ...head, ...mail }
}
