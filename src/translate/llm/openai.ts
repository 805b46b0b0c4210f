// OpenAI and every server that speaks its Chat Completions.
// In: a request of the port. Out: the answer's JSON. What a compatible server does not know (strict schemas, effort,
// the newer name of the token limit) is left out from the next try on, and remembered as long as the port lives.
import OpenAI from 'openai'
import { type ApiProblem, failureOf, problemOf, stopSignal } from './failures.ts'
import { jsonFromText } from './json-text.ts'
import type { JsonSchema, LlmAnswer, LlmFailure, LlmPort, LlmRequest, LlmUsage } from './port.ts'
import { adaptSchema, openaiRules } from './schema.ts'

export type OpenaiOptions = {
  readonly apiKey: string
  /** Such as http://localhost:11434/v1; absent: OpenAI itself. */
  readonly baseUrl?: string
  readonly model: string
  /** How long reasoning models think; left out for servers that refuse the parameter. */
  readonly effort?: 'none' | 'low' | 'medium' | 'high'
  /** How requests are sent; absent: over the network. */
  readonly fetch?: typeof fetch
}

type Dialect = {
  format: 'json_schema' | 'json_object' | 'text'
  limit: 'max_completion_tokens' | 'max_tokens'
  effort: boolean
}

/** A port to one model; the client reads nothing from the environment and retries nothing by itself. */
export function openaiPort(options: OpenaiOptions): LlmPort {
  const client = new OpenAI({
    apiKey: options.apiKey,
    adminAPIKey: null,
    organization: null,
    project: null,
    baseURL: options.baseUrl ?? 'https://api.openai.com/v1',
    maxRetries: 0,
    ...(options.fetch !== undefined && { fetch: options.fetch }),
    logLevel: 'off',
  })
  const adapted = new WeakMap<JsonSchema, JsonSchema>()
  let dialect: Dialect = { format: 'json_schema', limit: 'max_completion_tokens', effort: options.effort !== undefined }

  return async function ask(request) {
    const schema = adapted.get(request.schema) ?? adaptSchema(request.schema, openaiRules)
    adapted.set(request.schema, schema)
    const stop = stopSignal(request.signal, request.timeoutMs)
    for (;;) {
      const tried = dialect
      try {
        const body = bodyOf(request, schema, options, tried)
        const completion = await client.chat.completions.create(body, {
          signal: stop.signal,
          timeout: Math.ceil(request.timeoutMs) + 1000,
        })
        return answerOf(completion)
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

function bodyOf(request: LlmRequest, schema: JsonSchema, options: OpenaiOptions, dialect: Dialect) {
  const body: OpenAI.ChatCompletionCreateParamsNonStreaming = {
    model: options.model,
    messages: [{ role: 'system', content: request.system.join('\n\n') }, ...request.messages],
    [dialect.limit]: request.maxOutputTokens,
  }
  if (dialect.effort && options.effort !== undefined) body.reasoning_effort = options.effort
  if (dialect.format === 'json_object') body.response_format = { type: 'json_object' }
  if (dialect.format === 'json_schema')
    body.response_format = {
      type: 'json_schema',
      json_schema: { name: request.schemaName, strict: true, schema },
    }
  return body
}

/** What to leave out after a refusal; undefined when the refusal is about something else. */
function simplerDialect(dialect: Dialect, problem: ApiProblem): Dialect | undefined {
  if (failureOf(problem).kind !== 'rejected' && problem.status !== 501) return undefined
  const { text } = problem
  if (dialect.effort && /reasoning/.test(text)) return { ...dialect, effort: false }
  if (dialect.limit === 'max_completion_tokens' && /max_completion_tokens/.test(text))
    return { ...dialect, limit: 'max_tokens' }
  if (dialect.format === 'text' || !/response_format|json_schema|json_object|schema|grammar|guided/.test(text))
    return undefined
  return { ...dialect, format: dialect.format === 'json_schema' ? 'json_object' : 'text' }
}

function answerOf(completion: OpenAI.ChatCompletion): LlmAnswer | LlmFailure {
  const usage = usageOf(completion.usage)
  const choice = completion.choices?.[0]
  if (choice === undefined) return { ok: false, kind: 'invalid_json', usage }
  const { message, finish_reason: stopReason } = choice
  const text = message.content ?? ''
  if (typeof message.refusal === 'string' && message.refusal !== '')
    return { ok: false, kind: 'refusal', usage, text: message.refusal }
  if (stopReason === 'content_filter') return { ok: false, kind: 'refusal', usage }
  const json = jsonFromText(text)
  if (json !== undefined) return { ok: true, json, text, usage, stopReason }
  return { ok: false, kind: stopReason === 'length' ? 'cut_off' : 'invalid_json', usage, text }
}

function usageOf(usage: OpenAI.CompletionUsage | undefined): LlmUsage {
  return {
    inputTokens: usage?.prompt_tokens ?? 0,
    outputTokens: usage?.completion_tokens ?? 0,
    cachedTokens: usage?.prompt_tokens_details?.cached_tokens ?? 0,
  }
}
