// The Cloudflare Worker: the API and the web page, from the same routes as the Node server.
// In: a request and the bindings. Out: its answer; connections end with it.
// Not here: what runs without a request. Deliveries, exports by a worker and housekeeping wait in the store for
// "tablewright work" on Node, which looks once a minute; migrations are applied there too.
import type { Hono } from 'hono'
import { createApp } from './app.ts'
import type { Log } from './context.ts'
import { UserError } from './errors.ts'
import type { HttpEnv } from './http/env.ts'
import { consoleLog } from './worker/log.ts'
import { type Opened, opener, workerConfig } from './worker/open.ts'
import type { Execution, WorkerEnv } from './worker/runtime.ts'
import { assetRoutes } from './worker/web.ts'

let app: Hono<HttpEnv> | undefined

const opened = new WeakMap<Request, Opened>()

export default {
  async fetch(request: Request, env: WorkerEnv, execution: Execution): Promise<Response> {
    try {
      app ??= start(env)
    } catch (error) {
      return notConfigured(error)
    }
    const over = Promise.withResolvers<void>()
    // From the beginning: of a request whose reader goes away nothing would be left to stop its query and end its connections.
    execution.waitUntil(over.promise)
    const response = await app.fetch(request, {})
    const mine = opened.get(request)
    if (mine === undefined) {
      over.resolve()
      return response
    }
    const { sent, rest } = untilSent(response, request.signal)
    over.resolve(sent.then(() => ended(mine)))
    return rest
  },
}

function start(env: WorkerEnv): Hono<HttpEnv> {
  const config = workerConfig(env)
  const { appUrl, corsOrigins, requestsPerMinute } = config
  const log = consoleLog(config.logLevel)
  const { open, ready } = opener(config, log)
  return createApp({
    ctx: {
      log,
      ready,
      contextOf: (c) => {
        const mine = opened.get(c.req.raw) ?? open()
        opened.set(c.req.raw, mine)
        return mine.ctx
      },
    },
    ...{ appUrl, corsOrigins, requestsPerMinute, https: appUrl.startsWith('https:') },
    addressHeader: 'CF-Connecting-IP',
    compressed: true,
    ...(env.ASSETS && { web: assetRoutes(env.ASSETS) }),
  })
}

/** An answer, and when it was sent to its last byte or its reader had gone. */
function untilSent(response: Response, signal: AbortSignal): { sent: Promise<void>; rest: Response } {
  if (response.body === null) return { sent: Promise.resolve(), rest: response }
  const gone = new Promise<void>((done) => signal.addEventListener('abort', () => done(), { once: true }))
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const piped = response.body.pipeTo(writable).catch(() => {})
  return { sent: Promise.race([piped, gone]), rest: new Response(readable, response) }
}

async function ended({ close, ctx }: Opened): Promise<void> {
  await close().catch((err: unknown) => ctx.log.warn({ err }, 'connections did not end well'))
}

/** The log says what is wrong; whoever asks only hears that it is. */
function notConfigured(error: unknown): Response {
  const requestId = crypto.randomUUID()
  const log: Log = consoleLog('error')
  const fix = error instanceof UserError && error.fix !== undefined ? { fix: error.fix } : {}
  log.error({ requestId, ...fix }, error instanceof Error ? error.message : String(error))
  const message = 'Not ready: the Worker is not configured'
  return Response.json({ error: { code: 'not_ready', message, requestId } }, { status: 503 })
}
