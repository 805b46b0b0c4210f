import { describe, expect, test } from 'vitest'
import { definitionHash } from '../../src/definition/canonical.ts'
import { shortTitle } from '../../src/definition/read-back.ts'
import { Definition, Grain, Op } from '../../src/definition/schema.ts'
import { validateDefinition } from '../../src/pipeline.ts'
import { cases } from '../golden/cases.ts'
import { demoCatalog } from '../setup/demo-catalog.ts'
import { worldCatalog, worldScope } from '../setup/world.ts'

const read = (definition: unknown) => {
  const outcome = validateDefinition({ definition, catalog: worldCatalog, scope: worldScope })
  return outcome.ok ? outcome : undefined
}

/** What the sentence is silent about: how things are called and shown. */
const silent = new Set(['title', 'label', 'format', 'id', 'version', 'dataSources'])
const others: Record<string, readonly string[]> = {
  op: Op.options,
  grain: Grain.options,
  fn: [
    'count',
    'count_distinct',
    'sum',
    'avg',
    'min',
    'max',
    'median',
    'stddev',
    'list',
    'percent_of_total',
    'running_total',
    'rank',
    'change',
    'percent_change',
  ],
  direction: ['asc', 'desc'],
  match: ['some', 'none', 'every'],
  to: ['previous_period', 'previous_year'],
  field: [
    'amount',
    'fee',
    'status',
    'name',
    'state',
    'contact.name',
    'campaign.name',
    'campaign.goal',
    'contact.state',
    'received_at',
    'donations.amount',
    'donations.fee',
  ],
  nulls: ['first'],
}

/** Every definition one step away: another value of a leaf, a part left out. */
function* variants(value: unknown, key = ''): Generator<unknown> {
  if (Array.isArray(value)) {
    for (const [i, entry] of value.entries()) {
      if (value.length > 1) yield value.filter((_, at) => at !== i)
      for (const other of variants(entry, key)) yield value.map((e, at) => (at === i ? other : e))
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, part] of Object.entries(value)) {
      if (silent.has(name)) continue
      const { [name]: _left, ...rest } = value as Record<string, unknown>
      yield rest
      for (const other of variants(part, name)) yield { ...value, [name]: other }
    }
  } else if (typeof value === 'number') yield value + 1
  else if (typeof value === 'boolean') yield !value
  else if (typeof value === 'string') {
    for (const other of others[key] ?? []) if (other !== value) yield other
    if (key === 'value' || key === 'year' || key === 'formula') yield `${value} + 1`
  }
}

/** The definition without what the sentence is silent about, defaults written out. */
function meaning(definition: Definition): string {
  const strip = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(strip)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, part]) =>
        ['title', 'label', 'format'].includes(key) || (key === 'nulls' && part === 'last') ? [] : [[key, strip(part)]],
      ),
    )
  }
  return definitionHash(Definition.parse(strip(definition)))
}

