// What somebody asked, turn by turn. Each route is a few lines over a verb in src/conversations/.
import { z } from 'zod'
import {
  deleteConversation,
  getConversation,
  ListConversations,
  listConversations,
  PlaceConversation,
  placeConversation,
  RenameConversation,
  recentPrompts,
  renameConversation,
  SaveTurn,
  saveTurn,
} from '../conversations/conversations.ts'
import type { ConversationSummary } from '../conversations/view.ts'
import { turnKinds } from '../db/schema-conversations.ts'
import { route } from './route.ts'
import { Changes, made, State, Table } from './saved-tables.ts'
import { ChangeWords, CheckedDefinition, Instant } from './schemas.ts'
import { Id } from './versioned.ts'

const summary = {
  id: z.string(),
  title: z.string(),
  turns: z.int(),
  place: z.int().describe('The turn that it goes on from'),
  createdAt: Instant,
  updatedAt: Instant,
}
const Conversation = z.strictObject(summary).meta({ id: 'Conversation' })
const Turn = z
  .strictObject({
    number: z.int(),
    at: Instant,
    prompt: z.string(),
    parent: z
      .int()
      .describe('The turn that it came after; 0: none. Several may come after one: those were gone back from'),
    afterTurn: z.int().nullable().describe('The turn that it refined'),
    kind: z.enum(turnKinds),
    state: State.nullable().describe('Of its table, by the catalog and your role of today; null: it has none'),
    definition: CheckedDefinition.nullable(),
    sentence: z.string().nullable(),
    changes: Changes.nullable().describe('From what it refined'),
    changeWords: ChangeWords.nullable().describe('The same in the words of their sentences'),
    rowCount: z.int().nullable().describe('When it was asked; rows are not kept, run it to see those of now'),
    answer: z
      .record(z.string(), z.unknown())
      .describe('Title, assumptions, notes, suggestions, reason, error: what its kind has'),
  })
  .meta({ id: 'Turn' })
const Done = z.strictObject({ ok: z.literal(true) })

export const conversationRoutes = {
  listConversations: route({
    method: 'GET',
    path: '/conversations',
    action: 'conversations.list',
    tag: 'Conversations',
    summary: 'List your conversations',
    description: 'Nobody else sees them. The newest first.',
    query: ListConversations,
    response: z.strictObject({ conversations: z.array(Conversation), nextCursor: z.string().optional() }),
    async handle({ call, query }) {
      const { conversations, ...rest } = await listConversations({ ...call, input: query })
      return { body: { conversations: conversations.map(dated), ...rest } }
    },
  }),
  listRecentPrompts: route({
    method: 'GET',
    path: '/recent-prompts',
    action: 'conversations.list',
    tag: 'Conversations',
    summary: 'See what you asked lately',
    description: 'Your prompts that were answered with a table and refined nothing, so that they can be asked again.',
    response: z.strictObject({ prompts: z.array(z.string()) }),
    handle: async ({ call }) => ({ body: { prompts: [...(await recentPrompts(call))] } }),
  }),
  getConversation: route({
    method: 'GET',
    path: '/conversations/{id}',
    action: 'conversations.get',
    tag: 'Conversations',
    summary: 'Read a conversation again',
    description: 'To go on with it, send its id with the next prompt.',
    params: Id,
    response: z.strictObject({ ...summary, turnList: z.array(Turn) }),
    async handle({ call, params }) {
      const { turnList, ...conversation } = await getConversation({ ...call, ...params })
      return {
        body: {
          ...dated(conversation),
          turnList: turnList.map((turn) => ({
            ...turn,
            at: turn.at.toISOString(),
            changes: turn.changes as never,
            changeWords: turn.changeWords as never,
          })),
        },
      }
    },
  }),
  renameConversation: route({
    method: 'PUT',
    path: '/conversations/{id}',
    action: 'conversations.change',
    tag: 'Conversations',
    summary: 'Give a conversation another title',
    params: Id,
    body: RenameConversation,
    response: Conversation,
    handle: async ({ call, params, body }) => ({
      body: dated(await renameConversation({ ...call, ...params, input: body })),
    }),
  }),
  placeConversation: route({
    method: 'PUT',
    path: '/conversations/{id}/place',
    action: 'conversations.change',
    tag: 'Conversations',
    summary: 'Go back to a turn',
    description: 'The next prompt goes on from there. The turns after it stay, and can be gone on from as well.',
    params: Id,
    body: PlaceConversation,
    response: Conversation,
    handle: async ({ call, params, body }) => ({
      body: dated(await placeConversation({ ...call, ...params, input: body })),
    }),
  }),
  deleteConversation: route({
    method: 'DELETE',
    path: '/conversations/{id}',
    action: 'conversations.change',
    tag: 'Conversations',
    summary: 'Delete a conversation',
    description: 'For good. Tables that were saved from it stay.',
    params: Id,
    response: Done,
    async handle({ call, params }) {
      await deleteConversation({ ...call, ...params })
      return { body: { ok: true } } as const
    },
  }),
  saveTurn: route({
    method: 'POST',
    path: '/conversations/{id}/turns/{turn}/save',
    action: 'conversations.save',
    tag: 'Conversations',
    summary: 'Save the table of a turn',
    params: Id.extend({ turn: z.coerce.number().int().min(1).max(2_147_483_647) }),
    body: SaveTurn,
    bodyOptional: true,
    response: Table,
    status: 201,
    idempotent: true,
    handle: async ({ call, params, body, idempotencyKey }) =>
      made(await saveTurn({ ...call, ...params, input: body, idempotencyKey })),
  }),
}

function dated(one: ConversationSummary) {
  return { ...one, createdAt: one.createdAt.toISOString(), updatedAt: one.updatedAt.toISOString() }
}
