// From a number to the rows behind it: as many rows as were counted, with the same sum, for every number of every row,
// whatever the way from the grouped rows to the counted ones. Where that cannot be promised, it is refused with a reason.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { drill } from '../../src/definition/drill.ts'
import { columnId } from '../../src/definition/outputs.ts'
import { readBack } from '../../src/definition/read-back.ts'
import { Definition } from '../../src/definition/schema.ts'
import { definitionToRows } from '../../src/pipeline.ts'
import type { Cell } from '../../src/plan/columns.ts'
import { demoContext } from '../setup/app.ts'
import { type NastyWorld, nastyWorld } from '../setup/nasty.ts'

let demo: Awaited<ReturnType<typeof demoContext>>
beforeAll(async () => {
  demo = await demoContext('2026-11-23')
}, 120_000)
afterAll(() => demo?.close())

async function run(definition: Definition) {
  const { catalog, source, now } = demo.ctx
  const scope = { organizationId: demo.ctx.scope.organizationId, roles: ['viewer', 'editor', 'admin'] }
  const ran = await definitionToRows({
    ...{ definition, catalog, scope, source, maxRows: 10_000, timeoutMs: 30_000 },
    clock: { now: now(), timezone: 'America/New_York' },
  })
  if (!ran.ok) throw new Error(JSON.stringify(ran.issues))
  return ran.result
}
const same = (a: Cell | undefined, b: Cell | undefined) => Number(a ?? 0).toFixed(4) === Number(b ?? 0).toFixed(4)

const count = { id: 'n', fn: 'count' }
const cases: Record<string, object> = {
  'rows of the source, by a field of another': {
    dataSources: ['donations', 'campaign'],
    groupBy: [{ field: 'campaign.channel' }],
    aggregates: [count, { id: 'sum', fn: 'sum', field: 'amount' }, { id: 'paid', fn: 'count', field: 'pledge.amount' }],
  },
  'a metric with a condition of its own': {
    dataSources: ['donations'],
    groupBy: [{ field: 'payment_method' }, { field: 'status' }],
    aggregates: [{ id: 'raised', metric: 'raised' }],
  },
  'months and quarters, on the clock of the reader': {
    dataSources: ['donations'],
    groupBy: [{ field: 'received_at', grain: 'quarter' }],
    aggregates: [count],
    filters: { field: 'amount', op: 'gt', value: 100 },
  },
  'days of the week, and rows without a date': {
    dataSources: ['campaigns'],
    groupBy: [{ field: 'starts_on', grain: 'day_of_week' }],
    aggregates: [count],
  },
  'ranges of numbers': {
    dataSources: ['donations'],
    groupBy: [{ field: 'amount', bucket: 500 }],
    aggregates: [count, { id: 'sum', fn: 'sum', field: 'amount' }],
  },
  'many rows of each source row': {
    dataSources: ['contacts', 'donations'],
    groupBy: [{ field: 'segment' }],
    aggregates: [
      { id: 'sum', fn: 'sum', field: 'donations.amount' },
      { id: 'gifts', fn: 'count', field: 'donations.id' },
    ],
    filters: { field: 'state', op: 'eq', value: 'CA' },
  },
  'a condition of the number alone': {
    dataSources: ['campaigns', 'donations'],
    groupBy: [{ field: 'channel' }],
    aggregates: [{ id: 'big', fn: 'count', field: 'donations.id', where: { field: 'amount', op: 'gte', value: 250 } }],
  },
  'rows that the source rows lead to, each counted once': {
    dataSources: ['donations', 'campaign'],
    groupBy: [{ field: 'payment_method' }],
    aggregates: [{ id: 'goals', fn: 'sum', field: 'campaign.goal' }],
  },
  'no groups at all': { dataSources: ['donations'], aggregates: [count, { id: 'sum', fn: 'sum', field: 'amount' }] },
}

