// Limits count by the address of whoever asks: one who has many of them, or a port that changes, is still one.
import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { clientAddress } from '../../src/http/client-address.ts'
import type { HttpEnv } from '../../src/http/env.ts'
import { rateLimiter } from '../../src/http/rate-limit.ts'

const settings = { https: false, corsOrigins: [], trustedProxies: 1, requestsPerMinute: 1, limiter: rateLimiter() }
const app = new Hono<HttpEnv>()
  .use(async (c, next) => {
    c.set('settings', settings)
    await next()
  })
  .get('/', (c) => c.text(clientAddress(c)))
const addressOf = async (forwarded: string): Promise<string> =>
  (await app.request('/', { headers: { 'X-Forwarded-For': forwarded } })).text()

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['203.0.113.7:51234', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['10.0.0.1, 203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:1:2::', '2001:db8:1:2::/64'],
  ['[2001:db8:1:2::9]:443', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['unknown', 'unknown'],
  ['1:2:3:4:5:6:7:8:9:10::11', '1:2:3:4::/64'],
])('%s counts as %s', async (forwarded, counted) => {
  expect(await addressOf(forwarded)).toBe(counted)
})
