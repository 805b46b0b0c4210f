// A live run can be repeated without a network, answer for answer, and never with an answer that no vendor gave.
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { translatorNamed } from '../../evals/translators.ts'
import { Definition } from '../../src/definition/schema.ts'
import { emptyValueIndex } from '../../src/translate/values.ts'
import { demoCatalog } from '../setup/demo-catalog.ts'
import { ANTHROPIC_KEY, startAnthropicLoopback } from '../setup/loopback-anthropic.ts'
import type { Behaviour, Loopback } from '../setup/loopback-http.ts'
import { OPENAI_KEY, startOpenaiLoopback } from '../setup/loopback-openai.ts'

const open: Loopback[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()))
})

const answer = (field: string): Behaviour => ({
  do: 'answer',
  json: {
    reading: 'Names of events.',
    outcome: 'table',
    definition: Definition.parse({ dataSources: ['events'], columns: [{ field }] }),
    assumptions: [],
    confidence: 0.9,
    notUnderstood: [],
    reason: '',
    suggestions: [],
  },
})
const input = {
  prompt: 'names of all events',
  catalog: demoCatalog(),
  values: emptyValueIndex,
  scope: { organizationId: 'brightwater', roles: ['editor'] },
  clock: { now: new Date('2026-11-23T12:00:00Z'), timezone: 'UTC' },
}
const newFile = () => join(mkdtempSync(join(tmpdir(), 'tape-')), 'answers.jsonl')
const busy: Behaviour = { do: 'status', status: 429, headers: { 'retry-after-ms': '1' } }

test('a recorded run is repeated answer for answer without the vendor: a busy server, a repair, tokens and all', async () => {
  const vendor = await startOpenaiLoopback([busy, answer('no_such_field'), answer('name')])
  open.push(vendor)
  const file = newFile()
  const config = { openai: { apiKey: OPENAI_KEY, baseUrl: `${vendor.url}/v1`, model: 'a-model' } }
  const live = await translatorNamed('openai', { record: file }, config)(input)
  expect(live).toMatchObject({
    kind: 'answer',
    translator: 'openai',
    usage: { calls: 3, repairs: 1, model: 'a-model' },
  })
  await Promise.all(open.splice(0).map((server) => server.close()))
  expect(await translatorNamed('openai', { replay: file }, {})(input)).toEqual(live)
  const lines = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { status: number })
  expect(lines.map(({ status }) => status)).toEqual([429, 200, 200])
})

test('a request that is not in the recording ends the run with what to do, and is not answered by anything else', async () => {
  const vendor = await startAnthropicLoopback([answer('name')])
  open.push(vendor)
  const file = newFile()
  const config = { anthropic: { apiKey: ANTHROPIC_KEY, baseUrl: vendor.url } }
  const live = await translatorNamed('anthropic', { record: file }, config)(input)
  expect(live).toMatchObject({ kind: 'answer', translator: 'anthropic' })
  const replayed = translatorNamed('anthropic', { replay: file }, {})
  expect(await replayed(input)).toEqual(live)
  await expect(replayed({ ...input, prompt: 'names of all campaigns' })).rejects.toMatchObject({
    code: 'not_recorded',
    fix: expect.stringContaining('--record'),
  })
})

test('no key is written, neither the one that was sent nor what a vendor says of it', async () => {
  const vendor = await startOpenaiLoopback([answer('name')])
  open.push(vendor)
  const file = newFile()
  for (const apiKey of [OPENAI_KEY, 'sk-not-the-right-one']) {
    const config = { openai: { apiKey, baseUrl: `${vendor.url}/v1` } }
    await translatorNamed('openai', { record: file }, config)(input)
    const text = readFileSync(file, 'utf8')
    expect(text).toContain(apiKey === OPENAI_KEY ? '"status":200' : '"status":401')
    expect(text).not.toContain(apiKey)
  }
})

test('a connection that broke is a connection that breaks when repeated', async () => {
  const vendor = await startOpenaiLoopback([{ do: 'drop', after: 'half the body' }])
  open.push(vendor)
  const file = newFile()
  const config = { openai: { apiKey: OPENAI_KEY, baseUrl: `${vendor.url}/v1` } }
  const live = await translatorNamed('openai', { record: file }, config)(input)
  expect(live.notes.join()).toContain('could not be reached')
  expect(await translatorNamed('openai', { replay: file }, {})(input)).toEqual(live)
})

test('the built-in translator has nothing to record, and one tape is not written and read at once', () => {
  expect(() => translatorNamed('builtin', { record: newFile() }, {})).toThrow('it asks nobody')
  expect(() => translatorNamed('openai', { record: 'a', replay: 'b' }, {})).toThrow('either')
})
