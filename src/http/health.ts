// Whether the process lives, and whether it can answer: for load balancers and start scripts.
import { Hono } from 'hono'
import { asUserError, UserError } from '../errors.ts'
import type { HttpEnv } from './env.ts'

const READY_TIMEOUT_MS = 3000

export const healthRoutes = new Hono<HttpEnv>()
  .get('/live', (c) => c.json({ status: 'live' as const }))
  .get('/ready', async (c) => {
    const signal = AbortSignal.any([c.req.raw.signal, AbortSignal.timeout(READY_TIMEOUT_MS)])
    try {
      return c.json({ status: 'ready' as const, ...(await c.get('ctx').health(signal)) })
    } catch (cause) {
      const known = asUserError(cause)
      const why = known?.message ?? 'the store does not answer'
      throw new UserError('not_ready', `Not ready: ${why}`, { ...(known?.fix && { fix: known.fix }), cause })
    }
  })
