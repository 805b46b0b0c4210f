// Whom a schedule reaches, on which condition, and how they stop it: over real mail servers and both databases.
import { and, asc, eq } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest'
import { createApp } from '../../src/app.ts'
import type { ServiceContext } from '../../src/context.ts'
import { memberships, teamMembers, teams, users } from '../../src/db/schema-access.ts'
import { deliveries, keptFiles, subscriptions } from '../../src/db/schema-deliveries.ts'
import { documents } from '../../src/db/schema-documents.ts'
import { tables } from '../../src/db/schema-tables.ts'
import { AllDeliveries, allDeliveries } from '../../src/delivery/all-deliveries.ts'
import { deliverOccurrence } from '../../src/delivery/deliver.ts'
import { waiting } from '../../src/delivery/ledger.ts'
import type { Mailer } from '../../src/delivery/mailer.ts'
import { sendTable } from '../../src/delivery/send-table.ts'
import { smtpSender } from '../../src/delivery/smtp.ts'
import { sweep } from '../../src/delivery/sweep.ts'
import { rateLimiter } from '../../src/http/rate-limit.ts'
import { tidyUp } from '../../src/jobs/housekeeping.ts'
import { CreateReport, createReport } from '../../src/reports/reports.ts'
import { scheduleReport } from '../../src/reports/schedule-report.ts'
import { ScheduleConfig } from '../../src/schedules/config.ts'
import { previewSchedule } from '../../src/schedules/preview.ts'
import { CreateTable, createTable } from '../../src/tables/create-table.ts'
import { deleteTable } from '../../src/tables/delete-table.ts'
import { getTable } from '../../src/tables/get-table.ts'
import { scheduleTable } from '../../src/tables/schedule-table.ts'
import { updateTable } from '../../src/tables/update-table.ts'
import { member, pgliteService, postgresService, type Service, type Somebody } from '../setup/service.ts'
import { type MailServer, mailServer } from '../setup/smtp.ts'

const byStatus = {
  version: 1,
  dataSources: ['donations'],
  groupBy: [{ field: 'status' }],
  aggregates: [{ id: 'raised', fn: 'sum', field: 'amount' }],
  totals: true,
}
const names = { version: 1, dataSources: ['contacts'], columns: [{ field: 'name' }], sortBy: [{ field: 'name' }] }
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

const databases = [
  { name: 'PGlite', open: pgliteService },
  { name: 'Postgres', open: () => postgresService(inject('postgresUrl'), 'delivery_schedules') },
]

