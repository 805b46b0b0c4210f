// The demo data as rows. In: today's date and how many donations. Out: tables in an order that suits loading, each a stream.
// Nothing here reads a clock or draws true random numbers: the same arguments give the same rows, always and everywhere.

import { campaignColumns, campaignRows } from './campaigns.ts'
import { donationColumns, donationRows } from './donations.ts'
import { attendanceColumns, attendanceRows, eventColumns, eventRows, planEvents } from './events.ts'
import { expenseColumns, expenseRows, planExpenses } from './expenses.ts'
import { filingColumns, filingRows } from './filings.ts'
import { planGiving } from './giving.ts'
import { emptyLedger, type Ledger } from './ledger.ts'
import {
  behaviours,
  contactColumns,
  contactRows,
  householdColumns,
  householdRows,
  type People,
  planPeople,
  type Row,
} from './people.ts'
import { pledgeColumns, pledgeRows } from './pledges.ts'
import { at } from './random.ts'
import { campaignsOf, lapseDay, spanOf, tenants } from './story.ts'
import { states } from './words.ts'

export type DemoTable = {
  name: string
  columns: readonly string[]
  /** A fresh stream of the table's rows, in the order of `columns`. */
  rows: () => Iterable<Row>
}

export const fewestDonations = 2000
export const mostDonations = 10_000_000

/**
 * The demo's tables for a day such as 2026-02-28 and a number of donations (both tenants together, exactly).
 * Donations come first: what follows from them (segments, goals, expenses, filings) is then known without telling them twice.
 * Throws a RangeError for a wrong date or number.
 */
export function generateDemo({ today, donations }: { today: string; donations: number }): readonly DemoTable[] {
  if (!Number.isInteger(donations) || donations < fewestDonations || donations > mostDonations) {
    throw new RangeError(`Cannot generate "${donations}" donations: ask for ${fewestDonations} to ${mostDonations}`)
  }
  const span = spanOf(today)
  const campaigns = campaignsOf(span)
  const smaller = Math.round(donations * at(tenants, 1).share)
  const quota = [donations - smaller, smaller]
  const people = planAllPeople()
  const giving = planGiving(span, people, campaigns, quota)
  const scale = donations / 50_000
  let told: Ledger | undefined

  function planAllPeople(): readonly People[] {
    let firstId = 1
    let firstHouseholdId = 1
    return tenants.map((tenant, index) => {
      const planned = planPeople(tenant, span, Math.round(at(quota, index) / 5), firstId, firstHouseholdId)
      firstId += planned.count
      firstHouseholdId += planned.households.length
      return planned
    })
  }

  function* tellDonations(): Generator<Row> {
    const ledger = emptyLedger(span, people, campaigns)
    yield* donationRows(giving, ledger)
    told = ledger
  }

  function ledgerOf(): Ledger {
    if (told === undefined) for (const _ of tellDonations());
    if (told === undefined) throw new Error('the ledger was not filled')
    return told
  }

  const expenses = () => planExpenses(span, campaigns, ledgerOf().byCampaign, scale)
  const events = planEvents(span, campaigns, scale)

  function segmentOf(tenant: number, person: number): string {
    const last = at(at(ledgerOf().lastGift, tenant), person)
    if (last === 0) return 'Prospect'
    if (last < lapseDay(span)) return 'Lapsed'
    const behaviour = at(behaviours, at(at(people, tenant).behaviour, person))
    return behaviour === 'Leaving' ? 'Grassroots' : behaviour
  }

  function* contacts(): Generator<Row> {
    for (const [index, tenant] of tenants.entries()) {
      yield* contactRows(tenant, at(people, index), span, (person) => segmentOf(index, person))
    }
  }

  function* households(): Generator<Row> {
    for (const [index, tenant] of tenants.entries()) yield* householdRows(tenant, at(people, index))
  }

  const table = (name: string, columns: readonly string[], rows: () => Iterable<Row>): DemoTable => ({
    name,
    columns,
    rows,
  })
  return [
    table('organizations', ['id', 'name'], () => tenants.map(({ id, name }) => [id, name])),
    table('states', ['code', 'name', 'region'], () => states.map(({ code, name, region }) => [code, name, region])),
    table('donations', donationColumns, tellDonations),
    table('contacts', contactColumns, contacts),
    table('households', householdColumns, households),
    table('campaigns', campaignColumns, () => campaignRows(campaigns, ledgerOf().byCampaign)),
    table('pledges', pledgeColumns, () => pledgeRows(giving.pledges, people)),
    table('events', eventColumns, () => eventRows(events)),
    table('attendances', attendanceColumns, () => attendanceRows(events, people, span)),
    table('expenses', expenseColumns, () => expenseRows(expenses(), span)),
    table('filings', filingColumns, () => filingRows(span, campaigns, ledgerOf(), expenses())),
  ]
}
