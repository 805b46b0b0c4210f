// Seeded random choices; the same seed gives the same choices for ever.
export type Random = {
  /** A whole number from low to high, both included. */
  readonly int: (low: number, high: number) => number
  readonly chance: (probability: number) => boolean
  /** One of the items; fails on an empty list. */
  readonly pick: <T>(items: readonly T[]) => T
  /** One of the values, each as likely as its weight; all weights 0 fails. */
  readonly weighted: <T>(options: readonly (readonly [weight: number, value: T])[]) => T
  /** Up to `count` different items in random order. */
  readonly sample: <T>(items: readonly T[], count: number) => T[]
}

export function makeRandom(seed: number): Random {
  let state = (seed ^ 0x9e3779b9) >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  for (let warm = 0; warm < 3; warm += 1) next()
  const int = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  const pick = <T>(items: readonly T[]): T => {
    const item = items[int(0, items.length - 1)]
    if (item === undefined) throw new Error('nothing to pick from')
    return item
  }
  return {
    int,
    chance: (probability) => next() < probability,
    pick,
    weighted: (options) => {
      let left = next() * options.reduce((total, [weight]) => total + weight, 0)
      for (const [weight, value] of options) {
        left -= weight
        if (left < 0) return value
      }
      throw new Error('nothing to pick from')
    },
    sample: (items, count) => {
      const rest = [...items]
      const taken = []
      while (rest.length > 0 && taken.length < count) taken.push(...rest.splice(int(0, rest.length - 1), 1))
      return taken
    },
  }
}
