// A circuit breaker: a vendor that failed several times in a row is left alone for a while.
import type { ModelTranslator, Unavailable } from './types.ts'

export type BreakerOptions = {
  /** Failures in a row that open it (default 4). */
  readonly failures?: number
  /** How long it stays open (default 30,000). */
  readonly openMs?: number
  /** Milliseconds of a clock that only goes forward. */
  readonly nowMs: () => number
}

/** The same translator; while open it answers at once that it is not available, then lets one question through as a test. */
export function withBreaker(translator: ModelTranslator, options: BreakerOptions): ModelTranslator {
  const { failures = 4, openMs = 30_000, nowMs } = options
  let inARow = 0
  let openUntil = 0
  let last: Unavailable | undefined

  return async function guarded(input) {
    if (last !== undefined && inARow >= failures) {
      if (nowMs() < openUntil)
        return { kind: 'unavailable', translator: last.translator, reason: last.reason, vendorFault: true }
      // One question tests the vendor; the others keep off until it is answered.
      openUntil = nowMs() + openMs
    }
    const result = await translator(input)
    if (result.kind !== 'unavailable') {
      inARow = 0
    } else if (result.vendorFault) {
      inARow += 1
      last = result
      openUntil = nowMs() + openMs
    }
    return result
  }
}
