// How often readings like this one are right, learnt from public questions with known answers (train split only).
import type { Ranked } from './best.ts'

/** Share of right answers by raw score, measured on 5,166 questions over 120 databases; steps are joined by straight lines. */
const learnt: readonly (readonly [raw: number, share: number])[] = [
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

/** The confidence of the best reading, 0 to 1. */
export function calibrated({ confidence, unread }: Pick<Ranked, 'confidence' | 'unread'>): number {
  const raw = Math.min(1, Math.max(0, confidence))
  const above = learnt.findIndex(([at]) => at >= raw)
  const [x1, y1] = learnt[Math.max(0, above - 1)] ?? [0, 0]
  const [x2, y2] = learnt[Math.max(0, above)] ?? [1, 1]
  const share = x2 === x1 ? y2 : y1 + ((raw - x1) / (x2 - x1)) * (y2 - y1)
  // A word that nothing understood is worth a doubt of its own.
  return Math.round(share * 0.85 ** unread.length * 1000) / 1000
}
