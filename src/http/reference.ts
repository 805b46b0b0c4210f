// The API for its readers: /openapi.json for programs, /docs for people. Nothing is loaded from anywhere else.
import { Hono } from 'hono'
import { ownFile } from '../lib/own-files.ts'
import { version } from '../lib/version.ts'
import type { HttpEnv } from './env.ts'
import { type OpenApi, openApi } from './openapi.ts'
import { referencePage } from './reference-page.ts'
import type { Route } from './route.ts'

/** Serves the description of a table of routes; made once, when somebody asks. */
export function referenceRoutes(routes: Readonly<Record<string, Route>>): Hono<HttpEnv> {
  let made: OpenApi | undefined
  const document = () => {
    made ??= openApi(routes, version)
    return made
  }
  return new Hono<HttpEnv>()
    .get('/openapi.json', (c) => c.json(document(), 200, { 'Cache-Control': 'no-cache' }))
    .get('/docs', (c) => c.html(referencePage(document()), 200, { 'Cache-Control': 'no-cache' }))
    .get('/docs/reference.css', (c) =>
      c.body(ownFile('src/http/reference.css'), 200, {
        'Content-Type': 'text/css; charset=utf-8',
        'Cache-Control': 'no-cache',
      }),
    )
}
