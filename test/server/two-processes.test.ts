// Two servers on one store, as people start them: what is changed through one is what the other answers with, at once.
import postgres from 'postgres'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { startCli } from '../setup/cli.ts'
import { createDatabase } from '../setup/postgres.ts'
import { type MailServer, mailServer } from '../setup/smtp.ts'

let databaseUrl: string
let sql: postgres.Sql
let mails: MailServer
let env: Record<string, string>
const children: ReturnType<typeof startCli>[] = []
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

async function start(args: string[], ready: RegExp): Promise<string> {
  const one = startCli(args, { env })
  children.push(one)
  for (let tries = 0; tries < 600 && !ready.test(one.said.err); tries += 1) await pause(100)
  const found = ready.exec(one.said.err)
  if (found === null) throw new Error(one.said.err)
  return found[1] ?? ''
}

let [a, b] = ['', '']
let cookie = ''
beforeAll(async () => {
  databaseUrl = await createDatabase(inject('postgresUrl'), 'two_processes')
  sql = postgres(databaseUrl, { max: 1, onnotice: () => {} })
  mails = await mailServer()
  env = {
    ...{ DATABASE_URL: databaseUrl, AUTH_SECRET: 'a secret of the tests, 32 characters', PORT: '0' },
    ...{ SMTP_URL: mails.url, MAIL_FROM: 'tables@example.org' },
  }
  const serve = () => start(['serve', '--rows', '2000'], /Ready at (\S+)/)
  const [first, second] = await Promise.all([serve(), serve()])
  ;[a, b] = [first, second]
  const signedIn = await send(a, 'POST', '/session/demo', { person: 'demo_maya' }, {})
  cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? ''
}, 60_000)
afterAll(async () => {
  for (const { child } of children) child.kill('SIGKILL')
  await mails?.close()
  await sql?.end()
})

async function send(at: string, method: string, path: string, body?: object, headers: object = { cookie }) {
  return fetch(`${at}/api/v1${path}`, {
    method,
    headers: { ...(body && { 'Content-Type': 'application/json' }), ...headers } as Record<string, string>,
    ...(body && { body: JSON.stringify(body) }),
  })
}
async function made(at: string, path: string, body: object): Promise<{ id: string; secret: string }> {
  const response = await send(at, 'POST', path, body)
  expect(response.status).toBeLessThan(300)
  return (await response.json()) as { id: string; secret: string }
}
const definition = {
  version: 1,
  dataSources: ['campaigns'],
  groupBy: [{ field: 'channel' }],
  aggregates: [{ id: 'n', fn: 'count' }],
}

test('both that start at once on an empty database are ready, and the demo data is there once', async () => {
  expect(await sql`select count(*)::int as n, sum(donations)::int as donations from demo.meta`).toEqual([
    { n: 1, donations: 2000 },
  ])
  for (const at of [a, b]) expect((await fetch(`${at}/health/ready`)).status).toBe(200)
})

test('a session, a key, a role: good in both, and worth nothing in the other once it is taken away', async () => {
  const { id, secret } = await made(a, '/keys', { name: 'Program', scopes: ['tables:read'] })
  const key = { Authorization: `Bearer ${secret}` }
  expect((await send(b, 'GET', '/tables', undefined, key)).status).toBe(200)
  expect((await send(a, 'DELETE', `/keys/${id}`)).status).toBeLessThan(300)
  expect((await send(b, 'GET', '/tables', undefined, key)).status).toBe(401)

  const other = await send(a, 'POST', '/session/demo', { person: 'demo_jonas' }, {})
  const jonas = { cookie: other.headers.getSetCookie()[0]?.split(';')[0] ?? '' }
  expect((await send(b, 'POST', '/tables', { definition, name: 'His' }, jonas)).status).toBe(201)
  expect((await send(a, 'PUT', '/members/demo_jonas', { role: 'viewer' })).status).toBe(200)
  expect((await send(b, 'POST', '/tables', { definition, name: 'His' }, jonas)).status).toBe(403)
  expect((await send(a, 'DELETE', '/session', undefined, jonas)).status).toBeLessThan(300)
  expect(await (await send(b, 'GET', '/session', undefined, jonas)).json()).toMatchObject({ person: null })
})

