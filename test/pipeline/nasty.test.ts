// Numbers that go wrong easily, against what the rows of test/setup/nasty.ts say by hand.
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { definitionHash } from '../../src/definition/canonical.ts'
import { Definition } from '../../src/definition/schema.ts'
import { validateDefinition } from '../../src/pipeline.ts'
import { type NastyWorld, nastyWorld } from '../setup/nasty.ts'
import { worldCatalog, worldScope } from '../setup/world.ts'

const count = { id: 'n', fn: 'count' }
const things = { dataSources: ['things'] }

describe.each(['pglite', 'postgres'] as const)('on %s', (name) => {
  let world: NastyWorld
  beforeAll(async () => {
    world = await nastyWorld(name === 'pglite' ? 'pglite' : { url: inject('postgresUrl'), name: 'nasty' })
  })
  afterAll(() => world?.close())
  const ids = async (filters: object, now?: string) =>
    (await world.run({ ...things, columns: [{ field: 'id' }], filters }, now)).rows.map(([id]) => Number(id))

  describe('a float of four bytes', () => {
    test('is the decimal that it is written as, in conditions', async () => {
      expect(await ids({ field: 'tiny', op: 'eq', value: 0.1 })).toEqual([1])
      expect(await ids({ field: 'tiny', op: 'in', value: [0.2, 0.3] })).toEqual([7, 8])
      expect(await ids({ field: 'tiny', op: 'lte', value: 0.1 })).toEqual([1, 6])
      expect(await ids({ field: 'tiny', op: 'gt', value: 0.3 })).toEqual([2, 3, 5])
    })

    test('keeps its digits in sums, in keys and as a column of its own', async () => {
      const { rows } = await world.run({
        ...things,
        aggregates: [
          { id: 'sum', fn: 'sum', field: 'tiny' },
          { id: 'max', fn: 'max', field: 'tiny' },
        ],
      })
      expect(rows).toEqual([['18011786.1', '16777216']])
      const listed = await world.run({ ...things, groupBy: [{ field: 'tiny' }], aggregates: [count] })
      expect(listed.rows.map(([key]) => key)).toEqual(['0', '0.1', '0.2', '0.3', '2.5', '1234567', '16777216', null])
    })
  })

  test.each(['tiny', 'wide', 'exact', 'big', 'word', 'day', 'clock', 'at', 'sure'])(
    'a pivot loses no row and counts none twice, each value under a name of its own (%s)',
    async (field) => {
      const { columns, rows, totals } = await world.run({
        ...things,
        groupBy: [{ field: 'id' }, { field }],
        aggregates: [count],
        pivot: { column: field },
        totals: true,
      })
      const plain = await world.run({ ...things, groupBy: [{ field }], aggregates: [count] })
      expect(rows.map((row) => row.slice(1).reduce<number>((sum, cell) => sum + Number(cell), 0))).toEqual(
        rows.map(() => 1),
      )
      expect(totals?.slice(1)).toEqual(plain.rows.map(([, n]) => n))
      const labels = columns.map(({ label }) => label)
      expect(new Set(labels).size).toBe(labels.length)
    },
  )

  test('what is left over in a pivot is called otherwise than a value "Other"', async () => {
    const { columns } = await world.run({
      ...things,
      groupBy: [{ field: 'sure' }, { field: 'word' }],
      aggregates: [count],
      pivot: { column: 'word', limit: 3 },
      filters: { field: 'word', op: 'in', value: ['Other', '(empty)', 'boston ', '100%_x'] },
    })
    expect(columns.map(({ label }) => label)).toEqual(['sure', '(empty)', '100%_x', 'Other', 'All others'])
  })

  test('large and small floats read as decimals', async () => {
    const { rows } = await world.run({
      ...things,
      columns: [{ field: 'wide' }],
      filters: { field: 'wide', op: 'not_in', value: [0.1, 0] },
    })
    expect(rows.map(([cell]) => cell)).toEqual([
      '100000000000000000000',
      '0.30000000000000004',
      null,
      '0.3',
      '0.00000015',
    ])
  })

  test('a border with an offset is that instant, as in a comparison', async () => {
    const since = '2025-03-01T00:00:00Z'
    expect(await ids({ field: 'at', op: 'in_period', value: { since } })).toEqual([1, 2, 4])
    expect(await ids({ field: 'at', op: 'gte', value: since })).toEqual([1, 2, 4])
  })

  test('gaps are filled over the time that every condition leaves', async () => {
    const period = (value: object) => ({ field: 'at', op: 'in_period', value })
    const { rows } = await world.run({
      ...things,
      groupBy: [{ field: 'at', grain: 'month', fillGaps: true }],
      aggregates: [count],
      filters: { all: [period({ last: 12, unit: 'month' }), period({ from: '2024-11-01', to: '2025-02-15' })] },
    })
    expect(rows).toEqual([
      ['2024-11-01', 0],
      ['2024-12-01', 1],
      ['2025-01-01', 1],
      ['2025-02-01', 1],
    ])
  })

  test.each([
    ['all within all', (period: object) => ({ all: [{ all: [period] }] })],
    ['one of one', (period: object) => ({ any: [period] })],
    ['not not', (period: object) => ({ not: { not: period } })],
  ])('tables that count as one have the same rows: %s', async (_, around) => {
    const period = { field: 'at', op: 'in_period', value: { last: 2, unit: 'month' } }
    const definitions = [period, around(period)].map((filters) => ({
      ...things,
      groupBy: [{ field: 'at', grain: 'month', fillGaps: true }],
      aggregates: [count],
      compare: { to: 'previous_period' },
      filters,
    }))
    const [plain, nested] = definitions
    expect(definitionHash(Definition.parse(nested))).toBe(definitionHash(Definition.parse(plain)))
    const [one, other] = await Promise.all(definitions.map((definition) => world.run(definition)))
    expect(other?.rows).toEqual(one?.rows)
    expect(one?.rows).toHaveLength(2)
  })
})

