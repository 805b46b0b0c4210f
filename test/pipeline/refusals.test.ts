import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { definitionToRows, validateDefinition } from '../../src/pipeline.ts'
import { pgliteWorld, type World, worldCatalog, worldClock, worldScope } from '../setup/world.ts'

const validate = (definition: unknown, roles: string[] = []) =>
  validateDefinition({ definition, catalog: worldCatalog, scope: { organizationId: 'a', roles } })

const issuesOf = (definition: unknown, roles: string[] = []) => {
  const outcome = validate(definition, roles)
  return outcome.ok ? [] : outcome.issues
}

/** What is wrong, where, and words that its message and fix must hold. */
const refused: [name: string, definition: unknown, code: string, path: (string | number)[], ...words: string[]][] = [
  ['an unknown entity', { dataSources: ['donatons'] }, 'unknown-entity', ['dataSources', 0], 'donations'],
  [
    'an unknown field',
    { dataSources: ['donations'], columns: [{ field: 'amonut' }] },
    'unknown-field',
    ['columns', 0, 'field'],
    '"amount"',
  ],
  [
    'an unknown relation',
    { dataSources: ['contacts'], filters: { relation: 'donatoins', match: 'some' } },
    'unknown-relation',
    ['filters', 'relation'],
    '"donations"',
  ],
  [
    'a to-many path in a list',
    { dataSources: ['contacts'], columns: [{ field: 'donations.amount' }] },
    'many-values',
    ['columns', 0, 'field'],
    'aggregate',
  ],
  [
    'a to-many path as key',
    { dataSources: ['contacts'], groupBy: [{ field: 'donations.status' }] },
    'many-values',
    ['groupBy', 0, 'field'],
    'many rows',
  ],
  [
    'a to-many path in a filter',
    { dataSources: ['contacts'], filters: { field: 'donations.amount', op: 'gt', value: 1 } },
    'many-values',
    ['filters', 'field'],
    'relation filter',
  ],
  [
    'a relation where a field is meant',
    { dataSources: ['donations'], columns: [{ field: 'contact' }] },
    'not-a-field',
    ['columns', 0, 'field'],
    'contact.name',
  ],
  [
    'a field of another role',
    { dataSources: ['contacts'], columns: [{ field: 'phone' }] },
    'unknown-field',
    ['columns', 0, 'field'],
    'no such field',
  ],
  [
    'columns beside groups',
    { dataSources: ['donations'], columns: [{ field: 'amount' }], aggregates: [{ id: 'n', fn: 'count' }] },
    'list-or-summary',
    ['columns'],
    'list or a summary',
  ],
  [
    'having in a list',
    { dataSources: ['donations'], having: { field: 'amount', op: 'gt', value: 1 } },
    'needs-summary',
    ['having'],
    'filters',
  ],
  [
    'a sum of text',
    { dataSources: ['contacts'], aggregates: [{ id: 's', fn: 'sum', field: 'name' }] },
    'needs-number',
    ['aggregates', 0, 'field'],
    'a text',
  ],
  [
    'an operator of another type',
    { dataSources: ['donations'], filters: { field: 'amount', op: 'contains', value: '1' } },
    'wrong-op',
    ['filters', 'op'],
    'gte',
  ],
  [
    'a text for a number',
    { dataSources: ['donations'], filters: { field: 'amount', op: 'gt', value: 'a lot' } },
    'wrong-value',
    ['filters', 'value'],
    'number',
  ],
  [
    'a day the calendar does not have',
    { dataSources: ['donations'], filters: { field: 'received_at', op: 'gt', value: '2025-02-29' } },
    'wrong-value',
    ['filters', 'value'],
    'point in time',
  ],
  [
    'a period that ends before it begins',
    {
      dataSources: ['donations'],
      filters: { field: 'received_at', op: 'in_period', value: { from: '2025-03-01', to: '2025-02-01' } },
    },
    'wrong-value',
    ['filters', 'value'],
    'earlier date',
  ],
  [
    'a value that an enum does not have',
    { dataSources: ['donations'], filters: { field: 'status', op: 'eq', value: 'complete' } },
    'unknown-value',
    ['filters', 'value'],
    '"completed"',
  ],
  [
    'an empty list',
    { dataSources: ['donations'], filters: { field: 'status', op: 'in', value: [] } },
    'empty-list',
    ['filters', 'value'],
    'no row',
  ],
  [
    'two columns of one name',
    {
      dataSources: ['donations'],
      aggregates: [
        { id: 'n', fn: 'count' },
        { id: 'n', fn: 'sum', field: 'amount' },
      ],
    },
    'duplicate-id',
    ['aggregates', 1],
    '"n"',
  ],
  [
    'an hour of a date',
    { dataSources: ['pledges'], groupBy: [{ field: 'due_on', grain: 'hour' }] },
    'wrong-grain',
    ['groupBy', 0, 'grain'],
    'day',
  ],
  [
    'a formula that does not parse',
    { dataSources: ['donations'], columns: [{ id: 'x', formula: 'amount +' }] },
    'formula',
    ['columns', 0, 'formula'],
    'ends where a value is expected',
  ],
  [
    'a formula of text and number',
    { dataSources: ['donations'], columns: [{ id: 'x', formula: 'amount + contact.name' }] },
    'formula',
    ['columns', 0, 'formula'],
    'number',
  ],
  [
    'an unknown column in having',
    {
      dataSources: ['donations'],
      aggregates: [{ id: 'raised', fn: 'sum', field: 'amount' }],
      having: { field: 'riased', op: 'gt', value: 1 },
    },
    'unknown-column',
    ['having', 'field'],
    '"raised"',
  ],
  [
    'calculations in a circle',
    {
      dataSources: ['donations'],
      aggregates: [{ id: 'n', fn: 'count' }],
      calculations: [
        { id: 'a', formula: 'b + 1' },
        { id: 'b', formula: 'a + n' },
      ],
    },
    'circle',
    ['calculations', 0],
    'itself',
  ],
  [
    'a share of an average',
    {
      dataSources: ['donations'],
      groupBy: [{ field: 'status' }],
      aggregates: [{ id: 'a', fn: 'avg', field: 'amount' }],
      calculations: [{ id: 's', fn: 'percent_of_total', of: 'a' }],
    },
    'not-additive',
    ['calculations', 0, 'of'],
    'add up',
  ],
  [
    'a running total without an order',
    {
      dataSources: ['donations'],
      groupBy: [{ field: 'status' }],
      aggregates: [{ id: 'n', fn: 'count' }],
      calculations: [{ id: 's', fn: 'running_total', of: 'n' }],
    },
    'needs-order',
    ['calculations', 0],
    'grain',
  ],
  [
    'an unknown metric',
    { dataSources: ['donations'], aggregates: [{ id: 'r', metric: 'rased' }] },
    'unknown-metric',
    ['aggregates', 0, 'metric'],
    '"raised"',
  ],
  [
    'a comparison of open-ended time',
    {
      dataSources: ['donations'],
      aggregates: [{ id: 'n', fn: 'count' }],
      filters: { field: 'received_at', op: 'in_period', value: { since: '2025-01-01' } },
      compare: { to: 'previous_year' },
    },
    'compare',
    ['compare'],
    'two ends',
  ],
  [
    'weeks compared with a year before',
    {
      dataSources: ['donations'],
      groupBy: [{ field: 'received_at', grain: 'week' }],
      aggregates: [{ id: 'n', fn: 'count' }],
      compare: { to: 'previous_year' },
    },
    'compare',
    ['compare'],
    'month',
  ],
  [
    'calculations in a pivot',
    {
      dataSources: ['donations'],
      groupBy: [{ field: 'status' }],
      aggregates: [{ id: 'n', fn: 'count' }],
      calculations: [{ id: 'x', formula: 'n + 1' }],
      pivot: { column: 'status' },
    },
    'pivot',
    ['pivot'],
    'calculations',
  ],
  [
    'several rows where one value is needed',
    {
      dataSources: ['donations'],
      filters: {
        field: 'amount',
        op: 'eq',
        value: { definition: { dataSources: ['donations'], columns: [{ field: 'amount' }] } },
      },
    },
    'value-definition',
    ['filters', 'value', 'definition'],
    'limit',
  ],
  [
    'distinct rows sorted by what they do not show',
    { dataSources: ['donations'], columns: [{ field: 'status' }], distinct: true, sortBy: [{ field: 'amount' }] },
    'order-distinct',
    ['sortBy', 0, 'field'],
    'columns',
  ],
  [
    'an unknown key',
    { dataSources: ['donations'], filter: { field: 'amount', op: 'gt', value: 1 } },
    'unknown-key',
    ['filter'],
    '"filters"',
  ],
  [
    'a key in the wrong place',
    { dataSources: ['donations'], filters: { field: 'amount', op: 'gt', value: 1, where: {} } },
    'unknown-key',
    ['filters', 'where'],
    'where',
  ],
  [
    'an operator that is not there',
    { dataSources: ['donations'], filters: { all: [{ field: 'amount', op: 'greater', value: 1 }] } },
    'wrong-shape',
    ['filters', 'all', 0, 'op'],
    'gte',
  ],
  ['a limit over the limit', { dataSources: ['donations'], limit: 2_000_000 }, 'wrong-shape', ['limit'], 'at most'],
  ['a tenant', { dataSources: ['donations'], organizationId: 'b' }, 'unknown-key', ['organizationId'], 'no such key'],
  [
    'a list of 1,001 values',
    {
      dataSources: ['donations'],
      filters: { field: 'id', op: 'in', value: Array.from({ length: 1001 }, (_, i) => String(i)) },
    },
    'wrong-shape',
    ['filters', 'value'],
    '1000',
  ],
  [
    '200 columns',
    { dataSources: ['donations'], columns: Array.from({ length: 200 }, (_, i) => ({ field: 'amount', id: `c${i}` })) },
    'wrong-shape',
    ['columns'],
    'Cannot take 200 columns: at most 100 are possible',
  ],
  [
    'a character that no text holds',
    { dataSources: ['contacts'], filters: { field: 'name', op: 'eq', value: 'a\u0000b' } },
    'wrong-value',
    ['filters', 'value'],
    'NUL',
  ],
  [
    'a year at the end of the calendar',
    { dataSources: ['donations'], filters: { field: 'received_at', op: 'in_period', value: { year: 9999 } } },
    'wrong-shape',
    ['filters', 'value', 'year'],
    'at most',
  ],
  [
    'SQL for a name',
    { dataSources: ['donations'], columns: [{ field: 'amount); drop table donations; --' }] },
    'wrong-shape',
    ['columns', 0, 'field'],
    'path',
  ],
]

