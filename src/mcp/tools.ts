// The tools of the MCP server: each says what it needs, asks `may` for its action, and calls a verb.
// Answers are small: a few rows, a handle for the rest; what was cut is said.
import { z } from 'zod'
import { type Action, may } from '../access/rules.ts'
import type { Call } from '../context.ts'
import { SaveTurn, saveTurn } from '../conversations/conversations.ts'
import { type Conversed, converse, NEW } from '../conversations/converse.ts'
import { diffDefinitions } from '../definition/patch.ts'
import type { Definition } from '../definition/schema.ts'
import { UserError } from '../errors.ts'
import { ianaTimezone } from '../lib/timezone.ts'
import type { Cell, OutputColumn } from '../plan/columns.ts'
import { CreateTable, createTable } from '../tables/create-table.ts'
import { exportTable } from '../tables/export.ts'
import { getTable } from '../tables/get-table.ts'
import { ListTables, listTables } from '../tables/list-tables.ts'
import { previewTable, validateTable } from '../tables/preview.ts'
import { TableDescription, TableName, Visibility } from '../tables/schemas.ts'
import { tableRows } from '../tables/table-rows.ts'
import { definitionOf, readHandle, writeHandle } from './handle.ts'
import { discover } from './reference.ts'

const Timezone = z
  .string()
  .default('UTC')
  .refine((name) => ianaTimezone(name) !== undefined, 'an IANA time zone such as Europe/Berlin is expected')
  .describe('IANA time zone of "today"')
const Handle = z.string().min(1).max(200).describe('From ask, refine, save or list_tables')
const AnyDefinition = z.record(z.string(), z.unknown()).describe('A table definition; discover explains the language')
const Prompt = z.string().trim().min(1).max(2000)
const either = 'give either "handle" or "definition"'

/** Rows beside an answer; run gives more. */
const SAMPLE_ROWS = 20
const MAX_RUN_ROWS = 200
const MAX_POSITION = 10_000
const MAX_EXPORT_CHARS = 100_000
/** Said wherever a page has a next one but no result is kept between them. */
const REREAD = 'the next page runs the table again; save it to read all pages from one result'

export type Tool<S extends z.ZodRawShape = z.ZodRawShape> = {
  readonly title: string
  readonly description: string
  /** What its caller must be allowed to do, whatever it is called with. */
  readonly action: Action
  readonly readOnly: boolean
  readonly input: S
  run(call: Call, input: z.output<z.ZodObject<S>>): Promise<object>
}
const tool = <const S extends z.ZodRawShape>(description: Tool<S>): Tool<S> => description

