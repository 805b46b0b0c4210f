// What stands before every route, over real HTTP: how often, from where, and how an answer travels.
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demoContext, serveApp, type TestApp } from '../setup/app.ts'
import { member } from '../setup/service.ts'

let demo: Awaited<ReturnType<typeof demoContext>>
const apps: TestApp[] = []
const serve = async (options: Parameters<typeof serveApp>[1] = {}): Promise<TestApp> => {
  const app = await serveApp(demo.ctx, options)
  apps.push(app)
  return app
}
beforeAll(async () => {
  demo = await demoContext()
}, 120_000)
afterAll(async () => {
  for (const app of apps) await app.close()
  await demo.close()
})

const tables = '/api/v1/tables'
const newTable = { name: 'T', definition: { version: 1, dataSources: ['campaigns'], columns: [{ field: 'name' }] } }
const bearer = (secret: string) => ({ Authorization: `Bearer ${secret}` })

test('each key has its own allowance; who has used it up is told how long to wait, and others are not held up', async () => {
  const app = await serve({ requestsPerMinute: 5 })
  const { organizationId } = app.ctx.scope
  const [one, two] = [await member(app.ctx, { organizationId }), await member(app.ctx, { organizationId })]
  const ask = (secret: string) => fetch(`${app.url}${tables}`, { headers: bearer(secret) })
  const answers = []
  for (let n = 0; n < 7; n += 1) answers.push(await ask(one.secret))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429, 429])
  const last = answers.at(-1)
  const wait = Number(last?.headers.get('retry-after'))
  expect(wait).toBeGreaterThanOrEqual(1)
  expect(wait).toBeLessThanOrEqual(12)
  expect(last?.headers.get('ratelimit')).toMatch(/^"default";r=0;t=\d+$/)
  expect(await last?.json()).toMatchObject({ error: { code: 'rate_limited', fix: expect.stringContaining('wait') } })
  expect((await ask(two.secret)).status).toBe(200)
  // Keys that are none are counted by where they come from, so that nobody can try them forever.
  const tries = []
  for (let n = 0; n < 7; n += 1) tries.push((await ask(`twk_${n}`)).status)
  expect(tries).toEqual([401, 401, 401, 401, 401, 429, 429])
})

test('an organization with many keys has ten times the allowance of one, and others keep theirs', async () => {
  const app = await serve({ requestsPerMinute: 3 })
  const { organizationId } = app.ctx.scope
  const ask = async (secret: string) => (await fetch(`${app.url}/api/v1/session`, { headers: bearer(secret) })).status
  const secrets: string[] = []
  for (let n = 0; n < 25; n += 1) secrets.push((await member(app.ctx, { organizationId })).secret)
  const answers = await Promise.all(secrets.flatMap((secret) => [ask(secret), ask(secret), ask(secret)]))
  expect(answers.filter((status) => status === 200).length).toBeGreaterThanOrEqual(30)
  expect(new Set(answers)).toEqual(new Set([200, 429]))
  const other = await member(app.ctx, { organizationId: 'org_hillcrest' })
  expect(await ask(other.secret)).toBe(200)
})

test('an account is not guessed at from everywhere at once', async () => {
  const app = await serve({ trustedProxies: 1 })
  let address = 0
  const signIn = async (email: string) => {
    address += 1
    const headers = { 'X-Forwarded-For': `10.0.0.${address}` }
    return (await app.post('/api/v1/session', { email, password: 'not the right one' }, headers)).status
  }
  const names = ['maya@riverbend.example', 'MAYA@riverbend.example']
  const guesses = await Promise.all(Array.from({ length: 60 }, (_, n) => signIn(names[n % 2] ?? '')))
  expect(guesses.filter((status) => status === 401).length).toBeGreaterThanOrEqual(20)
  expect(new Set(guesses)).toEqual(new Set([401, 429]))
  expect(await signIn('jonas@riverbend.example')).toBe(401)
})

