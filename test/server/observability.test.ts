// What an operator sees: metrics, traces, the log of requests and what "ready" means; and what none of them ever shows.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import type { Log } from '../../src/context.ts'
import { prometheus } from '../../src/server/prometheus.ts'
import { startServer } from '../../src/server.ts'
import { createDatabase } from '../setup/postgres.ts'
import { type MailServer, mailServer } from '../setup/smtp.ts'

type Server = Awaited<ReturnType<typeof startServer>>
const logged: { level: string; fields: object; message: string }[] = []
const at = (level: string) => (fields: object, message: string) => void logged.push({ level, fields, message })
const log: Log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
const SECRET_VALUE = 'Xanthippe of nowhere'
const TOKEN = 'a token of the operator'
const traceBodies: string[] = []
const collector = createServer((request, response) => {
  let body = ''
  request.on('data', (part) => {
    body += part
  })
  request.on('end', () => {
    traceBodies.push(`${request.url} ${body}`)
    response.setHeader('content-type', 'application/json').end('{}')
  })
})
let server: Server
let mails: MailServer
let closed = false

beforeAll(async () => {
  await new Promise<void>((done) => collector.listen(0, '127.0.0.1', done))
  mails = await mailServer()
  const config = readConfig({
    PORT: '0',
    TRANSLATOR: 'builtin',
    DATABASE_URL: await createDatabase(inject('postgresUrl'), 'observability'),
    AUTH_SECRET: 'a secret of the tests, 32 characters',
    METRICS_TOKEN: TOKEN,
    SMTP_URL: mails.url,
    MAIL_FROM: 'tables@example.org',
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
  })
  server = await startServer({ config: { ...config, demoDonations: 2000 }, log })
}, 120_000)
afterAll(async () => {
  if (!closed) await server.close()
  collector.close()
  await mails.close()
})

