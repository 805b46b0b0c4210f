// What has come of the donations: segments, goals, expenses and filings follow from it.
import type { People } from './people.ts'
import { at } from './random.ts'
import type { Campaign, Span } from './story.ts'

/** What has come of the donations; to be read once they were all told. */
export type Ledger = {
  /** Completed cents by tenant and day of the span. */
  receipts: Float64Array[]
  /** Completed cents by campaign id. */
  byCampaign: Map<number, number>
  /** Completed cents by day of the span, for campaigns that report before and after an election. */
  reported: Map<number, Float64Array>
  /** Day of each person's last completed gift, by tenant; 0: none. */
  lastGift: Int32Array[]
}

/** A ledger without an entry. */
export function emptyLedger(span: Span, people: readonly People[], campaigns: readonly Campaign[]): Ledger {
  const days = span.today - span.start + 1
  const elections = campaigns.filter((campaign) => campaign.role === 'election')
  return {
    receipts: people.map(() => new Float64Array(days)),
    byCampaign: new Map(),
    reported: new Map(elections.map(({ id }) => [id, new Float64Array(days)])),
    lastGift: people.map(({ count }) => new Int32Array(count)),
  }
}

/** Enters a completed gift; `person` is an index into the tenant's people, -1 for nobody. */
export function enterGift(
  ledger: Ledger,
  span: Span,
  tenant: number,
  day: number,
  gift: { person: number; campaignId: number | null; cents: number },
): void {
  const index = day - span.start
  const receipts = at(ledger.receipts, tenant)
  receipts[index] = at(receipts, index) + gift.cents
  if (gift.person >= 0) at(ledger.lastGift, tenant)[gift.person] = day
  if (gift.campaignId === null) return
  ledger.byCampaign.set(gift.campaignId, (ledger.byCampaign.get(gift.campaignId) ?? 0) + gift.cents)
  const reported = ledger.reported.get(gift.campaignId)
  if (reported) reported[index] = at(reported, index) + gift.cents
}