export const tools = {
  discover: tool({
    title: 'See what may be asked',
    description:
      'The catalog (entities, fields, relations, metrics, values) and the language of table definitions. Call it first. For a large catalog name an "entity", or look for some with "query".',
    action: 'catalog.read',
    readOnly: true,
    input: { entity: z.string().max(200).optional(), query: z.string().max(400).optional() },
    async run({ ctx, identity }, input) {
      const found = discover(ctx.catalog, identity.roles, input)
      if (input.entity !== undefined || input.query !== undefined) return found
      return { ...found, prompts: (await ctx.suggestions(identity)).slice(0, 5) }
    },
  }),
  ask: tool({
    title: 'Ask in plain words',
    description:
      'Makes a table from a question. The answer has the exact sentence of what is shown, the first rows, and a handle for run, refine, save and export. Or it is a question (the words may mean different numbers), a draft (understood in part), or a refusal with its reason.',
    action: 'tables.generate',
    readOnly: true,
    input: { prompt: Prompt, timezone: Timezone },
    async run(call, { prompt, timezone }) {
      return told(await converse({ call, input: { prompt, timezone, conversationId: NEW } }))
    },
  }),
  refine: tool({
    title: 'Change a table in plain words',
    description:
      'Such as "now by month" or "without refunds". What is not mentioned stays; "changes" says what did not.',
    action: 'tables.generate',
    readOnly: true,
    input: { handle: Handle, prompt: Prompt, timezone: Timezone },
    async run(call, { handle: text, prompt, timezone }) {
      const handle = readHandle(text)
      const { definition: base } = await definitionOf(call, handle)
      const where =
        handle.kind === 'turn'
          ? { conversationId: handle.conversationId, afterTurn: handle.turn }
          : { conversationId: NEW, base }
      const made = await converse({ call, input: { prompt, timezone, ...where } })
      const changes = 'definition' in made && made.definition ? diffDefinitions(base, made.definition) : undefined
      return { ...told(made), ...(changes && { changes }) }
    },
  }),
  check: tool({
    title: 'Check a definition',
    description: 'Without running it: the exact sentence of what it shows, or every issue with its fix.',
    action: 'tables.validate',
    readOnly: true,
    input: { definition: AnyDefinition },
    run: async ({ ctx, identity }, { definition }) => validateTable({ ctx, scope: identity, definition }),
  }),
  run: tool({
    title: 'Read the rows of a table',
    description: `Page by page, at most ${MAX_RUN_ROWS} rows at once; send "nextCursor" back for those after. A saved table's pages are of one kept result.`,
    action: 'tables.preview',
    readOnly: true,
    input: {
      handle: Handle.optional(),
      definition: AnyDefinition.optional(),
      timezone: Timezone,
      limit: z.int().min(1).max(MAX_RUN_ROWS).default(50),
      cursor: z.string().max(500).optional(),
    },
    run: (call, input) => runPage(call, input),
  }),
  save: tool({
    title: 'Save a table',
    description: 'Private unless "visibility" says otherwise. The answer has the id of the table, which is its handle.',
    action: 'tables.create',
    readOnly: false,
    input: {
      handle: Handle.optional(),
      definition: AnyDefinition.optional(),
      name: TableName.optional(),
      description: TableDescription.optional(),
      visibility: Visibility.optional(),
    },
    run: (call, input) => save(call, input),
  }),
  list_tables: tool({
    title: 'List saved tables',
    description: 'Those that you see, the newest first.',
    action: 'tables.list',
    readOnly: true,
    input: {
      search: z.string().trim().min(1).max(200).optional(),
      limit: z.int().min(1).max(100).default(25),
      cursor: z.string().max(1000).optional(),
    },
    async run(call, { limit, ...input }) {
      const listed = await listTables({ ...call, input: ListTables.parse({ ...input, limit }) })
      const { tables, ...rest } = listed
      return {
        tables: tables.map(({ id, name, description, visibility, owner, updatedAt }) => ({
          ...{ handle: id, name, ...(description && { description }), visibility },
          ...{ owner: owner.name, updatedAt: updatedAt.toISOString() },
        })),
        ...rest,
      }
    },
  }),
  get_table: tool({
    title: 'See a saved table',
    description: 'Its sentence and definition, whose it is and who sees it. For its rows call run.',
    action: 'tables.get',
    readOnly: true,
    input: { handle: Handle },
    async run(call, { handle }) {
      const table = await getTable({ ...call, id: handle })
      const { id, name, description, sentence, definition, state, issues, aiPrompt, visibility, owner, access } = table
      const said = { handle: id, name, description, sentence, state, ...(issues && { issues }), prompt: aiPrompt }
      return { ...said, visibility, owner: owner.name, access, definition: definition && shortened(definition) }
    },
  }),
  export: tool({
    title: 'Get a table as CSV',
    description: `At most ${MAX_EXPORT_CHARS.toLocaleString('en-US')} characters; "cut" says when there is more. Whole files (CSV, Excel, PDF) come from POST /api/v1/tables/export.`,
    action: 'tables.preview',
    readOnly: true,
    input: { handle: Handle.optional(), definition: AnyDefinition.optional(), timezone: Timezone },
    run: (call, input) => csv(call, input),
  }),
}
export type ToolName = keyof typeof tools

/** Runs a tool for somebody who may. Throws `UserError`. */
export async function runTool(name: ToolName, call: Call, input: never): Promise<object> {
  const { action, run } = tools[name]
  may(call.identity, action)
  return run(call, input)
}

function told(made: Conversed): object {
  const { conversationId, turn } = made
  const handle = conversationId === undefined || turn === undefined ? undefined : writeHandle(conversationId, turn)
  if (made.kind === 'question') {
    const readings = made.readings.map(({ definition: one, columns, ...rest }) => ({
      ...rest,
      definition: shortened(one),
      columns: columns.map(({ id, label }) => ({ id, label })),
    }))
    const next = 'ask which is meant, or run, save or refine the definition of one'
    return { kind: made.kind, question: made.question, readings, next }
  }
  if (made.kind !== 'answer') {
    const { conversationId: _id, turn: _turn, usage: _usage, totalMs: _ms, ...rest } = made
    const usable = 'definition' in made && made.definition !== undefined
    return { ...rest, ...(usable && handle && { handle }) }
  }
  const { kind, title, sentence, assumptions, notes, confidence, translator, definition } = made
  return {
    ...{ kind, handle, title, sentence, assumptions, ...(notes.length > 0 && { notes }), confidence, translator },
    ...{ definition: shortened(definition), ...page(made, SAMPLE_ROWS) },
  }
}

/** Without the parts that say nothing. */
function shortened(definition: Definition): object {
  const says = (value: unknown) => value !== null && value !== false && !(Array.isArray(value) && value.length === 0)
  return Object.fromEntries(Object.entries(definition).filter(([, value]) => says(value)))
}

