// The metrics of this process, for a scraper. Refused: everybody else; with a token whoever lacks it, and without one
// whoever is not on this machine.
import { Hono } from 'hono'
import { UserError } from '../errors.ts'
import { hashText } from '../lib/hash.ts'
import type { HttpEnv } from './env.ts'

export type Scrape = () => Promise<{ contentType: string; text: string }>

const HERE = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1'])

/** Compared by hash, so that the time says nothing. */
const isText = (given: string, wanted: string): boolean => hashText(given) === hashText(wanted)

/** `GET /metrics`. */
export function metricsRoutes(scrape: Scrape, token: string | undefined): Hono<HttpEnv> {
  return new Hono<HttpEnv>().get('/metrics', async (c) => {
    const direct = c.req.header('x-forwarded-for') === undefined && c.req.header('forwarded') === undefined
    const here = direct && HERE.has(c.env?.incoming?.socket?.remoteAddress ?? '')
    const allowed = token === undefined ? here : isText(c.req.header('authorization') ?? '', `Bearer ${token}`)
    if (!allowed) {
      throw new UserError('unauthenticated', 'Cannot show the metrics: they are for the operator', {
        fix:
          token === undefined
            ? 'set METRICS_TOKEN to read them from another machine'
            : 'send METRICS_TOKEN as: Authorization: Bearer TOKEN',
      })
    }
    const { contentType, text } = await scrape()
    return c.body(text, 200, { 'Content-Type': contentType, 'Cache-Control': 'no-store' })
  })
}
