// What a noun, quality or value may stand for, and what that costs. In: candidates of any kind. Out: the likeliest of them.
// Refused: choosing; assign.ts weighs candidates against each other.

export type Candidate =
  | {
      readonly kind: 'entity'
      readonly entity: string
      readonly cost: number
      readonly relation?: string
      readonly via?: string
    }
  | {
      readonly kind: 'field'
      readonly entity: string
      readonly field: string
      readonly cost: number
      readonly value?: string
      /** "name" of a row that is known by several fields: all of them. */
      readonly names?: true
    }
  | { readonly kind: 'metric'; readonly entity: string; readonly metric: string; readonly cost: number }

export type Want =
  | 'any'
  | 'moment'
  | 'clock'
  | 'entity'
  | 'number'
  | 'ordered'
  | 'text'
  | 'time'
  | 'group'
  | 'owner'
  | 'count'
  /** A number of them is compared: "more than 5 gifts". */
  | 'counted'
  | 'select'

const MAX_CANDIDATES = 14

/** The cheapest of each candidate, as many as are worth weighing. */
export function prune(found: readonly Candidate[], away: (entity: string) => number = () => 0): Candidate[] {
  const best = new Map<string, Candidate>()
  for (const one of found) {
    const key =
      one.kind === 'entity'
        ? `e ${one.entity} ${one.relation ?? ''}`
        : one.kind === 'field'
          ? `f ${one.entity} ${one.field} ${one.value ?? ''} ${one.names ?? ''}`
          : `m ${one.entity} ${one.metric}`
    const before = best.get(key)
    if (before === undefined || before.cost > one.cost) best.set(key, one)
  }
  const rank = (one: Candidate) => one.cost + 0.6 * Math.min(4, away(one.entity))
  return [...best.values()]
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, MAX_CANDIDATES)
    .sort((a, b) => a.cost - b.cost)
}

/** The candidates that are cheap and near what the prompt names; in a large catalog most are neither. */
export function nearest(found: readonly Candidate[], away: (entity: string) => number, max: number): Candidate[] {
  const rank = (one: Candidate) => one.cost + 0.6 * Math.min(4, away(one.entity))
  return [...found]
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, max)
    .sort((a, b) => a.cost - b.cost)
}
