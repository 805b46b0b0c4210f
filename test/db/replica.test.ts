// Reading from a replica: everything that asks the data works on a real hot standby, which takes no writes, lags behind,
// and ends reads that stand in its way.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { introspect } from '../../src/catalog/introspect.ts'
import { readConfig } from '../../src/config.ts'
import { postgresQuery } from '../../src/db/query.ts'
import { postgresStore } from '../../src/db/store.ts'
import { asUserError } from '../../src/errors.ts'
import { openService } from '../../src/open-service.ts'
import { postgresSource } from '../../src/rows/source.ts'
import { addPerson, serveApp, silent, type TestApp } from '../setup/app.ts'
import { type Cluster, restartableCluster } from '../setup/cluster.ts'
import { worldCatalog, worldSql } from '../setup/world.ts'

let cluster: Cluster
let replica: Awaited<ReturnType<Cluster['replica']>>
let primary: postgres.Sql
let standby: postgres.Sql
let app: TestApp
let service: Awaited<ReturnType<typeof openService>>
let folder: string
let headers: Record<string, string>

beforeAll(async () => {
  cluster = await restartableCluster()
  primary = postgres(cluster.url, { max: 2, onnotice: () => {} })
  await primary.unsafe(`${worldSql}; create table busy as select g as id from generate_series(1, 1000) g; analyze`)
  replica = await cluster.replica()
  standby = postgres(replica.url, { max: 1, onnotice: () => {} })
  folder = await mkdtemp(join(tmpdir(), 'tablewright-replica-catalog-'))
  const catalog = join(folder, 'catalog.json')
  await writeFile(catalog, JSON.stringify(worldCatalog))
  const config = readConfig({
    ...{ DATABASE_URL: cluster.url, SOURCE_DATABASE_URL: replica.url, CATALOG: catalog, ORGANIZATION_ID: 'a' },
    ...{ AUTH_SECRET: 'a secret of the tests, 32 characters', HOST: '0.0.0.0', TRANSLATOR: 'builtin' },
  })
  service = await openService({ config, log: silent })
  app = await serveApp(service.ctx)
  const { secret } = await addPerson(service.ctx, { organizationId: 'a', role: 'admin' })
  headers = { Authorization: `Bearer ${secret}` }
})
afterAll(async () => {
  await app?.close()
  await service?.close()
  await Promise.all([primary?.end(), standby?.end()])
  await replica?.end()
  await cluster?.end()
  await rm(folder, { recursive: true, force: true })
})

/** Until the replica has everything that the primary wrote so far. */
async function caughtUp(): Promise<void> {
  const [{ at = '' } = {}] = await primary<{ at: string }[]>`select pg_current_wal_insert_lsn()::text as at`
  const follows = async () => (await standby`select pg_last_wal_replay_lsn() >= ${at}::pg_lsn as there`)[0]?.there
  await expect.poll(follows, { timeout: 10_000, interval: 20 }).toBe(true)
}

/** Takes away what a read on the replica may still want to see. */
async function standInTheWay(): Promise<void> {
  await primary`delete from busy where id in (select min(id) from busy)`
  await primary`vacuum busy`
}

const definition = {
  version: 1,
  dataSources: ['donations'],
  groupBy: [{ field: 'status' }],
  aggregates: [{ id: 'n', fn: 'count' }],
  totals: true,
}
const preview = async (): Promise<unknown> => {
  const response = await app.post('/api/v1/tables/preview', { definition, timezone: 'UTC' }, headers)
  expect(response.status).toBe(200)
  return ((await response.json()) as { rows: unknown }).rows
}