const generate = (prompt: string, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/api/v1/tables/generate`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Tablewright-Organization': 'demo_north', ...headers },
    body: JSON.stringify({ prompt }),
  })
const scrape = (authorization = `Bearer ${TOKEN}`) => fetch(`${server.url}/metrics`, { headers: { authorization } })

/** The value of a series whose labels hold all the texts given. */
function seriesOf(text: string, name: string, ...labels: string[]): number | undefined {
  const line = text.split('\n').find((one) => one.startsWith(name) && labels.every((label) => one.includes(label)))
  return line === undefined ? undefined : Number(line.split(' ').at(-1))
}

test('metrics tell requests by route, translations by outcome and the state of the queue', async () => {
  expect((await generate('number of donations by channel')).status).toBe(200)
  expect((await generate(`donations of ${SECRET_VALUE}`)).status).toBe(200)
  await fetch(`${server.url}/api/v1/tables/tbl_unknown`)
  const others = ['/', '/index.html', '/health/live', '/files/secret', '/no/such', '/api/v1/nothing']
  for (const path of others) await fetch(`${server.url}${path}`)
  const response = await scrape()
  expect(response.headers.get('content-type')).toContain('text/plain')
  const text = await response.text()
  const route = 'route="/api/v1/tables/generate"'
  expect(seriesOf(text, 'tablewright_http_request_seconds_count', route, 'status="200"')).toBe(2)
  expect(seriesOf(text, 'tablewright_http_request_seconds_count', 'route="/api/v1/tables/{id}"')).toBe(1)
  expect(seriesOf(text, 'tablewright_http_request_seconds_count', 'route="/health/live"', 'status="200"')).toBe(1)
  expect(seriesOf(text, 'tablewright_http_request_seconds_count', 'route="/files/{token}"')).toBe(1)
  expect(seriesOf(text, 'tablewright_http_request_seconds_count', 'route="other"', 'status="404"')).toBe(2)
  expect(seriesOf(text, 'tablewright_translation_seconds_count', 'outcome="answer"')).toBeGreaterThan(0)
  expect(seriesOf(text, 'tablewright_query_seconds_count', 'outcome="ok"')).toBeGreaterThan(0)
  expect(seriesOf(text, 'tablewright_deliveries_open', 'state="queued"')).toBe(0)
  expect(seriesOf(text, 'tablewright_exports_open', 'state="running"')).toBe(0)
  expect(seriesOf(text, 'tablewright_store_up')).toBe(1)
  expect(seriesOf(text, 'tablewright_queries', 'state="waiting"')).toBe(0)
  expect(text).not.toMatch(/tbl_unknown|Xanthippe|demo_|secret|no\/such/)
})

test('metrics tell what models use and cost, by the prices given; one without a price costs nothing known', async () => {
  const { modelPrices } = readConfig({ MODEL_PRICES: 'swift=2/8/0.5' })
  const prom = prometheus({ prices: modelPrices })
  const about = { translator: 'openai', outcome: 'answer', seconds: 1 }
  for (const model of ['swift', 'other']) {
    const usage = { model, calls: 2, inputTokens: 1_000_000, cachedTokens: 400_000, outputTokens: 250_000 }
    prom.metrics.translation({ ...about, usages: [usage] })
  }
  const { text } = await prom.render()
  expect(seriesOf(text, 'tablewright_model_calls_total', 'model="other"')).toBe(2)
  expect(seriesOf(text, 'tablewright_model_tokens_total', 'model="swift"', 'kind="cached"')).toBe(400_000)
  expect(seriesOf(text, 'tablewright_model_cost_dollars_total', 'model="swift"')).toBeCloseTo(1.2 + 2 + 0.2, 10)
  expect(seriesOf(text, 'tablewright_model_cost_dollars_total', 'model="other"')).toBeUndefined()
})

test('metrics are for whoever has the token', async () => {
  expect((await scrape('Bearer something else')).status).toBe(401)
  expect((await fetch(`${server.url}/metrics`)).status).toBe(401)
})

test('the log tells each request without its values', () => {
  const lines = logged.filter(({ message }) => message === 'request')
  expect(lines.length).toBeGreaterThan(3)
  expect(
    lines.find(({ fields }) => 'route' in fields && fields.route === '/api/v1/tables/generate')?.fields,
  ).toMatchObject({
    method: 'POST',
    status: 200,
    requestId: expect.any(String),
    ms: expect.any(Number),
  })
  expect(JSON.stringify(logged)).not.toMatch(/Xanthippe|tbl_unknown/)
})

test('ready means that source and store answer', async () => {
  expect((await fetch(`${server.url}/health/ready`)).status).toBe(200)
})

/** Mails somebody a table of their own making; gives what a trace must not tell of it. */
async function mailed(): Promise<string> {
  const send = (path: string, body: object, headers = {}) =>
    fetch(`${server.url}/api/v1${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
  const signedIn = await send('/session/demo', { person: 'demo_maya' })
  const Cookie = signedIn.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
  const definition = {
    ...{ version: 1, dataSources: ['contacts'], columns: [{ field: 'full_name' }], limit: 3 },
    filters: { field: 'full_name', op: 'ne', value: SECRET_VALUE },
  }
  const { id } = (await (await send('/tables', { definition, name: SECRET_VALUE }, { Cookie })).json()) as {
    id: string
  }
  expect((await send(`/tables/${id}/deliveries`, { kind: 'test' }, { Cookie })).status).toBeLessThan(300)
  await expect.poll(() => mails.taken.length, { timeout: 20_000 }).toBe(1)
  return mails.taken[0]?.to ?? ''
}

test('traces show the stages under the trace of the sender, without values', async () => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
  await generate('number of donations by month', { traceparent: `00-${traceId}-00f067aa0ba902b7-01` })
  const recipient = await mailed()
  expect(recipient).toContain('@')
  await server.close()
  closed = true
  const spans = traceBodies.flatMap((body) => {
    expect(body.startsWith('/v1/traces ')).toBe(true)
    const { resourceSpans } = JSON.parse(body.slice(body.indexOf('{'))) as {
      resourceSpans: {
        scopeSpans: { spans: { name: string; traceId: string; parentSpanId?: string; spanId: string }[] }[]
      }[]
    }
    return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
  })
  const own = spans.filter((span) => span.traceId === traceId)
  expect(own.map(({ name }) => name).sort()).toEqual(
    ['POST /api/v1/tables/generate', 'check', 'plan', 'query', 'rows', 'sql', 'translate'].sort(),
  )
  const id = (name: string) => own.find((span) => span.name === name)
  expect(id('query')?.parentSpanId).toBe(id('rows')?.spanId)
  // A mail has a trace of its own, from the rows to the mail server's answer.
  const delivery = spans.find(({ name }) => name === 'delivery')
  const ofMail = spans.filter((span) => span.traceId === delivery?.traceId).map(({ name }) => name)
  expect(ofMail.sort()).toEqual(['check', 'delivery', 'file', 'mail', 'plan', 'query', 'rows', 'sql'].sort())
  expect(spans.map(({ name }) => name)).toContain('sweep')
  expect(traceBodies.join()).not.toMatch(/Xanthippe|donations by/)
  expect(traceBodies.join()).not.toContain(recipient)
})
