// The small port that every language model vendor is reached through.
// In: instructions, messages, a JSON Schema. Out: the JSON the model wrote and what it cost, or a failure as data.
// Refused: nothing is thrown; a failure names its kind and never holds a key, a prompt or a vendor's raw error text.

export type JsonSchema = { readonly [keyword: string]: unknown }

export type LlmMessage = { readonly role: 'user' | 'assistant'; readonly content: string }

export type LlmRequest = {
  /** Parts of the system prompt, the most stable first: every end of a part is a place up to which a vendor may cache. */
  readonly system: readonly string[]
  readonly messages: readonly LlmMessage[]
  /** The answer's shape in plain JSON Schema; each adapter rewrites it for its vendor's strict mode. */
  readonly schema: JsonSchema
  /** Letters, digits, `_` and `-`, at most 64. */
  readonly schemaName: string
  /** Everything the model writes, its thinking included. */
  readonly maxOutputTokens: number
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}

export type LlmUsage = { readonly inputTokens: number; readonly outputTokens: number; readonly cachedTokens: number }

export type LlmAnswer = {
  readonly ok: true
  readonly json: unknown
  /** The text the JSON was read from, to be shown to the model again when it has to repair it. */
  readonly text: string
  readonly usage: LlmUsage
  readonly stopReason: string
}

export type LlmFailureKind =
  | 'rate_limited'
  | 'quota'
  | 'server'
  | 'timeout'
  | 'network'
  | 'auth'
  | 'aborted'
  | 'refusal'
  | 'cut_off'
  | 'invalid_json'
  | 'too_long'
  | 'rejected'

export type LlmFailure = {
  readonly ok: false
  readonly kind: LlmFailureKind
  /** What the vendor asked to wait before the next try. */
  readonly retryAfterMs?: number
  readonly status?: number
  /** The vendor's own code such as "model_not_found": short, from a fixed alphabet, safe to log. */
  readonly code?: string
  /** What was paid for all the same. */
  readonly usage?: LlmUsage
  /** The text the model did write (invalid_json, refusal); for the repair prompt only, never for a log. */
  readonly text?: string
}

/** Asks a model once; resolves to a failure instead of throwing. */
export type LlmPort = (request: LlmRequest) => Promise<LlmAnswer | LlmFailure>

const WORDS: Record<LlmFailureKind, string> = {
  rate_limited: 'rate limited',
  quota: 'the account has no credit left',
  server: 'its server had an error',
  timeout: 'it took too long',
  network: 'it could not be reached',
  auth: 'the key was not accepted',
  aborted: 'the request was cancelled',
  refusal: 'it declined',
  cut_off: 'its answer was cut off',
  invalid_json: 'its answer was not readable',
  too_long: 'the request was too long for it',
  rejected: 'it did not accept the request',
}

/** A failure in a few words for a person: "rate limited". */
export function failureWords(failure: LlmFailure): string {
  return WORDS[failure.kind]
}

/** Whether the same request may succeed a moment later. */
export function isTransient(failure: LlmFailure): boolean {
  return failure.kind === 'rate_limited' || failure.kind === 'server' || failure.kind === 'network'
}

/** Whether the failure says something about the vendor's state (and not about this one request). */
export function isVendorFault(failure: LlmFailure): boolean {
  return isTransient(failure) || failure.kind === 'timeout' || failure.kind === 'quota' || failure.kind === 'auth'
}
