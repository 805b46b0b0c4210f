// How often somebody may ask. In: a name and a limit. Out: yes, or how long to wait. Kept in this process:
// with several servers each of them counts for itself.
import { UserError } from '../errors.ts'

export type Limit = { readonly perMinute: number; readonly burst: number }
export type Allowance = { readonly remaining: number; readonly waitMs: number }
export type RateLimiter = (key: string, limit: Limit) => Allowance

type Bucket = { tokens: number; at: number }
const MAX_BUCKETS = 50_000

/** A token bucket for each name; the ones longest unused are forgotten, which only ever forgives. */
export function rateLimiter(nowMs: () => number = () => performance.now()): RateLimiter {
  const buckets = new Map<string, Bucket>()
  return (key, { perMinute, burst }) => {
    const now = nowMs()
    const bucket = buckets.get(key) ?? { tokens: burst, at: now }
    const tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) * perMinute) / 60_000)
    const allowed = tokens >= 1
    buckets.delete(key)
    buckets.set(key, { tokens: allowed ? tokens - 1 : tokens, at: now })
    if (buckets.size > MAX_BUCKETS) {
      const [oldest] = buckets.keys()
      if (oldest !== undefined) buckets.delete(oldest)
    }
    if (allowed) return { remaining: Math.floor(tokens - 1), waitMs: 0 }
    return { remaining: 0, waitMs: Math.ceil(((1 - tokens) * 60_000) / perMinute) }
  }
}

/** The error for a refused request; the header says the same. */
export function tooMany(waitMs: number): UserError {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000))
  const wait = seconds === 1 ? 'wait a second' : `wait ${seconds} seconds`
  return new UserError('rate_limited', 'Cannot answer so many requests at once', { fix: `${wait}, then try again` })
}
