// A vendor SDK's error → a failure as data. The error's message is read here and goes no further: it may quote the prompt.
import type { LlmFailure, LlmFailureKind } from './port.ts'

/** What both vendors' SDKs put on an error of the API, seen without their classes. */
export type ApiProblem = {
  readonly status: number | undefined
  /** The vendor's own name for it, such as "rate_limit_exceeded" or "overloaded_error". */
  readonly code: string
  /** Lower-case text of the answer's body, for telling one 400 from another. */
  readonly text: string
  readonly retryAfterMs: number | undefined
}

/** Reads an SDK's error; everything missing is empty. */
export function problemOf(error: unknown): ApiProblem {
  const { status, headers, error: body, message } = recordOf(error)
  const inner = recordOf(recordOf(body).error ?? body)
  const named = [inner.code, recordOf(error).code, inner.type].find((one) => typeof one === 'string' && one !== '')
  const said = [inner.message, inner.param, named, message].filter((one) => typeof one === 'string')
  return {
    status: typeof status === 'number' ? status : undefined,
    code: typeof named === 'string' && /^[a-z0-9_.-]{1,60}$/i.test(named) ? named : '',
    text: said.join(' ').toLowerCase(),
    retryAfterMs: retryAfter(headers),
  }
}

/** The kind of failure that an HTTP answer stands for. */
export function failureOf(problem: ApiProblem): LlmFailure {
  const kind = kindOf(problem)
  return {
    ok: false,
    kind,
    ...(problem.status === undefined ? {} : { status: problem.status }),
    ...(problem.code === '' ? {} : { code: problem.code }),
    ...(problem.retryAfterMs === undefined ? {} : { retryAfterMs: problem.retryAfterMs }),
  }
}

function kindOf({ status, code, text }: ApiProblem): LlmFailureKind {
  if (/insufficient_quota|billing|credit balance|spend_limit/.test(`${code} ${text}`) || status === 402) return 'quota'
  if (status === undefined) return 'network'
  if (status === 429) return 'rate_limited'
  if (status === 401 || status === 403) return 'auth'
  if (status === 408 || status === 409 || status >= 500) return 'server'
  const tooLong = /context_length|context window|context length|maximum context|prompt is too long|too many tokens/
  if (status === 413 || tooLong.test(`${code} ${text}`)) return 'too_long'
  return 'rejected'
}

/** Milliseconds from `retry-after-ms` or `retry-after` (seconds, or a date by the server's own clock). */
function retryAfter(headers: unknown): number | undefined {
  if (!(headers instanceof Headers)) return undefined
  const exact = Number.parseFloat(headers.get('retry-after-ms') ?? '')
  if (Number.isFinite(exact) && exact >= 0) return exact
  const given = headers.get('retry-after')
  if (given === null) return undefined
  const seconds = Number(given)
  if (Number.isFinite(seconds)) return seconds >= 0 ? seconds * 1000 : undefined
  const wait = Date.parse(given) - Date.parse(headers.get('date') ?? '')
  return Number.isFinite(wait) && wait >= 0 ? wait : undefined
}

export function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

/** One signal for the caller's wish to stop and for the time limit, and which of the two it was. */
export function stopSignal(signal: AbortSignal | undefined, timeoutMs: number) {
  const timer = AbortSignal.timeout(Math.ceil(timeoutMs))
  return {
    signal: signal === undefined ? timer : AbortSignal.any([signal, timer]),
    /** The failure when the signal fired, else undefined. */
    stopped(): LlmFailure | undefined {
      if (signal?.aborted === true) return { ok: false, kind: 'aborted' }
      return timer.aborted ? { ok: false, kind: 'timeout' } : undefined
    },
  }
}
