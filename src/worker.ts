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
    const response = await app.fetch(request, {})
    const mine = opened.get(request)
    return mine === undefined ? response : closing(response, mine, execution)
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

/** Ends the connections of a request when its answer is on its way to the last byte, or its reader has gone. */
function closing(response: Response, { close, ctx }: Opened, execution: Execution): Response {
  const end = (): Promise<void> =>
    close().catch((err: unknown) => ctx.log.warn({ err }, 'connections did not end well'))
  if (response.body === null) {
    execution.waitUntil(end())
    return response
  }
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const sent = response.body.pipeTo(writable).catch(() => {})
  execution.waitUntil(sent.then(end))
  return new Response(readable, response)
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
