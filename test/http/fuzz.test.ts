// Hostile requests to every route of /openapi.json, over a real socket and a real Postgres, as an admin and as nobody.
// Held: never a mistake of ours (5xx), every failure with the one error body, nothing in it of SQL, stacks or files, and a
// server that still answers. FUZZ_RUNS and FUZZ_SEED ask for more, or for the same again.
import { Agent, request } from 'node:http'
import { gunzipSync, inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { errorCodes } from '../../src/errors.ts'
import { api } from '../../src/http/api.ts'
import { openApi } from '../../src/http/openapi.ts'
import { tools } from '../../src/mcp/tools.ts'
import { type OpenedService, openService } from '../../src/open-service.ts'
import { addPerson, serveApp, silent, type TestApp } from '../setup/app.ts'
import { type Attack, attacks, choices, type Hostile, hostile, type Known } from '../setup/hostile.ts'
import { createDatabase } from '../setup/postgres.ts'

const RUNS = Number(process.env.FUZZ_RUNS ?? 4)
const SEED = Number(process.env.FUZZ_SEED ?? 20260301)
const ORGANIZATION = 'org_riverbend'

const document = openApi(api, 'test')
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => [path, method, operation] as const),
)

/** What only a leak could have put there: no request says any of it. */
const LEAK =
  /Failed query|node_modules|file:\/\/|\.ts:\d|\n\s+at |PostgresError|DrizzleQuery|ZodError|TypeError|RangeError|violates|invalid input syntax|invalid byte sequence|is not a function|of undefined|of null|relation "|column "\w+" does not|\bselect "|insert into "/

type Answer = { readonly status: number; readonly type: string; readonly text: string }

let opened: OpenedService
let app: TestApp
let known: Known
let secret = ''
const agent = new Agent({ keepAlive: true, maxSockets: 4 })
let address = 0

beforeAll(async () => {
  const url = await createDatabase(inject('postgresUrl'), 'http_fuzz')
  const env = { DATABASE_URL: url, AUTH_SECRET: 'a secret of the tests, 32 characters', TRANSLATOR: 'builtin' }
  const config = { ...readConfig(env), host: '0.0.0.0', demoDonations: 2000 }
  opened = await openService({ config, log: silent })
  app = await serveApp(opened.ctx, { trustedProxies: 1 })
  secret = (await addPerson(opened.ctx, { organizationId: ORGANIZATION, role: 'admin' })).secret
  const definition = { version: 1, dataSources: ['donations'], columns: [{ field: 'amount' }], limit: 5 }
  known = { document, definition, ids: await things(definition) }
}, 120_000)
afterAll(async () => {
  agent.destroy()
  await app.close()
  await opened.close()
})

/** One of everything that has an id, so that requests get further than "not there". */
async function things(definition: object): Promise<string[]> {
  const make = async (path: string, body: object): Promise<string> => {
    const response = await app.post(`/api/v1${path}`, body, { Authorization: `Bearer ${secret}` })
    const made = (await response.json()) as Record<string, unknown>
    expect(response.status, JSON.stringify(made)).toBeLessThan(300)
    return String(made.id ?? made.conversationId)
  }
  const table = await make('/tables', { definition, name: 'A table' })
  const tiles = [{ id: 'one', tableId: table, x: 0, y: 0, width: 6, height: 4, showAs: 'table' }]
  return [
    table,
    await make('/dashboards', { name: 'A dashboard', tiles }),
    await make('/reports', { name: 'A report', items: [{ kind: 'table', tableId: table }] }),
    await make('/views', { tableId: table, section: 'Here' }),
    await make('/tables/generate', { prompt: 'donations by month this year' }),
    await make('/teams', { name: 'A team' }),
    'one',
    '1',
  ]
}

function send(method: string, { path, headers, body }: Hostile, as: 'admin' | 'nobody'): Promise<Answer> {
  address += 1
  const own = {
    // Another address each time: signing in is limited by it.
    'X-Forwarded-For': `10.${(address >> 16) & 255}.${(address >> 8) & 255}.${address & 255}`,
    ...(path.startsWith('/mcp') && { Accept: 'application/json, text/event-stream' }),
    ...(as === 'admin' && { Authorization: `Bearer ${secret}` }),
  }
  return new Promise((done, fail) => {
    const asked = request(
      `${app.url}`,
      { method: method.toUpperCase(), path, headers: { ...own, ...headers }, agent },
      (answer) => {
        const parts: Buffer[] = []
        answer.on('data', (part) => parts.push(part))
        answer.on('error', fail)
        answer.on('end', () =>
          done({
            status: answer.statusCode ?? 0,
            type: answer.headers['content-type'] ?? '',
            text: decoded(Buffer.concat(parts), answer.headers['content-encoding']).toString(),
          }),
        )
      },
    )
    asked.on('error', fail)
    if (body !== undefined) asked.setHeader('Content-Length', Buffer.byteLength(body))
    asked.end(body)
  })
}

function decoded(bytes: Buffer, encoding: string | undefined): Buffer {
  if (encoding === 'deflate') return inflateSync(bytes)
  return encoding === 'gzip' ? gunzipSync(bytes) : bytes
}

