// Comparisons with times as filters: "after 2010" is from 2011 on, "between March and May" ends with May.
// In: a comparison and a period (or a year), and what kind of field is compared. Out: a filter on that field.
// Refused: boundaries of relative periods that the language cannot express; those give undefined.
import type { Field } from '../../../catalog/schema.ts'
import type { CompareOp, Filter, Period } from '../../../definition/schema.ts'
import { isNumeric, isTime } from './facts.ts'

type Bounds = { readonly start: string; readonly end: string }

/** First day and day after the last of a fixed period. */
function bounds(period: Period): Bounds | undefined {
  const pad = (value: number) => String(value).padStart(2, '0')
  const month = (year: number, index: number): string =>
    index > 12 ? `${year + 1}-${pad(index - 12)}-01` : `${year}-${pad(index)}-01`
  if ('year' in period) return { start: `${pad4(period.year)}-01-01`, end: `${pad4(period.year + 1)}-01-01` }
  if ('quarter' in period) {
    const year = Number(period.quarter.slice(0, 4))
    const first = (Number(period.quarter.slice(6)) - 1) * 3 + 1
    return { start: month(year, first), end: month(year, first + 3) }
  }
  if ('month' in period) {
    const year = Number(period.month.slice(0, 4))
    const index = Number(period.month.slice(5))
    return { start: month(year, index), end: month(year, index + 1) }
  }
  if ('day' in period) return { start: period.day, end: nextDay(period.day) }
  if ('from' in period) return { start: period.from, end: period.to }
  return undefined
}

const pad4 = (value: number) => String(value).padStart(4, '0')

function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
}

/** A filter that compares a field with a period; undefined when that cannot be said. */
export function timeFilter(path: string, field: Field | undefined, op: CompareOp, period: Period): Filter | undefined {
  if (isTime(field)) {
    if (op === 'eq') return { field: path, op: 'in_period', value: period }
    if (op === 'ne') return { not: { field: path, op: 'in_period', value: period } }
    const fixed = bounds(period)
    if (fixed !== undefined) {
      if (op === 'gt') return { field: path, op: 'in_period', value: { since: fixed.end } }
      if (op === 'gte') return { field: path, op: 'in_period', value: { since: fixed.start } }
      if (op === 'lt') return { field: path, op: 'in_period', value: { before: fixed.start } }
      return { field: path, op: 'in_period', value: { before: fixed.end } }
    }
    if (op === 'gte' && 'previous' in period)
      return { field: path, op: 'in_period', value: { last: 2, unit: period.previous, includeCurrent: true } }
    if (op === 'gte' && 'last' in period)
      return {
        field: path,
        op: 'in_period',
        value: { ...period, last: period.last + (period.includeCurrent === true ? 0 : 1), includeCurrent: true },
      }
    if (op === 'gte' && 'this' in period) return { field: path, op: 'in_period', value: period }
    return undefined
  }
  const year = 'year' in period ? period.year : undefined
  if (year !== undefined) {
    if (isNumeric(field)) return { field: path, op, value: year }
    if (op === 'eq') return { field: path, op: isYearName(path) ? 'eq' : 'contains', value: String(year) }
    if (op === 'ne') return { field: path, op: isYearName(path) ? 'ne' : 'not_contains', value: String(year) }
    return { field: path, op, value: op === 'gt' && !isYearName(path) ? String(year + 1) : String(year) }
  }
  const fixed = bounds(period)
  if (fixed === undefined) return undefined
  if ('day' in period) return { field: path, op, value: period.day }
  if ('month' in period && op === 'eq') return { field: path, op: 'starts_with', value: period.month }
  return undefined
}

function isYearName(path: string): boolean {
  return /year|yr/i.test(path.split('.').at(-1) ?? '')
}

/** A filter for a span of two times, both ends included. */
export function spanFilter(path: string, field: Field | undefined, min: Period, max: Period): Filter | undefined {
  const low = bounds(min)
  const high = bounds(max)
  if (low === undefined || high === undefined) return undefined
  if (isTime(field)) return { field: path, op: 'in_period', value: { from: low.start, to: high.end } }
  if ('year' in min && 'year' in max && isNumeric(field))
    return { field: path, op: 'between', value: { min: min.year, max: max.year } }
  if ('year' in min && 'year' in max)
    return {
      field: path,
      op: 'between',
      value: { min: String(min.year), max: isYearName(path) ? String(max.year) : String(max.year + 1) },
    }
  return { field: path, op: 'between', value: { min: low.start, max: 'day' in max ? max.day : high.end } }
}
