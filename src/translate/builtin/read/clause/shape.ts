// Small questions about the shape of what was asked so far, and about lists.
// In: a reader. Out: yes or no.
// Refused: reading on; nothing is marked as read here.
import { isNumber, kwOf, meansEntity, meansMetric, type Reader, skip } from '../reader.ts'

/** Whether a list goes on here. */
export function isListJoint(r: Reader, at: number): boolean {
  const kw = kwOf(r, at)
  return kw === 'and' || kw === 'comma'
}

/** Whether a list of columns may end or go on here. */
export function isColumnList(r: Reader, at: number, end: number): boolean {
  if (at >= end) return true
  const kw = kwOf(r, at)
  return (
    kw === 'comma' || kw === 'and' || kw === 'order' || kw === 'each' || kw === 'asc' || kw === 'desc' || kw === 'alpha'
  )
}

/** Whether something is aggregated so far. */
export function aggregates(r: Reader): boolean {
  return r.ask.select.some(
    (one) =>
      one.kind === 'agg' ||
      one.kind === 'count' ||
      one.kind === 'share' ||
      (one.kind === 'noun' && meansMetric(one.of.chunk)),
  )
}

/** Whether nothing but rows is asked for so far: "expenses", "pledges". */
export function rowsOnly(r: Reader): boolean {
  const [first, second] = r.ask.select
  return first?.kind === 'noun' && second === undefined && !first.of.soft && meansEntity(first.of.chunk)
}

/** Whether a comparison begins here. */
export function isComparison(r: Reader, at: number, end: number): boolean {
  const next = skip(r, at, end, ['be', 'modal', 'not'])
  const kw = kwOf(r, next)
  return next < end && (kw === 'cmp' || kw === 'between' || kw === 'equals' || isNumber(r, next))
}

/** The entity of the rows that are asked for first. */
export function rowsShown(r: Reader): string | undefined {
  const [first] = r.ask.select
  if (first?.kind !== 'noun') return undefined
  return first.of.chunk.links.find(({ target, score }) => target.kind === 'entity' && score >= 0.9)?.target.entity
}