/** Everything that must hold of an answer, as a list of what does not. */
function faultsOf({ status, type, text }: Answer): string[] {
  if (status < 400) return type.includes('event-stream') && /"internal"/.test(text) ? [text.slice(0, 300)] : []
  const faults: string[] = []
  if (status >= 500) faults.push('a mistake of ours')
  if (!type.startsWith('application/json')) return [...faults, `the type ${type}: ${text.slice(0, 200)}`]
  const { error, ...more } = JSON.parse(text) as { error: Record<string, unknown>; jsonrpc?: string }
  // Where MCP is spoken, what is not MCP is answered as JSON-RPC has it.
  if (more.jsonrpc === '2.0' && status < 500) return LEAK.test(text) ? [`a leak: ${text.slice(0, 300)}`] : []
  const { code, message, fix, issues, changed, requestId, ...rest } = error
  if (Object.keys({ ...more, ...rest }).length > 0) faults.push('more than the error body')
  if (changed !== undefined && code !== 'version_conflict') faults.push('a change where none was met')
  const right = typeof code === 'string' && code in errorCodes && typeof message === 'string' && message !== ''
  if (!right || typeof requestId !== 'string') faults.push('not the error body')
  if (right && errorCodes[code as keyof typeof errorCodes].status !== status) faults.push(`${code} as ${status}`)
  const leak = LEAK.exec(JSON.stringify([message, fix, issues, changed]))
  if (leak !== null) faults.push(`a leak: ${leak[0]}`)
  if (text.length > 200_000) faults.push(`an error of ${text.length} characters`)
  return faults.map((fault) => `${fault}: ${status} ${text.slice(0, 400)}`)
}

async function attacked(operation: (typeof operations)[number], attack: Attack): Promise<void> {
  const [, method] = operation
  await fc.assert(
    fc.asyncProperty(
      choices,
      fc.constantFrom('admin' as const, 'admin' as const, 'nobody' as const),
      async (choose, as) => {
        const asked = hostile(operation, attack, known, choose)
        const before = app.logged.length
        const faults = faultsOf(await send(method, asked, as))
        const logged = app.logged.slice(before).filter(({ level }) => level === 'error')
        const why = logged.map(({ fields }) => (fields as { err?: Error }).err?.stack ?? JSON.stringify(fields))
        if (faults.length + logged.length > 0) {
          const { path, headers, body } = asked
          throw new Error(
            [
              `${method} ${path.slice(0, 300)}`,
              JSON.stringify(headers),
              String(body).slice(0, 500),
              ...faults,
              ...why,
            ].join('\n'),
          )
        }
      },
    ),
    { numRuns: RUNS, seed: SEED, endOnFailure: true, interruptAfterTimeLimit: 20_000 },
  )
}

/** What went wrong, without what fast-check says about it. */
const reasonOf = (error: Error): string => (error.cause instanceof Error ? error.cause : error).message

describe('hostile requests', () => {
  test.each(operations.map((operation) => [operation[2].operationId, operation] as const))(
    '%s',
    async (_name, operation) => {
      const failures: string[] = []
      for (const attack of attacks)
        await attacked(operation, attack).catch((error: Error) => failures.push(`${attack}: ${reasonOf(error)}`))
      if (failures.length > 0) throw new Error(failures.join('\n\n'))
      expect((await fetch(`${app.url}/health/ready`)).status).toBe(200)
    },
    120_000,
  )

  const toolCall = {
    type: 'object',
    required: ['jsonrpc', 'id', 'method', 'params'],
    properties: {
      jsonrpc: { const: '2.0' },
      id: { enum: [1, 'a'] },
      method: { enum: ['tools/call', 'tools/call', 'tools/list', 'resources/read', 'initialize'] },
      params: {
        type: 'object',
        required: ['name', 'arguments'],
        properties: {
          name: { enum: Object.keys(tools) },
          arguments: {
            type: 'object',
            properties: Object.fromEntries(
              ['prompt', 'handle', 'definition', 'query', 'name'].map((name) => [name, {}]),
            ),
          },
        },
      },
    },
  }
  const others = [
    '/mcp',
    '/files/{x}',
    '/unsubscribe/{x}',
    '/outbox/{x}',
    '/outbox/{x}/body.html',
    '/outbox/{x}/message.eml',
    '/api/v1/{x}',
    '/{x}',
    '/health/{x}',
    '/docs/{x}',
    '/metrics',
  ]
  test.each(others)(
    'what is not of the API: %s',
    async (path) => {
      const failures: string[] = []
      const operation = {
        operationId: path,
        tags: [],
        summary: '',
        responses: {},
        security: [],
        'x-access': { action: '', who: 'anyone' },
        ...(path === '/mcp' && { requestBody: { content: { 'application/json': { schema: toolCall } } } }),
      } as never
      for (const method of ['get', 'post', 'delete', 'patch'])
        for (const attack of attacks)
          await attacked([path, method, operation], attack).catch((error: Error) =>
            failures.push(`${attack}: ${reasonOf(error)}`),
          )
      if (failures.length > 0) throw new Error(failures.join('\n\n'))
      expect((await fetch(`${app.url}/health/live`)).status).toBe(200)
    },
    120_000,
  )

  test('nothing was polluted, and the admin still finds the data', async () => {
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
    const answer = await send(
      'post',
      {
        path: '/api/v1/tables/preview',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ definition: known.definition }),
      },
      'admin',
    )
    expect([answer.status, answer.text.includes('"rows"')]).toEqual([200, true])
  })
})
