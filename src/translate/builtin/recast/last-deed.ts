// "Donors whose last gift was before 2025": the day of the first or last of their rows, compared with a time.
// In: a prompt that ends so. Out: the rest, and its table of people or of their rows with that condition.
// Refused: times that are none, or that a definition cannot compare with.
import type { Catalog } from '../../../catalog/schema.ts'
import type { AggregateCondition, CompareOp, Definition, Filter, Period } from '../../../definition/schema.ts'
import { lexiconOf } from '../lexicon.ts'
import { localDay } from '../local-day.ts'
import { periodOf } from '../periods.ts'
import { fieldIn } from '../tie/facts.ts'
import { allOf } from '../tie/place.ts'
import { timeFilter } from '../tie/when.ts'
import { type Deed, deedsOf, edgeOf } from './deeds.ts'
import type { Turn } from './turn.ts'

const EDGE =
  /[,;]?\s*\b(?:whose|with(?: an?| their)?) (last|latest|most recent|first|earliest) ([\p{L}-]+) (?:(?:was|were|came|is|dates) )?(before|after|since|from|in|during|on)? ?(.+?)[?.!]*$/iu
const OPS: Readonly<Record<string, CompareOp>> = { before: 'lt', after: 'gt', since: 'gte', from: 'gte' }

export const lastDeed: Turn = ({ prompt, catalog, clock }) => {
  const [found, edge = '', noun = '', word = '', tail = ''] = EDGE.exec(prompt) ?? []
  const fn = /^(first|earliest)$/i.test(edge) ? 'min' : 'max'
  const rows = found === undefined ? [] : lexiconOf(catalog).rowsCalled(noun.toLowerCase())
  const deeds = deedsOf(catalog).filter((deed) => rows.includes(deed.rows))
  if (found === undefined || deeds.length === 0) return []
  const period = periodOf(tail, localDay(clock.now, clock.timezone))
  // Without a preposition it is no time, but something else of that row: "whose last gift was over 100".
  if (period === undefined && !/\d{4}|year|month|week|day|quarter/i.test(tail)) return []
  return deeds.map((deed) => ({
    prompt: prompt.replace(found, '').trim(),
    make: (one) =>
      period === undefined
        ? undefined
        : compared(one, { deed, fn, op: OPS[word.toLowerCase()] ?? 'eq', period, catalog }),
  }))
}

type Compared = {
  readonly deed: Deed
  readonly fn: 'min' | 'max'
  readonly op: CompareOp
  readonly period: Period
  readonly catalog: Catalog
}

function compared(definition: Definition, { deed, fn, op, period, catalog }: Compared): Definition | undefined {
  const root = definition.dataSources[0]
  const way = root === deed.people ? deed.relation : root === deed.rows ? `${deed.back}.${deed.relation}` : undefined
  const plain = timeFilter(deed.date, fieldIn(catalog, deed.rows, deed.date), op, period)
  if (way === undefined || plain === undefined || !('field' in plain) || plain.op !== 'in_period') return undefined
  // Gifts that are listed are not the people who gave them.
  if (root === deed.rows && definition.aggregates.length === 0) return undefined
  const { metric } = edgeOf(deed, fn, catalog) ?? {}
  const aggregate =
    metric !== undefined
      ? { metric: `${way}.${metric}` }
      : { fn, field: `${way}.${deed.date}`, ...(deed.counts && { where: deed.counts }) }
  const condition: AggregateCondition = { aggregate, op: plain.op, value: plain.value }
  const { filters } = definition
  const all: readonly Filter[] = filters === undefined ? [] : 'all' in filters ? filters.all : [filters]
  return { ...definition, filters: allOf([...all, condition]) }
}
