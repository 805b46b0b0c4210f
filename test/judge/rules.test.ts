// The judge itself: subtle rules of docs/definition.md, each with the rows it must give, written out by hand.
import { describe, expect, it } from 'vitest'
import { Catalog } from '../../src/catalog/schema.ts'
import { evaluate, type Judgement, type Question } from './evaluate.ts'
import type { Row } from './world.ts'

const label = 'x'
const catalog = Catalog.parse({
  version: 1,
  fiscalYearStart: 7,
  weekStart: 'sunday',
  entities: {
    donors: {
      table: 'donors',
      label,
      tenantKey: 'org',
      primaryKey: ['id'],
      defaultColumns: ['name'],
      fields: {
        id: { column: 'id', type: 'id', label },
        name: { column: 'name', type: 'text', label },
        code: { column: 'code', type: 'text', label, caseSensitive: true },
        age: { column: 'age', type: 'integer', label },
      },
      relations: {
        gifts: { to: 'gifts', kind: 'to_many', on: [{ from: 'id', to: 'donor_id' }], label },
        pledges: { to: 'pledges', kind: 'to_many', on: [{ from: 'id', to: 'donor_id' }], label },
      },
      metrics: { raised: { label, aggregate: { fn: 'sum', field: 'gifts.amount' } } },
    },
    gifts: {
      table: 'gifts',
      label,
      tenantKey: 'org',
      primaryKey: ['id'],
      defaultColumns: ['id'],
      defaultDate: 'day',
      fields: {
        id: { column: 'id', type: 'id', label },
        amount: { column: 'amount', type: 'money', label },
        day: { column: 'day', type: 'date', label },
        at: { column: 'at', type: 'timestamp', label },
        status: { column: 'status', type: 'text', label },
      },
      relations: { donor: { to: 'donors', kind: 'to_one', on: [{ from: 'donor_id', to: 'id' }], label } },
      metrics: { big: { label, aggregate: { fn: 'count', where: { field: 'amount', op: 'gte', value: 50 } } } },
    },
    pledges: {
      table: 'pledges',
      label,
      tenantKey: 'org',
      primaryKey: ['id'],
      defaultColumns: ['id'],
      fields: {
        id: { column: 'id', type: 'id', label },
        amount: { column: 'amount', type: 'money', label },
      },
    },
  },
})

const donors = [
  { org: 'a', id: 1, name: 'Ann', code: 'X', age: 30 },
  { org: 'a', id: 2, name: 'bob', code: 'x', age: 50 },
  { org: 'a', id: 3, name: null, code: null, age: null },
  { org: 'b', id: 4, name: 'Eve', code: 'E', age: 70 },
]
const gifts = [
  { org: 'a', id: 1, donor_id: 1, amount: '10.00', day: '2025-01-10', at: '2025-03-09T04:59:59Z', status: 'Done' },
  { org: 'a', id: 2, donor_id: 1, amount: '20.10', day: '2025-01-20', at: '2025-03-09T05:00:00Z', status: 'done' },
  { org: 'a', id: 3, donor_id: 2, amount: '60.00', day: '2025-03-05', at: '2025-11-02T05:30:00Z', status: null },
  { org: 'a', id: 4, donor_id: 4, amount: null, day: null, at: '2025-11-02T06:30:00Z', status: '50%' },
]
const pledges = [
  { org: 'a', id: 1, donor_id: 1, amount: '100' },
  { org: 'a', id: 2, donor_id: 1, amount: '100' },
  { org: 'b', id: 3, donor_id: 2, amount: '999' },
]
const NEW_YORK = { now: new Date('2025-03-15T12:00:00Z'), timezone: 'America/New_York' }

function judge(definition: unknown, changed: Partial<Question> & { rows?: Record<string, Row[]> } = {}): Judgement {
  const { rows = {}, ...rest } = changed
  return evaluate({
    catalog,
    organizationId: 'a',
    ...NEW_YORK,
    ...rest,
    data: { donors, gifts, pledges, ...rows },
    definition,
  })
}

