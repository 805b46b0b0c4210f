// What the catalog knows of a prompt is in the answer: the same words that say which rows are meant must not be passed over.
import { describe, expect, test } from 'vitest'
import { translateBuiltin } from '../../../src/translate/builtin/translate.ts'
import { demoCatalog } from '../../setup/demo-catalog.ts'

const none = { find: () => [] }
const clock = { now: new Date('2026-11-23T16:00:00Z'), timezone: 'America/New_York' }
const read = (prompt: string) =>
  translateBuiltin({ prompt, catalog: demoCatalog(), values: none, clock } as unknown as Parameters<
    typeof translateBuiltin
  >[0])
const definitionOf = (prompt: string) => {
  const made = read(prompt)
  if (made.kind !== 'answer') throw new Error(`"${prompt}" was not answered`)
  return made.definition
}

describe('over a catalog that people wrote', () => {
  test.each([
    ['how many contacts are lapsed', { field: 'segment', op: 'eq', value: 'Lapsed' }],
    ['how many contacts are subscribed', { field: 'email_opt_in', op: 'eq', value: true }],
    ['how many events took place', { field: 'status', op: 'eq', value: 'held' }],
    ['contacts who are not subscribed', { field: 'email_opt_in', op: 'eq', value: false }],
  ])('a quality behind "are" is a condition: %s', (prompt, filters) => {
    expect(definitionOf(prompt).filters).toEqual(filters)
  })

  test.each([
    ['money raised by region', 'contact.home_state.region'],
    ['the 5 vendors with the highest cost', 'vendor'],
    ['the five donors who gave the most', 'contact.full_name'],
  ])('what is counted or ranked has a row for each: %s', (prompt, key) => {
    expect(definitionOf(prompt).groupBy.map(({ field }) => field)).toContain(key)
  })

  test.each(['names of campaigns, highest goal first', 'campaigns, largest goal first'])(
    'an order behind a comma is the order: %s',
    (prompt) => {
      expect(definitionOf(prompt)).toMatchObject({ sortBy: [{ field: 'goal', direction: 'desc' }], limit: null })
    },
  )

  test('ten largest are sorted before they are cut', () => {
    expect(definitionOf('10 largest donations with donor and amount')).toMatchObject({
      sortBy: [{ field: 'amount', direction: 'desc' }],
      limit: 10,
    })
  })

  test('money that came by a method was not brought to an event', () => {
    const { filters } = definitionOf('what percent of money raised came by each payment method')
    expect(JSON.stringify(filters)).not.toContain('attendances')
  })

  test('where one of two things that were asked for is missing there is a draft', () => {
    expect(read('date and amount of donations over 5000').kind).toBe('draft')
  })
})
