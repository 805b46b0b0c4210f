import { describe, expect, test } from 'vitest'
import { Catalog } from '../../../src/catalog/schema.ts'
import { checkDefinition } from '../../../src/definition/check.ts'
import { readBack } from '../../../src/definition/read-back.ts'
import type { Definition, Filter } from '../../../src/definition/schema.ts'
import { counting, isBare } from '../../../src/translate/builtin/counting.ts'
import { empty } from '../../../src/translate/builtin/tie/empty.ts'
import { demoCatalog } from '../../setup/demo-catalog.ts'

const demo = demoCatalog()
const COMPLETED: Filter = { field: 'status', op: 'eq', value: 'completed' }
const LAST_YEAR: Filter = { field: 'received_at', op: 'in_period', value: { previous: 'year' } }

/** The condition that is left of one condition on rows of an entity. */
const narrowed = (root: string, filters: Filter, prompt = '', catalog: Catalog = demo) => {
  const made = counting({ ...empty(root), filters }, catalog, prompt)
  expect(checkDefinition(made, catalog)).toEqual([])
  return made.filters
}

describe('a condition on related rows counts those that the catalog counts', () => {
  test('whether there are some, none or so many of them', () => {
    expect(narrowed('contacts', { relation: 'donations', match: 'some' })).toEqual({
      relation: 'donations',
      match: 'some',
      where: COMPLETED,
    })
    expect(narrowed('contacts', { relation: 'donations', match: 'none', where: LAST_YEAR })).toEqual({
      relation: 'donations',
      match: 'none',
      where: { all: [COMPLETED, LAST_YEAR] },
    })
    const three = { count: { op: 'gte' as const, value: 3 } }
    expect(narrowed('contacts', { relation: 'donations', match: three })).toMatchObject({ where: COMPLETED })
    expect(narrowed('contacts', { aggregate: { fn: 'min', field: 'donations.amount' }, op: 'lt', value: 5 })).toEqual({
      aggregate: { fn: 'min', field: 'donations.amount', where: COMPLETED },
      op: 'lt',
      value: 5,
    })
  })

  test('also inside other conditions, behind other rows and in tables that stand as a value', () => {
    const gave: Filter = { relation: 'donations', match: 'some' }
    const counts = { ...gave, where: COMPLETED }
    expect(narrowed('contacts', { not: { any: [gave, { field: 'segment', op: 'eq', value: 'Major' }] } })).toEqual({
      not: { any: [counts, { field: 'segment', op: 'eq', value: 'Major' }] },
    })
    expect(narrowed('households', { relation: 'members', match: 'some', where: gave })).toEqual({
      relation: 'members',
      match: 'some',
      where: counts,
    })
    const table = { ...empty('contacts'), columns: [{ field: 'id' }], filters: gave }
    expect(narrowed('donations', { field: 'contact_id', op: 'in', value: { definition: table } })).toEqual({
      field: 'contact_id',
      op: 'in',
      value: { definition: { ...table, filters: counts } },
    })
  })

  test('where they only stand on the way: whoever never gave to a campaign has no gift to it that counts', () => {
    const name: Filter = { field: 'name', op: 'eq', value: 'Spring Gala 2026' }
    expect(narrowed('contacts', { relation: 'donations.campaign', match: 'none', where: name })).toEqual({
      relation: 'donations',
      match: 'none',
      where: { all: [COMPLETED, { ...name, field: 'campaign.name' }] },
    })
  })

  test('and where the different ones behind them are counted', () => {
    const gifts = { fn: 'count_distinct', field: 'donations.campaign_id', where: COMPLETED }
    const three = { op: 'gte' as const, value: 3 }
    const asked: Filter[] = [
      { relation: 'donations.campaign', match: { count: three } },
      { aggregate: { metric: 'donations.campaign.campaign_count' }, ...three },
    ]
    for (const one of asked) expect(narrowed('contacts', one)).toEqual({ aggregate: gifts, ...three })
  })

  test('and the sentence says so', () => {
    const made = counting({ ...empty('contacts'), filters: { relation: 'donations', match: 'some' } }, demo, '')
    expect(readBack(made, demo)).toContain('there are donations where status is completed')
  })
})

describe('a number of rows that the catalog adds up', () => {
  const largest = { id: 'largest', fn: 'max' as const, field: 'amount' }
  const kept: Filter = { field: 'status', op: 'ne', value: 'cancelled' }
  const of = (parts: Partial<Definition>, root = 'pledges') => {
    const made = counting({ ...empty(root), ...parts }, demo, '')
    expect(checkDefinition(made, demo)).toEqual([])
    return made
  }

  test('is of those that count', () => {
    const groupBy = [{ field: 'campaign.name' }]
    expect(of({ groupBy, aggregates: [largest] }).aggregates).toEqual([{ ...largest, where: kept }])
    expect(of({ aggregates: [{ id: 'n', fn: 'count' }] }).aggregates).toEqual([{ id: 'n', fn: 'count', where: kept }])
  })

  test('unless a condition, a group or a number beside it speaks of what decides', () => {
    const overdue: Filter = { field: 'status', op: 'eq', value: 'overdue' }
    expect(of({ filters: overdue, aggregates: [largest] }).aggregates).toEqual([largest])
    expect(of({ groupBy: [{ field: 'status' }], aggregates: [largest] }).aggregates).toEqual([largest])
    const share = [
      { id: 'late', fn: 'count' as const, where: overdue },
      { id: 'all', fn: 'count' as const },
    ]
    expect(of({ aggregates: share }).aggregates).toEqual(share)
  })

  test('so are the first few by an amount, and no other list', () => {
    const sortBy = [{ field: 'amount', direction: 'desc' as const }]
    const list = { columns: [{ field: 'amount' }], sortBy }
    expect(of({ ...list, limit: 10 }).filters).toEqual(kept)
    expect(of(list).filters).toBeUndefined()
    expect(of({ ...list, sortBy: [{ field: 'pledged_on', direction: 'desc' }], limit: 10 }).filters).toBeUndefined()
  })

  test('not where only a number of rows leaves some out', () => {
    expect(
      of({ aggregates: [{ id: 'n', fn: 'max', field: 'capacity' }] }, 'events').aggregates[0]?.where,
    ).toBeUndefined()
  })
})

