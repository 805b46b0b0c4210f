// What a prompt plainly asks for is in the answer, or there is no answer: a table that leaves it out looks right and is not.
import { describe, expect, test } from 'vitest'
import { translateBuiltin } from '../../../src/translate/builtin/translate.ts'
import { demoCatalog } from '../../setup/demo-catalog.ts'

const none = { find: () => [] }
const clock = { now: new Date('2026-11-23T16:00:00Z'), timezone: 'America/New_York' }
const translated = (prompt: string) =>
  translateBuiltin({ prompt, catalog: demoCatalog(), values: none, clock } as unknown as Parameters<
    typeof translateBuiltin
  >[0])

/** Prompts whose best reading leaves something out or takes it for something else, and what that is. */
const lossy: readonly (readonly [prompt: string, lost: string])[] = [
  ['refund rate by channel', 'rate'],
  ['lapsed donors: gave last year but not this year', 'but not'],
  ['number of donors who gave at least 3 times last year', '3'],
  ['donations of people from Atlantis', 'Atlantis'],
  ['which contact spent the most', 'spent'],
  ['anonymous donations', 'anonymous'],
  ['percentage of donations that were refunded by payment method', 'percentage of donations that'],
  ['monthly donations for 2025', 'monthly'],
  ['expenses over budget', 'over'],
  ['donors giving every year', 'giving every year'],
  ['refunds over $500 in the last 6 months', 'refunds'],
  ['money raised per guest by city', 'per guest'],
  ['last 10 gifts', 'last 10 gifts'],
  ['top 5 refunds this year', 'refunds'],
  ['number of horses', 'different state'],
  ['average gift per donor by segment', 'per donor'],
  ['campaigns that fell short of their goal by more than 50%', '50'],
  ['donors who stopped giving after 2024', 'donors'],
  ['who gave more than 3 times this year but under $500 total', '500 total'],
  ['gave every year', 'gave every year'],
  ['pledges more than 90 days overdue', '90 days'],
  ['unpaid pledges due before the end of the year', 'end of the year'],
  ['money raised minus cost by campaign channel', 'minus'],
  ['How many donors gave both in 2025 and 2026?', 'both'],
  ['earliest event by city', 'by city'],
  ['contacts referred by Marcus Rosenberg', 'referred by'],
  ['campaigns over budget', 'over'],
  ['biggest donors', 'biggest donors'],
  ['top campaigns', 'top campaigns'],
  ['gifts in memory of someone', 'in memory of'],
  ['average amount raised per month this year', 'average amount raised per month'],
  ['average monthly giving last year', 'monthly'],
  ['amount still outstanding on pledges by campaign, highest first', 'by campaign'],
  ['gifts by size: under $100, $100 to $1,000, over $1,000', 'amount'],
  ['matching gifts last year', 'matching'],
  ['gifts in honor of somebody over $500', 'note'],
  ['change in contacts this year', 'change in'],
  ['biggest gift last month and who gave it', 'and who'],
  ['amount of failed card payments this year', 'amount of'],
  ['payroll by quarter this year', 'by quarter'],
  ['how many people referred someone', 'referred'],
  ['donors with gifts over $10,000 this year', '10,000'],
  ['wire transfers over $10,000 this year with donor', 'donor'],
  ['turnout at galas this year', 'turnout'],
  ['biggest vendor', 'biggest vendor'],
  ['percent of gifts recurring by year', 'percent of'],
  ['how many donors did not give this year', 'received'],
  ['percentage of gifts that were refunded last year', 'percentage'],
]
const whole = [
  'monthly donors by state',
  'contacts with a phone number',
  'major donors by state',
  'give me the names of donors',
  'percent of donations that were refunded',
  'change in number of gifts by month this year',
  'contacts sorted by last name',
  'events without any attendance',
  'average quarterly pledge',
  'gifts between $500 and $1,000 last month',
  'who gave last month',
  'money raised by channel this year',
  'donors and how much they gave this year',
  'donors with their email, city, state and total donations',
  'pledges due next month',
  'who gave the most last year',
  'top 5 donors by amount given this year',
  'donors who gave last year but not this year',
  'contacts who never donated',
  'donors who pledged but did not give',
  'recurring donations by month',
  'average gift by month this year',
  'number of events by kind',
  'how many contacts per state',
  'total expenses by category last quarter',
  'donations over 5000 in the last 30 days',
  'share of money raised by channel',
  'attendance and no-shows by kind of event for events starting this year',
]

describe('what was asked for', () => {
  for (const [prompt, lost] of lossy)
    test(`"${prompt}" is answered with all of it, or not at all`, () => {
      const { kind, ...rest } = translated(prompt)
      expect(kind).toBe('draft')
      expect(rest).toMatchObject({ notUnderstood: expect.arrayContaining([lost]) })
    })

  for (const prompt of whole) test(`"${prompt}" is answered`, () => expect(translated(prompt).kind).toBe('answer'))

  test('who is not said to get something has a no there, not an empty field', () => {
    for (const prompt of ['contacts who do not receive e-mail', 'contacts not on the mailing list'])
      expect(translated(prompt)).toMatchObject({
        kind: 'answer',
        definition: { filters: { field: 'email_opt_in', op: 'eq', value: false } },
      })
  })

  test('rows that a prompt begins with are listed, where a total is called otherwise', () =>
    expect(translated('pledges fulfilled last year')).toMatchObject({
      kind: 'answer',
      definition: {
        aggregates: [],
        filters: { all: expect.arrayContaining([expect.objectContaining({ field: 'status' })]) },
      },
    }))

  test('people are listed where people are asked for, not counted', () =>
    expect(translated('people who came to a gala this year')).not.toMatchObject({
      definition: { columns: [], groupBy: [] },
    }))

  test('a period behind somebody’s kind is of the rows that are listed, not of when that somebody was added', () =>
    expect(JSON.stringify(translated('gifts from companies last year'))).toContain('"field":"received_at"'))

  test('where the likeliest reading leaves something out, the likeliest that does not is taken', () => {
    const attended = translated('list events with number of attendees')
    expect(attended).toMatchObject({ kind: 'answer', definition: { aggregates: [{ metric: 'attendance' }] } })
    const donors = translated('donors by state')
    expect(donors).toMatchObject({ kind: 'answer', definition: { aggregates: [{ metric: 'donors' }] } })
  })

  test('rows that a metric counts are listed or counted by its own condition', () => {
    const late = expect.arrayContaining([{ field: 'filed_on', op: 'gt', value: { field: 'due_on' } }])
    for (const prompt of ['filings filed late', 'how many filings were filed late'])
      expect(translated(prompt)).toMatchObject({ kind: 'answer', definition: { filters: { all: late } } })
  })

  test('a period beside a deed is the time of the deed, not of who did it', () => {
    const where = { field: 'received_at', op: 'in_period', value: { previous: 'year' } }
    expect(translated('contacts who gave more than 1000 last year')).toMatchObject({
      kind: 'answer',
      definition: {
        dataSources: expect.arrayContaining(['contacts']),
        filters: { all: [{ aggregate: { metric: 'donations.raised', where }, op: 'gt', value: 1000 }] },
      },
    })
    expect(translated('campaigns that raised more than 10000 last year')).toMatchObject({
      kind: 'answer',
      definition: { filters: { all: [{ aggregate: { metric: 'donations.raised', where }, op: 'gt', value: 10_000 }] } },
    })
  })
})
