// Reproducible randomness: the same seed text gives the same numbers on every machine and in every year.

/** A source of numbers; every table draws from its own, so that one table's change leaves the others as they were. */
export type Random = {
  /** A number from 0 (included) to 1 (excluded). */
  next: () => number
  /** A whole number from `min` to `max`, both included. */
  int: (min: number, max: number) => number
  /** True with probability `p`. */
  chance: (p: number) => boolean
  pick: <T>(list: readonly T[]) => T
  /** An index of `weights`, as likely as its weight. */
  weighted: (weights: readonly number[]) => number
  /** A heavy-tailed number of at least `least`: the smaller `alpha`, the heavier the tail. */
  pareto: (least: number, alpha: number) => number
}

/** The element at `index`; an index outside the list is a mistake of ours, hence a bare error. */
export function at<T>(list: ArrayLike<T>, index: number): T {
  const value = list[index]
  if (value === undefined) throw new Error(`index ${index} outside a list of ${list.length}`)
  return value
}

/** Makes a source of numbers from a text (FNV-1a into four words, then sfc32). */
export function createRandom(seed: string): Random {
  let hash = 0x811c9dc5
  const word = (salt: number): number => {
    for (let i = 0; i < seed.length; i++) hash = Math.imul(hash ^ seed.charCodeAt(i) ^ salt, 0x01000193)
    return hash >>> 0
  }
  let a = word(1)
  let b = word(2)
  let c = word(3)
  let counter = word(4)
  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + t) | 0
    return (t >>> 0) / 4294967296
  }
  for (let i = 0; i < 15; i++) next()

  return {
    next,
    int: (min, max) => min + Math.floor(next() * (max - min + 1)),
    chance: (p) => next() < p,
    pick: (list) => at(list, Math.floor(next() * list.length)),
    weighted: (weights) => {
      let total = 0
      for (const weight of weights) total += weight
      let rest = next() * total
      for (let i = 0; i < weights.length; i++) {
        rest -= at(weights, i)
        if (rest < 0) return i
      }
      return weights.length - 1
    },
    pareto: (least, alpha) => least / (1 - next()) ** (1 / alpha),
  }
}
