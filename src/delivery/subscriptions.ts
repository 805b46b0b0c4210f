// Whether somebody still wants a mail. In: an address and what is mailed. Out: the token of its links, and whether they
// stopped it. Only the holder of a mail stops or begins again; the owner sees who did.
import { and, eq } from 'drizzle-orm'
import { subscriptions } from '../db/schema-deliveries.ts'
import type { Db } from '../db/store.ts'
import { UserError } from '../errors.ts'
import { newSecret } from '../lib/id.ts'
import { type Subject, subjectOf } from './subject.ts'

export type Subscription = typeof subscriptions.$inferSelect
type Key = { readonly organizationId: string; readonly subjectId: string; readonly recipient: string }

/** The subscription of a recipient, made with their first mail. */
export async function subscriptionOf(db: Db, { organizationId, subjectId, recipient }: Key): Promise<Subscription> {
  const address = recipient.toLowerCase()
  const that = and(
    eq(subscriptions.organizationId, organizationId),
    eq(subscriptions.subjectId, subjectId),
    eq(subscriptions.address, address),
  )
  const [known] = await db.select().from(subscriptions).where(that)
  if (known !== undefined) return known
  await db
    .insert(subscriptions)
    .values({ organizationId, subjectId, address, token: newSecret('twu') })
    .onConflictDoNothing()
  const [made] = await db.select().from(subscriptions).where(that)
  if (made === undefined) throw new Error('a subscription was not written')
  return made
}

export type SubscriptionPage = { readonly address: string; readonly subject: Subject; readonly unsubscribed: boolean }

/** What a link of a mail is about. Throws `UserError` not_found. */
export async function readSubscription(db: Db, token: string): Promise<SubscriptionPage> {
  const [found] = await db.select().from(subscriptions).where(eq(subscriptions.token, token))
  const subject = found && (await subjectOf(db, found.organizationId, found.subjectId))
  if (found === undefined || subject === undefined) throw unknownLink()
  return { address: found.address, subject, unsubscribed: found.unsubscribedAt !== null }
}

/** Stops the mails of a link, or begins them again; doing it twice is fine. Throws `UserError` not_found. */
export async function setSubscribed(db: Db, token: string, wanted: boolean, now: Date): Promise<void> {
  const changed = await db
    .update(subscriptions)
    .set({ unsubscribedAt: wanted ? null : now })
    .where(eq(subscriptions.token, token))
    .returning({ address: subscriptions.address })
  if (changed.length === 0) throw unknownLink()
}

function unknownLink(): UserError {
  return new UserError('not_found', 'Cannot find this subscription: the link is not one of a mail of ours', {
    fix: 'use the link of the latest mail',
  })
}
