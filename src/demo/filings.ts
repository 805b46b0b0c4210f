// Disclosure filings: every quarter of each tenant, and reports before and after an election; mostly on time, some late,
// some amended, one overdue. Receipts and disbursements are sums of the demo's own donations and expenses.
import { dateText, dayFrom, partsOf } from './days.ts'
import type { Expense } from './expenses.ts'
import type { Ledger } from './ledger.ts'
import { money } from './money.ts'
import type { Row } from './people.ts'
import { at, createRandom, type Random } from './random.ts'
import { type Campaign, type Span, tenants } from './story.ts'

type Filing = {
  tenant: number
  campaignId: number | null
  kind: 'quarterly' | 'year_end' | 'pre_election' | 'post_election'
  status: 'draft' | 'filed' | 'amended' | 'superseded' | 'overdue'
  /** First and last day that the report covers. */
  from: number
  to: number
  due: number
  filed: number | null
  receiptsCents: number
  spentCents: number
  penaltyCents: number
  /** The report that this one corrects. */
  amends: Filing | null
}

export const filingColumns = [
  'id',
  'organization_id',
  'campaign_id',
  'amends_id',
  'kind',
  'status',
  'period_start',
  'period_end',
  'due_on',
  'filed_on',
  'total_receipts',
  'total_disbursements',
  'penalty',
  'confirmation',
] as const

/** Rows of both tenants' filings, in order of their due dates. */
export function* filingRows(
  span: Span,
  campaigns: readonly Campaign[],
  ledger: Ledger,
  expenses: readonly Expense[],
): Generator<Row> {
  const filings = tenants
    .flatMap((_, tenant) => [
      ...quarterFilings(span, tenant, ledger, expenses),
      ...campaigns
        .filter((one) => one.tenant === tenant && one.role === 'election')
        .flatMap((one) => electionFilings(span, one, ledger, expenses)),
    ])
    .sort((a, b) => a.due - b.due || a.tenant - b.tenant || (a.filed ?? 0) - (b.filed ?? 0))
  const ids = new Map(filings.map((filing, index) => [filing, index + 1]))
  for (const one of filings) {
    const id = ids.get(one) ?? 0
    yield [
      id,
      at(tenants, one.tenant).id,
      one.campaignId,
      one.amends === null ? null : (ids.get(one.amends) ?? null),
      one.kind,
      one.status,
      dateText(one.from),
      dateText(one.to),
      dateText(one.due),
      one.filed === null ? null : dateText(one.filed),
      money(one.receiptsCents),
      money(one.spentCents),
      money(one.penaltyCents),
      one.filed === null ? null : `FD-${partsOf(one.filed).year}-${String(id * 7919).padStart(6, '0')}`,
    ]
  }
}

/** By tenant, counted back from the last one due: which quarters were filed late, and which were corrected later. */
const lateQuarters = [[3, 8], [5]] as const
const amendedQuarters = [[1, 6], [4]] as const

function quarterFilings(span: Span, tenant: number, ledger: Ledger, expenses: readonly Expense[]): Filing[] {
  const random = createRandom(`filings ${at(tenants, tenant).id}`)
  const first = partsOf(span.start)
  const quarters: { from: number; to: number; due: number; isLast: boolean }[] = []
  for (let month = Math.floor((first.month + 1) / 3) * 3 + 1; ; month += 3) {
    const from = dayFrom(first.year, month, 1)
    if (from > span.today) break
    const to = dayFrom(first.year, month + 3, 1) - 1
    const isLast = partsOf(to).month === 12
    quarters.push({ from, to, due: to + (isLast ? 31 : 15), isLast })
  }
  const dueBefore = quarters.filter((quarter) => quarter.due < span.today).length
  return quarters.flatMap(({ from, to, due, isLast }, index) => {
    const back = dueBefore - 1 - index
    const filing: Filing = {
      tenant,
      campaignId: null,
      kind: isLast ? 'year_end' : 'quarterly',
      status: 'draft',
      from,
      to,
      due,
      filed: null,
      receiptsCents: sumDays(at(ledger.receipts, tenant), span, from, to),
      spentCents: spent(expenses, from, to, (one) => one.tenant === tenant),
      penaltyCents: 0,
      amends: null,
    }
    if (back < 0) return [filing]
    // The smaller organization has yet to send its last one.
    if (back === 0 && tenant === 1) return [{ ...filing, status: 'overdue' as const }]
    const counted = (list: readonly (readonly number[])[]) => at(list, tenant).includes(back)
    return amendIfWrong(fileIt(filing, random, counted(lateQuarters)), counted(amendedQuarters), random, span)
  })
}

function fileIt(filing: Filing, random: Random, late: boolean): Filing {
  const days = late ? random.int(3, 19) : -random.int(0, 6)
  return {
    ...filing,
    status: 'filed',
    filed: filing.due + days,
    penaltyCents: late ? days * 5_000 : 0,
  }
}

function amendIfWrong(filing: Filing, wrong: boolean, random: Random, span: Span): Filing[] {
  if (!wrong || filing.filed === null) return [filing]
  const original: Filing = {
    ...filing,
    status: 'superseded',
    receiptsCents: Math.round(filing.receiptsCents * (0.95 + random.next() * 0.03)),
  }
  const corrected = Math.min(filing.filed + random.int(12, 60), span.today - 1)
  return [original, { ...filing, status: 'amended', filed: corrected, penaltyCents: 0, amends: original }]
}

function electionFilings(span: Span, campaign: Campaign, ledger: Ledger, expenses: readonly Expense[]): Filing[] {
  if (campaign.end === null || campaign.start > span.today || campaign.start < span.start) return []
  const random = createRandom(`filings ${campaign.tenant} ${campaign.name}`)
  const election = campaign.end
  const receipts = ledger.reported.get(campaign.id) ?? new Float64Array()
  const periods = [
    { kind: 'pre_election' as const, from: campaign.start, to: election - 20, due: election - 12 },
    { kind: 'post_election' as const, from: election - 19, to: election + 20, due: election + 30 },
  ]
  return periods
    .filter(({ from }) => from <= span.today)
    .map(({ kind, from, to, due }) => {
      const filing: Filing = {
        tenant: campaign.tenant,
        campaignId: campaign.id,
        kind,
        status: 'draft',
        from,
        to,
        due,
        filed: null,
        receiptsCents: sumDays(receipts, span, from, to),
        spentCents: spent(expenses, from, to, (one) => one.campaignId === campaign.id),
        penaltyCents: 0,
        amends: null,
      }
      return due < span.today ? fileIt(filing, random, due + 19 < span.today && random.chance(0.25)) : filing
    })
}

function sumDays(byDay: Float64Array, span: Span, from: number, to: number): number {
  let sum = 0
  for (let day = Math.max(from, span.start); day <= Math.min(to, span.today); day++) sum += byDay[day - span.start] ?? 0
  return sum
}

function spent(expenses: readonly Expense[], from: number, to: number, counts: (one: Expense) => boolean): number {
  let sum = 0
  for (const one of expenses) if (one.day >= from && one.day <= to && counts(one)) sum += one.cents
  return sum
}
