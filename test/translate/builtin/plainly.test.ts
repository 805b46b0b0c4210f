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
    ['campaigns that did not reach their goal', 'campaigns that raised less than their goal'],
    ['which completed campaigns missed their goal?', 'completed campaigns that raised less than their goal?'],
    ["campaigns that haven't hit their target yet", 'campaigns that raised less than their target'],
    ['campaigns that met their goal', 'campaigns that raised at least their goal'],
    ['rank states by number of donors', 'number of donors by states, highest first'],
    ['compare average gift in Q1 2026 and Q2 2026', 'average gift in Q1 2026 vs Q2 2026'],
    ["how does this year's giving compare to last year", 'giving this year vs last year'],
    ['what did we pay consultants in 2025', 'what did we spend on consultants in 2025'],
    ['gifts by month in the last 2 yrs', 'gifts by month in the last 2 years'],
    ['sort campaigns by amount raised this year', 'amount raised this year by campaigns, highest first'],
    ['top 5 open pledges', 'top 5 open pledges by pledged amount'],
    ['no shows at galas', 'no-shows at galas'],
    ['whos our biggest donor', 'who is the top 1 donor'],
    // Who is called a donor has given: that is not when the contact was added.
    ['donors this year', 'donors who gave this year'],
    ['new donors from Ohio in 2025', 'new donors from Ohio who gave in 2025'],
  ])('%s', (prompt, plain) => expect(plainly(prompt, catalog)).toBe(plain))

  test.each([
    // Rows without a name are not ranked, they have one number each; an event has its seats.
    'biggest gift last month',
    'largest gift by channel',
    'biggest event',
    'largest donors',
    'gifts this year',
    'sort contacts by last name',
    'top 5 donors',
    'major donors with no donations this year',
    'compare with the year before',
    'how much did we pay in fines',
    'gifts by count and sum',
  ])('%s stays as it is', (prompt) => expect(plainly(prompt, catalog)).toBe(prompt))

  test('most of something is a top list, where nothing is made of the words as they stand', () => {
    expect(otherwise('campaigns with the most donors, top 5', catalog)).toBe('top 5 campaigns by number of donors')
    expect(otherwise('state with the most contacts', catalog)).toBe('top 1 state by number of contacts')
    expect(otherwise('campaigns with the most donors', catalog)).toBeUndefined()
  })
})
