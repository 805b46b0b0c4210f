// The small world with an application store beside it, on PGlite or Postgres, and people of two organizations.
import { PGlite } from '@electric-sql/pglite'
import postgres from 'postgres'
import { catalogRoles, type Identity, keyScopes } from '../../src/access/identity.ts'
import { membershipsOf } from '../../src/access/membership.ts'
import { type Config, readConfig } from '../../src/config.ts'
import type { AppContext, Call, ServiceContext } from '../../src/context.ts'
import type { Role } from '../../src/db/schema-access.ts'
import { pgliteStore, postgresStore } from '../../src/db/store.ts'
import { nodeFiles } from '../../src/file-assets.ts'
import { serviceContext } from '../../src/open-service.ts'
import { pgliteSource, postgresSource, type Source } from '../../src/rows/source.ts'
import { addPerson, silent } from './app.ts'
import { createDatabase } from './postgres.ts'
import { worldCatalog, worldSql } from './world.ts'

export type Service = {
  readonly ctx: ServiceContext
  /** What a worker is started with. */
  readonly store: { readonly pglite?: PGlite }
  readonly config: Pick<Config, 'databaseUrl' | 'queueBackend' | 'conversationDays' | 'deliveryDays'>
  /** Runs SQL beside everything else. */
  readonly execute: (sql: string) => Promise<void>
  readonly close: () => Promise<void>
}

async function contextOver(source: Source, store: ReturnType<typeof pgliteStore>): Promise<ServiceContext> {
  await store.migrate()
  let ticks = 0
  const ctx: AppContext = {
    catalog: worldCatalog,
    source,
    ask: async () => ({
      kind: 'refused',
      reason: 'no translator here',
      suggestions: [],
      translator: 'builtin',
      notes: [],
    }),
    suggestions: async () => [],
    scope: { organizationId: 'a', roles: [] },
    demo: false,
    ping: async () => {},
    // Every look at the clock is a millisecond later, so that nothing happens at the same time.
    now: () => {
      ticks += 1
      return new Date(Date.parse('2026-03-01T12:00:00Z') + ticks)
    },
    log: silent,
    limits: { maxRows: 1000, timeoutMs: 30_000 },
    files: nodeFiles,
  }
  return serviceContext({
    ctx,
    store,
    config: { ...readConfig({}), host: '0.0.0.0' },
    secret: 'a secret of the tests, 32 characters',
  })
}

const KEPT: Service['config'] = { queueBackend: 'postgres', conversationDays: 90, deliveryDays: 400 }

export async function pgliteService(): Promise<Service> {
  const pglite = await PGlite.create()
  await pglite.exec(worldSql)
  const ctx = await contextOver(pgliteSource(pglite), pgliteStore(pglite))
  const execute = async (text: string) => void (await pglite.exec(text))
  return { ctx, store: { pglite }, config: KEPT, execute, close: () => pglite.close() }
}

export async function postgresService(serverUrl: string, name: string): Promise<Service> {
  const url = await createDatabase(serverUrl, name)
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  await sql.unsafe(worldSql)
  await sql.end()
  return serviceAt(url)
}

/** The service of a database that has been made already, as another process finds it. */
export async function serviceAt(url: string): Promise<Service> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  const source = postgresSource(url)
  const store = postgresStore(url, { maxConnections: 6 })
  return {
    ctx: await contextOver(source, store),
    store: {},
    config: { ...KEPT, databaseUrl: url },
    execute: async (text) => void (await sql.unsafe(text)),
    close: async () => {
      await Promise.all([source.close(), store.close(), sql.end()])
    },
  }
}

export type Somebody = { readonly call: Call; readonly userId: string; readonly secret: string }

/** A new member, ready to call verbs and, with the key, routes. */
export async function member(
  ctx: ServiceContext,
  person: { organizationId?: string; role?: Role; columnRoles?: string[]; teamIds?: string[]; name?: string } = {},
): Promise<Somebody> {
  const { organizationId = 'a', role = 'editor' } = person
  const { userId, secret } = await addPerson(ctx, { ...person, organizationId, role })
  return { ...(await again(ctx, userId, organizationId, person.name)), secret }
}

/** The same person as they are now. */
export async function again(
  ctx: ServiceContext,
  userId: string,
  organizationId = 'a',
  name = 'Somebody',
): Promise<Omit<Somebody, 'secret'>> {
  const [found] = await membershipsOf(ctx.db, userId, organizationId)
  if (found === undefined) throw new Error(`${userId} is no member of ${organizationId}`)
  const { role, columnRoles, teamIds } = found
  const identity: Identity = {
    ...{ organizationId, userId, name, role, teamIds },
    roles: catalogRoles(role, columnRoles),
    scopes: keyScopes,
    via: { kind: 'session', sessionId: 'test' },
  }
  return { call: { ctx, identity, requestId: 'test' }, userId }
}
