// A prompt inside a conversation. In: words, whose they are, which turn they follow. Out: what generateTable gives, kept
// as a turn whatever became of it. Two prompts at once are both kept; a conversation that is full says so beforehand.
import { and, eq } from 'drizzle-orm'
import { may } from '../access/rules.ts'
import type { Call } from '../context.ts'
import { conversations, conversationTurns } from '../db/schema-conversations.ts'
import { asUserError, UserError } from '../errors.ts'
import { newId } from '../lib/id.ts'
import { type Generated, type GenerateInput, generateTable, type Step } from '../tables/generate.ts'
import {
  type ConversationRow,
  findConversation,
  findTurn,
  isConversationId,
  placeOf,
  type TurnRow,
  turnsOf,
} from './find.ts'
import { pathTo } from './path.ts'
import { asksToUndo, nothingToUndo, undoneFrom } from './undo.ts'

export const MAX_TURNS = 200
const TITLE_LENGTH = 120

/** Begins a conversation. */
export const NEW = 'new'

export type ConverseInput = GenerateInput & {
  /** `new`, an id of ours, or the client's own text, of which nothing is kept. */
  readonly conversationId?: string
  /** The turn that this one refines; 0: none, it begins anew. The last one with a table, or a draft of one, on the way to the place, if not given. */
  readonly afterTurn?: number
}
export type Conversed = Generated & { readonly conversationId?: string; readonly turn?: number }

/** Makes a table from words and keeps the turn. Throws `UserError` as generateTable, not_found, conflict. */
export async function converse(options: {
  call: Call
  input: ConverseInput
  onStep?: (step: Step) => void
}): Promise<Conversed> {
  const { call, onStep } = options
  const { conversationId, afterTurn, ...input } = options.input
  const shared = {
    ctx: call.ctx,
    scope: call.identity,
    ...(call.signal && { signal: call.signal }),
    ...(onStep && { onStep }),
  }
  const kept = await opened(call, conversationId)
  if (kept === undefined) {
    const echo = conversationId === undefined || conversationId === NEW ? {} : { conversationId }
    if (asksToUndo(input)) return { ...nothingToUndo(input.base !== undefined), ...echo }
    return { ...(await generateTable({ ...shared, input })), ...echo }
  }
  const base = await baseOf(call, kept, input, afterTurn)
  const keep = (outcome: Outcome) => append(call, kept, { prompt: input.prompt, base, afterTurn, ...outcome })
  const undone = asksToUndo(input) ? await undoing(call, kept, base) : undefined
  const generated = await (undone?.kind === 'nothing'
    ? Promise.resolve(undone.told)
    : generateTable({
        ...shared,
        input: { ...input, ...(base.definition !== undefined && { base: base.definition }), ...undone?.input },
      })
  ).catch(async (error: unknown) => {
    const known = asUserError(error, call.signal)
    const { code = 'internal', message = 'Something went wrong on our side', fix } = known ?? {}
    // What went wrong is what is told, also where it cannot be kept.
    await keep({ kind: 'failed', answer: { code, message, ...(fix && { fix }), ...didOf(input.did) } }).catch(
      (err: unknown) => call.ctx.log.error({ err }, 'a turn that failed cannot be kept'),
    )
    throw error
  })
  try {
    const { kind, answer, ...outcome } = outcomeOf(generated, input.did)
    const { id, turn } = await keep({ ...outcome, kind, answer: { ...answer, ...undone?.kept } })
    return { ...generated, conversationId: id, turn }
  } catch (error) {
    // The answer is there: that others filled or deleted the conversation meanwhile must not take it away.
    const known = asUserError(error, call.signal)
    if (known === undefined || !['conflict', 'not_found'].includes(known.code)) throw error
    return {
      ...generated,
      notes: [...generated.notes, `This answer is not kept in the conversation: ${known.message}`],
    }
  }
}

type Kept = ConversationRow | typeof NEW
type Base = { readonly afterTurn: number | null; readonly definition?: unknown }
type Outcome = {
  readonly kind: (typeof conversationTurns.$inferInsert)['kind']
  readonly definition?: unknown
  readonly answer: object
  readonly rowCount?: number
}

/** Where the turn goes; undefined: nowhere, as for visitors and for ids that are the client's own. */
async function opened(call: Call, id: string | undefined): Promise<Kept | undefined> {
  const { ctx, identity } = call
  if (id === undefined) return undefined
  if (id === NEW) return identity.via.kind === 'visitor' ? undefined : NEW
  if (!isConversationId(id)) return undefined
  const row = await findConversation(ctx.db, identity, id, 'conversations.continue')
  if (row.turnCount < MAX_TURNS) return row
  throw full()
}

