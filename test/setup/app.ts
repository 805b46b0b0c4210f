// The whole application on a real socket, over the demo data in memory; parts of its context can be replaced.
// In: what to replace. Out: an address, a way to ask, and a way to stop.
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PGlite } from '@electric-sql/pglite'
import { createAdaptorServer } from '@hono/node-server'
import { demoScope } from '../../src/access/demo.ts'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { type AppContext, defaultLimits, type Log } from '../../src/context.ts'
import { pgliteQuery } from '../../src/db/query.ts'
import { pgliteDatabase } from '../../src/demo/adapters.ts'
import { loadDemo } from '../../src/demo/load.ts'
import { catalogFromFile } from '../../src/open-catalog.ts'
import { makeAsk } from '../../src/open-translators.ts'
import { pgliteSource } from '../../src/rows/source.ts'

export type TestApp = {
  readonly url: string
  readonly ctx: AppContext
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
): Promise<{ ctx: AppContext; close: () => Promise<void> }> {
  const pglite = await PGlite.create()
  await loadDemo({ database: pgliteDatabase(pglite), today, donations: 3000 })
  const catalog = await catalogFromFile(new URL('../../demo/catalog.yaml', import.meta.url))
  const config = readConfig({ TRANSLATOR: 'builtin' })
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
  }
  return { ctx, close: () => pglite.close() }
}

/** Serves a context on 127.0.0.1, on a free port. */
export async function serveApp(base: AppContext, options: { webRoot?: string } = {}): Promise<TestApp> {
  const logged: { level: string; fields: object; message: string }[] = []
  const at = (level: string) => (fields: object, message: string) => void logged.push({ level, fields, message })
  const log: Log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
  const ctx = { ...base, log }
  const server = createAdaptorServer({ fetch: createApp({ ctx, ...options }).fetch, hostname: '127.0.0.1' }) as Server
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    ctx,
    logged,
    post: (path, body, headers = {}, signal) =>
      fetch(`${url}${path}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
        ...(signal && { signal }),
      }),
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}
