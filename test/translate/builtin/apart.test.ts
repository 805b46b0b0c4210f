// Bounds that no row can meet together are asked of different rows; bounds that one row can meet stay together.
import { expect, test } from 'vitest'
import { Definition, type Filter } from '../../../src/definition/schema.ts'
import { apart } from '../../../src/translate/builtin/apart.ts'

const over = { field: 'price', op: 'gt', value: 50 } as const
const under = { field: 'price', op: 'lt', value: 10 } as const
const inStock = { field: 'in_stock', op: 'eq', value: true } as const
const publishers = (all: Filter[]) =>
  Definition.parse({ dataSources: ['books'], columns: [{ field: 'publisher' }], distinct: true, filters: { all } })

test('publishers with books over 50 and books under 10', () => {
  const { filters } = apart(publishers([inStock, over, under]))
  const inner = (bound: Filter) => ({
    field: 'publisher',
    op: 'in',
    value: { definition: publishers([inStock, bound]) },
  })
  expect(filters).toEqual({ all: [inner(over), inner(under)] })
})

test('what one row can be is not taken apart', () => {
  const between = publishers([
    { ...over, value: 10 },
    { ...under, value: 50 },
  ])
  expect(apart(between)).toBe(between)
  const other = publishers([over, { ...under, field: 'pages' }])
  expect(apart(other)).toBe(other)
})
