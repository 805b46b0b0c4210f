// A conversation, as the one who had it finds it. Refused: everybody else's and one that is not there, in the same words.
import { and, asc, eq } from 'drizzle-orm'
import type { Identity } from '../access/identity.ts'
import { type Action, may } from '../access/rules.ts'
import { conversations, conversationTurns } from '../db/schema-conversations.ts'
import type { Db } from '../db/store.ts'
import { UserError } from '../errors.ts'

export type ConversationRow = typeof conversations.$inferSelect
export type TurnRow = typeof conversationTurns.$inferSelect

const ID = /^cnv_[0-9a-z]{1,40}$/
/** Whether a text is an id of ours; any other is the client's own. */
export const isConversationId = (text: string): boolean => ID.test(text)

/** Finds one's own conversation; with `lock` nobody adds to it until the transaction ends. Throws `UserError` not_found. */
export async function findConversation(
  db: Db,
  identity: Identity,
  id: string,
  action: Action,
  { lock = false }: { lock?: boolean } = {},
): Promise<ConversationRow> {
  may(identity, action)
  const { organizationId, userId } = identity
  const query = db
    .select()
    .from(conversations)
    .where(
      and(
        eq(conversations.organizationId, organizationId),
        eq(conversations.id, isConversationId(id) ? id : ''),
        eq(conversations.userId, userId),
      ),
    )
  const [row] = lock ? await query.for('update') : await query
  if (row !== undefined) return row
  throw new UserError('not_found', `Cannot find conversation "${id.slice(0, 100)}": no such conversation`)
}

/** All turns in their order. */
export async function turnsOf(db: Db, { organizationId, id }: ConversationRow): Promise<readonly TurnRow[]> {
  return db
    .select()
    .from(conversationTurns)
    .where(and(eq(conversationTurns.organizationId, organizationId), eq(conversationTurns.conversationId, id)))
    .orderBy(asc(conversationTurns.number))
}

/** Where a conversation is: its last turn, unless somebody went back. */
export const placeOf = ({ place, turnCount }: Pick<ConversationRow, 'place' | 'turnCount'>): number =>
  place ?? turnCount

/** One turn. Throws `UserError` not_found. */
export async function findTurn(db: Db, { organizationId, id }: ConversationRow, number: number): Promise<TurnRow> {
  const [turn] = await db
    .select()
    .from(conversationTurns)
    .where(
      and(
        eq(conversationTurns.organizationId, organizationId),
        eq(conversationTurns.conversationId, id),
        eq(conversationTurns.number, number),
      ),
    )
  if (turn !== undefined) return turn
  throw new UserError('not_found', `Cannot find turn ${number}: the conversation has no such turn`)
}
