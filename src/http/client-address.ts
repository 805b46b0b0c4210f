import type { Context } from 'hono'
import type { HttpEnv } from './env.ts'

/**
 * The network address that a request comes from. Behind proxies, `trustedProxies` of them, it is the one that the
 * outermost of these has written into X-Forwarded-For: what stands further left anybody may have made up.
 * Where the platform says it in a header of its own, that counts.
 */
export function clientAddress(c: Context<HttpEnv>): string {
  const { trustedProxies, addressHeader } = c.get('settings')
  if (addressHeader !== undefined) return c.req.header(addressHeader) ?? 'unknown'
  const peer = c.env?.incoming?.socket?.remoteAddress ?? 'unknown'
  if (trustedProxies === 0) return peer
  const forwarded = (c.req.header('x-forwarded-for') ?? '').split(',').map((part) => part.trim())
  return forwarded.at(-trustedProxies) || peer
}
