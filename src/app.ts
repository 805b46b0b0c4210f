// The HTTP application: what stands before every route, and the routes. Its type is what typed clients are made from.
import { Hono } from 'hono'
import { compress } from 'hono/compress'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { requestId } from 'hono/request-id'
import { demoScope } from './access/demo.ts'
import { demoHeader } from './access/demo-header.ts'
import type { AppContext, Log } from './context.ts'
import { UserError } from './errors.ts'
import { catalogRoutes } from './http/catalog.ts'
import type { HttpEnv } from './http/env.ts'
import { errorResponse, onError } from './http/errors.ts'
import { healthRoutes } from './http/health.ts'
import { securityHeaders } from './http/security.ts'
import { webRoutes } from './http/static.ts'
import { tableRoutes } from './http/tables.ts'

const api = new Hono<HttpEnv>().route('/tables', tableRoutes).route('/catalog', catalogRoutes)
/** What typed clients see. */
export type AppType = typeof routes
const routes = new Hono<HttpEnv>().route('/api/v1', api).route('/health', healthRoutes)

/** The application over a context; `webRoot` is the folder of the built web application, if it is served. */
export function createApp(options: { ctx: AppContext; webRoot?: string; https?: boolean }): Hono<HttpEnv> {
  const { ctx, webRoot, https = false } = options
  const app = baseApp(ctx.log, https)
  app.use(compress())
  app.use(async (c, next) => {
    c.set('ctx', ctx)
    await next()
  })
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
    c.set('scope', ctx.demo ? demoScope(c.req.header(demoHeader)) : ctx.scope)
    await next()
  })
  app.route('/', routes)
  if (webRoot !== undefined) app.route('/', webRoutes(webRoot))
  app.notFound((c) =>
    errorResponse(c, new UserError('not_found', `Cannot find ${c.req.method} ${c.req.path}: no such address`)),
  )
  return app
}

/** What answers while the data is still being opened: alive, but not ready. */
export function createStartingApp(log: Log): Hono<HttpEnv> {
  const app = baseApp(log, false)
  app.get('/health/live', (c) => c.json({ status: 'live' as const }))
  app.notFound((c) => {
    c.header('Retry-After', '1')
    return errorResponse(
      c,
      new UserError('not_ready', 'Not ready: the server is starting', { fix: 'try again in a moment' }),
    )
  })
  return app
}

function baseApp(log: Log, https: boolean): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  app.use(requestId({ limitLength: 64 }))
  app.use(securityHeaders({ https }))
  app.use(async (c, next) => {
    c.set('log', log)
    await next()
  })
  app.onError(onError)
  return app
}
