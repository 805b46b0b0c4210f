// Years and periods among the conditions.
// In: the place of a preposition, a year or a period. Out: a condition on a date; where it stopped.
// Refused: which date is meant; ties decide that.
import type { CompareOp } from '../../../../definition/schema.ts'
import type { Chunk } from '../../chunk.ts'
import type { Mention } from '../ast.ts'
import { boundBehind } from '../operand.ts'
import { isNoun, isValue, kwOf, mention, type Reader, type Scope, skip, use, wordOf } from '../reader.ts'
import { push, type State } from './state.ts'

/** Whether a year stands behind a preposition. */
export function isYearAhead(r: Reader, at: number, end: number): boolean {
  const word = wordOf(r, at)
  if (!['in', 'during', 'for', 'of', 'from', 'within', 'on', 'at'].includes(word)) return false
  const next = skip(r, at + 1, end, ['det'])
  const chunk = r.chunks[next]
  return chunk !== undefined && isYearNumber(chunk) && !(next + 1 < end && isNoun(r, next + 1) && word !== 'in')
}

/** Whether a number is written as a year. */
export function isYearNumber(chunk: Chunk): boolean {
  return chunk.num !== undefined && chunk.unit === undefined && /^(1[5-9]|20|21)\d\d$/.test(chunk.numText ?? '')
}

/** "in 2001 and 2002": one or more years. */
export function yearStep(r: Reader, scope: Scope, s: State, at: number, end: number): number {
  const next = skip(r, at + 1, end, ['det'])
  const chunk = r.chunks[next]
  use(r, at, next + 1)
  const bound = boundBehind(r, next + 1, end)
  s.hint ??= doneThen(r, at - 1)
  pushYear(scope, s, chunk?.num ?? 0, bound?.op)
  // "in 2001 and 2002", "in 2001 or 2002"
  let after = bound?.next ?? next + 1
  for (;;) {
    const kw = kwOf(r, after)
    const joined = kw === 'or' || kw === 'and' ? skip(r, after + 1, end, ['prep', 'det']) : after
    const more = r.chunks[joined]
    if (joined === after || more === undefined || joined >= end || !isYearNumber(more)) break
    use(r, after, joined + 1)
    // "gave in 2024 and in 2025": in each of them, where one verb has both.
    const each = s.both || (kw === 'and' && s.hint?.soft === true && kwOf(r, after + 1) === 'prep')
    if (kw === 'or' || !each) s.or = true
    else s.joined = true
    const both = s.both
    s.both = each
    pushYear(scope, s, more.num ?? 0)
    s.both = both
    after = joined + 1
  }
  return after
}

/** Adds the condition of one year. */
export function pushYear(scope: Scope, s: State, year: number, op?: CompareOp): void {
  push(scope, s, {
    kind: 'period',
    period: { year },
    ...(op === undefined ? {} : { op }),
    ...(s.hint === undefined ? {} : { near: s.hint }),
  })
}

/** "refunded last month": a value that also names the day it came to be. */
function doneThen(r: Reader, at: number): Mention | undefined {
  const chunk = r.chunks[at]
  if (chunk === undefined || !isValue(r, at) || !/ed$/.test(chunk.word)) return undefined
  const dated = chunk.links.some(({ type, score }) => score >= 0.85 && (type === 'timestamp' || type === 'date'))
  return dated ? mention(r, at) : undefined
}

/** A period that was read as a whole: "last quarter". */
export function periodStep(r: Reader, scope: Scope, s: State, at: number): number {
  const chunk = r.chunks[at]
  if (chunk?.period === undefined) return at + 1
  use(r, at)
  if (chunk.assumption !== undefined) r.ask.notes.push(chunk.assumption)
  const near = s.hint ?? doneThen(r, kwOf(r, at - 1) === 'prep' ? at - 2 : at - 1)
  push(scope, s, { kind: 'period', period: chunk.period, ...(near === undefined ? {} : { near }) })
  return at + 1
}
