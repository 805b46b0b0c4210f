// A format of one's own adds to what the catalog says of a field: fewer decimals do not lose the currency.
import { expect, test } from 'vitest'
import { outputsOf } from '../../src/definition/outputs.ts'
import { Definition, type Format } from '../../src/definition/schema.ts'
import { demoCatalog } from '../setup/demo-catalog.ts'

const catalog = demoCatalog()
const shown = (format: Format | undefined) => {
  const amount = { field: 'amount', ...(format && { format }) }
  const list = Definition.parse({ dataSources: ['donations'], columns: [amount] })
  const summary = Definition.parse({
    dataSources: ['donations'],
    groupBy: [{ field: 'status' }],
    aggregates: [{ id: 'total', fn: 'sum', ...amount }],
  })
  return [list, summary].map((definition) => outputsOf(definition, catalog).at(-1)?.format)
}

test.each<[string, Format | undefined, Format]>([
  ['none', undefined, { currency: 'USD' }],
  ['decimals', { decimals: 0 }, { currency: 'USD', decimals: 0 }],
  ['money', { style: 'money' }, { currency: 'USD', style: 'money' }],
  ['another currency', { currency: 'EUR' }, { currency: 'EUR' }],
  ['a plain number', { style: 'number', decimals: 1 }, { style: 'number', decimals: 1 }],
  ['a share', { style: 'percent' }, { style: 'percent' }],
])('with %s of its own', (_, own, wanted) => {
  expect(shown(own)).toEqual([wanted, wanted])
})

test.each<[string, object, Format | undefined, Format]>([
  ['a share with none', { fn: 'percent_of_total', of: 'total' }, undefined, { style: 'percent', decimals: 1 }],
  [
    'a share with decimals',
    { fn: 'percent_of_total', of: 'total' },
    { decimals: 0 },
    { style: 'percent', decimals: 0 },
  ],
  ['a share as a number', { fn: 'percent_of_total', of: 'total' }, { style: 'number' }, { style: 'number' }],
  ['a running total of money', { fn: 'running_total', of: 'total' }, { decimals: 0 }, { currency: 'USD', decimals: 0 }],
  ['a formula of money', { formula: 'total * 2' }, { decimals: 0 }, { currency: 'USD', decimals: 0 }],
  ['a formula as a share', { formula: 'total / 2' }, { style: 'percent' }, { style: 'percent' }],
])('%s of its own', (_, calculation, own, wanted) => {
  const definition = Definition.parse({
    dataSources: ['donations'],
    groupBy: [{ field: 'status' }],
    aggregates: [{ id: 'total', fn: 'sum', field: 'amount' }],
    calculations: [{ id: 'more', ...calculation, ...(own && { format: own }) }],
  })
  expect(outputsOf(definition, catalog).at(-1)?.format).toEqual(wanted)
})

test('a formula of money in a list has the currency of what it is made of', () => {
  const definition = Definition.parse({
    dataSources: ['donations'],
    columns: [{ id: 'net', formula: 'round(amount * 0.9, 2)' }],
  })
  expect(outputsOf(definition, catalog).at(-1)).toMatchObject({ type: 'money', format: { currency: 'USD' } })
})
