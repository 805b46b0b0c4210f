import { afterEach, describe, expect, it } from 'vitest'
import { answerJsonSchema, readAnswer } from '../../../src/translate/llm/answer.ts'
import { anthropicPort } from '../../../src/translate/llm/anthropic.ts'
import { openaiPort } from '../../../src/translate/llm/openai.ts'
import type { LlmPort, LlmRequest } from '../../../src/translate/llm/port.ts'
import { ANTHROPIC_KEY, startAnthropicLoopback } from '../../setup/loopback-anthropic.ts'
import type { Loopback, Script } from '../../setup/loopback-http.ts'
import { OPENAI_KEY, startOpenaiLoopback } from '../../setup/loopback-openai.ts'

const SECRET = 'the donors of Springfield'
const schema = answerJsonSchema()
const request: LlmRequest = {
  system: ['Answer in JSON.', 'The catalog.'],
  messages: [{ role: 'user', content: SECRET }],
  schema,
  schemaName: 'table_answer',
  maxOutputTokens: 4000,
  timeoutMs: 5000,
}
const good = {
  reading: 'Donations above 500.',
  outcome: 'table',
  definition: { dataSources: ['donations'], filters: { field: 'amount', op: 'gt', value: 500 }, limit: 10 },
  assumptions: [],
  confidence: 0.9,
  notUnderstood: [],
  reason: '',
  suggestions: [],
}

type Kit = {
  vendor: string
  start: (script: Script, server?: never) => Promise<Loopback>
  port: (url: string, options?: { key?: string; model?: string }) => LlmPort
}
const kits: Kit[] = [
  {
    vendor: 'OpenAI',
    start: (script) => startOpenaiLoopback(script),
    port: (url, { key = OPENAI_KEY, model = 'gpt-6.1-terra' } = {}) =>
      openaiPort({ apiKey: key, baseUrl: `${url}/v1`, model, effort: 'low' }),
  },
  {
    vendor: 'Anthropic',
    start: (script) => startAnthropicLoopback(script),
    port: (url, { key = ANTHROPIC_KEY, model = 'claude-sonnet-5-5' } = {}) =>
      anthropicPort({ apiKey: key, baseUrl: url, model, effort: 'low' }),
  },
]

const open: Loopback[] = []
async function started(starting: Promise<Loopback>): Promise<Loopback> {
  const server = await starting
  open.push(server)
  return server
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()))
})

describe.each(kits)('the port to $vendor', ({ start, port }) => {
  it('sends what the vendor accepts and reads the definition as it was meant', async () => {
    const server = await started(start([{ do: 'answer', json: good }]))
    const answer = await port(server.url)(request)
    expect(server.rejected).toEqual([])
    expect(answer.ok && readAnswer(answer.json)).toMatchObject({ outcome: 'table', definition: good.definition })
    expect(answer.usage?.inputTokens).toBeGreaterThan(0)
    expect(answer.usage?.outputTokens).toBeGreaterThan(0)
  })

  it('keeps the start of the prompt the same, so that the second question reads it from the cache', async () => {
    const server = await started(start([{ do: 'answer', json: good }]))
    const ask = port(server.url)
    const long = { ...request, system: ['Answer in JSON. '.repeat(200), 'The catalog. '.repeat(200)] }
    await ask(long)
    const second = await ask({ ...long, messages: [{ role: 'user', content: 'something else' }] })
    expect(second.usage?.cachedTokens).toBeGreaterThan(1000)
  })

  it.each([
    { status: 429, headers: { 'retry-after': '7' }, failure: { kind: 'rate_limited', retryAfterMs: 7000 } },
    { status: 429, headers: { 'retry-after-ms': '250' }, failure: { kind: 'rate_limited', retryAfterMs: 250 } },
    { status: 500, headers: {}, failure: { kind: 'server', status: 500 } },
    { status: 529, headers: {}, failure: { kind: 'server', status: 529 } },
    { status: 403, headers: {}, failure: { kind: 'auth', status: 403 } },
    { status: 400, headers: {}, failure: { kind: 'rejected', status: 400 } },
  ])('takes an answer $status $headers for what it is', async ({ status, headers, failure }) => {
    const server = await started(start([{ do: 'status', status, headers: headers as Record<string, string> }]))
    expect(await port(server.url)(request)).toMatchObject({ ok: false, ...failure })
    expect(server.accepted).toHaveLength(1)
  })

  it('knows a wrong key, and repeats neither it nor the question', async () => {
    const server = await started(start([{ do: 'answer', json: good }]))
    const failure = await port(server.url, { key: 'sk-wrong' })(request)
    expect(failure).toMatchObject({ ok: false, kind: 'auth', status: 401 })
    expect(JSON.stringify(failure)).not.toMatch(/sk-wrong|Springfield/)
  })

  it('knows a model that is not there', async () => {
    const server = await started(start([{ do: 'answer', json: good }]))
    expect(await port(server.url, { model: 'no-such-model' })(request)).toMatchObject({ kind: 'rejected', status: 404 })
  })

  it('gives up when the time is over', async () => {
    const slow = { do: 'wait', ms: 3000, next: { do: 'answer', json: good } } as const
    const server = await started(start([slow]))
    expect(await port(server.url)({ ...request, timeoutMs: 100 })).toEqual({ ok: false, kind: 'timeout' })
  })

  it('stops when the asker goes away', async () => {
    const slow = { do: 'wait', ms: 3000, next: { do: 'answer', json: good } } as const
    const server = await started(start([slow]))
    const leaving = new AbortController()
    setTimeout(() => leaving.abort(), 50)
    expect(await port(server.url)({ ...request, signal: leaving.signal })).toEqual({ ok: false, kind: 'aborted' })
  })

  it.each(['headers', 'half the body'] as const)(
    'takes a connection that ends after %s for a network fault',
    async (after) => {
      const server = await started(start([{ do: 'drop', after }]))
      expect(await port(server.url)(request)).toEqual({ ok: false, kind: 'network' })
    },
  )

  it('takes a server that is not there for a network fault', async () => {
    const server = await startOpenaiLoopback([])
    await server.close()
    expect(await port(server.url)(request)).toEqual({ ok: false, kind: 'network' })
  })

  it('tells a refusal, an answer that was cut off and one that is no JSON apart, and knows what they cost', async () => {
    const usage = { outputTokens: expect.any(Number) }
    const server = await started(
      start([
        { do: 'refuse', text: 'I will not.' },
        { do: 'cut off', text: '{"reading": "Donations' },
        { do: 'text', text: 'Sure! Here it is.' },
      ]),
    )
    const ask = port(server.url)
    expect(await ask(request)).toMatchObject({ kind: 'refusal', text: 'I will not.', usage })
    expect(await ask(request)).toMatchObject({ kind: 'cut_off', usage })
    expect(await ask(request)).toMatchObject({ kind: 'invalid_json', text: 'Sure! Here it is.', usage })
  })
})

