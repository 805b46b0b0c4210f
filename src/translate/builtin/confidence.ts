// How often readings like this one are right, learnt from public questions with known answers (train split only).
// In: the ranked readings of one prompt. Out: the share of right answers among such readings, 0 to 1.
// Refused: anything that depends on one catalog; only general features count.
import { BIAS, WEIGHTS } from './confidence-weights.ts'

/** What is known of a reading when it is trusted: its cost and its features. */
export type Judged = {
  readonly cost: number
  readonly features: Readonly<Record<string, number>>
  readonly unread: readonly string[]
}

/** Readings beyond these say nothing more about how sure the first is. */
const MAX_RIVALS = 8
const MAX_FEATURE = 6

/** Share of right answers by cost alone, for catalogs that people wrote: public questions know no metrics to learn from. */
const BY_COST: readonly (readonly [raw: number, share: number])[] = [
  [0, 0.1],
  [0.5, 0.4],
  [0.6, 0.5],
  [0.7, 0.58],
  [0.8, 0.66],
  [0.9, 0.72],
  [0.95, 0.79],
  [0.98, 0.86],
  [1, 0.9],
]

function byCost({ cost, unread }: Judged): number {
  const raw = Math.min(1, Math.max(0, 1 - cost / 8))
  const above = Math.max(
    1,
    BY_COST.findIndex(([at]) => at >= raw),
  )
  const [x1, y1] = BY_COST[above - 1] ?? [0, 0]
  const [x2, y2] = BY_COST[above] ?? [1, 1]
  const share = y1 + ((raw - x1) / (x2 - x1)) * (y2 - y1)
  // A word that nothing understood is worth a doubt of its own.
  return Math.round(share * 0.85 ** unread.length * 1000) / 1000
}

/** The confidence of the first of several readings, cheapest first; 0 for none. `curated`: the catalog states metrics. */
export function confidenceOf(readings: readonly Judged[], curated = false): number {
  const [top, second] = readings
  if (top === undefined) return 0
  if (curated) return byCost(top)
  const clamp = (value: number) => Math.max(-MAX_FEATURE, Math.min(MAX_FEATURE, value))
  const gap = second === undefined ? 4 : Math.min(4, second.cost - top.cost)
  const own: Record<string, number> = {
    total: top.cost,
    'top.gap': gap / 4,
    'top.gap.tiny': gap < 0.15 ? 1 : 0,
    'top.gap.small': gap < 0.5 ? 1 : 0,
    'top.rivals': Math.min(readings.length, MAX_RIVALS) / MAX_RIVALS,
    'top.cost': Math.min(top.cost, MAX_FEATURE),
    'top.cost.root': Math.sqrt(Math.max(top.cost, 0)),
    'top.cost.low': top.cost < 0.3 ? 1 : 0,
    'top.cost.high': top.cost > 2 ? 1 : 0,
    'top.cost.some': top.cost > 1 ? 1 : 0,
  }
  let sum = BIAS
  for (const [name, weight] of Object.entries(WEIGHTS)) sum += weight * (own[name] ?? clamp(top.features[name] ?? 0))
  return Math.round((1 / (1 + Math.exp(-sum))) * 1000) / 1000
}
