import type { HttpBindings } from '@hono/node-server'
import type { Log, ServiceContext } from '../context.ts'
import type { RateLimiter } from './rate-limit.ts'

/** What the server was told about where it stands. */
export type HttpSettings = {
  readonly https: boolean
  /** Where people reach the application. */
  readonly appUrl?: string
  /** Sites whose pages may call the API with keys or tokens; cookies never work from there. */
  readonly corsOrigins: readonly string[]
  readonly trustedProxies: number
  /** The header in which the platform itself says who asks, where it has one that nobody else can write. */
  readonly addressHeader?: string
  readonly requestsPerMinute: number
  readonly limiter: RateLimiter
}

/** What middleware puts beside every request. */
export type HttpEnv = {
  Bindings: Partial<HttpBindings>
  Variables: {
    /** The pattern of the route that answers. */ route?: string
    organizationId?: string
    requestId: string
    log: Log
    ctx: ServiceContext
    settings: HttpSettings
  }
}
