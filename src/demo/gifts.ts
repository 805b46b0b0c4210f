// The gifts of one day: those that were scheduled, payments towards pledges, and those drawn by the day's weight.
import { partsOf } from './days.ts'
import type { Giving } from './giving.ts'
import { type Behaviour, behaviours } from './people.ts'
import { giftCents, type Pools } from './pools.ts'
import { at, type Random } from './random.ts'
import { type Campaign, dayWeight } from './story.ts'

/** What is decided about a gift before its payment is. */
export type Gift = {
  /** Index into the tenant's people; -1: nobody we know. */
  person: number
  campaignId: number | null
  pledgeId: number | null
  cents: number
  kind: 'gift' | 'monthly' | 'pledge' | 'anonymous'
  /** The gift clears, whatever else. */
  sure: boolean
}

/** How many gifts beyond the scheduled ones each day has; they add up to the quota exactly. */
export function dailyDraws({ span, scheduled, payments }: Giving, tenant: number, quota: number): Int32Array {
  const days = span.today - span.start + 1
  let planned = 0
  for (const list of at(scheduled, tenant)) planned += list.length
  for (const list of at(payments, tenant)) planned += list.length
  // Yesterday and today have gifts however small the quota is, so that every period that ends now has rows.
  const sure = 2
  const rest = quota - planned - 2 * sure
  if (rest < 0)
    throw new RangeError(`Cannot tell the story in ${quota} donations: at least ${planned + 2 * sure} are needed`)
  const weights = Float64Array.from({ length: days }, (_, index) => {
    const weight = dayWeight(span.start + index, tenant, span)
    return index === days - 1 ? weight * 0.2 : weight
  })
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const draws = new Int32Array(days)
  let passed = 0
  let given = 0
  for (let index = 0; index < days; index++) {
    passed += at(weights, index)
    const upTo = index === days - 1 ? rest : Math.round((rest * passed) / total)
    draws[index] = upTo - given + (index >= days - 2 ? sure : 0)
    given = upTo
  }
  return draws
}

/** All gifts of a tenant's day; `draws` of them are drawn from the pools. */
export function giftsOfDay(
  giving: Giving,
  tenant: number,
  day: number,
  draws: number,
  pools: Pools,
  random: Random,
): readonly Gift[] {
  const index = day - giving.span.start
  const people = at(giving.people, tenant)
  const pick = campaignPicker(giving, tenant, day, random)
  const gifts: Gift[] = []
  for (const code of at(at(giving.scheduled, tenant), index)) {
    const person = code >> 1
    const behaviour = at(behaviours, at(people.behaviour, person))
    gifts.push(
      code % 2 === 1
        ? {
            person,
            campaignId: pick('monthly'),
            pledgeId: null,
            cents: at(people.monthlyCents, person),
            kind: 'monthly',
            sure: false,
          }
        : { ...oneGift(random, person, behaviour, pick), sure: behaviour === 'Leaving' },
    )
  }
  for (const { pledge, cents } of at(at(giving.payments, tenant), index)) {
    gifts.push({
      person: pledge.person,
      campaignId: pledge.campaignId,
      pledgeId: pledge.id,
      cents,
      kind: 'pledge',
      sure: true,
    })
  }
  const weights = partsOf(day).month === 12 ? decemberWeights : drawWeights
  for (let n = 0; n < draws; n++) {
    const drawn = random.weighted(weights)
    const behaviour = at(pools.lists, drawn).length > 0 ? at(behaviours, drawn) : 'Grassroots'
    const pool = at(pools.lists, behaviours.indexOf(behaviour))
    // Some give far more often than others, but those with large gifts do not.
    const skew = behaviour === 'Major' ? 1 : behaviour === 'Mid-level' ? 1.25 : 1.6
    const person = at(pool, Math.floor(random.next() ** skew * pool.length))
    const gift = oneGift(random, person, behaviour, pick)
    // The first of the last two days' gifts are plain ones, so that every table of "this month" has something to show.
    if (n === 0 && day >= giving.span.today - 1) gifts.push({ ...gift, campaignId: pick('plain'), sure: true })
    else if (random.chance(0.025) && gift.cents < 100_000) gifts.push({ ...gift, person: -1, kind: 'anonymous' })
    else gifts.push(gift)
  }
  return gifts
}

/** How likely a drawn gift comes from each behaviour, in their order; more large ones before the year ends. */
const drawWeights = [0.0055, 0.1, 0.02, 0.7, 0.17]
const decemberWeights = [0.011, 0.11, 0.02, 0.69, 0.164]

type PickCampaign = (purpose: Behaviour | 'monthly' | 'plain') => number | null

function oneGift(random: Random, person: number, behaviour: Behaviour, pick: PickCampaign): Gift {
  return {
    person,
    campaignId: pick(behaviour),
    pledgeId: null,
    cents: giftCents(random, behaviour),
    kind: 'gift',
    sure: false,
  }
}

/** Chooses a gift's campaign among those that run on a day; null for gifts without an appeal. */
function campaignPicker(giving: Giving, tenant: number, day: number, random: Random): PickCampaign {
  const open = giving.campaigns.filter((one) => one.tenant === tenant && takesGifts(one, day))
  const weights = open.map((one) => one.pull)
  const idOf = (role: Campaign['role']): number | null => open.find((one) => one.role === role)?.id ?? null
  return (purpose) => {
    if (purpose === 'plain') return idOf('website')
    if (purpose === 'monthly') return random.chance(0.94) ? idOf('sustaining') : null
    if (random.chance(0.07)) return null
    if (purpose === 'Major' && random.chance(0.55)) return idOf('major')
    const campaign = open[random.weighted(weights)]
    // Nobody with deep pockets believed in the building that failed, nor do the largest gifts wait for a match.
    if (campaign?.role === 'failed' && (purpose === 'Major' || purpose === 'Mid-level')) return idOf('website')
    if (campaign?.role === 'refunded' && purpose === 'Major') return idOf('website')
    return campaign?.id ?? null
  }
}

function takesGifts(campaign: Campaign, day: number): boolean {
  return campaign.start <= day && (campaign.end === null || campaign.end >= day) && campaign.status !== 'cancelled'
}
