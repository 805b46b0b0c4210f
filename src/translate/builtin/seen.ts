// How sure one is of a reading once its rows and those of its rivals have been looked at: a logistic sum of ten numbers.
// In: the log-odds of a few readings before they ran, and what the rows of each look like. Out: the share of right answers among such.
// Refused: what the cells say; a row only counts, repeats another, is empty, or is the same as in another reading.
import WEIGHTS from './seen-weights.json' with { type: 'json' }

/** What a table looks like, whatever is in it. */
export type Look = {
  readonly rows: number
  /** Share of cells without a value. */
  readonly empty: number
  /** Share of rows that repeat another. */
  readonly repeated: number
  /** Whether all there is is the number 0. */
  readonly zero: boolean
  /** The place of the first reading that shows the same; its own where none before does. */
  readonly like: number
  /** It could not be run. */
  readonly failed?: boolean
}

/** How many readings are run, the one that is shown among them. */
export const LOOKED_AT = 4

/** What speaks for and against the reading at a place, by name. */
export function seenFeatures(odds: readonly number[], looks: readonly Look[], at: number): Record<string, number> {
  const own = looks[at]
  const before = odds[at]
  if (own === undefined || before === undefined) return {}
  let agreeing = 0
  let differing = 0
  for (const [index, look] of looks.slice(0, LOOKED_AT).entries()) {
    if (index === at) continue
    const chance = share(odds[index] ?? 0)
    if (look.like === own.like && look.failed !== true && own.failed !== true) agreeing += chance
    else differing += chance
  }
  return {
    one: 1,
    odds: before,
    certainty: Math.abs(before),
    none: own.rows === 0 ? 1 : 0,
    single: own.rows === 1 ? 1 : 0,
    many: Math.log1p(own.rows),
    empty: own.empty,
    repeated: own.repeated,
    zero: own.zero ? 1 : 0,
    agreeing,
    differing,
    contested: differing / (share(before) + agreeing + differing),
    alone: looks.length === 1 ? 1 : 0,
  }
}

/** The share of right answers among readings that look like this one, 0 to 1. */
export function seenTrust(odds: readonly number[], looks: readonly Look[], at: number): number {
  const features = seenFeatures(odds, looks, at)
  let sum = 0
  for (const [name, weight] of Object.entries(WEIGHTS)) sum += weight * (features[name] ?? 0)
  return Math.round(share(sum) * 1000) / 1000
}

/** Log-odds as a share. */
export function share(odds: number): number {
  return 1 / (1 + Math.exp(-odds))
}

/** A share as log-odds; certainty has an end. */
export function oddsOf(chance: number): number {
  const bounded = Math.min(0.995, Math.max(0.005, chance))
  return Math.log(bounded / (1 - bounded))
}
