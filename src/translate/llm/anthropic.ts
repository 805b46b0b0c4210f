// Anthropic's Messages API.
// In: a request of the port. Out: the answer's JSON. No sampling parameters, prefill or forced tools: current models
// refuse them. The shape comes from `output_config.format`; where a model or gateway refuses that, the same question
// is asked without it, and that is remembered as long as the port lives.
import Anthropic from '@anthropic-ai/sdk'
import { type ApiProblem, failureOf, problemOf, stopSignal } from './failures.ts'
import { jsonFromText } from './json-text.ts'
import type { JsonSchema, LlmAnswer, LlmFailure, LlmPort, LlmRequest, LlmUsage } from './port.ts'
import { adaptSchema, anthropicRules } from './schema.ts'

export type AnthropicOptions = {
  readonly apiKey: string
  readonly baseUrl?: string
  readonly model: string
  readonly effort?: 'low' | 'medium' | 'high'
  /** How requests are sent; absent: over the network. */
  readonly fetch?: typeof fetch
}

type Dialect = { format: boolean; effort: boolean }

/** A port to one model; the client reads nothing from the environment and retries nothing by itself. */
export function anthropicPort(options: AnthropicOptions): LlmPort {
  const client = new Anthropic({
    apiKey: options.apiKey,
    baseURL: options.baseUrl ?? 'https://api.anthropic.com',
    webhookKey: null,
    maxRetries: 0,
    ...(options.fetch !== undefined && { fetch: options.fetch }),
    logLevel: 'off',
    openTelemetry: false,
  })
  const adapted = new WeakMap<JsonSchema, JsonSchema>()
  let dialect: Dialect = { format: true, effort: options.effort !== undefined }

  return async function ask(request) {
    const schema = adapted.get(request.schema) ?? adaptSchema(request.schema, anthropicRules)
    adapted.set(request.schema, schema)
    const stop = stopSignal(request.signal, request.timeoutMs)
    for (;;) {
      const tried = dialect
      try {
        const body = bodyOf(request, schema, options, tried)
        const message = await client.messages.create(body, {
          signal: stop.signal,
          timeout: Math.ceil(request.timeoutMs) + 1000,
        })
        return answerOf(message)
      } catch (error) {
        const stopped = stop.stopped()
        if (stopped !== undefined) return stopped
        const problem = problemOf(error)
        const simpler = simplerDialect(tried, problem)
        if (simpler === undefined) return failureOf(problem)
        dialect = simpler
      }
    }
  }
}

/** The API takes at most this many places up to which a prompt is cached. */
const MAX_CACHE_PLACES = 4

function bodyOf(request: LlmRequest, schema: JsonSchema, options: AnthropicOptions, dialect: Dialect) {
  const body: Anthropic.MessageCreateParamsNonStreaming = {
    model: options.model,
    max_tokens: request.maxOutputTokens,
    system: request.system.map((text, index) => ({
      type: 'text',
      text,
      ...(index < MAX_CACHE_PLACES ? { cache_control: { type: 'ephemeral' } } : {}),
    })),
    messages: request.messages.map(({ role, content }) => ({ role, content })),
  }
  const format = dialect.format ? { format: { type: 'json_schema' as const, schema } } : {}
  const effort = dialect.effort && options.effort !== undefined ? { effort: options.effort } : {}
  if (dialect.format || dialect.effort) body.output_config = { ...format, ...effort }
  return body
}

/** What to leave out after a refusal; undefined when the refusal is about something else. */
function simplerDialect(dialect: Dialect, problem: ApiProblem): Dialect | undefined {
  if (failureOf(problem).kind !== 'rejected') return undefined
  if (dialect.effort && /\beffort\b/.test(problem.text)) return { ...dialect, effort: false }
  if (!/output_config|output_format|schema|grammar|structured output/.test(problem.text)) return undefined
  if (dialect.format) return { ...dialect, format: false }
  return dialect.effort ? { ...dialect, effort: false } : undefined
}

function answerOf(message: Anthropic.Message): LlmAnswer | LlmFailure {
  const usage = usageOf(message.usage)
  const stopReason = message.stop_reason ?? 'end_turn'
  const text = (message.content ?? [])
    .filter((block) => block.type === 'text')
    .map((block) => block.text)
    .join('')
  if (stopReason === 'refusal') return { ok: false, kind: 'refusal', usage, text }
  if (stopReason === 'model_context_window_exceeded') return { ok: false, kind: 'too_long', usage }
  const json = jsonFromText(text)
  if (json !== undefined) return { ok: true, json, text, usage, stopReason }
  return { ok: false, kind: stopReason === 'max_tokens' ? 'cut_off' : 'invalid_json', usage, text }
}

/** Input tokens are counted apart by the vendor: read from the cache, written to it, neither. */
function usageOf(usage: Anthropic.Usage | undefined): LlmUsage {
  const cachedTokens = usage?.cache_read_input_tokens ?? 0
  return {
    inputTokens: (usage?.input_tokens ?? 0) + cachedTokens + (usage?.cache_creation_input_tokens ?? 0),
    outputTokens: usage?.output_tokens ?? 0,
    cachedTokens,
  }
}
