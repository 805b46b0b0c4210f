// What people asked, turn by turn. Only the one who asked sees it; rows are not kept, because they are read anew.

import { sql } from 'drizzle-orm'
import { check, foreignKey, index, integer, jsonb, primaryKey, text } from 'drizzle-orm/pg-core'
import { memberships } from './schema-access.ts'
import { createdAt, instant, store, updatedAt } from './schema-parts.ts'

export const turnKinds = ['answer', 'question', 'draft', 'refused', 'failed'] as const

export const conversations = store.table(
  'conversations',
  {
    organizationId: text('organization_id').notNull(),
    id: text('id').notNull(),
    userId: text('user_id').notNull(),
    /** The first prompt, until somebody names it. */
    title: text('title').notNull(),
    turnCount: integer('turn_count').notNull().default(0),
    /** The turn that one goes on from; null: the last one. */
    place: integer('place'),
    createdAt: createdAt(),
    /** Of the last turn. */
    updatedAt: updatedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.id] }),
    index('conversations_recent').on(t.organizationId, t.userId, t.updatedAt, t.id),
    index('conversations_age').on(t.updatedAt),
    foreignKey({
      columns: [t.organizationId, t.userId],
      foreignColumns: [memberships.organizationId, memberships.userId],
    }).onDelete('cascade'),
  ],
)

export const conversationTurns = store.table(
  'conversation_turns',
  {
    organizationId: text('organization_id').notNull(),
    conversationId: text('conversation_id').notNull(),
    /** From 1. */
    number: integer('number').notNull(),
    at: instant('at').notNull(),
    prompt: text('prompt').notNull(),
    /** The turn that it came after; 0: none; null, in rows of before: the one before it. */
    parent: integer('parent'),
    /** The turn whose definition it refined; several may refine one. */
    afterTurn: integer('after_turn'),
    /** What it refined, where that was no turn of this conversation. */
    base: jsonb('base').$type<unknown>(),
    kind: text('kind', { enum: turnKinds }).notNull(),
    definition: jsonb('definition').$type<unknown>(),
    /** The roles it was made with: who has lost one of them since may have lost what its words name. */
    roles: jsonb('roles').$type<readonly string[]>(),
    /** Everything else of the answer but its rows. */
    answer: jsonb('answer').$type<unknown>().notNull(),
    rowCount: integer('row_count'),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.conversationId, t.number] }),
    check('conversation_turns_kind', sql`${t.kind} in ('answer', 'question', 'draft', 'refused', 'failed')`),
    foreignKey({
      columns: [t.organizationId, t.conversationId],
      foreignColumns: [conversations.organizationId, conversations.id],
    }).onDelete('cascade'),
  ],
)
