import { expect, test } from 'vitest'
import { changedFirst } from '../../web/api/failure.ts'
import { workAs } from '../../web/api/owner.ts'

test('what stands in the way is said to be of oneself only where it is, and not where somebody has the same name', () => {
  workAs('org_1 usr_1')
  const at = '2026-03-01T12:00:00.000Z'
  const words = (changed: object) => changedFirst('this report', { ...changed, at }).replace(/, on .*/, '')
  expect(words({ by: 'Ann', byId: 'usr_1' })).toBe(
    'You changed this report in another tab or window after it was read here',
  )
  expect(words({ by: 'Ann', byId: 'usr_11' })).toBe('Ann changed this report after you had read it')
  expect(words({ by: 'Ann' })).toBe('Ann changed this report after you had read it')
  workAs('')
  expect(words({ byId: 'usr_1' })).toBe('Somebody changed this report after you had read it')
})
