// Which date a definition is about: the period filter and the time key that compare and fillGaps work with.
import { columnId } from './outputs.ts'
import type { Definition, FieldCondition, Filter, GroupKey, Period } from './schema.ts'

export type PeriodCondition = FieldCondition & { readonly value: Period }

/** The in_period conditions at the top level, alone or in `all`, groups that change nothing about them seen through. */
export function topPeriods(filters: Filter | undefined): PeriodCondition[] {
  if (filters === undefined) return []
  if ('all' in filters) return filters.all.flatMap(topPeriods)
  if ('any' in filters) return filters.any.length === 1 ? topPeriods(filters.any[0]) : []
  if ('not' in filters) return 'not' in filters.not ? topPeriods(filters.not.not) : []
  return isPeriodCondition(filters) ? [filters] : []
}

function isPeriodCondition(filter: Filter): filter is PeriodCondition {
  if (!('field' in filter) || filter.op !== 'in_period' || filter.grain !== undefined) return false
  return typeof filter.value === 'object' && !Array.isArray(filter.value) && isPeriodValue(filter.value)
}

const periodKeys = [
  'last',
  'next',
  'this',
  'previous',
  'to_date',
  'year',
  'fiscal_year',
  'quarter',
  'month',
  'day',
  'from',
  'before',
  'since',
]

/** Whether a value is a period, by its telling key. */
export const isPeriodValue = (value: object): boolean => periodKeys.some((key) => key in value)

/** Whether a key gives the start of a stretch of time. */
export function isTimeKey(key: GroupKey): boolean {
  const { grain } = key
  return grain !== undefined && !grain.includes('_of_') && grain !== 'year_number'
}

/** The id of the first key with a truncating grain. */
export function firstTimeKey(definition: Definition): string | undefined {
  const key = definition.groupBy.find(isTimeKey)
  return key === undefined ? undefined : columnId(key)
}
