// A server that is told to stop finishes what it was asked before, takes nothing new, and ends without a complaint.
import postgres from 'postgres'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { startCli } from '../setup/cli.ts'
import { createDatabase } from '../setup/postgres.ts'

let database: postgres.Sql
let server: ReturnType<typeof startCli>
let url = ''

beforeAll(async () => {
  const databaseUrl = await createDatabase(inject('postgresUrl'), 'server_stopping')
  database = postgres(databaseUrl, { max: 2, onnotice: () => {} })
  const env = { DATABASE_URL: databaseUrl, AUTH_SECRET: 'a secret of the tests, 32 characters', PORT: '0' }
  server = startCli(['serve', '--rows', '2000'], { env: { ...env, TRANSLATOR: 'builtin' } })
}, 30_000)
afterAll(async () => {
  server.child.kill('SIGKILL')
  await database.end()
})

const count = () =>
  fetch(`${url}/api/v1/tables/preview`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      definition: { version: 1, dataSources: ['donations'], aggregates: [{ id: 'n', fn: 'count' }] },
      timezone: 'UTC',
    }),
  })

test('a query that runs when it is told to stop is answered, and nothing new is', async () => {
  await expect.poll(() => server.said.err, { timeout: 90_000 }).toMatch(/Ready at/)
  url = /Ready at (\S+)/.exec(server.said.err)?.[1] ?? ''
  const [{ schema, table } = { schema: '', table: '' }] = await database<{ schema: string; table: string }[]>`
    select schemaname as schema, tablename as table from pg_tables where tablename = 'donations'`
  let answer: Promise<Response> | undefined
  await database.begin(async (tx) => {
    await tx`lock table ${tx(schema)}.${tx(table)} in access exclusive mode`
    answer = count()
    const held = () => database`select 1 from pg_locks where not granted`
    await expect.poll(held, { timeout: 20_000 }).toHaveLength(1)
    server.child.kill('SIGTERM')
    const fresh = () =>
      fetch(`${url}/health/live`, { headers: { Connection: 'close' } }).then(
        () => 'answered',
        () => 'refused',
      )
    await expect.poll(fresh, { timeout: 5000 }).toBe('refused')
    expect(server.child.exitCode).toBeNull()
  })
  const response = await answer
  expect(response?.status).toBe(200)
  expect(await response?.json()).toMatchObject({ rows: [[expect.any(Number)]] })
  const { code, err } = await server.done
  expect(code).toBe(0)
  expect(err).not.toMatch(/"level":(50|60)|Error/)
}, 150_000)
