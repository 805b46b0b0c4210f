// What was made of prompts: which are verified, what models cost, and answers kept to be given again.
import { boolean, foreignKey, index, integer, jsonb, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { createdAt, instant, store } from './schema-parts.ts'
import { tables } from './schema-tables.ts'

/** Prompts whose table an admin has read over: one a table. */
export const verifiedPrompts = store.table(
  'verified_prompts',
  {
    organizationId: text('organization_id').notNull(),
    tableId: text('table_id').notNull(),
    prompt: text('prompt').notNull(),
    /** The prompt without what makes no difference: case, spaces, the final period. */
    promptKey: text('prompt_key').notNull(),
    /** What was verified; the mark goes when the table's own differs. */
    definition: jsonb('definition').$type<unknown>().notNull(),
    verifiedBy: text('verified_by').notNull(),
    verifiedAt: instant('verified_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.tableId] }),
    uniqueIndex('verified_prompts_key').on(t.organizationId, t.promptKey),
    foreignKey({
      columns: [t.organizationId, t.tableId],
      foreignColumns: [tables.organizationId, tables.id],
    }).onDelete('cascade'),
  ],
)

/** The outcome of a line that only tells what a model cost that did not answer; somebody else did. */
export const UNANSWERED = 'unanswered'

/** One row a prompt that was translated, and one for each model that was paid in vain; never the prompt itself. */
export const translations = store.table(
  'translations',
  {
    organizationId: text('organization_id').notNull(),
    id: text('id').notNull(),
    at: instant('at').notNull(),
    userId: text('user_id'),
    translator: text('translator').notNull(),
    outcome: text('outcome').notNull(),
    /** It refined a table. */
    followUp: boolean('follow_up').notNull(),
    /** An earlier answer was given again. */
    cached: boolean('cached').notNull().default(false),
    model: text('model'),
    calls: integer('calls').notNull().default(0),
    inputTokens: integer('input_tokens').notNull().default(0),
    outputTokens: integer('output_tokens').notNull().default(0),
    cachedTokens: integer('cached_tokens').notNull().default(0),
    elapsedMs: integer('elapsed_ms').notNull(),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.id] }), index('translations_at').on(t.organizationId, t.at)],
)

/** Answers of models, by everything that made them what they are. */
export const translationCache = store.table(
  'translation_cache',
  {
    organizationId: text('organization_id').notNull(),
    /** SHA-256 of prompt, base, roles, time zone, catalog, translators and verified prompts. */
    key: text('key').notNull(),
    answer: jsonb('answer').$type<unknown>().notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.key] }), index('translation_cache_age').on(t.createdAt)],
)
