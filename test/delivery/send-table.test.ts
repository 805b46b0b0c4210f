import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { ServiceContext } from '../../src/context.ts'
import { users } from '../../src/db/schema-access.ts'
import { deliveries } from '../../src/db/schema-deliveries.ts'
import { auditLog } from '../../src/db/schema-log.ts'
import { deliverOccurrence } from '../../src/delivery/deliver.ts'
import { ListDeliveries, listDeliveries } from '../../src/delivery/list-deliveries.ts'
import type { Mailer } from '../../src/delivery/mailer.ts'
import { SendTable, sendTable } from '../../src/delivery/send-table.ts'
import { smtpSender } from '../../src/delivery/smtp.ts'
import { CreateTable, createTable } from '../../src/tables/create-table.ts'
import { scheduleTable } from '../../src/tables/schedule-table.ts'
import { ScheduleConfig } from '../../src/tables/schemas.ts'
import { serveApp } from '../setup/app.ts'
import { member, postgresService, type Service, type Somebody } from '../setup/service.ts'
import { type MailServer, mailServer } from '../setup/smtp.ts'

const definition = { version: 1, dataSources: ['contacts'], columns: [{ field: 'name' }] }
const woken: { subjectId: string; occurrence: Date }[] = []
let service: Service
let ctx: ServiceContext
let ann: Somebody
let server: MailServer
let mailer: Mailer
let mail: 'fine' | 'rcpt 550' | 'take and drop' = 'fine'

beforeAll(async () => {
  service = await postgresService(inject('postgresUrl'), 'send_table')
  ctx = { ...service.ctx, wake: async (_, waiting) => void woken.push(...waiting) }
  ann = await member(ctx, { name: 'Ann' })
  server = await mailServer((to) => (to === 'b@x.org' ? mail : 'fine'))
  mailer = { from: 'tables@example.org', send: smtpSender(server.url) }
})
afterAll(async () => {
  await server.close()
  await service.close()
})

const call = () => ({ ctx, identity: ann.call.identity })
const save = async (scheduled = true): Promise<string> => {
  const { table } = await createTable({ ...call(), input: CreateTable.parse({ definition, name: 'People' }) })
  const input = ScheduleConfig.parse({
    allowOutside: true,
    frequency: 'daily',
    recipients: ['a@x.org', 'b@x.org'],
    format: 'csv',
  })
  if (scheduled) await scheduleTable({ ...call(), id: table.id, input })
  return table.id
}
const send = (id: string, input: object, more: object = {}) =>
  sendTable({ ...call(), id, input: SendTable.parse(input), ...more })
const list = async (id: string, input: object = {}) =>
  listDeliveries({ ...call(), id, input: ListDeliveries.parse(input) })
const work = async () => {
  for (const { subjectId, occurrence } of woken.splice(0)) {
    const due = { organizationId: 'a', subjectId, occurrence }
    await deliverOccurrence({ ctx, mailer, occurrence: due, signal: new AbortController().signal })
  }
}

test('a test goes to oneself, marked as one, also without a schedule', async () => {
  const id = await save(false)
  const { deliveries: made } = await send(id, { kind: 'test', format: 'pdf' })
  const [me] = await ctx.db.select().from(users).where(eq(users.id, ann.userId))
  expect(made).toMatchObject([{ kind: 'test', state: 'queued', recipient: me?.email }])
  await work()
  const mails = await server.parsed()
  expect(mails.at(-1)?.subject).toBe('Test: People')
  expect(mails.at(-1)?.attachments[0]?.contentType).toBe('application/pdf')
  expect((await list(id)).deliveries).toMatchObject([{ state: 'sent', rowCount: 4, nextAttemptAt: null }])
  await expect(send(id, { kind: 'now' })).rejects.toMatchObject({ code: 'conflict' })
})

