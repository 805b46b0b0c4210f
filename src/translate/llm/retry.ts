// Asking again after a passing fault. In: a port and a request. Out: its answer, or the last failure.
// Refused: waiting longer than the time that is left, or after the asker went away.
import { isTransient, type LlmAnswer, type LlmFailure, type LlmPort, type LlmRequest } from './port.ts'

export type RetryOptions = {
  /** Tries after the first one. */
  readonly maxRetries: number
  /** First wait; it doubles each time, and a random half of it is added. */
  readonly baseMs: number
  /** Resolves after the time, or at once when the signal fires. */
  readonly sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void>
  /** 0 to 1. */
  readonly random: () => number
  /** Milliseconds of a clock that only goes forward. */
  readonly nowMs: () => number
}

/** Asks until there is an answer, the fault is lasting, or the request's own time would be over. */
export async function askWithRetries(
  port: LlmPort,
  request: LlmRequest,
  options: RetryOptions,
): Promise<(LlmAnswer | LlmFailure) & { tries: number }> {
  const deadline = options.nowMs() + request.timeoutMs
  for (let tries = 1; ; tries += 1) {
    const left = deadline - options.nowMs()
    const result = await port({ ...request, timeoutMs: Math.max(1, left) })
    if (result.ok || !isTransient(result) || tries > options.maxRetries) return { ...result, tries }
    const waitMs = result.retryAfterMs ?? options.baseMs * 2 ** (tries - 1) * (1 + options.random() / 2)
    if (options.nowMs() + waitMs >= deadline) return { ...result, tries }
    await options.sleep(waitMs, request.signal)
    if (request.signal?.aborted === true) return { ok: false, kind: 'aborted', tries }
  }
}

/** A real wait; ends early without an error when the signal fires. */
export function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve()
    const end = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal?.addEventListener('abort', end)
  })
}
