// Figures that people compare: each counts what it says, of the questions that it says, and never flatters.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Run, readHistory, withRun, writeHistory } from '../../evals/history.ts'
import { type Measures, ownMeasures, suiteMeasures } from '../../evals/measures.ts'
import { type CaseResult, judgeRows } from '../../evals/own.ts'
import { historyPage } from '../../evals/page.ts'
import { measuresTable, wilson } from '../../evals/report.ts'
import { scorePredictions } from '../../evals/score.ts'

const one = (more: Partial<CaseResult>): CaseResult => ({
  id: 'a/1',
  group: 'a',
  prompt: 'p',
  tags: ['count'],
  outcome: 'right',
  ms: 1,
  translator: 'openai',
  ...more,
})
const usage = { inputTokens: 1000, outputTokens: 100, cachedTokens: 400, calls: 2, repairs: 1, model: 'm' }
const about = {
  translator: 'openai',
  prices: new Map([['m', { input: 10, output: 100, cached: 1 }]]),
}
const shareOf = ({ shares }: Measures, name: string) => {
  const found = shares.find((share) => share.name.startsWith(name))
  return found && [found.hits, found.of]
}

test('shares count right, strict, valid, held, and what was wrong although no reserve was said', () => {
  const measures = ownMeasures(
    [
      one({ strict: true, confidence: 0.9 }),
      one({ strict: false, confidence: 0.5 }),
      one({ outcome: 'wrong', confidence: 0.82 }),
      one({ outcome: 'wrong', confidence: 0.81, valid: false }),
      one({ outcome: 'held', translator: 'builtin' }),
      one({ tags: ['injection'], outcome: 'leaked', confidence: 0.99 }),
      one({ tags: ['refinement'], outcome: 'wrong' }),
    ],
    about,
  )
  expect(shareOf(measures, 'right, of all')).toEqual([2, 5])
  expect(shareOf(measures, 'right and no column beside')).toEqual([1, 5])
  expect(shareOf(measures, 'right, of those')).toEqual([2, 4])
  expect(shareOf(measures, 'valid')).toEqual([3, 4])
  expect(shareOf(measures, 'held')).toEqual([1, 5])
  expect(shareOf(measures, 'wrong though confident')).toEqual([2, 3])
  expect(shareOf(measures, 'not answered')).toEqual([0, 1])
  expect(shareOf(measures, 'follow-ups that changed')).toEqual([1, 1])
  expect(shareOf(measures, 'paraphrases')).toEqual([0, 1])
  expect(shareOf(measures, 'understood by the model itself')).toEqual([6, 7])
})

test('repairs, tokens and dollars are summed, and a model without a price costs nobody knows what', () => {
  const results = [one({ usage }), one({ usage }), one({})]
  const { model } = ownMeasures(results, about)
  expect(model).toMatchObject({ repairs: 2, calls: 4, inputTokens: 2000, outputTokens: 200, cachedTokens: 800 })
  // (600 fresh · $10 + 400 cached · $1 + 100 written · $100) / 1,000,000, twice
  expect(model?.dollars).toBeCloseTo(0.0328, 6)
  const unknown = ownMeasures([...results, one({ usage: { ...usage, model: 'other' } })], about)
  expect(unknown.model?.dollars).toBeNull()
  expect(measuresTable(unknown)).toContain('MODEL_PRICES does not name it')
  expect(ownMeasures([one({})], about).model).toBeUndefined()
})

test('an interval is Wilson’s: 45 of 50 lies between 78.6 and 95.7', () => {
  const [low, high] = wilson(45, 50)
  expect(low).toBeCloseTo(78.6, 1)
  expect(high).toBeCloseTo(95.7, 1)
})

test('one of several right answers is enough, a column beside it is not strict, and a wrong number stays wrong', () => {
  const codes = [['CA', 2]]
  const names = [['California', 2]]
  expect(judgeRows([codes, names], [['California', 2]], false)).toEqual({ outcome: 'right', strict: true })
  expect(judgeRows([codes, names], [['California', 2, 'x']], false)).toEqual({ outcome: 'right', strict: false })
  expect(judgeRows([codes, names], [['California', 3]], false)).toMatchObject({ outcome: 'wrong' })
  expect(judgeRows([codes], [['California', 2]], false)).toMatchObject({ outcome: 'wrong' })
})

