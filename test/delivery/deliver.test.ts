import { and, asc, eq, sql } from 'drizzle-orm'
import { simpleParser } from 'mailparser'
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest'
import type { ServiceContext } from '../../src/context.ts'
import { memberships, users } from '../../src/db/schema-access.ts'
import { deliveries, outboxMails } from '../../src/db/schema-deliveries.ts'
import { tables } from '../../src/db/schema-tables.ts'
import { MAX_ATTEMPTS } from '../../src/delivery/backoff.ts'
import { deliverOccurrence } from '../../src/delivery/deliver.ts'
import { LEASE_MS, waiting } from '../../src/delivery/ledger.ts'
import type { Mailer } from '../../src/delivery/mailer.ts'
import { smtpSender } from '../../src/delivery/smtp.ts'
import { sweep } from '../../src/delivery/sweep.ts'
import type { Metrics } from '../../src/lib/metrics.ts'
import { CreateTable, createTable } from '../../src/tables/create-table.ts'
import { deleteTable } from '../../src/tables/delete-table.ts'
import { scheduleTable, unscheduleTable } from '../../src/tables/schedule-table.ts'
import { ScheduleConfig } from '../../src/tables/schemas.ts'
import { updateTable } from '../../src/tables/update-table.ts'
import { member, pgliteService, postgresService, type Service, type Somebody } from '../setup/service.ts'
import { type Behaviour, type MailServer, mailServer } from '../setup/smtp.ts'

const byStatus = {
  version: 1,
  dataSources: ['donations'],
  groupBy: [{ field: 'status' }],
  aggregates: [{ id: 'raised', fn: 'sum', field: 'amount' }],
}
const names = {
  version: 1,
  dataSources: ['contacts'],
  columns: [{ field: 'name' }, { field: 'born' }],
  sortBy: [{ field: 'name' }],
}
const phones = { version: 1, dataSources: ['contacts'], columns: [{ field: 'name' }, { field: 'phone' }] }
const everybody = { version: 1, dataSources: ['contacts'] }
const noRows = { ...names, filters: { field: 'name', op: 'eq', value: 'Nobody' } }
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

const databases = [
  { name: 'PGlite', open: pgliteService },
  { name: 'Postgres', open: () => postgresService(inject('postgresUrl'), 'deliver') },
]

