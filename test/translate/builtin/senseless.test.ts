import { expect, test } from 'vitest'
import { best } from '../../../src/translate/builtin/best.ts'
import type { ValueIndex } from '../../../src/translate/types.ts'
import { demoCatalog } from '../../setup/demo-catalog.ts'

const values: ValueIndex = { find: () => [] }
const likeliest = (prompt: string) => {
  const clock = { now: new Date('2026-11-23T12:00:00Z'), timezone: 'UTC' }
  return best({ prompt, catalog: demoCatalog(), values, scope: { organizationId: 'one', roles: [] }, clock })[0]
    ?.definition
}

test.each(['biggest campaigns', 'the largest campaign'])('%s are not those last in the alphabet', (prompt) => {
  const found = likeliest(prompt)
  expect(found?.sortBy.map(({ field }) => field)).not.toContain('name')
  expect(found?.aggregates.map(({ fn, field }) => `${fn} ${field}`)).not.toContain('max name')
})

test('money by donor is not grouped by the donation', () => {
  expect(likeliest('top 5 donors by money raised')?.groupBy.map(({ field }) => field)).not.toContain('id')
})
