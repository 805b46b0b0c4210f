import { asc, count, eq, sql } from 'drizzle-orm'
import { afterAll, describe, expect, inject, test } from 'vitest'
import { deliveries } from '../../src/db/schema-deliveries.ts'
import { tables } from '../../src/db/schema-tables.ts'
import { smtpSender } from '../../src/delivery/smtp.ts'
import { startWorker } from '../../src/jobs/worker.ts'
import { CreateTable, createTable } from '../../src/tables/create-table.ts'
import { scheduleTable } from '../../src/tables/schedule-table.ts'
import { ScheduleConfig } from '../../src/tables/schemas.ts'
import { member, pgliteService, postgresService, type Service } from '../setup/service.ts'
import { mailServer } from '../setup/smtp.ts'

const postgres = (name: string) => postgresService(inject('postgresUrl'), name)
const databases = [
  { name: 'PGlite', open: pgliteService, queueBackend: 'postgres' },
  { name: 'Postgres', open: () => postgres('delivery_worker'), queueBackend: 'postgres' },
  // The statements that the queue uses there, which Postgres knows as well.
  { name: 'Postgres, as if it were Citus', open: () => postgres('delivery_citus'), queueBackend: 'citus' },
  { name: 'Postgres, as if it were CockroachDB', open: () => postgres('delivery_roach'), queueBackend: 'cockroachdb' },
] as const

describe.each(databases)('a worker on $name', ({ open, queueBackend }) => {
  let service: Service
  afterAll(() => service.close())

  test('delivers what was missed at its start, and what it is woken for, and stops when told', async () => {
    service = await open()
    const server = await mailServer()
    const ctx = { ...service.ctx, now: () => new Date() }
    const ann = await member(ctx)
    const call = { ctx, identity: ann.call.identity }
    const definition = { version: 1, dataSources: ['contacts'], columns: [{ field: 'name' }] }
    const due = async (recipient: string) => {
      const { table } = await createTable({ ...call, input: CreateTable.parse({ definition }) })
      const input = ScheduleConfig.parse({
        allowOutside: true,
        frequency: 'daily',
        recipients: [recipient],
        format: 'csv',
      })
      await scheduleTable({ ...call, id: table.id, input })
      const nextScheduledRun = new Date(Date.now() - 60_000)
      await ctx.db.update(tables).set({ nextScheduledRun }).where(eq(tables.id, table.id))
      return table.id
    }
    await due('missed@x.org')
    const worker = await startWorker({
      ctx,
      store: service.store,
      config: { ...service.config, queueBackend },
      mailer: { from: 'tables@example.org', send: smtpSender(server.url) },
      pollSeconds: 0.5,
    })
    await expect.poll(() => server.taken.map(({ to }) => to), { timeout: 15_000 }).toEqual(['missed@x.org'])
    // As a verb does it: the row and the wake in one transaction.
    const subjectId = await due('woken@x.org')
    const occurrence = new Date()
    await ctx.db.transaction(async (tx) => {
      await tx.insert(deliveries).values({
        ...{ organizationId: 'a', id: 'dlv_woken', subjectId, kind: 'now', occurrence, recipient: 'woken@x.org' },
        config: ScheduleConfig.parse({
          allowOutside: true,
          frequency: 'daily',
          recipients: ['woken@x.org'],
          format: 'csv',
        }),
        ...{ runAs: ann.userId, nextAttemptAt: occurrence },
      })
      await worker.ctx.wake?.(tx, [{ organizationId: 'a', subjectId, occurrence }])
    })
    await expect.poll(() => server.taken.map(({ to }) => to), { timeout: 15_000 }).toContain('woken@x.org')
    await worker.close()
    const rows = await ctx.db.select().from(deliveries).orderBy(asc(deliveries.createdAt))
    expect(rows.map(({ state }) => state)).toEqual(['sent', 'sent'])
    await server.close()
    // The queue is made as that database needs it, not as Postgres would have it.
    const parted = await ctx.db
      .select({ n: count() })
      .from(sql`pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid`)
      .where(sql`c.relnamespace = 'tablewright_jobs'::regnamespace`)
    expect((parted[0]?.n ?? 0) > 0).toBe(queueBackend !== 'cockroachdb')
  })
})
