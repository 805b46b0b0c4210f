// The Worker with a catalog and a database of one's own: no demo in it, nobody asks without a key, session or token.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SignJWT } from 'jose'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { createTestHarness } from 'wrangler'
import { buildWorker } from '../../scripts/build-worker.ts'
import { postgresStore, type Store } from '../../src/db/store.ts'
import { addPerson } from '../setup/app.ts'
import { createDatabase } from '../setup/postgres.ts'

const CATALOG = `version: 1
name: Orchard
entities:
  trees:
    table: trees
    label: Trees
    tenantKey: organization_id
    defaultColumns: [kind]
    fields:
      id: { column: id, type: id, label: Tree id }
      kind: { column: kind, type: text, label: Kind }
`
const SECRET = 'a secret of the tests, 32 characters'
const trees = { version: 1, dataSources: ['trees'], columns: [{ field: 'kind' }] }

let folder: string
let store: Store
let harness: ReturnType<typeof createTestHarness>
let base: URL
process.env.WRANGLER_SEND_METRICS = 'false'
process.env.CLOUDFLARE_CF_FETCH_ENABLED = 'false'

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tablewright-worker-'))
  await writeFile(join(folder, 'catalog.yaml'), CATALOG)
  await buildWorker({ folder: join(folder, 'worker'), catalogPath: join(folder, 'catalog.yaml') })
  const [own, data] = await Promise.all(
    ['worker_store', 'worker_source'].map((name) => createDatabase(inject('postgresUrl'), name)),
  )
  if (own === undefined || data === undefined) throw new Error('no databases')
  store = postgresStore(own, { maxConnections: 2 })
  await store.migrate()
  const sql = postgres(data, { max: 1 })
  await sql`create table trees (id text primary key, organization_id text not null, kind text not null)`
  await sql`insert into trees values ('1', 'north', 'Apple'), ('2', 'south', 'Fig'), ('3', 'north', 'Pear')`
  await sql.end()
  harness = createTestHarness({
    root: folder,
    workers: [
      {
        config: {
          name: 'orchard',
          main: 'worker/worker.js',
          compatibility_date: '2026-11-01',
          compatibility_flags: ['nodejs_compat'],
          no_bundle: true,
          find_additional_modules: true,
          hyperdrive: [
            { binding: 'HYPERDRIVE', id: 'store', localConnectionString: own },
            { binding: 'SOURCE', id: 'source', localConnectionString: data },
          ],
          vars: {
            ...{
              AUTH_SECRET: SECRET,
              APP_URL: 'http://tables.test',
              JWT_SECRET: SECRET,
              JWT_ISSUER: 'https://host.test',
            },
          },
        },
      },
    ],
  })
  base = (await harness.listen()).url
}, 180_000)
afterAll(async () => {
  await harness?.close()
  await store?.close()
  await rm(folder, { recursive: true })
})

function send(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const json = { 'Content-Type': 'application/json', ...headers }
  return fetch(new URL(path, base), { method: 'POST', headers: json, body: JSON.stringify(body) })
}
const preview = (headers?: Record<string, string>) => send('/api/v1/tables/preview', { definition: trees }, headers)
const kinds = async (headers: Record<string, string>): Promise<unknown> => {
  const { rows } = (await (await preview(headers)).json()) as { rows: unknown[][] }
  return rows.flat().sort()
}

test('nobody asks without saying who they are, and there are no people of a demo', async () => {
  expect((await fetch(new URL('/health/ready', base))).status).toBe(200)
  expect((await preview()).status).toBe(401)
  expect((await send('/api/v1/session/demo', { person: 'demo_maya' })).status).toBeGreaterThanOrEqual(400)
  const session = await (await fetch(new URL('/api/v1/session', base))).json()
  expect(session).toMatchObject({ person: null, organization: null, scopes: [] })
  expect(JSON.stringify(session)).not.toContain('demo_')
})

test('a key and a token of the host application each read the rows of their own organization', async () => {
  const { secret } = await addPerson(store, { organizationId: 'south', role: 'viewer' })
  expect(await kinds({ Authorization: `Bearer ${secret}` })).toEqual(['Fig'])
  const token = (organization: string, key = SECRET) =>
    new SignJWT({ org_id: organization, sub: 'u1', name: 'Una', roles: ['editor'] })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer('https://host.test')
      .setExpirationTime('5m')
      .sign(new TextEncoder().encode(key))
  const north = { Authorization: `Bearer ${await token('north')}` }
  expect(await kinds(north)).toEqual(['Apple', 'Pear'])
  expect((await send('/api/v1/tables', { name: 'Trees', definition: trees }, north)).status).toBe(201)
  expect((await preview({ Authorization: `Bearer ${await token('north', `${SECRET}!`)}` })).status).toBe(401)
})

test('words are matched with stored values of the own organization alone', async () => {
  const { secret } = await addPerson(store, { organizationId: 'north', role: 'viewer' })
  const asked = await send('/api/v1/tables/generate', { prompt: 'list trees' }, { Authorization: `Bearer ${secret}` })
  expect(JSON.stringify(await asked.json())).not.toContain('Fig')
})
