import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { definitionToRows, definitionToStream, type StreamInput } from '../../src/pipeline.ts'
import type { Source } from '../../src/rows/source.ts'
import type { TableStream } from '../../src/rows/stream.ts'
import { cases } from '../golden/cases.ts'
import { pgliteWorld, postgresWorld, type World, worldCatalog, worldClock, worldScope } from '../setup/world.ts'

const GIFTS = 5000
const worlds: Record<string, World> = {}
let admin: postgres.Sql

beforeAll(async () => {
  worlds.pglite = await pgliteWorld()
  worlds.postgres = await postgresWorld(inject('postgresUrl'), 'stream_world')
  const url = new URL(inject('postgresUrl'))
  url.pathname = '/stream_world'
  admin = postgres(url.href, { max: 1, onnotice: () => {} })
})
afterAll(async () => {
  await admin.end()
  await Promise.all(Object.values(worlds).map((world) => world.close()))
})

const worldOf = (name: string): World => {
  const world = worlds[name]
  if (world === undefined) throw new Error(`no world "${name}"`)
  return world
}
const inputOf = (source: Source, definition: object, more: Partial<StreamInput> = {}): StreamInput => ({
  definition,
  catalog: worldCatalog,
  scope: worldScope,
  clock: worldClock,
  source,
  maxRows: 100_000,
  timeoutMs: 10_000,
  ...more,
})
async function open(source: Source, definition: object, more: Partial<StreamInput> = {}): Promise<TableStream> {
  const outcome = await definitionToStream(inputOf(source, definition, more))
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.issues))
  return outcome.stream
}
async function everyRow(stream: TableStream): Promise<unknown[]> {
  const rows: unknown[] = []
  for await (const batch of stream.batches) rows.push(...batch.cells())
  return rows
}

/** The same source, counting the statements that fetch. */
function counting(source: Source): { source: Source; fetches: () => number } {
  let fetches = 0
  const counted: Source = {
    ...source,
    snapshot: (options, work) =>
      source.snapshot(options, (run, runBytes) =>
        work(run, (text, params) => {
          if (text.startsWith('fetch')) fetches += 1
          return runBytes(text, params)
        }),
      ),
  }
  return { source: counted, fetches: () => fetches }
}

/** Snapshots that clients hold open; autovacuum has transactions of its own. */
async function openSnapshots(): Promise<number> {
  const [found] = await admin`
    select count(*)::int as n from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null
      and backend_type = 'client backend'`
  return found?.n ?? 0
}
async function untilNoSnapshot(): Promise<void> {
  while ((await openSnapshots()) > 0) await new Promise((done) => setTimeout(done, 20))
}

const many = (rows: number) =>
  `insert into donations select 1000 + i, 'a', 1, 1, i, 0, 'completed', timestamptz '2025-01-01' + i * interval '1 minute'
   from generate_series(1, ${rows}) i`
const gifts = { dataSources: ['donations'], columns: [{ field: 'id' }, { field: 'amount' }, { field: 'received_at' }] }

describe('rows in batches', () => {
  for (const name of ['pglite', 'postgres'])
    test(`are the rows, columns and totals that the screen shows, for every golden definition (${name})`, async () => {
      const { source } = worldOf(name)
      for (const definition of Object.values(cases).flatMap((family) => Object.values(family))) {
        const screen = await definitionToRows(inputOf(source, definition))
        if (!screen.ok) throw new Error(JSON.stringify(screen.issues))
        const stream = await open(source, definition)
        expect(stream.columns).toEqual(screen.result.columns)
        expect(stream.totals).toEqual(screen.result.totals)
        expect(await everyRow(stream)).toEqual(screen.result.rows)
        expect([stream.rowCount(), stream.truncated()]).toEqual([screen.result.rows.length, false])
      }
    })

  test('a value the database does not accept is an issue, before any row', async () => {
    for (const name of ['pglite', 'postgres']) {
      const filters = { field: 'id', op: 'eq', value: 'not a number' }
      const outcome = await definitionToStream(inputOf(worldOf(name).source, { ...gifts, filters }))
      expect(outcome).toMatchObject({ ok: false, issues: [{ code: expect.stringMatching(/./) }] })
    }
    await untilNoSnapshot()
  })
})

