// A server that answers like OpenAI's Chat Completions, refusing what the vendor (or a lesser server) refuses.
import {
  type Behaviour,
  isObject,
  type Json,
  type Loopback,
  type Problem,
  type Script,
  startLoopback,
  tokens,
} from './loopback-http.ts'
import { accepts, conform, openaiProblems } from './strict-schema.ts'

export const OPENAI_KEY = 'sk-loopback-openai'

export type OpenaiLoopbackOptions = {
  /** full: OpenAI itself. json_mode: knows no schemas. plain: knows no response_format at all; both know no newer parameters. */
  readonly server?: 'full' | 'json_mode' | 'plain'
}

const KNOWN = ['model', 'messages', 'max_completion_tokens', 'max_tokens', 'response_format', 'reasoning_effort']

export function startOpenaiLoopback(
  script: Script,
  { server = 'full' }: OpenaiLoopbackOptions = {},
): Promise<Loopback> {
  return startLoopback(
    {
      check: ({ path, headers, body }) => {
        if (path !== '/v1/chat/completions') return { status: 404, code: 'unknown_url', message: `Unknown URL ${path}` }
        if (headers.authorization !== `Bearer ${OPENAI_KEY}`)
          return { status: 401, code: 'invalid_api_key', message: `Incorrect API key: ${headers.authorization}` }
        return badBody(body) ?? (server === 'full' ? badStrict(body) : badForLesser(body, server))
      },
      errorBody: ({ code, message }) => ({ error: { message, type: 'invalid_request_error', param: null, code } }),
      success,
    },
    script,
  )
}

const bad = (message: string, code = 'invalid_value'): Problem => ({ status: 400, code, message })

function badBody(body: Json): Problem | undefined {
  const unknown = Object.keys(body).find((key) => !KNOWN.includes(key))
  if (unknown !== undefined) return bad(`Unrecognized request argument supplied: ${unknown}`, 'unknown_parameter')
  if (typeof body.model !== 'string' || body.model === '') return bad('you must provide a model parameter')
  if (body.model === 'no-such-model')
    return { status: 404, code: 'model_not_found', message: 'The model does not exist' }
  if (!Array.isArray(body.messages) || body.messages.length === 0) return bad("'messages' must not be empty")
  for (const message of body.messages) {
    if (!isObject(message) || !['system', 'user', 'assistant'].includes(String(message.role)))
      return bad('messages: unknown role')
    if (typeof message.content !== 'string' || message.content === '') return bad('messages: content must not be empty')
  }
  return undefined
}

function badStrict(body: Json): Problem | undefined {
  if (body.max_tokens !== undefined)
    return bad("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.", 'unsupported_parameter')
  if (!Number.isInteger(body.max_completion_tokens)) return bad('max_completion_tokens must be an integer')
  const format = body.response_format
  if (!isObject(format)) return undefined
  if (format.type === 'json_object')
    return JSON.stringify(body.messages).includes('JSON') ? undefined : bad("'messages' must contain the word 'json'")
  const given = format.json_schema
  if (!isObject(given) || !/^[A-Za-z0-9_-]{1,64}$/.test(String(given.name)) || given.strict !== true)
    return bad('response_format.json_schema: name and strict are needed')
  const problems = openaiProblems(given.schema)
  return problems.length === 0 ? undefined : bad(`Invalid schema for response_format: ${problems.join('; ')}`)
}

function badForLesser(body: Json, server: 'json_mode' | 'plain'): Problem | undefined {
  if (body.reasoning_effort !== undefined) return bad('Unsupported parameter: reasoning_effort')
  if (body.max_completion_tokens !== undefined) return bad('max_completion_tokens: extra fields not permitted')
  const format = isObject(body.response_format) ? body.response_format.type : undefined
  if (format === 'json_schema') return bad('response_format: json_schema is not supported by this backend')
  if (format === 'json_object' && server === 'plain') return bad('response_format is not supported')
  return undefined
}

function success(behaviour: Behaviour, request: Json, earlier: readonly Json[]): Json {
  const schema = strictSchema(request)
  const content = textOf(behaviour, schema)
  const prompt = JSON.stringify(request.messages)
  const cached = Math.max(0, ...earlier.map((one) => commonPrefix(JSON.stringify(one.messages), prompt)))
  const refused = behaviour.do === 'refuse'
  return {
    id: 'chatcmpl-loopback',
    object: 'chat.completion',
    created: 0,
    model: request.model,
    choices: [
      {
        index: 0,
        finish_reason: behaviour.do === 'cut off' ? 'length' : 'stop',
        logprobs: null,
        message: { role: 'assistant', content: refused ? null : content, refusal: refused ? behaviour.text : null },
      },
    ],
    usage: {
      prompt_tokens: tokens(prompt),
      completion_tokens: tokens(content),
      total_tokens: tokens(prompt) + tokens(content),
      prompt_tokens_details: { cached_tokens: Math.floor(cached / 4 / 128) * 128 },
    },
  }
}

function strictSchema(request: Json): unknown {
  const format = request.response_format
  return isObject(format) && isObject(format.json_schema) ? format.json_schema.schema : undefined
}

function textOf(behaviour: Behaviour, schema: unknown): string {
  if (behaviour.do !== 'answer') return 'text' in behaviour ? behaviour.text : ''
  if (schema === undefined) return JSON.stringify(behaviour.json)
  const written = conform(schema, behaviour.json)
  if (!accepts(schema, written)) throw new Error('the script answers what the schema does not allow')
  return JSON.stringify(written)
}

function commonPrefix(a: string, b: string): number {
  let length = 0
  while (length < a.length && a[length] === b[length]) length += 1
  return length
}
