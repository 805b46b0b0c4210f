import type { Context } from 'hono'
import type { HttpEnv } from './env.ts'

/**
 * The network address that a request comes from, as limits are counted by it. Behind proxies, `trustedProxies` of them, it
 * is the one that the outermost of these has written into X-Forwarded-For: what stands further left anybody may have made
 * up. Where the platform says it in a header of its own, that counts.
 */
export function clientAddress(c: Context<HttpEnv>): string {
  const { trustedProxies, addressHeader } = c.get('settings')
  if (addressHeader !== undefined) return counted(c.req.header(addressHeader) ?? 'unknown')
  const peer = c.env?.incoming?.socket?.remoteAddress ?? 'unknown'
  if (trustedProxies === 0) return counted(peer)
  const forwarded = (c.req.header('x-forwarded-for') ?? '').split(',').map((part) => part.trim())
  return counted(forwarded.at(-trustedProxies) || peer)
}

const IPV4 = /^(?:::ffff:)?(\d{1,3}(?:\.\d{1,3}){3})(?::\d+)?$/i
const IPV6 = /^\[?([0-9a-f:]+)(?:%[^\]]*)?(?:\](?::\d+)?)?$/i

/** Without the port that some proxies write; of IPv6 the network (/64), because whoever has one address of it has all. */
function counted(address: string): string {
  const [, four] = IPV4.exec(address) ?? []
  if (four !== undefined) return four
  const [, six] = IPV6.exec(address) ?? []
  if (six === undefined || !six.includes(':')) return address
  const [head = [], tail = []] = six.split('::').map((part) => part.split(':').filter(Boolean))
  const left = Math.max(0, 8 - head.length - tail.length)
  const groups = [...head, ...(six.includes('::') ? Array<string>(left).fill('0') : []), ...tail]
  const network = groups.slice(0, 4).map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''))
  return `${network.join(':')}::/64`
}
