import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { Catalog } from '../../src/catalog/schema.ts'
import type { AppContext } from '../../src/context.ts'
import { Definition } from '../../src/definition/schema.ts'
import { nodeFiles } from '../../src/file-assets.ts'
import { postgresSource } from '../../src/rows/source.ts'
import { serveApp, silent, type TestApp } from '../setup/app.ts'
import { createDatabase } from '../setup/postgres.ts'

const catalog = Catalog.parse({
  version: 1,
  entities: {
    slow: {
      table: 'slow',
      label: 'Slow things',
      shared: true,
      primaryKey: ['n'],
      defaultColumns: ['n'],
      fields: { n: { column: 'n', type: 'integer', label: 'N' } },
    },
  },
})
const definition = Definition.parse({ dataSources: ['slow'] })

let admin: postgres.Sql
let source: ReturnType<typeof postgresSource>
let app: TestApp
let impatient: TestApp
beforeAll(async () => {
  const url = await createDatabase(inject('postgresUrl'), 'cancel_test')
  admin = postgres(url, { max: 1 })
  await admin`create view slow as select 1 as n from pg_sleep(30)`
  source = postgresSource(url)
  const ctx: AppContext = {
    catalog,
    source,
    ask: async () => ({ kind: 'answer', definition, confidence: 1, assumptions: [], translator: 'builtin', notes: [] }),
    suggestions: async () => [],
    scope: { organizationId: '', roles: [] },
    demo: false,
    ping: async () => {},
    now: () => new Date(),
    log: silent,
    limits: { maxRows: 10, timeoutMs: 60_000 },
    files: nodeFiles,
  }
  app = await serveApp(ctx)
  impatient = await serveApp({ ...ctx, limits: { maxRows: 10, timeoutMs: 200 } })
})
afterAll(async () => {
  await Promise.all([app.close(), impatient.close()])
  await source.close()
  await admin.end()
})

async function running(): Promise<number> {
  const [found] = await admin`
    select count(*)::int as n from pg_stat_activity
    where datname = current_database() and state = 'active' and query like '%"slow"%' and pid <> pg_backend_pid()`
  return found?.n ?? 0
}

async function until(wanted: number): Promise<void> {
  while ((await running()) !== wanted) await new Promise((done) => setTimeout(done, 25))
}

describe('a query that nobody waits for any more', () => {
  test.each([
    ['JSON', '/api/v1/tables/preview', { definition }, {}],
    ['steps', '/api/v1/tables/generate', { prompt: 'slow things' }, { Accept: 'text/event-stream' }],
  ])(
    'is stopped in the database when the client leaves (%s)',
    async (_, path, body, headers: Record<string, string>) => {
      const leaving = new AbortController()
      const asked = app.post(path, body, headers, leaving.signal).then((response) => response.text())
      await until(1)
      leaving.abort()
      await expect(asked).rejects.toThrow()
      await until(0)
    },
  )

  test('is stopped at the time limit, and the failure says what to do', async () => {
    const response = await impatient.post('/api/v1/tables/preview', { definition })
    expect(response.status).toBe(504)
    expect(await response.json()).toMatchObject({ error: { code: 'query_timeout', fix: expect.stringMatching(/./) } })
    await until(0)
  })
})
