// Builds what every command and the server work with: data, catalog, translators, who asks. The only place that decides
// between the embedded database and a real one, and between the demo and data of one's own.
// Refused: a database in use, a catalog with problems, data of several organizations without saying whose.
import type { PGlite } from '@electric-sql/pglite'
import postgres from 'postgres'
import { demoScope } from './access/demo.ts'
import { asStored, notAsStored } from './catalog/as-stored.ts'
import type { Catalog } from './catalog/schema.ts'
import type { Config } from './config.ts'
import { type AppContext, defaultLimits, type Log } from './context.ts'
import { connecting } from './db/connecting.ts'
import { openEmbedded } from './db/embedded.ts'
import { postgresPing } from './db/ping.ts'
import { pgliteQuery, postgresQuery, type Query } from './db/query.ts'
import { pgliteDatabase, postgresDatabase } from './demo/adapters.ts'
import { type DemoDatabase, demoState, loadDemo } from './demo/load.ts'
import { UserError } from './errors.ts'
import { nodeFiles } from './file-assets.ts'
import { inTime } from './lib/in-time.ts'
import type { Metrics } from './lib/metrics.ts'
import type { Scope } from './lib/scope.ts'
import { catalogFromDatabase, catalogFromFile } from './open-catalog.ts'
import { makeAsk } from './open-translators.ts'
import { DEFAULT_SHARES, type FairSource, fairSource } from './rows/fair-source.ts'
import { observedSource } from './rows/observed-source.ts'
import { pgliteSource, postgresSource, type Source } from './rows/source.ts'

export type OpenOptions = {
  readonly config: Config
  readonly log: Log
  readonly metrics?: Metrics
  /** Told what takes a while; called again with the same `step` as it goes on. */
  readonly onProgress?: (progress: Progress) => void
  /** Look at a database without a catalog; otherwise that is refused. */
  readonly mayIntrospect?: boolean
}
export type Progress = { readonly step: 'web' | 'demo' | 'introspect'; readonly text: string; readonly done: boolean }
export type Opened = {
  readonly ctx: AppContext
  /** The embedded database, where the data is in it: the application store has room there too. */
  readonly pglite?: PGlite
  /** Reads of the source under way, where they share connections. */
  readonly gauge?: FairSource['gauge']
  readonly close: () => Promise<void>
}

type Data = {
  source: Source
  gauge?: FairSource['gauge']
  query: Query
  ping: AppContext['ping']
  demo: boolean
  pglite?: PGlite
  close: () => Promise<void>
}

const DEMO_CATALOG = new URL('../demo/catalog.yaml', import.meta.url)
/** Demo data older than this no longer has rows for "this month" and "last week". */
const DEMO_FRESH_DAYS = 7

/** Opens everything; `close` gives it back. Throws `UserError`. */
export async function openContext(options: OpenOptions): Promise<Opened> {
  const { config, log, metrics } = options
  if (isDemo(config)) demoScope(config.organizationId)
  const data = await openData(options)
  try {
    const catalog = await knownAsStored(await openCatalog(data, options), data.query, log)
    const scope = scopeOf(config, catalog, data.demo)
    const { ask, suggestions } = makeAsk({ config, catalog, query: data.query, log, metrics })
    const ctx: AppContext = {
      catalog,
      source: data.source,
      ask,
      suggestions,
      scope,
      demo: data.demo,
      ping: data.ping,
      now: () => new Date(),
      log,
      ...(metrics && { metrics }),
      limits: defaultLimits,
      files: nodeFiles,
    }
    const { pglite, gauge, close } = data
    return { ctx, ...(pglite && { pglite }), ...(gauge && { gauge }), close }
  } catch (error) {
    await data.close()
    throw error
  }
}

/** Without data of one's own the demo data is asked. */
function isDemo(config: Config): boolean {
  return config.sourceDatabaseUrl === undefined
}

async function openData(options: OpenOptions): Promise<Data> {
  const { config } = options
  if (config.sourceDatabaseUrl !== undefined) return { ...openPostgres(config.sourceDatabaseUrl, options), demo: false }
  if (config.databaseUrl !== undefined) {
    const data = openPostgres(config.databaseUrl, options)
    const sql = postgres(config.databaseUrl, { max: 1, ...connecting })
    await ensureDemo(postgresDatabase(sql), options).finally(() => sql.end())
    return { ...data, demo: true }
  }
  const { pglite, close } = await openEmbedded(config.dataDir)
  try {
    await ensureDemo(pgliteDatabase(pglite), options)
  } catch (error) {
    await close()
    throw error
  }
  const source = pgliteSource(pglite)
  return {
    source: observedSource(source, options.metrics),
    query: pgliteQuery(pglite),
    ping: async (signal) => {
      await source.snapshot({ timezone: 'UTC', timeoutMs: 3000, signal }, (run) => run('select 1', []))
    },
    demo: true,
    pglite,
    close,
  }
}

