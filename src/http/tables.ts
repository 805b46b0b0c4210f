// Routes that make and check tables without keeping them. Each is a few lines over a verb in src/tables/.
import { z } from 'zod'
import { converse } from '../conversations/converse.ts'
import { conditionWords } from '../definition/condition-words.ts'
import { catalogFor } from '../pipeline.ts'
import { drillTable } from '../tables/drill.ts'
import { importTable } from '../tables/import.ts'
import { previewTable, validateTable } from '../tables/preview.ts'
import { generateEvents } from './generate-events.ts'
import { route } from './route.ts'
import {
  AnyDefinition,
  Cell,
  ChangeWords,
  CheckedDefinition,
  ConditionWords,
  MaxRows,
  runShape,
  SentenceParts,
  Timezone,
} from './schemas.ts'

const GenerateBody = z.strictObject({
  prompt: z.string().trim().min(1, 'a prompt is expected').max(2000, 'a prompt has at most 2,000 characters'),
  conversationId: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe(
      '`new` begins a conversation, the id of one of yours goes on with it; any other text comes back unchanged, and nothing is kept',
    ),
  afterTurn: z
    .int()
    .min(0)
    .max(1000)
    .optional()
    .describe('The turn of the conversation that this one refines, 0: none; the last one with a table if not given'),
  base: AnyDefinition.optional().describe('The definition that a follow-up refines'),
  reading: AnyDefinition.optional().describe('The definition of the reading that was chosen of a question'),
  did: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .describe('With `reading`: that it was made by hand and how, such as `Only “Card”`; kept with the turn'),
  timezone: Timezone,
  maxRows: MaxRows,
})
const PreviewBody = z.strictObject({ definition: AnyDefinition, timezone: Timezone, maxRows: MaxRows })
const ImportBody = z.union([
  z.strictObject({
    sql: z
      .string()
      .trim()
      .min(1, 'a SELECT is expected')
      .max(50_000, 'SQL has at most 50,000 characters')
      .describe('One Postgres SELECT'),
  }),
  z.strictObject({ definition: AnyDefinition }),
])

const Sentence = z.string().describe('Exactly what is shown, in one sentence')
const Texts = z.array(z.string())
const made = {
  translator: z
    .enum(['builtin', 'openai', 'anthropic', 'verified'])
    .describe('verified: an admin has read over a table for just this prompt'),
  notes: Texts.describe('What a person should know about how it came about'),
  usage: z
    .strictObject({
      inputTokens: z.number(),
      outputTokens: z.number(),
      cachedTokens: z.number().optional(),
      calls: z.number(),
      repairs: z.number().optional().describe('How often an answer went back to the model to be mended'),
      model: z.string(),
    })
    .optional(),
  totalMs: z.number(),
  conversationId: z.string().optional(),
  turn: z.int().optional().describe('Its number in the conversation'),
}
const Generated = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('answer'),
      title: z.string(),
      definition: CheckedDefinition,
      sentence: Sentence,
      parts: SentenceParts,
      changes: ChangeWords.optional(),
      assumptions: Texts.describe('What was taken for granted'),
      confidence: z.number().min(0).max(1),
      ...runShape,
      ...made,
    }),
    z.strictObject({
      kind: z.literal('draft'),
      definition: CheckedDefinition.optional(),
      sentence: Sentence.optional(),
      understood: Texts,
      notUnderstood: Texts,
      suggestions: Texts.describe('Complete prompts that would work'),
      ...made,
    }),
    z.strictObject({
      kind: z.literal('question'),
      question: z.string(),
      readings: z
        .array(
          z.strictObject({
            definition: CheckedDefinition,
            sentence: Sentence,
            assumptions: Texts,
            rowCount: z.int(),
            truncated: z.boolean(),
            columns: runShape.columns,
            rows: runShape.rows.describe('The first of its rows'),
          }),
        )
        .describe('Send the definition of one as `reading`, with the same prompt'),
      ...made,
    }),
    z.strictObject({ kind: z.literal('refused'), reason: z.string(), suggestions: Texts, ...made }),
  ])
  .meta({ id: 'Generated' })