describe('the sentence of a definition', () => {
  for (const [family, definitions] of Object.entries(cases))
    test(`${family}: whatever changes the meaning changes the sentence`, () => {
      let compared = 0
      for (const definition of Object.values(definitions)) {
        const original = read(definition)
        expect(original).toBeDefined()
        if (original === undefined) continue
        for (const variant of variants(definition)) {
          const other = read(variant)
          if (other === undefined || meaning(other.definition) === meaning(original.definition)) continue
          compared += 1
          expect(other.sentence, `${JSON.stringify(definition)}\n${JSON.stringify(variant)}`).not.toBe(
            original.sentence,
          )
        }
      }
      expect(compared).toBeGreaterThan(10)
    })

  test('no two golden definitions read the same, and each is one sentence', () => {
    const sentences = Object.values(cases).flatMap((family) =>
      Object.values(family).map((d) => read(d)?.sentence ?? ''),
    )
    expect(new Set(sentences).size).toBe(sentences.length)
    for (const sentence of sentences) {
      expect(sentence).toMatch(/^["A-Z].*\.$/)
      expect(sentence).not.toMatch(/undefined|\[object|NaN/)
    }
  })

  test('titles, labels and formats do not change it', () => {
    const plain = read({ dataSources: ['donations'], aggregates: [{ id: 'raised', fn: 'sum', field: 'amount' }] })
    const named = read({
      title: 'X',
      dataSources: ['donations'],
      aggregates: [{ id: 'raised', label: 'Y', fn: 'sum', field: 'amount', format: { decimals: 0 } }],
    })
    expect(named?.sentence).toBe(plain?.sentence)
  })
})

describe('the sentence says', () => {
  const sentence = (definition: object) => {
    const outcome = read(definition)
    if (outcome === undefined) throw new Error('refused')
    return outcome.sentence
  }
  const raised = 'raised = total amount (where status is completed)'
  const above = { op: 'gt', value: 50 }
  const months = { groupBy: [{ field: 'received_at', grain: 'month' }], aggregates: [{ id: 'n', fn: 'count' }] }

  test.each([
    ['as a number', { dataSources: ['donations'], aggregates: [{ id: 'raised', metric: 'raised' }] }],
    ['over a relation', { dataSources: ['campaigns'], aggregates: [{ id: 'raised', metric: 'donations.raised' }] }],
    ['in a condition', { dataSources: ['contacts'], filters: { aggregate: { metric: 'donations.raised' }, ...above } }],
    [
      'within a condition on related rows',
      {
        dataSources: ['campaigns'],
        filters: {
          relation: 'donations.contact',
          match: 'some',
          where: { not: { aggregate: { metric: 'donations.raised' }, ...above } },
        },
      },
    ],
    [
      'as the value of a condition',
      {
        dataSources: ['campaigns'],
        filters: { field: 'goal', op: 'gt', value: { aggregate: { metric: 'raised', of: 'donations' } } },
      },
    ],
  ])('what a named number leaves out, once: %s', (_, definition) => {
    expect(sentence(definition).split(raised)).toHaveLength(2)
  })

  test('of what a total is where rows are left out', () => {
    const totals = { dataSources: ['donations'], ...months, totals: true }
    expect(sentence(totals)).toMatch(/; with a grand total\.$/)
    for (const less of [
      { limit: 3 },
      { limitPer: { by: ['received_at'], limit: 1 } },
      { having: { field: 'n', ...above } },
    ])
      expect(sentence({ ...totals, ...less })).toMatch(/; with a grand total, of the rows left out too\.$/)
  })

  test('over which stretches of time an average moves, and in which order the last one is last', () => {
    const moving = (groupBy: object[]) => ({
      ...{ dataSources: ['donations'], groupBy, aggregates: months.aggregates },
      calculations: [{ id: 'm', fn: 'moving_average', of: 'n', size: 3, over: 'received_at' }],
    })
    expect(sentence(moving(months.groupBy))).toContain('over 3 months')
    expect(sentence(moving([{ field: 'received_at', grain: 'day_of_week' }]))).toContain('over 3 rows')
    const last = { id: 'last', fn: 'last', field: 'donations.amount' }
    expect(sentence({ dataSources: ['contacts'], aggregates: [last] })).toContain('amount in the order of received')
  })
})

describe('stored values in the sentence', () => {
  const donations = worldCatalog.entities.donations
  if (donations?.fields.status === undefined) throw new Error('the world has no donations')
  const status = donations.fields.status
  const catalogOf = (values: NonNullable<typeof status.values>) => ({
    ...worldCatalog,
    entities: {
      ...worldCatalog.entities,
      donations: { ...donations, fields: { ...donations.fields, status: { ...status, values } } },
    },
  })
  const value = (one: string, label: string) => ({ value: one, label, synonyms: [] })
  const group = { dataSources: ['donations'], groupBy: [{ field: 'status' }], aggregates: [{ id: 'n', fn: 'count' }] }
  const sentence = (catalog: typeof worldCatalog, definition: object) => {
    const outcome = validateDefinition({ definition: { ...group, ...definition }, catalog, scope: worldScope })
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.issues))
    return outcome.sentence
  }

  test('are read by their labels, in conditions on rows, within numbers and on the result', () => {
    const catalog = catalogOf([value('in_process', 'In process'), value('done', 'Settled'), value('card', 'Card')])
    const is = (one: unknown, op = 'eq') => ({ field: 'status', op, value: one })
    expect(sentence(catalog, { filters: is('in_process') })).toContain('where status is "In process"')
    expect(sentence(catalog, { filters: is(['in_process', 'done'], 'in') })).toContain('"In process" or Settled')
    expect(sentence(catalog, { having: is('done') })).toContain('only where status is Settled')
    expect(sentence(catalog, { filters: is('card') })).toContain('status is card')
    const within = { aggregates: [{ id: 'n', fn: 'count', where: is('in_process') }] }
    expect(sentence(catalog, within)).toContain('(where status is "In process")')
  })

  test('are read as they are stored where a label could be another value', () => {
    const catalog = catalogOf([value('a', 'Open'), value('b', 'open'), value('c', 'd'), { value: 'd', synonyms: [] }])
    const read = (one: string) => sentence(catalog, { filters: { field: 'status', op: 'eq', value: one } })
    expect(['a', 'b', 'c', 'd'].map((one) => /status is (\S+)\.$/.exec(read(one))?.[1])).toEqual(['a', 'b', 'c', 'd'])
  })
})

test('a short title names what a table is about, without keys that only tell namesakes apart', () => {
  const of = (more: object) =>
    shortTitle(
      Definition.parse({
        dataSources: ['donations'],
        groupBy: [{ field: 'campaign.name' }, { field: 'campaign_id' }],
        aggregates: [{ id: 'raised', metric: 'raised' }],
        ...more,
      }),
      demoCatalog(),
    )
  expect(of({ limit: 15, sortBy: [{ field: 'raised', direction: 'desc' }] })).toBe('Raised by campaign, top 15')
  expect(of({ limit: 15, sortBy: [{ field: 'raised' }] })).toBe('Raised by campaign, the first 15 rows')
  expect(of({ groupBy: [{ field: 'campaign_id' }] })).toBe('Raised by campaign ID')
})
