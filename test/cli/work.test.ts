// A worker alone, as people run it: what is scheduled over HTTP by one process is mailed by another, and a worker that is
// told to stop gives back what it has not begun.
import { asc, eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { deliveries } from '../../src/db/schema-deliveries.ts'
import { tables } from '../../src/db/schema-tables.ts'
import { addPerson } from '../setup/app.ts'
import { startCli } from '../setup/cli.ts'
import { createDatabase } from '../setup/postgres.ts'
import { type Service, serviceAt } from '../setup/service.ts'
import { type MailServer, mailServer } from '../setup/smtp.ts'

let server: MailServer
let service: Service
let env: Record<string, string>
const children: ReturnType<typeof startCli>[] = []
beforeAll(async () => {
  const databaseUrl = await createDatabase(inject('postgresUrl'), 'cli_work')
  server = await mailServer(() => 'fine', { answerAfterMs: 150 })
  env = {
    ...{ DATABASE_URL: databaseUrl, AUTH_SECRET: 'a secret of the tests, 32 characters', PORT: '0' },
    ...{ SMTP_URL: server.url, MAIL_FROM: 'Tables <tables@example.org>', APP_URL: 'https://t.example' },
  }
  service = await serviceAt(databaseUrl)
})
afterAll(async () => {
  for (const { child } of children) child.kill('SIGKILL')
  await server.close()
  await service.close()
})

async function start(args: string[], ready: RegExp, more: Record<string, string> = {}) {
  const started = startCli(args, { env: { ...env, ...more } })
  children.push(started)
  for (let tries = 0; tries < 600 && !ready.test(started.said.err); tries += 1)
    await new Promise((done) => setTimeout(done, 100))
  const [, found = ''] = ready.exec(started.said.err) ?? []
  if (!ready.test(started.said.err)) throw new Error(started.said.err)
  return { ...started, found }
}

test('a table scheduled over HTTP is mailed by a worker in a process of its own', async () => {
  const api = await start(['serve', '--rows', '2000'], /Ready at (\S+)/)
  const { secret } = await addPerson(service.ctx, { organizationId: 'brightwater', role: 'editor' })
  const ask = async (path: string, body: object) => {
    const response = await fetch(`${api.found}/api/v1${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${secret}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
    return (await response.json()) as { id: string; nextScheduledRun: string }
  }
  const definition = {
    version: 1,
    dataSources: ['campaigns'],
    groupBy: [{ field: 'channel' }],
    aggregates: [{ id: 'n', fn: 'count' }],
  }
  const { id } = await ask('/tables', { definition, name: 'By channel' })
  const recipients = Array.from({ length: 30 }, (_, n) => `p${n}@x.org`)
  const planned = await ask(`/tables/${id}/schedule`, {
    frequency: 'daily',
    recipients,
    allowOutside: true,
    format: 'csv',
  })
  expect(Date.parse(planned.nextScheduledRun)).toBeGreaterThan(Date.now())
  // The server is gone: whoever delivers now is a worker.
  api.child.kill('SIGTERM')
  expect((await api.done).code).toBe(0)
  await service.ctx.db
    .update(tables)
    .set({ nextScheduledRun: new Date(Date.now() - 1000) })
    .where(eq(tables.id, id))

  const first = await start(['work'], /Working; mails are sent/)
  await expect.poll(() => server.taken.length, { timeout: 30_000 }).toBeGreaterThan(2)
  first.child.kill('SIGTERM')
  expect((await first.done).code).toBe(0)
  const after = await service.ctx.db
    .select()
    .from(deliveries)
    .where(eq(deliveries.subjectId, id))
    .orderBy(asc(deliveries.id))
  const states = (rows: typeof after) => [...new Set(rows.map(({ state }) => state))].sort()
  expect(states(after).filter((state) => !['queued', 'sent'].includes(state))).toEqual([])
  expect(after.filter(({ state }) => state === 'sent').length).toBe(server.taken.length)

  const second = await start(['work'], /Working; mails are sent; health and metrics at (\S+)/, { WORKER_PORT: '0' })
  await expect.poll(() => server.taken.length, { timeout: 60_000 }).toBe(30)
  expect(new Set(server.taken.map(({ to }) => to)).size).toBe(30)
  const [mail] = await server.parsed()
  expect(mail?.text).toContain(`https://t.example/tables/${id}`)

  // It tells an operator how it does, and nobody anything else.
  const look = async (path: string) => {
    const response = await fetch(`${second.found}${path}`)
    return { status: response.status, text: await response.text() }
  }
  expect((await look('/health/live')).status).toBe(200)
  expect((await look('/health/ready')).status).toBe(200)
  for (const path of ['/', '/api/v1/tables', '/mcp', '/docs']) expect((await look(path)).status, path).toBe(404)
  const mine = 30 - after.filter(({ state }) => state === 'sent').length
  await expect
    .poll(async () => (await look('/metrics')).text)
    .toContain(`tablewright_deliveries_total{state="sent"} ${mine}\n`)
  expect((await look('/metrics')).text).toMatch(/^tablewright_store_up 1$/m)
  second.child.kill('SIGTERM')
  expect((await second.done).code).toBe(0)
}, 180_000)
