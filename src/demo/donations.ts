// Donations of both tenants, told day by day so that ids follow time: how each gift was paid and what became of it.
import { dateText, stamp } from './days.ts'
import { dailyDraws, type Gift, giftsOfDay } from './gifts.ts'
import type { Giving } from './giving.ts'
import { enterGift, type Ledger } from './ledger.ts'
import { money } from './money.ts'
import type { Row } from './people.ts'
import { openPools, startDay } from './pools.ts'
import { at, createRandom, type Random } from './random.ts'
import { type Campaign, refundStory, type Span, tenants } from './story.ts'
import { notes } from './words.ts'

export const donationColumns = [
  'id',
  'organization_id',
  'contact_id',
  'campaign_id',
  'pledge_id',
  'amount',
  'fee',
  'status',
  'payment_method',
  'is_recurring',
  'note',
  'received_at',
  'refunded_at',
  'thanked_on',
] as const

type Method = 'card' | 'bank_transfer' | 'check' | 'cash' | 'wallet' | 'stock'
const methods = ['card', 'bank_transfer', 'check', 'cash', 'wallet', 'stock'] as const
const methodWeights = {
  small: [62, 9, 11, 3, 15, 0],
  large: [14, 36, 40, 0, 0, 10],
  monthly: [70, 30, 0, 0, 0, 0],
  anonymous: [10, 0, 25, 55, 10, 0],
} as const

function feeCents(method: Method, cents: number): number {
  if (method === 'card') return Math.round(cents * 0.029) + 30
  if (method === 'wallet') return Math.round(cents * 0.0199) + 49
  if (method === 'bank_transfer') return Math.min(Math.round(cents * 0.008), 500)
  return method === 'stock' ? 2500 : 0
}

/** All donations in the order they came, and the ledger filled on the way. */
export function* donationRows(giving: Giving, ledger: Ledger): Generator<Row> {
  const { span, people, quota } = giving
  const randoms = tenants.map((tenant) => createRandom(`donations ${tenant.id}`))
  const pools = people.map(openPools)
  const draws = people.map((_, tenant) => dailyDraws(giving, tenant, at(quota, tenant)))
  let id = 0
  for (let day = span.start; day <= span.today; day++) {
    for (let tenant = 0; tenant < people.length; tenant++) {
      const random = at(randoms, tenant)
      startDay(at(pools, tenant), at(people, tenant), day)
      const gifts = giftsOfDay(giving, tenant, day, at(at(draws, tenant), day - span.start), at(pools, tenant), random)
      const seconds = timesOfDay(random, gifts.length, day === span.today)
      for (const [index, gift] of gifts.entries()) {
        id++
        yield pay(giving, ledger, tenant, day, at(seconds, index), id, gift, random)
      }
    }
  }
}

/** Ascending seconds of the day; today's fall into an hour that is today from Los Angeles to Tokyo. */
function timesOfDay(random: Random, count: number, isToday: boolean): Float64Array {
  const seconds = new Float64Array(count)
  for (let i = 0; i < count; i++) {
    seconds[i] = isToday
      ? Math.floor((3 + random.next()) * 3600 + 600)
      : Math.floor((6.2 + ((random.next() + random.next()) / 2) * 16.5) * 3600)
  }
  return seconds.sort()
}

function pay(
  giving: Giving,
  ledger: Ledger,
  tenant: number,
  day: number,
  second: number,
  id: number,
  gift: Gift,
  random: Random,
): Row {
  const { span, people } = giving
  const campaign = gift.campaignId === null ? undefined : giving.campaigns[gift.campaignId - 1]
  const size = gift.kind === 'gift' || gift.kind === 'pledge' ? (gift.cents >= 100_000 ? 'large' : 'small') : gift.kind
  const method = at(methods, random.weighted(methodWeights[size]))
  const micros = random.int(0, 999_999)
  const outcome = gift.sure ? 'completed' : outcomeOf(giving, gift, campaign, method, day, random)
  const refundDay = outcome === 'refunded' ? refundDayOf(span, campaign, day, random) : null
  const status = outcome === 'refunded' && refundDay === null ? 'completed' : outcome
  const note = random.chance(0.025) ? random.pick(notes) : null
  const thanked = day + random.int(1, 10)
  const thanks = status === 'completed' && gift.person >= 0 && thanked <= span.today && random.chance(0.88)

  if (status === 'completed') enterGift(ledger, span, tenant, day, gift)
  return [
    id,
    at(tenants, tenant).id,
    gift.person < 0 ? null : at(people, tenant).firstId + gift.person,
    gift.campaignId,
    gift.pledgeId,
    money(gift.cents),
    money(Math.min(feeCents(method, gift.cents), gift.cents)),
    status,
    method,
    gift.kind === 'monthly',
    note,
    stamp(day, second, micros),
    refundDay === null ? null : stamp(refundDay, random.int(9 * 3600, 17 * 3600), random.int(0, 999_999)),
    thanks ? dateText(thanked) : null,
  ]
}

function outcomeOf(
  { span }: Giving,
  gift: Gift,
  campaign: Campaign | undefined,
  method: Method,
  day: number,
  random: Random,
): 'completed' | 'pending' | 'refunded' | 'failed' {
  const slow = method === 'check' || method === 'bank_transfer' || method === 'stock'
  if (slow && day > span.today - 10 && random.chance(0.6)) return 'pending'
  if (!slow && method !== 'cash' && random.chance(gift.kind === 'monthly' ? 0.03 : 0.02)) return 'failed'
  return random.chance(campaign?.role === 'refunded' ? 0.66 : 0.011) ? 'refunded' : 'completed'
}

function refundDayOf(span: Span, campaign: Campaign | undefined, day: number, random: Random): number | null {
  const { refundFrom, refundTo } = refundStory(span)
  const refund = campaign?.role === 'refunded' ? random.int(refundFrom, refundTo) : day + random.int(1, 25)
  return refund < span.today ? refund : null
}
