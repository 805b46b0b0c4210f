// What happened: the two tenants, their campaigns, and how busy each day was, all told relative to today.
import { addMonths, dayFrom, dayOf, electionDay, nthWeekday, partsOf } from './days.ts'

/** First and last day of the story as day numbers; gifts run from `start` to `today`, both included. */
export type Span = { start: number; today: number }

export type Tenant = {
  id: string
  name: string
  /** Part of all donations. */
  share: number
  /** State codes and how many of the tenant's people live there. */
  homes: readonly (readonly [code: string, weight: number])[]
  /** Weight of all states together, these included. */
  elsewhere: number
  areaCode: string
}

export const tenants: readonly [Tenant, Tenant] = [
  {
    id: 'org_riverbend',
    name: 'Riverbend Action Fund',
    share: 0.8,
    homes: [
      ['OH', 24],
      ['PA', 17],
      ['NY', 13],
      ['MI', 11],
      ['IL', 8],
      ['MA', 5],
      ['NJ', 4],
      ['CA', 4],
    ],
    elsewhere: 14,
    areaCode: '614',
  },
  {
    id: 'org_hillcrest',
    name: 'Hillcrest Alliance',
    share: 0.2,
    homes: [
      ['OR', 30],
      ['WA', 24],
      ['CA', 20],
      ['ID', 8],
      ['NV', 5],
    ],
    elsewhere: 13,
    areaCode: '503',
  },
]

export type Channel = 'email' | 'direct_mail' | 'digital' | 'phone' | 'event' | 'in_person'
export type CampaignRole = 'regular' | 'website' | 'sustaining' | 'major' | 'election' | 'failed' | 'refunded'

export type Campaign = {
  id: number
  /** Index into `tenants`. */
  tenant: number
  parentId: number | null
  name: string
  channel: Channel
  status: 'planned' | 'active' | 'completed' | 'cancelled'
  start: number
  /** Last day; null: goes on. */
  end: number | null
  role: CampaignRole
  /** How strongly it draws gifts on the days it runs. */
  pull: number
  /** Expenses as a part of what it raises. */
  costRatio: number
}

type Draft = Omit<Campaign, 'id' | 'tenant' | 'parentId' | 'status' | 'role'> & {
  parent?: string
  role?: CampaignRole
  cancelled?: true
}

/** The story's span: 42 full months and what has passed of this one. */
export function spanOf(today: string): Span {
  const day = dayOf(today)
  const { year, month } = partsOf(day)
  return { start: dayFrom(year, month - 42, 1), today: day }
}

/** First day of those who have not given for 18 months: a last gift before it means lapsed. */
export function lapseDay(span: Span): number {
  return addMonths(span.today, -18)
}

/** The two weeks of the match that was announced wrongly, so that most of its gifts were given back. */
export function refundStory(span: Span): { start: number; end: number; refundFrom: number; refundTo: number } {
  const end = span.today - 118
  return { start: end - 12, end, refundFrom: end + 2, refundTo: end + 9 }
}

function givingTuesday(year: number): number {
  return nthWeekday(year, 11, 4, 4) + 5
}

function riverbendYear(year: number): Draft[] {
  const election = electionDay(year)
  const bigYear = year % 2 === 0
  const vote = bigYear ? `Get Out the Vote ${year}` : `Local Races ${year}`
  const yearEnd = `Year-End Appeal ${year}`
  const tuesday = givingTuesday(year)
  const drafts: Draft[] = [
    draft(`Winter Letter ${year}`, 'direct_mail', dayFrom(year, 1, 10), dayFrom(year, 2, 28), 5, 0.32),
    draft(`Spring Renewal ${year}`, 'email', dayFrom(year, 3, 1), dayFrom(year, 5, 15), 5, 0.07),
    draft(`Spring Gala ${year}`, 'event', dayFrom(year, 4, 1), dayFrom(year, 6, 5), 2.5, 0.41),
    draft(`Knock, Talk & Listen ${year}`, 'in_person', dayFrom(year, 6, 1), dayFrom(year, 9, 30), 3, 0.22),
    draft(`Summer Phonathon ${year}`, 'phone', dayFrom(year, 7, 5), dayFrom(year, 8, 20), 4, 0.26),
    { ...draft(vote, 'digital', dayFrom(year, 9, 1), election, bigYear ? 11 : 4, 0.18), role: 'election' },
    draft(yearEnd, 'direct_mail', dayFrom(year, 11, 10), dayFrom(year, 12, 31), 10, 0.24),
    { ...draft(`Giving Tuesday ${year}`, 'digital', tuesday - 1, tuesday + 1, 30, 0.12), parent: yearEnd },
    {
      ...draft(`Last Days of ${year}`, 'email', dayFrom(year, 12, 18), dayFrom(year, 12, 31), 9, 0.05),
      parent: yearEnd,
    },
  ]
  if (bigYear) {
    drafts.push({ ...draft(`Final Push ${year}`, 'email', election - 10, election, 8, 0.05), parent: vote })
  }
  return drafts
}

