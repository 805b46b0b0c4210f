// What follows "and" or a comma, where it is one more column.
// In: the place behind the joint. Out: the columns added, or nothing read; where it stopped.
// Refused: conditions; they are left to the steps.
import { howDimensions } from '../how.ts'
import { isPredicate, readMeasure, startsMeasure } from '../measure.ts'
import { isNoun, isSoft, isValue, kwOf, mayMeanField, type Reader, type Scope, skip, use, wordOf } from '../reader.ts'
import { isComparison } from './shape.ts'
import type { State } from './state.ts'

/** After "and" or a comma: one more column, when what follows is a thing to show and not a condition. */
export function more(r: Reader, scope: Scope, s: State, start: number, end: number): number {
  const at = skip(r, start, end, ['and', 'also', 'comma', 'polite'])
  use(r, start, at)
  if (!scope.main) return at
  const asked = askedAgain(r, scope, at, end)
  if (asked !== undefined) return asked
  if (!startsMeasure(r, at, end)) return at
  const kw = kwOf(r, at)
  const first = skip(r, at, end, ['det', 'possessive', 'corresponding', 'all', 'distinct'])
  const their = kw === 'possessive' || kwOf(r, first - 1) === 'possessive' || kwOf(r, first - 1) === 'corresponding'
  const firstKw = isNoun(r, first) ? undefined : kwOf(r, first)
  if (firstKw === 'super') return at
  if (firstKw === 'howmany' || firstKw === 'count' || firstKw === 'agg' || firstKw === 'share') {
    const mark = new Set(r.used)
    const measured = readMeasure(r, at, end)
    if (measured.measures.length > 0 && !isComparison(r, measured.next, end)) {
      // The set of columns grows only where nothing but conditions of the head stood in between.
      if (
        r.pick('more-measure', [
          [0, true],
          [1.2, false],
        ])
      ) {
        use(r, at, measured.next)
        r.ask.select.push(...measured.measures)
        scope.where.push(...measured.where)
        s.relative = false
        return measured.next
      }
    }
    r.used.clear()
    for (const one of mark) r.used.add(one)
    return at
  }
  const chunk = r.chunks[first]
  if (chunk === undefined || isSoft(chunk) || !mayMeanField(chunk)) return at
  const afterNoun = first + 1
  if (isPredicate(r, afterNoun) || isValue(r, afterNoun) || s.or) return at
  const cost = their ? 0 : s.relative ? 0.9 : 0.35
  if (
    !r.pick('more-column', [
      [cost, true],
      [their ? 1.2 : 0.5, false],
    ])
  )
    return at
  const measured = readMeasure(r, at, end)
  if (measured.measures.length === 0 || isComparison(r, measured.next, end)) return at
  use(r, at, measured.next)
  r.ask.select.push(...measured.measures)
  scope.where.push(...measured.where)
  return measured.next
}

/** "… and how old are they", "… and in which country do they live": one more column, asked as a question. */
function askedAgain(r: Reader, scope: Scope, at: number, end: number): number | undefined {
  const kw = kwOf(r, at)
  if (kw === 'wh' && wordOf(r, at) === 'how') {
    const dims = howDimensions(wordOf(r, at + 1))
    if (dims === undefined) return undefined
    use(r, at, at + 2)
    r.ask.select.push({ kind: 'dim', dims, ...(scope.subject === undefined ? {} : { of: scope.subject }) })
    return at + 2
  }
  if ((kw !== 'rel' && kw !== 'wh') || !/(^| )(which|what)$/.test(wordOf(r, at))) return undefined
  const next = skip(r, at + 1, end, ['be', 'det', 'possessive'])
  const chunk = r.chunks[next]
  if (chunk === undefined || next >= end || !isNoun(r, next) || isSoft(chunk) || !mayMeanField(chunk)) return undefined
  if (
    !r.pick('asked-again', [
      [wordOf(r, at).startsWith('which') && next === at + 1 ? 0.4 : 0, true],
      [0.4, false],
    ])
  )
    return undefined
  use(r, at, next)
  const measured = readMeasure(r, next, end)
  r.ask.select.push(...measured.measures)
  scope.where.push(...measured.where)
  return measured.next
}
