import { describe, expect, test } from 'vitest'
import { otherwise, plainly } from '../../../src/translate/builtin/plainly.ts'
import { demoCatalog } from '../../setup/demo-catalog.ts'

const catalog = demoCatalog()

describe('a turn of English in plainer words', () => {
  test.each([
    ['who is our biggest donor', 'who is the top 1 donor'],
    ['the 5 largest campaigns by money raised', 'the top 5 campaigns by money raised'],
    ['biggest event this year by headcount', 'the top 1 event this year by headcount'],
    ['3 biggest households by number of members', 'the top 3 households by number of members'],
    ['new contacts this month', 'contacts this month'],
    ['contacts added this year by count', 'number of contacts added this year'],
    ['which campaigns are running right now?', 'which campaigns are running?'],
  ])('%s', (prompt, plain) => expect(plainly(prompt, catalog)).toBe(plain))

  test.each([
    // Rows without a name are not ranked, they have one number each; an event has its seats.
    'biggest gift last month',
    'largest gift by channel',
    'biggest event',
    'largest donors',
    // Who is called a donor has given: that is not when the contact was added.
    'new donors this month',
    'gifts by count and sum',
  ])('%s stays as it is', (prompt) => expect(plainly(prompt, catalog)).toBe(prompt))

  test('most of something is a top list, where nothing is made of the words as they stand', () => {
    expect(otherwise('campaigns with the most donors, top 5', catalog)).toBe('top 5 campaigns by number of donors')
    expect(otherwise('state with the most contacts', catalog)).toBe('top 1 state by number of contacts')
    expect(otherwise('campaigns with the most donors', catalog)).toBeUndefined()
  })
})
