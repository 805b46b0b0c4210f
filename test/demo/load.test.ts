import { PGlite } from '@electric-sql/pglite'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { pgliteDatabase, postgresDatabase } from '../../src/demo/adapters.ts'
import { type DemoDatabase, type DemoProgress, loadDemo } from '../../src/demo/load.ts'
import prompts from '../golden/demo-prompts.json' with { type: 'json' }
import { createDatabase } from '../setup/postgres.ts'

const today = '2026-11-23'
const donations = 20_000

type Opened = { database: DemoDatabase; close: () => Promise<void> }

async function openPglite(): Promise<Opened> {
  const pglite = await PGlite.create()
  return { database: pgliteDatabase(pglite), close: () => pglite.close() }
}

async function openPostgres(): Promise<Opened> {
  const url = await createDatabase(inject('postgresUrl'), 'demo_load')
  const sql = postgres(url, { max: 3, onnotice: () => {} })
  return { database: postgresDatabase(sql), close: () => sql.end() }
}

describe.each([
  ['PGlite', openPglite],
  ['Postgres', openPostgres],
] as const)('the demo data in %s', (_, open) => {
  let opened: Opened
  const progress: DemoProgress[] = []
  const rows = async (sql: string, params: readonly unknown[] = []) => opened.database.query(sql, params)
  const one = async (sql: string, params: readonly unknown[] = []) => {
    const [row] = await rows(sql, params)
    return Object.fromEntries(
      Object.entries(row ?? {}).map(([name, value]) => [name, value === null ? null : Number(value)]),
    )
  }

  beforeAll(async () => {
    opened = await open()
    const report = (event: DemoProgress) => progress.push(event)
    const state = await loadDemo({ database: opened.database, today, donations, onProgress: report })
    expect(state).toMatchObject({ today, donations, loaded: true })
  }, 180_000)

  afterAll(async () => {
    await opened?.close()
  }, 60_000)

  it('is loaded once: asked again, even for another day or size, it stays as it is', async () => {
    const before = await rows('select loaded_at::text, row_count from demo.meta')
    const again = await loadDemo({ database: opened.database, today: '2027-01-01', donations: 2000 })
    expect(again).toMatchObject({ today, donations, loaded: false })
    expect(await rows('select loaded_at::text, row_count from demo.meta')).toEqual(before)
    expect(await one('select count(*) as n from demo.donations')).toEqual({ n: donations })
  })

  it('has in its tables the rows that were reported, and as many as it says', async () => {
    const totals = new Map(progress.map(({ table, rowCount }) => [table, rowCount]))
    for (const [table, rowCount] of totals) {
      expect([table, await one(`select count(*) as n from demo.${table}`)]).toEqual([table, { n: rowCount }])
    }
    const sum = [...totals.values()].reduce((a, b) => a + b, 0)
    expect(await one('select row_count as n from demo.meta')).toEqual({ n: sum })
  })

  it('has two tenants of different size, and a database that refuses a row that points into the other', async () => {
    const [small, large] = await rows(
      'select organization_id, count(*)::int as n from demo.donations group by 1 order by 2',
    )
    expect([small, large]).toEqual([
      { organization_id: 'org_hillcrest', n: donations / 5 },
      { organization_id: 'org_riverbend', n: (donations * 4) / 5 },
    ])
    const steal = `update demo.donations set contact_id = (select min(id) from demo.contacts where organization_id = 'org_hillcrest')
      where id = (select min(id) from demo.donations where organization_id = 'org_riverbend')`
    await expect(opened.database.exec(steal)).rejects.toThrow(/foreign key/)
  })

  it('tells of a campaign that failed: under a tenth of its goal raised, several times as much spent', async () => {
    const failed = await rows(
      `select c.name, (c.goal * 0.1 > r.raised)::text as far, (x.cost > 3 * r.raised)::text as dear, (x.cost > c.budget)::text as overspent
      from demo.campaigns c
      join lateral (select sum(amount) as raised from demo.donations d where d.campaign_id = c.id and d.status = 'completed') r on true
      join lateral (select sum(amount) as cost from demo.expenses e where e.campaign_id = c.id) x on true
      where c.status = 'completed' and r.raised < 0.1 * c.goal`,
    )
    expect(failed).toEqual([{ name: 'Riverfront Hall Building Fund', far: 'true', dear: 'true', overspent: 'true' }])
  })

  it('tells of a burst of refunds: most of one campaign’s gifts given back within eight days', async () => {
    const burst = await one(
      `select count(*) as gifts, count(*) filter (where d.status = 'refunded') as refunds,
        max(d.refunded_at)::date - min(d.refunded_at)::date as days
      from demo.donations d join demo.campaigns c on c.id = d.campaign_id where c.name like 'Match Weekend%'`,
    )
    expect(burst.refunds).toBeGreaterThan((burst.gifts ?? 0) / 2)
    expect(burst.days).toBeLessThanOrEqual(8)
    const others = await one(
      `select count(*) as gifts, count(*) filter (where d.status = 'refunded') as refunds
      from demo.donations d left join demo.campaigns c on c.id = d.campaign_id where c.name is null or c.name not like 'Match Weekend%'`,
    )
    expect(others.refunds).toBeLessThan((others.gifts ?? 0) / 50)
    expect(others.refunds).toBeGreaterThan(0)
  })

  it('peaks in November and December and dips in April and May', async () => {
    const season = await one(
      `select count(*) filter (where m in (11, 12)) / 6.0 as peak, count(*) filter (where m in (4, 5)) / 6.0 as dip, count(*) / 36.0 as usual
      from (select extract(month from received_at at time zone 'America/New_York') as m from demo.donations
        where received_at >= '2023-05-01T05:00Z' and received_at < '2026-05-01T05:00Z') t`,
    )
    expect(season.peak).toBeGreaterThan(1.4 * (season.usual ?? 0))
    expect(season.dip).toBeLessThan(0.9 * (season.usual ?? 0))
  })

  it('rises before a general election', async () => {
    const weeks = await one(
      `select count(*) filter (where received_at < '2024-11-06T05:00Z') / 4.0 as before, count(*) filter (where received_at < '2024-09-10T05:00Z') as usual
      from demo.donations where (received_at >= '2024-10-09T05:00Z' and received_at < '2024-11-06T05:00Z')
        or (received_at >= '2024-09-03T05:00Z' and received_at < '2024-09-10T05:00Z')`,
    )
    expect(weeks.before).toBeGreaterThan(1.3 * (weeks.usual ?? 0))
  })

  it('calls lapsed exactly those whose last gift is over 18 months old, and prospects those who never gave', async () => {
    const wrong = await rows(
      `select c.id, c.segment, g.last_day from demo.contacts c
      left join lateral (select max((received_at at time zone 'America/New_York')::date) as last_day
        from demo.donations d where d.contact_id = c.id and d.status = 'completed') g on true
      where (c.segment = 'Prospect') <> (g.last_day is null)
        or (c.segment = 'Lapsed') <> coalesce(g.last_day < $1::date - interval '18 months', false)`,
      [today],
    )
    expect(wrong).toEqual([])
    const counts = await one(
      `select count(*) filter (where segment = 'Lapsed') as lapsed, count(*) filter (where segment = 'Prospect') as prospects, count(*) as all from demo.contacts`,
    )
    expect(counts.lapsed).toBeGreaterThan((counts.all ?? 0) / 20)
    expect(counts.prospects).toBeGreaterThan((counts.all ?? 0) / 20)
  })

  it('has monthly donors who give every month, and a few major ones who give much of the money', async () => {
    const steady = await one(
      `select count(*) as n from (select contact_id from demo.donations where is_recurring and received_at >= '2025-11-01T05:00Z' and received_at < '2026-11-01T05:00Z'
        group by contact_id having count(distinct date_trunc('month', received_at at time zone 'America/New_York')) = 12) t`,
    )
    expect(steady.n).toBeGreaterThan(20)
    const share = await one(
      `select sum(amount) filter (where place <= people / 20) / sum(amount) as of_top_twentieth
      from (select sum(amount) as amount, row_number() over (order by sum(amount) desc) as place, count(*) over () as people
        from demo.donations where status = 'completed' and contact_id is not null group by contact_id) t`,
    )
    expect(share.of_top_twentieth).toBeGreaterThan(0.5)
  })

  it('keeps pledges and their payments in step', async () => {
    const wrong = await rows(
      `select p.id from demo.pledges p
      left join lateral (select sum(amount) as paid from demo.donations d where d.pledge_id = p.id and d.status = 'completed') g on true
      where p.paid_amount <> coalesce(g.paid, 0)
        or (p.status = 'fulfilled') <> (p.paid_amount = p.amount)
        or (p.status = 'overdue') <> (p.due_on < $1::date and p.paid_amount < p.amount and p.status <> 'cancelled')
        or exists (select 1 from demo.donations d where d.pledge_id = p.id and d.contact_id <> p.contact_id)`,
      [today],
    )
    expect(wrong).toEqual([])
    const kinds = await rows('select distinct status from demo.pledges')
    expect(kinds).toHaveLength(5)
  })

  it('has every kind of gap that a join can trip over', async () => {
    const gaps = await one(
      `select
        (select count(*) from demo.donations where contact_id is null) as anonymous,
        (select count(*) from demo.donations where campaign_id is null) as unsolicited,
        (select count(*) from demo.contacts where household_id is null) as alone,
        (select count(*) from demo.contacts where state is null) as homeless,
        (select count(*) from demo.contacts c where not exists (select 1 from demo.donations d where d.contact_id = c.id)) as never_gave,
        (select count(*) from demo.campaigns c where not exists (select 1 from demo.events e where e.campaign_id = c.id)) as no_events,
        (select count(*) from demo.campaigns c where not exists (select 1 from demo.donations d where d.campaign_id = c.id)) as no_gifts,
        (select count(*) from demo.events e where status = 'held' and not exists (select 1 from demo.attendances a where a.event_id = e.id)) as silent,
        (select count(*) from demo.events where campaign_id is null) as loose_events,
        (select count(*) from demo.expenses where campaign_id is null) as overhead,
        (select count(*) from demo.attendances where status = 'no_show') as no_shows`,
    )
    for (const [gap, count] of Object.entries(gaps)) expect([gap, (count ?? 0) > 0]).toEqual([gap, true])
  })

  it('lets nobody sign up after an event, before they are known, or for a seat that is not there', async () => {
    const wrong = await rows(
      `select e.id from demo.events e join demo.attendances a on a.event_id = e.id join demo.contacts c on c.id = a.contact_id
      group by e.id having max(a.registered_at) > e.starts_at or bool_or(c.created_at > a.registered_at) or count(*) > e.capacity
        or max(a.registered_at) > ($1::date + 1)::timestamp at time zone 'America/New_York'`,
      [today],
    )
    expect(wrong).toEqual([])
  })

  it('reports to the public what the donations and expenses say: in time, late, amended or overdue', async () => {
    const wrong = await rows(
      `select f.id, f.total_receipts, r.receipts, f.total_disbursements, s.spent from demo.filings f
      join lateral (select coalesce(sum(amount), 0) as receipts from demo.donations d
        where d.organization_id = f.organization_id and d.status = 'completed' and (f.campaign_id is null or d.campaign_id = f.campaign_id)
          and (d.received_at at time zone 'America/New_York')::date between f.period_start and f.period_end) r on true
      join lateral (select coalesce(sum(amount), 0) as spent from demo.expenses e
        where e.organization_id = f.organization_id and (f.campaign_id is null or e.campaign_id = f.campaign_id)
          and e.spent_on between f.period_start and f.period_end) s on true
      where f.total_disbursements <> s.spent or (f.total_receipts = r.receipts) = (f.status = 'superseded')`,
    )
    expect(wrong).toEqual([])
    const odd = await rows(
      `select id from demo.filings where (filed_on is null) <> (status in ('draft', 'overdue')) or filed_on <= period_end
        or (status = 'overdue') <> (filed_on is null and due_on < $1) or (status = 'amended') <> (amends_id is not null)
        or (penalty > 0) <> (filed_on > due_on and status <> 'amended')`,
      [today],
    )
    expect(odd).toEqual([])
    const counts = await rows('select status, count(*)::int > 0 as some from demo.filings group by 1')
    expect(new Set(counts.map(({ status }) => status))).toEqual(
      new Set(['draft', 'filed', 'amended', 'superseded', 'overdue']),
    )
    expect(
      (await rows(`select id from demo.filings where filed_on > due_on and status <> 'amended'`)).length,
    ).toBeGreaterThan(2)
  })

  it.each(prompts)('answers by hand, for each tenant with its own rows: $prompt', async ({ sql }) => {
    const answers = await Promise.all(
      ['org_riverbend', 'org_hillcrest', 'org_nobody'].map((organization) => rows(sql, [organization, today])),
    )
    expect(answers[0]?.length).toBeGreaterThan(0)
    expect(answers[1]).not.toEqual(answers[0])
    // Without rows there are no groups, counts are 0 and sums are empty.
    const left = (answers[2] as readonly object[]).flatMap((row) => Object.values(row))
    expect(left.filter((cell) => cell !== null && Number(cell) !== 0)).toEqual([])
  })

  it('leaves nothing behind when loading breaks off, so that the next start loads it whole', async () => {
    const other = await loadDemo({
      database: broken(opened.database, 'pledges'),
      today: '2025-06-30',
      donations: 2000,
      replace: true,
    }).catch((error: unknown) => error)
    expect(String(other)).toContain('the cable was pulled')
    expect(await one('select count(*) as n from demo.donations')).toEqual({ n: donations })

    await opened.database.exec('delete from demo.meta')
    const state = await loadDemo({ database: opened.database, today: '2025-06-30', donations: 2000 })
    expect(state).toMatchObject({ today: '2025-06-30', donations: 2000, loaded: true })
    expect(await one('select count(*) as n from demo.donations')).toEqual({ n: 2000 })
  })

  it('is loaded by one only when two start at once', async () => {
    await opened.database.exec('drop schema demo cascade')
    const load = () => loadDemo({ database: opened.database, today, donations: 2000 })
    const states = await Promise.all([load(), load()])
    expect(states.map(({ loaded }) => loaded).sort()).toEqual([false, true])
    expect(await one('select count(*) as n from demo.donations')).toEqual({ n: 2000 })
  })

  it('never touches a schema "demo" that is somebody else’s', async () => {
    await opened.database.exec('drop schema demo cascade; create schema demo; create table demo.precious (id integer)')
    const attempt = loadDemo({ database: opened.database, today, donations: 2000, replace: true })
    await expect(attempt).rejects.toThrow('schema "demo" holds something else')
    expect(await rows('select count(*)::int as n from demo.precious')).toEqual([{ n: 0 }])
  })
})

/** The same database, whose connection breaks when a table's turn comes. */
function broken(database: DemoDatabase, table: string): DemoDatabase {
  return {
    ...database,
    transaction: (work) => database.transaction((inside) => work(broken(inside, table))),
    copyCsv: (into, columns, chunks) =>
      into === `demo.${table}`
        ? Promise.reject(new Error('the cable was pulled'))
        : database.copyCsv(into, columns, chunks),
  }
}

it('two processes that find the demo data too old at the same time load it once', async () => {
  const url = await createDatabase(inject('postgresUrl'), 'demo_load_twice')
  const sql = postgres(url, { max: 3, onnotice: () => {} })
  const database = postgresDatabase(sql)
  await loadDemo({ database, today: '2026-01-01', donations: 2000 })
  const anew = () => loadDemo({ database, today, donations: 2000, replace: true })
  const loaded = await Promise.all([anew(), anew(), anew()])
  expect(loaded.filter((one) => one.loaded)).toHaveLength(1)
  expect(loaded.map((one) => one.today)).toEqual([today, today, today])
  await sql.end()
})