type Rows = {
  readonly columns: readonly OutputColumn[]
  readonly rows: readonly (readonly Cell[])[]
  readonly truncated: boolean
}
function page({ columns, rows, truncated }: Rows, most: number): object {
  const shown = rows.slice(0, most)
  return {
    columns: columns.map(({ id, label, type }) => ({ id, label, type })),
    rows: shown,
    rowCount: truncated ? `more than ${rows.length}` : rows.length,
    ...(shown.length < rows.length && { more: 'these are the first rows; call run with the handle for others' }),
  }
}

type Which = { handle?: string | undefined; definition?: Record<string, unknown> | undefined }

async function chosen(call: Call, { handle, definition }: Which): Promise<{ definition: unknown; name?: string }> {
  if ((handle === undefined) === (definition === undefined)) {
    throw new UserError('invalid_request', `Cannot tell which table is meant: ${either}`, { fix: either })
  }
  return handle === undefined ? { definition } : definitionOf(call, readHandle(handle))
}

async function runPage(
  call: Call,
  input: Which & { timezone: string; limit: number; cursor?: string | undefined },
): Promise<object> {
  const { timezone, limit, cursor, handle } = input
  if (handle !== undefined && input.definition === undefined) {
    const read = readHandle(handle)
    if (read.kind === 'table') {
      const { columns, asOf, refreshing, ...rest } = await tableRows({
        ...{ ...call, id: read.id, timezone, limit, ...(cursor !== undefined && { cursor }) },
      })
      const shown = columns.map(({ id, label, type }) => ({ id, label, type }))
      return { ...rest, asOf: asOf.toISOString(), columns: shown, ...(refreshing && { refreshing }) }
    }
  }
  const from = positionOf(cursor)
  const { definition } = await chosen(call, input)
  const maxRows = Math.min(from + limit, MAX_POSITION)
  const { ctx, identity, signal } = call
  const found = await previewTable({
    ...{ ctx, scope: identity, input: { definition, timezone, maxRows }, ...(signal && { signal }) },
  })
  const rows = found.rows.slice(from)
  const more = found.truncated
  return {
    ...{ title: found.title, sentence: found.sentence },
    columns: found.columns.map(({ id, label, type }) => ({ id, label, type })),
    ...{ rows, position: from, ...(found.totals && { totals: found.totals }) },
    ...(more && maxRows < MAX_POSITION && { nextCursor: String(maxRows), paging: REREAD }),
    ...(more &&
      maxRows >= MAX_POSITION && { cut: `rows after ${MAX_POSITION} are not read this way; export the table` }),
  }
}

function positionOf(cursor: string | undefined): number {
  if (cursor === undefined) return 0
  if (/^\d{1,5}$/.test(cursor) && Number(cursor) < MAX_POSITION) return Number(cursor)
  throw new UserError('invalid_request', 'Cannot read the cursor: it is not one of this table', {
    fix: 'begin again without a cursor',
  })
}

async function save(
  call: Call,
  input: Which & {
    name?: string | undefined
    description?: string | undefined
    visibility?: 'PRIVATE' | 'TEAM' | 'ORG' | undefined
  },
): Promise<object> {
  const { name, description, visibility, handle } = input
  const about = {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(visibility !== undefined && { visibility }),
  }
  const read = handle === undefined || input.definition !== undefined ? undefined : readHandle(handle)
  const { table } =
    read?.kind === 'turn'
      ? await saveTurn({ ...call, id: read.conversationId, turn: read.turn, input: SaveTurn.parse(about) })
      : await createTable({
          ...call,
          input: CreateTable.parse({ ...about, definition: (await chosen(call, input)).definition }),
        })
  return { handle: table.id, name: table.name, sentence: table.sentence, visibility: table.visibility }
}

async function csv(call: Call, input: Which & { timezone: string }): Promise<object> {
  const { definition, name } = await chosen(call, input)
  const { ctx, identity, signal } = call
  const file = await exportTable({
    ctx,
    scope: identity,
    input: { definition, format: 'csv', timezone: input.timezone, ...(name !== undefined && { title: name }) },
    ...(signal && { signal }),
  })
  const decoder = new TextDecoder()
  let text = ''
  try {
    for await (const bytes of file.bytes) {
      text += decoder.decode(bytes, { stream: true })
      if (text.length > MAX_EXPORT_CHARS) break
    }
  } finally {
    await file.close()
  }
  const { sentence } = file
  const asOf = file.asOf.toISOString()
  if (text.length <= MAX_EXPORT_CHARS) return { sentence, asOf, csv: text, rowCount: file.rowCount() }
  const cut = 'there are more rows; get the whole file with POST /api/v1/tables/export'
  return { sentence, asOf, csv: wholeLines(text.slice(0, MAX_EXPORT_CHARS)), cut }
}

/** Up to the last line end that is not inside quotes. */
function wholeLines(text: string): string {
  let end = 0
  let quoted = false
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '"') quoted = !quoted
    else if (text[at] === '\n' && !quoted) end = at + 1
  }
  return text.slice(0, end)
}
