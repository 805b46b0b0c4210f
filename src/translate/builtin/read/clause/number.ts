// Numbers among the conditions: ages, stars, how many times, how many rows of another kind.
// In: the place of a number. Out: a condition; where it stopped.
// Refused: numbers behind a comparison word; `compare.ts` reads those.
import type { CompareOp } from '../../../../definition/schema.ts'
import type { Chunk } from '../../chunk.ts'
import type { Cond, Measure, Mention, Operand } from '../ast.ts'
import { nounAhead, readNoun } from '../noun.ts'
import { boundBehind, skipUnit } from '../operand.ts'
import {
  isNoun,
  isNumber,
  isSoft,
  isValue,
  kwOf,
  mayMeanEntity,
  mayMeanField,
  mayMeanNumber,
  meansEntity,
  note,
  type Reader,
  type Scope,
  use,
  wordOf,
} from '../reader.ts'
import { nothing, push, pushCompare, type State } from './state.ts'
import { superStep } from './superlative.ts'
import { isYearNumber, pushYear } from './time.ts'

/** What was done so many times. */
export function timesOf(r: Reader, s: State, scope: Scope, at: number): Mention {
  if (s.hint !== undefined) return s.hint
  // "who gave at least 3 times": the deed's rows are counted.
  const deed = r.chunks[at - 1]
  const rows = deed?.links.some(({ target, score }) => target.kind === 'entity' && score > 0.7)
  if (deed !== undefined && rows === true && isSoft(deed)) {
    use(r, at - 1)
    r.ids += 1
    return { id: r.ids, chunk: deed, soft: false }
  }
  if (scope.subject !== undefined) return scope.subject
  note(r, 'timesOfNothing')
  return nothing()
}

/** A bare number: "have 2 pets", "grade 5" (with a hint), "in 2008". */
export function numberStep(r: Reader, scope: Scope, s: State, at: number, end: number): number {
  const chunk = r.chunks[at]
  if (chunk?.num === undefined) return at + 1
  const next = at + 1
  if (kwOf(r, next) === 'super' || kwOf(r, next) === 'top') {
    use(r, at)
    return superStep(r, scope, s, next, end, chunk.num)
  }
  if (kwOf(r, next) === 'times') {
    use(r, at, next + 1)
    push(scope, s, {
      kind: 'has',
      of: timesOf(r, s, scope, at),
      where: [],
      times: true,
      count: { op: 'eq', value: chunk.num },
    })
    return next + 1
  }
  const old = yearsOld(r, next, end)
  if (old !== undefined) return ageStep(r, scope, s, at, old, end, 'eq', chunk)
  const listed = starsStep(r, scope, s, at, end)
  if (listed !== undefined) return listed
  if (chunk.unit === undefined && nounAhead(r, next, end) && !isValue(r, next) && !isSoft(r.chunks[next]))
    return countedNoun(r, scope, s, at, next, end, 'eq', chunk.num)
  use(r, at)
  const bound = boundBehind(r, next, end)
  // "invested in two or more entrepreneurs": rows are counted, unless the word before is itself a number.
  const counted = bound !== undefined && nounAhead(r, bound.next, end) && !isValue(r, bound.next)
  const hinted = s.hint !== undefined && (!s.hint.soft || mayMeanNumber(s.hint.chunk))
  if (bound !== undefined && counted && !hinted && chunk.unit === undefined)
    return countedNoun(r, scope, s, at, bound.next, end, bound.op, chunk.num)
  if (isYearNumber(chunk) && (s.hint === undefined || s.hint.soft)) {
    pushYear(scope, s, chunk.num, bound?.op)
    return bound?.next ?? next
  }
  const field = s.hint
  if (wordOf(r, next) === 'as') {
    // "do not have 2192 as the advisor"
    const phrase = readNoun(r, next + 1, end)
    if (phrase.head !== undefined) {
      use(r, next, phrase.next)
      push(scope, s, { kind: 'number', value: chunk.num, text: chunk.numText ?? chunk.text, field: phrase.head })
      return phrase.next
    }
  }
  if (chunk.unit === '$' && field === undefined) {
    // "gifts of exactly $100": their amount, whatever it is called.
    const left: Measure = { kind: 'dim', dims: [], ...(scope.subject === undefined ? {} : { of: scope.subject }) }
    pushCompare(scope, s, left, bound?.op ?? 'eq', {
      kind: 'number',
      value: chunk.num,
      text: chunk.numText ?? chunk.text,
    })
    return bound?.next ?? next
  }
  push(scope, s, {
    kind: 'number',
    value: chunk.num,
    text: chunk.numText ?? chunk.text,
    ...(bound === undefined ? {} : { op: bound.op }),
    ...(field === undefined
      ? {}
      : meansEntity(field.chunk) && !mayMeanField(field.chunk)
        ? { near: field }
        : { field }),
  })
  return skipUnit(r, bound?.next ?? next, end)
}