test('a test is as it is asked for: what is not said is as the schedule has it, and null is nothing', async () => {
  const id = await save()
  const input = { frequency: 'daily', recipients: ['a@x.org'], allowOutside: true, format: 'csv' }
  const words = { subject: 'As saved', message: 'Saved words' }
  await scheduleTable({ ...call(), id, input: ScheduleConfig.parse({ ...input, ...words }) })
  const mailed = async (more: object) => {
    await send(id, { kind: 'test', ...more })
    await work()
    return (await server.parsed()).at(-1)
  }
  const saved = await mailed({})
  expect(saved?.subject).toBe('Test: As saved')
  expect(saved?.text).toContain('Saved words')
  const typed = await mailed({ subject: ' Only typed ', message: 'New words', linkAboveMb: 0 })
  expect(typed?.subject).toBe('Test: Only typed')
  expect(typed?.text).toContain('New words')
  expect(typed?.text).not.toContain('Saved words')
  expect(typed?.attachments).toEqual([])
  const none = await mailed({ subject: null, message: null })
  expect(none?.subject).toBe('Test: People')
  expect(none?.text).not.toContain('Saved words')
})

test('now goes to everybody on the schedule, once for each key', async () => {
  const id = await save()
  const [first, second] = [
    await send(id, { kind: 'now' }, { idempotencyKey: 'once' }),
    await send(id, { kind: 'now' }, { idempotencyKey: 'once' }),
  ]
  expect([first.repeated, second.repeated]).toEqual([false, true])
  expect(second.deliveries.map((one) => one.id)).toEqual(first.deliveries.map((one) => one.id))
  await work()
  expect((await list(id)).deliveries.map(({ recipient, state }) => [recipient, state])).toEqual([
    ['b@x.org', 'sent'],
    ['a@x.org', 'sent'],
  ])
  const log = await ctx.db.select({ action: auditLog.action }).from(auditLog).where(eq(auditLog.subjectId, id))
  expect(log.filter(({ action }) => action === 'tables.deliver')).toHaveLength(1)
})

test.each(['rcpt 550', 'take and drop'] as const)('again goes to one recipient after "%s"', async (behaviour) => {
  const id = await save()
  mail = behaviour
  await send(id, { kind: 'now' })
  await work()
  mail = 'fine'
  const ended = behaviour === 'rcpt 550' ? 'failed' : 'unknown'
  const { deliveries: rows } = await list(id, { state: ended })
  expect(rows).toHaveLength(1)
  const [sent] = (await list(id, { state: 'sent' })).deliveries
  await expect(send(id, { kind: 'again', deliveryId: sent?.id })).rejects.toMatchObject({ code: 'conflict' })
  await expect(send(id, { kind: 'again', deliveryId: 'dlv_none' })).rejects.toMatchObject({ code: 'not_found' })
  await send(id, { kind: 'again', deliveryId: rows[0]?.id })
  await work()
  expect((await list(id)).deliveries.map(({ state, reason }) => [state, reason])).toEqual([
    ['sent', null],
    ['sent', null],
  ])
  const own = server.taken.filter(({ messageId }) => messageId === `<${rows[0]?.id}@example.org>`)
  expect(own).toHaveLength(behaviour === 'rcpt 550' ? 1 : 2)
})

test('over HTTP: queued with 202, listed in pages, refused for another version', async () => {
  const app = await serveApp(ctx)
  const id = await save()
  const headers = { Authorization: `Bearer ${ann.secret}` }
  const path = `/api/v1/tables/${id}/deliveries`
  expect((await app.post(path, { kind: 'now' }, { ...headers, 'If-Match': '"1"' })).status).toBe(412)
  const queued = await app.post(path, { kind: 'now' }, { ...headers, 'If-Match': '"2"' })
  expect([queued.status, (await queued.json()).deliveries.length]).toEqual([202, 2])
  const pages: string[] = []
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const page = await (await fetch(`${app.url}${path}?limit=1${cursor && `&cursor=${cursor}`}`, { headers })).json()
    pages.push(...page.deliveries.map((one: { recipient: string }) => one.recipient))
    cursor = page.nextCursor
  }
  expect(pages).toEqual(['b@x.org', 'a@x.org'])
  expect((await fetch(`${app.url}${path}?cursor=nonsense`, { headers })).status).toBe(400)
  expect((await app.post(path, { kind: 'later' }, headers)).status).toBe(400)
  const others = await member(ctx, { organizationId: 'b', role: 'admin' })
  expect((await fetch(`${app.url}${path}`, { headers: { Authorization: `Bearer ${others.secret}` } })).status).toBe(404)
  await ctx.db.delete(deliveries).where(eq(deliveries.subjectId, id))
  woken.length = 0
  await app.close()
})