test('a table: its change, its tag and its rows are those of the store, wherever it was changed', async () => {
  const { id } = await made(a, '/tables', { definition, name: 'One' })
  const before = await send(b, 'GET', `/tables/${id}`)
  const tag = before.headers.get('etag') ?? ''
  expect((await send(b, 'GET', `/tables/${id}`, undefined, { cookie, 'If-None-Match': tag })).status).toBe(304)
  const rows = await send(b, 'GET', `/tables/${id}/rows`)
  const columns = async (response: Response) =>
    ((await response.json()) as { columns: { id: string }[] }).columns.length
  expect(await columns(rows)).toBe(2)

  const changed = { ...definition, aggregates: [...definition.aggregates, { id: 'm', fn: 'count' }] }
  const update = (at: string, ifMatch: string) =>
    send(at, 'PUT', `/tables/${id}`, { name: 'Two', definition: changed }, { cookie, 'If-Match': ifMatch })
  expect((await update(a, tag)).status).toBe(200)
  const after = await send(b, 'GET', `/tables/${id}`, undefined, { cookie, 'If-None-Match': tag })
  expect([after.status, ((await after.json()) as { name: string }).name]).toEqual([200, 'Two'])
  expect(await columns(await send(b, 'GET', `/tables/${id}/rows`))).toBe(3)
  expect((await update(b, tag)).status).toBe(412)
  // A result that one of them kept is what both show.
  await send(a, 'POST', `/tables/${id}/refresh`, { timezone: 'UTC' })
  const asOf = await Promise.all(
    [a, b].map(
      async (at) => (await (await send(at, 'GET', `/tables/${id}/rows?timezone=UTC`)).json()) as { asOf: string },
    ),
  )
  expect(asOf[0]?.asOf).toBe(asOf[1]?.asOf)
})

test('a creating call that is sent to both at once makes one table', async () => {
  const twice = [a, b, a, b].map((at) =>
    send(at, 'POST', '/tables', { definition, name: 'Once' }, { cookie, 'Idempotency-Key': 'two-processes-1' }),
  )
  const ids = await Promise.all(twice.map(async (one) => ((await (await one).json()) as { id: string }).id))
  expect(new Set(ids).size).toBe(1)
  expect(await sql`select count(*)::int as n from tablewright.tables where name = 'Once'`).toEqual([{ n: 1 }])
})

test('a schedule that is edited in one is swept once, as it is now, by four who look at the same moment', async () => {
  const { id } = await made(a, '/tables', { definition, name: 'Mailed' })
  const config = { frequency: 'daily', recipients: ['old@x.org'], allowOutside: true, format: 'csv' }
  await made(a, `/tables/${id}/schedule`, config)
  await made(b, `/tables/${id}/schedule`, { ...config, recipients: ['new@x.org', 'more@x.org'] })
  await sql`update tablewright.tables set next_scheduled_run = now() - interval '1 second' where id = ${id}`
  // Two workers beside the two servers; each looks as it starts.
  await Promise.all([1, 2].map(() => start(['work'], /Working; mails are sent()/)))
  await expect.poll(() => mails.taken.length, { timeout: 30_000 }).toBe(2)
  await pause(500)
  expect(mails.taken.map(({ to }) => to).sort()).toEqual(['more@x.org', 'new@x.org'])
  const ledger =
    await sql`select recipient, state from tablewright.deliveries where table_id = ${id} order by recipient`
  expect(ledger.map(({ recipient, state }) => [recipient, state])).toEqual([
    ['more@x.org', 'sent'],
    ['new@x.org', 'sent'],
  ])
}, 60_000)
