// The whole application on a real socket, over the demo data in memory; parts of its context can be replaced.
// In: what to replace. Out: an address, a way to ask, and a way to stop.
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PGlite } from '@electric-sql/pglite'
import { createAdaptorServer } from '@hono/node-server'
import { newApiKey } from '../../src/access/api-key.ts'
import { demoScope } from '../../src/access/demo.ts'
import { keyScopes } from '../../src/access/identity.ts'
import { type AppOptions, createApp } from '../../src/app.ts'
import { asStored } from '../../src/catalog/as-stored.ts'
import { readConfig } from '../../src/config.ts'
import { type AppContext, defaultLimits, type Log, type ServiceContext } from '../../src/context.ts'
import { pgliteQuery } from '../../src/db/query.ts'
import {
  apiKeys,
  memberships,
  organizations,
  type Role,
  teamMembers,
  teams,
  users,
} from '../../src/db/schema-access.ts'
import { pgliteStore } from '../../src/db/store.ts'
import { previewMail } from '../../src/delivery/preview-mail.ts'
import { pgliteDatabase } from '../../src/demo/adapters.ts'
import { loadDemo } from '../../src/demo/load.ts'
import { nodeFiles } from '../../src/file-assets.ts'
import { webRoutes } from '../../src/http/static.ts'
import { newId } from '../../src/lib/id.ts'
import { catalogFromFile } from '../../src/open-catalog.ts'
import { serviceContext } from '../../src/open-service.ts'
import { makeAsk } from '../../src/open-translators.ts'
import { pgliteSource } from '../../src/rows/source.ts'
import { contract } from './contract.ts'

export type TestApp = {
  readonly url: string
  readonly ctx: ServiceContext
  readonly logged: readonly { level: string; fields: object; message: string }[]
  readonly post: (
    path: string,
    body: unknown,
    headers?: Record<string, string>,
    signal?: AbortSignal,
  ) => Promise<Response>
  readonly close: () => Promise<void>
}

export const silent: Log = { debug() {}, info() {}, warn() {}, error() {} }

/** A context over a small demo (3,000 donations) in memory, on the day given. */
export async function demoContext(
  today = new Date().toISOString().slice(0, 10),
  env: Readonly<Record<string, string>> = { TRANSLATOR: 'builtin' },
): Promise<{ ctx: ServiceContext; close: () => Promise<void> }> {
  const pglite = await PGlite.create()
  await loadDemo({ database: pgliteDatabase(pglite), today, donations: 3000 })
  const shipped = await catalogFromFile(new URL('../../demo/catalog.yaml', import.meta.url))
  const catalog = await asStored(shipped, pgliteQuery(pglite))
  const config = readConfig(env)
  const source = pgliteSource(pglite)
  const ctx: AppContext = {
    ...makeAsk({ config, catalog, query: pgliteQuery(pglite), log: silent }),
    catalog,
    source,
    scope: demoScope(),
    demo: true,
    ping: async (signal) => {
      await source.snapshot({ timezone: 'UTC', timeoutMs: 3000, signal }, (run) => run('select 1', []))
    },
    now: () => new Date(`${today}T12:00:00Z`),
    log: silent,
    limits: defaultLimits,
    files: nodeFiles,
  }
  const store = pgliteStore(pglite)
  await store.migrate()
  return {
    ctx: await serviceContext({ ctx, store, config, secret: 'a secret of the tests, 32 characters' }),
    close: () => pglite.close(),
  }
}

/** A store in memory for contexts that bring none; one a test file, because opening one takes seconds. */
let memory: Promise<PGlite> | undefined

/** A context with a store, and a key of somebody in the context's own organization. */
async function withStore(ctx: AppContext | ServiceContext): Promise<{ ctx: ServiceContext; headers: object }> {
  if ('db' in ctx) return { ctx, headers: {} }
  memory ??= PGlite.create()
  const store = pgliteStore(await memory)
  await store.migrate()
  const config = readConfig({ TRANSLATOR: 'builtin' })
  // Served beyond this machine: nobody asks without signing in.
  const service = await serviceContext({
    ctx,
    store,
    config: { ...config, host: '0.0.0.0' },
    secret: 'a secret of the tests, 32 characters',
  })
  const { secret } = await addPerson(service, { organizationId: ctx.scope.organizationId, role: 'viewer' })
  return { ctx: service, headers: ctx.demo ? {} : { Authorization: `Bearer ${secret}` } }
}

/** Puts somebody into a store, with a key that has every scope. */
export async function addPerson(
  { db }: Pick<ServiceContext, 'db'>,
  person: { organizationId: string; role: Role; columnRoles?: string[]; teamIds?: string[]; name?: string },
): Promise<{ userId: string; secret: string }> {
  const { organizationId, role, columnRoles = [], teamIds = [], name = 'Somebody' } = person
  const userId = newId('tst')
  const { secret, hash, hint } = newApiKey()
  await db.insert(organizations).values({ id: organizationId, name: organizationId }).onConflictDoNothing()
  await db.insert(users).values({ id: userId, name, email: `${userId}@example.org` })
  await db.insert(memberships).values({ organizationId, userId, role, columnRoles })
  for (const teamId of teamIds) {
    await db.insert(teams).values({ organizationId, id: teamId, name: teamId }).onConflictDoNothing()
    await db.insert(teamMembers).values({ organizationId, teamId, userId })
  }
  await db
    .insert(apiKeys)
    .values({ organizationId, id: newId('key'), userId, name: 'Tests', hash, hint, scopes: [...keyScopes] })
  return { userId, secret }
}

/** Serves a context on 127.0.0.1, on a free port. Without a store of its own it gets one, and `post` sends a key. */
export async function serveApp(
  given: AppContext | ServiceContext,
  options: Omit<AppOptions, 'ctx' | 'web'> & { readonly webRoot?: string; readonly port?: number } = {},
): Promise<TestApp> {
  const { webRoot, port = 0, ...rest } = options
  const { ctx: base, headers: own } = await withStore(given)
  const logged: { level: string; fields: object; message: string }[] = []
  const at = (level: string) => (fields: object, message: string) => void logged.push({ level, fields, message })
  const log: Log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
  const ctx = { ...base, log, previewMail }
  const app = createApp({ ctx, requestsPerMinute: 1_000_000, ...rest, ...(webRoot && { web: webRoutes(webRoot) }) })
  const { look, faults } = contract()
  const looks: Promise<void>[] = []
  const server = createAdaptorServer({
    fetch: async (request, env) => {
      const { method, url: asked } = request
      const response = await app.fetch(request, env)
      // A stream is its reader's alone; everything else is read a second time here.
      const small = response.headers.get('content-type')?.startsWith('application/json') ?? false
      const copy = small ? response.clone() : new Response(null, response)
      looks.push(look(method, asked, copy))
      return response
    },
    hostname: '127.0.0.1',
  }) as Server
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    ctx,
    logged,
    post: (path, body, headers = {}, signal) =>
      fetch(`${url}${path}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...own, ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
        ...(signal && { signal }),
      }),
    close: async () => {
      await new Promise<void>((done) => {
        server.close(() => done())
        server.closeAllConnections()
      })
      await Promise.all(looks)
      if (faults.length > 0)
        throw new Error(`answers that /openapi.json does not describe:\n${[...new Set(faults)].join('\n')}`)
    },
  }
}
