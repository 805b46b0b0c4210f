import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { UserError } from '../../src/errors.ts'
import { maxBodyBytes } from '../../src/http/body.ts'
import { postgresSource } from '../../src/rows/source.ts'
import { demoContext, serveApp, type TestApp } from '../setup/app.ts'

let demo: Awaited<ReturnType<typeof demoContext>>
let app: TestApp
beforeAll(async () => {
  demo = await demoContext()
  app = await serveApp(demo.ctx)
})
afterAll(async () => {
  await app.close()
  await demo.close()
})

type Body = {
  error: {
    code: string
    message: string
    fix?: string
    issues?: { code: string; path: unknown[]; message: string }[]
    requestId: string
  }
}

/** Checks what every failure has in common, and gives its body. */
async function failure(response: Response, status: number, code: string): Promise<Body['error']> {
  const body = (await response.json()) as Body
  expect([response.status, body.error.code]).toEqual([status, code])
  expect(Object.keys(body)).toEqual(['error'])
  expect(Object.keys(body.error).every((key) => ['code', 'message', 'fix', 'issues', 'requestId'].includes(key))).toBe(
    true,
  )
  expect(body.error.message).toMatch(/[^.]$/)
  expect(body.error.requestId).toBe(response.headers.get('x-request-id'))
  expect(response.headers.get('content-type')).toMatch(/^application\/json/)
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  return body.error
}

const preview = '/api/v1/tables/preview'
const validate = '/api/v1/tables/validate'
const generate = '/api/v1/tables/generate'