describe('pages of other sites', () => {
  const preflight = (app: TestApp, origin: string, method: string) =>
    fetch(`${app.url}${tables}/tbl_x`, {
      method: 'OPTIONS',
      headers: {
        Origin: origin,
        'Access-Control-Request-Method': method,
        'Access-Control-Request-Headers': 'authorization,content-type,if-match,if-none-match,idempotency-key',
      },
    })

  test('may call when the operator named them, with every method the API has, and never with cookies', async () => {
    const app = await serve({ corsOrigins: ['https://host.example'] })
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      const answer = await preflight(app, 'https://host.example', method)
      expect(answer.status).toBe(204)
      expect(answer.headers.get('access-control-allow-origin')).toBe('https://host.example')
      expect(answer.headers.get('access-control-allow-credentials')).toBe(null)
      const { paths } = (await (await fetch(`${app.url}/openapi.json`)).json()) as { paths: Record<string, object> }
      const used = Object.values(paths).some((methods) => method.toLowerCase() in methods)
      const allowed = answer.headers.get('access-control-allow-methods')?.split(',') ?? []
      expect(allowed.includes(method), method).toBe(used)
      expect(answer.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('if-none-match')
    }
    expect((await preflight(app, 'https://evil.example', 'GET')).headers.get('access-control-allow-origin')).toBe(null)
    const read = await fetch(`${app.url}/api/v1/session`, { headers: { Origin: 'https://host.example' } })
    expect(read.headers.get('access-control-expose-headers')).toContain('ETag')
  })

  test('may not when nobody named them', async () => {
    const app = await serve()
    const answer = await preflight(app, 'https://host.example', 'GET')
    expect(answer.headers.get('access-control-allow-origin')).toBe(null)
  })

  test('change nothing with the cookie of a person, whatever they send', async () => {
    const app = await serve({ corsOrigins: ['https://host.example'] })
    const signIn = await app.post('/api/v1/session/demo', { person: 'demo_maya' })
    const cookie = signIn.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ')
    for (const one of signIn.headers.getSetCookie()) expect(one).toMatch(/; HttpOnly(;|$).*SameSite=(Lax|Strict)/i)
    const make = (headers: Record<string, string>) => app.post(tables, newTable, { Cookie: cookie, ...headers })
    const refused: Record<string, string>[] = [
      { Origin: 'https://evil.example' },
      { Origin: 'https://host.example' },
      { Origin: 'null' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
    ]
    for (const headers of refused) {
      const answer = await make(headers)
      expect([answer.status, ((await answer.json()) as { error: { code: string } }).error.code]).toEqual([
        403,
        'forbidden',
      ])
    }
    const list = async () => {
      const answer = await fetch(`${app.url}${tables}`, { headers: { Cookie: cookie } })
      return ((await answer.json()) as { tables: object[] }).tables.length
    }
    expect(await list()).toBe(0)
    expect((await make({ Origin: app.url, 'Sec-Fetch-Site': 'same-origin' })).status).toBe(201)
    expect(await list()).toBe(1)
  })

  test('do not reach the MCP server under a name of their own, even with a key', async () => {
    const app = await serve({ corsOrigins: ['https://host.example'] })
    const { secret } = await member(app.ctx, { organizationId: app.ctx.scope.organizationId })
    const speak = async (headers: Record<string, string>) =>
      (
        await app.post(
          '/mcp',
          { jsonrpc: '2.0', id: 1, method: 'tools/list' },
          {
            Accept: 'application/json, text/event-stream',
            ...bearer(secret),
            ...headers,
          },
        )
      ).status
    expect(await speak({})).toBe(200)
    for (const origin of ['https://host.example', app.url]) expect(await speak({ Origin: origin })).toBe(200)
    for (const origin of ['https://evil.example', 'null', 'http://rebound.example'])
      expect(await speak({ Origin: origin })).toBe(403)
  })
})

test('what one has already is not sent again; what changed is, and its tag still guards the next change', async () => {
  const app = await serve()
  const { secret } = await member(app.ctx, { organizationId: app.ctx.scope.organizationId })
  const headers = bearer(secret)
  const made = (await (await app.post(tables, newTable, headers)).json()) as { id: string }
  const path = `${app.url}${tables}/${made.id}`
  const read = (tag?: string) => fetch(path, { headers: { ...headers, ...(tag && { 'If-None-Match': tag }) } })
  const first = await read()
  const tag = first.headers.get('etag') ?? ''
  expect(tag).toMatch(/^(W\/)?"1-[\w-]+"$/)
  const same = await read(tag)
  expect([same.status, await same.text()]).toEqual([304, ''])
  expect(same.headers.get('etag')?.replace('W/', '')).toBe(tag.replace('W/', ''))
  expect((await read(`"other", ${tag}`)).status).toBe(304)
  const rename = (match: string) =>
    fetch(path, {
      method: 'PUT',
      headers: { ...headers, 'Content-Type': 'application/json', 'If-Match': match },
      body: JSON.stringify({ ...newTable, name: 'Other' }),
    })
  expect((await rename(tag)).status).toBe(200)
  const late = await rename(tag)
  const conflict = {
    code: 'version_conflict',
    changed: { by: expect.any(String), byId: expect.any(String), at: expect.stringMatching(/Z$/) },
  }
  expect([late.status, await late.json()]).toEqual([412, { error: expect.objectContaining(conflict) }])
  const changed = await read(tag)
  expect([changed.status, ((await changed.json()) as { name: string }).name]).toEqual([200, 'Other'])
  expect(changed.headers.get('etag')).not.toBe(tag)
  // Somebody else sees something else in the same version: their tag is another.
  const reader = await member(app.ctx, { organizationId: app.ctx.scope.organizationId, role: 'admin' })
  const theirs = await fetch(path, {
    headers: { ...bearer(reader.secret), 'If-None-Match': changed.headers.get('etag') ?? '' },
  })
  expect(theirs.status).not.toBe(304)
})

test('large answers travel compressed when the asker can read that, and are the same text', async () => {
  const app = await serve()
  const { secret } = await member(app.ctx, { organizationId: app.ctx.scope.organizationId })
  const get = (encoding: string): Promise<{ encoding: string | undefined; bytes: number; type: string | undefined }> =>
    new Promise((done, fail) => {
      const headers = { ...bearer(secret), 'Accept-Encoding': encoding }
      request(`${app.url}/openapi.json`, { headers }, (response) => {
        let bytes = 0
        response.on('data', (part: Buffer) => {
          bytes += part.length
        })
        response.on('end', () =>
          done({ encoding: response.headers['content-encoding'], bytes, type: response.headers['content-type'] }),
        )
      })
        .on('error', fail)
        .end()
    })
  const [plain, gzip] = [await get('identity'), await get('gzip')]
  expect([plain.encoding, gzip.encoding]).toEqual([undefined, 'gzip'])
  expect(gzip.bytes).toBeLessThan(plain.bytes / 4)
  // The client of the runtime asks for gzip by itself and unpacks it.
  expect((await (await fetch(`${app.url}/openapi.json`)).text()).length).toBeGreaterThan(plain.bytes / 2)
})

test('a form that does not end is refused at its sixteenth KiB, before anybody knows whose link it is', async () => {
  const app = await serve()
  const piece = Buffer.alloc(64 * 1024, 'a')
  /** Without a length, as a stream; gives the answer and how much was taken until it came. */
  const pour = (pieces: number): Promise<{ status: number; poured: number }> =>
    new Promise((done, fail) => {
      let poured = 0
      let over = false
      const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
      const asked = request(`${app.url}/unsubscribe/twu_none`, { method: 'POST', headers }, (answer) => {
        over = true
        answer.resume()
        done({ status: answer.statusCode ?? 0, poured })
        asked.destroy()
      })
      asked.on('error', (error) => over || fail(error))
      const more = (): void => {
        if (over) return
        if (poured === pieces * piece.length) return void asked.end()
        poured += piece.length
        asked.write(piece, () => setImmediate(more))
      }
      more()
    })
  const long = await pour(2000)
  expect(long.status).toBe(413)
  expect(long.poured).toBeLessThan(2000 * piece.length)
  const said = await fetch(`${app.url}/unsubscribe/twu_none`, {
    method: 'POST',
    body: new URLSearchParams({ a: 'x'.repeat(20_000) }),
  })
  expect(said.status).toBe(413)
  expect(
    (await fetch(`${app.url}/unsubscribe/twu_none`, { method: 'POST', body: new URLSearchParams({ a: 'x' }) })).status,
  ).toBe(404)
})
