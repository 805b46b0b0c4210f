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
  ['donors with their email, city, state and total donations', 'total'],
  ['refund rate by channel', 'rate'],
  ['which campaigns missed their goal', 'goal'],
  ['lapsed donors: gave last year but not this year', 'but not'],
  ['number of donors who gave at least 3 times last year', '3'],
  ['donations of people from Atlantis', 'Atlantis'],
  ['which contact spent the most', 'spent'],
  ['anonymous donations', 'anonymous'],
  ['percentage of donations that were refunded by payment method', 'percentage of donations that'],
  ['monthly donations for 2025', 'monthly'],
  ['expenses over budget', 'over'],
  ['first-time donors this month', 'first - time'],
  ['donors who gave every year since 2024', 'who gave every year'],
  ['money raised minus cost by campaign channel', 'minus'],
  ['How many donors gave both in 2025 and 2026?', 'both'],
  ['earliest event by city', 'by city'],
  ['contacts referred by Marcus Rosenberg', 'referred by'],
  ['campaigns over budget', 'over'],
  ['new donors by month', 'new'],
  ['biggest donors', 'biggest donors'],
  ['top campaigns', 'top campaigns'],
  ['percent of donations that were refunded', 'percent'],
  ['first time donors this year', 'first time'],
]
const whole = [
  'money raised by channel this year',
  'donors and how much they gave this year',
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
