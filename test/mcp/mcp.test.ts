// The MCP server, driven by the official client over real HTTP: what a model can do with it, and what it never gets.
import { writeFileSync } from 'node:fs'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newApiKey } from '../../src/access/api-key.ts'
import { type Action, rules } from '../../src/access/rules.ts'
import { apiKeys, type Role } from '../../src/db/schema-access.ts'
import { Definition } from '../../src/definition/schema.ts'
import { newId } from '../../src/lib/id.ts'
import { languageReference, MAX_CATALOG_CHARS } from '../../src/mcp/reference.ts'
import { tools } from '../../src/mcp/tools.ts'
import { demoContext, serveApp, type TestApp } from '../setup/app.ts'
import { member } from '../setup/service.ts'

let app: TestApp
let end: () => Promise<void>
const clients: Client[] = []
const transcript: string[] = []

beforeAll(async () => {
  const { ctx, close } = await demoContext('2026-11-23')
  app = await serveApp(ctx)
  end = async () => {
    await app.close()
    await close()
  }
}, 120_000)
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()))
  await end()
  // For whoever wants to read how such a conversation goes.
  if (process.env.MCP_TRANSCRIPT !== undefined) writeFileSync(process.env.MCP_TRANSCRIPT, transcript.join('\n\n'))
})

async function connect(secret: string): Promise<Client> {
  const client = new Client({ name: 'tests', version: '1' })
  const requestInit = { headers: { Authorization: `Bearer ${secret}` } }
  const transport = new StreamableHTTPClientTransport(new URL(`${app.url}/mcp`), { requestInit })
  await client.connect(transport as Parameters<typeof client.connect>[0])
  clients.push(client)
  return client
}

async function somebody(role: Role = 'editor', organizationId = app.ctx.scope.organizationId): Promise<Client> {
  const { secret } = await member(app.ctx, { organizationId, role })
  return connect(secret)
}

type Answer = {
  readonly isError: boolean
  readonly text: string
  readonly json: ReturnType<typeof JSON.parse>
}

async function use(client: Client, name: string, args: object = {}): Promise<Answer> {
  const result = await client.callTool({ name, arguments: args as Record<string, unknown> })
  const [first] = result.content as { type: string; text: string }[]
  const text = first?.text ?? ''
  transcript.push(`**${name}** \`${JSON.stringify(args)}\`\n\n\`\`\`json\n${text.slice(0, 1500)}\n\`\`\``)
  return { isError: result.isError === true, text, json: text.startsWith('{') ? JSON.parse(text) : {} }
}

