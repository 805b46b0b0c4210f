import { Hono } from 'hono'
import type { HttpEnv } from '../http/env.ts'
import { cacheControl, isForPage } from '../http/web-page.ts'
import type { Assets } from './runtime.ts'

/** Serves the built web application from the Worker's assets, with the same headers and refusals as the Node server. */
export function assetRoutes(assets: Assets): Hono<HttpEnv> {
  return new Hono<HttpEnv>().get('*', async (c, next) => {
    const file = await assets.fetch(c.req.raw)
    if (file.status !== 404) return served(file, cacheControl(c.req.path))
    await file.body?.cancel()
    if (!isForPage(c)) return next()
    const page = await assets.fetch(new Request(new URL('/', c.req.url), c.req.raw))
    return served(page, cacheControl('/'))
  })
}

function served(file: Response, caching: string): Response {
  const headers = new Headers(file.headers)
  headers.set('Cache-Control', caching)
  return new Response(file.body, { status: file.status, headers })
}
