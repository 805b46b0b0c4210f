// An entity among the conditions: the subject, or something related that must or must not exist.
// In: the mention of an entity. Out: a condition with the clauses behind it; where it stopped.
// Refused: by which relation it is reached; placing decides that.
import type { Cond, Mention } from '../ast.ts'
import { isNoun, isValue, kwOf, type Reader, type Scope, skip } from '../reader.ts'
import { push, type State } from './state.ts'

/** An entity among the conditions: the subject when there is none yet, else something related that must (not) exist. */
export function entityStep(
  r: Reader,
  scope: Scope,
  s: State,
  head: Mention,
  next: number,
  end: number,
  negated: boolean,
): number {
  const subject = scope.subject
  if (subject === undefined && !negated && !s.relative) {
    scope.subject = head
    if (scope.main) r.ask.subject = head
    return next
  }
  if (head.soft && !negated && s.relative && deniedBehind(r, next)) {
    // "who pledged but never gave": the one is done, the other is not.
    push(scope, s, { kind: 'has', of: head, where: [] })
    return next
  }
  if (head.soft && !negated) {
    s.hint = head
    return next
  }
  if (head.soft && restNames(r, next, end) && !isValue(r, skip(r, next, end, ['prep', 'det', 'any', 'all']))) {
    // "never ordered product Latte": the noun behind the verb is what is not there.
    s.hint = head
    return next
  }
  if (negated) {
    const inner: Scope = { subject: head, where: [], main: false }
    s.negated = false
    const after = r.nested(r, inner, next, end)
    // Nothing between the negation and a repeat of the subject: the negation speaks of what follows.
    push(scope, s, {
      kind: 'not',
      part: { kind: 'has', of: head, where: inner.where },
      ...(s.except ? { except: true } : {}),
    })
    s.except = false
    s.hint = undefined
    return after
  }
  if (subject !== undefined && head.chunk.word === subject.chunk.word && !s.both) {
    // "mountains above 5600 and mountains below 5200": two kinds of rows, not one row that is both.
    if (s.joined && scope.where.length > 0) s.both = true
    s.hint = undefined
    return next
  }
  const inner: Cond[] = []
  const cond: Cond = { kind: 'has', of: head, where: inner }
  if (s.both) {
    // "both students from NY and students from CA": each noun takes its own conditions.
    const nestedScope: Scope = { subject: head, where: inner, main: false }
    const stop = conjunctionAt(r, next, end)
    const after = r.nested(r, nestedScope, next, stop)
    push(scope, s, cond)
    return after
  }
  push(scope, s, cond)
  s.hint = head
  return next
}

/** Whether "but not" or "and did not" follows. */
export function deniedBehind(r: Reader, at: number): boolean {
  if (kwOf(r, at) !== 'but' && kwOf(r, at) !== 'and') return false
  const next = skip(r, at + 1, r.chunks.length, ['do', 'have', 'be'])
  return kwOf(r, next) === 'not' || kwOf(r, next) === 'without'
}

/** Whether a noun or value follows before the clause ends. */
function restNames(r: Reader, from: number, end: number): boolean {
  for (let at = from; at < end; at += 1) {
    if (isNoun(r, at) || isValue(r, at)) return true
    const kw = kwOf(r, at)
    if (kw !== 'prep' && kw !== 'det' && kw !== 'any' && kw !== 'all' && kw !== 'filler' && kw !== 'distinct')
      return false
  }
  return false
}

function conjunctionAt(r: Reader, from: number, end: number): number {
  for (let at = from; at < end; at += 1) if (kwOf(r, at) === 'and' && !isNoun(r, at)) return at
  return end
}
