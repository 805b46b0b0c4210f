import { readFileSync } from 'node:fs'
import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pgliteDatabase } from '../../../src/demo/adapters.ts'
import { loadDemo } from '../../../src/demo/load.ts'
import { demoCatalog } from '../../setup/demo-catalog.ts'
import { ask, type PromptCase, type World, worldOn } from '../../setup/prompts.ts'

const cases = JSON.parse(
  readFileSync(new URL('../../golden/demo-prompts.json', import.meta.url), 'utf8'),
) as PromptCase[]

const TODAY = '2026-11-23'

let world: World
beforeAll(async () => {
  const db = await PGlite.create()
  await loadDemo({ database: pgliteDatabase(db), today: TODAY, donations: 20_000 })
  const scope = { organizationId: 'org_riverbend', roles: ['admin'] }
  const clock = { now: new Date(`${TODAY}T16:00:00Z`), timezone: 'America/New_York' }
  world = await worldOn(db, { catalog: demoCatalog(), scope, clock, params: [scope.organizationId, TODAY] })
}, 120_000)
afterAll(() => world.db.close())

/** Prompts that are known to end as drafts; anything else must be answered, and rightly. */
const drafts = new Set([
  'New donors per month this year, by month of the first completed gift',
  'Money raised from members of companies last year, by company, top 5',
  'webinars last year with number of attendees',
  'how many people referred someone',
  'wire transfers over $10,000 this year with donor',
  'donors with gifts over $10,000 this year',
  'payroll by quarter this year',
  'gifts in honor of somebody over $500',
  'biggest gift last month and who gave it',
  'amount of failed card payments this year',
  'average amount raised per month this year',
  'amount still outstanding on pledges by campaign, highest first',
  'contacts who do not receive e-mail',
  'gifts in memory of someone',
  'appeals of Year-End Appeal 2025',
  'recurring versus one-time gifts by year',
  'people who donated every year',
  'retained donors: gave in 2025 and again in 2026, how many',
  'no show rate by kind of event',
  'average attendance per event this year',
  'pledges more than 90 days overdue',
  'pledge fulfilment rate by campaign',
  'unpaid pledges due before the end of the year',
  'second largest donor this year',
  'refunds over $500 in the last 6 months',
  'refund rate per channel this year',
  'anonymous gifts by month this year',
  'whos our top donr in ohoi this yr',
  'hwo many gifts we got yesterday',
  'raised in october compared to october last year',
  'online vs mail revenue by year',
  'donors who stopped giving after 2024',
  'which campaigns fell short of their target by more than 50%',
  'how many campaigns beat their goal last year',
  'average size of pledges made in 2026 by frequency',
  'how much did we spend per event this year',
  'average gift per donor by segment',
  'gifts under $20 last month count and total',
  'who gave more than 3 times this year but under $500 total',
  'just the gala',
])

describe('prompts a fundraiser asks, answered without a model', () => {
  test.each(cases.map((one) => [one.prompt, one] as const))('%s', async (prompt, one) => {
    const { translation, outcome, detail } = await ask(world, one)
    // Never a guess: what is not understood is handed over as a draft.
    if (outcome === 'held') expect([translation.kind, drafts.has(prompt)]).toEqual(['draft', true])
    else expect(outcome, detail).toBe('right')
  })
})
