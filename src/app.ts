// The HTTP application: what stands before every route, and the routes. Its type is what typed clients are made from.
import { type Context, Hono } from 'hono'
import { compress } from 'hono/compress'
import { cors } from 'hono/cors'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { requestId } from 'hono/request-id'
import { organizationHeader } from './access/organization-header.ts'
import type { Log, ServiceContext } from './context.ts'
import { UserError } from './errors.ts'
import { api } from './http/api.ts'
import type { HttpEnv, HttpSettings } from './http/env.ts'
import { errorResponse, onError } from './http/errors.ts'
import { healthRoutes } from './http/health.ts'
import { mailRoutes } from './http/mail-pages.ts'
import { metricsRoutes, type Scrape } from './http/metrics.ts'
import { observed } from './http/observe.ts'
import { outboxRoutes } from './http/outbox-page.ts'
import { rateLimiter } from './http/rate-limit.ts'
import { referenceRoutes } from './http/reference.ts'
import { securityHeaders } from './http/security.ts'
import { serveRoutes } from './http/serve-route.ts'
import type { Metrics } from './lib/metrics.ts'
import { mcpRoutes } from './mcp/routes.ts'

const routes = serveRoutes(new Hono<HttpEnv>(), api)
  .route('/health', healthRoutes)
  .route('/', referenceRoutes(api))
  .route('/', mcpRoutes)
  .route('/', mailRoutes)
  .route('/', outboxRoutes)

export type AppOptions = {
  /** One for all requests; or what makes one for each, where connections belong to a request. */
  readonly ctx: ServiceContext | PerRequest
  /** What serves the built web application, if it is served. */
  readonly web?: Hono<HttpEnv>
  /** The platform compresses by itself. */
  readonly compressed?: true
  /** The metrics of this process, if they are kept. */
  readonly scrape?: Scrape
  readonly metricsToken?: string
} & Partial<Omit<HttpSettings, 'limiter'>>

export type PerRequest = {
  readonly log: Log
  readonly contextOf: (c: Context<HttpEnv>) => ServiceContext
  /** Whether the store can be used; asked before each route that does. Throws `UserError` not_ready. */
  readonly ready: (ctx: ServiceContext) => Promise<void>
}
/** What asks the store. */
const STORE_PATHS = ['/api/*', '/health/ready', '/mcp', '/files/*', '/unsubscribe/*', '/outbox/*']

/** The application over a context. */
export function createApp(options: AppOptions): Hono<HttpEnv> {
  const { ctx, web, compressed, scrape, metricsToken, ...given } = options
  const settings: HttpSettings = {
    https: false,
    corsOrigins: [],
    trustedProxies: 0,
    requestsPerMinute: 600,
    ...given,
    limiter: rateLimiter(),
  }
  const app = baseApp(ctx.log, settings.https, 'metrics' in ctx ? ctx.metrics : undefined)
  if (!compressed) app.use(compress())
  app.use(async (c, next) => {
    // No database keeps NUL characters, so nothing is at such an address.
    if (/%00/.test(new URL(c.req.url).pathname)) {
      throw new UserError('invalid_request', 'Cannot read the address: it holds a character that no text can hold')
    }
    await next()
  })
  app.use(async (c, next) => {
    c.set('ctx', 'contextOf' in ctx ? ctx.contextOf(c) : ctx)
    c.set('settings', settings)
    await next()
  })
  if ('ready' in ctx) {
    for (const path of STORE_PATHS) {
      app.use(path, async (c, next) => {
        await ctx.ready(c.get('ctx'))
        await next()
      })
    }
  }
  if (settings.corsOrigins.length > 0) app.use('/api/*', otherSites(settings.corsOrigins))
  app.use(
    methodNotAllowed({
      app: routes,
      onMethodNotAllowed: (c, methods) => {
        const allow = methods.filter((method) => method !== 'HEAD' || methods.includes('GET')).join(', ')
        c.header('Allow', allow)
        return errorResponse(
          c,
          new UserError('method_not_allowed', `Cannot ${c.req.method} ${c.req.path}: it takes ${allow}`),
        )
      },
    }),
  )
  app.use('/api/*', async (c, next) => {
    c.header('Cache-Control', 'no-store')
    // Said before there is an answer: compress() would say it afterwards, and copy the answer's body through a stream for it.
    if (!compressed) c.header('Vary', 'Accept-Encoding', { append: true })
    await next()
  })
  if (scrape !== undefined) app.route('/', metricsRoutes(scrape, metricsToken))
  app.route('/', routes)
  if (web !== undefined) app.route('/', web)
  app.notFound(nothingThere)
  return app
}

/** Lets pages of other sites call with a key or token; cookies are never allowed from there. */
function otherSites(origins: readonly string[]) {
  return cors({
    origin: origins.includes('*') ? '*' : [...origins],
    allowMethods: [...new Set(Object.values(api).map(({ method }) => method))],
    allowHeaders: [
      'Authorization',
      'Content-Type',
      'If-Match',
      'If-None-Match',
      'Idempotency-Key',
      'X-Request-Id',
      organizationHeader,
    ],
    exposeHeaders: [
      'Content-Disposition',
      'ETag',
      'Idempotency-Replayed',
      'Location',
      'Retry-After',
      'RateLimit',
      'RateLimit-Policy',
      'X-Request-Id',
    ],
    maxAge: 600,
  })
}

/** For whoever opens a page meanwhile: it asks again by itself. */
const STARTING_PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="2">
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<title>Starting</title><h1>Tablewright is starting</h1><p>This page opens by itself in a moment.</p></html>
`

/** What answers while the data is still being opened: alive, but not ready. */
export function createStartingApp(log: Log): Hono<HttpEnv> {
  const app = baseApp(log, false, undefined)
  app.get('/health/live', (c) => c.json({ status: 'live' as const }))
  app.notFound((c) => {
    c.header('Retry-After', '1')
    if (c.req.header('Accept')?.includes('text/html')) return c.html(STARTING_PAGE, 503)
    return errorResponse(
      c,
      new UserError('not_ready', 'Not ready: the server is starting', { fix: 'try again in a moment' }),
    )
  })
  return app
}

/** What a worker answers: whether it lives and can work, and its metrics. */
export function createWorkerApp({
  ctx,
  scrape,
  metricsToken,
}: {
  readonly ctx: ServiceContext
  readonly scrape: Scrape
  readonly metricsToken?: string | undefined
}): Hono<HttpEnv> {
  const app = baseApp(ctx.log, false, ctx.metrics)
  app.use(async (c, next) => {
    c.set('ctx', ctx)
    await next()
  })
  app.route('/health', healthRoutes)
  app.route('/', metricsRoutes(scrape, metricsToken))
  app.notFound(nothingThere)
  return app
}

const nothingThere = (c: Context<HttpEnv>) =>
  errorResponse(c, new UserError('not_found', `Cannot find ${c.req.method} ${c.req.path}: no such address`))

function baseApp(log: Log, https: boolean, metrics: Metrics | undefined): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  app.use(requestId({ limitLength: 64 }))
  app.use(securityHeaders({ https }))
  app.use(async (c, next) => {
    c.set('log', log)
    await next()
  })
  app.use(observed(metrics))
  app.onError(onError)
  return app
}
