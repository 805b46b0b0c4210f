// Plans that are made to be fast give the rows that the plain plan gives, in the same order.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asStored, notAsStored } from '../../src/catalog/as-stored.ts'
import type { Catalog } from '../../src/catalog/schema.ts'
import { definitionToRows, validateDefinition } from '../../src/pipeline.ts'
import { planTable } from '../../src/plan/plan.ts'
import { printQuery } from '../../src/sql/print.ts'
import { demoContext } from '../setup/app.ts'

let demo: Awaited<ReturnType<typeof demoContext>>
beforeAll(async () => {
  demo = await demoContext('2026-11-23')
}, 120_000)
afterAll(() => demo?.close())

const clock = { now: new Date('2026-11-23T12:00:00Z'), timezone: 'America/New_York' }
const scope = () => ({ organizationId: demo.ctx.scope.organizationId, roles: ['viewer', 'editor', 'admin'] })

async function rowsOf(definition: object, catalog: Catalog = demo.ctx.catalog) {
  const ran = await definitionToRows({
    ...{ definition, catalog, scope: scope(), source: demo.ctx.source, clock },
    ...{ maxRows: 10_000, timeoutMs: 30_000 },
  })
  if (!ran.ok) throw new Error(JSON.stringify(ran.issues))
  return ran.result.rows
}

function sqlOf(input: object, catalog: Catalog): string {
  const valid = validateDefinition({ definition: input, catalog, scope: scope() })
  if (!valid.ok) throw new Error(JSON.stringify(valid.issues))
  return printQuery(planTable({ definition: valid.definition, catalog, scope: scope(), clock }).rows, catalog).text
}

const completed = { field: 'status', op: 'eq', value: 'completed' }
/** True of every row, so that the plan with a condition is taken instead. */
const always = {
  any: [
    { field: 'id', op: 'is_empty' },
    { field: 'id', op: 'not_empty' },
  ],
}
const ofContacts = [
  ...(['sum', 'avg', 'min', 'max', 'median', 'count', 'stddev'] as const).map((fn) => ({
    ...{ id: `gifts_${fn}`, fn, field: 'donations.amount' },
  })),
  { id: 'how', fn: 'list', field: 'donations.payment_method' },
  { id: 'kinds', fn: 'count_distinct', field: 'donations.payment_method' },
  { id: 'last', fn: 'last', field: 'donations.amount', by: 'donations.received_at' },
  { id: 'done', fn: 'sum', field: 'donations.amount', where: completed },
  { id: 'none_done', fn: 'count', field: 'donations.id', where: completed },
  { id: 'promised', fn: 'sum', field: 'pledges.amount' },
  { id: 'promises', fn: 'count', field: 'pledges.id' },
]

test.each([
  [
    'many facts beside each row',
    { dataSources: ['contacts'], groupBy: [{ field: 'id' }, { field: 'full_name' }], aggregates: ofContacts },
  ],
  [
    'a key over a to-one relation, and conditions all facts share',
    {
      dataSources: ['contacts'],
      groupBy: [{ field: 'id' }, { field: 'household.name' }],
      aggregates: ofContacts.filter(({ id }) => id === 'done' || id === 'none_done'),
      sortBy: [{ field: 'done', direction: 'desc' }],
      limit: 25,
    },
  ],
  [
    'having, a formula and a running share on top',
    {
      dataSources: ['campaigns'],
      groupBy: [{ field: 'id' }, { field: 'name' }],
      aggregates: [
        { id: 'raised', fn: 'sum', field: 'donations.amount' },
        { id: 'spent', fn: 'sum', field: 'expenses.amount' },
      ],
      calculations: [{ id: 'left', formula: 'raised - spent' }],
      having: { field: 'raised', op: 'gt', value: 0 },
    },
  ],
])('%s: facts grouped by their own key give what joined rows give', async (_, definition) => {
  const fast = sqlOf(definition, demo.ctx.catalog)
  const plain = sqlOf({ ...definition, filters: always }, demo.ctx.catalog)
  expect(fast).not.toContain('union all')
  expect(plain === fast).toBe(false)
  const rows = await rowsOf(definition)
  expect(rows.length).toBeGreaterThan(10)
  expect(rows).toEqual(await rowsOf({ ...definition, filters: always }))
})

