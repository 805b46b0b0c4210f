import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import cases from './from-sql-cases.json' with { type: 'json' }
import { openImportWorld } from './from-sql-compare.ts'
import { randomSelect } from './from-sql-random.ts'

let world: Awaited<ReturnType<typeof openImportWorld>>
beforeAll(async () => {
  world = await openImportWorld()
})
afterAll(async () => world.close())

test.each(cases)('imported SQL gives the rows of the SQL: $name', async ({ sql }) => {
  const verdict = await world.compare(sql)
  expect(['same', 'excused'], verdict.why).toContain(verdict.kind)
})

test('random SQL either gives the rows of the SQL or is refused, and most of it is imported', async () => {
  const count = { same: 0, refused: 0, invalid: 0, excused: 0, different: 0 }
  const choices = fc.array(fc.nat(1_000_000), { minLength: 40, maxLength: 90, size: 'max' })
  await fc.assert(
    fc.asyncProperty(choices, async (list) => {
      const sql = randomSelect(list)
      const verdict = await world.compare(sql)
      count[verdict.kind] += 1
      expect(verdict.kind, `${sql}\n${verdict.why}`).not.toBe('different')
    }),
    { numRuns: 400 },
  )
  expect(count.same).toBeGreaterThan(count.refused * 2)
  expect(count.excused).toBeLessThan(40)
})