describe.each(databases)('scheduled tables on $name', ({ open }) => {
  let service: Service
  let ctx: ServiceContext
  let ann: Somebody
  let now = Date.parse('2026-03-01T12:00:00Z')
  let servers: MailServer[] = []
  /** What the metrics are told of deliveries that ended. */
  let told: Record<string, number> = {}

  beforeAll(async () => {
    service = await open()
    const metrics: Metrics = {
      ...{ request: () => {}, translation: () => {}, query: () => {}, modelFailed: () => {} },
      delivery: ({ state, count = 1 }) => {
        told[state] = (told[state] ?? 0) + count
      },
    }
    ctx = { ...service.ctx, metrics, now: () => new Date(now) }
    ann = await member(ctx, { name: 'Ann' })
  })
  afterAll(() => service.close())
  afterEach(async () => {
    await Promise.all(servers.map((server) => server.close()))
    servers = []
    told = {}
    // What a test leaves must not come due in the next one.
    await ctx.db.update(tables).set({ scheduleConfig: null, nextScheduledRun: null })
    await ctx.db.delete(deliveries)
  })

  const serve = async (plan?: (to: string, attempt: number) => Behaviour): Promise<[MailServer, Mailer]> => {
    const server = await mailServer(plan)
    servers.push(server)
    const from = 'Tables <tables@example.org>'
    return [server, { from, appUrl: 'https://t.example', send: smtpSender(server.url) }]
  }
  const outbox: Mailer = { from: 'tables@example.org' }
  const scheduled = async (who: Somebody, input: object, table: object = {}) => {
    const made = await createTable({
      ...{ ctx, identity: who.call.identity },
      input: CreateTable.parse({ definition: byStatus, name: 'By status', ...table }),
    })
    const config = ScheduleConfig.parse({
      allowOutside: true,
      frequency: 'daily',
      recipients: ['a@x.org'],
      format: 'csv',
      ...input,
    })
    return scheduleTable({ ctx, identity: who.call.identity, id: made.table.id, input: config })
  }
  const work = async (mailer: Mailer, stop = new AbortController()) => {
    for (const occurrence of await waiting(ctx.db, ctx.now()))
      await deliverOccurrence({ ctx, mailer, occurrence, signal: stop.signal })
  }
  const tomorrow = () => {
    now += DAY_MS
  }
  const ledger = (id: string) =>
    ctx.db
      .select()
      .from(deliveries)
      .where(eq(deliveries.subjectId, id))
      .orderBy(sql`${deliveries.kind} = 'notice'`, asc(deliveries.id))

  test('are mailed to each recipient when they come due, with the file, the sentence and the first rows', async () => {
    const [server, mailer] = await serve()
    const { id } = await scheduled(ann, {
      ...{ recipients: ['a@x.org', 'B@x.org'], format: 'csv', timezone: 'America/New_York' },
      ...{ subject: 'Sums\r\nBcc: evil@x.org', message: 'Hello <b>you</b>\nall' },
    })
    expect(await sweep(ctx)).toMatchObject({ due: 0 })
    tomorrow()
    expect(await sweep(ctx)).toMatchObject({ due: 1 })
    expect(await sweep(ctx)).toMatchObject({ due: 0 })
    await work(mailer)
    const rows = await ledger(id)
    expect(rows.map(({ state, recipient, attempts }) => [state, recipient, attempts])).toEqual([
      ['sent', 'a@x.org', 1],
      ['sent', 'B@x.org', 1],
    ])
    expect(rows[0]).toMatchObject({ rowCount: 2, reason: null, leaseUntil: null, missed: 0 })
    expect(rows[0]?.answer).toMatch(/^250 .*queued/)
    const mails = await server.parsed()
    expect(server.taken.map(({ to }) => to).toSorted()).toEqual(['B@x.org', 'a@x.org'])
    expect(new Set(mails.map((mail) => mail.messageId)).size).toBe(2)
    const mail = mails[server.taken.findIndex(({ to }) => to === 'a@x.org')]
    if (mail === undefined) throw new Error('no mail')
    expect(mail.messageId).toBe(rows[0]?.messageId)
    expect(mail.subject).toBe('Sums Bcc: evil@x.org')
    expect(mail.headers.has('bcc')).toBe(false)
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated')
    expect(mail.text).toMatch(/Hello <b>you<\/b>\nall/)
    expect(mail.text).toMatch(/amount.*status/i)
    expect(mail.text).toMatch(/As of Mar \d, 2026, 7:00 AM \(America\/New_York\): 2 rows/)
    expect(mail.text).toContain('Completed | $386.50')
    expect(mail.text).toContain(`https://t.example/tables/${id}`)
    expect(mail.html).toContain('Hello &lt;b&gt;you&lt;/b&gt;<br>all')
    expect(mail.html).toContain('$386.50</td>')
    const [file] = mail.attachments
    expect(file?.filename).toMatch(/^By status 2026-03-\d\d\.csv$/)
    expect(file?.content.toString()).toContain('Completed,386.50')
  })

  test.each(['excel', 'pdf'])('come as %s', async (format) => {
    const [server, mailer] = await serve()
    await scheduled(ann, { format })
    tomorrow()
    await sweep(ctx)
    await work(mailer)
    const [mail] = await server.parsed()
    const begins = mail?.attachments[0]?.content.subarray(0, 4).toString('latin1')
    expect(begins).toBe(format === 'pdf' ? '%PDF' : 'PK\u0003\u0004')
  })

  test('what is in the data is text in the mail, never HTML', async () => {
    await service.execute(`insert into contacts values (90, 'a', '<img src=x onerror=1>', 'CA', 'Major', null, null)`)
    const [server, mailer] = await serve()
    await scheduled(ann, {}, { definition: names, name: 'Names <i>' })
    tomorrow()
    await sweep(ctx)
    await work(mailer)
    await service.execute('delete from contacts where id = 90')
    const [mail] = await server.parsed()
    expect(mail?.html).not.toContain('<img')
    expect(mail?.html).toContain('&lt;img src=x onerror=1&gt;')
    expect(mail?.html).toContain('Names &lt;i&gt;')
  })

  test('only the recipient that failed is tried again, later and later, under the same Message-ID', async () => {
    const [server, mailer] = await serve((to, attempt) => {
      if (to === 'busy@x.org') return attempt < 3 ? 'rcpt 450' : 'fine'
      if (to === 'later@x.org') return attempt < 2 ? 'data 451' : 'fine'
      if (to === 'gone@x.org') return 'rcpt 550'
      if (to === 'unwanted@x.org') return 'data 554'
      if (to === 'dropped@x.org') return attempt < 2 ? 'drop at rcpt' : 'fine'
      if (to === 'closing@x.org') return attempt < 2 ? 'mail 421' : 'fine'
      return to === 'lost@x.org' ? 'take and drop' : 'fine'
    })
    const recipients = ['fine', 'busy', 'later', 'gone', 'unwanted', 'dropped', 'closing', 'lost'].map(
      (n) => `${n}@x.org`,
    )
    const { id } = await scheduled(ann, { recipients })
    tomorrow()
    await sweep(ctx)
    await work(mailer)
    const states = async () =>
      Object.fromEntries((await ledger(id)).map((row) => [row.recipient.split('@')[0], row.state]))
    const ended = { fine: 'sent', gone: 'failed', unwanted: 'failed', lost: 'unknown' }
    expect(await states()).toEqual({ ...ended, busy: 'queued', later: 'queued', dropped: 'queued', closing: 'queued' })
    await work(mailer)
    expect(server.taken.map(({ to }) => to).toSorted()).toEqual(['fine@x.org', 'lost@x.org'])
    for (let round = 0; round < 3; round += 1) {
      now += HOUR_MS
      await sweep(ctx)
      await work(mailer)
    }
    const all = { ...ended, busy: 'sent', later: 'sent', dropped: 'sent', closing: 'sent' }
    expect(await states()).toEqual(all)
    const taken = server.taken.map(({ to }) => to)
    expect(taken.toSorted()).toEqual(recipients.filter((to) => !/gone|unwanted/.test(to)).toSorted())
    const rows = await ledger(id)
    expect(rows.find((row) => row.recipient === 'gone@x.org')?.reason).toMatch(/refused it: 550/)
    expect(rows.find((row) => row.recipient === 'busy@x.org')?.attempts).toBe(3)
    for (const { to, messageId } of server.taken)
      expect(rows.find((row) => row.recipient === to)?.messageId ?? messageId).toBe(messageId)
  })

  test('a mail server that is away, or that does not let us in, costs nobody their mail', async () => {
    const [server, mailer] = await serve()
    await server.close()
    const { id } = await scheduled(ann, {})
    tomorrow()
    await sweep(ctx)
    await work(mailer)
    expect(await ledger(id)).toMatchObject([{ state: 'queued', attempts: 1 }])
    const [back, again] = await serve()
    const locked = new URL(back.url)
    Object.assign(locked, { username: 'me', password: 'wrong' })
    now += HOUR_MS
    await work({ ...again, send: smtpSender(locked.href) })
    expect(await ledger(id)).toMatchObject([{ state: 'queued', attempts: 2 }])
    now += HOUR_MS
    await work(again)
    expect(await ledger(id)).toMatchObject([{ state: 'sent', attempts: 3 }])
  })

  test('days that were missed come once, late, and say so', async () => {
    const [server, mailer] = await serve()
    const { id } = await scheduled(ann, {})
    now += 3 * DAY_MS
    await sweep(ctx)
    await work(mailer)
    expect(await ledger(id)).toMatchObject([{ state: 'sent', missed: 2 }])
    const [mail] = await server.parsed()
    expect(mail?.text).toMatch(/Late: due at/)
    expect(mail?.text).toMatch(/Stands also for 2 earlier mails/)
    const [table] = await ctx.db.select().from(tables).where(eq(tables.id, id))
    expect(table?.nextScheduledRun?.getTime()).toBeGreaterThan(now)
    expect(table?.version).toBe(2)
  })

  test('two sweeps at once make one row a recipient', async () => {
    const made = await Promise.all(
      Array.from({ length: 4 }, () => scheduled(ann, { recipients: ['a@x.org', 'b@x.org'] })),
    )
    tomorrow()
    const swept = await Promise.all([sweep(ctx), sweep(ctx), sweep(ctx)])
    expect(swept.reduce((sum, { due }) => sum + due, 0)).toBe(4)
    for (const { id } of made) expect(await ledger(id)).toHaveLength(2)
  })

  test('a worker that died before its mail was on the way is followed by another; after that nobody sends again', async () => {
    const [server, mailer] = await serve()
    const { id } = await scheduled(ann, { recipients: ['before@x.org', 'during@x.org'] })
    tomorrow()
    await sweep(ctx)
    const leaseUntil = new Date(now + LEASE_MS)
    const dead = { token: 'run_dead', leaseUntil, attempts: 1 }
    const as = (recipient: string) => and(eq(deliveries.subjectId, id), eq(deliveries.recipient, recipient))
    await ctx.db
      .update(deliveries)
      .set({ ...dead, state: 'running' })
      .where(as('before@x.org'))
    await ctx.db
      .update(deliveries)
      .set({ ...dead, state: 'sending' })
      .where(as('during@x.org'))
    await work(mailer)
    expect(server.taken).toEqual([])
    now += LEASE_MS + 1
    expect(await sweep(ctx)).toMatchObject({ unknown: 1, again: 1 })
    await work(mailer)
    expect(await ledger(id)).toMatchObject([
      { recipient: 'before@x.org', state: 'sent', attempts: 2 },
      { recipient: 'during@x.org', state: 'unknown' },
    ])
    expect(server.taken.map(({ to }) => to)).toEqual(['before@x.org'])
    expect(told).toEqual({ sent: 1, unknown: 1 })
  })

  test('a worker that was taken for dead sends nothing', async () => {
    const [server, mailer] = await serve()
    const { id } = await scheduled(ann, {})
    tomorrow()
    await sweep(ctx)
    const { send } = mailer
    const slow: Mailer = {
      ...mailer,
      send: async (mail, begin) => {
        await ctx.db.update(deliveries).set({ token: 'run_other' }).where(eq(deliveries.subjectId, id))
        return send?.(mail, begin) ?? { kind: 'unknown', reason: '' }
      },
    }
    await work(slow)
    expect(server.taken).toEqual([])
    expect(await ledger(id)).toMatchObject([{ state: 'running', token: 'run_other' }])
    expect(told).toEqual({})
  })

  test('without a mail server they are kept, and nothing is called sent', async () => {
    const { id } = await scheduled(ann, {})
    tomorrow()
    await sweep(ctx)
    await work(outbox)
    const [row] = await ledger(id)
    expect(row).toMatchObject({ state: 'outbox', reason: expect.stringMatching(/not mailed/) })
    const [kept] = await ctx.db
      .select()
      .from(outboxMails)
      .where(eq(outboxMails.deliveryId, row?.id ?? ''))
    const mail = await simpleParser(Buffer.from(kept?.message ?? '', 'latin1'))
    expect(mail.subject).toBe('By status')
    expect(mail.attachments).toHaveLength(1)
    expect(told).toEqual({ outbox: 1 })
  })

  test('nothing is sent while there are no rows, where that is wanted', async () => {
    const [server, mailer] = await serve()
    const { id } = await scheduled(ann, { skipIfEmpty: true }, { definition: noRows })
    tomorrow()
    await sweep(ctx)
    await work(mailer)
    expect(await ledger(id)).toMatchObject([{ state: 'skipped', reason: 'there were no rows', rowCount: 0 }])
    expect(server.taken).toEqual([])
  })

  test('what was deleted, unscheduled or taken off since is skipped', async () => {
    const [server, mailer] = await serve()
    const [gone, ended, other] = [await scheduled(ann, {}), await scheduled(ann, {}), await scheduled(ann, {})]
    tomorrow()
    await sweep(ctx)
    const call = { ctx, identity: ann.call.identity }
    await deleteTable({ ...call, id: gone.id })
    await unscheduleTable({ ...call, id: ended.id })
    const input = ScheduleConfig.parse({
      allowOutside: true,
      frequency: 'daily',
      recipients: ['other@x.org'],
      format: 'csv',
    })
    await scheduleTable({ ...call, id: other.id, input })
    await work(mailer)
    const reasons = await ctx.db.select({ state: deliveries.state, reason: deliveries.reason }).from(deliveries)
    expect(new Set(reasons.map(({ state }) => state))).toEqual(new Set(['skipped']))
    expect(reasons.map(({ reason }) => reason).toSorted()).toEqual([
      'the recipient was taken off the schedule',
      'the schedule was ended',
      'the table was deleted',
    ])
    expect(server.taken).toEqual([])
    expect(told).toEqual({ skipped: 3 })
  })

  test('when the one who scheduled it has left, it fails, says why, and the owner is told once', async () => {
    const [server, mailer] = await serve()
    const boss = await member(ctx, { role: 'admin', name: 'Boss' })
    const { id } = await scheduled(ann, {}, { visibility: 'ORG', orgPermission: 'edit' })
    const input = ScheduleConfig.parse({
      allowOutside: true,
      frequency: 'daily',
      recipients: ['a@x.org', 'b@x.org'],
      format: 'csv',
    })
    await scheduleTable({ ctx, identity: boss.call.identity, id, input })
    await ctx.db.delete(memberships).where(eq(memberships.userId, boss.userId))
    tomorrow()
    await sweep(ctx)
    await work(mailer)
    await work(mailer)
    const rows = await ledger(id)
    expect(rows.map(({ kind, state }) => [kind, state])).toEqual([
      ['scheduled', 'failed'],
      ['scheduled', 'failed'],
      ['notice', 'sent'],
    ])
    expect(rows[0]?.reason).toMatch(/has left the organization/)
    const [mail] = await server.parsed()
    expect(server.taken.map(({ to }) => to)).toEqual([`${ann.userId}@example.org`])
    expect(mail?.subject).toBe('Not sent: By status')
    expect(mail?.text).toMatch(/has left the organization/)
    expect(mail?.attachments).toEqual([])
    expect(told).toEqual({ failed: 2, sent: 1 })
  })

  test('while the data does not answer it is tried again; after the last try it has failed, and the owner is told', async () => {
    const [server, mailer] = await serve()
    const { id } = await scheduled(ann, {})
    tomorrow()
    await sweep(ctx)
    const known = ctx
    const away = async (): Promise<never> => {
      throw Object.assign(new Error('away'), { code: 'ECONNREFUSED' })
    }
    ctx = { ...known, source: { ...known.source, snapshot: away } }
    await work(mailer)
    expect(await ledger(id)).toMatchObject([
      { state: 'queued', attempts: 1, reason: 'Cannot reach the database: nothing listens at its address' },
    ])
    expect(told).toEqual({})
    await ctx.db
      .update(deliveries)
      .set({ attempts: MAX_ATTEMPTS - 1 })
      .where(eq(deliveries.subjectId, id))
    tomorrow()
    await work(mailer)
    ctx = known
    await work(mailer)
    expect((await ledger(id)).map(({ kind, state }) => [kind, state])).toEqual([
      ['scheduled', 'failed'],
      ['notice', 'sent'],
    ])
    const [mail] = await server.parsed()
    expect(mail?.text).toMatch(/nothing listens at its address \(30 attempts\)/)
    expect(server.taken.map(({ to }) => to)).toEqual([`${ann.userId}@example.org`])
    expect(told).toEqual({ failed: 1, sent: 1 })
  })

  test('a definition that no longer fits fails and says so, without naming columns', async () => {
    const [, mailer] = await serve()
    const { id } = await scheduled(ann, {})
    await ctx.db
      .update(tables)
      .set({ definition: { ...byStatus, groupBy: [{ field: 'gone' }] } })
      .where(eq(tables.id, id))
    tomorrow()
    await sweep(ctx)
    await work(mailer)
    expect((await ledger(id))[0]).toMatchObject({
      state: 'failed',
      reason: expect.stringMatching(/has 1 issue; change/),
    })
  })

  test('recipients who are members are shown only what both they and the scheduler may see', async () => {
    const [server, mailer] = await serve()
    const boss = await member(ctx, { role: 'admin' })
    const clerk = await member(ctx, { role: 'viewer' })
    const mailOf = async (userId: string) =>
      (await ctx.db.select().from(users).where(eq(users.id, userId)))[0]?.email ?? ''
    const [bossMail, clerkMail] = [await mailOf(boss.userId), await mailOf(clerk.userId)]
    const recipients = [bossMail, clerkMail.toUpperCase(), 'outside@x.org']
    await scheduled(boss, { recipients }, { definition: everybody })
    const hidden = await scheduled(boss, { recipients }, { definition: phones })
    const annToo = await scheduled(ann, { recipients: [bossMail] }, { definition: everybody })
    tomorrow()
    await sweep(ctx)
    await work(mailer)
    const mails = await server.parsed()
    const phonesIn = server.taken.map(({ to }, index) => [
      to.toLowerCase(),
      mails[index]?.attachments[0]?.content.toString().includes('555-1'),
    ])
    expect(phonesIn.filter(([to]) => to === clerkMail)).toEqual([[clerkMail, false]])
    expect(phonesIn.filter(([to]) => to === 'outside@x.org')).toEqual([
      // Whoever has no role here is shown what every member may see.
      ['outside@x.org', false],
    ])
    expect(
      phonesIn
        .filter(([to, has]) => to === bossMail && has !== undefined)
        .map(([, has]) => has)
        .toSorted(),
    ).toEqual([false, true, true])
    const refused = (await ledger(hidden.id)).filter(({ state }) => state === 'failed')
    expect(refused.map(({ recipient }) => recipient)).toEqual([clerkMail.toUpperCase(), 'outside@x.org'])
    for (const { reason } of refused) expect(reason).toMatch(/columns they may not see/)
    expect(await ledger(annToo.id)).toMatchObject([{ state: 'sent' }])
  })

  test('a worker that is stopped gives back what it has not begun', async () => {
    const [server, mailer] = await serve()
    const { id } = await scheduled(ann, { recipients: [...'abcdefghij'].map((n) => `${n}@x.org`) })
    tomorrow()
    await sweep(ctx)
    const stop = new AbortController()
    const { send } = mailer
    const stopping: Mailer = {
      ...mailer,
      send: async (mail, begin) => {
        stop.abort()
        return send?.(mail, begin) ?? { kind: 'unknown', reason: '' }
      },
    }
    await work(stopping, stop)
    const left = (await ledger(id)).map(({ state, attempts }) => `${state} ${attempts}`)
    expect(new Set(left)).toEqual(new Set(['sent 1', 'queued 0']))
    expect(server.taken.length).toBeLessThanOrEqual(3)
    await work(mailer)
    expect(server.taken).toHaveLength(10)
  })

  test('an organization sends as many mails in a day as the operator allows, and others theirs', async () => {
    const [server, mailer] = await serve()
    const limited = { ...ctx, mailsPerDay: 3 }
    const workLimited = async () => {
      for (const occurrence of await waiting(ctx.db, ctx.now()))
        await deliverOccurrence({ ctx: limited, mailer, occurrence, signal: new AbortController().signal })
    }
    const [first, second] = [
      ['a', 'b'],
      ['c', 'd', 'e'],
    ].map((names) => names.map((name) => `${name}@x.org`))
    const one = await scheduled(ann, { recipients: first })
    const two = await scheduled(ann, { recipients: second })
    const bob = await member(ctx, { name: 'Bob', organizationId: 'b' })
    const theirs = await scheduled(bob, { recipients: ['b@y.org', 'c@y.org', 'd@y.org'] })
    const states = async () =>
      (await Promise.all([one, two].map(({ id }) => ledger(id)))).flat().map(({ state, reason }) => [state, reason])
    tomorrow()
    await sweep(ctx)
    await workLimited()
    const over = 'the organization has had its 3 mails of the day'
    expect((await states()).toSorted()).toEqual([
      ...Array.from({ length: 3 }, () => ['sent', null]),
      ...Array.from({ length: 2 }, () => ['skipped', over]),
    ])
    expect((await ledger(theirs.id)).map(({ state }) => state)).toEqual(['sent', 'sent', 'sent'])
    expect(server.taken).toHaveLength(6)
    await ctx.db.delete(deliveries).where(eq(deliveries.state, 'skipped'))
    tomorrow()
    await sweep(ctx)
    await workLimited()
    expect((await states()).filter(([state]) => state === 'sent')).toHaveLength(6)
    expect(server.taken).toHaveLength(12)
  })

  test('a definition that was changed since is mailed as it is now, in the name it has now', async () => {
    const [server, mailer] = await serve()
    const { id, version } = await scheduled(ann, {})
    tomorrow()
    await sweep(ctx)
    await updateTable({ ctx, identity: ann.call.identity, id, version, input: { name: 'Renamed' } })
    await work(mailer)
    expect((await server.parsed())[0]?.subject).toBe('Renamed')
  })

  test('when nothing is due the sweep reads one index', async () => {
    const plan = await ctx.db.execute<{ 'QUERY PLAN': string }>(
      sql`explain select * from ${tables} where ${tables.nextScheduledRun} <= now() and ${tables.deletedAt} is null order by ${tables.nextScheduledRun} limit 100`,
    )
    expect(JSON.stringify(plan)).toMatch(/tables_due|Seq Scan/)
  })
})
