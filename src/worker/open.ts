// What a Worker works with. Once an isolate: configuration, catalog, what was read of the data. Anew for each request:
// connections, because Workers allow none to be shared between requests; Hyperdrive keeps the real ones.
// Refused: a Worker without a store, a secret or an address of its own, with one sentence in the log.
import { catalog, isDemo } from 'bundled:catalog'
import { migrations } from 'bundled:migrations'
import postgres from 'postgres'
import { demoScope } from '../access/demo.ts'
import type { KnownPeople } from '../access/host-person.ts'
import { hostTokenVerifier } from '../access/host-token.ts'
import { type Config, readConfig } from '../config.ts'
import { type AppContext, defaultLimits, type Log, type ServiceContext } from '../context.ts'
import { connecting } from '../db/connecting.ts'
import { lasting } from '../db/lasting.ts'
import { overPostgres } from '../db/over-postgres.ts'
import { postgresQuery } from '../db/query.ts'
import { UserError } from '../errors.ts'
import { keptNothing, makeAsk, makeTranslators } from '../open-translators.ts'
import { postgresSource } from '../rows/source.ts'
import { makeServiceContext } from '../service-context.ts'
import { workerFiles } from './files.ts'
import type { WorkerEnv } from './runtime.ts'
import { storeFits } from './store-fits.ts'

/** A request may have six connections open, those to a language model among them. */
const STORE_CONNECTIONS = 2
const IDLE_SECONDS = 20

export type WorkerConfig = Config & {
  readonly databaseUrl: string
  readonly authSecret: string
  readonly appUrl: string
}

/** Reads and checks the bindings. Throws `UserError` invalid_configuration. */
export function workerConfig(env: WorkerEnv): WorkerConfig {
  const texts = Object.fromEntries(Object.entries(env).filter(([, value]) => typeof value === 'string'))
  const config = readConfig({
    ...(texts as Record<string, string>),
    DATABASE_URL: env.HYPERDRIVE?.connectionString,
    SOURCE_DATABASE_URL: env.SOURCE?.connectionString,
  })
  const { databaseUrl, authSecret, appUrl } = config
  const refuse = (message: string, fix: string) => new UserError('invalid_configuration', message, { fix })
  if (databaseUrl === undefined) {
    throw refuse('Cannot serve: there is no binding HYPERDRIVE', 'bind the Hyperdrive of the store in wrangler.toml')
  }
  if (authSecret === undefined) {
    throw refuse('Cannot sign sessions: AUTH_SECRET is not set', 'run: wrangler secret put AUTH_SECRET')
  }
  if (appUrl === undefined) {
    throw refuse('Cannot make links: APP_URL is not set', 'set it among the vars of wrangler.toml')
  }
  if (config.sourceDatabaseUrl === undefined && !isDemo) {
    throw refuse('Cannot read the data: there is no binding SOURCE', 'bind the Hyperdrive of the data in wrangler.toml')
  }
  if (config.sourceDatabaseUrl !== undefined && isDemo) {
    throw refuse("Cannot read SOURCE: the bundle has the demo's catalog", 'build it anew with CATALOG set to your file')
  }
  return { ...config, databaseUrl, authSecret, appUrl }
}

export type Opened = {
  readonly ctx: ServiceContext
  /** Ends the connections of the request, once nothing is read any more. */
  readonly close: () => Promise<void>
}
export type Opener = {
  readonly open: () => Opened
  readonly ready: (ctx: ServiceContext) => Promise<void>
}

/** What opens contexts, one a request. */
export function opener(config: WorkerConfig, log: Log): Opener {
  const now = (): Date => new Date()
  const kept = keptNothing()
  const translators = makeTranslators(config)
  const knownPeople: KnownPeople = new Map()
  const verifyHostToken = config.hostTokens && hostTokenVerifier(config.hostTokens, now)
  const scope = isDemo
    ? demoScope(config.organizationId)
    : { organizationId: config.organizationId ?? '', roles: [] as string[] }
  let fits = false
  return {
    ready: async ({ db }) => {
      if (!fits) await storeFits(db, migrations)
      fits = true
    },
    open: () => {
      const { source, query, db, close } = connections(config)
      const { idle, ...asking } = makeAsk({ config, catalog, query, log, kept, translators })
      const ctx: AppContext = {
        ...{ ...asking, catalog, source, scope, demo: isDemo, now, log, limits: defaultLimits, files: workerFiles },
        ping: async (signal) => {
          await source.snapshot({ timezone: 'UTC', timeoutMs: 3000, signal }, (run) => run('select 1', []))
        },
      }
      return {
        ctx: makeServiceContext({ ctx, db, config, secret: config.authSecret, verifyHostToken, knownPeople }),
        close: async () => {
          await idle()
          await close()
        },
      }
    },
  }
}

/** Connections of one request; each is made when it is first used. */
function connections({ databaseUrl, sourceDatabaseUrl = databaseUrl }: WorkerConfig) {
  const store = lasting(() =>
    postgres(databaseUrl, {
      max: STORE_CONNECTIONS,
      idle_timeout: IDLE_SECONDS,
      fetch_types: false,
      ...connecting,
      connection: { application_name: 'tablewright store' },
    }),
  )
  const source = postgresSource(sourceDatabaseUrl, { maxConnections: 1, maxFileConnections: 1 })
  const query = postgresQuery(sourceDatabaseUrl, { maxConnections: 1 })
  return {
    db: overPostgres(store),
    source,
    query: query.query,
    close: async () => {
      await Promise.all([store.end({ timeout: 5 }), source.close(), query.close()])
    },
  }
}
