// One request to the API, typed by the server's own table of routes. Only types come from there: no server code is loaded.
import type { z } from 'zod'
import type { Api } from '../../src/http/api.ts'
import type { Method, Route } from '../../src/http/route.ts'
import { FailedRequest, failureOf } from './failure.ts'
import { requestHeaders } from './organization.ts'

type Routes = { [K in keyof Api as `${Api[K]['method']} ${Api[K]['path']}`]: Api[K] }
export type RouteName = keyof Routes
type In<S> = S extends z.ZodType ? z.input<S> : never
type Given<R> =
  R extends Route<Method, string, infer _A, infer _R, infer P, infer Q, infer B>
    ? (P extends z.ZodUndefined ? unknown : { readonly params: In<P> }) &
        (Q extends z.ZodUndefined ? unknown : { readonly query?: In<Q> }) &
        (B extends z.ZodUndefined ? unknown : { readonly body: In<B> }) & {
          readonly signal?: AbortSignal
          readonly version?: number
          /** The same for every try of one wish, so that a lost answer makes nothing twice. */
          readonly idempotencyKey?: string
        }
    : never

/** What a route answers. */
export type Answered<N extends RouteName> = z.output<Routes[N]['response']>

/** Calls a route, such as `call('GET /catalog', {})`; throws FailedRequest. */
export async function call<N extends RouteName>(name: N, input: Given<Routes[N]>): Promise<Answered<N>> {
  const { params, query, body, signal, version, idempotencyKey } = input as {
    params?: Record<string, string>
    query?: Record<string, unknown>
    body?: unknown
    signal?: AbortSignal
    version?: number
    idempotencyKey?: string
  }
  const [method = '', path = ''] = name.split(' ')
  const address = path.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(params?.[key] ?? ''))
  const search = new URLSearchParams(
    Object.entries(query ?? {}).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
  ).toString()
  const response = await fetch(`/api/v1${address}${search === '' ? '' : `?${search}`}`, {
    method,
    headers: {
      // Signing in, out and switching must work also when the organization is one's own no more.
      ...(!(path.startsWith('/session') && method !== 'GET') && requestHeaders()),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...(version !== undefined && { 'If-Match': `"${version}"` }),
      ...(idempotencyKey !== undefined && { 'Idempotency-Key': idempotencyKey }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  })
  if (!response.ok) throw new FailedRequest(await failureOf(response))
  return (await response.json()) as Answered<N>
}
