// "Undo that", for both kinds of translator: what was before is in the conversation, so nothing is translated.
// In: the turns and the table that stands. Out: the table before it. Undone again it goes one further back, not forward.
import { canonicalJson } from '../catalog/hash.ts'
import type { Refused } from '../tables/generate.ts'
import type { TurnRow } from './find.ts'

const UNDO =
  /^(?:(?:please|ok|okay|no|now|oops|wait|actually)[,!]?\s+)*(?:undo|revert|go back|take back|take (?:that|it) back)(?:\s+(?:that|this|it|one step|(?:that|this|the|my) (?:last )?(?:change|step|one)))?(?:,?\s+please)?[\s.!]*$/i

/** Whether a prompt says nothing but that the last change shall go. */
export function asksToUndo({ prompt, reading }: { readonly prompt: string; readonly reading?: unknown }): boolean {
  return reading === undefined && UNDO.test(prompt.trim())
}

export type Undone = {
  readonly definition: unknown
  /** The turn that the table is of; 0: it was brought from outside. */
  readonly backTo: number
}

/** The table before the one that stands: the first on the way back that is another. */
export function undoneFrom(
  turns: readonly TurnRow[],
  standing: { readonly afterTurn: number | null; readonly definition?: unknown },
): Undone | undefined {
  const byNumber = new Map(turns.map((turn) => [turn.number, turn]))
  const now = canonicalJson(standing.definition ?? null)
  let turn = standing.afterTurn === null ? undefined : byNumber.get(standing.afterTurn)
  // What is refined is an earlier turn, so that this ends.
  while (turn !== undefined) {
    const at = backTo(turn) === undefined ? turn : byNumber.get(backTo(turn) ?? 0)
    if (at === undefined) return undefined
    const before = at.afterTurn === null ? undefined : byNumber.get(at.afterTurn)
    const definition = before === undefined ? at.base : before.definition
    if (definition === null) return undefined
    if (canonicalJson(definition) !== now) return { definition, backTo: before?.number ?? 0 }
    turn = before
  }
  return undefined
}

function backTo({ answer }: TurnRow): number | undefined {
  const to = (answer as { backTo?: unknown }).backTo
  return typeof to === 'number' ? to : undefined
}

/** The answer where nothing is before the table, or nobody kept it. */
export function nothingToUndo(unkept: boolean): Refused {
  return {
    kind: 'refused',
    reason: unkept
      ? 'What was before this table is not kept here, so that it cannot be undone: ask again for what you want to see'
      : 'There is nothing to undo: no table of this conversation comes before this one',
    suggestions: [],
    translator: 'builtin',
    notes: [],
    totalMs: 0,
  }
}