describe('many rows', () => {
  beforeAll(async () => {
    for (const world of Object.values(worlds)) await world.execute(many(GIFTS))
  })

  for (const name of ['pglite', 'postgres'])
    test(`all arrive once and in order, and the cap is exact and said (${name})`, async () => {
      const { source } = worldOf(name)
      const screen = await definitionToRows(inputOf(source, gifts))
      if (!screen.ok) throw new Error('no rows')
      const all = screen.result.rows
      expect(all.length).toBeGreaterThan(GIFTS)
      for (const maxRows of [1, 100, 101, 1100, all.length - 1, all.length, all.length + 1]) {
        const stream = await open(source, gifts, { maxRows })
        const rows = await everyRow(stream)
        expect(rows).toEqual(all.slice(0, maxRows))
        expect([stream.truncated(), stream.rowCount()]).toEqual([maxRows < all.length, rows.length])
      }
    })

  test('a reader that waits is waited for: no more than three batches are fetched ahead', async () => {
    const counted = counting(worldOf('postgres').source)
    const stream = await open(counted.source, gifts)
    const batches = stream.batches[Symbol.asyncIterator]()
    await batches.next()
    await new Promise((done) => setTimeout(done, 200))
    expect(counted.fetches()).toBe(4)
    await batches.next()
    await new Promise((done) => setTimeout(done, 200))
    expect(counted.fetches()).toBe(5)
    await stream.close()
    await untilNoSnapshot()
  })

  test('one snapshot: what is written while the rows are read does not appear in them', async () => {
    const world = worldOf('postgres')
    const stream = await open(world.source, { ...gifts, totals: false })
    const batches = stream.batches[Symbol.asyncIterator]()
    const first = await batches.next()
    await world.execute("insert into donations values (900001, 'a', 1, 1, 5, 0, 'completed', now())")
    let count = first.done === true ? 0 : first.value.length
    for (let next = await batches.next(); next.done !== true; next = await batches.next()) count += next.value.length
    await world.execute('delete from donations where id = 900001')
    const after = await everyRow(await open(world.source, gifts))
    expect(count).toBe(after.length)
  })

  test('a reader that leaves early, or never starts, gives its snapshot back', async () => {
    const { source } = worldOf('postgres')
    const left = await open(source, gifts)
    for await (const _ of left.batches) break
    const unread = await open(source, gifts)
    expect(await openSnapshots()).toBe(1)
    await unread.close()
    const leaving = new AbortController()
    const abandoned = await open(source, gifts, { signal: leaving.signal })
    leaving.abort()
    await expect(everyRow(abandoned)).rejects.toThrow(/abort/i)
    await untilNoSnapshot()
  })

  test('a reader that takes for ever loses the snapshot, however steadily it reads', async () => {
    const { source } = worldOf('postgres')
    const slow = await open(source, gifts, { longestMs: 300 })
    const batches = slow.batches[Symbol.asyncIterator]()
    await batches.next()
    expect(await openSnapshots()).toBe(1)
    await untilNoSnapshot()
    const rest = async (): Promise<void> => {
      for (let next = await batches.next(); next.done !== true; next = await batches.next());
    }
    await expect(rest()).rejects.toMatchObject({ code: 'query_timeout' })
    await slow.close()
    // A quick one is not held to it.
    expect((await everyRow(await open(source, gifts, { longestMs: 60_000 }))).length).toBeGreaterThan(GIFTS)
  })

  test('a connection that is lost fails the rows that were to come, and nothing else', async () => {
    const { source } = worldOf('postgres')
    const kill = () => admin`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null
      and backend_type = 'client backend'`
    const waiting = await open(source, gifts)
    const batches = waiting.batches[Symbol.asyncIterator]()
    await batches.next()
    await new Promise((done) => setTimeout(done, 100))
    await kill()
    await new Promise((done) => setTimeout(done, 100))
    const rest = async (): Promise<void> => {
      for (let next = await batches.next(); next.done !== true; next = await batches.next());
    }
    await expect(rest()).rejects.toThrow(/CONNECTION_CLOSED|terminating connection/)
    await waiting.close()
    expect((await everyRow(await open(source, gifts))).length).toBeGreaterThan(GIFTS)
  })

  test('a slow reader of the embedded database keeps nobody else waiting', async () => {
    const { source } = worldOf('pglite')
    const slow = await open(source, gifts)
    const batches = slow.batches[Symbol.asyncIterator]()
    await batches.next()
    const screen = await definitionToRows(inputOf(source, { dataSources: ['campaigns'] }))
    expect(screen.ok).toBe(true)
    await slow.close()
  })

  test('wide rows come in small batches', async () => {
    const world = worldOf('postgres')
    await world.execute(`insert into notes select 'a', 1, repeat(chr(120), 100000), null from generate_series(1, 300)`)
    const stream = await open(world.source, { dataSources: ['notes'], columns: [{ field: 'body' }] })
    const sizes: number[] = []
    for await (const batch of stream.batches) sizes.push(batch.length)
    expect(Math.max(...sizes.slice(1))).toBeLessThanOrEqual(5)
  })
})

describe('a query that nobody waits for any more', () => {
  test('is stopped in the database when its first rows are slow to come', async () => {
    const world = worldOf('postgres')
    await world.execute(`alter table campaigns rename to campaigns_kept;
      create view campaigns as select id, org, name, channel, goal, parent_id, starts_on from campaigns_kept
      union all select 1000 + i, 'a', 'slow' || case when i = 1500 then pg_sleep(30)::text else '' end, null, 1, null, null
      from generate_series(1, 3000) i`)
    const definition = { dataSources: ['campaigns'], columns: [{ field: 'name' }], limit: 3000 }
    const sorted = { ...definition, sortBy: [{ field: 'name' }] }
    const leaving = new AbortController()
    const waiting = open(world.source, sorted, { signal: leaving.signal, timeoutMs: 60_000 })
    setTimeout(() => leaving.abort(), 100)
    await expect(waiting).rejects.toThrow(/abort/i)
    await untilNoSnapshot()
    const impatient = await definitionToStream(inputOf(world.source, sorted, { timeoutMs: 200 }))
    expect(impatient).toMatchObject({ ok: false, issues: [{ code: 'too-slow' }] })
    await untilNoSnapshot()
  })
})