export const tableRoutes = {
  generateTable: route({
    method: 'POST',
    path: '/tables/generate',
    action: 'tables.generate',
    tag: 'Asking',
    summary: 'Make a table from words',
    description:
      'The answer is a table, a question where the words may mean different numbers, a draft of what was understood, or a refusal with its reason; `kind` says which. Nothing is saved.',
    events:
      '`understanding`, `checking`, `running` (title and sentence), perhaps `comparing` (other readings), `rows` (the table), `done` (everything else), or `error`. A draft or refusal has no `running` and no `rows`, a question no `rows`. Closing the connection stops the query.',
    body: GenerateBody,
    response: Generated,
    async handle({ call, body, c }) {
      const { conversationId, afterTurn, maxRows, base, reading, did, ...rest } = body
      const input = {
        ...rest,
        ...(base != null && { base }),
        ...(reading != null && { reading, ...(did !== undefined && { did }) }),
        ...(maxRows && { maxRows }),
        ...(conversationId !== undefined && { conversationId }),
        ...(afterTurn !== undefined && { afterTurn }),
      }
      if (wantsEvents(c.req.header('accept'))) return generateEvents(c, { call, input })
      return { body: await converse({ call, input }) }
    },
  }),
  previewTable: route({
    method: 'POST',
    path: '/tables/preview',
    action: 'tables.preview',
    tag: 'Asking',
    summary: 'Run a definition',
    description: 'Nothing is saved. What the definition left out comes back filled in.',
    body: PreviewBody,
    response: z.strictObject({
      title: z.string(),
      definition: CheckedDefinition,
      sentence: Sentence,
      parts: SentenceParts,
      words: ConditionWords,
      ...runShape,
    }),
    async handle({ ctx, identity, body: { maxRows, ...input }, signal }) {
      const wanted = { ...input, ...(maxRows && { maxRows }) }
      const found = await previewTable({ ctx, scope: identity, input: wanted, signal })
      return { body: { ...found, words: conditionWords(found.definition, catalogFor(ctx.catalog, identity)) } }
    },
  }),
  validateTable: route({
    method: 'POST',
    path: '/tables/validate',
    action: 'tables.validate',
    tag: 'Asking',
    summary: 'Check a definition',
    description: 'Every issue at once, as `invalid_definition`. Nothing runs.',
    body: z.strictObject({ definition: AnyDefinition }),
    response: z.strictObject({ definition: CheckedDefinition, sentence: Sentence }),
    handle: ({ ctx, identity, body }) => ({ body: validateTable({ ctx, scope: identity, ...body }) }),
  }),
  drillTable: route({
    method: 'POST',
    path: '/tables/drill',
    action: 'tables.validate',
    tag: 'Asking',
    summary: 'Find the rows behind a number',
    description:
      'Of a summary: the list of the rows that were counted in one number of one row, as a definition. `conflict` with the reason where there is none.',
    body: z.strictObject({
      definition: AnyDefinition,
      column: z.string().min(1).max(200).describe('The id of the number'),
      keys: z.record(z.string().max(200), Cell).describe('The keys of its row, by their ids'),
    }),
    response: z.strictObject({ definition: CheckedDefinition, sentence: Sentence }),
    handle: ({ ctx, identity, body }) => ({ body: drillTable({ ctx, scope: identity, input: body }) }),
  }),
  importTable: route({
    method: 'POST',
    path: '/tables/import',
    action: 'tables.import',
    tag: 'Asking',
    summary: 'Make a definition from SQL',
    description:
      'Takes one Postgres `SELECT`, or definition JSON of any version. SQL that no definition can say is `unsupported_sql`; its issues name each construct, and their `path` is `["sql", line, column]`. Nothing is saved.',
    body: ImportBody,
    response: z.strictObject({ definition: CheckedDefinition, sentence: Sentence, notes: Texts }),
    async handle({ ctx, identity, body }) {
      return { body: await importTable({ ctx, scope: identity, input: body }) }
    },
  }),
}

function wantsEvents(accept: string | undefined): boolean {
  return accept?.toLowerCase().includes('text/event-stream') ?? false
}
