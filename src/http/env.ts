import type { HttpBindings } from '@hono/node-server'
import type { AppContext, Log } from '../context.ts'
import type { Scope } from '../lib/scope.ts'

/** What middleware puts beside every request. */
export type HttpEnv = {
  Bindings: Partial<HttpBindings>
  Variables: { requestId: string; log: Log; ctx: AppContext; scope: Scope }
}