describe('a replica as the source', () => {
  test('answers everything that asks the data: readiness, words, values, tables, pages, files', async () => {
    expect((await fetch(`${app.url}/health/ready`)).status).toBe(200)
    expect(await preview()).toEqual([
      ['completed', 8],
      ['refunded', 1],
    ])
    // "Major" is a value, and is only known when the values were read.
    const asked = await app.post('/api/v1/tables/generate', { prompt: 'contacts in segment Major' }, headers)
    expect(JSON.stringify(await asked.json())).toContain('Major')
    const made = await app.post('/api/v1/tables', { definition, name: 'By status' }, headers)
    const { id } = (await made.json()) as { id: string }
    expect((await app.post(`/api/v1/tables/${id}/refresh`, { timezone: 'UTC' }, headers)).status).toBe(200)
    expect((await fetch(`${app.url}/api/v1/tables/${id}/rows`, { headers })).status).toBe(200)
    for (const format of ['csv', 'xlsx', 'pdf']) {
      const file = await app.post('/api/v1/tables/export', { definition, format, timezone: 'UTC' }, headers)
      expect(file.status, format).toBe(200)
      expect((await file.arrayBuffer()).byteLength, format).toBeGreaterThan(20)
    }
  })

  test('can be looked at for a catalog, with the statistics that samples give', async () => {
    const { query, close } = postgresQuery(replica.url)
    const { catalog } = await introspect(query)
    expect(Object.keys(catalog.entities)).toContain('donations')
    await close()
  })

  test('is as far behind as it is, and says nothing that was never true', async () => {
    await standby`select pg_wal_replay_pause()`
    await primary`insert into donations values (100, 'a', 1, 1, 5, 0, 'completed', '2025-01-01 12:00Z')`
    const before = await preview()
    await standby`select pg_wal_replay_resume()`
    expect(before).toContainEqual(['completed', 8])
    await caughtUp()
    expect(await preview()).toContainEqual(['completed', 9])
  })

  test('that ends a read to go on following is asked again: while a statement runs, and between two of them', async () => {
    const source = postgresSource(replica.url)
    for (const between of [false, true]) {
      await caughtUp()
      let attempts = 0
      const counted = await source.snapshot({ timezone: 'UTC', timeoutMs: 20_000 }, async (run) => {
        attempts += 1
        const [[count] = []] = await run('select count(*) from busy', [])
        if (attempts > 1) return count
        await standInTheWay()
        if (between) await caughtUp()
        await run('select pg_sleep(10)', [])
        return count
      })
      expect(attempts).toBe(2)
      expect(counted).toBe(between ? '998' : '999')
    }
    await source.close()
  })

  test('that ends a file which has begun is not asked again; the error says what happened and what helps', async () => {
    const source = postgresSource(replica.url)
    await caughtUp()
    const file = source.snapshot({ timezone: 'UTC', timeoutMs: 20_000, idleTimeoutMs: 60_000 }, async (run) => {
      await run('select count(*) from busy', [])
      await standInTheWay()
      await run('select pg_sleep(10)', [])
    })
    const error = await file.catch((cause: unknown) => cause)
    expect(asUserError(error)).toMatchObject({
      code: 'source_unavailable',
      message: 'Cannot read the data: the replica ended the query to keep up with its primary',
    })
    await source.close()
  })

  test('can be chosen among several servers by the URL', async () => {
    const { host: first } = new URL(cluster.url)
    const { host: second } = new URL(replica.url)
    const url = `postgres://postgres:postgres@${first},${second}/postgres?target_session_attrs=standby`
    expect(readConfig({ SOURCE_DATABASE_URL: url }).sourceDatabaseUrl).toBe(url)
    const { query, close } = postgresQuery(url)
    expect(await query('select pg_is_in_recovery() as follows', [])).toEqual([{ follows: true }])
    await close()
  })

  test('as the store is refused with a sentence', async () => {
    await primary`create database empty_store`
    await caughtUp()
    const store = postgresStore(replica.url.replace(/\/postgres$/, '/empty_store'))
    const error = await store.migrate().catch((cause: unknown) => cause)
    expect(asUserError(error)).toMatchObject({
      code: 'source_unavailable',
      message: 'Cannot write to the store: its database takes no changes, as a replica does',
    })
    await store.close()
  })
})
