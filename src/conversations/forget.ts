import { lt } from 'drizzle-orm'
import { conversations } from '../db/schema-conversations.ts'
import type { Db } from '../db/store.ts'

/** Deletes conversations whose last turn is older than the instant, with their turns; gives how many. */
export async function forgetConversations(db: Db, before: Date): Promise<number> {
  const gone = await db
    .delete(conversations)
    .where(lt(conversations.updatedAt, before))
    .returning({ id: conversations.id })
  return gone.length
}
