// "First-time donors this year", "who gave for the first time in 2025", "new donors by month", "number of first gifts".
// In: a prompt. Out: the rest, and its table with the first row of each person, or the people whose first row is of that time.
// Refused: people without a period, and conditions on amounts: whether the first gift or any was that large is not said.
import type { Catalog } from '../../../catalog/schema.ts'
import type { AggregateExpr, Definition, Filter } from '../../../definition/schema.ts'
import { lexiconOf } from '../lexicon.ts'
import { lemma } from '../stem.ts'
import { allOf } from '../tie/place.ts'
import { type Deed, deedsOf, edgeOf, isDoer } from './deeds.ts'
import type { Recast, Turn } from './turn.ts'

export const firstTime: Turn = ({ prompt, catalog }) =>
  deedsOf(catalog).flatMap((deed) =>
    restsOf(prompt, deed, catalog).map(
      (rest): Recast => ({ prompt: rest, make: (one) => firstOf(one, deed, catalog) }),
    ),
  )

const NUMBERS = /\b(?:how many|number of|count of|by|per|each|share|percentage)\b/i
const GAINED = /\s+(?:(?:did|do|have) we (?:get|gain|have|win|see|acquire|acquired|gained|won)|(?:were|are) there)\b/i

function restsOf(prompt: string, deed: Deed, catalog: Catalog): readonly string[] {
  const [verb] = deed.verbs
  const [who, kind = '', noun = ''] = /\b(first[- ]time|new|brand[- ]new) ([\p{L}-]+)\b/iu.exec(prompt) ?? []
  if (who !== undefined && verb !== undefined && isDoer(deed, noun) && !/\bfor the\b/i.test(prompt)) {
    const others = isOwnName(noun, deed, catalog) && /new/i.test(kind)
    if (others) return []
    const plain = prompt.replace(GAINED, '')
    const did = deed.verbs.some((one) => new RegExp(`\\b${one}\\b`, 'i').test(plain))
    const rest = plain.replace(who, noun)
    // Counted and grouped, the rows tell when; a list is one of people.
    if (did) return [rest]
    const asked = plain.replace(who, `${noun} who ${verb}`)
    return NUMBERS.test(plain) ? [rest, asked] : [asked]
  }
  const [again, said = ''] = /\b([\p{L}-]+)(?: to us)? for the (?:very )?first time\b/iu.exec(prompt) ?? []
  if (again !== undefined && deed.verbs.includes(said.toLowerCase())) return [prompt.replace(again, said)]
  const [rows, name = ''] = /\bfirst ([\p{L}-]+s)\b/iu.exec(prompt) ?? []
  const isRows = name !== '' && lexiconOf(catalog).rowsCalled(name.toLowerCase()).includes(deed.rows)
  return rows !== undefined && isRows && !/\b(?:each|every|of)\b/i.test(prompt.replace(/\bnumber of\b/i, ''))
    ? [prompt.replace(rows, name)]
    : []
}

/** A name that the people have from the catalog itself: "new contacts" are those added. */
function isOwnName(noun: string, { people }: Deed, catalog: Catalog): boolean {
  const { label = '', singular = '' } = catalog.entities[people] ?? {}
  return [label, singular].some((name) => lemma(name.toLowerCase()) === lemma(noun.toLowerCase()))
}

function firstOf(definition: Definition, deed: Deed, catalog: Catalog): Definition | undefined {
  const { filters, having, dataSources, limit } = definition
  const all = filters === undefined ? [] : 'all' in filters ? filters.all : [filters]
  if (having !== undefined || limit !== null || all.some(isAmount)) return undefined
  if (dataSources[0] === deed.rows)
    return {
      ...definition,
      filters: allOf([...all.filter((one) => !sameAs(one, deed.counts)), ...isFirst(deed, catalog)]),
    }
  if (
    dataSources[0] !== deed.people ||
    definition.aggregates.some(({ metric, field }) => (metric ?? field)?.includes('.'))
  )
    return undefined
  const [did, other] = all.filter((one) => 'relation' in one && one.relation === deed.relation)
  if (did === undefined || other !== undefined || !('relation' in did) || did.match !== 'some') return undefined
  const where = did.where === undefined ? [] : 'all' in did.where ? did.where.all : [did.where]
  const [period, ...more] = where.filter((one) => !sameAs(one, deed.counts))
  if (period === undefined || !('field' in period) || period.op !== 'in_period') return undefined
  if (period.field !== deed.date || more.length > 0) return undefined
  const first: Filter = {
    aggregate: firstDay(deed, catalog, `${deed.relation}.`),
    op: 'in_period',
    value: period.value,
  }
  return { ...definition, filters: allOf(all.map((one) => (one === did ? first : one))) }
}

const sameAs = (one: Filter, other: Filter | undefined): boolean => JSON.stringify(one) === JSON.stringify(other)

function isAmount(filter: Filter): boolean {
  return 'op' in filter && /^(gte?|lte?|between)$/.test(filter.op)
}

function firstDay(deed: Deed, catalog: Catalog, path: string): AggregateExpr {
  const { metric } = edgeOf(deed, 'min', catalog) ?? {}
  if (metric !== undefined) return { metric: `${path}${metric}` }
  return { fn: 'min', field: `${path}${deed.date}`, ...(deed.counts && { where: deed.counts }) }
}

/** That a row is the first of its owner's. */
function isFirst(deed: Deed, catalog: Catalog): readonly Filter[] {
  const of = { ...firstDay(deed, catalog, ''), of: deed.rows, same: [deed.owner] }
  return [
    ...(deed.counts === undefined ? [] : [deed.counts]),
    { field: deed.owner, op: 'not_empty' },
    { field: deed.date, op: 'eq', value: { aggregate: of } },
  ]
}
