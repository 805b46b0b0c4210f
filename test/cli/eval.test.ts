// `tablewright eval` with a model: its run is recorded, and repeated from the recording with the same predictions.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { Definition } from '../../src/definition/schema.ts'
import { cli } from '../setup/cli.ts'
import type { Loopback } from '../setup/loopback-http.ts'
import { OPENAI_KEY, startOpenaiLoopback } from '../setup/loopback-openai.ts'
import { createDatabase } from '../setup/postgres.ts'

const folder = mkdtempSync(join(tmpdir(), 'tablewright-eval-'))
const suite = join(folder, 'suite')
const questions = (text: string) =>
  writeFileSync(
    join(suite, 'questions.jsonl'),
    `${JSON.stringify({ id: 's:1', suite: 's', split: 'train', database: 'eval_shop', question: text })}\n`,
  )
let vendor: Loopback
let database: string
beforeAll(async () => {
  await mkdir(join(suite, 'databases'), { recursive: true })
  writeFileSync(
    join(suite, 'databases', 'eval_shop.sql'),
    `create table customers (id int primary key, name text not null);
insert into customers values (1, 'Ada'), (2, 'Grace');`,
  )
  database = await createDatabase(inject('postgresUrl'), 'cli_eval')
  vendor = await startOpenaiLoopback([
    {
      do: 'answer',
      json: {
        reading: 'Names of customers.',
        outcome: 'table',
        definition: Definition.parse({ dataSources: ['customers'], columns: [{ field: 'name' }] }),
        assumptions: [],
        confidence: 0.7,
        notUnderstood: [],
        reason: '',
        suggestions: [],
      },
    },
  ])
})
afterAll(() => vendor.close())

test('a recorded run is repeated without the vendor and without a key; what was not recorded ends it', async () => {
  questions('What are the names of all customers?')
  const tape = join(folder, 'answers.jsonl')
  const run = (more: readonly string[], env: Record<string, string> = {}) =>
    cli(['eval', '--suite', suite, '--translator', 'openai', '--database', database, ...more], { env })
  const live = await run(['--record', tape], { OPENAI_API_KEY: OPENAI_KEY, OPENAI_BASE_URL: `${vendor.url}/v1` })
  const predicted = (out: string) => ({ ...(JSON.parse(out) as object), ms: 0 })
  expect(predicted(live.out)).toMatchObject({
    id: 's:1',
    translator: 'openai',
    rows: [['Ada'], ['Grace']],
    tokens: { calls: 1 },
  })
  expect(readFileSync(tape, 'utf8')).not.toContain(OPENAI_KEY)
  const asked = vendor.accepted.length
  const again = await run(['--replay', tape])
  expect(predicted(again.out)).toEqual(predicted(live.out))
  expect(vendor.accepted).toHaveLength(asked)

  questions('How many customers are there?')
  const other = await run(['--replay', tape])
  expect(other.code).toBe(1)
  expect(other.out).toBe('')
  expect(other.err).toContain('has no answer to what is asked now')
}, 180_000)

test('who asks nobody has nothing to record', async () => {
  questions('How many customers are there?')
  for (const translator of ['builtin', 'import']) {
    const ran = await cli(['eval', '--suite', suite, '--translator', translator, '--record', join(folder, 'none')])
    expect(ran.code).toBe(2)
    expect(ran.err).toContain('it asks nobody')
  }
}, 60_000)

test('a run with a Postgres of its own ends with the exit code of what became of it, and without a word too many', async () => {
  questions('How many customers are there?')
  const good = await cli(['eval', '--suite', suite])
  expect(good.code).toBe(0)
  expect(good.err.trim().split('\n').at(-1)).toBe('1 questions: 1 answered, 0 refused, 0 errors')
  writeFileSync(
    join(suite, 'questions.jsonl'),
    `${JSON.stringify({ id: 'a', database: 'not-there', question: 'x' })}\n`,
  )
  const bad = await cli(['eval', '--suite', suite])
  expect(bad.err).toContain('not-there')
  expect(bad.code).toBe(1)
}, 60_000)