const rowsOf = (definition: unknown, changed: Parameters<typeof judge>[1] = {}) => judge(definition, changed).rows
/** Ids of the gifts that pass a filter. */
const giftsWith = (filters: unknown, changed: Parameters<typeof judge>[1] = {}) =>
  rowsOf({ dataSources: ['gifts'], columns: [{ field: 'id' }], filters }, changed).flat()
const donorsWith = (filters: unknown) => rowsOf({ dataSources: ['donors'], columns: [{ field: 'id' }], filters }).flat()
/** One gift a day, so that periods and grains can be told apart. */
const giftsOn = (...days: string[]) =>
  days.map((day, index) => ({ org: 'a', id: index + 1, donor_id: 1, amount: '1', day, at: null, status: null }))

describe('aggregates', () => {
  it('counts the rows of two facts once each, whatever else is joined', () => {
    const aggregates = [
      { id: 'given', fn: 'sum', field: 'gifts.amount' },
      { id: 'pledged', fn: 'sum', field: 'pledges.amount' },
    ]
    expect(rowsOf({ dataSources: ['donors'], groupBy: [{ field: 'name' }], aggregates })).toEqual([
      ['Ann', '30.1', '200'],
      ['bob', '60', null],
      [null, null, null],
    ])
  })

  it('averages each related row once, or once for each source row when asked', () => {
    const once = { id: 'once', fn: 'avg', field: 'donor.age' }
    const perGift = { id: 'per_gift', fn: 'sum', field: 'donor.age', per: 'source_rows' }
    expect(rowsOf({ dataSources: ['gifts'], aggregates: [once, perGift] })).toEqual([['40', '110']])
  })

  it('reads where from the entity whose rows are counted and never drops a group', () => {
    const aggregates = [{ id: 'n', fn: 'count', per: 'gifts', where: { field: 'status', op: 'eq', value: 'DONE' } }]
    expect(rowsOf({ dataSources: ['donors'], groupBy: [{ field: 'id' }], aggregates })).toEqual([
      ['1', '2'],
      ['2', '0'],
      ['3', '0'],
    ])
  })

  it('counts a metric over a relation by the rows of its own entity and adds the filter beside it', () => {
    const aggregates = [
      { id: 'big', metric: 'gifts.big' },
      { id: 'bigger', metric: 'gifts.big', where: { field: 'amount', op: 'gt', value: 100 } },
      { id: 'raised', metric: 'raised' },
    ]
    expect(rowsOf({ dataSources: ['donors'], aggregates })).toEqual([['1', '0', '90.1']])
  })

  it('interpolates medians and percentiles and takes the sample deviation', () => {
    const aggregates = [
      { id: 'median', fn: 'median', field: 'amount' },
      { id: 'p90', fn: 'percentile', percentile: 0.9, field: 'amount' },
      { id: 'sd', fn: 'stddev', field: 'donor.age' },
    ]
    expect(rowsOf({ dataSources: ['gifts'], aggregates })).toEqual([['20.1', '52.02', '14.14213562373095048801']])
  })

  it('takes the smallest value among the rows of the earliest date, leaving out rows without date or value', () => {
    const rows = { gifts: gifts.map((gift) => ({ ...gift, day: gift.day === null ? null : '2025-01-01' })) }
    expect(
      rowsOf({ dataSources: ['gifts'], aggregates: [{ id: 'f', fn: 'first', field: 'status' }] }, { rows }),
    ).toEqual([['Done']])
    const last = { id: 'l', fn: 'last', field: 'donor.name', per: 'source_rows', by: 'day' }
    expect(rowsOf({ dataSources: ['gifts'], aggregates: [last] })).toEqual([['bob']])
  })

  it('lists distinct texts in order and gives nothing for nothing', () => {
    const aggregates = [
      { id: 'l', fn: 'list', field: 'status' },
      { id: 'none', fn: 'list', field: 'status', where: { field: 'amount', op: 'gt', value: 1000 } },
    ]
    expect(rowsOf({ dataSources: ['gifts'], aggregates })).toEqual([['50%, Done, done', null]])
  })

  it("does not see another tenant's row behind a foreign key", () => {
    expect(
      rowsOf({
        dataSources: ['gifts'],
        columns: [{ field: 'donor.name' }],
        filters: { field: 'id', op: 'eq', value: 4 },
      }),
    ).toEqual([[null]])
  })
})

