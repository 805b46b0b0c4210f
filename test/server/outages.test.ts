// What an operator and an asker see while the database, the mail server or the model's vendor is away, and that all of it
// heals by itself: a server as people start it, over a Postgres that crashes.
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addPerson } from '../setup/app.ts'
import { startCli } from '../setup/cli.ts'
import { type Cluster, restartableCluster } from '../setup/cluster.ts'
import type { Loopback } from '../setup/loopback-http.ts'
import { OPENAI_KEY, startOpenaiLoopback } from '../setup/loopback-openai.ts'
import { createDatabase } from '../setup/postgres.ts'
import { serviceAt } from '../setup/service.ts'
import { type MailServer, mailServer } from '../setup/smtp.ts'

let cluster: Cluster
let databaseUrl: string
let mails: MailServer
let server: ReturnType<typeof startCli>
let vendor: Loopback
let vendorIsDown = false
let env: Record<string, string>
let url = ''
let secret = ''

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

beforeAll(async () => {
  cluster = await restartableCluster()
  databaseUrl = await createDatabase(cluster.url, 'outages')
  mails = await mailServer()
  vendor = await startOpenaiLoopback(() =>
    vendorIsDown ? { do: 'status', status: 503 } : { do: 'answer', json: answer },
  )
  env = {
    ...{ DATABASE_URL: databaseUrl, AUTH_SECRET: 'a secret of the tests, 32 characters', PORT: '0', LOG_LEVEL: 'info' },
    ...{ SMTP_URL: mails.url, MAIL_FROM: 'tables@example.org', RATE_LIMIT: '1000000' },
    ...{ OPENAI_API_KEY: OPENAI_KEY, OPENAI_BASE_URL: `${vendor.url}/v1`, TRANSLATOR: 'auto' },
  }
  server = startCli(['serve', '--rows', '2000'], { env })
  for (let tries = 0; tries < 600 && !server.said.err.includes('Ready at'); tries += 1) await pause(100)
  url = /Ready at (\S+)/.exec(server.said.err)?.[1] ?? ''
  const service = await serviceAt(databaseUrl)
  secret = (await addPerson(service.ctx, { organizationId: 'org_riverbend', role: 'editor' })).secret
  await service.close()
})
afterAll(async () => {
  server?.child.kill('SIGKILL')
  await mails?.close()
  await vendor?.close()
  await cluster?.end()
})

