// Turns of English that say something no clause says: "first-time donors", "the next event", "card vs check".
// In: a prompt over a catalog that people wrote. Out: for each turn the prompt without it, and what it makes of the table of that.
// Refused: tables that a turn cannot be said of; nothing is shown for them, since the rest alone would be another question.
import type { TranslateInput } from '../types.ts'
import { comingRows } from './recast/coming.ts'
import { everyYear } from './recast/every-year.ts'
import { firstTime } from './recast/first-time.ts'
import { lastDeed } from './recast/last-deed.ts'
import { oneInOther } from './recast/one-in-other.ts'
import { sideBySide } from './recast/side-by-side.ts'
import type { Recast, Turn } from './recast/turn.ts'

const TURNS: readonly Turn[] = [firstTime, comingRows, lastDeed, everyYear, oneInOther, sideBySide]

/** The readings of the first turn that a prompt has. */
export function recastsOf(input: TranslateInput): readonly Recast[] {
  for (const turn of TURNS) {
    const found = turn(input)
    if (found.length > 0) return found
  }
  return []
}