function riverbendOnce(span: Span): Draft[] {
  const { today, start } = span
  const refund = refundStory(span)
  return [
    { ...draft('Donate Page', 'digital', start - 900, null, 2.2, 0.06), role: 'website' },
    { ...draft('Sustaining Circle', 'email', start - 700, null, 0.4, 0.05), role: 'sustaining' },
    { ...draft('Major Gifts', 'in_person', start - 700, null, 0, 0.08), role: 'major' },
    { ...draft('Riverfront Hall Building Fund', 'direct_mail', today - 400, today - 215, 0.45, 0), role: 'failed' },
    {
      ...draft('Match Weekend: "Every Dollar Doubled"', 'digital', refund.start, refund.end, 26, 0.2),
      role: 'refunded',
    },
    draft('=2x Challenge', 'phone', today - 62, today - 55, 6, 0.2),
    { ...draft('Harvest Barn Dance', 'event', today - 95, today - 20, 0, 0), cancelled: true },
    draft("Founders' Day Drive", 'email', today - 24, today + 12, 4, 0.07),
    draft('Next Generation Fund', 'in_person', today + 20, today + 200, 0, 0.2),
  ]
}

function hillcrestYear(year: number): Draft[] {
  const tuesday = givingTuesday(year)
  const letter = `Year-End Letter ${year}`
  const drafts: Draft[] = [
    draft(`Spring E-mail Drive ${year}`, 'email', dayFrom(year, 3, 1), dayFrom(year, 4, 30), 5, 0.06),
    draft(`Trail Walk ${year}`, 'event', dayFrom(year, 5, 1), dayFrom(year, 6, 15), 4, 0.35),
    draft(`Harvest Drive ${year}`, 'direct_mail', dayFrom(year, 10, 1), dayFrom(year, 11, 18), 6, 0.27),
    draft(letter, 'direct_mail', dayFrom(year, 11, 19), dayFrom(year, 12, 31), 9, 0.25),
    { ...draft(`Giving Tuesday ${year}`, 'digital', tuesday - 1, tuesday + 1, 20, 0.1), parent: letter },
  ]
  if (year % 2 === 0) {
    drafts.push({
      ...draft(`Ballot Watch ${year}`, 'digital', dayFrom(year, 9, 5), electionDay(year), 6, 0.15),
      role: 'election',
    })
  }
  return drafts
}

function hillcrestOnce(span: Span): Draft[] {
  return [
    { ...draft('Donate Page', 'digital', span.start - 400, null, 2.5, 0.06), role: 'website' },
    { ...draft('Hillcrest Monthly', 'email', span.start - 400, null, 0.4, 0.05), role: 'sustaining' },
    { ...draft('Leadership Circle', 'in_person', span.start - 400, null, 0, 0.08), role: 'major' },
    draft('Trailhead Endowment', 'in_person', span.today + 15, span.today + 240, 0, 0.1),
  ]
}

function draft(
  name: string,
  channel: Channel,
  start: number,
  end: number | null,
  pull: number,
  costRatio: number,
): Draft {
  return { name, channel, start, end, pull, costRatio }
}

function statusOf(one: Draft, today: number): Campaign['status'] {
  if (one.cancelled) return 'cancelled'
  if (one.start > today) return 'planned'
  return one.end !== null && one.end < today ? 'completed' : 'active'
}

/** Every campaign of both tenants that touches the span or starts within four months after it, numbered by start. */
export function campaignsOf(span: Span): readonly Campaign[] {
  const years: number[] = []
  for (let year = partsOf(span.start).year; year <= partsOf(span.today).year + 1; year++) years.push(year)
  const drafts = [
    [...riverbendOnce(span), ...years.flatMap(riverbendYear)],
    [...hillcrestOnce(span), ...years.flatMap(hillcrestYear)],
  ].flatMap((list, tenant) => list.map((one) => ({ ...one, tenant })))

  const numbered = drafts
    .filter((one) => (one.end === null || one.end >= span.start) && one.start <= span.today + 120)
    .sort((a, b) => a.start - b.start || a.tenant - b.tenant || (a.name < b.name ? -1 : 1))
    .map((one, index) => ({ ...one, id: index + 1 }))

  return numbered.map((one) => {
    const { parent, cancelled, ...kept } = one
    const family = numbered.find((other) => other.name === parent && other.tenant === one.tenant)
    return { ...kept, role: one.role ?? 'regular', status: statusOf(one, span.today), parentId: family?.id ?? null }
  })
}

const monthWeights = [0.75, 0.8, 0.85, 0.6, 0.55, 0.9, 0.78, 0.74, 1, 1.1, 1.75, 2.9] as const
const weekdayWeights = [0.7, 1.1, 1.2, 1.15, 1.1, 1, 0.65] as const

/** How many gifts a day draws, relative to other days: the season, the week, elections, days of a deadline, growth. */
export function dayWeight(day: number, tenant: number, span: Span): number {
  const { year, month, date, weekday } = partsOf(day)
  let weight = (monthWeights[month - 1] ?? 1) * (weekdayWeights[weekday] ?? 1)
  weight *= 1 + (0.12 * (day - span.start)) / 365
  const election = electionDay(year)
  if (year % 2 === 0 && day > election - 50 && day <= election) weight *= day > election - 10 ? 2.1 : 1.5
  if (day === givingTuesday(year)) weight *= 5
  if (month === 12 && date >= 27) weight *= date === 31 ? 3.2 : 1.7
  if (date === 1 || date === 15) weight *= 1.15
  if (tenant === 0) {
    const refund = refundStory(span)
    if (day >= refund.start && day <= refund.end) weight *= 1.9
  }
  return weight
}
