// Share of right answers by cost alone, for catalogs that people wrote: public questions know no metrics to learn from.
// In: a reading's cost and what it left unread. Out: 0 to 1.
// Refused: nothing. Catalogs as introspected are judged by trust.ts.
import type { Judged } from './trust.ts'

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

/** The confidence of a reading over a catalog that states metrics. */
export function byCost({ cost, unread }: Judged): number {
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
