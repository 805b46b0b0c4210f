// What campaigns cost, invoice by invoice, and the overhead that belongs to none.
import { costCents } from './campaigns.ts'
import { addMonths, dateText } from './days.ts'
import { money } from './money.ts'
import type { Row } from './people.ts'
import { at, createRandom, type Random } from './random.ts'
import { type Campaign, type Channel, type Span, tenants } from './story.ts'
import { purposes, vendors } from './words.ts'

type Category = keyof typeof vendors

export type Expense = { tenant: number; campaignId: number | null; category: Category; cents: number; day: number }

/** How many invoices a campaign of 50,000 donations has, and for what. */
const mixes: Record<Channel, { invoices: number; categories: readonly Category[] }> = {
  email: { invoices: 6, categories: ['software', 'software', 'consulting'] },
  direct_mail: { invoices: 14, categories: ['printing', 'printing', 'postage', 'postage', 'consulting'] },
  digital: { invoices: 12, categories: ['advertising', 'advertising', 'advertising', 'software', 'consulting'] },
  phone: { invoices: 10, categories: ['staff', 'staff', 'software'] },
  event: { invoices: 16, categories: ['venue', 'venue', 'printing', 'staff', 'travel'] },
  in_person: { invoices: 11, categories: ['staff', 'travel', 'travel', 'printing'] },
}

/** All expenses of both tenants in order of time; `scale` is the demo's size relative to 50,000 donations. */
export function planExpenses(
  span: Span,
  campaigns: readonly Campaign[],
  raised: ReadonlyMap<number, number>,
  scale: number,
): readonly Expense[] {
  const expenses = campaigns.flatMap((one) => campaignExpenses(span, one, raised.get(one.id) ?? 0, scale))
  for (let tenant = 0; tenant < tenants.length; tenant++) expenses.push(...overhead(span, tenant, scale))
  return expenses.sort((a, b) => a.day - b.day || a.tenant - b.tenant || (a.campaignId ?? 0) - (b.campaignId ?? 0))
}

function campaignExpenses(span: Span, campaign: Campaign, raisedCents: number, scale: number): Expense[] {
  const { invoices, categories } = mixes[campaign.channel]
  const total = costCents(campaign, raisedCents)
  if (total <= 0) return []
  const random = createRandom(`expenses ${campaign.tenant} ${campaign.name}`)
  const often = campaign.end === null ? 5 : campaign.role === 'failed' ? 3 : 1
  const count = Math.max(3, Math.round(invoices * often * Math.min(20, Math.sqrt(scale))))
  const parts = Array.from({ length: count }, () => 0.3 + random.next() ** 3)
  const sum = parts.reduce((a, b) => a + b, 0)
  const from = Math.max(campaign.start - 20, span.start)
  const to = Math.min(campaign.end ?? span.today, span.today)
  return parts.map((part) => ({
    tenant: campaign.tenant,
    campaignId: campaign.id,
    category: random.pick(categories),
    cents: roughly(random, (total * part) / sum),
    day: random.int(Math.min(from, to), to),
  }))
}

function overhead(span: Span, tenant: number, scale: number): Expense[] {
  const random = createRandom(`overhead ${at(tenants, tenant).id}`)
  const size = at(tenants, tenant).share * Math.sqrt(scale)
  const monthly: readonly (readonly [Category, number])[] = [
    ['staff', 2_600_000],
    ['venue', 310_000],
    ['software', 64_000],
    ['travel', 45_000],
  ]
  const expenses: Expense[] = []
  for (let first = span.start; first <= span.today; first = addMonths(first, 1)) {
    for (const [category, cents] of monthly) {
      const day = first + random.int(0, 27)
      const amount = roughly(random, cents * size * (0.85 + random.next() * 0.3))
      if (day <= span.today) expenses.push({ tenant, campaignId: null, category, cents: amount, day })
    }
  }
  return expenses
}

/** Half of all invoices are round. */
function roughly(random: Random, cents: number): number {
  return Math.max(500, random.chance(0.5) ? Math.round(cents / 500) * 500 : Math.round(cents))
}

export const expenseColumns = [
  'id',
  'organization_id',
  'campaign_id',
  'category',
  'vendor',
  'purpose',
  'amount',
  'status',
  'spent_on',
] as const

/** Rows of the expenses, numbered in order of time. */
export function* expenseRows(expenses: readonly Expense[], span: Span): Generator<Row> {
  const random = createRandom('invoices')
  for (const [index, one] of expenses.entries()) {
    yield [
      index + 1,
      at(tenants, one.tenant).id,
      one.campaignId,
      one.category,
      random.pick(vendors[one.category]),
      random.chance(0.8) ? random.pick(purposes[one.category]) : null,
      money(one.cents),
      one.day > span.today - 25 && random.chance(0.55) ? 'pending' : 'paid',
      dateText(one.day),
    ]
  }
}