function full(): UserError {
  return new UserError('conflict', `Cannot add to the conversation: it has ${MAX_TURNS} turns`, {
    fix: 'begin a new one with the table so far as its base',
  })
}

async function baseOf(
  { ctx }: Call,
  kept: Kept,
  { base }: GenerateInput,
  afterTurn: number | undefined,
): Promise<Base> {
  if (kept === NEW || afterTurn === 0) return { afterTurn: null, ...(base !== undefined && { definition: base }) }
  if (afterTurn !== undefined) {
    const turn = await findTurn(ctx.db, kept, afterTurn)
    if (turn.definition !== null) return { afterTurn, definition: base ?? turn.definition }
    throw new UserError('conflict', `Cannot refine turn ${afterTurn}: it has no table`, {
      fix: 'name a turn that has one, or 0 to begin anew',
    })
  }
  if (base !== undefined) return { afterTurn: null, definition: base }
  const last = lastTable(pathTo(await turnsOf(ctx.db, kept), placeOf(kept)))
  return last === undefined ? { afterTurn: null } : { afterTurn: last.number, definition: last.definition }
}

/** What "undo that" comes to: the table before the one that stands, shown as one that was chosen; or that there is none. */
async function undoing({ ctx }: Call, kept: Kept, base: Base) {
  const turns = kept === NEW ? [] : await turnsOf(ctx.db, kept)
  const undone = undoneFrom(turns, base)
  if (undone === undefined) return { kind: 'nothing', told: nothingToUndo(false) } as const
  return {
    kind: 'undone',
    // Without `did` the answer would say that a reading of a question was chosen.
    input: { reading: undone.definition, did: 'undo' },
    kept: { backTo: undone.backTo },
  } as const
}

const lastTable = (path: readonly TurnRow[]) => path.findLast(({ definition }) => definition !== null)

/** Where a turn hangs: below the place, unless it refines something else than what stands there. */
function parentFor(turns: readonly TurnRow[], row: ConversationRow, afterTurn: number | undefined): number {
  const place = placeOf(row)
  const standing = lastTable(pathTo(turns, place))?.number ?? 0
  return afterTurn === undefined || afterTurn === standing ? place : afterTurn
}

const didOf = (did: string | undefined) => (did === undefined ? {} : { did })

function outcomeOf(generated: Generated, did: string | undefined): Outcome {
  if (generated.kind !== 'answer') {
    const { kind, ...answer } = generated
    const definition = 'definition' in answer ? answer.definition : undefined
    return { kind, answer: { ...answer, ...didOf(did) }, ...(definition !== undefined && { definition }) }
  }
  const { kind, title, definition, assumptions, confidence, translator, notes, usage, totalMs, rows, truncated } =
    generated
  const told = { title, assumptions, confidence, translator, notes, ...(usage && { usage }), totalMs, truncated }
  return { kind, definition, answer: { ...told, ...didOf(did) }, rowCount: rows.length }
}

function append(
  { ctx, identity }: Call,
  kept: Kept,
  turned: Outcome & { readonly prompt: string; readonly base: Base; readonly afterTurn: number | undefined },
): Promise<{ id: string; turn: number }> {
  const { prompt, base, afterTurn, kind, definition, answer, rowCount } = turned
  const { organizationId, userId } = identity
  return ctx.db.transaction(async (tx) => {
    const now = ctx.now()
    const id = kept === NEW ? newId('cnv', now.getTime()) : kept.id
    if (kept === NEW) {
      may(identity, 'conversations.continue')
      const title = prompt.trim().replace(/\s+/g, ' ').slice(0, TITLE_LENGTH)
      await tx.insert(conversations).values({ organizationId, id, userId, title, createdAt: now, updatedAt: now })
    }
    const row = await findConversation(tx, identity, id, 'conversations.continue', { lock: true })
    if (row.turnCount >= MAX_TURNS) throw full()
    const turn = row.turnCount + 1
    const parent = parentFor(await turnsOf(tx, row), row, afterTurn)
    await tx.insert(conversationTurns).values({
      ...{ organizationId, conversationId: id, number: turn, at: now, prompt, kind, answer },
      parent,
      afterTurn: base.afterTurn,
      base: base.afterTurn === null ? (base.definition ?? null) : null,
      roles: identity.roles,
      definition: definition ?? null,
      rowCount: rowCount ?? null,
    })
    await tx
      .update(conversations)
      .set({ turnCount: turn, place: null, updatedAt: now })
      .where(and(eq(conversations.organizationId, organizationId), eq(conversations.id, id)))
    return { id, turn }
  })
}
