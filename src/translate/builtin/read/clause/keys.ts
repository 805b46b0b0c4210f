// Columns behind "with" and keys behind "by" or "across".
// In: the noun that stands behind the word. Out: columns or groups added; where it stopped, or nothing where it is none.
// Refused: keys behind "each" and "per"; `group.ts` reads those.
import type { Mention } from '../ast.ts'
import { isPredicate, readMeasure, startsMeasure } from '../measure.ts'
import { type NounPhrase, readNoun } from '../noun.ts'
import { isNoun, isSoft, kwOf, note, type Reader, type Scope, skip, use, wordOf } from '../reader.ts'
import { aggregates, isColumnList, isListJoint, rowsOnly } from './shape.ts'

/** "with donor, amount and date": the columns of the list, or undefined where they are none. */
export function columnsWith(r: Reader, scope: Scope, head: Mention, start: number, end: number): number | undefined {
  if (
    !r.pick('with-columns', [
      [isListJoint(r, start) ? 0 : 0.6, true],
      [isListJoint(r, start) ? 2 : 0.4, false],
    ])
  )
    return undefined
  r.ask.select.push({ kind: 'noun', of: head })
  let next = start
  for (;;) {
    const joint = skip(r, next, end, ['comma', 'and', 'also'])
    if (joint === next || !startsMeasure(r, joint, end) || kwOf(r, joint) === 'super') break
    const measured = readMeasure(r, joint, end)
    if (measured.measures.length === 0 || !isColumnList(r, measured.next, end)) break
    use(r, next, measured.next)
    r.ask.select.push(...measured.measures)
    scope.where.push(...measured.where)
    next = measured.next
  }
  return next
}

/** "by month", "across channels": the keys that begin with a noun, or undefined where it is none. */
export function keysBehind(
  r: Reader,
  scope: Scope,
  phrase: NounPhrase,
  head: Mention,
  across: boolean,
  doers: boolean,
  end: number,
): number | undefined {
  if (
    !r.pick('by-group', [
      [across ? 0.7 : doers ? 1.8 : 0, true],
      [across ? 0.2 : doers ? 0 : 1.8, false],
    ])
  )
    return undefined
  scope.where.push(...phrase.where)
  if (!aggregates(r) || rowsOnly(r)) note(r, 'rowsBy')
  r.ask.group.push({ of: head, ...(across && r.ask.group.length > 0 ? { pivot: true } : {}) })
  let next = phrase.next
  while (kwOf(r, next) === 'and' || kwOf(r, next) === 'comma') {
    const key = skip(r, next + 1, end, ['det', 'prep'])
    const chunk = r.chunks[key]
    if (chunk === undefined || key >= end) break
    if (chunk.grain !== undefined && (chunk.links[0]?.score ?? 0) < 0.9) {
      use(r, next, key + 1)
      r.ask.group.push({ grain: chunk.grain })
      next = key + 1
      continue
    }
    if (!isNoun(r, key) || isPredicate(r, key + 1)) break
    const more = readNoun(r, key, end)
    if (more.head === undefined) break
    use(r, next, more.next)
    r.ask.group.push({ of: more.head })
    next = more.next
  }
  return next
}

/** Whether the "by" before a noun says who did it: "written by authors", not "papers by author". */
export function isDoneBy(r: Reader, { chunk }: Mention): boolean {
  let at = r.chunks.indexOf(chunk) - 1
  while (at > 0 && wordOf(r, at) !== 'by') at -= 1
  const before = r.chunks[at - 1]
  return (
    before !== undefined && before.period === undefined && (isSoft(before) || /(ed|en|wn|de|ld)$/.test(before.word))
  )
}

/** Whether rows are put together by a noun: rows of another kind, or a field of few values that is neither a number nor a time. */
export function isKey({ chunk }: Mention, rows: string | undefined): boolean {
  const [link] = chunk.links
  // "customers by type", where it is called the customer type.
  if (link === undefined || link.score < (link.target.entity === rows ? 0.75 : 0.9)) return false
  if (chunk.links.some(({ target, score }) => target.kind === 'entity' && score >= 0.9)) return true
  return link.target.kind === 'field' && (link.type === 'enum' || link.type === 'text' || link.type === 'boolean')
}