describe('the rows behind a number', () => {
  test.each(Object.entries(cases))(
    '%s',
    async (_, given) => {
      const definition = Definition.parse({ version: 1, ...given })
      const { columns, rows } = await run(definition)
      expect(rows.length).toBeGreaterThan(0)
      const ids = definition.groupBy.map(columnId)
      let looked = 0
      for (const row of rows.slice(0, 12)) {
        const keys = Object.fromEntries(ids.map((id) => [id, row[columns.findIndex((one) => one.id === id)] ?? null]))
        for (const { id } of definition.aggregates) {
          const cell = row[columns.findIndex((one) => one.id === id)]
          const found = drill(definition, demo.ctx.catalog, { column: id, keys })
          if (!found.ok) throw new Error(found.reason)
          const { filters, dataSources, sortBy } = found.definition
          const [value] = sortBy
          const fn = value === undefined ? { fn: 'count' } : { fn: 'sum', field: value.field }
          const again = Definition.parse({
            ...{ version: 1, dataSources, aggregates: [{ id: 'again', ...fn }] },
            ...(filters && { filters }),
          })
          const [total] = (await run(again)).rows
          expect(same(total?.[0], cell), `${JSON.stringify(keys)} ${id}: ${total?.[0]} of ${cell}`).toBe(true)
          looked += 1
        }
      }
      expect(looked).toBeGreaterThan(0)
    },
    60_000,
  )

  test('is refused with the reason where there is no such list', () => {
    const definition = Definition.parse({
      ...{ version: 1, dataSources: ['donations'], groupBy: [{ field: 'status' }], aggregates: [count] },
      calculations: [{ id: 'share', fn: 'percent_of_total', of: 'n' }],
    })
    const of = (column: string, keys: Record<string, Cell>, one = definition) =>
      drill(one, demo.ctx.catalog, { column, keys })
    expect(of('share', { status: 'completed' })).toMatchObject({
      ok: false,
      reason: expect.stringContaining('other numbers'),
    })
    expect(of('n', {})).toMatchObject({ ok: false, reason: 'its row is not known' })
    const pivoted = Definition.parse({ ...definition, calculations: [], pivot: { column: 'status' } })
    expect(of('n', { status: 'completed' }, pivoted)).toMatchObject({
      ok: false,
      reason: expect.stringContaining('pivot'),
    })
  })
})

test('a condition that the table has already is not said again, and no groups are left within groups', () => {
  const completed = { field: 'status', op: 'eq', value: 'completed' }
  const definition = Definition.parse({
    dataSources: ['donations', 'campaign'],
    groupBy: [{ field: 'campaign.channel' }],
    aggregates: [{ id: 'raised', metric: 'raised' }],
    filters: { all: [{ field: 'received_at', op: 'in_period', value: { this: 'year' } }, { all: [completed] }] },
  })
  const keys = { 'campaign.channel': 'direct_mail' }
  const drilled = drill(definition, demo.ctx.catalog, { column: 'raised', keys })
  if (!drilled.ok) throw new Error(drilled.reason)
  const { filters } = drilled.definition
  expect(filters && 'all' in filters ? filters.all.map((one) => ('field' in one ? one.field : one)) : []).toEqual([
    'received_at',
    'status',
    'campaign.channel',
  ])
  expect(readBack(drilled.definition, demo.ctx.catalog)).toContain(
    'where received is within this year and status is completed and campaign\'s channel is "Direct mail"',
  )
})

describe('the rows behind a number of a group that looks like another', () => {
  let world: NastyWorld
  beforeAll(async () => {
    world = await nastyWorld('pglite')
  })
  afterAll(() => world?.close())
  const words = { id: 'words', fn: 'count', field: 'word' }
  const sums = { id: 'sums', fn: 'count', formula: 'exact + 1' }
  test.each<[string, object]>([
    ['texts that differ in case, and none or no letters', { field: 'word' }],
    ['yes, no and empty', { field: 'sure' }],
    ['decimals', { field: 'exact' }],
    ['ranges of a tenth', { field: 'exact', bucket: 0.1 }],
    ['floats', { field: 'wide' }],
    ['whole numbers beyond 2^53', { field: 'big' }],
    ['days', { field: 'day' }],
    ['months', { field: 'at', grain: 'month' }],
    ['wall clocks', { field: 'clock' }],
    ['texts of a formula', { id: 'f', formula: "if(exact > 1, 'A', if(exact > 0.1, 'a', ''))" }],
    ['numbers of a formula', { id: 'f', formula: '1 / exact' }],
  ])('%s', async (_, key) => {
    const given = { dataSources: ['things'], groupBy: [key], aggregates: [count, words, sums] }
    const definition = Definition.parse(given)
    const { rows } = await world.run(definition)
    let looked = 0
    for (const [cell = null, ...numbers] of rows)
      for (const [i, { id }] of definition.aggregates.entries()) {
        const keys = { [columnId(definition.groupBy[0] ?? {})]: cell }
        const found = drill(definition, world.catalog, { column: id, keys })
        if (!found.ok) {
          expect(['NaN', 'Infinity', '1e+20', '1.5e-07'], found.reason).toContain(cell)
          continue
        }
        const { filters } = found.definition
        const again = await world.run({ dataSources: ['things'], aggregates: [count], ...(filters && { filters }) })
        expect(
          again.rows[0]?.[0],
          `${id} of ${JSON.stringify(cell)}: ${readBack(found.definition, world.catalog)}`,
        ).toBe(numbers[i])
        looked += 1
      }
    expect(looked).toBeGreaterThan(5)
  })

  test('is told in the sentence as exactly that text', () => {
    const definition = Definition.parse({
      dataSources: ['contacts'],
      groupBy: [{ field: 'city' }],
      aggregates: [count],
    })
    const drilled = drill(definition, demo.ctx.catalog, { column: 'n', keys: { city: 'Salem' } })
    expect(drilled.ok && readBack(drilled.definition, demo.ctx.catalog)).toMatch(/where city is exactly Salem\.$/)
  })
})
