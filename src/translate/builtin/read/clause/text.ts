// Texts that a field contains, begins or ends with, and names behind "named".
// In: the place of the word that says so. Out: a condition on a text; where it stopped.
// Refused: stored values that stand alone; `value.ts` reads those.
import type { Mention } from '../ast.ts'
import { readNoun } from '../noun.ts'
import {
  isNoun,
  isNumber,
  isValue,
  kwOf,
  mayMeanField,
  meansEntity,
  type Reader,
  type Scope,
  skip,
  use,
  wordOf,
} from '../reader.ts'
import { push, type State } from './state.ts'

/** Words that announce a text to be found in another. */
export const LETTERS = /^(words?|letters?|substring|string|phrase|prefix|suffix|text|characters?|char)$/

/** Where the text is that "the letter" or "the French word" announces. */
export function spelt(r: Reader, from: number, end: number): number | undefined {
  const letter = r.chunks[from]
  if (letter !== undefined && from < end && /^[A-Za-z]$/.test(letter.text)) return from
  return letter?.quoted === true && from < end ? from : undefined
}

/** "containing 'x'", "starts with 'A'": text behind the word; the field is the hint, or the named one of the subject. */
export function textStep(
  r: Reader,
  scope: Scope,
  s: State,
  at: number,
  end: number,
  given: Mention | undefined,
): number {
  const kw = kwOf(r, at)
  let next = skip(r, at + 1, end, ['det', 'named', 'prep', 'starts', 'contains'])
  while (
    next < end &&
    /^(word|words|letter|letters|substring|string|phrase|prefix|suffix|text|character|title|name)$/.test(
      wordOf(r, next),
    ) &&
    (isValue(r, next + 1) || r.chunks[next + 1] !== undefined)
  )
    next += 1
  // "contains the french word 'Moulin'": the quoted text is what it contains.
  const quote = [next, next + 1, next + 2].find((one) => one < end && r.chunks[one]?.quoted === true)
  if (quote !== undefined && r.chunks.slice(next, quote).every((one) => one.kw === undefined && one.links.length === 0))
    next = quote
  const letter = [at, at + 1, at + 2].find((one) => LETTERS.test(wordOf(r, one).replace(/^.* /, '')))
  const written = letter === undefined ? undefined : spelt(r, letter + 1, end)
  if (written !== undefined) next = written
  const chunk = r.chunks[next]
  if (chunk === undefined || next >= end) return at + 1
  if (
    kw === 'contains' &&
    chunk.quoted !== true &&
    !isValue(r, next) &&
    !(chunk.text.length === 1) &&
    !isNumber(r, next)
  )
    return at + 1
  use(r, at, next + 1)
  const field = given ?? s.hint ?? undefined
  const op = kw === 'starts' ? 'starts_with' : kw === 'ends' ? 'ends_with' : 'contains'
  push(scope, s, {
    kind: 'value',
    chunk,
    op,
    ...(field === undefined
      ? scope.subject === undefined
        ? {}
        : { near: scope.subject }
      : meansEntity(field.chunk) && !mayMeanField(field.chunk)
        ? { near: field }
        : { field }),
  })
  // "… or 'y'"
  const or = kwOf(r, next + 1)
  const second = r.chunks[next + 2]
  if ((or === 'or' || or === 'and') && second?.quoted === true && next + 2 < end) {
    use(r, next + 1, next + 3)
    s.or = or === 'or'
    push(scope, s, {
      kind: 'value',
      chunk: second,
      op,
      ...(field === undefined ? (scope.subject === undefined ? {} : { near: scope.subject }) : { field }),
    })
    return next + 3
  }
  const after = next + 1
  // "the substring 'x' in their name"
  if (field === undefined && wordOf(r, after) === 'in') {
    const phrase = readNoun(r, after + 1, end)
    if (phrase.head !== undefined && mayMeanField(phrase.head.chunk)) {
      use(r, after, phrase.next)
      const last = scope.where.at(-1)
      if (last?.kind === 'value') scope.where[scope.where.length - 1] = { kind: 'value', chunk, op, field: phrase.head }
      return phrase.next
    }
  }
  return after
}

/** Names behind "named" or "called". */
export function namedStep(r: Reader, scope: Scope, s: State, start: number, end: number): number {
  const next = skip(r, start, end, ['det', 'be', 'either', 'equals', 'as'])
  const chunk = r.chunks[next]
  if (chunk === undefined || next >= end) return start
  const near = s.hint ?? scope.subject
  let at = next
  for (;;) {
    const here = r.chunks[at]
    if (here === undefined || at >= end) break
    if (!(isValue(r, at) || here.capital || here.links.length === 0)) break
    use(r, at)
    push(scope, s, { kind: 'value', chunk: here, op: 'eq', named: true, ...(near === undefined ? {} : { near }) })
    const second = r.chunks[at + 1]
    if (
      at + 1 < end &&
      second !== undefined &&
      isValue(r, at + 1) &&
      !isNoun(r, at + 1) &&
      here.values.some((a) => second.values.some((b) => a.entity === b.entity && a.field !== b.field))
    ) {
      at += 1
      continue
    }
    const or = kwOf(r, at + 1)
    if ((or === 'or' || or === 'and') && isValue(r, at + 2)) {
      use(r, at + 1)
      s.or = or === 'or' || !s.both
      s.joined = true
      at += 2
      continue
    }
    at += 1
    break
  }
  return at
}
