// What the metrics tell of mails that wait: also of those whose attempts fail, and of schedules that nobody takes up, as
// an alert on lateness must find both.
import { afterEach, describe, expect, inject, test } from 'vitest'
import { deliveries } from '../../src/db/schema-deliveries.ts'
import { tables } from '../../src/db/schema-tables.ts'
import { prometheus } from '../../src/server/prometheus.ts'
import { CreateTable, createTable } from '../../src/tables/create-table.ts'
import { scheduleTable } from '../../src/tables/schedule-table.ts'
import { ScheduleConfig } from '../../src/tables/schemas.ts'
import { member, pgliteService, postgresService, type Service } from '../setup/service.ts'

const NOW = new Date('2026-03-02T12:00:00Z')
const ago = (seconds: number): Date => new Date(NOW.getTime() - seconds * 1000)

const databases = [
  { name: 'PGlite', open: pgliteService },
  { name: 'Postgres', open: () => postgresService(inject('postgresUrl'), 'waiting_mails') },
]

describe.each(databases)('on $name', ({ open }) => {
  let service: Service
  afterEach(() => service.close())

  async function told(): Promise<Record<string, number>> {
    const prom = prometheus({ prices: undefined })
    prom.watch({ db: service.ctx.db, now: () => NOW, health: service.ctx.health })
    const { text } = await prom.render()
    const lines = text
      .split('\n')
      .filter((line) => /^tablewright_(deliveries_open|delivery_lateness|store_up)/.test(line))
    return Object.fromEntries(
      lines.map((line) => [
        line.replace(/^tablewright_(?:deliveries_open\{state="(\w+)"\}|(\w+)) .*/, '$1$2'),
        Number(line.split(' ').at(-1)),
      ]),
    )
  }

  test('each state is counted, and lateness goes by when a mail was due, whatever became of its attempts', async () => {
    service = await open()
    const { db } = service.ctx
    const nothing = { queued: 0, retrying: 0, running: 0, sending: 0, delivery_lateness_seconds: 0, store_up: 1 }
    expect(await told()).toEqual(nothing)
    await member(service.ctx)
    let n = 0
    const put = (row: Partial<typeof deliveries.$inferInsert> & { occurrence: Date }) =>
      db.insert(deliveries).values({
        ...{ organizationId: 'a', id: `dlv_${++n}`, subjectId: 'tbl_a', kind: 'scheduled', recipient: `r${n}@x.org` },
        ...{ config: {}, runAs: 'nobody', nextAttemptAt: row.occurrence, createdAt: row.occurrence, ...row },
      })
    await put({ occurrence: ago(30) })
    expect(await told()).toMatchObject({ queued: 1, retrying: 0, delivery_lateness_seconds: 30 })
    // The mail server is away: the next attempt is in the future, and the mail is late all the same.
    await put({ occurrence: ago(7200), attempts: 7, nextAttemptAt: ago(-3600) })
    expect(await told()).toMatchObject({ queued: 1, retrying: 1, delivery_lateness_seconds: 7200 })
    await put({ occurrence: ago(9000), attempts: 1, state: 'sending', leaseUntil: ago(-60) })
    await put({ occurrence: ago(99_000), state: 'sent', finishedAt: ago(98_000) })
    // Sent again by hand, days after it failed.
    await put({ occurrence: ago(500_000), attempts: 0, nextAttemptAt: ago(5) })
    expect(await told()).toMatchObject({ queued: 2, retrying: 1, sending: 1, delivery_lateness_seconds: 9000 })
  })

  test('a schedule that no worker takes up is late, and one that was deleted is not', async () => {
    service = await open()
    const { call } = await member(service.ctx)
    const definition = { version: 1, dataSources: ['contacts'], columns: [{ field: 'name' }] }
    const { table } = await createTable({ ...call, input: CreateTable.parse({ definition }) })
    const rule = { allowOutside: true, frequency: 'daily', recipients: ['a@x.org'], format: 'csv' }
    await scheduleTable({ ...call, id: table.id, input: ScheduleConfig.parse(rule) })
    await service.ctx.db.update(tables).set({ nextScheduledRun: ago(4000) })
    expect(await told()).toMatchObject({ queued: 0, delivery_lateness_seconds: 4000 })
    await service.ctx.db.update(tables).set({ deletedAt: ago(10) })
    expect(await told()).toMatchObject({ delivery_lateness_seconds: 0 })
  })
})
