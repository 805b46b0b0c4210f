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

test.each([
  ['between March and May 2026', { from: '2026-03-01', to: '2026-06-01' }],
  ['from march to may 2026', { from: '2026-03-01', to: '2026-06-01' }],
  ['March through May 2026', { from: '2026-03-01', to: '2026-06-01' }],
  ['from November 2025 to February 2026', { from: '2025-11-01', to: '2026-03-01' }],
  ['from November to February', { from: '2025-11-01', to: '2026-03-01' }],
  ['between November and February 2025', { from: '2024-11-01', to: '2025-03-01' }],
  ['from Q3 2025 to Q2 2026', { from: '2025-07-01', to: '2026-07-01' }],
  ['from March 5 to May 10, 2026', { from: '2026-03-05', to: '2026-05-11' }],
  ['between 1 March and 31 December 2025', { from: '2025-03-01', to: '2026-01-01' }],
  ['from 2026-03-05 to 2026-05-10', { from: '2026-03-05', to: '2026-05-11' }],
  ['from February 28 to February 29, 2024', { from: '2024-02-28', to: '2024-03-01' }],
  ['from March 5, 2026 until today', { from: '2026-03-05', to: '2026-11-24' }],
  ['from March 2026 on', { since: '2026-03-01' }],
  ['from Q2 2026 onwards', { since: '2026-04-01' }],
])('"%s" is one time with both its ends', (text, period) => {
  const [first] = findTimes(tokenise(text), today)
  expect(first).toMatchObject({ from: 0, to: tokenise(text).length, period })
})

test.each(['between 2023 and 2025', 'between May 2026 and March 2026', 'from the march to the office', 'from 5 to 10'])(
  '"%s" is no such time',
  (text) => {
    expect(
      findTimes(tokenise(text), today).filter(({ period }) => typeof period === 'object' && 'from' in period),
    ).toEqual([])
  },
)

test.each([
  ['from November to February', 'the last month taken as February 2026'],
  ['from December until today', 'December taken as that of 2025'],
  ['from December onwards', 'December taken as that of 2025'],
])('of "%s" the year that was taken is said', (text, assumption) => {
  expect(findTimes(tokenise(text), today)[0]).toMatchObject({ assumption })
})

test('what begins after today is no time until today', () => {
  const [first] = findTimes(tokenise('from December 2026 until today'), today)
  expect(first?.period).not.toHaveProperty('to')
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
