// The Node server: listens, builds what is missing, opens the data, and answers "not ready" until then. It also delivers.
// In: a configuration. Out: an address and a way to stop.
// Refused: a port in use, a data folder in use, a configuration that lacks something; each with one sentence and a fix.
import { createApp, createStartingApp } from './app.ts'
import type { Config } from './config.ts'
import type { Log, ServiceContext } from './context.ts'
import { makeMailer } from './delivery/mailer.ts'
import { previewMail } from './delivery/preview-mail.ts'
import { webRoutes } from './http/static.ts'
import { startWorker } from './jobs/worker.ts'
import type { Progress } from './open.ts'
import { openService } from './open-service.ts'
import { firstInvitation } from './people/accept-invitation.ts'
import { buildWeb, webRoot } from './server/build-web.ts'
import { listening } from './server/listening.ts'
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
  /** Where the first admin comes in, while nobody can. */
  readonly invitation?: string
  /** Finishes what is under way, ten seconds at most, and gives the data back. */
  readonly close: () => Promise<void>
}

/** Starts the server. Throws `UserError`. */
export async function startServer(options: {
  config: Config
  log: Log
  onProgress?: (progress: Progress) => void
}): Promise<RunningServer> {
  const { config, log, onProgress = () => {} } = options
  const mailer = makeMailer(config)
  const server = await listening(createStartingApp(log), config)
  const ends: (() => Promise<void>)[] = []
  const close = async (): Promise<void> => {
    await server.close()
    for (const end of ends.reverse()) await end()
  }
  try {
    const tracing = config.tracing && startTracing(config.tracing)
    if (tracing !== undefined) ends.push(tracing.close)
    const prom = prometheus({ prices: config.modelPrices })
    await buildWeb(onProgress)
    const service = await openService({ config, log, metrics: prom.metrics, onProgress })
    ends.push(service.close)
    const worker = await startWorker({ ...service, config, mailer })
    ends.push(worker.close)
    const { ctx } = worker
    const warnings = await warningsOf(ctx)
    const token = await firstToken(ctx, config)
    const invitation = token && `${(config.appUrl ?? server.url).replace(/\/+$/, '')}/join/${token}`
    const prompts = (await ctx.suggestions(ctx.scope)).slice(0, 3)
    prom.watch({ db: ctx.db, now: ctx.now, health: ctx.health, gauge: service.gauge })
    server.answerBy(
      createApp({
        ctx: { ...ctx, previewMail },
        web: webRoutes(webRoot),
        scrape: prom.render,
        ...settingsOf(config),
      }),
    )
    return { url: server.url, prompts, warnings, ...(invitation && { invitation }), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** The demo has people of its own, a host application brings its own. */
async function firstToken(ctx: ServiceContext, config: Config): Promise<string | undefined> {
  if (ctx.demo || config.hostTokens !== undefined) return undefined
  // Where the catalog keeps no organizations apart, there is one, and any name will do.
  const id = ctx.scope.organizationId || 'main'
  return firstInvitation(ctx, { id, name: id })
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
