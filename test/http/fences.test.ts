// What stands before every route, over real sockets: how often, from which site, and in which form answers come.
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addPerson, demoContext, serveApp, type TestApp } from '../setup/app.ts'

const ORGANIZATION = 'org_riverbend'
const HOST_SITE = 'https://host.example'
const EVIL = 'https://evil.example'
const definition = { version: 1, dataSources: ['donations'], columns: [{ field: 'amount' }] }

let demo: Awaited<ReturnType<typeof demoContext>>
let app: TestApp
let secret = ''
beforeAll(async () => {
  demo = await demoContext()
  app = await serveApp(demo.ctx, { corsOrigins: [HOST_SITE], appUrl: 'https://tables.example' })
  secret = (await addPerson(demo.ctx, { organizationId: ORGANIZATION, role: 'editor' })).secret
}, 120_000)
afterAll(async () => {
  await app.close()
  await demo.close()
})

type Asked = { method?: string; headers?: Record<string, string>; body?: unknown; to?: TestApp }
type Answer = { status: number; headers: Record<string, string | string[] | undefined>; bytes: Buffer; code?: string }

/** Not by fetch, which sets Origin and the like itself, or forbids to. */
function ask(path: string, { method = 'GET', headers = {}, body, to = app }: Asked = {}): Promise<Answer> {
  const text = body === undefined ? undefined : JSON.stringify(body)
  const own =
    text === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }
  return new Promise((done, fail) => {
    const asked = request(`${to.url}${path}`, { method, headers: { ...own, ...headers } }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part) => parts.push(part))
      answer.on('end', () => {
        const bytes = Buffer.concat(parts)
        const { error } = bytes.subarray(0, 9).toString() === '{"error":' ? JSON.parse(bytes.toString()) : {}
        done({ status: answer.statusCode ?? 0, headers: answer.headers, bytes, ...(error && { code: error.code }) })
      })
    })
    asked.on('error', fail)
    asked.end(text)
  })
}
const bearer = (key: string) => ({ Authorization: `Bearer ${key}` })

describe('limits', () => {
  test('are each key’s own: 429 with Retry-After for one, nothing for the other', async () => {
    const own = await serveApp(demo.ctx, { requestsPerMinute: 3 })
    const other = await addPerson(demo.ctx, { organizationId: ORGANIZATION, role: 'viewer' })
    const tables = (key: string) => ask('/api/v1/tables', { headers: bearer(key), to: own })
    for (const left of [2, 1, 0]) {
      const answer = await tables(secret)
      expect([answer.status, answer.headers.ratelimit]).toEqual([200, expect.stringContaining(`r=${left};`)])
    }
    const refused = await tables(secret)
    expect([refused.status, refused.code]).toEqual([429, 'rate_limited'])
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1)
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(20)
    expect((await tables(other.secret)).status).toBe(200)
    // Keys that are none count by address, so that guessing ends too.
    const guessed = await Promise.all(['a', 'b', 'c', 'd'].map((one) => tables(`twk_${one}`)))
    expect(guessed.map(({ status }) => status).sort()).toEqual([401, 401, 401, 429])
    await own.close()
  })
})

