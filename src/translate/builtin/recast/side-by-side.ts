// "Card vs check donations this year", "gifts in 2024 vs 2025", "raised vs pledged by campaign": both sides in one table.
// In: a prompt with one "vs". Out: its readings: two times of one number, two values of one field, two numbers.
// Refused: sides of which the table does not show each by itself.
import type { Catalog } from '../../../catalog/schema.ts'
import type { Definition, Filter } from '../../../definition/schema.ts'
import { lexiconOf } from '../lexicon.ts'
import { lemma } from '../stem.ts'
import { countMetric } from '../tie/facts.ts'
import type { Recast, Turn } from './turn.ts'

const VERSUS = / (?:vs\.?|versus) /gi

export const sideBySide: Turn = ({ prompt, catalog }) => {
  if ([...prompt.matchAll(VERSUS)].length !== 1) return []
  const [first = ''] = prompt.toLowerCase().split(/[^\p{L}-]+/u)
  const isRows = first !== lemma(first) && lexiconOf(catalog).rowsCalled(first).length > 0
  const times = (words: string): Recast => ({
    prompt: words,
    make: (definition) => (definition.compare === null ? undefined : definition),
  })
  const values: Recast = { prompt: prompt.replace(VERSUS, ' or '), make: (definition) => byValue(definition, catalog) }
  const numbers: Recast = {
    prompt: prompt.replace(VERSUS, ' and '),
    make: (definition) => (definition.aggregates.length === 2 ? definition : undefined),
  }
  return [
    times(prompt),
    ...(isRows ? [times(`number of ${prompt}`)] : []),
    ...(/ or /i.test(prompt) ? [] : [values]),
    ...(/ and /i.test(prompt) ? [] : [numbers]),
  ]
}

/** The table with the two values of its one alternative apart; rows that are only listed are counted. */
function byValue(definition: Definition, catalog: Catalog): Definition | undefined {
  const { aggregates, compare, filters, groupBy, limit } = definition
  const all = filters === undefined ? [] : 'all' in filters ? filters.all : [filters]
  const [field, other] = all.flatMap(twoValues)
  if (field === undefined || other !== undefined || limit !== null || compare !== null) return undefined
  if (groupBy.some((key) => key.field === field)) return definition
  const keys = [...groupBy, { field }]
  if (aggregates.length > 0) return { ...definition, groupBy: keys }
  if (groupBy.length > 0) return undefined
  const metric = countMetric(catalog, definition.dataSources[0] ?? '')
  const count = metric === undefined ? { id: 'count', fn: 'count' as const } : { id: metric, metric }
  return { ...definition, columns: [], sortBy: [], distinct: false, groupBy: keys, aggregates: [count] }
}

/** The field of which a condition leaves two values open. */
function twoValues(filter: Filter): readonly string[] {
  if ('any' in filter) {
    const fields = new Set(filter.any.flatMap((one) => ('field' in one && one.op === 'eq' ? [one.field] : [''])))
    const [field = ''] = fields
    return filter.any.length === 2 && fields.size === 1 && field !== '' ? [field] : []
  }
  if (!('field' in filter) || filter.op !== 'in' || !Array.isArray(filter.value)) return []
  return filter.value.length === 2 ? [filter.field] : []
}
