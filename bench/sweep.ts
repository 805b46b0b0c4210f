// What a look for due schedules costs by how many there are and how many are due: time, rows read, and the deliveries that
// it writes. Real Postgres; each size in a fresh database.
// Run: node bench/sweep.ts
import postgres from 'postgres'
import { deliveries } from '../src/db/schema-deliveries.ts'
import { sweep } from '../src/delivery/sweep.ts'
import { ScheduleConfig } from '../src/schedules/config.ts'
import { createDatabase, startPostgres } from '../test/setup/postgres.ts'
import { member, serviceAt } from '../test/setup/service.ts'

const NOW = new Date('2026-03-02T08:00:30Z')
const DUE = new Date('2026-03-02T08:00:00Z')
const LATER = new Date('2026-03-09T08:00:00Z')
const config = ScheduleConfig.parse({
  ...{ frequency: 'weekly', timezone: 'America/New_York', allowOutside: true, format: 'csv' },
  recipients: ['a@example.org', 'b@example.org', 'c@example.org'],
})

const server = await startPostgres()
try {
  console.log('| schedules | due | nothing due | due ones | deliveries written | rows read to find them |')
  console.log('| ---: | ---: | ---: | ---: | ---: | ---: |')
  for (const [schedules, due] of [
    [1000, 1000],
    [10_000, 1000],
    [100_000, 1000],
    [100_000, 10_000],
  ] as const) {
    const url = await createDatabase(server.url, `bench_sweep_${schedules}_${due}`)
    const service = await serviceAt(url)
    const sql = postgres(url, { max: 1, onnotice: () => {} })
    const ann = await member(service.ctx)
    const definition = { version: 1, dataSources: ['contacts'], columns: [{ field: 'name' }] }
    await sql`insert into tablewright.tables (organization_id, id, name, created_via, definition, created_by, owner_id,
      updated_by, schedule_config, scheduled_by, next_scheduled_run)
      select 'a', 'tbl_' || lpad(n::text, 20, '0'), 'T' || n, 'BUILDER', ${sql.json(definition)}, ${ann.userId}, ${ann.userId},
      ${ann.userId}, ${sql.json(config as never)}, ${ann.userId}, ${LATER}::timestamptz + n * interval '1 second'
      from generate_series(1, ${schedules}::int) n`
    await sql`vacuum analyze tablewright.tables`
    const ctx = { ...service.ctx, now: () => NOW }
    const timed = async (): Promise<number> => {
      const begun = performance.now()
      await sweep(ctx)
      return performance.now() - begun
    }
    await timed()
    const idle = median(await times(5, timed))
    await sql`update tablewright.tables set next_scheduled_run = ${DUE} where id in
      (select id from tablewright.tables order by md5(id) limit ${due})`
    await sql`analyze tablewright.tables`
    const [plan] = await sql`explain (analyze, format json) select id from tablewright.tables
      where next_scheduled_run <= ${NOW} and deleted_at is null order by next_scheduled_run limit ${due} for update skip locked`
    const read = rowsRead((plan as { 'QUERY PLAN': { Plan: PlanNode }[] })['QUERY PLAN'][0]?.Plan)
    const busy = await timed()
    const written = (await service.ctx.db.select({ id: deliveries.id }).from(deliveries)).length
    const n = (value: number) => value.toLocaleString('en-US')
    console.log(
      `| ${n(schedules)} | ${n(due)} | ${idle.toFixed(1)} ms | ${n(Math.round(busy))} ms | ${n(written)} | ${n(read)} |`,
    )
    await sql.end()
    await service.close()
  }
} finally {
  await server.stop()
}

type PlanNode = { 'Node Type': string; 'Actual Rows': number; 'Rows Removed by Filter'?: number; Plans?: PlanNode[] }

function rowsRead(node: PlanNode | undefined): number {
  if (node === undefined) return 0
  const own = node['Node Type'].includes('Scan') ? node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) : 0
  return own + (node.Plans ?? []).reduce((sum, child) => sum + rowsRead(child), 0)
}

async function times(count: number, work: () => Promise<number>): Promise<number[]> {
  const found: number[] = []
  for (let index = 0; index < count; index += 1) found.push(await work())
  return found
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