describe('filters', () => {
  it('takes ne, not_in and not as opposites, true for empty values', () => {
    expect(giftsWith({ field: 'status', op: 'ne', value: 'DONE' })).toEqual(['3', '4'])
    expect(giftsWith({ field: 'status', op: 'not_in', value: ['done'] })).toEqual(['3', '4'])
    expect(giftsWith({ not: { field: 'amount', op: 'gt', value: 15 } })).toEqual(['1', '4'])
    expect(giftsWith({ field: 'amount', op: 'lt', value: 15 })).toEqual(['1'])
  })

  it('ignores case unless the field minds it, and takes % as itself', () => {
    expect(donorsWith({ field: 'name', op: 'eq', value: 'BOB' })).toEqual(['2'])
    expect(donorsWith({ field: 'code', op: 'eq', value: 'x' })).toEqual(['2'])
    expect(giftsWith({ field: 'status', op: 'contains', value: '%' })).toEqual(['4'])
  })

  it('counts every as true where there are no rows', () => {
    const where = { field: 'amount', op: 'gt', value: 15 }
    expect(donorsWith({ relation: 'gifts', match: 'every', where })).toEqual(['2', '3'])
    expect(donorsWith({ relation: 'gifts', match: 'none', where })).toEqual(['3'])
    expect(donorsWith({ relation: 'gifts', match: { count: { op: 'eq', value: 0 } } })).toEqual(['3'])
  })

  it('compares with a number over the whole entity, or over the rows that agree', () => {
    const average = (same: object) => ({
      field: 'amount',
      op: 'gt',
      value: { aggregate: { fn: 'avg', field: 'amount', ...same } },
    })
    expect(giftsWith(average({}))).toEqual(['3'])
    expect(giftsWith(average({ same: ['donor.id'] }))).toEqual(['2'])
  })

  it('takes a count over nothing as 0 and other functions over nothing as empty', () => {
    expect(donorsWith({ aggregate: { fn: 'count', per: 'gifts' }, op: 'lt', value: 1 })).toEqual(['3'])
    expect(donorsWith({ aggregate: { fn: 'sum', field: 'gifts.amount' }, op: 'lt', value: 1000 })).toEqual(['1', '2'])
  })

  it('takes another definition as a list or as one value', () => {
    const richest = {
      dataSources: ['gifts'],
      groupBy: [{ field: 'donor.id' }],
      aggregates: [{ id: 's', fn: 'sum', field: 'amount', hidden: true }],
      sortBy: [{ field: 's', direction: 'desc' }],
      limit: 1,
    }
    expect(donorsWith({ field: 'id', op: 'eq', value: { definition: richest } })).toEqual(['2'])
    const named = { dataSources: ['gifts'], columns: [{ field: 'donor.name' }] }
    expect(donorsWith({ field: 'name', op: 'not_in', value: { definition: named } })).toEqual(['3'])
  })
})

