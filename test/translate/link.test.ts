import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Catalog } from '../../src/catalog/schema.ts'
import { checkDefinition } from '../../src/definition/check.ts'
import { Definition } from '../../src/definition/schema.ts'
import { estimateTokens, linkCatalog } from '../../src/translate/link.ts'
import { catalogText } from '../../src/translate/llm/catalog-text.ts'
import { indexValues } from '../../src/translate/value-index.ts'
import { emptyValueIndex } from '../../src/translate/values.ts'
import { demoCatalog } from '../setup/demo-catalog.ts'

const catalog = demoCatalog()
const link = (prompt: string, budgetTokens: number, bases: Definition[] = []) =>
  linkCatalog({ catalog, prompt, values: emptyValueIndex, budgetTokens, bases })
const entities = (prompt: string, budgetTokens = 2500) => Object.keys(link(prompt, budgetTokens).catalog.entities)

/** Many copies of the demo catalog's entities under other names, so that nothing fits a prompt. */
function bigCatalog(copies: number): Catalog {
  const all = Array.from({ length: copies }, (_, copy) =>
    Object.entries(catalog.entities).map(([name, entity]) => {
      const relations = Object.entries(entity.relations).map(([key, one]) => [key, { ...one, to: `${one.to}_${copy}` }])
      return [`${name}_${copy}`, { ...entity, relations: Object.fromEntries(relations) }] as const
    }),
  )
  return Catalog.parse({ ...catalog, entities: { ...catalog.entities, ...Object.fromEntries(all.flat()) } })
}

describe('a catalog that fits', () => {
  it('is sent whole, but for its sensitive fields and the metrics made from them', () => {
    const { catalog: linked, complete } = link('anything', 100_000)
    expect(complete).toBe(true)
    expect(Object.keys(linked.entities)).toEqual(Object.keys(catalog.entities))
    expect(linked.entities.contacts?.fields.date_of_birth).toBeUndefined()
    expect(linked.entities.households?.fields.tax_id).toBeUndefined()
    expect(linked.entities.contacts?.fields.full_name).toBeDefined()
  })

  it('reads the same for every question, so that vendors can cache it', () => {
    expect(catalogText(link('donors in Ohio', 100_000).catalog)).toBe(
      catalogText(link('late filings', 100_000).catalog),
    )
  })
})

describe('a catalog that does not fit', () => {
  it.each([
    ['which filings were late', 'filings'],
    ['money raised by month', 'donations'],
    ['giftts by payment method', 'donations'],
    ['how much did we spend on postage', 'expenses'],
    ['who came to a gala', 'attendances'],
    ['outstanding promises by campaign', 'pledges'],
  ])('keeps what "%s" needs', (prompt, entity) => {
    expect(entities(prompt)).toContain(entity)
  })

  it('keeps the entity in whose values a word is found', () => {
    const place = { entity: 'expenses', field: 'vendor', value: 'Zephyr Press', text: 'Zephyr Press', trust: 1 }
    const linked = linkCatalog({
      catalog,
      prompt: 'paid to Zephyr Press',
      values: indexValues([place]),
      budgetTokens: 1500,
    })
    expect(Object.keys(linked.catalog.entities)).toContain('expenses')
  })

  it('keeps everything the table so far uses, even when the question is about something else', () => {
    const base = Definition.parse({
      dataSources: ['filings'],
      columns: [{ field: 'campaign.name' }],
      filters: {
        relation: 'campaign.donations',
        match: 'some',
        where: { field: 'contact.city', op: 'eq', value: 'x' },
      },
    })
    const linked = link('only events in Ohio', 3000, [base])
    expect(Object.keys(linked.catalog.entities)).toEqual(
      expect.arrayContaining(['filings', 'campaigns', 'donations', 'contacts']),
    )
    expect(checkDefinition(base, linked.catalog)).toEqual([])
  })

  it('stays within the budget, is a sound catalog by itself, and is the same each time', () => {
    const big = bigCatalog(20)
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), fc.integer({ min: 1500, max: 9000 }), (prompt, budgetTokens) => {
        const options = { catalog: big, prompt, values: emptyValueIndex, budgetTokens }
        const { catalog: linked, tokens, complete } = linkCatalog(options)
        expect(complete).toBe(false)
        expect(tokens).toBeLessThanOrEqual(budgetTokens)
        expect(tokens).toBe(estimateTokens(catalogText(linked)))
        expect(Object.keys(linked.entities).length).toBeGreaterThan(0)
        for (const { relations } of Object.values(linked.entities))
          for (const { to } of Object.values(relations)) expect(linked.entities[to]).toBeDefined()
        expect(linkCatalog(options).catalog).toEqual(linked)
      }),
      { numRuns: 25 },
    )
  })
})