describe('pages of other sites', () => {
  const preflight = (origin: string, method: string) =>
    ask('/api/v1/tables/tbl_x', {
      method: 'OPTIONS',
      headers: {
        Origin: origin,
        'Access-Control-Request-Method': method,
        'Access-Control-Request-Headers': 'authorization, if-match',
      },
    })

  test.each(['PUT', 'DELETE', 'POST'])('a preflight of %s passes for the sites that are named', async (method) => {
    const { status, headers } = await preflight(HOST_SITE, method)
    expect(status).toBe(204)
    expect(headers['access-control-allow-origin']).toBe(HOST_SITE)
    expect(headers['access-control-allow-methods']).toContain(method)
    expect(String(headers['access-control-allow-headers']).toLowerCase()).toContain('if-match')
    expect(headers['access-control-allow-credentials']).toBeUndefined()
    expect(String(headers.vary).toLowerCase()).toContain('origin')
  })

  test('a preflight of PATCH is told what there is: no route takes it', async () => {
    const { headers } = await preflight(HOST_SITE, 'PATCH')
    expect(headers['access-control-allow-methods']).not.toContain('PATCH')
  })

  test.each([EVIL, 'null', `${HOST_SITE}.evil.example`, 'http://host.example', 'https://sub.host.example'])(
    'none passes for %s, nor may such a page read an answer',
    async (origin) => {
      for (const method of ['PUT', 'DELETE', 'PATCH'])
        expect((await preflight(origin, method)).headers['access-control-allow-origin']).toBeUndefined()
      const { headers } = await ask('/api/v1/catalog', { headers: { Origin: origin, ...bearer(secret) } })
      expect(headers['access-control-allow-origin']).toBeUndefined()
    },
  )

  test('without CORS_ORIGINS none passes at all', async () => {
    const own = await serveApp(demo.ctx)
    const headers = { Origin: HOST_SITE, 'Access-Control-Request-Method': 'PUT' }
    const answer = await ask('/api/v1/tables', { method: 'OPTIONS', headers, to: own })
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
    await own.close()
  })

  test('a session’s cookie changes nothing from another site, and everything from this one', async () => {
    const signedIn = await ask('/api/v1/session/demo', { method: 'POST', body: { person: 'demo_maya' } })
    expect(signedIn.status).toBe(200)
    const [set = ''] = signedIn.headers['set-cookie'] ?? []
    expect(set).toMatch(/HttpOnly/i)
    expect(set).toMatch(/SameSite=Lax/i)
    const Cookie = set.split(';')[0] ?? ''
    const make = (headers: Record<string, string>, name: string) =>
      ask('/api/v1/tables', { method: 'POST', headers: { Cookie, ...headers }, body: { definition, name } })
    const elsewhere = [
      { Origin: EVIL },
      { Origin: 'null' },
      { Origin: HOST_SITE },
      { Origin: EVIL, 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site', Origin: 'https://other.tables.example' },
    ]
    for (const headers of elsewhere) {
      const answer = await make(headers as Record<string, string>, 'Forged')
      expect([answer.status, answer.code], JSON.stringify(headers)).toEqual([403, 'forbidden'])
    }
    for (const method of ['PUT', 'DELETE'])
      expect((await ask('/api/v1/session', { method, headers: { Cookie, Origin: EVIL }, body: {} })).status).toBe(403)
    for (const headers of [
      { Origin: app.url },
      { Origin: 'https://tables.example' },
      { 'Sec-Fetch-Site': 'same-origin' },
    ])
      expect((await make(headers as Record<string, string>, 'Mine')).status).toBe(201)
    const { bytes } = await ask('/api/v1/tables', { headers: { Cookie } })
    expect(bytes.toString()).toContain('Mine')
    expect(bytes.toString()).not.toContain('Forged')
  })

  test('MCP takes none but this site and the sites that are named, whatever the name in Host', async () => {
    const speak = (headers: Record<string, string>) =>
      ask('/mcp', {
        method: 'POST',
        headers: { Accept: 'application/json, text/event-stream', ...bearer(secret), ...headers },
        body: { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} },
      })
    for (const headers of [
      { Origin: EVIL },
      { Origin: 'null' },
      { Origin: 'http://rebound.example', Host: 'rebound.example' },
      { Origin: 'http://localhost.evil.example' },
      { Origin: 'not an origin' },
    ])
      expect([(await speak(headers)).status, JSON.stringify(headers)]).toEqual([403, JSON.stringify(headers)])
    for (const headers of [{}, { Origin: HOST_SITE }, { Origin: 'https://tables.example' }, { Origin: app.url }])
      expect([(await speak(headers)).status, JSON.stringify(headers)]).toEqual([200, JSON.stringify(headers)])
  })
})

describe('the form of answers', () => {
  test('large ones are compressed for those who can read it, and are the same', async () => {
    const path = '/api/v1/catalog'
    const plain = await ask(path, { headers: bearer(secret) })
    const small = await ask(path, { headers: { ...bearer(secret), 'Accept-Encoding': 'gzip' } })
    expect([plain.headers['content-encoding'], small.headers['content-encoding']]).toEqual([undefined, 'gzip'])
    expect(String(small.headers.vary).toLowerCase()).toContain('accept-encoding')
    expect(small.bytes.length * 3).toBeLessThan(plain.bytes.length)
    const response = await fetch(app.url + path, { headers: bearer(secret) })
    expect(await response.text()).toBe(plain.bytes.toString())
  })

  test.each([
    ['/tables', { definition, name: 'T' }],
    ['/dashboards', { name: 'D' }],
    ['/reports', { name: 'R' }],
  ])('304 for one of %s while the answer is the same, for those who have just that', async (path, body) => {
    const headers = bearer(secret)
    const made = await ask(`/api/v1${path}`, { method: 'POST', headers, body })
    const address = String(made.headers.location)
    const read = (more: Record<string, string> = {}, key = secret) =>
      ask(address, { headers: { ...bearer(key), ...more } })
    const first = await read()
    const tag = String(first.headers.etag)
    expect(tag).toMatch(/^"1-[0-9a-f]{16,}"$/)
    for (const known of [tag, `W/${tag}`, `"other", ${tag}`]) {
      const again = await read({ 'If-None-Match': known })
      expect([again.status, again.headers.etag, again.bytes.length]).toEqual([304, tag, 0])
    }
    for (const known of ['"1"', '*', '"1-0000000000000000"', 'nonsense'])
      expect((await read({ 'If-None-Match': known })).status).toBe(200)
    // The same version for another reader is another answer, and for a stranger none.
    const share = { visibility: 'ORG', orgPermission: 'view' }
    expect(
      (await ask(`${address}/share`, { method: 'POST', headers: { ...headers, 'If-Match': tag }, body: share })).status,
    ).toBe(200)
    const shared = String((await read({ 'If-None-Match': tag })).headers.etag)
    expect(shared).not.toBe(tag)
    const colleague = await addPerson(demo.ctx, { organizationId: ORGANIZATION, role: 'viewer' })
    expect((await read({ 'If-None-Match': shared }, colleague.secret)).status).toBe(200)
    const stranger = await addPerson(demo.ctx, { organizationId: 'org_hillcrest', role: 'admin' })
    expect((await read({ 'If-None-Match': shared }, stranger.secret)).status).toBe(404)
    // The whole tag is good for changing, and an old one is not.
    const change = (match: string) =>
      ask(address, { method: 'PUT', headers: { ...headers, 'If-Match': match }, body: { name: 'New' } })
    expect((await change(tag)).status).toBe(412)
    expect((await change(shared)).status).toBe(200)
    expect((await read({ 'If-None-Match': shared })).status).toBe(200)
  })
})