describe('every failure has the one error body', () => {
  test('404: an address that is not there', async () => {
    const error = await failure(await fetch(`${app.url}/api/v1/nothing`), 404, 'not_found')
    expect(error.message).toBe('Cannot find GET /api/v1/nothing: no such address')
  })

  test('405: another method, with the methods that are allowed', async () => {
    const response = await fetch(`${app.url}/api/v1/catalog`, { method: 'POST' })
    expect(response.headers.get('allow')).toBe('GET, HEAD')
    await failure(response, 405, 'method_not_allowed')
    const put = await fetch(`${app.url}/health/live`, { method: 'PUT' })
    expect(put.headers.get('allow')).toBe('GET, HEAD')
    await failure(put, 405, 'method_not_allowed')
  })

  test('413: a body that says it is too large, before it is read', async () => {
    const large = `{"definition": "${'x'.repeat(maxBodyBytes)}"}`
    await failure(await app.post(validate, large), 413, 'payload_too_large')
  })

  test('413: a body that does not say how large it is, as soon as it is too large', async () => {
    const chunk = new TextEncoder().encode('[1,'.repeat(20_000))
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let sent = 0; sent <= maxBodyBytes; sent += chunk.byteLength) controller.enqueue(chunk)
        controller.close()
      },
    })
    const options = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body, duplex: 'half' }
    await failure(await fetch(`${app.url}${validate}`, options as RequestInit), 413, 'payload_too_large')
  })

  test('415: anything but JSON, named', async () => {
    const error = await failure(
      await app.post(validate, '{}', { 'Content-Type': 'text/plain' }),
      415,
      'unsupported_media_type',
    )
    expect(error.message).toContain('"text/plain"')
    expect(error.fix).toBe('send the header Content-Type: application/json')
  })

  test('400: a body that is not JSON, with the place', async () => {
    const error = await failure(await app.post(validate, '{"definition":\n  {,}}'), 400, 'invalid_json')
    expect(error.message).toBe(
      'Cannot read the body: not JSON at line 2, column 4: a name in double quotes is expected',
    )
  })

  test('400: bytes that are not text, an empty body, and nesting without end', async () => {
    const bytes = await fetch(`${app.url}${validate}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: new Uint8Array([0x22, 0xff, 0x22]),
    })
    await failure(bytes, 400, 'invalid_json')
    await failure(await app.post(validate, ''), 400, 'invalid_json')
    const deep = `{"definition": ${'{"not":'.repeat(20_000)}1${'}'.repeat(20_000)}}`
    const error = await failure(await app.post(validate, deep), 400, 'invalid_json')
    expect(error.message).toContain('nested more than 64 levels deep')
  })

  test('400: a body of the wrong shape, every issue at once', async () => {
    const response = await app.post(generate, { prompt: ' ', timezone: 'Mars/Olympus', maxRows: 0, colour: 'red' })
    const error = await failure(response, 400, 'invalid_request')
    expect(error.issues?.map((issue) => issue.path.join('.')).sort()).toEqual(['', 'maxRows', 'prompt', 'timezone'])
  })

  test('400: an offset is no time zone, because it does not know summer', async () => {
    const response = await app.post(generate, { prompt: 'donations', timezone: '+02:00' })
    const error = await failure(response, 400, 'invalid_request')
    expect(error.issues?.[0]?.message).toBe('"+02:00" is not an IANA time zone such as Europe/Berlin')
  })

  test('400: an organization that the demo does not have', async () => {
    const headers = { 'X-Demo-Organization': 'org_other' }
    await failure(await fetch(`${app.url}/api/v1/catalog`, { headers }), 400, 'unknown_organization')
  })

  test('422: a definition with issues, all of them, each with its place', async () => {
    const definition = {
      dataSources: ['donations'],
      groupBy: [{ field: 'amonut' }],
      aggregates: [{ id: 'n', fn: 'sum', field: 'status' }],
    }
    for (const path of [preview, validate]) {
      const error = await failure(await app.post(path, { definition }), 422, 'invalid_definition')
      expect(error.issues?.map(({ path: place }) => place.slice(0, 2))).toEqual([
        ['groupBy', 0],
        ['aggregates', 0],
      ])
      expect(JSON.stringify(error.issues)).toContain('amount')
    }
  })

  test('422: a definition of the wrong shape and one that is nothing', async () => {
    await failure(await app.post(preview, { definition: { dataSources: 'donations' } }), 422, 'invalid_definition')
    await failure(await app.post(preview, { definition: null }), 422, 'invalid_definition')
    await failure(
      await app.post(generate, { prompt: 'only 2025', base: { dataSources: ['nothing'] } }),
      422,
      'invalid_definition',
    )
  })

  test('500: a mistake of ours says nothing of its cause, and the log has it under the request id', async () => {
    const broken = { ...demo.ctx, source: { snapshot: () => Promise.reject(new Error('secret detail')) } }
    const own = await serveApp(broken)
    const error = await failure(
      await own.post(preview, { definition: { dataSources: ['donations'] } }),
      500,
      'internal',
    )
    expect(JSON.stringify(error)).not.toContain('secret')
    expect(own.logged.filter(({ level }) => level === 'error')).toMatchObject([
      { level: 'error', fields: { requestId: error.requestId } },
    ])
    await own.close()
  })

  test('503: a database that is not there, without its address', async () => {
    const source = postgresSource('postgres://somebody:secret@127.0.0.1:1/nowhere')
    const own = await serveApp({ ...demo.ctx, source })
    const response = await own.post(preview, { definition: { dataSources: ['donations'] } })
    const error = await failure(response, 503, 'source_unavailable')
    expect(JSON.stringify(error)).not.toMatch(/secret|somebody|nowhere/)
    await own.close()
    await source.close()
  })

  test('503: not ready while the store cannot be read, and live all the same', async () => {
    const health = () =>
      Promise.reject(new UserError('source_unavailable', 'Cannot reach the database: nothing listens at its address'))
    const own = await serveApp({ ...demo.ctx, health })
    const error = await failure(await fetch(`${own.url}/health/ready`), 503, 'not_ready')
    expect(error.message).toBe('Not ready: Cannot reach the database: nothing listens at its address')
    expect(await (await fetch(`${own.url}/health/live`)).json()).toEqual({ status: 'live' })
    await own.close()
  })
})

describe('request ids', () => {
  test('a request may bring its own, and gets it back', async () => {
    const response = await fetch(`${app.url}/api/v1/nothing`, { headers: { 'X-Request-Id': 'mine-1' } })
    expect((await failure(response, 404, 'not_found')).requestId).toBe('mine-1')
  })

  test('one that could forge a line of the log is replaced', async () => {
    const id = await new Promise((done) => {
      const asked = request(`${app.url}/api/v1/nothing`, { headers: { 'X-Request-Id': 'a b"c' } }, (response) => {
        response.resume()
        done(response.headers['x-request-id'])
      })
      asked.end()
    })
    expect(id).toMatch(/^[0-9a-f-]{36}$/)
  })
})