describe('a conversation', () => {
  test('discover, ask, refine, run, save, list, see and export, by handles alone', async () => {
    const client = await somebody()
    const listed = await client.listTools()
    expect(listed.tools.map(({ name }) => name).sort()).toEqual(Object.keys(tools).sort())
    const found = await use(client, 'discover')
    expect(found.json).toMatchObject({ complete: true, language: expect.stringContaining('dataSources') })
    expect(found.json.catalog).toContain('## donations')
    expect(found.json.prompts.length).toBeGreaterThan(0)

    const asked = await use(client, 'ask', { prompt: 'number of campaigns by channel' })
    expect(asked.json).toMatchObject({ kind: 'answer', sentence: expect.stringContaining('channel') })
    const refined = await use(client, 'refine', { handle: asked.json.handle, prompt: 'top 2' })
    expect(refined.json).toMatchObject({ kind: 'answer', definition: { limit: 2 } })
    expect(refined.json.changes).toContainEqual(expect.objectContaining({ part: 'limit', after: 2 }))
    expect(refined.json.rows.length).toBe(2)

    const rows = await use(client, 'run', { handle: refined.json.handle })
    expect(rows.json.rows).toEqual(refined.json.rows)
    const saved = await use(client, 'save', { handle: refined.json.handle, name: 'Two channels' })
    expect(saved.json).toMatchObject({
      name: 'Two channels',
      visibility: 'PRIVATE',
      handle: expect.stringMatching(/^tbl_/),
    })
    const tables = await use(client, 'list_tables')
    expect(tables.json.tables).toMatchObject([{ handle: saved.json.handle, name: 'Two channels' }])
    const table = await use(client, 'get_table', { handle: saved.json.handle })
    expect(table.json).toMatchObject({ prompt: 'top 2', state: 'ok', definition: { limit: 2 } })
    const again = await use(client, 'run', { handle: saved.json.handle })
    expect(again.json.rows).toEqual(rows.json.rows)
    const more = await use(client, 'refine', { handle: saved.json.handle, prompt: 'top 1' })
    expect(more.json).toMatchObject({ definition: { limit: 1 } })
    const file = await use(client, 'export', { handle: saved.json.handle })
    expect(file.json).toMatchObject({ rowCount: 2, csv: expect.stringMatching(/^[^\n]+\n[^\n]+\n[^\n]+\n?$/) })
    expect(file.json).not.toHaveProperty('cut')
  })

  test('a definition of one’s own is checked, run page by page, and saved', async () => {
    const client = await somebody()
    const definition = {
      dataSources: ['donations'],
      columns: ['id', 'amount', 'fee', 'status', 'payment_method', 'received_at'].map((field) => ({ field })),
    }
    const checked = await use(client, 'check', { definition: { ...definition, columns: [{ field: 'amonut' }] } })
    expect(checked.isError).toBe(true)
    expect(checked.json.error).toMatchObject({
      code: 'invalid_definition',
      issues: [{ fix: expect.stringContaining('amount') }],
    })
    const seen = new Set<string>()
    let cursor: string | undefined
    for (let pages = 0; pages < 3; pages += 1) {
      const page = await use(client, 'run', { definition, limit: 200, ...(cursor && { cursor }) })
      for (const [id] of page.json.rows) seen.add(id)
      cursor = page.json.nextCursor
    }
    expect(seen.size).toBe(600)
    const saved = await use(client, 'save', { definition, name: 'All gifts' })
    const first = await use(client, 'run', { handle: saved.json.handle, limit: 2 })
    const second = await use(client, 'run', { handle: saved.json.handle, limit: 2, cursor: first.json.nextCursor })
    expect(first.json.rows).not.toEqual(second.json.rows)
    // Between the pages of a definition nothing is kept, which is said; a saved table's pages are of one result.
    const loose = await use(client, 'run', { definition, limit: 2 })
    expect(loose.json.paging).toContain('runs the table again')
    expect(first.json).not.toHaveProperty('paging')
    const totalled = {
      dataSources: ['campaigns'],
      groupBy: [{ field: 'channel' }],
      aggregates: [{ id: 'n', fn: 'count' }],
      totals: true,
    }
    const kept = await use(client, 'save', { definition: totalled })
    const all = await use(client, 'run', { handle: kept.json.handle })
    expect(all.json.totals.at(-1)).toBe(
      all.json.rows.reduce((sum: number, row: number[]) => sum + Number(row.at(-1)), 0),
    )
    const file = await use(client, 'export', { handle: saved.json.handle })
    expect(file.json.cut).toContain('/api/v1/tables/export')
    expect(file.json.csv.endsWith('\n')).toBe(true)
  })

  test('a question that is not understood gives no numbers', async () => {
    const client = await somebody()
    const { json } = await use(client, 'ask', { prompt: 'which zorbs flibbered the most' })
    expect(['draft', 'refused']).toContain(json.kind)
    expect(json).not.toHaveProperty('rows')
    expect(json.suggestions.length).toBeGreaterThan(0)
  })
})

describe('nobody gets more than the API gives', () => {
  test('each tool asks for what its rule says, for every role and every scope of a key', async () => {
    const organizationId = app.ctx.scope.organizationId
    const wrong: string[] = []
    const inputs: Record<string, object> = {
      ask: { prompt: 'number of campaigns' },
      refine: { handle: 'cnv_none/1', prompt: 'top 2' },
      check: { definition: {} },
      run: { definition: {} },
      save: { definition: { dataSources: ['campaigns'], columns: [{ field: 'name' }] } },
      get_table: { handle: 'tbl_none' },
      export: { definition: {} },
    }
    for (const role of ['viewer', 'editor', 'admin'] as const) {
      const { userId } = await member(app.ctx, { organizationId, role })
      for (const scope of ['ask', 'tables:read', 'tables:write', 'admin'] as const) {
        const { secret, hash, hint } = newApiKey()
        const key = { organizationId, userId, name: scope, hash, hint, scopes: [scope] }
        await app.ctx.db.insert(apiKeys).values({ id: newId('key'), ...key })
        const levels = ['viewer', 'editor', 'admin']
        for (const [name, { action }] of Object.entries(tools)) {
          const rule = rules[action as Action] as { scope: string; role?: string }
          const allowed = rule.scope === scope && levels.indexOf(role) >= levels.indexOf(rule.role ?? 'viewer')
          const response = await rpc(secret, name, inputs[name] ?? {})
          const text = JSON.stringify(response)
          const refused = text.includes('forbidden')
          if (refused === allowed) wrong.push(`${name} as ${role} with ${scope}`)
        }
      }
    }
    expect(wrong).toEqual([])
  })

  test('handles of others, and of other organizations, are unknown', async () => {
    const [ann, bob, eve] = [await somebody(), await somebody('admin'), await somebody('admin', 'harborlight')]
    const asked = await use(ann, 'ask', { prompt: 'number of campaigns by channel' })
    const saved = await use(ann, 'save', { handle: asked.json.handle })
    for (const other of [bob, eve])
      for (const handle of [asked.json.handle, saved.json.handle])
        for (const name of ['run', 'export', 'save', 'refine', 'get_table']) {
          const args = { handle, ...(name === 'refine' && { prompt: 'top 2' }) }
          const { isError, json } = await use(other, name, args)
          expect(isError, name).toBe(true)
          expect(json.error.code, `${name} ${handle}`).toBe('not_found')
        }
    expect((await use(bob, 'list_tables')).json.tables).toEqual([])
    for (const handle of ['x', 'cnv_1/0', 'tbl_', '../1'])
      expect((await use(ann, 'run', { handle })).json.error.code).toBe('not_found')
  })

  test('columns that a role may not see are in no catalog, no answer and no error', async () => {
    const hidden = Object.entries(app.ctx.catalog.entities).flatMap(([entity, { fields }]) =>
      Object.entries(fields).flatMap(([field, { roles }]) => (roles?.join() === 'admin' ? [{ entity, field }] : [])),
    )
    expect(hidden.length).toBeGreaterThan(0)
    const viewer = await somebody('viewer')
    const found = await use(viewer, 'discover')
    for (const { entity, field } of hidden) {
      expect(found.text).not.toContain(`- ${field} `)
      const definition = { dataSources: [entity], columns: [{ field }] }
      const { json, isError } = await use(viewer, 'run', { definition })
      expect(isError).toBe(true)
      expect(json.error.code).toBe('invalid_definition')
    }
  })

  test('cookies, visitors and nobody are refused, and told how to come in', async () => {
    const signIn = await fetch(`${app.url}/api/v1/session/demo`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ person: 'demo_maya' }),
    })
    const cookie = signIn.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ')
    for (const headers of [{ Cookie: cookie }, {}, { Authorization: 'Bearer nonsense' }] as Record<string, string>[]) {
      const response = await fetch(`${app.url}/mcp`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream', ...headers },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
      })
      expect(response.status).toBe(401)
      expect(response.headers.get('www-authenticate')).toBe('Bearer')
      expect((await response.json()).error).toMatchObject({ code: 'unauthenticated', fix: expect.any(String) })
    }
    expect((await fetch(`${app.url}/mcp`)).status).toBe(405)
  })
})