describe('time', () => {
  it('takes a plain date on a timestamp as the whole local day', () => {
    expect(giftsWith({ field: 'at', op: 'eq', value: '2025-03-08' })).toEqual(['1'])
    expect(giftsWith({ field: 'at', op: 'gt', value: '2025-03-08' })).toEqual(['2', '3', '4'])
    expect(giftsWith({ field: 'at', op: 'lte', value: '2025-03-08' })).toEqual(['1'])
  })

  it('counts the hour that the clock repeats as two', () => {
    const groupBy = [{ field: 'at', grain: 'hour' }]
    const filters = { field: 'at', op: 'in_period', value: { day: '2025-11-02' } }
    expect(rowsOf({ dataSources: ['gifts'], groupBy, aggregates: [{ id: 'n', fn: 'count' }], filters })).toEqual([
      ['2025-11-02T01:00:00-04:00', '1'],
      ['2025-11-02T01:00:00-05:00', '1'],
    ])
  })

  it('begins a day at its first instant where the clock changes at midnight', () => {
    const rows = { gifts: gifts.map((gift) => ({ ...gift, at: gift.id === 1 ? '2025-11-02T04:30:00Z' : gift.at })) }
    const timezone = 'America/Havana'
    expect(giftsWith({ field: 'at', op: 'eq', value: '2025-11-02' }, { rows, timezone })).toEqual(['1', '3', '4'])
  })

  it('begins weeks, quarters and fiscal years as the catalog says', () => {
    const grains = ['week', 'quarter', 'fiscal_quarter', 'fiscal_year', 'day_of_week'] as const
    const groupBy = grains.map((grain) => ({ id: grain, field: 'day', grain }))
    expect(rowsOf({ dataSources: ['gifts'], groupBy }, { rows: { gifts: giftsOn('2025-08-31') } })).toEqual([
      ['2025-08-31', '2025-07-01', '2025-07-01', '2025-07-01', '7'],
    ])
    expect(
      giftsWith(
        { field: 'day', op: 'in_period', value: { fiscal_year: 2025 } },
        { rows: { gifts: giftsOn('2024-06-30', '2024-07-01', '2025-06-30') } },
      ),
    ).toEqual(['2', '3'])
  })

  it('takes last, to_date and includeCurrent from the run’s own day', () => {
    const rows = { gifts: giftsOn('2025-01-01', '2025-02-28', '2025-03-15', '2025-03-16') }
    const within = (value: object) => giftsWith({ field: 'day', op: 'in_period', value }, { rows })
    expect(within({ last: 2, unit: 'month' })).toEqual(['1', '2'])
    expect(within({ last: 2, unit: 'month', includeCurrent: true })).toEqual(['2', '3', '4'])
    expect(within({ to_date: 'month' })).toEqual(['3'])
    expect(within({ since: '2025-03-16' })).toEqual(['4'])
  })
})

