import { expect, test } from 'vitest'
import { findTimes } from '../../../src/translate/builtin/periods.ts'
import { tokenise } from '../../../src/translate/builtin/tokens.ts'

const today = { year: 2026, month: 11, day: 23 }

test.each([
  ['last quarter', { previous: 'quarter' }],
  ['this year', { this: 'year' }],
  ['the last 3 months', { last: 3, unit: 'month' }],
  ['past 30 days', { last: 30, unit: 'day', includeCurrent: true }],
  ['year to date', { to_date: 'year' }],
  ['Q2 2025', { quarter: '2025-Q2' }],
  ['March 2025', { month: '2025-03' }],
  ['January 5, 2020', { day: '2020-01-05' }],
  ['fiscal year 2025', { fiscal_year: 2025 }],
  ['H1 2025', { from: '2025-01-01', to: '2025-07-01' }],
])('"%s" stays the period it names', (text, period) => {
  expect(findTimes(tokenise(text), today)[0]).toMatchObject({ from: 0, period })
})

test('a month without a year is the latest one that has begun, and says so', () => {
  expect(findTimes(tokenise('in December'), today)[0]).toMatchObject({
    period: { month: '2025-12' },
    assumption: 'December taken as that of 2025',
  })
  expect(findTimes(tokenise('in March'), today)[0]).toMatchObject({ period: { month: '2026-03' } })
})

test('"may" and "march" in small letters are no months', () => {
  expect(findTimes(tokenise('who may march'), today)).toEqual([])
})
