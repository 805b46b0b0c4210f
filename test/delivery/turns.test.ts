// Organizations take turns: one that has much to deliver, or delivers slowly, never keeps another one's mails waiting.
import { eq, sql } from 'drizzle-orm'
import { afterEach, describe, expect, inject, test } from 'vitest'
import type { ServiceContext } from '../../src/context.ts'
import { deliveries } from '../../src/db/schema-deliveries.ts'
import { tables } from '../../src/db/schema-tables.ts'
import { waiting } from '../../src/delivery/ledger.ts'
import type { Send } from '../../src/delivery/smtp.ts'
import { startWorker } from '../../src/jobs/worker.ts'
import { CreateTable, createTable } from '../../src/tables/create-table.ts'
import { scheduleTable } from '../../src/tables/schedule-table.ts'
import { ScheduleConfig } from '../../src/tables/schemas.ts'
import { member, pgliteService, postgresService, type Service } from '../setup/service.ts'

const definition = { version: 1, dataSources: ['contacts'], columns: [{ field: 'name' }] }
const databases = [
  { name: 'PGlite', open: pgliteService },
  { name: 'Postgres', open: () => postgresService(inject('postgresUrl'), 'delivery_turns') },
]

describe.each(databases)('a worker on $name', ({ open }) => {
  let service: Service
  let ctx: ServiceContext
  let stop = async (): Promise<void> => {}
  afterEach(async () => {
    await stop()
    await service.close()
  })

  /** A mail server that answers when it is told to; who is being mailed, and who was, in their order. */
  function slowServer() {
    const begun: string[] = []
    const answers = new Map<string, () => void>()
    const send: Send = async ({ to }, begin) => {
      if (!(await begin())) return { kind: 'unknown', reason: 'taken over' }
      begun.push(to)
      await new Promise<void>((done) => answers.set(to, done))
      return { kind: 'accepted', answer: '250 fine' }
    }
    return { begun, answer: (to: string) => answers.get(to)?.(), send }
  }

  /** Tables of an organization, each with one recipient: `x0@x.org`, `x1@x.org` … */
  async function scheduled(organizationId: string, count: number): Promise<{ ids: string[]; userId: string }> {
    const { call, userId } = await member(ctx, { organizationId })
    const ids: string[] = []
    for (let n = 0; n < count; n += 1) {
      const { table } = await createTable({ ...call, input: CreateTable.parse({ definition }) })
      const recipients = [`${organizationId}${n}@x.org`]
      const input = ScheduleConfig.parse({ allowOutside: true, frequency: 'daily', recipients, format: 'csv' })
      await scheduleTable({ ...call, id: table.id, input })
      ids.push(table.id)
    }
    return { ids, userId }
  }
  const dueAt = (organizationId: string, at: Date) =>
    ctx.db.update(tables).set({ nextScheduledRun: at }).where(eq(tables.organizationId, organizationId))

  async function begin(send: Send): Promise<ServiceContext> {
    const worker = await startWorker({
      ...{ ctx, store: service.store, config: service.config, pollSeconds: 0.5 },
      mailer: { from: 'tables@example.org', send },
    })
    stop = async () => {
      stop = async () => {}
      await worker.close()
    }
    return worker.ctx
  }

  test('leaves a place for others while one organization’s mails take for ever', async () => {
    service = await open()
    ctx = { ...service.ctx, now: () => new Date() }
    const { begun, answer, send } = slowServer()
    await scheduled('a', 12)
    await dueAt('a', new Date(Date.now() - 120_000))
    const working = await begin(send)
    await expect.poll(() => begun.length, { timeout: 20_000 }).toBe(4)
    // Nobody answers a, and b is mailed all the same.
    const { ids, userId } = await scheduled('b', 1)
    const [id = ''] = ids
    const occurrence = new Date()
    const recipients = ['b0@x.org']
    const config = ScheduleConfig.parse({ allowOutside: true, frequency: 'daily', recipients, format: 'csv' })
    await ctx.db.transaction(async (tx) => {
      await tx.insert(deliveries).values({
        ...{ organizationId: 'b', id: 'dlv_b', subjectId: id, kind: 'test', occurrence, recipient: 'b0@x.org' },
        ...{ config, runAs: userId, nextAttemptAt: occurrence },
      })
      await working.wake?.(tx, [{ organizationId: 'b', subjectId: id, occurrence }])
    })
    await expect.poll(() => begun.at(-1), { timeout: 20_000 }).toBe('b0@x.org')
    expect(begun.filter((to) => to.startsWith('a'))).toHaveLength(4)
    answer('b0@x.org')
    while (begun.length < 13) {
      for (const to of begun) answer(to)
      await new Promise((done) => setTimeout(done, 20))
    }
    for (const to of begun) answer(to)
    expect(new Set(begun).size).toBe(13)
  })

  test('takes what came due elsewhere a minute later before most of what one organization had due at once', async () => {
    service = await open()
    ctx = { ...service.ctx, now: () => new Date() }
    const { begun, answer, send } = slowServer()
    await scheduled('a', 20)
    await scheduled('b', 2)
    await scheduled('c', 1)
    await dueAt('a', new Date(Date.now() - 180_000))
    for (const one of ['b', 'c']) await dueAt(one, new Date(Date.now() - 120_000))
    await begin(send)
    while (begun.length < 23) {
      for (const to of [...begun]) answer(to)
      await new Promise((done) => setTimeout(done, 20))
    }
    for (const to of begun) answer(to)
    // As many go at a time as there are places, so the order is not exact to one.
    const places = ['b0@x.org', 'b1@x.org', 'c0@x.org'].map((to) => begun.indexOf(to))
    for (const place of places) expect(place).toBeLessThan(12)
  })

  test('wakes some of each organization where more waits than is woken at once', async () => {
    service = await open()
    ctx = { ...service.ctx, now: () => new Date() }
    const at = new Date(Date.now() - 60_000)
    const config = {}
    const row = (organizationId: string, n: number) => ({
      ...{ organizationId, id: `dlv_${n}`, subjectId: `tbl_${n}`, kind: 'now' as const, occurrence: at, config },
      ...{ recipient: 'x@x.org', runAs: 'nobody', nextAttemptAt: at },
    })
    await member(ctx, { organizationId: 'a' })
    await member(ctx, { organizationId: 'b' })
    await ctx.db
      .insert(deliveries)
      .values([
        ...Array.from({ length: 30 }, (_, n) => row('a', n)),
        ...Array.from({ length: 3 }, (_, n) => row('b', n)),
      ])
    await ctx.db.execute(sql`analyze tablewright.deliveries`)
    const woken = await waiting(ctx.db, ctx.now(), 8)
    expect(woken.map(({ organizationId, ahead }) => `${organizationId}${ahead}`).sort()).toEqual(
      ['a0', 'a1', 'a2', 'a3', 'a4', 'b0', 'b1', 'b2'].sort(),
    )
  })
})
