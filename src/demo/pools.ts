// The people of a tenant who may give on a day, and what they give.
import type { Behaviour, People } from './people.ts'
import { at, type Random } from './random.ts'

/** The people who may give today, by behaviour; joining and leaving as the days go on. */
export type Pools = { lists: number[][]; place: Int32Array; nextJoin: number; leaving: Map<number, number[]> }

/** Pools before the first day. */
export function openPools(people: People): Pools {
  const leaving = new Map<number, number[]>()
  for (let i = 0; i < people.count; i++) {
    const day = at(people.stops, i)
    const list = leaving.get(day)
    if (list) list.push(i)
    else leaving.set(day, [i])
  }
  return { lists: [[], [], [], [], []], place: new Int32Array(people.count).fill(-1), nextJoin: 0, leaving }
}

/** Lets in who joined by `day` and out who stops on it. */
export function startDay(pools: Pools, people: People, day: number): void {
  while (pools.nextJoin < people.count && at(people.joined, pools.nextJoin) <= day) {
    const i = pools.nextJoin++
    const list = pools.lists[at(people.behaviour, i)]
    if (list && at(people.stops, i) > day) pools.place[i] = list.push(i) - 1
  }
  for (const i of pools.leaving.get(day) ?? []) {
    const place = at(pools.place, i)
    const list = pools.lists[at(people.behaviour, i)]
    const last = list?.pop()
    if (place < 0 || list === undefined || last === undefined) continue
    if (last !== i) {
      list[place] = last
      pools.place[last] = place
    }
    pools.place[i] = -1
  }
}

const smallGifts = [
  5, 10, 10, 15, 20, 20, 25, 25, 25, 25, 27, 30, 35, 50, 50, 50, 60, 75, 100, 100, 100, 150, 200,
] as const
const middleGifts = [250, 250, 300, 350, 400, 500, 500, 500, 600, 750, 1000, 1000, 1000, 1500, 2000, 2500] as const

/** The size of a gift in cents: mostly round dollars, a long tail of large ones among the Major. */
export function giftCents(random: Random, behaviour: Behaviour): number {
  if (behaviour === 'Major') {
    const dollars = random.pareto(4500, 1.5)
    const tamed = dollars <= 100_000 ? dollars : 100_000 + (dollars - 100_000) / 10
    return Math.ceil(tamed / 500) * 50_000
  }
  if (behaviour === 'Mid-level') {
    return random.chance(0.05) ? Math.floor(random.pareto(250, 2) * 100) : random.pick(middleGifts) * 100
  }
  if (random.chance(0.8)) return random.pick(smallGifts) * 100
  const dollars = Math.min(random.pareto(8, 1.5), 900)
  return random.chance(0.4) ? Math.floor(dollars * 100) : Math.ceil(dollars) * 100
}
