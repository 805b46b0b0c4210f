// A server that answers like Anthropic's Messages API, refusing what the vendor refuses.
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
import { accepts, anthropicProblems, conform } from './strict-schema.ts'

export const ANTHROPIC_KEY = 'sk-ant-loopback'

export type AnthropicLoopbackOptions = {
  /** full: the vendor with a current model. no_format: an older model or gateway without output_config. */
  readonly server?: 'full' | 'no_format' | 'grammar_too_large'
}

const KNOWN = ['model', 'max_tokens', 'system', 'messages', 'output_config']

export function startAnthropicLoopback(
  script: Script,
  { server = 'full' }: AnthropicLoopbackOptions = {},
): Promise<Loopback> {
  return startLoopback(
    {
      check: ({ path, headers, body }) => {
        if (path !== '/v1/messages') return { status: 404, code: 'not_found_error', message: `Not found: ${path}` }
        // The SDK sends the key as a bearer token, plain HTTP clients as x-api-key.
        const key = headers['x-api-key'] ?? headers.authorization?.replace(/^Bearer /, '')
        if (key !== ANTHROPIC_KEY) return { status: 401, code: 'authentication_error', message: `invalid key ${key}` }
        if (!/^20\d\d-\d\d-\d\d$/.test(String(headers['anthropic-version'])))
          return bad('anthropic-version: header is required')
        return badBody(body) ?? badOutput(body, server)
      },
      errorBody: ({ code, message }) => ({ type: 'error', error: { type: code, message }, request_id: 'req_loopback' }),
      success,
    },
    script,
  )
}

const bad = (message: string): Problem => ({ status: 400, code: 'invalid_request_error', message })

function badBody(body: Json): Problem | undefined {
  const unknown = Object.keys(body).find((key) => !KNOWN.includes(key))
  if (unknown !== undefined) return bad(`${unknown}: Extra inputs are not permitted`)
  if (typeof body.model !== 'string') return bad('model: Field required')
  if (body.model === 'no-such-model') return { status: 404, code: 'not_found_error', message: 'model: no-such-model' }
  if (!Number.isInteger(body.max_tokens)) return bad('max_tokens: Field required')
  return badSystem(body.system) ?? badMessages(body.messages)
}

function badSystem(system: unknown): Problem | undefined {
  if (!Array.isArray(system)) return bad('system: list of blocks expected')
  if (system.some((block) => !isObject(block) || block.type !== 'text' || block.text === ''))
    return bad('system: text content blocks must be non-empty')
  const places = system.filter((block) => isObject(block) && block.cache_control !== undefined)
  return places.length > 4 ? bad('A maximum of 4 blocks with cache_control may be provided') : undefined
}

function badMessages(messages: unknown): Problem | undefined {
  if (!Array.isArray(messages) || messages.length === 0) return bad('messages: at least one message is required')
  if (messages.some((one) => !isObject(one) || !['user', 'assistant'].includes(String(one.role))))
    return bad('messages: Unexpected role')
  if (messages.some((one) => isObject(one) && one.content === '')) return bad('messages: content must be non-empty')
  const last = messages.at(-1)
  if (isObject(last) && last.role !== 'user') return bad('This model does not support assistant message prefill')
  return undefined
}

function badOutput(body: Json, server: 'full' | 'no_format' | 'grammar_too_large'): Problem | undefined {
  const output = body.output_config
  if (output === undefined) return undefined
  if (server === 'no_format') return bad('output_config: Extra inputs are not permitted')
  if (!isObject(output)) return bad('output_config: Input should be an object')
  if (output.effort !== undefined && !['low', 'medium', 'high', 'xhigh', 'max'].includes(String(output.effort)))
    return bad('output_config.effort: Input should be low, medium, high, xhigh or max')
  if (output.format === undefined) return undefined
  if (!isObject(output.format) || output.format.type !== 'json_schema') return bad('output_config.format: unknown type')
  if (server === 'grammar_too_large') return bad('output_config.format.schema: The compiled grammar is too large')
  const problems = anthropicProblems(output.format.schema)
  return problems.length === 0 ? undefined : bad(`output_config.format.schema: ${problems.join('; ')}`)
}

function success(behaviour: Behaviour, request: Json, earlier: readonly Json[]): Json {
  const content = textOf(behaviour, schemaOf(request))
  const input = tokens(JSON.stringify([request.system, request.messages]))
  const cached = cachedTokens(request.system, earlier)
  return {
    id: 'msg_loopback',
    type: 'message',
    role: 'assistant',
    model: request.model,
    content: [
      { type: 'thinking', thinking: '', signature: 'loopback' },
      ...(content === '' ? [] : [{ type: 'text', text: content, citations: null }]),
    ],
    stop_reason: behaviour.do === 'cut off' ? 'max_tokens' : behaviour.do === 'refuse' ? 'refusal' : 'end_turn',
    stop_sequence: null,
    usage: {
      input_tokens: input - cached,
      output_tokens: tokens(content),
      cache_read_input_tokens: cached,
      cache_creation_input_tokens: 0,
    },
  }
}

/** The longest run of first system blocks, each marked for the cache, that an earlier request sent too. */
function cachedTokens(system: unknown, earlier: readonly Json[]): number {
  const blocks = Array.isArray(system) ? system : []
  for (let count = blocks.length; count > 0; count -= 1) {
    const block: unknown = blocks[count - 1]
    const start = JSON.stringify(blocks.slice(0, count))
    const seen = earlier.some(
      (one) => JSON.stringify((Array.isArray(one.system) ? one.system : []).slice(0, count)) === start,
    )
    if (isObject(block) && block.cache_control !== undefined && seen) return tokens(start)
  }
  return 0
}

function schemaOf(request: Json): unknown {
  const output = request.output_config
  return isObject(output) && isObject(output.format) ? output.format.schema : undefined
}

function textOf(behaviour: Behaviour, schema: unknown): string {
  if (behaviour.do !== 'answer') return 'text' in behaviour ? behaviour.text : ''
  if (schema === undefined) return `Here is the table.\n\`\`\`json\n${JSON.stringify(behaviour.json)}\n\`\`\``
  const written = conform(schema, behaviour.json)
  if (!accepts(schema, written)) throw new Error('the script answers what the schema does not allow')
  return JSON.stringify(written)
}
