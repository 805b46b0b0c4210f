// Stored values among the conditions, alone or in a list, with the noun that says what they are.
// In: the place of a value. Out: one condition for the list; where it stopped.
// Refused: judging whether the rows can have all of them at once; building does.
import type { Chunk } from '../../chunk.ts'
import { isPast } from '../../stem.ts'
import type { Cond, Mention } from '../ast.ts'
import { isPredicate } from '../measure.ts'
import { readNoun } from '../noun.ts'
import {
  isNoun,
  isSoft,
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

/** One value or a list of them: "NY", "NY or CA", "both Math and Physics". */
export function valueStep(r: Reader, scope: Scope, s: State, at: number, end: number): number {
  const hint = s.hint
  const denied = deniedDeed(r, scope, s, at, end)
  if (denied !== undefined) return denied
  const useHint = hint !== undefined && (mayMeanField(hint.chunk) || hint.soft)
  return valuesAt(r, scope, s, at, end, useHint ? hint : undefined, hint)
}

/** "never attended a gala": what was done and to what are denied together. */
function deniedDeed(r: Reader, scope: Scope, s: State, at: number, end: number): number | undefined {
  const chunk = r.chunks[at]
  const no = s.denied?.at ?? -1
  const deed = wordOf(r, no) === 'never' || /^(do|have)$/.test(kwOf(r, no - 1) ?? '')
  if (chunk === undefined || !s.negated || s.or || !deed || no !== at - 1) return undefined
  if (!/ed$/.test(chunk.word) && !isPast(chunk.word) && kwOf(r, no - 1) !== 'do') return undefined
  const inner: Scope = { where: [], main: false }
  use(r, at)
  const next = r.nested(r, inner, at + 1, end)
  const value: Cond = { kind: 'value', chunk, op: 'eq' }
  push(scope, s, inner.where.length === 0 ? value : { kind: 'and', parts: [value, ...inner.where] })
  return next
}

/** The values that begin here, with the field or noun that they are of. */
export function valuesAt(
  r: Reader,
  scope: Scope,
  s: State,
  start: number,
  end: number,
  field: Mention | undefined,
  near?: Mention,
): number {
  const chunks: { chunk: Chunk; or: boolean; not: boolean }[] = []
  let at = start
  let joinedByOr = false
  let joinedByAnd = false
  for (;;) {
    const chunk = r.chunks[at]
    if (chunk === undefined || at >= end || !isValue(r, at)) break
    use(r, at)
    chunks.push({ chunk, or: joinedByOr, not: false })
    at += 1
    const joint = skip(r, at, end, ['and', 'or', 'comma', 'neither'])
    const beyond = skip(r, joint, end, ['det', 'prep', 'either', 'both'])
    const nextChunk = r.chunks[beyond]
    if (
      joint === at ||
      nextChunk === undefined ||
      beyond >= end ||
      !isValue(r, beyond) ||
      (isNoun(r, beyond) && nextChunk.quoted !== true && (nextChunk.links[0]?.score ?? 0) > 0.8)
    )
      break
    if (!sameField(chunk, nextChunk)) break
    for (let index = at; index < joint; index += 1) {
      const kw = kwOf(r, index)
      if (kw === 'or') joinedByOr = true
      if (kw === 'and') joinedByAnd = true
    }
    use(r, at, beyond)
    at = beyond
  }
  // "in the Math department", "Cash payment method": the noun behind says what the value is.
  let hinted = field
  let close = near
  const taken = leftOut(r, at, end)
  if (taken !== undefined) {
    use(r, at, taken)
    s.negated = true
    at = taken
  }
  const after = r.chunks[at]
  if (at < end && after !== undefined && isNoun(r, at) && !isSoft(after) && !isPredicate(r, at + 1)) {
    const first = chunks[0]?.chunk
    const fits = after.links.some((link) =>
      first?.values.some(
        (value) =>
          value.entity === link.target.entity && (link.target.kind !== 'field' || link.target.field === value.field),
      ),
    )
    if (fits || (first?.quoted === true && first.values.length === 0)) {
      const phrase = readNoun(r, at, end, { owners: false })
      if (phrase.head !== undefined) {
        use(r, at, phrase.next)
        const fieldFits = phrase.head.chunk.links.some(
          (link) =>
            link.target.kind === 'field' &&
            first?.values.some(
              (value) =>
                value.entity === link.target.entity &&
                link.target.kind === 'field' &&
                value.field === link.target.field,
            ),
        )
        if (fieldFits) hinted = phrase.head
        else close = phrase.head
        at = phrase.next
      }
    }
  }
  // "'Express' in their names": a part of the name.
  const within =
    chunks[0]?.chunk.quoted === true && wordOf(r, at) === 'in' && kwOf(r, at + 1) === 'possessive' && at + 2 < end
  const part = within && mayMeanField(r.chunks[at + 2]) ? readNoun(r, at + 2, end, { owners: false }) : undefined
  if (part?.head !== undefined) {
    use(r, at, part.next)
    hinted = part.head
    // "a song that has 'love' in its title": the song's.
    const owner = near ?? scope.subject
    if (owner !== undefined && meansEntity(owner.chunk)) part.head.owner ??= owner
    at = part.next
  }
  const substring = chunks[0]?.chunk.quoted === true ? partBehind(r, at, end) : undefined
  if (substring !== undefined) {
    use(r, at, substring.next)
    hinted = substring.field ?? hinted
    at = substring.next
  }
  const contains = part?.head !== undefined || substring !== undefined
  const conds: Cond[] = sharedFields(chunks.map(({ chunk }) => chunk)).map((chunk) => ({
    kind: 'value',
    chunk,
    op: contains ? 'contains' : 'eq',
    ...(hinted === undefined ? {} : { field: hinted }),
    ...(close === undefined ? {} : { near: close }),
  }))
  const first = conds[0]
  if (first === undefined) return at
  if (conds.length === 1) push(scope, s, first)
  else if (s.both && joinedByAnd && !joinedByOr) push(scope, s, { kind: 'and', parts: conds, apart: true })
  else if (joinedByOr || s.negated || s.either) push(scope, s, { kind: 'or', parts: conds })
  else {
    const apart = r.pick('and-list', [
      [0.3, false],
      [0.5, true],
    ])
    push(scope, s, apart ? { kind: 'and', parts: conds, apart: true } : { kind: 'or', parts: conds, listed: true })
  }
  s.both = false
  return at
}

/** "…, amendments left out": the words behind a noun or value that take it away. */
export function leftOut(r: Reader, at: number, end: number): number | undefined {
  const next = skip(r, at, end, ['be', 'det'])
  const pair = `${wordOf(r, next)} ${wordOf(r, next + 1)}`
  if (/^(left out|not included|not counted|taken out|filtered out)$/.test(pair) && next + 1 < end) return next + 2
  return next < end && /^(excluded|removed|omitted|ignored|skipped)$/.test(wordOf(r, next)) ? next + 1 : undefined
}

/** "as a substring in the special feature" behind a quoted text. */
function partBehind(r: Reader, from: number, end: number): { field?: Mention; next: number } | undefined {
  const at = kwOf(r, from) === 'contains' ? from : wordOf(r, from) === 'as' ? skip(r, from + 1, end, ['det']) : end
  if (at >= end || !/(^| )(substring|prefix|part)$/.test(wordOf(r, at))) return undefined
  const phrase = /^(in|of)$/.test(wordOf(r, at + 1)) ? readNoun(r, at + 2, end, { owners: false }) : undefined
  if (phrase?.head === undefined || !mayMeanField(phrase.head.chunk)) return { next: at + 1 }
  return { field: phrase.head, next: phrase.next }
}

/** Values of one list are values of one field. */
function sharedFields(chunks: readonly Chunk[]): Chunk[] {
  if (chunks.length < 2) return [...chunks]
  return chunks.map((chunk) => {
    const values = chunk.values.filter((value) =>
      chunks.every(
        (other) =>
          other === chunk || other.values.some((one) => one.entity === value.entity && one.field === value.field),
      ),
    )
    return values.length === 0 ? chunk : { ...chunk, values }
  })
}

function sameField(a: Chunk, b: Chunk): boolean {
  if (a.quoted === true && b.quoted === true) return true
  return a.values.some((one) => b.values.some((other) => one.entity === other.entity && one.field === other.field))
}