describe.each(databases)('on $name', ({ open }) => {
  let service: Service
  let ctx: ServiceContext
  let ann: Somebody
  let bob: Somebody
  let boss: Somebody
  let now = Date.parse('2026-03-01T12:00:00Z')
  let server: MailServer
  let mailer: Mailer
  let runs = 0

  beforeAll(async () => {
    service = await open()
    const { source } = service.ctx
    const counted = {
      ...source,
      snapshot: (async (options, work) => {
        runs += 1
        return source.snapshot(options, work)
      }) as typeof source.snapshot,
    }
    ctx = { ...service.ctx, source: counted, now: () => new Date(now) }
    ann = await member(ctx, { name: 'Ann', teamIds: ['board'] })
    bob = await member(ctx, { name: 'Bob', role: 'viewer', teamIds: ['board'] })
    boss = await member(ctx, { name: 'Boss', role: 'admin' })
    server = await mailServer()
    mailer = { from: 'tables@example.org', appUrl: 'https://t.example', send: smtpSender(server.url) }
  })
  afterAll(async () => {
    await server.close()
    await service.close()
  })
  afterEach(async () => {
    await ctx.db.update(tables).set({ scheduleConfig: null, nextScheduledRun: null })
    await ctx.db.update(documents).set({ scheduleConfig: null, nextScheduledRun: null })
    await ctx.db.delete(deliveries)
    await ctx.db.delete(subscriptions)
  })

  const mailOf = async ({ userId }: { userId: string }) =>
    (await ctx.db.select().from(users).where(eq(users.id, userId)))[0]?.email ?? ''
  const config = (input: object) =>
    ScheduleConfig.parse({ frequency: 'daily', recipients: ['a@x.org'], allowOutside: true, format: 'csv', ...input })
  const save = async (definition: object = byStatus, who = ann) =>
    (
      await createTable({
        ...{ ctx, identity: who.call.identity },
        input: CreateTable.parse({ definition, name: 'Sums', visibility: 'ORG' }),
      })
    ).table.id
  const schedule = (id: string, input: object, who = ann) =>
    scheduleTable({ ctx, identity: who.call.identity, id, input: config(input) })
  /** A day passes: what is due is swept and mailed; gives what became of it. */
  const day = async (id: string) => {
    now += DAY_MS
    await sweep(ctx)
    for (const occurrence of await waiting(ctx.db, ctx.now()))
      await deliverOccurrence({ ctx, mailer, occurrence, signal: new AbortController().signal })
    const rows = await ctx.db.select().from(deliveries).where(eq(deliveries.subjectId, id)).orderBy(asc(deliveries.id))
    return rows.map(({ recipient, state, reason }) => ({ recipient, state, reason }))
  }
  const lastMail = async () => {
    const mail = (await server.parsed()).at(-1)
    if (mail === undefined) throw new Error('no mail')
    return mail
  }

  describe('recipients', () => {
    test('are members and teams as they are when it comes due, each once; whoever fell away is said', async () => {
      const id = await save()
      const gone = await member(ctx, { name: 'Gone' })
      const recipients = [await mailOf(ann), { user: ann.userId }, { team: 'board' }, { user: gone.userId }]
      await schedule(id, { recipients, allowOutside: false })
      await ctx.db.delete(memberships).where(eq(memberships.userId, gone.userId))
      expect(await day(id)).toEqual([
        { recipient: await mailOf(ann), state: 'sent', reason: null },
        { recipient: await mailOf(bob), state: 'sent', reason: null },
        { recipient: `user ${gone.userId}`, state: 'skipped', reason: 'no such member (any more)' },
      ])
      await ctx.db.delete(teamMembers).where(eq(teamMembers.userId, bob.userId))
      const after = (await day(id)).slice(3)
      expect(after.filter(({ state }) => state === 'sent')).toHaveLength(1)
      await ctx.db.insert(teamMembers).values({ organizationId: 'a', teamId: 'board', userId: bob.userId })
    })

    test('outside the organization must be allowed by the schedule and by the operator, then and now', async () => {
      const id = await save()
      await expect(schedule(id, { recipients: ['x@else.org'], allowOutside: false })).rejects.toMatchObject({
        code: 'invalid_request',
        issues: [{ path: ['recipients', 0], fix: 'set allowOutside to true, if it may leave the organization' }],
      })
      const strict = { ...ctx, mailDomains: ['partner.org'] }
      const refused = scheduleTable({
        ...{ ctx: strict, identity: ann.call.identity, id },
        input: config({ recipients: ['x@else.org', 'x@Partner.org'] }),
      })
      await expect(refused).rejects.toMatchObject({
        issues: [{ path: ['recipients', 0], fix: expect.stringContaining('MAIL_DOMAINS') }],
      })
      await schedule(id, { recipients: ['x@else.org', 'x@partner.org'] })
      now += DAY_MS
      await sweep(strict)
      const rows = await ctx.db.select().from(deliveries).where(eq(deliveries.subjectId, id))
      expect(rows.map(({ recipient, state }) => [recipient, state]).sort()).toEqual([
        ['x@else.org', 'skipped'],
        ['x@partner.org', 'queued'],
      ])
      await expect(schedule(id, { recipients: [{ team: 'none' }, { user: 'none' }] })).rejects.toMatchObject({
        issues: [{ path: ['recipients', 0] }, { path: ['recipients', 1] }],
      })
    })

    test('of one permission class share one run', async () => {
      const id = await save(names, boss)
      const people = Array.from({ length: 12 }, (_, n) => `p${n}@x.org`)
      await schedule(id, { recipients: [...people, await mailOf(boss)] }, boss)
      const before = runs
      expect((await day(id)).every(({ state }) => state === 'sent')).toBe(true)
      expect(runs - before).toBe(2)
    })
  })

  describe('a condition', () => {
    test('“changed” mails only rows that differ from those the recipient was last sent', async () => {
      const id = await save()
      await schedule(id, { condition: { kind: 'changed' } })
      const states = async () => (await day(id)).map(({ state }) => state)
      expect(await states()).toEqual(['sent'])
      expect(await states()).toEqual(['sent', 'skipped'])
      await service.execute(`insert into donations values (${700 + runs}, 'a', 1, 1, 7, 0, 'completed', now())`)
      const third = await day(id)
      expect(third.map(({ state }) => state)).toEqual(['sent', 'skipped', 'sent'])
      expect(third[1]?.reason).toMatch(/^the rows are those that were sent at 2026-/)
      expect(await states()).toEqual(['sent', 'skipped', 'sent', 'skipped'])
      // However long ago it was: what the rows are compared with outlives the history.
      now += DAY_MS
      const gone = await tidyUp(ctx, { conversationDays: 30, deliveryDays: 0 })
      expect(gone.deliveries).toBe(3)
      expect(await states()).toEqual(['sent', 'skipped'])
    })

    test('“threshold” looks at any row or the total, exactly; a column that vanished fails and tells the owner', async () => {
      const id = await save()
      const wait = async (condition: object) => {
        await ctx.db.delete(deliveries)
        await schedule(id, { condition: { kind: 'threshold', column: 'raised', ...condition } })
        return (await day(id))[0]
      }
      expect(await wait({ op: 'gt', value: 1_000_000 })).toMatchObject({
        state: 'skipped',
        reason: '“raised” did not reach 1000000',
      })
      expect(await wait({ op: 'gt', value: 80 })).toMatchObject({ state: 'sent' })
      expect(await wait({ op: 'eq', value: '75' })).toMatchObject({ state: 'sent' })
      expect(await wait({ op: 'eq', value: '75.001' })).toMatchObject({ state: 'skipped' })
      expect(await wait({ op: 'lt', value: 80, in: 'total' })).toMatchObject({ state: 'skipped' })
      expect(await wait({ op: 'gt', value: 80, in: 'total' })).toMatchObject({ state: 'sent' })
      await expect(wait({ column: 'none', op: 'gt', value: 1 })).rejects.toMatchObject({
        issues: [{ path: ['condition', 'column'], fix: expect.stringContaining('"raised"') }],
      })
      await expect(wait({ column: 'status', op: 'gt', value: 'x' })).rejects.toMatchObject({ code: 'invalid_request' })
      await expect(wait({ op: 'gt', value: 'much' })).rejects.toMatchObject({ code: 'invalid_request' })
      const { version } = await getTable({ ctx, identity: ann.call.identity, id })
      await schedule(id, { condition: { kind: 'threshold', column: 'raised', op: 'gt', value: 1 } })
      const definition = { ...byStatus, aggregates: [{ id: 'gifts', fn: 'count' }] }
      await updateTable({ ctx, identity: ann.call.identity, id, version: version + 1, input: { definition } })
      await ctx.db.delete(deliveries)
      await day(id)
      const after = await day(id)
      expect(after.find(({ state }) => state === 'failed')?.reason).toMatch(/no such column any more/)
      expect(after.some(({ recipient }) => recipient.startsWith('tst_'))).toBe(true)
      const seen = await getTable({ ctx, identity: ann.call.identity, id })
      expect(seen.lastDelivery).toMatchObject({ states: { failed: 1 } })
    })
  })

  test('a schedule that is paused or over mails nothing, and says so; what was missed meanwhile is not sent', async () => {
    const id = await save()
    expect(await schedule(id, { paused: true })).toMatchObject({
      nextScheduledRun: null,
      schedule: expect.stringMatching(/^Paused/),
    })
    expect(await day(id)).toEqual([])
    await schedule(id, {})
    expect((await day(id)).map(({ state }) => state)).toEqual(['sent'])
    const last = new Date(now + DAY_MS).toISOString().slice(0, 10)
    await schedule(id, { endsOn: last })
    expect((await day(id)).length).toBe(2)
    expect(await getTable({ ctx, identity: ann.call.identity, id })).toMatchObject({ nextScheduledRun: null })
    expect((await day(id)).length).toBe(2)
    await schedule(id, {})
    now += DAY_MS
    await sweep(ctx)
    await ctx.db
      .update(tables)
      .set({ scheduleConfig: config({ paused: true }), nextScheduledRun: null })
      .where(eq(tables.id, id))
    expect((await day(id)).at(-1)).toMatchObject({ state: 'skipped', reason: 'the schedule was paused' })
  })

  test('the table itself can be the mail; a larger file is a link of the recipient’s own that expires', async () => {
    const id = await save(names)
    await schedule(id, { format: 'table' })
    await day(id)
    const inline = await lastMail()
    expect(inline.attachments).toEqual([])
    expect(inline.html).toContain('Zoë</td>')
    expect(inline.text).not.toContain('too large')
    await schedule(id, { format: 'excel', linkAboveMb: 0, recipients: ['a@x.org', 'b@x.org'] })
    await day(id)
    const mails = (await server.parsed()).slice(-2)
    const links = mails.map(({ text }) => /https:\/\/t\.example(\/files\/\S+)/.exec(text ?? '')?.[1] ?? '')
    expect(new Set(links).size).toBe(2)
    expect(mails[0]?.attachments).toEqual([])
    expect(await ctx.db.select().from(keptFiles)).toHaveLength(1)
    const app = createApp({ ctx, requestsPerMinute: 1e6 })
    const get = (path: string) => app.request(path)
    const file = await get(links[0] ?? '')
    expect(file.headers.get('content-disposition')).toMatch(/attachment; filename="Sums \d{4}-\d\d-\d\d\.xlsx"/)
    const bytes = new Uint8Array(await file.arrayBuffer())
    expect(String.fromCharCode(...bytes.subarray(0, 2))).toBe('PK')
    expect(bytes.length).toBe(Number(file.headers.get('content-length')))
    expect((await get(`${links[0]}x`)).status).toBe(404)
    await deleteTable({ ctx, identity: ann.call.identity, id })
    expect((await get(links[0] ?? '')).status).toBe(404)
    await ctx.db.update(tables).set({ deletedAt: null }).where(eq(tables.id, id))
    expect((await get(links[1] ?? '')).status).toBe(200)
    now += 8 * DAY_MS
    const late = await get(links[1] ?? '')
    expect([late.status, (await late.json()).error.fix]).toEqual([404, expect.stringContaining('download it again')])
    await ctx.db.delete(keptFiles)
  })

  test('a member’s link closes with their membership; a later attempt keeps no second file', async () => {
    const dora = await member(ctx, { name: 'Dora' })
    const id = await save(names)
    const address = await mailOf(dora)
    await schedule(id, { format: 'excel', linkAboveMb: 0, recipients: [address, 'again@x.org'] })
    const busy = await mailServer((to, attempt) => (to === 'again@x.org' && attempt === 1 ? 'rcpt 450' : 'fine'))
    const usual = mailer
    mailer = { ...mailer, send: smtpSender(busy.url) }
    expect((await day(id)).map(({ state }) => state)).toEqual(['sent', 'queued'])
    // Of one who sees as a member does, and of one from outside.
    expect(await ctx.db.select().from(keptFiles)).toHaveLength(2)
    now += HOUR_MS
    for (const occurrence of await waiting(ctx.db, ctx.now()))
      await deliverOccurrence({ ctx, mailer, occurrence, signal: new AbortController().signal })
    mailer = usual
    expect(await ctx.db.select().from(keptFiles)).toHaveLength(2)
    const mails = await busy.parsed()
    await busy.close()
    expect(mails).toHaveLength(2)
    const linkFor = (to: string) =>
      /https:\/\/t\.example(\/files\/\S+)/.exec(
        mails.find((mail) => JSON.stringify(mail.to).includes(to))?.text ?? '',
      )?.[1] ?? ''
    const app = createApp({ ctx, requestsPerMinute: 1e6 })
    const open = async (to: string) => (await app.request(linkFor(to))).status
    expect([await open(address), await open('again@x.org')]).toEqual([200, 200])
    await ctx.db.delete(memberships).where(eq(memberships.userId, dora.userId))
    expect([await open(address), await open('again@x.org')]).toEqual([404, 200])
    await ctx.db.delete(keptFiles)
  })

  test('one click stops the mails of one recipient alone, and only they begin them again', async () => {
    const id = await save(names)
    await schedule(id, { recipients: ['a@x.org', 'B@x.org'] })
    await day(id)
    const index = server.taken.map(({ to }) => to).lastIndexOf('B@x.org')
    const mail = (await server.parsed())[index]
    const raw = server.taken[index]?.raw ?? ''
    const [, path = ''] = /https:\/\/t\.example(\/unsubscribe\/\w+)/.exec(mail?.text ?? '') ?? []
    expect(raw.replace(/\r\n\s+/g, ' ')).toContain(`List-Unsubscribe: <https://t.example${path}>`)
    expect(raw).toMatch(/List-Unsubscribe-Post: List-Unsubscribe=One-Click/)
    const app = createApp({ ctx, requestsPerMinute: 1e6 })
    const post = (body: string) =>
      app.request(path, {
        method: 'POST',
        body,
        headers: {
          'Content-Type': 'application/x-www-form-urlencoded',
          Origin: 'https://mail.example',
          'Sec-Fetch-Site': 'cross-site',
        },
      })
    const page = await app.request(path)
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self'")
    expect(await page.text()).toContain('is mailed to <b>b@x.org</b>')
    expect((await post('List-Unsubscribe=One-Click')).status).toBe(200)
    expect((await post('List-Unsubscribe=One-Click')).status).toBe(200)
    const after = (await day(id)).slice(2)
    expect(after).toEqual([
      { recipient: 'a@x.org', state: 'sent', reason: null },
      { recipient: 'B@x.org', state: 'skipped', reason: 'the recipient has unsubscribed' },
    ])
    await post('subscribe=1')
    expect((await day(id)).slice(4).map(({ state }) => state)).toEqual(['sent', 'sent'])
    expect((await app.request('/unsubscribe/twu_none')).status).toBe(404)
  })

  test('what is sent now keeps to the schedule too: unsubscribed, fallen away, or nobody left', async () => {
    const id = await save(names)
    const carl = await member(ctx, { name: 'Carl' })
    await schedule(id, { recipients: ['a@x.org', 'c@x.org', { user: carl.userId }] })
    await ctx.db.delete(memberships).where(eq(memberships.userId, carl.userId))
    const sendNow = () => sendTable({ ctx, identity: ann.call.identity, id, input: { kind: 'now' } })
    const work = async () => {
      for (const occurrence of await waiting(ctx.db, ctx.now()))
        await deliverOccurrence({ ctx, mailer, occurrence, signal: new AbortController().signal })
      const rows = await ctx.db
        .select()
        .from(deliveries)
        .where(eq(deliveries.subjectId, id))
        .orderBy(asc(deliveries.id))
      return rows.map(({ state, reason }) => [state, reason])
    }
    await sendNow()
    const fallen = ['skipped', 'no such member (any more)']
    expect(await work()).toEqual([['sent', null], ['sent', null], fallen])
    await ctx.db
      .update(subscriptions)
      .set({ unsubscribedAt: ctx.now() })
      .where(and(eq(subscriptions.subjectId, id), eq(subscriptions.address, 'c@x.org')))
    now += 1000
    await sendNow()
    await schedule(id, { recipients: ['c@x.org'] })
    expect((await work()).slice(3)).toEqual([
      ['skipped', 'the recipient was taken off the schedule'],
      ['skipped', 'the recipient has unsubscribed'],
      fallen,
    ])
    await ctx.db
      .update(tables)
      .set({
        scheduleConfig: ScheduleConfig.parse({
          frequency: 'daily',
          format: 'csv',
          recipients: [{ user: carl.userId }],
        }),
      })
      .where(eq(tables.id, id))
    await expect(sendNow()).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('no such member'),
    })
  })

  test('a report is mailed as one file, as its recipients may see it', async () => {
    const [one, two] = [await save(byStatus), await save(names)]
    const items = [one, two].map((tableId) => ({ kind: 'table', tableId }))
    const call = { ctx, identity: ann.call.identity }
    const { report } = await createReport({ ...call, input: CreateReport.parse({ name: 'Board', items }) })
    const input = config({ format: 'pdf', condition: { kind: 'changed' } })
    const planned = await scheduleReport({ ...call, id: report.id, input })
    expect(planned).toMatchObject({
      nextScheduledRun: expect.any(Date),
      schedule: expect.stringContaining('Every day'),
    })
    expect((await day(report.id)).map(({ state }) => state)).toEqual(['sent'])
    const mail = await lastMail()
    expect(mail.attachments[0]?.filename).toMatch(/^Board \d{4}-\d\d-\d\d\.pdf$/)
    expect(mail.text).toContain('A report with 2 tables')
    expect(mail.text).toContain(`https://t.example/reports/${report.id}`)
    expect((await day(report.id)).map(({ state }) => state)).toEqual(['sent', 'skipped'])
    for (const wrong of [{ format: 'table' }, { condition: { kind: 'threshold', column: 'x', op: 'gt', value: 1 } }])
      await expect(scheduleReport({ ...call, id: report.id, input: config(wrong) })).rejects.toMatchObject({
        code: 'invalid_request',
      })
    const tried = await sendTable({ ...call, of: 'report', id: report.id, input: { kind: 'test' } })
    expect(tried.deliveries).toMatchObject([{ kind: 'test', state: 'queued', recipient: await mailOf(ann) }])
  })

  test('what waits can be taken out, and admins see all that is mailed, names of private tables kept', async () => {
    const id = await save()
    await schedule(id, {})
    now += DAY_MS
    await sweep(ctx)
    const [row] = await ctx.db.select().from(deliveries).where(eq(deliveries.subjectId, id))
    const skip = () =>
      sendTable({ ctx, identity: ann.call.identity, id, input: { kind: 'skip', deliveryId: row?.id ?? '' } })
    expect((await skip()).deliveries).toMatchObject([{ state: 'skipped', reason: 'taken out by Ann' }])
    await expect(skip()).rejects.toMatchObject({ code: 'conflict' })
    await ctx.db.update(tables).set({ visibility: 'PRIVATE' }).where(eq(tables.id, id))
    const all = await allDeliveries({ ctx, identity: boss.call.identity, input: AllDeliveries.parse({}) })
    expect(all.states).toEqual({ skipped: 1 })
    expect(all.deliveries).toMatchObject([{ subjectId: id, subjectName: null, state: 'skipped' }])
    const other = allDeliveries({ ctx, identity: bob.call.identity, input: AllDeliveries.parse({}) })
    await expect(other).rejects.toMatchObject({ code: 'forbidden' })
  })

  test('a preview tells the next five runs on the clock of the zone, and who would be mailed', async () => {
    const input = config({
      ...{ frequency: 'weekly', daysOfWeek: ['sunday'], time: '02:30', timezone: 'America/New_York' },
      recipients: [{ team: 'board' }, 'x@else.org'],
      allowOutside: false,
    })
    const at = Date.parse('2026-03-01T12:00:00Z')
    const preview = await previewSchedule({
      ctx: { ...ctx, now: () => new Date(at) },
      identity: ann.call.identity,
      input,
    })
    expect(preview.sentence).toBe('Every Sunday at 2:30 AM (America/New_York)')
    expect(preview.runs.map((run) => run.at)).toEqual([
      '2026-03-08T07:30:00.000Z',
      '2026-03-15T06:30:00.000Z',
      '2026-03-22T06:30:00.000Z',
      '2026-03-29T06:30:00.000Z',
      '2026-04-05T06:30:00.000Z',
    ])
    expect(preview.runs[0]?.local).toBe('Sunday, March 8, 2026 at 3:30 AM EDT')
    expect([...preview.recipients].sort()).toEqual([await mailOf(ann), await mailOf(bob)].sort())
    expect(preview.dropped).toMatchObject([{ who: 'x@else.org' }])
  })

  test('without a mail server the outbox shows what would have been sent, to admins alone', async () => {
    const id = await save(names)
    await schedule(id, { subject: 'Names <b>' })
    mailer = { from: 'tables@example.org', appUrl: 'https://t.example' }
    expect((await day(id)).map(({ state }) => state)).toEqual(['outbox'])
    mailer = { ...mailer, send: smtpSender(server.url) }
    const app = createApp({ ctx, requestsPerMinute: 1e6 })
    const get = (path: string, who: Somebody) =>
      app.request(path, { headers: { Authorization: `Bearer ${who.secret}` } })
    expect((await get('/outbox', ann)).status).toBe(403)
    expect((await app.request('/outbox')).status).toBe(401)
    const list = await (await get('/outbox', boss)).text()
    expect(list).toContain('Names &lt;b&gt;')
    const [, path = ''] = /href="(\/outbox\/dlv_\w+)"/.exec(list) ?? []
    expect(await (await get(path, boss)).text()).toContain('sandbox')
    const body = await get(`${path}/body.html`, boss)
    expect(body.headers.get('content-security-policy')).toContain('sandbox')
    expect(await body.text()).toContain('Zoë')
    const message = await (await get(`${path}/message.eml`, boss)).text()
    expect(message).toMatch(/^From: tables@example\.org/m)
    expect((await get('/outbox/dlv_none', boss)).status).toBe(404)
  })

  test('nobody can try links forever', () => {
    const limiter = rateLimiter()
    const limit = { perMinute: 60, burst: 60 }
    const tries = Array.from({ length: 70 }, () => limiter('mail 1.2.3.4', limit).waitMs)
    expect(tries.filter((wait) => wait > 0).length).toBeGreaterThan(5)
  })
})

