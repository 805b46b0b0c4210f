import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TableResult } from '../../src/rows/result.ts'
import type { Answer, Generated } from '../../src/tables/generate.ts'
import { readEvents } from '../../web/api/events.ts'
import { demoContext, serveApp, type TestApp } from '../setup/app.ts'

const path = '/api/v1/tables/generate'
const prompt = 'money raised by channel'

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

async function events(response: Response): Promise<{ event: string; data: Record<string, unknown> }[]> {
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/)
  if (response.body === null) throw new Error('no body')
  const found = []
  for await (const { event, data } of readEvents(response.body)) found.push({ event, data: JSON.parse(data) })
  return found
}

async function answer(body: object, headers: Record<string, string> = {}): Promise<Answer & TableResult> {
  const generated = (await (await app.post(path, body, headers)).json()) as Generated
  if (generated.kind !== 'answer') throw new Error(`no answer: ${JSON.stringify(generated)}`)
  return generated
}

describe('a table from words', () => {
  test('an answer has rows, the sentence that says what they are, its definition, its SQL and how it was made', async () => {
    const got = await answer({ prompt, timezone: 'America/New_York' })
    expect(got.rows.length).toBeGreaterThan(2)
    expect(got.columns.map(({ label }) => label)).toContain('Raised')
    expect(got.sentence.length).toBeGreaterThan(20)
    expect(got.title).toBe('Money raised by channel')
    expect(got.translator).toBe('builtin')
    expect(got.confidence).toBeGreaterThan(0.5)
    expect(got.statements[0]?.text).toContain('select')
    expect(got.truncated).toBe(false)
  })

  test('the definition of an answer runs to the same rows', async () => {
    const first = await answer({ prompt })
    const again = (await (
      await app.post('/api/v1/tables/preview', { definition: first.definition })
    ).json()) as Answer & TableResult
    expect(again.rows).toEqual(first.rows)
    expect(again.sentence).toBe(first.sentence)
  })

  test("each organization sees its own rows and never the other one's", async () => {
    const totalOf = async (organization: string) => {
      const definition = { dataSources: ['donations'], aggregates: [{ id: 'n', fn: 'count' }] }
      const headers = { 'X-Demo-Organization': organization }
      const response = await app.post('/api/v1/tables/preview', { definition }, headers)
      return Number(((await response.json()) as TableResult).rows[0]?.[0])
    }
    const [riverbend, hillcrest] = [await totalOf('org_riverbend'), await totalOf('org_hillcrest')]
    expect(riverbend + hillcrest).toBe(3000)
    expect(Math.min(riverbend, hillcrest)).toBeGreaterThan(0)
    const mine = await answer({ prompt }, { 'X-Demo-Organization': 'org_hillcrest' })
    expect(mine.statements.flatMap(({ params }) => params)).not.toContain('org_riverbend')
  })

  test('rows over the limit are cut and it is said so', async () => {
    const definition = { dataSources: ['donations'] }
    const response = await app.post('/api/v1/tables/preview', { definition, maxRows: 7 })
    expect(await response.json()).toMatchObject({ truncated: true, maxRows: 7, rows: { length: 7 } })
  })

  test('a conversation id comes back as it was sent', async () => {
    expect(await answer({ prompt, conversationId: 'mine' })).toMatchObject({ conversationId: 'mine' })
  })

  test('what cannot be understood gives no rows', async () => {
    const response = await app.post(path, { prompt: 'blorb the frimble per zonk' })
    const got = (await response.json()) as Generated
    expect(response.status).toBe(200)
    expect(got.kind).not.toBe('answer')
    expect(got).not.toHaveProperty('rows')
  })

  test('the page and other programs may read the catalog, without names of tables and columns', async () => {
    const catalog = await (await fetch(`${app.url}/api/v1/catalog`)).json()
    expect(catalog).toMatchObject({ organization: 'org_riverbend', demo: { organizations: { length: 2 } } })
    expect(Object.keys(catalog.entities)).toContain('donations')
    const text = JSON.stringify(catalog)
    for (const hidden of ['"table"', '"column"', '"tenantKey"', 'organization_id', '"schema"', '"on"'])
      expect(text).not.toContain(hidden)
  })
})

describe('a table from words, step by step', () => {
  test('the steps come in order, and rows and done together are the JSON answer', async () => {
    const response = await app.post(path, { prompt, conversationId: 'c' }, { Accept: 'text/event-stream' })
    const got = await events(response)
    expect(got.map(({ event }) => event)).toEqual(['understanding', 'checking', 'running', 'rows', 'done'])
    const whole = await answer({ prompt, conversationId: 'c' })
    const [running, rows, done] = got.slice(2).map(({ data }) => data)
    expect(running).toEqual({ title: whole.title, sentence: whole.sentence })
    const untimed = ({ elapsedMs, totalMs, ...rest }: Record<string, unknown>) => rest
    expect(untimed({ ...rows, ...done })).toEqual(untimed({ ...whole }))
    expect(done).not.toHaveProperty('rows')
  })

  test('a draft or refusal ends without rows', async () => {
    const response = await app.post(path, { prompt: 'blorb the frimble per zonk' }, { Accept: 'text/event-stream' })
    const got = await events(response)
    expect(got.map(({ event }) => event)).toEqual(['understanding', 'checking', 'done'])
  })

  test('a failure is an event with the error body, and nothing follows it', async () => {
    const response = await app.post(
      path,
      { prompt, base: { dataSources: ['nothing'] } },
      { Accept: 'text/event-stream' },
    )
    const got = await events(response)
    expect(got.map(({ event }) => event)).toEqual(['error'])
    expect(got[0]?.data).toMatchObject({
      error: { code: 'invalid_definition', requestId: response.headers.get('x-request-id') },
    })
  })

  test('the stream is neither compressed nor kept back by proxies', async () => {
    const response = await app.post(path, { prompt }, { Accept: 'text/event-stream', 'Accept-Encoding': 'gzip' })
    expect(response.headers.get('content-encoding')).toBeNull()
    expect(response.headers.get('x-accel-buffering')).toBe('no')
    await response.text()
  })
})
