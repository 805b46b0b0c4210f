import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addMonths, dateText, dayOf, partsOf } from '../../src/demo/days.ts'
import { type DemoTable, fewestDonations, generateDemo } from '../../src/demo/generate.ts'
import type { Cell } from '../../src/demo/people.ts'

type Record_ = Readonly<Record<string, Cell>>

function read(tables: readonly DemoTable[], name: string): Record_[] {
  const table = tables.find((one) => one.name === name)
  if (!table) throw new Error(`no table ${name}`)
  return [...table.rows()].map((row) =>
    Object.fromEntries(table.columns.map((column, index) => [column, row[index] ?? null])),
  )
}

function hashOf(tables: readonly DemoTable[]): string {
  const hash = createHash('sha256')
  for (const { name, columns, rows } of tables) {
    hash.update(JSON.stringify([name, columns]))
    for (const row of rows()) hash.update(JSON.stringify(row))
  }
  return hash.digest('hex')
}

/** The calendar day in New York, by the platform's own time zone data. */
const newYork = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/New_York', dateStyle: 'short' })
const dayInNewYork = (stamp: Cell): string => newYork.format(new Date(String(stamp)))

const awkwardDays = ['2024-01-01', '2024-02-29', '2025-03-01', '2025-03-31', '2025-10-01', '2026-11-03', '2026-12-31']
const anyDay = fc.oneof(
  fc.constantFrom(...awkwardDays),
  fc.integer({ min: dayOf('2019-01-01'), max: dayOf('2040-12-31') }).map(dateText),
)

