// Rows of campaigns: goals and budgets follow from what each one raised, so that the story holds at every size.
import { dateText } from './days.ts'
import { money } from './money.ts'
import type { Row } from './people.ts'
import { at, createRandom } from './random.ts'
import { type Campaign, tenants } from './story.ts'

export const campaignColumns = [
  'id',
  'organization_id',
  'parent_id',
  'name',
  'channel',
  'status',
  'goal',
  'budget',
  'starts_on',
  'ends_on',
] as const

/** What a campaign set out to raise, in cents; null for those that go on without a target. */
export function goalCents(campaign: Campaign, raisedCents: number): number | null {
  if (campaign.end === null) return null
  const random = createRandom(`goal ${campaign.tenant} ${campaign.name}`)
  const factor = 0.72 + random.next() * 0.6
  if (campaign.role === 'failed') return roundUp(raisedCents / 0.034, 5_000_000)
  if (campaign.status === 'active') return roundUp(raisedCents * (1.3 + random.next()) + 500_000, 500_000)
  if (raisedCents === 0) return random.int(4, 20) * 500_000
  return roundUp(raisedCents * factor, 100_000)
}

/** What a campaign costs in the end, in cents: the one that failed spent a good part of its goal. */
export function costCents(campaign: Campaign, raisedCents: number): number {
  if (campaign.role === 'failed') return (goalCents(campaign, raisedCents) ?? 0) * 0.38
  if (campaign.status === 'planned') return 0
  if (campaign.status === 'cancelled') return 340_000
  return raisedCents * campaign.costRatio
}

function roundUp(cents: number, step: number): number {
  return Math.max(step, Math.ceil(cents / step) * step)
}

/** Rows of both tenants' campaigns, in order of start. */
export function* campaignRows(campaigns: readonly Campaign[], raised: ReadonlyMap<number, number>): Generator<Row> {
  for (const one of campaigns) {
    const raisedCents = raised.get(one.id) ?? 0
    const goal = goalCents(one, raisedCents)
    const random = createRandom(`budget ${one.tenant} ${one.name}`)
    const planned = one.role === 'failed' ? 0.55 : 0.9 + random.next() * 0.35
    const cost = one.status === 'planned' ? (goal ?? 0) * one.costRatio : costCents(one, raisedCents) * planned
    yield [
      one.id,
      at(tenants, one.tenant).id,
      one.parentId,
      one.name,
      one.channel,
      one.status,
      goal === null ? null : money(goal),
      one.end === null ? null : money(roundUp(cost, 50_000)),
      dateText(one.start),
      one.end === null ? null : dateText(one.end),
    ]
  }
}
