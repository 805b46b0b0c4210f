// The plan of all giving: which gifts and payments are fixed beforehand, and how many donations there are in all.
import { partsOf } from './days.ts'
import { behaviours, type People } from './people.ts'
import { type Payment, type Pledge, planPledges } from './pledges.ts'
import { at, createRandom } from './random.ts'
import { type Campaign, type Span, tenants } from './story.ts'

export type Giving = {
  span: Span
  /** How many donations each tenant has. */
  quota: readonly number[]
  people: readonly People[]
  campaigns: readonly Campaign[]
  /** Of all tenants, in the order they were made. */
  pledges: readonly Pledge[]
  /** By tenant and day of the span. */
  scheduled: readonly (readonly Scheduled[][])[]
  /** By tenant and day of the span. */
  payments: readonly (readonly Payment[][])[]
}

/** A gift known beforehand, in one number: person index × 2, plus 1 for a monthly gift (else it is a first one). */
export type Scheduled = number

/** Plans pledges, first gifts and monthly gifts; the rest of each tenant's quota is drawn day by day. */
export function planGiving(
  span: Span,
  people: readonly People[],
  campaigns: readonly Campaign[],
  quota: readonly number[],
): Giving {
  const plans = people.map((one, tenant) =>
    planPledges(span, one, campaigns, tenant, Math.round(at(quota, tenant) * 0.014)),
  )
  const pledges = plans.flatMap((plan) => plan.pledges)
  pledges.sort((a, b) => a.pledged - b.pledged || a.tenant - b.tenant || a.person - b.person)
  for (const [index, pledge] of pledges.entries()) pledge.id = index + 1
  return {
    span,
    quota,
    people,
    campaigns,
    pledges,
    scheduled: people.map((one, tenant) => schedule(span, one, tenant)),
    payments: plans.map((plan) => {
      const byDay = emptyDays<Payment>(span)
      for (const payment of plan.payments) at(byDay, payment.day - span.start).push(payment)
      return byDay
    }),
  }
}

function emptyDays<T>(span: Span): T[][] {
  return Array.from({ length: span.today - span.start + 1 }, (): T[] => [])
}

function schedule(span: Span, people: People, tenant: number): Scheduled[][] {
  const byDay = emptyDays<Scheduled>(span)
  const dates = byDay.map((_, index) => partsOf(span.start + index).date)
  const random = createRandom(`schedule ${at(tenants, tenant).id}`)
  for (let i = 0; i < people.count; i++) {
    const behaviour = at(behaviours, at(people.behaviour, i))
    const joined = at(people.joined, i)
    const stops = Math.min(at(people.stops, i), span.today)
    if (behaviour === 'Never' || joined >= span.today) continue
    if (behaviour === 'Monthly') {
      const payday = random.int(1, 28)
      for (let day = Math.max(joined, span.start); day < stops; day++) {
        if (dates[day - span.start] === payday) at(byDay, day - span.start).push(i * 2 + 1)
      }
    } else if (joined < span.start && behaviour === 'Leaving') {
      at(byDay, random.int(span.start, stops - 1) - span.start).push(i * 2)
    } else if (joined >= span.start && random.chance(0.72)) {
      at(byDay, Math.min(joined + random.int(0, 9), stops - 1) - span.start).push(i * 2)
    }
  }
  return byDay
}
