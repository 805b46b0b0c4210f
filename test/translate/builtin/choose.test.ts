import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readings } from '../../../src/translate/builtin/choose.ts'

const costs = fc.array(fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 4 }), {
  minLength: 1,
  maxLength: 4,
})

test('readings come cheapest first, each combination of picks at most once', () => {
  fc.assert(
    fc.property(costs, (choices) => {
      const found = readings(
        (pick) =>
          choices.map((options, at) =>
            pick(
              `${at}`,
              options.map((cost, value) => [cost, value] as const),
            ),
          ),
        {
          maxReadings: 300,
          maxCost: 1000,
        },
      )
      const all = choices.reduce((product, options) => product * options.length, 1)
      expect(found.length).toBe(all)
      expect(new Set(found.map((one) => JSON.stringify(one.result))).size).toBe(all)
      for (const [index, one] of found.entries()) expect(one.cost).toBeGreaterThanOrEqual(found[index - 1]?.cost ?? 0)
    }),
  )
})

test('the cost of a reading is what its picks cost more than the cheapest ones', () => {
  const [cheap, dear] = readings(
    (pick) =>
      pick('one', [
        [5, 'a'],
        [7, 'b'],
      ]),
    { maxReadings: 2, maxCost: 10 },
  )
  expect([cheap, dear]).toMatchObject([
    { result: 'a', cost: 0 },
    { result: 'b', cost: 2 },
  ])
})
