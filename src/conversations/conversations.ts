// One's own conversations: listed, read again, named, deleted for good, and a table saved from any turn.
import { and, desc, eq, exists, ilike, isNull, lt, max, or, type SQL } from 'drizzle-orm'
import { z } from 'zod'
import { may } from '../access/rules.ts'
import type { Call } from '../context.ts'
import { conversations, conversationTurns } from '../db/schema-conversations.ts'
import { UserError } from '../errors.ts'
import { cursorTime, readCursor, writeCursor } from '../lib/cursor.ts'
import { type Created, CreateTable, createTable } from '../tables/create-table.ts'
import { Destinations, Permission, ShareWith, TableDescription, TableName, Visibility } from '../tables/schemas.ts'
import { findConversation, findTurn, turnsOf } from './find.ts'
import { type ConversationSummary, summarizeConversation, type TurnView, viewTurns } from './view.ts'

export const ListConversations = z.strictObject({
  search: z.string().trim().min(1).max(200).optional().describe('Words of the title or of a prompt'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(1000).optional().describe('`nextCursor` of the page before'),
})
export type ListConversations = z.output<typeof ListConversations>
export const RenameConversation = z.strictObject({ title: z.string().trim().min(1).max(120) })
export const PlaceConversation = z.strictObject({
  turn: z.int().min(1).max(2_147_483_647).describe('The turn to go on from'),
})
export const SaveTurn = z.strictObject({
  name: TableName.optional(),
  description: TableDescription.default(''),
  destinations: Destinations.default([]),
  visibility: Visibility.default('PRIVATE'),
  orgPermission: Permission.default('view'),
  sharedWithTeams: z.array(ShareWith).max(200).default([]),
  sharedWithUsers: z.array(ShareWith).max(200).default([]),
})
export type SaveTurn = z.output<typeof SaveTurn>

/** One page of one's own conversations, the newest first. */
export async function listConversations({ ctx, identity, input }: Call & { input: ListConversations }): Promise<{
  conversations: readonly ConversationSummary[]
  nextCursor?: string
}> {
  may(identity, 'conversations.list')
  const words = (input.search ?? '').split(/\s+/).filter(Boolean).slice(0, 10)
  const rows = await ctx.db
    .select()
    .from(conversations)
    .where(
      and(
        eq(conversations.organizationId, identity.organizationId),
        eq(conversations.userId, identity.userId),
        ...words.map((word) => says(ctx.db, word)),
        after(input.cursor),
      ),
    )
    .orderBy(desc(conversations.updatedAt), desc(conversations.id))
    .limit(input.limit + 1)
  const page = rows.slice(0, input.limit)
  const last = page.at(-1)
  const more = rows.length > page.length && last !== undefined
  return {
    conversations: page.map(summarizeConversation),
    ...(more && { nextCursor: writeCursor(['conversations', last.updatedAt.toISOString(), last.id]) }),
  }
}

function says(db: Call['ctx']['db'], word: string): SQL | undefined {
  const pattern = `%${word.replace(/[\\%_]/g, '\\$&')}%`
  const turn = db
    .select({ number: conversationTurns.number })
    .from(conversationTurns)
    .where(
      and(
        eq(conversationTurns.organizationId, conversations.organizationId),
        eq(conversationTurns.conversationId, conversations.id),
        ilike(conversationTurns.prompt, pattern),
      ),
    )
  return or(ilike(conversations.title, pattern), exists(turn))
}

function after(cursor: string | undefined): SQL | undefined {
  if (cursor === undefined) return undefined
  const [of, key, id] = readCursor(cursor) ?? []
  const at = cursorTime(key)
  if (of !== 'conversations' || typeof id !== 'string' || at === undefined) {
    throw new UserError('invalid_request', 'Cannot read the cursor: it is not one of this list', {
      fix: 'begin again without a cursor',
    })
  }
  return or(lt(conversations.updatedAt, at), and(eq(conversations.updatedAt, at), lt(conversations.id, id)))
}

const RECENT_PROMPTS = 3
/** Where they are looked for: to look through everything that was ever asked takes ever longer. */
const RECENT_CONVERSATIONS = 100

/** One's own prompts that were answered by themselves, the latest first; of the latest conversations. */
export async function recentPrompts({ ctx, identity }: Call): Promise<readonly string[]> {
  may(identity, 'conversations.list')
  const { prompt, at, organizationId, conversationId, kind, afterTurn, base } = conversationTurns
  const latest = ctx.db
    .select({ id: conversations.id })
    .from(conversations)
    .where(and(eq(conversations.organizationId, identity.organizationId), eq(conversations.userId, identity.userId)))
    .orderBy(desc(conversations.updatedAt), desc(conversations.id))
    .limit(RECENT_CONVERSATIONS)
    .as('latest')
  const rows = await ctx.db
    .select({ prompt })
    .from(latest)
    .innerJoin(conversationTurns, and(eq(organizationId, identity.organizationId), eq(conversationId, latest.id)))
    .where(and(eq(kind, 'answer'), isNull(afterTurn), isNull(base)))
    .groupBy(prompt)
    .orderBy(desc(max(at)))
    .limit(RECENT_PROMPTS)
  return rows.map((row) => row.prompt)
}

type One = Call & { readonly id: string }

/** A conversation with all its turns. Throws `UserError` not_found. */
export async function getConversation(
  call: One,
): Promise<ConversationSummary & { readonly turnList: readonly TurnView[] }> {
  const { ctx, identity, id } = call
  const row = await findConversation(ctx.db, identity, id, 'conversations.get')
  return { ...summarizeConversation(row), turnList: viewTurns(call, await turnsOf(ctx.db, row)) }
}

/** Gives it another title. Throws `UserError` not_found. */
export async function renameConversation({
  ctx,
  identity,
  id,
  input,
}: One & { input: z.output<typeof RenameConversation> }): Promise<ConversationSummary> {
  return ctx.db.transaction(async (tx) => {
    const row = await findConversation(tx, identity, id, 'conversations.change', { lock: true })
    await tx
      .update(conversations)
      .set({ title: input.title })
      .where(and(eq(conversations.organizationId, row.organizationId), eq(conversations.id, id)))
    return summarizeConversation({ ...row, title: input.title })
  })
}

/** Goes back to a turn, or forward again; all turns stay. Throws `UserError` not_found. */
export async function placeConversation({
  ctx,
  identity,
  id,
  input,
}: One & { input: z.output<typeof PlaceConversation> }): Promise<ConversationSummary> {
  return ctx.db.transaction(async (tx) => {
    const row = await findConversation(tx, identity, id, 'conversations.change', { lock: true })
    const { number } = await findTurn(tx, row, input.turn)
    // The last one is not named, so that whatever is asked next is gone on from.
    const place = number === row.turnCount ? null : number
    await tx
      .update(conversations)
      .set({ place })
      .where(and(eq(conversations.organizationId, row.organizationId), eq(conversations.id, id)))
    return summarizeConversation({ ...row, place })
  })
}

/** Deletes it for good; tables that were saved from it stay. Throws `UserError` not_found. */
export async function deleteConversation({ ctx, identity, id }: One): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const row = await findConversation(tx, identity, id, 'conversations.change', { lock: true })
    await tx
      .delete(conversations)
      .where(and(eq(conversations.organizationId, row.organizationId), eq(conversations.id, id)))
  })
}

/** Saves the table of a turn, with the words it was made from. Throws `UserError` not_found, conflict, invalid_definition. */
export async function saveTurn(
  call: One & { readonly turn: number; readonly input: SaveTurn; readonly idempotencyKey?: string | undefined },
): Promise<Created> {
  const { ctx, identity, id, turn: number, input, ...rest } = call
  const row = await findConversation(ctx.db, identity, id, 'conversations.save')
  const turn = await findTurn(ctx.db, row, number)
  if (turn.definition === null) {
    throw new UserError('conflict', `Cannot save turn ${number}: it has no table`, {
      fix: 'choose a turn that was answered with one',
    })
  }
  const { title } = turn.answer as { title?: unknown }
  const name = input.name ?? (typeof title === 'string' ? title.slice(0, 200) : undefined)
  const table = CreateTable.parse({
    ...input,
    ...(name !== undefined && { name }),
    createdVia: 'AI_GENERATED',
    aiPrompt: turn.prompt,
    definition: turn.definition,
  })
  return createTable({ ctx, identity, ...rest, input: table })
}