const definition = {
  version: 1,
  dataSources: ['campaigns'],
  groupBy: [{ field: 'channel' }],
  aggregates: [{ id: 'n', fn: 'count' }],
}
const answer = {
  ...{ reading: 'Names of events.', outcome: 'table', confidence: 0.9, reason: '' },
  definition: { version: 1, dataSources: ['events'], columns: [{ field: 'name' }] },
  ...{ assumptions: [], notUnderstood: [], suggestions: [] },
}
type Answer = { readonly status: number; readonly code: string; readonly ms: number; readonly body: { id?: string } }
async function ask(method: string, path: string, body?: object): Promise<Answer> {
  const begun = performance.now()
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { Authorization: `Bearer ${secret}`, ...(body && { 'Content-Type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const json = text.startsWith('{') ? (JSON.parse(text) as { id?: string; error?: { code: string } }) : {}
  return { status: response.status, code: json.error?.code ?? '', ms: performance.now() - begun, body: json }
}
const preview = () => ask('POST', '/api/v1/tables/preview', { definition, timezone: 'UTC' })
const save = () => ask('POST', '/api/v1/tables', { definition, name: 'By channel' })
const list = () => ask('GET', '/api/v1/tables')

test('a database that crashes is told by readiness, metrics and every answer, ends no process, and heals within seconds', async () => {
  expect((await ask('GET', '/health/ready')).status).toBe(200)
  const { body } = await save()
  const answers: Answer[] = []
  let over = false
  // Reads and writes are under way when it goes: some lose their connection in the middle of a transaction.
  const busy = [preview, save, list, save, preview, list].map(async (one) => {
    while (!over) answers.push(await one())
  })
  await expect.poll(() => answers.length, { timeout: 20_000 }).toBeGreaterThan(30)
  await cluster.crash()
  await expect.poll(async () => (await ask('GET', '/health/ready')).status, { timeout: 10_000 }).toBe(503)
  expect((await ask('GET', '/health/ready')).code).toBe('not_ready')
  expect((await ask('GET', '/health/live')).status).toBe(200)
  expect(await fetch(`${url}/metrics`).then((response) => response.text())).toMatch(/^tablewright_store_up 0$/m)
  await pause(2500)
  over = true
  await Promise.all(busy)
  // Nobody waits long, and nobody is told that something is wrong with us.
  const kinds = new Set(answers.map(({ status, code }) => `${status} ${code}`))
  expect([...kinds].sort()).toEqual(['200 ', '201 ', '503 source_unavailable'])
  expect(Math.max(...answers.map(({ ms }) => ms))).toBeLessThan(10_000)

  await cluster.start()
  await expect.poll(async () => (await ask('GET', '/health/ready')).status, { timeout: 5000, interval: 50 }).toBe(200)
  const after = await Promise.all(Array.from({ length: 8 }, () => [preview(), list(), save()]).flat())
  expect(new Set(after.map(({ status }) => status))).toEqual(new Set([200, 201]))
  // What was acknowledged before is there.
  expect((await ask('GET', `/api/v1/tables/${body.id}`)).status).toBe(200)
  expect(server.child.exitCode).toBeNull()
  // The queue says it in a few lines, not in hundreds.
  expect(server.said.err.match(/the job queue has trouble/g)?.length).toBeLessThan(5)
})

test('a mail server that is away keeps mails waiting, with the reason in the history, and each is sent once when it is back', async () => {
  const { body } = await save()
  const port = Number(new URL(mails.url).port)
  await mails.close()
  const config = { frequency: 'daily', recipients: ['a@x.org'], allowOutside: true, format: 'csv' }
  expect((await ask('POST', `/api/v1/tables/${body.id}/schedule`, config)).status).toBe(200)
  expect((await ask('POST', `/api/v1/tables/${body.id}/deliveries`, { kind: 'now' })).status).toBeLessThan(300)
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} })
  const rows = () => sql`select state, reason, attempts from tablewright.deliveries where table_id = ${body.id ?? ''}`
  await expect
    .poll(rows, { timeout: 15_000 })
    .toEqual([{ state: 'queued', attempts: 1, reason: expect.stringContaining('could not be reached') }])
  expect((await ask('GET', '/health/ready')).status).toBe(200)
  // What an alert goes by: it waits for another attempt, and has been due since it was asked for.
  const metrics = () => fetch(`${url}/metrics`).then((response) => response.text())
  await expect
    .poll(metrics, { timeout: 15_000, interval: 500 })
    .toMatch(/^tablewright_deliveries_open\{state="retrying"\} 1$/m)
  // They are kept for some seconds, so the first look may have been at once.
  await expect
    .poll(metrics, { timeout: 15_000, interval: 500 })
    .toMatch(/^tablewright_delivery_lateness_seconds [1-9]\d*(\.\d+)?$/m)

  mails = await mailServer(() => 'fine', { port })
  // A minute is over; whoever looks next, here a worker that starts, has it sent.
  await sql`update tablewright.deliveries set next_attempt_at = now()`
  const worker = startCli(['work'], { env })
  await expect.poll(async () => (await rows())[0]?.state, { timeout: 30_000 }).toBe('sent')
  expect(mails.taken.map(({ to }) => to)).toEqual(['a@x.org'])
  worker.child.kill('SIGTERM')
  await worker.done
  await sql.end()
})

test('a vendor that fails leaves askers with the built-in translator and a note, and answers again when it is back', async () => {
  const generate = (prompt: string) => ask('POST', '/api/v1/tables/generate', { prompt })
  vendorIsDown = true
  const without = JSON.stringify((await generate('Number of events by kind')).body)
  expect(without).toContain('The language model did not answer')
  expect(without).toContain('"translator":"builtin"')
  expect((await ask('GET', '/health/ready')).status).toBe(200)
  // The operator hears of it, and not of what was asked.
  const log = server.said.err
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .join('\n')
  expect(log).toMatch(/"translator":"openai","reason":"[^"]+".*"msg":"a language model did not answer"/)
  expect(log).not.toContain('events by kind')
  const metrics = await fetch(`${url}/metrics`).then((response) => response.text())
  expect(metrics).toMatch(/^tablewright_model_failures_total\{translator="openai"\} 1$/m)
  vendorIsDown = false
  expect(JSON.stringify((await generate('Number of events by kind')).body)).toContain('"translator":"openai"')
})
