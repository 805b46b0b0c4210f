// What people are answered today they are answered tomorrow: no case of the project's own evals may get worse.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type Outcome, runOwn } from '../../evals/own.ts'
import { translateBuiltin } from '../../src/translate/builtin/translate.ts'

const baseline = JSON.parse(readFileSync(new URL('../../evals/baseline.json', import.meta.url), 'utf8')) as Record<
  string,
  Outcome
>

/** Nothing is worse than numbers that are wrong. */
const WORTH: Readonly<Record<Outcome, number>> = { right: 2, held: 1, wrong: 0, leaked: 0 }

test('no case is answered worse than the baseline, and none is left out of it', async () => {
  const results = await runOwn(async (input) => translateBuiltin(input))
  expect(results.length).toBeGreaterThanOrEqual(300)
  const known = results.map(({ id }) => id)
  const worse = results.flatMap(({ id, prompt, outcome }) => {
    const before = baseline[id]
    if (before === undefined) return [`${id} is not in the baseline: npm run evals -- --update`]
    return WORTH[outcome] < WORTH[before] ? [`${id}: ${before} → ${outcome}: ${prompt}`] : []
  })
  expect(worse).toEqual([])
  expect(Object.keys(baseline).filter((id) => !known.includes(id))).toEqual([])
}, 120_000)

test('the baseline itself is good: nearly everything answered is right, and hardly anything that must not be answered is', () => {
  const outcomes = Object.values(baseline)
  const count = (outcome: Outcome) => outcomes.filter((one) => one === outcome).length
  expect(count('right') / outcomes.length).toBeGreaterThan(0.93)
  expect(count('wrong') + count('leaked')).toBeLessThanOrEqual(3)
})
