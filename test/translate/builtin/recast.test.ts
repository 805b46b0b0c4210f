// Turns of English that no clause says: each makes its own of the table that the rest of the prompt asks for.
import { describe, expect, test } from 'vitest'
import type { Definition } from '../../../src/definition/schema.ts'
import { translateBuiltin } from '../../../src/translate/builtin/translate.ts'
import type { ValueIndex } from '../../../src/translate/types.ts'
import { indexValues } from '../../../src/translate/value-index.ts'
import { demoCatalog } from '../../setup/demo-catalog.ts'

const catalog = demoCatalog()
const none: ValueIndex = { find: () => [] }
const clock = { now: new Date('2026-11-23T16:00:00Z'), timezone: 'America/New_York' }
const scope = { organizationId: 'org', roles: ['admin'] }
const translated = (prompt: string, values = none) => translateBuiltin({ prompt, catalog, values, scope, clock })
const made = (prompt: string, values?: ValueIndex): Definition => {
  const one = translated(prompt, values)
  if (one.kind !== 'answer') throw new Error(`"${prompt}" is a ${one.kind}`)
  return one.definition
}

describe('who did something for the first time', () => {
  const first = { aggregate: { metric: 'donations.first_gift' }, op: 'in_period', value: { this: 'year' } }

  test.each(['first-time donors this year', 'donors who gave for the first time this year', 'new donors this year'])(
    '%s: people whose first gift is of that time',
    (prompt) => expect(made(prompt)).toMatchObject({ dataSources: ['contacts'], filters: first }),
  )

  test.each(['number of first gifts by month', 'new donors by month'])(
    '%s: first gifts by when they came',
    (prompt) => {
      const { dataSources, groupBy, filters } = made(prompt)
      expect({ dataSources, groupBy }).toMatchObject({
        dataSources: ['donations'],
        groupBy: [{ field: 'received_at' }],
      })
      expect(filters).toEqual({
        all: [
          { field: 'status', op: 'eq', value: 'completed' },
          { field: 'contact_id', op: 'not_empty' },
          {
            field: 'received_at',
            op: 'eq',
            value: { aggregate: { metric: 'first_gift', of: 'donations', same: ['contact_id'] } },
          },
        ],
      })
    },
  )

  test('is not said of an amount: whether the first gift or any was that large', () => {
    expect(translated('first-time donors this year who gave over $500').kind).toBe('draft')
    expect(translated('number of first gifts over $500 by month').kind).toBe('draft')
  })

  test('and new rows are those that were added', () => {
    expect(made('new contacts this month').filters).toMatchObject({ field: 'created_at' })
  })
})

describe('what is to come', () => {
  const ahead = { field: 'starts_at', op: 'in_period', value: { next: 1000, unit: 'day', includeCurrent: true } }

  test.each([
    ['next event', 1],
    ['when is our next gala', 1],
    ['the next 3 events with venue and city', 3],
  ])('%s', (prompt, limit) =>
    expect(made(prompt)).toMatchObject({
      dataSources: ['events'],
      filters: { all: expect.arrayContaining([ahead, { field: 'status', op: 'eq', value: 'scheduled' }]) },
      sortBy: [{ field: 'starts_at', direction: 'asc' }],
      limit,
    }),
  )

  test('only of rows that lie ahead, and a stretch of time is none', () => {
    expect(translated('next donation').kind).toBe('draft')
    expect(made('events next month').limit).toBeNull()
  })
})

describe('when somebody did it last', () => {
  const last = (prompt: string) => made(prompt).filters

  test('is compared with a time', () => {
    const aggregate = { metric: 'donations.last_gift' }
    expect(last('donors whose last gift was before 2025')).toEqual({
      aggregate,
      op: 'in_period',
      value: { before: '2025-01-01' },
    })
    expect(last('contacts whose most recent donation was in March 2026')).toEqual({
      aggregate,
      op: 'in_period',
      value: { month: '2026-03' },
    })
  })

  test('and where that is no time, nothing is answered', () => {
    expect(translated('donors whose last gift was more than two years ago').kind).toBe('draft')
  })
})

describe('each of several years', () => {
  test('that are named by their first', () => {
    const years = (prompt: string) => JSON.stringify(made(prompt).filters).match(/(?<="year":)\d+/g)
    expect(years('donors who gave every year since 2024')).toEqual(['2024', '2025', '2026'])
    expect(years('who gave every year from 2023 to 2024')).toEqual(['2023', '2024'])
  })

  test('and not of years that nobody named', () => expect(translated('donors who gave every year').kind).toBe('draft'))
})

describe('one number in another', () => {
  test.each([
    ['fees as a percentage of money raised by payment method', 'fees / raised'],
    ['cost per dollar raised by campaign', 'cost / raised'],
    ['percent of goal reached by campaign', 'raised / total_goal'],
  ])('%s', (prompt, formula) => expect(made(prompt).calculations).toMatchObject([{ formula }]))

  test('is no share of a total', () => {
    expect(made('share of money raised by payment method').calculations).toMatchObject([{ fn: 'percent_of_total' }])
  })
})

describe('two sides', () => {
  test('of time', () => {
    expect(made('gifts in 2024 vs 2025')).toMatchObject({
      aggregates: [{ metric: 'gifts' }],
      compare: { to: 'previous_year' },
      filters: { value: { year: 2025 } },
    })
  })

  test('of one field', () => {
    const values = indexValues([
      { entity: 'donations', field: 'payment_method', value: 'card', text: 'Card', trust: 1 },
      { entity: 'donations', field: 'payment_method', value: 'check', text: 'Check', trust: 1 },
    ])
    expect(made('money raised by card vs check this year', values)).toMatchObject({
      groupBy: [{ field: 'payment_method' }],
      aggregates: [{ metric: 'raised' }],
    })
    expect(made('card vs check donations this year', values)).toMatchObject({
      columns: [],
      groupBy: [{ field: 'payment_method' }],
      aggregates: [{ metric: 'gifts' }],
    })
  })

  test('of two numbers', () => {
    expect(made('money raised vs amount pledged by campaign').aggregates).toMatchObject([
      { metric: 'donations.raised' },
      { metric: 'pledges.pledged_total' },
    ])
  })

  test('are answered both or not at all', () => {
    expect(translated('new vs returning donors').kind).toBe('draft')
    expect(translated('weekday vs weekend gifts').kind).toBe('draft')
  })
})

test('a bare year behind what the catalog knows is when that was, and not a number of it', () => {
  for (const prompt of ['gifts 2025', 'money raised 2025'])
    expect(made(prompt).filters, prompt).toMatchObject({ field: 'received_at', value: { year: 2025 } })
  const values = indexValues([
    { entity: 'campaigns', field: 'name', value: 'Spring Gala 2026', text: 'Spring Gala 2026', trust: 1 },
  ])
  expect(made('money raised by Spring Gala 2026', values).filters).toMatchObject({ value: 'Spring Gala 2026' })
})