describe('a definition that must not run', () => {
  test.each(refused)('%s is refused at its place, with the way out', (_name, definition, code, path, ...words) => {
    const issues = issuesOf(definition)
    expect(issues.map((i) => i.code)).toContain(code)
    const found = issues.find((i) => i.code === code && JSON.stringify(i.path) === JSON.stringify(path))
    expect(found, JSON.stringify(issues)).toBeDefined()
    for (const word of words) expect(`${found?.message} ${found?.fix ?? ''}`).toContain(word)
  })

  test('all problems are told at once', () => {
    const issues = issuesOf({
      dataSources: ['donations'],
      groupBy: [{ field: 'chanel' }, { field: 'contact.donations.id' }],
      aggregates: [{ id: 's', fn: 'sum', field: 'status' }],
      filters: {
        all: [
          { field: 'amount', op: 'gt', value: 'x' },
          { field: 'received_at', op: 'contains', value: 'x' },
        ],
      },
      sortBy: [{ field: 'total' }],
    })
    expect(new Set(issues.map((i) => i.code))).toEqual(
      new Set(['unknown-field', 'many-values', 'needs-number', 'wrong-value', 'wrong-op', 'unknown-column']),
    )
  })

  test('a message follows the sentence: action, quoted value, colon, wanted state, no full stop', () => {
    for (const [, definition] of refused)
      for (const issue of issuesOf(definition)) {
        expect(issue.message).toMatch(/^Cannot .+[^.]$/s)
        expect(issue.message).not.toMatch(/undefined|NaN|\[object/)
        if (issue.fix !== undefined) expect(issue.fix).not.toMatch(/undefined|NaN|\[object/)
      }
  })

  test('a field of another role is there for that role', () => {
    expect(issuesOf({ dataSources: ['contacts'], columns: [{ field: 'phone' }] }, ['admin'])).toEqual([])
  })

  test('a list without columns never shows what its reader may not see', () => {
    const outcome = validate({ dataSources: ['contacts'] })
    expect(outcome.ok && outcome.definition.columns).toEqual([{ field: 'name' }, { field: 'state' }])
  })
})

describe('a definition that runs', () => {
  let world: World
  beforeAll(async () => {
    world = await pgliteWorld()
  })
  afterAll(() => world.close())
  const run = (definition: object, more: object = {}) =>
    definitionToRows({
      definition,
      catalog: worldCatalog,
      scope: worldScope,
      clock: worldClock,
      source: world.source,
      ...more,
    })

  test('says when the row cap cut it, and only then', async () => {
    const cut = await run({ dataSources: ['donations'] }, { maxRows: 3 })
    expect(cut.ok && [cut.result.truncated, cut.result.rows.length]).toEqual([true, 3])
    const whole = await run({ dataSources: ['donations'] }, { maxRows: 9 })
    expect(whole.ok && [whole.result.truncated, whole.result.rows.length]).toEqual([false, 9])
    const limited = await run({ dataSources: ['donations'], limit: 3 }, { maxRows: 3 })
    expect(limited.ok && limited.result.truncated).toBe(false)
  })

  test('gives a value the database refuses back as an issue', async () => {
    const outcome = await run({ dataSources: ['donations'], filters: { field: 'id', op: 'eq', value: 'x' } })
    expect(outcome.ok || outcome.issues.map((i) => i.code)).toEqual(['value-does-not-fit'])
  })

  test('keeps SQL in a value a value', async () => {
    const outcome = await run({
      dataSources: ['contacts'],
      filters: { field: 'name', op: 'eq', value: "x'; drop table donations; --" },
    })
    expect(outcome.ok && outcome.result.rows).toEqual([])
    const after = await run({ dataSources: ['donations'], aggregates: [{ id: 'n', fn: 'count' }] })
    expect(after.ok && after.result.rows).toEqual([[9]])
  })
})
