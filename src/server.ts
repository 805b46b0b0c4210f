// The Node server: listens, builds what is missing, opens the data, and answers "not ready" until then. It also delivers.
// In: a configuration. Out: an address and a way to stop.
// Refused: a port in use, a data folder in use, a configuration that lacks something; each with one sentence and a fix.
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { createApp, createStartingApp } from './app.ts'
import type { Config } from './config.ts'
import type { Log, ServiceContext } from './context.ts'
import { makeMailer } from './delivery/mailer.ts'
import { previewMail } from './delivery/preview-mail.ts'
import { UserError } from './errors.ts'
import { webRoutes } from './http/static.ts'
import { startWorker } from './jobs/worker.ts'
import type { Progress } from './open.ts'
import { openService } from './open-service.ts'
import { buildWeb, webRoot } from './server/build-web.ts'
import { prometheus } from './server/prometheus.ts'
import { startTracing } from './server/tracing.ts'
import { brokenTables } from './tables/broken-tables.ts'

export type RunningServer = {
  /** Such as http://127.0.0.1:8787 */
  readonly url: string
  /** A few prompts that work on this catalog. */
  readonly prompts: readonly string[]
  /** What an operator should know, a sentence each. */
  readonly warnings: readonly string[]
  /** Finishes what is under way, ten seconds at most, and gives the data back. */
  readonly close: () => Promise<void>
}

const CLOSE_TIMEOUT_MS = 10_000

/** Starts the server. Throws `UserError`. */
export async function startServer(options: {
  config: Config
  log: Log
  onProgress?: (progress: Progress) => void
}): Promise<RunningServer> {
  const { config, log, onProgress = () => {} } = options
  let app = createStartingApp(log)
  const mailer = makeMailer(config)
  const tracing = config.tracing && startTracing(config.tracing)
  const prom = prometheus()
  const { metrics } = prom
  const server = createAdaptorServer({
    fetch: (request, env) => app.fetch(request, env),
    hostname: config.host,
  }) as Server
  await listen(server, config)
  try {
    await buildWeb(onProgress)
    const service = await openService({ config, log, metrics, onProgress })
    const worker = await startWorker({ ...service, config, mailer }).catch(async (error: unknown) => {
      await service.close()
      throw error
    })
    const { ctx } = worker
    const warnings = await warningsOf(ctx)
    const prompts = (await ctx.suggestions(ctx.scope)).slice(0, 3)
    prom.watch({ db: ctx.db, now: ctx.now, gauge: service.gauge })
    app = createApp({
      ctx: { ...ctx, previewMail },
      web: webRoutes(webRoot),
      scrape: prom.render,
      ...settingsOf(config),
    })
    const close = async (): Promise<void> => {
      await stop(server)
      await worker.close()
      await service.close()
      await tracing?.close()
    }
    return { url: addressOf(server, config), prompts, warnings, close }
  } catch (error) {
    await stop(server)
    throw error
  }
}

async function warningsOf(ctx: ServiceContext): Promise<string[]> {
  const { broken } = await brokenTables(ctx.db, ctx.catalog)
  if (broken.length === 0) return []
  const names = broken.slice(0, 20).map(({ organizationId, id, owner }) => ({ organizationId, id, owner: owner.name }))
  ctx.log.warn({ broken: broken.length, tables: names }, 'saved tables do not fit the catalog')
  const tables = broken.length === 1 ? '1 saved table does' : `${broken.length} saved tables do`
  return [`${tables} not fit the catalog; see: tablewright catalog check`]
}

function settingsOf(config: Config) {
  const { appUrl, corsOrigins, trustedProxies, requestsPerMinute, metricsToken } = config
  const https = appUrl?.startsWith('https:') === true
  return {
    https,
    ...(appUrl !== undefined && { appUrl }),
    ...(metricsToken !== undefined && { metricsToken }),
    corsOrigins,
    trustedProxies,
    requestsPerMinute,
  }
}

function addressOf(server: Server, { host }: Config): string {
  const { port } = server.address() as AddressInfo
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

function listen(server: Server, { host, port }: Config): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) => fail(listenError(error, host, port)))
    server.listen({ host, port }, done)
  })
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new UserError('port_in_use', `Cannot listen on port ${port}: another program uses it`, {
      fix: `stop that program, or take another port: PORT=${port + 1} npm start`,
      cause: error,
    })
  }
  if (error.code === 'EACCES') {
    return new UserError('invalid_configuration', `Cannot listen on port ${port}: the system does not allow it`, {
      fix: 'take a port above 1023',
      cause: error,
    })
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new UserError('invalid_configuration', `Cannot listen on HOST "${host}": this machine has no such address`, {
      fix: 'set HOST to 127.0.0.1, or to 0.0.0.0 for every address of this machine',
      cause: error,
    })
  }
  return error
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((done) => server.close(() => done()))
  server.closeIdleConnections()
  const late = setTimeout(() => server.closeAllConnections(), CLOSE_TIMEOUT_MS)
  await closed
  clearTimeout(late)
}
