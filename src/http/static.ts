// The web application's files. In: a path. Out: a file, or the page for any path that a person may open.
// Refused: whatever is not under the built folder; unknown paths of programs fall through to the 404 body.
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import type { HttpEnv } from './env.ts'
import { cacheControl, isForPage } from './web-page.ts'

/** Serves a built web application; file names with a hash are cached for good. */
export function webRoutes(root: string) {
  const files = serveStatic<HttpEnv>({
    root,
    onFound: (_path, c) => c.header('Cache-Control', cacheControl(c.req.path)),
  })
  const page = serveStatic<HttpEnv>({
    root,
    path: 'index.html',
    onFound: (_path, c) => c.header('Cache-Control', 'no-cache'),
  })
  return new Hono<HttpEnv>().get('*', files).get('*', async (c, next) => {
    return isForPage(c) ? page(c, next) : next()
  })
}