describe('generated demo data', () => {
  it('is the same, row for row, for the same day and size', () => {
    const make = () => hashOf(generateDemo({ today: '2026-11-23', donations: 6000 }))
    expect(make()).toBe(make())
  })

  it('is not the same for another day', () => {
    const of = (today: string) => hashOf(generateDemo({ today, donations: fewestDonations }))
    expect(of('2026-11-23')).not.toBe(of('2026-11-24'))
  })

  it('does not depend on the order in which its tables are read, nor on reading one twice', () => {
    const forwards = generateDemo({ today: '2026-11-23', donations: fewestDonations })
    const backwards = generateDemo({ today: '2026-11-23', donations: fewestDonations })
    const names = forwards.map(({ name }) => name)
    const first = names.map((name) => read(forwards, name))
    const last = [...names].reverse().map((name) => read(backwards, name))
    expect(last.reverse()).toEqual(first)
    expect(read(forwards, 'filings')).toEqual(read(backwards, 'filings'))
  })

  it('has exactly as many donations as asked for, a fifth of them the smaller tenant’s', () => {
    const donations = read(generateDemo({ today: '2026-11-23', donations: 7777 }), 'donations')
    expect(donations).toHaveLength(7777)
    expect(donations.filter((row) => row.organization_id === 'org_hillcrest')).toHaveLength(Math.round(7777 / 5))
  })

  it('refuses dates that do not exist and sizes that tell no story, and says what would do', () => {
    const make = (today: string, donations: number) => () => generateDemo({ today, donations })
    expect(make('2026-02-30', 5000)).toThrow('Cannot read date "2026-02-30": write it as year-month-day')
    expect(make('yesterday', 5000)).toThrow('Cannot read date "yesterday"')
    expect(make('2026-02-28', 10)).toThrow('Cannot generate "10" donations: ask for 2000')
    expect(make('2026-02-28', 2500.5)).toThrow('Cannot generate "2500.5" donations')
  })

  it('lets no row point at another tenant’s row, or at none, whatever day it is', () => {
    const targets = [
      ['contacts', 'household_id', 'households'],
      ['contacts', 'referred_by_id', 'contacts'],
      ['campaigns', 'parent_id', 'campaigns'],
      ['pledges', 'contact_id', 'contacts'],
      ['pledges', 'campaign_id', 'campaigns'],
      ['donations', 'contact_id', 'contacts'],
      ['donations', 'campaign_id', 'campaigns'],
      ['donations', 'pledge_id', 'pledges'],
      ['events', 'campaign_id', 'campaigns'],
      ['attendances', 'event_id', 'events'],
      ['attendances', 'contact_id', 'contacts'],
      ['expenses', 'campaign_id', 'campaigns'],
      ['filings', 'campaign_id', 'campaigns'],
      ['filings', 'amends_id', 'filings'],
    ] as const
    fc.assert(
      fc.property(anyDay, (today) => {
        const tables = generateDemo({ today, donations: fewestDonations })
        const rows = new Map(tables.map(({ name }) => [name, read(tables, name)]))
        const owners = new Map(
          [...rows].map(([name, list]) => [name, new Map(list.map((row) => [row.id, row.organization_id]))]),
        )
        for (const [from, column, to] of targets) {
          for (const row of rows.get(from) ?? []) {
            if (row[column] === null) continue
            expect([from, column, owners.get(to)?.get(row[column] ?? null)]).toEqual([
              from,
              column,
              row.organization_id,
            ])
          }
        }
        for (const [name, list] of rows) {
          if (name !== 'attendances' && name !== 'states')
            expect([name, new Set(list.map((row) => row.id)).size]).toEqual([name, list.length])
        }
      }),
      { numRuns: 12 },
    )
  })

  it('has completed gifts of both tenants in every period that ends now, and none after today', () => {
    fc.assert(
      fc.property(anyDay, (today) => {
        const day = dayOf(today)
        const { year, month } = partsOf(day)
        const quarterStart = addMonths(dayOf(`${today.slice(0, 7)}-01`), -((month - 1) % 3))
        const thisMonth = dayOf(`${today.slice(0, 7)}-01`)
        const periods: Record<string, [number, number]> = {
          today: [day, day],
          yesterday: [day - 1, day - 1],
          'this month': [thisMonth, day],
          'last month': [addMonths(thisMonth, -1), thisMonth - 1],
          'last quarter': [addMonths(quarterStart, -3), quarterStart - 1],
          'this year': [dayOf(`${year}-01-01`), day],
          'last year': [dayOf(`${year - 1}-01-01`), dayOf(`${year}-01-01`) - 1],
          'three years ago': [dayOf(`${year - 3}-07-01`), dayOf(`${year - 3}-12-31`)],
        }
        const donations = read(generateDemo({ today, donations: fewestDonations }), 'donations')
        const given = donations
          .filter((row) => row.status === 'completed')
          .map((row) => ({ ...row, day: dayInNewYork(row.received_at ?? null) }))
        for (const organization of ['org_riverbend', 'org_hillcrest']) {
          const own = given.filter((row) => (row as Record_).organization_id === organization)
          for (const [name, [from, to]] of Object.entries(periods)) {
            const count = own.filter((row) => row.day >= dateText(from) && row.day <= dateText(to)).length
            expect([organization, today, name, count > 0]).toEqual([organization, today, name, true])
          }
        }
        expect(donations.filter((row) => dayInNewYork(row.received_at ?? null) > today)).toEqual([])
        expect(
          donations.filter((row) => row.refunded_at !== null && String(row.refunded_at) < String(row.received_at)),
        ).toEqual([])
        expect(
          donations.filter((row) => row.refunded_at !== null && dayInNewYork(row.refunded_at ?? null) > today),
        ).toEqual([])
      }),
      { numRuns: 25 },
    )
  })

  it('tells of the failed campaign and of the burst of refunds, whatever day it is', () => {
    fc.assert(
      fc.property(anyDay, (today) => {
        const tables = generateDemo({ today, donations: 10_000 })
        const donations = read(tables, 'donations')
        const campaigns = read(tables, 'campaigns')
        const outcome = (name: string) => {
          const campaign = campaigns.find((row) => row.name === name)
          const gifts = donations.filter((row) => row.campaign_id === campaign?.id)
          const raised = gifts
            .filter((row) => row.status === 'completed')
            .reduce((sum, row) => sum + Number(row.amount), 0)
          const refunds = gifts.filter((row) => row.status === 'refunded').length
          return { refundRate: refunds / gifts.length, progress: raised / Number(campaign?.goal) }
        }
        expect(outcome('Riverfront Hall Building Fund').progress).toBeLessThan(0.1)
        expect(outcome('Match Weekend: "Every Dollar Doubled"').refundRate).toBeGreaterThan(0.4)
      }),
      { numRuns: 10 },
    )
  })

  it('keeps microseconds, accents, apostrophes, quotes and a name that a spreadsheet would take for a formula', () => {
    const tables = generateDemo({ today: '2026-11-23', donations: 6000 })
    const names = new Set(read(tables, 'contacts').map((row) => row.last_name))
    expect([...names]).toEqual(expect.arrayContaining(["O'Brien", 'Nuñez', 'Yılmaz', 'de la Cruz']))
    expect(read(tables, 'contacts').some((row) => row.first_name === 'Zoë')).toBe(true)
    const campaigns = read(tables, 'campaigns').map((row) => String(row.name))
    expect(campaigns).toEqual(expect.arrayContaining(['=2x Challenge', 'Match Weekend: "Every Dollar Doubled"']))
    const stamps = read(tables, 'donations').map((row) => String(row.received_at))
    expect(stamps.every((stamp) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(stamp))).toBe(true)
    expect(stamps.filter((stamp) => !stamp.endsWith('000Z')).length).toBeGreaterThan(5000)
  })
})