test('facts of a small table are grouped before its rows are read, and of a large one after, with the same rows', async () => {
  const { catalog } = demo.ctx
  const sized = (small: boolean): Catalog => ({
    ...catalog,
    entities: Object.fromEntries(Object.entries(catalog.entities).map(([name, one]) => [name, { ...one, small }])),
  })
  const values = ['sum', 'min', 'max', 'count'].map((fn) => ({ id: fn, fn, field: 'donations.amount' }))
  const definition = {
    dataSources: ['campaigns'],
    groupBy: [{ field: 'channel' }, { field: 'starts_on', grain: 'quarter' }],
    aggregates: [
      ...values,
      { id: 'done', fn: 'sum', field: 'donations.amount', where: completed },
      { id: 'newest', fn: 'max', field: 'donations.received_at' },
      { id: 'methods', fn: 'max', field: 'pledges.status' },
      { id: 'promised', fn: 'avg', field: 'pledges.amount' },
      { id: 'spent', fn: 'sum', field: 'expenses.amount' },
      { id: 'campaigns', fn: 'count' },
    ],
    totals: true,
  }
  expect(sqlOf(definition, sized(true))).not.toBe(sqlOf(definition, sized(false)))
  const rows = await rowsOf(definition, sized(true))
  expect(rows.length).toBeGreaterThan(10)
  expect(rows).toEqual(await rowsOf(definition, sized(false)))
})

test('rows without a fact stand with 0 counted and nothing summed', async () => {
  const rows = await rowsOf({
    dataSources: ['contacts'],
    groupBy: [{ field: 'id' }],
    aggregates: [
      { id: 'gifts', fn: 'count', field: 'donations.id' },
      { id: 'given', fn: 'sum', field: 'donations.amount' },
    ],
    having: { field: 'gifts', op: 'eq', value: 0 },
  })
  expect(rows.length).toBeGreaterThan(0)
  for (const [, gifts, given] of rows) expect([Number(gifts), given]).toEqual([0, null])
})

const newest = {
  dataSources: ['donations'],
  columns: [{ field: 'received_at' }, { field: 'amount' }, { field: 'contact.full_name' }],
  sortBy: [{ field: 'received_at', direction: 'desc' }],
  limit: 100,
}

test('a column that is never empty is sorted as an index has it, with the same rows', async () => {
  const { catalog } = demo.ctx
  expect(sqlOf(newest, catalog)).toContain('"received_at" desc nulls first')
  expect(sqlOf(newest, notAsStored(catalog))).toContain('"received_at" desc nulls last')
  expect(await rowsOf(newest)).toEqual(await rowsOf(newest, notAsStored(catalog)))
})

test('a formula that bears the name of a filled column keeps its own empty cells last', async () => {
  const formula = { id: 'amount', formula: 'days_between(received_at, refunded_at)' }
  const definition = {
    ...newest,
    columns: [{ field: 'id' }, formula],
    sortBy: [{ field: 'amount', direction: 'desc' }],
  }
  expect(sqlOf(definition, demo.ctx.catalog)).toContain('desc nulls last')
  const rows = await rowsOf(definition)
  expect(rows).toEqual(await rowsOf(definition, notAsStored(demo.ctx.catalog)))
  expect(rows[0]?.[1]).not.toBeNull()
})

test('a column that may be empty, or that another table lends, keeps its empty cells last', () => {
  const { catalog } = demo.ctx
  for (const field of ['thanked_on', 'contact.created_at', 'contact.full_name'])
    expect(sqlOf({ ...newest, sortBy: [{ field, direction: 'desc' }] }, catalog)).toContain('desc nulls last')
})

test('what is never empty is what the database promises, whatever the catalog says', async () => {
  const { catalog } = demo.ctx
  const said = (field: string) => catalog.entities.donations?.fields[field]?.required
  expect(['received_at', 'amount', 'thanked_on', 'refunded_at'].map(said)).toEqual([true, true, false, false])
  const nothing = await asStored(catalog, async () => [])
  expect(
    Object.values(nothing.entities)
      .flatMap(({ fields }) => Object.values(fields))
      .some((f) => f.required),
  ).toBe(false)
})