test('bad arguments are told with their place, and nothing runs', async () => {
  const client = await somebody()
  const { isError, text } = await use(client, 'ask', { prompt: '' })
  expect(isError).toBe(true)
  expect(text).toContain('prompt')
  expect((await use(client, 'run', {})).json.error).toMatchObject({
    code: 'invalid_request',
    fix: expect.stringContaining('handle'),
  })
  expect((await use(client, 'run', { handle: 'tbl_x', cursor: 'x', limit: 9999 })).isError).toBe(true)
})

test('what the language reference shows is the language: its definitions pass the schema', () => {
  const text = languageReference()
  expect(text).not.toContain('# Rules')
  expect(text).toContain('`groupBy`')
  for (const part of Object.keys(Definition.parse({ dataSources: ['x'] })).filter((key) => key !== 'version'))
    expect(text, part).toContain(part)
  // Each period that it shows is one, and so is each condition.
  const shown = [...text.matchAll(/`(\{ "[^`]*\})`/g)].flatMap(([, json = '']) => parsed(json))
  const periods = shown.filter(
    (one) => !/"(?:all|any|not|field|relation|aggregate|formula|definition|id|match)"/.test(JSON.stringify(one)),
  )
  expect(periods.length).toBeGreaterThan(10)
  for (const value of periods.filter(
    (one) => !('min' in one) && !('style' in one) && !('column' in one) && !('to' in one && !('from' in one)),
  )) {
    const filters = { field: 'received_at', op: 'in_period', value }
    expect(Definition.safeParse({ dataSources: ['x'], filters }).success, JSON.stringify(value)).toBe(true)
  }
})

test('answers fit a model’s budget', async () => {
  const client = await somebody()
  const found = await use(client, 'discover')
  expect(found.json.catalog.length).toBeLessThanOrEqual(MAX_CATALOG_CHARS)
  expect(found.text.length).toBeLessThan(60_000)
  const asked = await use(client, 'ask', { prompt: 'list all donations' })
  expect(asked.text.length).toBeLessThan(12_000)
  const language = await client.readResource({ uri: 'tablewright://language' })
  expect(language.contents[0]).toMatchObject({ text: languageReference() })
  const one = await use(client, 'discover', { entity: 'donations' })
  expect(one.json.catalog).toContain('## donations')
  expect(one.json.catalog).not.toContain('## pledges')
  expect((await use(client, 'discover', { query: 'fines and penalties of reports' })).json.catalog).toContain(
    '## filings',
  )
  expect((await use(client, 'discover', { entity: 'donation' })).json.error.fix).toContain('donations')
})

/** JSON with an ellipsis or a bare word in it only describes a form. */
function parsed(json: string): object[] {
  try {
    return [JSON.parse(json)]
  } catch {
    return []
  }
}

async function rpc(secret: string, name: string, args: object): Promise<unknown> {
  const response = await fetch(`${app.url}/mcp`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      Authorization: `Bearer ${secret}`,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }),
  })
  return response.json()
}