test('teams without anybody who has an address are said when it is scheduled', async () => {
  const service = await pgliteService()
  const ann = await member(service.ctx, { name: 'Ann' })
  await service.ctx.db.insert(teams).values({ organizationId: 'a', id: 'empty', name: 'Nobody' })
  const { table } = await createTable({ ...ann.call, input: CreateTable.parse({ definition: names, name: 'N' }) })
  const input = ScheduleConfig.parse({ frequency: 'daily', recipients: [{ team: 'empty' }], format: 'csv' })
  await expect(scheduleTable({ ...ann.call, id: table.id, input })).rejects.toMatchObject({
    issues: [{ message: 'Cannot mail team Nobody: nobody in it has an address' }],
  })
  // Somebody of it has one: the others are said, and nobody is kept from their mail.
  await service.ctx.db.insert(teams).values({ organizationId: 'a', id: 'mixed', name: 'Mixed' })
  const bea = await member(service.ctx, { name: 'Bea', teamIds: ['mixed'] })
  const host = await member(service.ctx, { name: 'Host', teamIds: ['mixed'] })
  await service.ctx.db.update(users).set({ email: 'h@users.invalid' }).where(eq(users.id, host.userId))
  const mixed = ScheduleConfig.parse({ ...input, recipients: [{ team: 'mixed' }] })
  expect(await scheduleTable({ ...ann.call, id: table.id, input: mixed })).toMatchObject({ id: table.id })
  const { recipients, dropped } = await previewSchedule({ ...ann.call, input: mixed })
  expect(recipients).toHaveLength(1)
  expect(dropped).toEqual([{ who: '1 member of team Mixed', why: 'they have no address here' }])
  expect(bea.userId).not.toBe(host.userId)
  await service.close()
})

test('a schedule that is over before it begins is refused, with what to change', async () => {
  const service = await pgliteService()
  const ann = await member(service.ctx, { name: 'Ann' })
  const { table } = await createTable({ ...ann.call, input: CreateTable.parse({ definition: names, name: 'N' }) })
  const over = { frequency: 'daily', recipients: [{ user: ann.userId }], format: 'csv', endsOn: '2026-02-01' }
  await expect(scheduleTable({ ...ann.call, id: table.id, input: ScheduleConfig.parse(over) })).rejects.toMatchObject({
    issues: [{ code: 'never-due', path: ['endsOn'], fix: expect.any(String) }],
  })
  await service.close()
})
