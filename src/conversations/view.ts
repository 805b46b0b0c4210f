// Turns as they are read again, by the rules of today: a table whose columns its asker may no longer see is told as hidden.
import type { Call } from '../context.ts'
import { type DefinitionPatch, diffDefinitions } from '../definition/patch.ts'
import { type ChangeWords, changeWords } from '../definition/read-back.ts'
import type { Definition } from '../definition/schema.ts'
import { catalogFor } from '../pipeline.ts'
import { readDefinition } from '../tables/readable.ts'
import { type ConversationRow, placeOf, type TurnRow } from './find.ts'
import { parentOf } from './path.ts'

export type ConversationSummary = {
  readonly id: string
  readonly title: string
  readonly turns: number
  /** The turn that it goes on from. */
  readonly place: number
  readonly createdAt: Date
  readonly updatedAt: Date
}
export type TurnView = {
  readonly number: number
  readonly at: Date
  readonly prompt: string
  /** The turn that it came after; 0: none. */
  readonly parent: number
  readonly afterTurn: number | null
  readonly kind: TurnRow['kind']
  readonly state: 'ok' | 'hidden' | 'broken' | null
  readonly definition: Definition | null
  readonly sentence: string | null
  /** From what it refined; null where it refined nothing, or one of the two cannot be read. */
  readonly changes: DefinitionPatch | null
  /** The same in the words of their sentences. */
  readonly changeWords: ChangeWords | null
  readonly rowCount: number | null
  /** Title, assumptions, notes, suggestions, reason, error: what the kind has. Without words once a role was lost. */
  readonly answer: Readonly<Record<string, unknown>>
}

export function summarizeConversation({
  id,
  title,
  turnCount,
  place,
  createdAt,
  updatedAt,
}: ConversationRow): ConversationSummary {
  return { id, title, turns: turnCount, place: placeOf({ place, turnCount }), createdAt, updatedAt }
}

/** A conversation's turns for the one who had it. */
export function viewTurns({ ctx, identity }: Pick<Call, 'ctx' | 'identity'>, turns: readonly TurnRow[]): TurnView[] {
  const before = new Map(turns.map((turn) => [turn.number, turn.definition]))
  const visible = catalogFor(ctx.catalog, identity)
  return turns.map((turn) => {
    const { number, at, prompt, afterTurn, kind, rowCount } = turn
    const had = new Set(identity.roles)
    const demoted = turn.roles === null || turn.roles.some((role) => !had.has(role))
    const readable = turn.definition === null ? undefined : readDefinition(turn.definition, ctx.catalog, identity)
    const shown = readable?.state === 'ok' ? readable : undefined
    const base = readDefinition(afterTurn === null ? turn.base : before.get(afterTurn), ctx.catalog, identity)
    const both = shown !== undefined && base.state === 'ok' ? ([base.definition, shown.definition] as const) : undefined
    return {
      ...{ number, at, prompt, parent: parentOf(turn), afterTurn, kind, rowCount },
      state: readable?.state ?? null,
      definition: shown?.definition ?? null,
      sentence: shown?.sentence ?? null,
      changes: both ? diffDefinitions(...both) : null,
      changeWords: both ? changeWords(...both, visible) : null,
      answer: demoted || readable?.state === 'hidden' ? wordless(turn.answer) : withoutDefinition(turn.answer),
    }
  })
}

/** What names no column, whatever it was about. */
function wordless(answer: unknown): Record<string, unknown> {
  const silent = ['code', 'confidence', 'translator', 'totalMs', 'truncated']
  return Object.fromEntries(Object.entries(answer as object).filter(([key]) => silent.includes(key)))
}

function withoutDefinition(answer: unknown): Record<string, unknown> {
  const { definition: _definition, sentence: _sentence, ...rest } = answer as Record<string, unknown>
  return rest
}
