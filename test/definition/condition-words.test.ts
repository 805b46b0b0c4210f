import { expect, test } from 'vitest'
import { conditionWords } from '../../src/definition/condition-words.ts'
import { parseDefinition } from '../../src/definition/parse.ts'
import { catalogFromFile } from '../../src/open-catalog.ts'

const catalog = await catalogFromFile(new URL('../../demo/catalog.yaml', import.meta.url))

test('each condition is told with its place, nested ones in the words of the rows that they are about', () => {
  const parsed = parseDefinition({
    dataSources: ['contacts'],
    groupBy: [{ field: 'segment' }],
    aggregates: [{ id: 'big', fn: 'sum', field: 'donations.amount', where: { field: 'amount', op: 'gt', value: 500 } }],
    filters: {
      all: [
        {
          relation: 'donations',
          match: 'none',
          where: { not: { relation: 'campaign', match: 'some', where: { field: 'channel', op: 'not_empty' } } },
        },
        {
          aggregate: { fn: 'count', per: 'donations', where: { field: 'amount', op: 'lt', value: 10 } },
          op: 'gte',
          value: 3,
        },
      ],
    },
    having: { field: 'big', op: 'gt', value: 1000 },
  })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues))
  const words = conditionWords(parsed.definition, catalog).map(({ path, text }) => `${path.join('.')}: ${text}`)
  expect(words).toEqual([
    'filters.all.0: there are no donations where not (there are campaigns where channel is not empty)',
    'filters.all.0.where.not: there are campaigns where channel is not empty',
    'filters.all.0.where.not.where: channel is not empty',
    'filters.all.1: its number of donations (where amount is below 10) is at least 3',
    'filters.all.1.aggregate.where: amount is below 10',
    "aggregates.0: total donations' amount",
    'aggregates.0.where: amount is above 500',
    'having: "big" is above 1000',
  ])
})