test('predictions of a suite are judged by its own scorer; what it does not count is left out, a refusal is no error', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'suite-'))
  const lines = (some: readonly object[]) => some.map((line) => `${JSON.stringify(line)}\n`).join('')
  const known = { suite: 's', split: 'validation', question: 'q', rows: [[1]], ordered: false }
  writeFileSync(
    join(dir, 'questions.jsonl'),
    lines([
      ...['right', 'beside', 'wrong', 'refused', 'not-run', 'failed', 'not-asked'].map((id) => ({ ...known, id })),
      { ...known, id: 'excluded', status: 'excluded' },
      { ...known, id: 'empty', empty: true },
      { ...known, id: 'train', split: 'train' },
    ]),
  )
  // Strict: the very rows; lenient: they begin with them. The program's own arguments must not be seen by it.
  writeFileSync(
    join(dir, 'score.mjs'),
    `if (process.argv.length > 2) throw new Error('saw arguments')
export const compare = (gold, rows) => ({ strict: JSON.stringify(gold) === JSON.stringify(rows), lenient: gold[0][0] === rows[0][0] })`,
  )
  const predictions = join(dir, 'predictions.jsonl')
  writeFileSync(
    predictions,
    lines([
      { id: 'right', rows: [[1]], confidence: 0.9, ms: 5, tokens: usage },
      { id: 'beside', rows: [[1, 2]], confidence: 0.9, ms: 5 },
      { id: 'wrong', rows: [[2]], confidence: 0.9, ms: 5 },
      { id: 'refused', refused: true, confidence: 0.9, ms: 5 },
      { id: 'not-run', error: 'unknown field', definition: {}, ms: 5 },
      { id: 'failed', error: 'the database went away', ms: 5 },
      { id: 'excluded', rows: [[1]] },
      { id: 'empty', rows: [[1]] },
      { id: 'train', rows: [[1]] },
    ]),
  )
  const measures = suiteMeasures(await scorePredictions({ dir, predictions, split: 'validation' }), about)
  expect(shareOf(measures, 'right, of all')).toEqual([2, 6])
  expect(shareOf(measures, 'right and no column beside')).toEqual([1, 6])
  expect(shareOf(measures, 'right, of those')).toEqual([2, 4])
  expect(shareOf(measures, 'valid')).toEqual([3, 4])
  expect(shareOf(measures, 'held')).toEqual([1, 6])
  expect(shareOf(measures, 'failed')).toEqual([1, 6])
  expect(shareOf(measures, 'wrong though confident')).toEqual([1, 3])
  expect(measures.model?.repairs).toBe(1)
})

const run = (day: string, hits: number, more: Partial<Run> = {}): Run => ({
  day,
  of: 'own cases',
  translator: 'builtin',
  shares: [{ name: 'right <of> all', hits, of: 10, want: 'more' }],
  p50Ms: 1,
  p95Ms: 2,
  ...more,
})

test('a history keeps one run a day of each kind, the later one, in the order of days', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'history-')), 'history.jsonl')
  expect(readHistory(file)).toEqual([])
  let runs = withRun([], run('2026-11-02', 5))
  for (const next of [run('2026-11-01', 4), run('2026-11-02', 7), run('2026-11-02', 9, { translator: 'openai' })])
    runs = withRun(runs, next)
  writeHistory(file, runs)
  expect(readHistory(file)).toEqual([
    run('2026-11-01', 4),
    run('2026-11-02', 7),
    run('2026-11-02', 9, { translator: 'openai' }),
  ])
})

test('the page shows each measure with its interval, its way over the runs, and whether the last step was for the better', () => {
  const page = historyPage([run('2026-11-01', 5), run('2026-11-02', 8)])
  expect(page).toContain('right &lt;of&gt; all')
  expect(page).not.toContain('<of>')
  expect(page).toContain('80.0 % <small>[49.0, 94.3] (8 of 10)</small>')
  expect(page).toContain('from 50.0 % to 80.0 %')
  expect(page).toContain('+30.0 better')
  const worse: Run = run('2026-11-02', 8, { shares: [{ name: 'right <of> all', hits: 8, of: 10, want: 'less' }] })
  expect(historyPage([run('2026-11-01', 5), worse])).toContain('+30.0 worse')
  expect(historyPage([run('2026-11-01', 5)])).not.toContain('polyline')
})