describe('a condition that says itself which rows it means stays as it is', () => {
  test.each<[string, Filter]>([
    ['by the field that decides', { field: 'status', op: 'in', value: ['failed', 'refunded'] }],
    ['by denying it', { not: COMPLETED }],
    ['by a date that only other rows have', { field: 'refunded_at', op: 'in_period', value: { previous: 'month' } }],
  ])('%s', (_, where) => {
    const asked: Filter = { relation: 'donations', match: 'some', where }
    expect(narrowed('contacts', asked)).toEqual(asked)
  })

  test('in so many words', () => {
    const gave: Filter = { relation: 'donations', match: 'some' }
    expect(narrowed('contacts', gave, 'donors with gifts of any status')).toEqual(gave)
    expect(narrowed('contacts', gave, 'donors who gave whatever the gift status')).toEqual(gave)
    expect(narrowed('contacts', gave, 'donors who gave with their status')).not.toEqual(gave)
  })

  test('but not by a field of the same name elsewhere', () => {
    const active: Filter = { field: 'campaign.status', op: 'eq', value: 'active' }
    expect(narrowed('contacts', { relation: 'donations', match: 'some', where: active })).toMatchObject({
      where: { all: [COMPLETED, active] },
    })
  })

  test('the rows of the table, what they belong to, and what the catalog counts all of', () => {
    for (const [root, filter] of [
      ['donations', { field: 'amount', op: 'gt', value: 1000 }],
      ['donations', { relation: 'pledge', match: 'some' }],
      ['campaigns', { relation: 'expenses', match: 'none' }],
      ['contacts', { aggregate: { metric: 'donations.refunds' }, op: 'gte', value: 1 }],
    ] as [string, Filter][])
      expect(narrowed(root, filter)).toEqual(filter)
  })

  test('of several counts that one is meant by whose name the rows are called', () => {
    const some: Filter = { relation: 'attendances', match: 'some' }
    const where = (prompt: string) => narrowed('contacts', some, prompt)
    expect(where('contacts who signed up for a webinar')).toMatchObject({ where: { op: 'ne', value: 'cancelled' } })
    expect(where('events without registrations')).toMatchObject({ where: { op: 'ne', value: 'cancelled' } })
    expect(where('events without attendance')).toMatchObject({ where: { op: 'eq', value: 'attended' } })
    expect(where('contacts with a gala')).toMatchObject({ where: { op: 'eq', value: 'attended' } })
  })

  test('the table’s own row is not narrowed by what its parts are tested for', () => {
    const many = { kind: 'to_many' as const, label: 'Items' }
    const shop = Catalog.parse({
      version: 1,
      entities: {
        orders: {
          table: 'orders',
          label: 'Orders',
          shared: true,
          primaryKey: ['id'],
          fields: {
            id: { column: 'id', type: 'id', label: 'ID' },
            is_void: { column: 'is_void', type: 'boolean', label: 'Void' },
          },
          relations: { items: { ...many, to: 'items', on: [{ from: 'id', to: 'order_id' }] } },
        },
        products: {
          table: 'products',
          label: 'Products',
          shared: true,
          primaryKey: ['id'],
          fields: { id: { column: 'id', type: 'id', label: 'ID' } },
          relations: { items: { ...many, to: 'items', on: [{ from: 'id', to: 'product_id' }] } },
        },
        items: {
          table: 'items',
          label: 'Items',
          shared: true,
          primaryKey: ['id'],
          fields: {
            id: { column: 'id', type: 'id', label: 'ID' },
            price: { column: 'price', type: 'money', label: 'Price', currency: 'USD' },
            order_id: { column: 'order_id', type: 'id', label: 'Order ID' },
            product_id: { column: 'product_id', type: 'id', label: 'Product ID' },
          },
          relations: {
            order: { to: 'orders', kind: 'to_one', label: 'Order', on: [{ from: 'order_id', to: 'id' }] },
          },
          metrics: {
            sales: {
              label: 'Sales',
              aggregate: { fn: 'sum', field: 'price', where: { field: 'order.is_void', op: 'eq', value: false } },
            },
            sold: {
              label: 'Sold',
              aggregate: { fn: 'count', where: { field: 'order.is_void', op: 'eq', value: false } },
            },
          },
        },
      },
    })
    const unsold: Filter = { relation: 'items', match: 'none' }
    expect(narrowed('orders', unsold, '', shop)).toEqual(unsold)
    expect(narrowed('products', unsold, '', shop)).toEqual({
      ...unsold,
      where: { field: 'order.is_void', op: 'eq', value: false },
    })
  })
})

test('that there are rows which count is nothing more than that there are rows', () => {
  const some: Filter = { relation: 'donations', match: 'some' }
  expect([some, { ...some, where: COMPLETED }].map((one) => isBare(one, 'contacts', demo))).toEqual([true, true])
  expect(isBare({ ...some, where: LAST_YEAR }, 'contacts', demo)).toBe(false)
})