describe('tables', () => {
  const byMonth = [{ field: 'day', grain: 'month' }]
  const total = [{ id: 'total', fn: 'sum', field: 'amount' }]

  it('fills the months of the period without rows, cut at now, and keeps the empty key', () => {
    const definition = {
      dataSources: ['gifts'],
      groupBy: [{ field: 'day', grain: 'month', fillGaps: true }],
      aggregates: [...total, { id: 'top', fn: 'max', field: 'amount' }],
    }
    expect(rowsOf(definition)).toEqual([
      ['2025-01-01', '30.1', '20.1'],
      ['2025-02-01', '0', null],
      ['2025-03-01', '60', '60'],
      [null, '0', null],
    ])
    const filters = { field: 'day', op: 'in_period', value: { year: 2025 } }
    expect(rowsOf({ ...definition, filters }).map(([month]) => month)).toEqual([
      '2025-01-01',
      '2025-02-01',
      '2025-03-01',
    ])
  })

  it('changes from exactly the stretch before, runs totals and averages over stretches', () => {
    const calculations = [
      { id: 'change', fn: 'change', of: 'total' },
      { id: 'running', fn: 'running_total', of: 'total' },
      { id: 'moving', fn: 'moving_average', of: 'total', size: 3 },
      { id: 'share', fn: 'percent_of_total', of: 'total' },
      { id: 'place', fn: 'rank', of: 'total' },
    ]
    const rows = { gifts: giftsOn('2025-01-01', '2025-01-02', '2025-03-01', '2025-04-01') }
    expect(rowsOf({ dataSources: ['gifts'], groupBy: byMonth, aggregates: total, calculations }, { rows })).toEqual([
      ['2025-01-01', '2', null, '2', '2', '0.5', '1'],
      ['2025-03-01', '1', null, '3', '1.5', '0.25', '2'],
      ['2025-04-01', '1', '0', '4', '1', '0.25', '2'],
    ])
  })

  it('compares with the period before, groups of either side shown, keys moved to meet', () => {
    const definition = {
      dataSources: ['gifts'],
      groupBy: byMonth,
      aggregates: [{ id: 'n', fn: 'count' }],
      filters: { field: 'day', op: 'in_period', value: { last: 2, unit: 'month' } },
      compare: { to: 'previous_period' },
      totals: true,
    }
    const rows = { gifts: giftsOn('2024-11-05', '2024-12-24', '2024-12-31', '2025-02-01') }
    expect(judge(definition, { rows })).toMatchObject({
      columns: ['day', 'n', 'n_previous', 'n_change', 'n_percent_change'],
      rows: [
        ['2025-01-01', '0', '1', '-1', '-1'],
        ['2025-02-01', '1', '2', '-1', '-0.5'],
      ],
      totals: [null, '1', '3', '-2', '-0.66666666666666666666'],
    })
  })

  it('compares leap days with the last day of February a year before', () => {
    const filters = { field: 'day', op: 'in_period', value: { from: '2024-02-29', to: '2024-03-01' } }
    const definition = {
      dataSources: ['gifts'],
      aggregates: [{ id: 'n', fn: 'count' }],
      filters,
      compare: { to: 'previous_year' },
    }
    expect(rowsOf(definition, { rows: { gifts: giftsOn('2023-02-27', '2023-02-28', '2024-02-29') } })).toEqual([
      ['1', '1', '0', '0'],
    ])
  })

  it('pivots the values with most rows and counts Other from the rows', () => {
    const definition = {
      dataSources: ['gifts'],
      groupBy: [{ field: 'donor.name' }],
      aggregates: [{ id: 'donors', fn: 'count_distinct', field: 'donor.id' }],
      pivot: { column: 'donor.name', limit: 1 },
      totals: true,
    }
    expect(judge(definition)).toMatchObject({
      columns: ['donors#0', 'donors#other'],
      rows: [['1', '1']],
      totals: ['1', '1'],
    })
  })

  it('keeps the first of each combination, ties broken by the remaining columns, empty last', () => {
    const definition = {
      dataSources: ['gifts'],
      columns: [{ field: 'donor.name' }, { field: 'amount' }],
      sortBy: [{ field: 'amount', direction: 'desc' }],
      limitPer: { by: ['donor.name'], limit: 1 },
    }
    expect(rowsOf(definition)).toEqual([
      ['bob', '60'],
      ['Ann', '20.1'],
      [null, null],
    ])
  })

  it('filters finished rows by any column and computes totals from all rows', () => {
    const definition = {
      dataSources: ['gifts'],
      groupBy: [{ field: 'donor.name' }],
      aggregates: total,
      calculations: [
        { id: 'half', formula: 'total / 2' },
        { id: 'share', fn: 'percent_of_total', of: 'total' },
      ],
      having: { field: 'half', op: 'gt', value: 20 },
      totals: true,
    }
    expect(judge(definition)).toMatchObject({
      rows: [['bob', '60', '30', '0.66592674805771365149']],
      totals: [null, '90.1', '45.05', null],
    })
  })

  it('puts negative numbers in the range below', () => {
    const rows = { gifts: giftsOn('2025-01-01').map((gift) => ({ ...gift, amount: '-0.5' })) }
    expect(rowsOf({ dataSources: ['gifts'], groupBy: [{ field: 'amount', bucket: 100 }] }, { rows })).toEqual([
      ['-100'],
    ])
  })

  it('computes formulas exactly, empty where a side is empty or the divisor is 0', () => {
    const formulas = {
      sum: 'amount + 0.2 - 10.1',
      by_zero: 'amount / 0',
      rounded: 'round(-amount / 4, 0)',
      chosen: "if(status = 'DONE' and not (amount > 15), 'small', concat(status, '!'))",
      days: 'days_between(day, at)',
    }
    const columns = Object.entries(formulas).map(([id, formula]) => ({ id, formula }))
    const filters = { field: 'id', op: 'eq', value: '1' }
    expect(rowsOf({ dataSources: ['gifts'], columns, filters })).toEqual([['0.1', null, '-3', 'small', '57']])
  })
})
