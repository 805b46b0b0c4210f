// What a look for due schedules costs by how many there are and how many are due: time, rows read, and the deliveries that
// it writes. Real Postgres; each size in a fresh database.
import postgres from 'postgres'
import { deliveries } from '../src/db/schema-deliveries.ts'
import { sweep } from '../src/delivery/sweep.ts'
import { ScheduleConfig } from '../src/schedules/config.ts'
import { createDatabase } from '../test/setup/postgres.ts'
import { member, serviceAt } from '../test/setup/service.ts'
import { median, ms, type Part, whole } from './report.ts'

const NOW = new Date('2026-03-02T08:00:30Z')
const DUE = new Date('2026-03-02T08:00:00Z')
const LATER = new Date('2026-03-09T08:00:00Z')
const config = ScheduleConfig.parse({
  ...{ frequency: 'weekly', timezone: 'America/New_York', allowOutside: true, format: 'csv' },
  recipients: ['a@example.org', 'b@example.org', 'c@example.org'],
})

const SIZES: readonly (readonly [schedules: number, due: number])[] = [
  [1000, 1000],
  [10_000, 1000],
  [100_000, 1000],
  [100_000, 10_000],
]

export const sweepPart: Part = async ({ quick, server, say }) => {
  const { url } = await server()
  const rows: string[][] = []
  for (const [schedules, due] of quick ? SIZES.slice(0, 3) : SIZES) {
    say(`sweeping ${whole(schedules)} schedules, ${whole(due)} due`)
    const { idle, busy, written, read } = await measure(url, schedules, due)
    const rate = whole(written / (busy / 1000))
    rows.push([
      ...[schedules, due].map(whole),
      ms(idle),
      ms(busy),
      ...[written, rate, read].map((n) => n.toLocaleString('en-US')),
    ])
  }
  return {
    title: 'Sweep: the look for due schedules',
    how: 'Weekly schedules of three recipients in a fresh database for each line; the median of five looks that find nothing, and one that finds what is due and writes its deliveries.',
    sections: [
      {
        head: ['schedules', 'due', 'nothing due', 'due ones', 'deliveries', 'deliveries/s', 'rows read to find them'],
        rows,
      },
    ],
  }
}

type Swept = { readonly idle: number; readonly busy: number; readonly written: number; readonly read: number }

async function measure(server: string, schedules: number, due: number): Promise<Swept> {
  const url = await createDatabase(server, `bench_sweep_${schedules}_${due}`)
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
  const idle = median(await repeated(5, timed))
  await sql`update tablewright.tables set next_scheduled_run = ${DUE} where id in
    (select id from tablewright.tables order by md5(id) limit ${due})`
  await sql`analyze tablewright.tables`
  const [plan] = await sql`explain (analyze, format json) select id from tablewright.tables
    where next_scheduled_run <= ${NOW} and deleted_at is null order by next_scheduled_run limit ${due} for update skip locked`
  const read = rowsRead((plan as { 'QUERY PLAN': { Plan: PlanNode }[] })['QUERY PLAN'][0]?.Plan)
  const busy = await timed()
  const written = (await service.ctx.db.select({ id: deliveries.id }).from(deliveries)).length
  await sql.end()
  await service.close()
  return { idle, busy, written, read }
}

type PlanNode = { 'Node Type': string; 'Actual Rows': number; 'Rows Removed by Filter'?: number; Plans?: PlanNode[] }

function rowsRead(node: PlanNode | undefined): number {
  if (node === undefined) return 0
  const own = node['Node Type'].includes('Scan') ? node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) : 0
  return own + (node.Plans ?? []).reduce((sum, child) => sum + rowsRead(child), 0)
}

async function repeated(count: number, work: () => Promise<number>): Promise<number[]> {
  const found: number[] = []
  for (let index = 0; index < count; index += 1) found.push(await work())
  return found
}