describe('refused, for there is no right number', () => {
  const scope = { organizationId: 'a', roles: [] }
  let world: NastyWorld
  beforeAll(async () => {
    world = await nastyWorld('pglite')
  })
  afterAll(() => world?.close())
  const codes = (definition: object) => {
    const outcome = validateDefinition({ definition: { ...things, ...definition }, catalog: world.catalog, scope })
    return outcome.ok ? [] : outcome.issues.map(({ code }) => code)
  }
  const sum = { id: 'sum', fn: 'sum', field: 'exact' }
  const share = (of: string) => ({ id: 'share', fn: 'percent_of_total', of })

  test.each([
    ['different values, as a metric too', [{ id: 'words', metric: 'words' }], [share('words')], ['not-additive']],
    ['an average by hand', [sum, count], [{ id: 'mean', formula: 'sum / n' }, share('mean')], ['not-additive']],
    ['a product', [sum, count], [{ id: 'area', formula: 'sum * n' }, share('area')], ['not-additive']],
    ['a sum in thousands', [sum, count], [{ id: 'k', formula: '(sum - n) / 1000 * 2' }, share('k')], []],
  ])('a share of %s', (_, aggregates, calculations, expected) => {
    expect(codes({ groupBy: [{ field: 'sure' }], aggregates, calculations })).toEqual(expected)
  })

  test('a share of rows that several groups count; where each is in one group, it is a share', () => {
    const shared = { id: 'share', fn: 'percent_of_total', of: 'goals' }
    const of = (definition: object) => {
      const given = { dataSources: ['donations'], calculations: [shared], ...definition }
      const outcome = validateDefinition({ definition: given, catalog: worldCatalog, scope: worldScope })
      return outcome.ok ? [] : outcome.issues.map(({ code }) => code)
    }
    const goals = { id: 'goals', fn: 'sum', field: 'campaign.goal' }
    const attended = { id: 'goals', fn: 'count', field: 'attendances.event.title' }
    expect(of({ groupBy: [{ field: 'status' }], aggregates: [goals] })).toEqual(['not-additive'])
    expect(of({ groupBy: [{ field: 'campaign.channel' }, { field: 'status' }], aggregates: [goals] })).toEqual([
      'not-additive',
    ])
    expect(of({ dataSources: ['contacts'], groupBy: [{ field: 'segment' }], aggregates: [attended] })).toEqual([
      'not-additive',
    ])
    expect(of({ groupBy: [{ field: 'campaign.channel' }], aggregates: [goals] })).toEqual([])
    expect(of({ groupBy: [{ field: 'status' }], aggregates: [{ ...goals, per: 'source_rows' }] })).toEqual([])
    const gifts = { id: 'goals', fn: 'sum', field: 'donations.amount' }
    expect(of({ dataSources: ['contacts'], groupBy: [{ field: 'segment' }], aggregates: [gifts] })).toEqual([])
  })

  test.each([
    ['by name', { field: 'word', op: 'eq', value: 'Boston' }],
    ['by formula', { not: { formula: "word = 'x' or n > 1", op: 'eq', value: true } }],
  ])('a condition on whole rows by the key that became columns, %s', (_, having) => {
    const groupBy = [{ field: 'sure' }, { field: 'word' }]
    expect(codes({ groupBy, aggregates: [count], pivot: { column: 'word' }, having })).toEqual(['pivot'])
  })
})
