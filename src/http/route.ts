// One route, described once: what it is for, who may use it, what goes in and comes out, and the few lines between.
// The server is built from these descriptions, and so are /openapi.json, the reference page and the web page's types.
import type { Context } from 'hono'
import type { z } from 'zod'
import type { Caller } from '../access/identify.ts'
import type { Identity } from '../access/identity.ts'
import type { Action, rules } from '../access/rules.ts'
import type { Call, ServiceContext } from '../context.ts'
import type { HttpEnv } from './env.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
export const tags = [
  'Asking',
  'Conversations',
  'Tables',
  'Dashboards',
  'Views',
  'Reports',
  'Session',
  'People',
  'Keys',
  'Audit',
] as const
export type Tag = (typeof tags)[number]

type Known<A extends Action> = (typeof rules)[A] extends { who: 'anyone' } ? Partial<Asked> : Asked
type Asked = { readonly identity: Identity; readonly call: Call }

/** What a handler is given: everything is checked. */
export type Handled<A extends Action, P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> = Known<A> & {
  readonly ctx: ServiceContext
  readonly caller: Caller
  readonly params: z.output<P>
  readonly query: z.output<Q>
  readonly body: z.output<B>
  /** The version that the header If-Match names. */
  readonly version?: number
  readonly idempotencyKey?: string
  readonly signal: AbortSignal
  readonly requestId: string
  readonly c: Context<HttpEnv>
}

/** Verbs give readonly data; schemas describe the same data without saying so. */
export type DeepReadonly<T> = T extends (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T

export type Reply<R extends z.ZodType> = {
  readonly body: DeepReadonly<z.input<R>>
  /** In place of the route's own. */
  readonly status?: 200 | 201 | 202
  /** Goes out as the ETag. */
  readonly version?: number
  readonly location?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly setCookies?: readonly string[]
}

export type Route<
  M extends Method = Method,
  Path extends string = string,
  A extends Action = Action,
  R extends z.ZodType = z.ZodType,
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
> = {
  readonly method: M
  /** Under /api/v1, with parameters as in OpenAPI: /tables/{id}. */
  readonly path: Path
  readonly action: A
  readonly tag: Tag
  /** A few words, such as "Share a table". */
  readonly summary: string
  /** What the summary does not say. */
  readonly description?: string
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  /** The body may be left out. */
  readonly bodyOptional?: true
  readonly response: R
  /** 200 unless said. */
  readonly status?: 200 | 201
  /** Further ones that `handle` may give, with the same body. */
  readonly otherStatuses?: readonly (200 | 201 | 202)[]
  /** Whether the header If-Match is read: a change without a version is then refused, or taken as it is. */
  readonly ifMatch?: 'required' | 'optional'
  /** Whether the header If-None-Match is read: 304 to whoever has the same answer. */
  readonly ifNoneMatch?: true
  /** Whether the header Idempotency-Key is read. */
  readonly idempotent?: true
  /** Also answers with server-sent events; the text says with which. */
  readonly events?: string
  /** Answers with a file of one of these media types in place of JSON. */
  readonly file?: readonly string[]
  // A method, so that routes with different inputs stand in one list.
  handle(input: Handled<A, P, Q, B>): Promise<Reply<R> | Response> | Reply<R> | Response
}

/** A route with all its types; no parameters, query and body are `undefined`. */
export function route<
  const M extends Method,
  const Path extends string,
  const A extends Action,
  R extends z.ZodType,
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
>(description: Route<M, Path, A, R, P, Q, B>): Route<M, Path, A, R, P, Q, B> {
  return description
}
