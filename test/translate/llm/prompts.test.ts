import { describe, expect, it } from 'vitest'
import { Catalog } from '../../../src/catalog/schema.ts'
import { checkDefinition } from '../../../src/definition/check.ts'
import { parseDefinition } from '../../../src/definition/parse.ts'
import { AggregateFn, CalculationFn, Grain, Op, PeriodUnit } from '../../../src/definition/schema.ts'
import { readAnswer } from '../../../src/translate/llm/answer.ts'
import { readPrompts } from '../../../src/translate/llm/prompt-files.ts'
import { fillSlots } from '../../../src/translate/llm/prompts.ts'

const prompts = readPrompts()
const field = (type: string) => (column: string) => ({ column, type, label: column })
const [text, id, money, time] = [field('text'), field('id'), field('money'), field('timestamp')]
const relation = (to: string, kind: string) => ({ to, kind, on: [{ from: 'id', to: 'id' }], label: to })

/** The bookshop that the instructions' examples speak of. */
const bookshop = Catalog.parse({
  version: 1,
  entities: {
    orders: {
      table: 'orders',
      label: 'Orders',
      shared: true,
      fields: { id: id('id'), ordered_at: time('ordered_at'), amount: money('amount'), channel: text('channel') },
      relations: { customer: relation('customers', 'to_one') },
      metrics: { revenue: { label: 'Revenue', aggregate: { fn: 'sum', field: 'amount' } } },
    },
    customers: {
      table: 'customers',
      label: 'Customers',
      shared: true,
      fields: { id: id('id'), name: text('name'), city: text('city'), state: text('state') },
      relations: { orders: relation('orders', 'to_many') },
    },
    authors: {
      table: 'authors',
      label: 'Authors',
      shared: true,
      fields: { id: id('id'), name: text('name') },
      relations: { books: relation('books', 'to_many') },
    },
    books: {
      table: 'books',
      label: 'Books',
      shared: true,
      fields: { id: id('id'), title: text('title'), genre: text('genre'), price: money('price') },
    },
  },
})

describe('the instructions', () => {
  const examples = [...prompts.system.matchAll(/```\n([\s\S]*?)```/g)].map((match) => match[1] ?? '')

  it('show only answers that would be accepted', () => {
    expect(examples.length).toBeGreaterThanOrEqual(5)
    for (const example of examples) {
      const answer = readAnswer(JSON.parse(example))
      if (answer?.outcome === 'cannot') continue
      const parsed = parseDefinition(answer?.definition)
      expect(parsed.ok ? checkDefinition(parsed.definition, bookshop) : parsed.issues).toEqual([])
    }
  })

  it('name every function, operator, grain, unit and calculation of the language', () => {
    const words = new Set(prompts.system.match(/[a-z_]+/g))
    const all = [AggregateFn, Op, Grain, PeriodUnit, CalculationFn].flatMap(({ options }) => [...options])
    expect(all.filter((word) => !words.has(word))).toEqual([])
  })

  it('speak of JSON, which a vendor’s JSON mode asks for', () => {
    expect(prompts.system).toContain('JSON')
  })
})

describe('slots', () => {
  it('are filled, and a part around an empty one is left out', () => {
    const template = 'a {{x}}\n{{#y}}\nb {{y}}\n{{/y}}\nend'
    expect(fillSlots(template, { x: '1', y: '' })).toBe('a 1\nend')
    expect(fillSlots(template, { x: '1', y: '2' })).toBe('a 1\nb 2\nend')
  })

  it('are not filled inside a text that was filled in', () => {
    expect(fillSlots('{{x}} {{y}}', { x: '{{y}} $1', y: 'secret' })).toBe('{{y}} $1 secret')
  })

  it('without a text, and texts without a slot, are mistakes', () => {
    expect(() => fillSlots('{{x}}', {})).toThrow('"x"')
    expect(() => fillSlots('a', { x: '1' })).toThrow('x')
  })
})
