// Reading with doubts: a reader is written as if it always knew, and asks `pick` where it does not.
// In: a reader and how many readings are wanted. Out: the cheapest readings, each run from the start with other picks.
// Refused: random order; the same reader gives the same readings.

/** Chooses between options; each costs something, the cheapest is taken first and the others are tried later. */
export type Pick = <T>(name: string, options: readonly (readonly [cost: number, value: T])[]) => T

export type Reading<R> = { readonly result: R; readonly cost: number; readonly picks: readonly string[] }

type Trail = { readonly choices: readonly number[]; readonly cost: number }

/** Runs the reader with the cheapest combinations of picks, at most `maxReadings` of them, cheapest first; `maxCost` above the first is the end. */
export function readings<R>(read: (pick: Pick) => R, options: { maxReadings: number; maxCost: number }): Reading<R>[] {
  const waiting: Trail[] = [{ choices: [], cost: 0 }]
  const done: Reading<R>[] = []
  while (waiting.length > 0 && done.length < options.maxReadings) {
    const trail = takeCheapest(waiting)
    if (trail === undefined || trail.cost > options.maxCost) break
    const made: { name: string; index: number; costs: readonly number[] }[] = []
    const pick: Pick = (name, choices) => {
      const ranked = choices
        .map((choice, index) => ({ choice, index }))
        .sort((a, b) => a.choice[0] - b.choice[0] || a.index - b.index)
      const index = Math.min(trail.choices[made.length] ?? 0, ranked.length - 1)
      const costs = ranked.map((one) => one.choice[0])
      made.push({ name, index, costs })
      const chosen = ranked[index]
      if (chosen === undefined) throw new Error(`pick "${name}" has no options`)
      return chosen.choice[1]
    }
    const result = read(pick)
    done.push({ result, cost: trail.cost, picks: made.map((one) => `${one.name}:${one.index}`) })
    // Each reading differs from its parent in one later pick, so no combination is tried twice.
    for (let at = trail.choices.length; at < made.length; at += 1) {
      const one = made[at]
      if (one === undefined) continue
      for (let index = 1; index < one.costs.length; index += 1) {
        const extra = (one.costs[index] ?? 0) - (one.costs[0] ?? 0)
        if (trail.cost + extra > options.maxCost) break
        waiting.push({ choices: [...made.slice(0, at).map((before) => before.index), index], cost: trail.cost + extra })
      }
    }
  }
  return done
}

function takeCheapest(waiting: Trail[]): Trail | undefined {
  let best = 0
  for (let index = 1; index < waiting.length; index += 1)
    if ((waiting[index]?.cost ?? 0) < (waiting[best]?.cost ?? 0)) best = index
  return waiting.splice(best, 1)[0]
}
