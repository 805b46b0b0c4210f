// Puts described routes on an application: guard, checked input, the handler, and its reply as JSON.
import type { Context, Hono } from 'hono'
import type { z } from 'zod'
import { UserError } from '../errors.ts'
import { hashText } from '../lib/hash.ts'
import { shapeIssues } from '../lib/shape-issues.ts'
import { readJson } from './body.ts'
import type { HttpEnv } from './env.ts'
import { guard } from './guard.ts'
import type { Route } from './route.ts'

export const API_ROOT = '/api/v1'

/** Serves every route of a table of routes. */
export function serveRoutes(app: Hono<HttpEnv>, routes: Readonly<Record<string, Route>>): Hono<HttpEnv> {
  for (const route of Object.values(routes)) {
    const path = `${API_ROOT}${route.path.replace(/\{(\w+)\}/g, ':$1')}`
    app.on(route.method, path, (c) => answer(c, route))
  }
  return app
}

async function answer(c: Context<HttpEnv>, route: Route): Promise<Response> {
  c.set('route', `${API_ROOT}${route.path}`)
  const caller = await guard(c, route)
  const ctx = c.get('ctx')
  const requestId = c.get('requestId')
  const signal = c.req.raw.signal
  const version = route.ifMatch === undefined ? undefined : versionOf(c.req.header('if-match'))
  const idempotencyKey = route.idempotent ? keyOf(c.req.header('idempotency-key')) : undefined
  const asked =
    caller.kind === 'known'
      ? { identity: caller.identity, call: { ctx, identity: caller.identity, requestId, signal } }
      : {}
  const reply = await route.handle({
    ...(asked as Required<typeof asked>),
    ctx,
    caller,
    params: checked(route.params, c.req.param(), 'address'),
    query: checked(route.query, route.query === undefined ? undefined : queryOf(c), 'query'),
    body: checked(route.body, route.body === undefined ? undefined : await bodyOf(c, route), 'body'),
    ...(version !== undefined && { version }),
    ...(idempotencyKey !== undefined && { idempotencyKey }),
    signal,
    requestId,
    c,
  })
  if (reply instanceof Response) return reply
  if (reply.location !== undefined) c.header('Location', `${API_ROOT}${reply.location}`)
  for (const [name, value] of Object.entries(reply.headers ?? {})) c.header(name, value)
  for (const cookie of reply.setCookies ?? []) c.header('Set-Cookie', cookie, { append: true })
  const status = reply.status ?? route.status ?? 200
  if (reply.version === undefined) return c.json(reply.body as object, status)
  const text = JSON.stringify(reply.body)
  const tag = `"${reply.version}-${hashText(text).slice(0, 16)}"`
  c.header('ETag', tag)
  if (route.ifNoneMatch && isSame(c.req.header('if-none-match'), tag)) return c.body(null, 304)
  return c.body(text, status, { 'Content-Type': 'application/json' })
}

function queryOf(c: Context<HttpEnv>): Record<string, string> {
  const query = c.req.query()
  if (Object.values(query).every((text) => text.isWellFormed() && !text.includes('\0'))) return query
  throw new UserError('invalid_request', 'Cannot read the query: a text holds a character that no text can hold')
}

async function bodyOf(c: Context<HttpEnv>, route: Route): Promise<unknown> {
  const none = c.req.header('content-type') === undefined && Number(c.req.header('content-length') ?? 0) === 0
  return route.bodyOptional && none ? {} : readJson(c)
}

function checked<S extends z.ZodType>(schema: S | undefined, value: unknown, what: string): z.output<S> {
  if (schema === undefined) return undefined as z.output<S>
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new UserError('invalid_request', `Cannot take the request: its ${what} has the wrong shape`, {
    issues: shapeIssues(parsed.error),
    fix: 'see /docs for the shape of each request',
  })
}

/** Whether a reader has just this answer: it depends on who asks and on the catalog too, so the tag holds its hash. */
function isSame(header: string | undefined, tag: string): boolean {
  const known = header?.split(',').map((one) => one.trim().replace(/^W\//, '')) ?? []
  return known.includes(tag)
}

/** `"7"` or `"7-a1b2"` → 7, also as the weak tag that compression makes of it. A list or `*` would allow what was not seen. */
function versionOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined
  const [, digits] = /^(?:W\/)?"(\d{1,9})(?:-[0-9a-f]{1,64})?"$/.exec(header.trim()) ?? []
  if (digits !== undefined) return Number(digits)
  throw new UserError('invalid_request', `Cannot read the header If-Match ${JSON.stringify(header.slice(0, 100))}`, {
    fix: 'send the ETag of the answer that you read, such as "7" with its quotes',
  })
}

function keyOf(header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  if (/^[\x21-\x7e]{1,200}$/.test(header)) return header
  throw new UserError('invalid_request', 'Cannot read the header Idempotency-Key', {
    fix: 'send 1 to 200 letters, digits and signs without spaces, such as a UUID',
  })
}
