// "Next event", "when is our next gala", "the next 3 filings": those to come, the nearest first.
// In: a prompt. Out: the rest, and its list from today on.
// Refused: rows of which the catalog does not say that they lie ahead, and whatever is counted or grouped.

import type { Catalog } from '../../../catalog/schema.ts'
import { plural } from '../../../catalog/words.ts'
import type { Definition, Filter } from '../../../definition/schema.ts'
import { lexiconOf } from '../lexicon.ts'
import { lemma } from '../stem.ts'
import { allOf } from '../tie/place.ts'
import type { Turn } from './turn.ts'

const SPELT: Readonly<Record<string, number>> = { two: 2, three: 3, four: 4, five: 5, six: 6, ten: 10 }
const STRETCH = /^(?:hour|day|week|month|quarter|year|fiscal|financial|few|couple)s?$/i
const ASKED =
  /^(?:(?:when|what|where|which)(?:['’]s| is| are)|show(?: me)?|list|give me) (?=(?:the |our |your )?next\b)/i
const NEXT = /\b(?:(?:the|our|your) )?next (?:(\d+|two|three|four|five|six|ten) )?([\p{L}-]+)\b/iu

export const comingRows: Turn = ({ prompt, catalog }) => {
  const [found, number, noun = ''] = NEXT.exec(prompt) ?? []
  if (found === undefined || STRETCH.test(noun)) return []
  const one = lemma(noun.toLowerCase())
  const entities = lexiconOf(catalog).rowsCalled(one)
  if (entities.length === 0 || (number === undefined && one !== noun.toLowerCase())) return []
  const limit = number === undefined ? 1 : (SPELT[number.toLowerCase()] ?? Number(number))
  const rest = prompt.replace(ASKED, '').replace(found, plural(one))
  return [{ prompt: rest, make: (definition) => ahead(definition, entities, limit, catalog) }]
}

function ahead(definition: Definition, entities: readonly string[], limit: number, catalog: Catalog) {
  const root = definition.dataSources[0] ?? ''
  const entity = catalog.entities[root]
  const date = entity?.defaultDate
  const { aggregates, columns, distinct, filters, groupBy, sortBy } = definition
  const isList = columns.length > 0 && aggregates.length + groupBy.length === 0 && !distinct
  if (date === undefined || !entities.includes(root) || !isList) return undefined
  if (definition.limit !== null || sortBy.length > 0 || JSON.stringify(filters ?? null).includes(`"${date}"`))
    return undefined
  const scheduled = Object.entries(entity?.fields ?? {}).flatMap(([field, { values = [] }]): Filter[] =>
    values
      .filter(({ value, label = value, synonyms }) =>
        [label, ...synonyms].some((name) => /^(upcoming|coming|future)$/i.test(name)),
      )
      .map(({ value }) => ({ field, op: 'eq', value })),
  )
  const { label = '', synonyms = [] } = entity?.fields[date] ?? {}
  const isDue = [label, ...synonyms].some((name) => /\b(due|deadline)\b/i.test(name))
  if (scheduled.length > 1 || (scheduled.length === 0 && !isDue)) return undefined
  const all = filters === undefined ? [] : 'all' in filters ? filters.all : [filters]
  const fromToday: Filter = { field: date, op: 'in_period', value: { next: 1000, unit: 'day', includeCurrent: true } }
  // "The next cancelled event" says itself which.
  const said = scheduled.some((one) => 'field' in one && JSON.stringify(all).includes(`"field":"${one.field}"`))
  const shown = columns.some(({ field }) => field === date) ? columns : [...columns, { field: date }]
  return {
    ...definition,
    columns: shown,
    filters: allOf([...all, fromToday, ...(said ? [] : scheduled)]),
    sortBy: [{ field: date, direction: 'asc' as const }],
    limit,
  }
}
