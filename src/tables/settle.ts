// Which of a few likely readings is shown, if any: all are run beside each other, and their rows decide.
// In: the readings with their odds before the rows, and how one is run. Out: the surest and how sure it is, or none that could be run.
// Refused: readings that leave out something that was said; they are only compared.
import type { Rows } from '../rows/same-table.ts'
import { LOOKED_AT, seenTrust } from '../translate/builtin/seen.ts'
import type { Likely } from '../translate/types.ts'
import { lookAt, type Seen } from './look.ts'

/** Below this share of right answers nothing is shown. */
export const SHOWN_BAR = 0.56
/** Below this share it is shown with a reserve; of those above, more than nine in ten are right also where nothing was learnt. */
export const SURE_BAR = 0.82
export const RESERVE = 'Not sure: read the sentence above the table before you use its numbers'
export const UNSURE = 'The rows of the likeliest readings leave open what is meant: look this one over'

export type Settled<Run> = { readonly confidence: number; readonly at: number; readonly run: Run }

/** Runs all and settles on one; undefined when none could be run that says all that was asked for. */
export async function settle<Run extends { readonly rows: Rows }>(
  likely: readonly Likely[],
  run: (one: Likely, at: number) => Promise<Run | undefined>,
): Promise<Settled<Run> | undefined> {
  const few = likely.slice(0, LOOKED_AT)
  const runs: readonly (Run | undefined)[] = await Promise.all(few.map(run))
  const seen: Seen[] = []
  const looks = runs.map((one, at) =>
    lookAt(seen, { rows: one?.rows, ordered: (few[at]?.definition.sortBy.length ?? 0) > 0 }),
  )
  const odds = few.map((one) => one.odds)
  let best: Settled<Run> | undefined
  for (const [at, one] of runs.entries()) {
    if (one === undefined || few[at]?.whole !== true) continue
    const confidence = seenTrust(odds, looks, at)
    if (best === undefined || confidence > best.confidence) best = { confidence, at, run: one }
  }
  return best
}
