// The Worker in Cloudflare's own runtime, as wrangler.toml deploys it, over a real Postgres that the Node side has prepared.
import { unzipSync } from 'fflate'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { createTestHarness } from 'wrangler'
import { readConfig } from '../../src/config.ts'
import { memberships } from '../../src/db/schema-access.ts'
import { makeMailer } from '../../src/delivery/mailer.ts'
import { startWorker } from '../../src/jobs/worker.ts'
import { type OpenedService, openService } from '../../src/open-service.ts'
import { buildWeb } from '../../src/server/build-web.ts'
import { addPerson, silent } from '../setup/app.ts'
import { openPage, startBrowser } from '../setup/browser.ts'
import { OPENAI_KEY, startOpenaiLoopback } from '../setup/loopback-openai.ts'
import { createDatabase } from '../setup/postgres.ts'

const SECRET = 'a secret of the tests, 32 characters'
const CONNECTION = 'CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_HYPERDRIVE'
const APP_URL = 'https://tables.test'
type Headers = Readonly<Record<string, string>>

const worker = (vars: Record<string, string> = {}) => ({
  root: new URL('../../', import.meta.url).pathname,
  workers: [
    {
      configPath: 'wrangler.toml',
      vars: { APP_URL, LOG_LEVEL: 'warn', RATE_LIMIT: '100000', ...vars },
      secrets: { AUTH_SECRET: SECRET },
    },
  ],
})

let url: string
let node: OpenedService
let base: URL
let sql: postgres.Sql
process.env.WRANGLER_SEND_METRICS = 'false'
// What a request would say of its sender comes from the network otherwise.
process.env.CLOUDFLARE_CF_FETCH_ENABLED = 'false'
const harness = createTestHarness(worker())

beforeAll(async () => {
  url = await createDatabase(inject('postgresUrl'), 'worker')
  process.env[CONNECTION] = url
  sql = postgres(url, { max: 2, onnotice: () => {} })
  await buildWeb(() => {})
  base = (await harness.listen()).url
}, 180_000)
afterAll(async () => {
  await harness.close()
  await node?.close()
  await sql.end()
})

function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(new URL(path, base), { redirect: 'manual', ...init })
}

function send(method: string, path: string, body: unknown, headers: Headers = {}): Promise<Response> {
  const json = { 'Content-Type': 'application/json', 'X-Forwarded-Proto': 'https', ...headers }
  return ask(path, { method, headers: json, body: JSON.stringify(body) })
}

/** The cookies of somebody who signs in. */
async function signedIn(path: string, body: unknown): Promise<Headers> {
  const response = await send('POST', path, body)
  expect(response.status, await response.text()).toBe(200)
  const cookies = response.headers.getSetCookie()
  expect(cookies.join()).toMatch(/Secure/)
  expect(cookies.join()).toMatch(/HttpOnly/)
  return { Cookie: cookies.map((cookie) => cookie.split(';')[0]).join('; ') }
}
const people = new Map<string, Promise<Headers>>()
/** Each signs in once, because attempts are counted. */
function demoPerson(person: string): Promise<Headers> {
  const known = people.get(person) ?? signedIn('/api/v1/session/demo', { person })
  people.set(person, known)
  return known
}

type Answer = { kind: string; definition: object; rows: unknown[][]; sentence: string; translator: string }
type Failure = { error: { code: string; message: string; fix?: string; requestId: string } }
const json = async <T>(response: Response | Promise<Response>): Promise<T> => (await (await response).json()) as T

async function saved(who: Headers, definition: object, more: object = {}): Promise<string> {
  const response = await send('POST', '/api/v1/tables', { name: 'Methods', definition, ...more }, who)
  expect(response.status).toBe(201)
  return (await json<{ id: string }>(response)).id
}
const byMethod = {
  version: 1,
  dataSources: ['donations'],
  groupBy: [{ field: 'payment_method' }],
  aggregates: [{ id: 'gifts', fn: 'count' }],
}

describe('before the store is prepared', () => {
  test('it is alive, and says what has to be done', async () => {
    expect((await ask('/health/live')).status).toBe(200)
    for (const path of ['/health/ready', '/api/v1/session']) {
      const response = await ask(path)
      expect(response.status).toBe(503)
      const { error } = await json<Failure>(response)
      expect(error).toMatchObject({ code: 'not_ready', fix: expect.stringContaining('tablewright migrate') })
      expect(error.message).toContain('the store is older than this Worker')
    }
  })
})

