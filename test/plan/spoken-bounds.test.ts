// Beside rows the sentence says which days its periods were, in which zone: nobody has to guess what "last week" was.
import { expect, test } from 'vitest'
import { Definition } from '../../src/definition/schema.ts'
import { sentenceAt } from '../../src/plan/spoken-bounds.ts'
import { worldCatalog } from '../setup/world.ts'

const clock = { now: new Date('2025-03-30T16:00:00Z'), timezone: 'America/New_York' }
const count = { id: 'n', fn: 'count' }
const said = (definition: object, at = clock) =>
  sentenceAt(
    'X.',
    Definition.parse({ dataSources: ['donations'], aggregates: [count], ...definition }),
    worldCatalog,
    at,
  )
const received = (value: object) => ({ field: 'received_at', op: 'in_period', value })

test.each([
  [{ this: 'month' }, 'this month = March 1, 2025 to March 31, 2025'],
  [{ to_date: 'month' }, 'this month until today = March 1, 2025 to March 30, 2025'],
  [{ previous: 'day' }, 'yesterday = March 29, 2025'],
  [{ last: 2, unit: 'week' }, 'the last 2 weeks before the current one = March 16, 2025 to March 29, 2025'],
  [{ fiscal_year: 2025 }, 'fiscal year 2025 = July 1, 2024 to June 30, 2025'],
  [
    { last: 3, unit: 'hour' },
    'the last 3 hours before the current one = March 30, 2025 09:00:00 until before March 30, 2025 12:00:00',
  ],
])('%j', (period, expected) => {
  expect(said({ filters: received(period) })).toBe(`X; ${expected}; days in America/New_York.`)
})

test('a period that says its days needs only the zone, and no period nothing', () => {
  expect(said({ filters: received({ year: 2025 }) })).toBe('X; days in America/New_York.')
  expect(said({})).toBe('X.')
})

test('the days of a comparison, of numbers and of related rows are said too, each once', () => {
  const today = { to_date: 'month' }
  expect(said({ filters: received(today), compare: { to: 'previous_period' } })).toContain(
    '; the period before = February 1, 2025 to February 28, 2025; days',
  )
  const text = said({
    dataSources: ['contacts'],
    aggregates: [count],
    filters: {
      any: [
        { relation: 'donations', match: 'some', where: received(today) },
        { not: { relation: 'donations', match: 'none', where: received(today) } },
        { relation: 'donations', match: 'some', where: received({ this: 'year' }) },
      ],
    },
  })
  expect(text.split('this month until today')).toHaveLength(2)
  expect(text).toContain('this year = January 1, 2025 to December 31, 2025')
})

test('on the first moment of a month the month has begun', () => {
  const at = { ...clock, now: new Date('2025-04-01T04:00:00Z') }
  expect(said({ filters: received({ this: 'month' }) }, at)).toContain('= April 1, 2025 to April 30, 2025')
  expect(said({ filters: received({ to_date: 'month' }) }, at)).toContain('= April 1, 2025; days')
})