function openPostgres(url: string, { config, metrics }: OpenOptions): Omit<Data, 'demo'> {
  // Files last long; screens keep the larger part.
  const files = Math.max(1, Math.floor(config.sourceConnections * 0.4))
  const screens = config.sourceConnections - files
  const source = postgresSource(url, { maxConnections: screens, maxFileConnections: files })
  const fair = fairSource(observedSource(source, metrics), { ...DEFAULT_SHARES, screens, files })
  const { query, close } = postgresQuery(url)
  const ready = postgresPing(url)
  return {
    source: fair,
    gauge: fair.gauge,
    query,
    ping: ready.ping,
    close: async () => {
      await Promise.all([source.close(), close(), ready.close()])
    },
  }
}

/** Loads the demo data where there is none, or where its story ended too long ago. */
async function ensureDemo(database: DemoDatabase, { config, onProgress = () => {} }: OpenOptions): Promise<void> {
  const today = new Date().toISOString().slice(0, 10)
  const found = await demoState(database)
  const ageDays = found === undefined ? 0 : (Date.parse(today) - Date.parse(found.today)) / 86_400_000
  const wanted = config.demoDonations
  const otherSize = wanted !== undefined && found !== undefined && found.donations !== wanted
  if (found !== undefined && ageDays >= 0 && ageDays < DEMO_FRESH_DAYS && !otherSize) return
  let finished = 0
  let table = { name: '', rows: 0 }
  const loaded = await loadDemo({
    database,
    today,
    replace: found !== undefined,
    // Data that only grew old is made anew in the size it had.
    ...((wanted ?? found?.donations) !== undefined && { donations: wanted ?? found?.donations ?? 0 }),
    onProgress: (at) => {
      if (at.table !== table.name) finished += table.rows
      table = { name: at.table, rows: at.rowCount }
      const rows = (finished + at.rowCount).toLocaleString('en-US')
      onProgress({ step: 'demo', text: `Loading the demo data: ${rows} rows`, done: false })
    },
  })
  const donations = loaded.donations.toLocaleString('en-US')
  onProgress({ step: 'demo', text: `Demo data loaded: ${donations} donations of two organizations`, done: true })
}

async function openCatalog(data: Data, options: OpenOptions): Promise<Catalog> {
  const { config, mayIntrospect = false, onProgress = () => {} } = options
  if (config.catalogPath !== undefined) return catalogFromFile(config.catalogPath)
  if (data.demo) return catalogFromFile(DEMO_CATALOG)
  if (!mayIntrospect) {
    throw new UserError('invalid_configuration', 'Cannot serve SOURCE_DATABASE_URL: CATALOG is not set', {
      fix: 'write a catalog with: tablewright introspect URL > catalog.yaml, read it over, and set CATALOG to it',
    })
  }
  onProgress({ step: 'introspect', text: 'No --catalog given: looking at the database', done: false })
  const catalog = await catalogFromDatabase(data.query)
  const count = Object.keys(catalog.entities).length
  onProgress({ step: 'introspect', text: `No --catalog given: looked at ${count} tables of the database`, done: true })
  return catalog
}

/** Without an answer nothing is taken for granted: tables are right all the same, some of them slower. */
async function knownAsStored(catalog: Catalog, query: Query, log: Log): Promise<Catalog> {
  try {
    return await inTime(asStored(catalog, query), 5000, 'the database did not answer')
  } catch (error) {
    log.warn({ err: error }, 'how the tables are stored is not known')
    return notAsStored(catalog)
  }
}

function scopeOf(config: Config, catalog: Catalog, demo: boolean): Scope {
  if (demo) return demoScope(config.organizationId)
  const apart = Object.values(catalog.entities).some((entity) => entity.tenantKey !== undefined)
  if (apart && config.organizationId === undefined) {
    throw new UserError('invalid_configuration', 'Cannot read the data: the catalog keeps organizations apart', {
      fix: 'say whose rows to read: --organization ID, or ORGANIZATION_ID',
    })
  }
  return { organizationId: config.organizationId ?? '', roles: [] }
}
