// What every request leaves behind: a line in the log, a measured time, a span. In: a request. Out: the same answer.
// Told: method, route, status, time, request id, organization. Never: addresses with their ids, queries, bodies, names.
import { type Attributes, context, propagation, type Span } from '@opentelemetry/api'
import type { Context, MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import type { Metrics } from '../lib/metrics.ts'
import { traced } from '../lib/trace.ts'
import type { HttpEnv } from './env.ts'

/** Watches every request of an application. */
export function observed(metrics: Metrics | undefined): MiddlewareHandler<HttpEnv> {
  return (c, next) =>
    within(c, 'http', { 'http.request.method': c.req.method }, async (span) => {
      const begun = performance.now()
      await next()
      const seconds = (performance.now() - begun) / 1000
      const { method } = c.req
      const { status } = c.res
      const route = routeOf(c)
      const organizationId = c.get('organizationId')
      const requestId = c.get('requestId')
      span.updateName(`${method} ${route}`)
      span.setAttributes({
        'http.route': route,
        'http.response.status_code': status,
        'tablewright.request_id': requestId,
        ...(organizationId !== undefined && { 'tablewright.organization': organizationId }),
      })
      metrics?.request({ method, route, status, seconds })
      c.get('log').info({ requestId, organizationId, method, route, status, ms: Math.round(seconds * 1000) }, 'request')
    })
}

/** The pattern that matched, so that there are as many of them as routes. */
export function routeOf(c: Context<HttpEnv>): string {
  const own = c.get('route')
  if (own !== undefined) return own
  const pattern = routePath(c)
  return pattern === '' || pattern.endsWith('*') ? 'other' : pattern
}

/** A span that goes on from the one of whoever sent the request. */
function within(c: Context, name: string, attributes: Attributes, work: (span: Span) => Promise<void>): Promise<void> {
  const sender = propagation.extract(context.active(), c.req.raw.headers, {
    get: (headers, key) => headers.get(key) ?? undefined,
    keys: (headers) => [...headers.keys()],
  })
  return context.with(sender, () => traced(name, attributes, work))
}
