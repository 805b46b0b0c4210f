// Putting conditions together: flat, without repeats, without what another condition already says.
import { type Filter, limits } from '../schema.ts'

/** A filter, or a condition that is always true or always false. */
export type Condition = Filter | boolean

const NEGATIVE: ReadonlySet<string> = new Set(['ne', 'not_in', 'not_contains', 'is_empty'])

/** All of the conditions. */
export function all(conditions: readonly Condition[]): Condition {
  const parts = unique(
    conditions.flatMap((one): readonly Condition[] => (typeof one === 'object' && 'all' in one ? one.all : [one])),
  )
  if (parts.includes(false)) return false
  const filters = parts.filter((one) => typeof one === 'object')
  const needed = filters.filter(
    (one, index) =>
      !isSaidElsewhere(
        one,
        filters.filter((_, other) => other !== index),
      ),
  )
  return wrap(needed, true, (list) => ({ all: list }))
}

/** At least one of the conditions. */
export function any(conditions: readonly Condition[]): Condition {
  const parts = unique(
    conditions.flatMap((one): readonly Condition[] => (typeof one === 'object' && 'any' in one ? one.any : [one])),
  )
  if (parts.includes(true)) return true
  const filters = parts.filter((one) => typeof one === 'object')
  return wrap(mergeEquals(filters), false, (list) => ({ any: list }))
}

/** The exact opposite of a condition. */
export function opposite(condition: Condition): Condition {
  if (typeof condition === 'boolean') return !condition
  if ('not' in condition) return condition.not
  if ('relation' in condition && condition.match === 'some') return { ...condition, match: 'none' }
  if ('relation' in condition && condition.match === 'none') return { ...condition, match: 'some' }
  if ('op' in condition && condition.op === 'not_empty') return { ...condition, op: 'is_empty' }
  if ('op' in condition && condition.op === 'is_empty') return { ...condition, op: 'not_empty' }
  if ('op' in condition && condition.op === 'in') return { ...condition, op: 'not_in' }
  if ('op' in condition && condition.op === 'not_in') return { ...condition, op: 'in' }
  return { not: condition }
}

/** Whether a filter can only be true when the row at a relation path exists. */
export function needsRowAt(filter: Filter, path: string): boolean {
  if ('all' in filter) return filter.all.some((one) => needsRowAt(one, path))
  if ('any' in filter) return filter.any.every((one) => needsRowAt(one, path))
  if ('not' in filter) return false
  const under = (name: string) => name.startsWith(`${path}.`)
  if ('relation' in filter) return filter.match === 'some' && (filter.relation === path || under(filter.relation))
  if (!('field' in filter) || NEGATIVE.has(filter.op)) return false
  return under(filter.field) || comparedFields(filter.value).some(under)
}

function needsValue(filter: Filter, field: string): boolean {
  if ('all' in filter) return filter.all.some((one) => needsValue(one, field))
  if ('any' in filter) return filter.any.every((one) => needsValue(one, field))
  if (!('field' in filter) || NEGATIVE.has(filter.op)) return false
  return filter.field === field || comparedFields(filter.value).includes(field)
}

function comparedFields(value: unknown): string[] {
  if (typeof value !== 'object' || value === null || !('field' in value)) return []
  return typeof value.field === 'string' ? [value.field] : []
}

function isSaidElsewhere(filter: Filter, others: readonly Filter[]): boolean {
  if (!('field' in filter) || !(filter.op === 'not_empty' || (filter.op === 'gte' && filter.value === ''))) return false
  return others.some((other) => JSON.stringify(other) !== JSON.stringify(filter) && needsValue(other, filter.field))
}

/** `x = 1 or x = 2` as one list. */
function mergeEquals(filters: readonly Filter[]): Filter[] {
  const merged: Filter[] = []
  for (const filter of filters) {
    const last = merged.at(-1)
    const more = listOf(filter)
    const before = last === undefined ? undefined : listOf(last)
    if (more !== undefined && before !== undefined && before.field === more.field) {
      const value = [...before.values, ...more.values]
      if (value.length <= limits.listValues) merged[merged.length - 1] = { field: more.field, op: 'in', value }
      else merged.push(filter)
    } else merged.push(filter)
  }
  return merged
}

function listOf(filter: Filter): { field: string; values: (string | number | boolean)[] } | undefined {
  if (!('field' in filter) || filter.grain !== undefined) return undefined
  const { value } = filter
  if (filter.op === 'in' && Array.isArray(value)) return { field: filter.field, values: value }
  if (filter.op === 'eq' && (typeof value === 'string' || typeof value === 'number'))
    return { field: filter.field, values: [value] }
  return undefined
}

function unique(conditions: readonly Condition[]): Condition[] {
  const seen = new Map(conditions.map((one) => [JSON.stringify(one), one]))
  return [...seen.values()]
}

function wrap(filters: readonly Filter[], empty: boolean, make: (list: Filter[]) => Filter): Condition {
  const first = filters[0]
  if (first === undefined) return empty
  return filters.length === 1 ? first : make([...filters])
}