describe('with a store that Node has prepared', { timeout: 180_000 }, () => {
  beforeAll(async () => {
    const config = {
      ...readConfig({ DATABASE_URL: url, AUTH_SECRET: SECRET, TRANSLATOR: 'builtin' }),
      demoDonations: 3000,
    }
    node = await openService({ config, log: silent })
  })

  test('it becomes ready by itself', async () => {
    expect(await json(ask('/health/ready'))).toEqual({ status: 'ready', source: 'up' })
  })

  test('the page, its files and the reference come with the headers of the Node server', async () => {
    const page = await ask('/tables/12', { headers: { Accept: 'text/html' } })
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
    expect(page.headers.get('strict-transport-security')).toContain('max-age')
    expect(page.headers.get('cache-control')).toBe('no-cache')
    const html = await page.text()
    expect(html).toContain('id="root"')
    const [, script = ''] = /src="(\/assets\/[^"]+\.js)"/.exec(html) ?? []
    const file = await ask(script)
    expect(file.headers.get('cache-control')).toContain('immutable')
    expect((await file.text()).length).toBeGreaterThan(1000)
    const etag = file.headers.get('etag') ?? ''
    expect((await ask(script, { headers: { 'If-None-Match': etag } })).status).toBe(304)
    expect((await ask('/docs/reference.css')).headers.get('content-type')).toContain('text/css')
    for (const path of ['/tables/12', '/assets/missing.js', '/metrics']) expect((await ask(path)).status).toBe(404)
  })

  test('somebody signs in, asks for a table, saves it and reads its rows', async () => {
    const jonas = await demoPerson('demo_jonas')
    expect(await json(ask('/api/v1/session', { headers: jonas }))).toMatchObject({
      person: { name: 'Jonas Weber' },
      organization: { id: 'org_riverbend' },
    })
    const prompt = 'number of donations by payment method'
    const answer = await json<Answer>(send('POST', '/api/v1/tables/generate', { prompt }, jonas))
    expect(answer).toMatchObject({ kind: 'answer', translator: 'builtin' })
    const [counted] = await sql`
      select count(*)::int as all, count(distinct payment_method)::int as methods
      from demo.donations where organization_id = 'org_riverbend'`
    expect(answer.rows).toHaveLength(counted?.methods)
    const id = await saved(jonas, answer.definition)
    const page = await json<{ rows: unknown[][]; rowCount: number; sentence: string }>(
      ask(`/api/v1/tables/${id}/rows`, { headers: jonas }),
    )
    expect(page).toMatchObject({ rows: answer.rows, rowCount: answer.rows.length, sentence: answer.sentence })
    const again = await json<{ tables: { id: string }[] }>(ask('/api/v1/tables', { headers: jonas }))
    expect(again.tables.map((table) => table.id)).toContain(id)
  })

  test('the page works in a browser', async () => {
    const browser = await startBrowser()
    try {
      const { page, complaints } = await openPage(browser)
      await page.goto(base.href)
      await page.getByRole('heading', { name: 'What would you like to see?' }).waitFor()
      await page.keyboard.type('number of donations by payment method')
      await page.keyboard.press('Enter')
      await page.getByRole('grid').waitFor()
      expect(await page.getByRole('row').count()).toBeGreaterThan(3)
      expect(complaints).toEqual([])
    } finally {
      await browser.close()
    }
  })

  test('the making of a table comes in steps', async () => {
    const events = await send(
      'POST',
      '/api/v1/tables/generate',
      { prompt: 'donations by month this year' },
      { Accept: 'text/event-stream' },
    )
    expect(events.headers.get('content-type')).toContain('text/event-stream')
    expect([...(await events.text()).matchAll(/^event: (\w+)$/gm)].map(([, name]) => name).at(-1)).toBe('done')
  })

  test('tables, rows and keys of one organization are not there for another', async () => {
    const [jonas, maya, priya] = [
      await demoPerson('demo_jonas'),
      await demoPerson('demo_maya'),
      await demoPerson('demo_priya'),
    ]
    const hillcrest = { ...priya, 'X-Organization': 'org_hillcrest' }
    const id = await saved(jonas, byMethod, { visibility: 'ORG' })
    expect((await ask(`/api/v1/tables/${id}`, { headers: maya })).status).toBe(200)
    for (const path of [`/api/v1/tables/${id}`, `/api/v1/tables/${id}/rows`]) {
      expect((await ask(path, { headers: hillcrest })).status).toBe(404)
    }
    expect((await ask(`/api/v1/tables/${id}`)).status).toBe(401)
    expect((await ask('/api/v1/tables', { headers: { ...jonas, 'X-Organization': 'org_hillcrest' } })).status).toBe(400)
    const count = { version: 1, dataSources: ['donations'], aggregates: [{ id: 'gifts', fn: 'count' }] }
    for (const [who, organization] of [
      [jonas, 'org_riverbend'],
      [hillcrest, 'org_hillcrest'],
    ] as const) {
      const { rows } = await json<Answer>(send('POST', '/api/v1/tables/preview', { definition: count }, who))
      const [real] = await sql`select count(*)::text as n from demo.donations where organization_id = ${organization}`
      expect(rows.flat().map(String)).toEqual([real?.n])
    }
  })

  test('a password and a key that Node knows are good here too', async () => {
    const { api } = node.ctx.access.auth
    const person = { name: 'Ada', email: 'ada@riverbend.example', password: 'correct horse battery' }
    const { user } = await api.signUpEmail({ body: person })
    await node.ctx.db.insert(memberships).values({ organizationId: 'org_riverbend', userId: user.id, role: 'viewer' })
    const { email, password } = person
    expect((await send('POST', '/api/v1/session', { email, password: 'wrong horse battery' })).status).toBe(401)
    const ada = await signedIn('/api/v1/session', { email, password })
    expect(await json(ask('/api/v1/session', { headers: ada }))).toMatchObject({ person: { name: 'Ada' } })
    expect((await send('POST', '/api/v1/tables', { name: 'No', definition: byMethod }, ada)).status).toBe(403)
    const { secret } = await addPerson(node.ctx, { organizationId: 'org_hillcrest', role: 'editor' })
    const key = { Authorization: `Bearer ${secret}` }
    expect(await json(ask('/api/v1/session', { headers: key }))).toMatchObject({
      organization: { id: 'org_hillcrest' },
    })
    const tools = await send(
      'POST',
      '/mcp',
      { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'discover', arguments: {} } },
      { ...key, Accept: 'application/json, text/event-stream' },
    )
    expect(JSON.stringify(await tools.json())).toContain('donations')
  })

  test('SQL is read by the parser of Postgres', async () => {
    const text = 'select payment_method, count(*) from donations group by payment_method'
    const jonas = await demoPerson('demo_jonas')
    const imported = await send('POST', '/api/v1/tables/import', { sql: text }, jonas)
    expect(await imported.json()).toMatchObject({ definition: { dataSources: ['donations'] } })
    const refused = await json<Failure>(send('POST', '/api/v1/tables/import', { sql: 'select from where' }, jonas))
    expect(refused.error.code).toBe('unsupported_sql')
  })

  test('CSV and Excel are streamed; a PDF is refused with the way to get one', async () => {
    const jonas = await demoPerson('demo_jonas')
    const definition = { version: 1, dataSources: ['donations'], columns: [{ field: 'id' }, { field: 'amount' }] }
    const file = (format: string) =>
      send('POST', '/api/v1/tables/export', { definition, format, timezone: 'UTC' }, jonas)
    const [real] = await sql`select count(*)::int as n from demo.donations where organization_id = 'org_riverbend'`
    expect((await (await file('csv')).text()).trim().split('\n')).toHaveLength(real?.n + 1)
    const sheets = unzipSync(new Uint8Array(await (await file('xlsx')).arrayBuffer()))
    expect(new TextDecoder().decode(sheets['xl/worksheets/sheet1.xml']).match(/<row /g)?.length).toBeGreaterThan(
      real?.n,
    )
    const pdf = await file('pdf')
    expect(pdf.status).toBe(501)
    expect(await json<Failure>(pdf)).toMatchObject({
      error: { code: 'not_here', fix: expect.stringContaining('/exports') },
    })
  })

  test('what a worker has to do waits in the store until one on Node does it', async () => {
    const jonas = await demoPerson('demo_jonas')
    const id = await saved(jonas, byMethod)
    const started = await send('POST', `/api/v1/tables/${id}/exports`, { format: 'pdf' }, jonas)
    expect(started.status).toBe(202)
    const { id: exportId } = await json<{ id: string }>(started)
    const mailed = await send('POST', `/api/v1/tables/${id}/deliveries`, { kind: 'test' }, jonas)
    expect(mailed.status, await mailed.clone().text()).toBe(202)
    const made = () => json<{ state: string; link?: string }>(ask(`/api/v1/exports/${exportId}`, { headers: jonas }))
    const mail = async () => {
      const list = json<{ deliveries: { state: string }[] }>(ask(`/api/v1/tables/${id}/deliveries`, { headers: jonas }))
      return (await list).deliveries.map(({ state }) => state)
    }
    expect(await made()).toMatchObject({ state: 'queued' })
    expect(await mail()).toEqual(['queued'])
    const config = readConfig({ DATABASE_URL: url, AUTH_SECRET: SECRET })
    const elsewhere = await startWorker({ ...node, config, mailer: makeMailer(config), pollSeconds: 0.5 })
    try {
      await expect.poll(mail, { timeout: 30_000 }).toEqual(['outbox'])
      await expect.poll(async () => (await made()).state, { timeout: 30_000 }).toBe('done')
    } finally {
      await elsewhere.close()
    }
    const { link = '' } = await made()
    expect((await (await ask(link)).text()).slice(0, 5)).toBe('%PDF-')
  })

  test('thirty people at once are answered, and no connection is left', async () => {
    const jonas = await demoPerson('demo_jonas')
    const open = async (): Promise<number[]> => {
      const rows = await sql`
        select pid from pg_stat_activity
        where datname = current_database() and application_name like 'tablewright%'`
      return rows.map(({ pid }) => pid)
    }
    // Those of the Node side.
    const before = await open()
    const answers = await Promise.all(
      Array.from({ length: 30 }, async (_, index) => {
        const path = index % 2 === 0 ? '/api/v1/tables' : '/api/v1/session'
        return (await ask(path, { headers: jonas })).status
      }),
    )
    expect(new Set(answers)).toEqual(new Set([200]))
    const left = async () => (await open()).filter((pid) => !before.includes(pid))
    await expect.poll(left, { timeout: 10_000 }).toEqual([])
  })

  test('a language model is asked where there is a key; a store that is newer is used', async () => {
    await sql`insert into tablewright.migrations (hash, created_at) values ('of a later version', 4102444800000)`
    const definition = { version: 1, dataSources: ['events'], columns: [{ field: 'name' }] }
    const answer = {
      ...{ reading: 'Names of events.', outcome: 'table', definition, assumptions: [], confidence: 0.9 },
      ...{ notUnderstood: [], reason: '', suggestions: [] },
    }
    const model = await startOpenaiLoopback([{ do: 'answer', json: answer }])
    try {
      await harness.update(worker({ OPENAI_API_KEY: OPENAI_KEY, OPENAI_BASE_URL: `${model.url}/v1` }))
      base = (await harness.listen()).url
      const answered = await json<Answer>(
        send('POST', '/api/v1/tables/generate', { prompt: 'how our gatherings are called' }),
      )
      expect(answered).toMatchObject({ kind: 'answer', translator: 'openai' })
      expect(model.accepted).toHaveLength(1)
      expect(JSON.stringify(model.accepted)).toContain('# The definition')
    } finally {
      await model.close()
      await sql`delete from tablewright.migrations where hash = 'of a later version'`
    }
  })

  test('a database that is away is said, and the page comes all the same', async () => {
    process.env[CONNECTION] = 'postgres://nobody:nothing@127.0.0.1:9/nowhere'
    await harness.update(worker())
    base = (await harness.listen()).url
    for (const path of ['/health/ready', '/api/v1/session']) {
      const response = await ask(path)
      expect(response.status).toBe(503)
      expect(await json<Failure>(response)).toMatchObject({ error: { code: 'not_ready' } })
    }
    expect((await ask('/', { headers: { Accept: 'text/html' } })).status).toBe(200)
  })

  test('a Worker that is not configured says so, and its log says why', async () => {
    harness.clearLogs()
    await harness.update(worker({ APP_URL: '' }))
    base = (await harness.listen()).url
    const response = await ask('/api/v1/session')
    expect(response.status).toBe(503)
    expect((await json<Failure>(response)).error.message).toBe('Not ready: the Worker is not configured')
    const said = harness.getLogs().map(({ message }) => message)
    expect(said.join('\n')).toContain('APP_URL is not set')
    expect(said.join('\n')).not.toContain(SECRET)
  })
})
