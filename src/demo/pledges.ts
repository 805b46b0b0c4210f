// Pledges of both tenants: most are kept, some in part, some are late, a few were called off.
import { dateText } from './days.ts'
import { money } from './money.ts'
import { type Behaviour, behaviours, type People, type Row } from './people.ts'
import { at, createRandom, type Random } from './random.ts'
import { type Campaign, type Span, tenants } from './story.ts'

export type Pledge = {
  id: number
  tenant: number
  /** Index into the tenant's people. */
  person: number
  campaignId: number | null
  cents: number
  paidCents: number
  frequency: 'one_time' | 'monthly' | 'quarterly'
  status: 'open' | 'partly_paid' | 'fulfilled' | 'overdue' | 'cancelled'
  pledged: number
  due: number
}

/** A payment towards a pledge, on a day of the span. */
export type Payment = { pledge: Pledge; cents: number; day: number }

/** Who pledges, how likely it is, and the dollars of a typical pledge. */
const pledgers: readonly { behaviour: Behaviour; weight: number; dollars: number }[] = [
  { behaviour: 'Major', weight: 35, dollars: 5000 },
  { behaviour: 'Mid-level', weight: 40, dollars: 800 },
  { behaviour: 'Grassroots', weight: 25, dollars: 100 },
]

/** How promises end: all paid, some of it, nothing, called off. */
const habits = ['keeps', 'tires', 'forgets', 'cancels'] as const
const habitWeights = [62, 20, 12, 6]

/** Plans `count` pledges of a tenant and the payments that came by yesterday; ids are given later. */
export function planPledges(
  span: Span,
  people: People,
  campaigns: readonly Campaign[],
  tenant: number,
  count: number,
): { pledges: Pledge[]; payments: Payment[] } {
  const random = createRandom(`pledges ${at(tenants, tenant).id}`)
  const groups = pledgers.map(({ behaviour }) => indexesOf(people, behaviours.indexOf(behaviour)))
  const pledges: Pledge[] = []
  const payments: Payment[] = []
  while (pledges.length < count) {
    const level = random.weighted(pledgers.map(({ weight }) => weight))
    const group = at(groups, level)
    if (group.length === 0) continue
    const person = random.pick(group)
    const from = Math.max(at(people.joined, person), span.start)
    const pledged = from + Math.floor(random.next() * (span.today - from))
    const open = campaigns.filter((one) => one.tenant === tenant && takesPledges(one, pledged))
    const campaignId = open.length === 0 || random.chance(0.1) ? null : random.pick(open).id
    const { frequency, parts, gap } = termsOf(random)
    const partCents = Math.ceil((at(pledgers, level).dollars * (0.6 + random.next() * 2)) / parts / 5) * 500
    const cents = partCents * parts
    const due = pledged + gap * parts
    const pledge: Pledge = {
      id: 0,
      tenant,
      person,
      campaignId,
      cents,
      paidCents: 0,
      frequency,
      status: 'open',
      pledged,
      due,
    }
    const habit = at(habits, random.weighted(habitWeights))
    const paidParts = habit === 'keeps' ? parts : habit === 'tires' ? random.int(1, Math.max(1, parts - 1)) : 0
    for (let part = 0; part < paidParts; part++) {
      const day = pledged + gap * part + random.int(1, Math.min(gap, 18))
      if (day >= span.today) break
      // Who tires of a pledge in one part pays half of it.
      const half = habit === 'tires' && parts === 1
      const paid = half ? Math.max(500, Math.floor(cents / 1000) * 500) : partCents
      pledge.paidCents += paid
      payments.push({ pledge, cents: paid, day })
    }
    pledge.status = habit === 'cancels' ? 'cancelled' : statusOf(pledge, span.today)
    pledges.push(pledge)
  }
  return { pledges, payments }
}

function takesPledges(campaign: Campaign, day: number): boolean {
  if (campaign.start > day || (campaign.end !== null && campaign.end < day)) return false
  return campaign.status !== 'cancelled' && (campaign.role === 'regular' || campaign.role === 'major')
}

function termsOf(random: Random): { frequency: Pledge['frequency']; parts: number; gap: number } {
  const frequency = random.pick(['one_time', 'monthly', 'monthly', 'quarterly'] as const)
  if (frequency === 'one_time') return { frequency, parts: 1, gap: random.int(20, 170) }
  if (frequency === 'monthly') return { frequency, parts: random.pick([6, 10, 12, 12, 24]), gap: 30 }
  return { frequency, parts: random.pick([4, 4, 8]), gap: 91 }
}

function statusOf(pledge: Pledge, today: number): Pledge['status'] {
  if (pledge.paidCents >= pledge.cents) return 'fulfilled'
  if (pledge.due < today) return 'overdue'
  return pledge.paidCents > 0 ? 'partly_paid' : 'open'
}

function indexesOf(people: People, behaviour: number): number[] {
  const found: number[] = []
  for (let i = 0; i < people.count; i++) if (at(people.behaviour, i) === behaviour) found.push(i)
  return found
}

export const pledgeColumns = [
  'id',
  'organization_id',
  'contact_id',
  'campaign_id',
  'amount',
  'paid_amount',
  'frequency',
  'status',
  'pledged_on',
  'due_on',
] as const

/** Rows of both tenants' pledges, in the order they were made. */
export function* pledgeRows(pledges: readonly Pledge[], people: readonly People[]): Generator<Row> {
  for (const one of pledges) {
    yield [
      one.id,
      at(tenants, one.tenant).id,
      at(people, one.tenant).firstId + one.person,
      one.campaignId,
      money(one.cents),
      money(one.paidCents),
      one.frequency,
      one.status,
      dateText(one.pledged),
      dateText(one.due),
    ]
  }
}