describe('what one vendor calls it', () => {
  it('a prompt over the window is too long for OpenAI', async () => {
    const body = {
      error: { code: 'context_length_exceeded', message: "This model's maximum context length is 8192 tokens." },
    }
    const server = await started(startOpenaiLoopback([{ do: 'status', status: 400, body }]))
    const ask = openaiPort({ apiKey: OPENAI_KEY, baseUrl: `${server.url}/v1`, model: 'm' })
    expect(await ask(request)).toMatchObject({ kind: 'too_long', code: 'context_length_exceeded' })
  })

  it('a prompt over the window is too long for Anthropic', async () => {
    const error = { type: 'invalid_request_error', message: 'prompt is too long: 1200000 tokens > 1000000 maximum' }
    const server = await started(
      startAnthropicLoopback([{ do: 'status', status: 400, body: { type: 'error', error } }]),
    )
    const ask = anthropicPort({ apiKey: ANTHROPIC_KEY, baseUrl: server.url, model: 'm' })
    expect(await ask(request)).toMatchObject({ kind: 'too_long' })
  })

  it('an account without credit is not asked again in a moment', async () => {
    const body = { error: { code: 'insufficient_quota', message: 'You exceeded your current quota' } }
    const server = await started(startOpenaiLoopback([{ do: 'status', status: 429, body }]))
    const ask = openaiPort({ apiKey: OPENAI_KEY, baseUrl: `${server.url}/v1`, model: 'm' })
    expect(await ask(request)).toMatchObject({ kind: 'quota' })
  })
})

describe('a compatible server that knows less', () => {
  it.each(['json_mode', 'plain'] as const)(
    '(%s) is asked in its own dialect, and straight away the second time',
    async (server) => {
      const loopback = await started(startOpenaiLoopback([{ do: 'answer', json: good }], { server }))
      const ask = openaiPort({ apiKey: OPENAI_KEY, baseUrl: `${loopback.url}/v1`, model: 'local', effort: 'low' })
      const first = await ask(request)
      expect(first.ok && readAnswer(first.json)).toMatchObject({ definition: good.definition })
      const refusals = loopback.rejected.length
      expect(refusals).toBeGreaterThan(0)
      await ask(request)
      expect(loopback.rejected).toHaveLength(refusals)
      expect(loopback.accepted).toHaveLength(2)
    },
  )

  it.each(['no_format', 'grammar_too_large'] as const)(
    '(%s) answers Anthropic’s protocol without a schema',
    async (server) => {
      const loopback = await started(startAnthropicLoopback([{ do: 'answer', json: good }], { server }))
      const ask = anthropicPort({ apiKey: ANTHROPIC_KEY, baseUrl: loopback.url, model: 'older', effort: 'low' })
      const first = await ask(request)
      expect(first.ok && readAnswer(first.json)).toMatchObject({ definition: good.definition })
      const refusals = loopback.rejected.length
      await ask(request)
      expect(loopback.rejected).toHaveLength(refusals)
    },
  )
})