/** "3 or 4 stars": several numbers in front of the field that holds them. */
function starsStep(r: Reader, scope: Scope, s: State, at: number, end: number): number | undefined {
  const joint = kwOf(r, at + 1)
  const second = r.chunks[at + 2]
  const noun = r.chunks[at + 3]
  if ((joint !== 'or' && joint !== 'and') || !isNumber(r, at + 2) || at + 3 >= end || !isNoun(r, at + 3))
    return undefined
  if (noun === undefined || !mayMeanNumber(noun) || second === undefined) return undefined
  const phrase = readNoun(r, at + 3, end)
  const head = phrase.head
  if (head === undefined) return undefined
  use(r, at, phrase.next)
  const parts = [r.chunks[at], second].map(
    (one): Cond => ({ kind: 'number', field: head, value: one?.num ?? 0, text: one?.numText ?? '' }),
  )
  push(scope, s, joint === 'and' && s.both ? { kind: 'and', parts, apart: true } : { kind: 'or', parts })
  for (const cond of phrase.where) push(scope, s, cond)
  return phrase.next
}

/** Where "years old" or "years of age" ends that begins here. */
export function yearsOld(r: Reader, at: number, end: number): number | undefined {
  const words = [0, 1, 2].map((offset) => (at + offset < end ? wordOf(r, at + offset) : ''))
  if (/^(years?|yrs) (old|of age)$/.test(words[0] ?? '')) return at + 1
  if (/^(years?|yrs) (old|of age)$/.test(`${words[0]} ${words[1]}`)) return at + 2
  return /^(years?|yrs) of age$/.test(words.join(' ')) ? at + 3 : undefined
}

/** "20 years old", "at least 32 years old": an age, whatever field is called so. */
export function ageStep(
  r: Reader,
  scope: Scope,
  s: State,
  from: number,
  old: number,
  end: number,
  op: CompareOp,
  { num, numText, text }: Chunk,
): number {
  use(r, from, old)
  const late = boundBehind(r, old, end)
  const left: Measure = { kind: 'dim', dims: ['age'], ...(scope.subject === undefined ? {} : { of: scope.subject }) }
  const right: Operand = { kind: 'number', value: num ?? 0, text: numText ?? text }
  push(scope, s, { kind: 'compare', left, op: late?.op ?? op, right })
  return late?.next ?? old
}

/** "more than 3 pets", "at least 500 points": a number in front of what it counts or measures. */
export function countedNoun(
  r: Reader,
  scope: Scope,
  s: State,
  from: number,
  nounAt: number,
  end: number,
  op: CompareOp,
  value: number,
): number {
  const phrase = readNoun(r, nounAt, end)
  const head = phrase.head
  if (head === undefined) return nounAt
  use(r, from, phrase.next)
  const entity = meansEntity(head.chunk)
  const stored = mayMeanNumber(head.chunk)
  const counts =
    !stored ||
    (entity
      ? r.pick('count-or-field', [
          [0, true],
          [0.6, false],
        ])
      : mayMeanEntity(head.chunk) &&
        r.pick('count-or-field', [
          [0.5, true],
          [0, false],
        ]))
  if (!counts) {
    push(scope, s, {
      kind: 'compare',
      left: { kind: 'noun', of: head },
      op,
      right: { kind: 'number', value, text: String(value) },
    })
    for (const cond of phrase.where) push(scope, s, cond)
    return phrase.next
  }
  const inner: Scope = { subject: head, where: [...phrase.where], main: false }
  // "missed at least 3 appointments": those that were missed.
  const rows = head.chunk.links.find(({ target }) => target.kind === 'entity')?.target.entity
  if (s.hint?.soft === true && s.hint.chunk.values.some((one) => one.entity === rows && one.score >= 0.95))
    inner.where.push({ kind: 'value', chunk: s.hint.chunk, op: 'eq', near: head })
  const negated = s.negated
  const next = r.nested(r, inner, phrase.next, end)
  s.negated = false
  const cond: Cond = {
    kind: 'has',
    of: head,
    where: inner.where,
    count: { op, value },
    ...(phrase.distinct ? { distinct: true } : {}),
  }
  push(scope, s, negated ? { kind: 'not', part: cond } : cond)
  s.hint = undefined
  return next
}
