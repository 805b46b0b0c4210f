// A noun among the conditions: the left side of a predicate, a thing that must exist, a key, a column, or a hint.
// In: the place of a noun. Out: what it says; where it stopped.
// Refused: which field or entity it is; ties decide that.
import type { Chunk } from '../../chunk.ts'
import { DATE } from '../../keywords.ts'
import type { Cond, Mention, Operand } from '../ast.ts'
import { isPredicate } from '../measure.ts'
import { readNoun } from '../noun.ts'
import { boundBehind, quantityAt, skipUnit } from '../operand.ts'
import {
  isNoun,
  isNumber,
  isValue,
  keyword,
  kwOf,
  mayMeanField,
  mayMeanNumber,
  meansEntity,
  meansMetric,
  note,
  type Reader,
  type Scope,
  skip,
  use,
  wordOf,
} from '../reader.ts'
import { betweenStep, compareStep, equalsStep } from './compare.ts'
import { deniedBehind, entityStep } from './entity.ts'
import { columnsWith, isDoneBy, isKey, keysBehind } from './keys.ts'
import { aggregates, isColumnList, rowsOnly, rowsShown } from './shape.ts'
import { push, pushCompare, type State } from './state.ts'
import { textStep } from './text.ts'
import { isYearAhead, isYearNumber, yearStep } from './time.ts'
import { valuesAt } from './value.ts'

/** A noun among the conditions: the left side of a predicate, a thing that must exist, a key, a column, or a hint. */
export function nounStep(r: Reader, scope: Scope, s: State, at: number, end: number): number {
  const beforeWord = wordOf(r, at - 1)
  const previousKw = kwOf(r, at - 1)
  const wasNegated = s.negated
  const phrase = readNoun(r, at, end)
  const head = phrase.head
  if (head === undefined) return at + 1
  use(r, at, phrase.next)
  const entity = meansEntity(head.chunk)
  const field = mayMeanField(head.chunk)
  if (/^names?$/.test(head.chunk.word) && head.owner === undefined && (s.whose || scope.subject === undefined)) {
    // "publishers whose name contains …": the column that was asked for is itself the name.
    const shown = r.ask.select.at(-1)
    if (scope.main && shown?.kind === 'noun' && !meansEntity(shown.of.chunk) && mayMeanField(shown.of.chunk))
      head.owner = shown.of
  }
  const apposed = phrase.where.some(
    (cond) =>
      (cond.kind === 'value' || cond.kind === 'number') &&
      (cond.field === head || cond.near === head) &&
      !(cond.kind === 'value' && cond.chunk.from === head.chunk.from),
  )
  if (scope.main && beforeWord === 'by' && r.ask.top !== undefined && r.ask.top.by === undefined && !apposed) {
    // "top 3 donors in each segment by money raised"
    r.ask.top = { ...r.ask.top, by: { kind: 'noun', of: head } }
    scope.where.push(...phrase.where)
    return phrase.next
  }
  // "with donor, amount and date": columns to show, as long as nothing is compared.
  if (
    scope.main &&
    (beforeWord === 'with' || (previousKw === 'possessive' && wordOf(r, at - 2) === 'with')) &&
    !apposed &&
    !wasNegated &&
    !phrase.negated &&
    !phrase.any &&
    isColumnList(r, phrase.next, end) &&
    (phrase.where.length === 0 || phrase.their)
  ) {
    const next = columnsWith(r, scope, head, phrase.next, end)
    if (next !== undefined) return next
  }
  // "money requested by entrepreneurs": they asked for it, all together.
  const doers = beforeWord === 'by' && head.chunk.plural && meansEntity(head.chunk) && isDoneBy(r, head)
  // "by month", "across channels": keys, when something is aggregated.
  if (
    scope.main &&
    (beforeWord === 'by' || beforeWord === 'across') &&
    !apposed &&
    ((aggregates(r) && !head.soft) ||
      (beforeWord === 'by' &&
        (rowsOnly(r) || kindsOnly(r, scope)) &&
        isKey(head, rowsShown(r)) &&
        !isDoneBy(r, head))) &&
    !isPredicate(r, phrase.next) &&
    !isValue(r, phrase.next) &&
    !(beforeWord === 'by' && wordOf(r, phrase.next) === 'whose')
  ) {
    if (kindsOnly(r, scope)) r.ask.select.push({ kind: 'count', where: [] })
    const next = keysBehind(r, scope, phrase, head, beforeWord === 'across', doers, end)
    if (next !== undefined) return next
  }
  let p = skip(r, phrase.next, end, ['be', 'modal', 'do', 'filler', 'have'])
  let negatedHere = false
  const ends = p + 1 >= end || kwOf(r, p + 1) === 'and' || kwOf(r, p + 1) === 'comma' || kwOf(r, p + 1) === 'or'
  const denial = r.chunks[p]
  if (field && p > phrase.next && denial !== undefined && wordOf(r, p) === 'no' && ends) {
    // "whose decision is no": what is stored, no denial.
    use(r, phrase.next, p + 1)
    push(scope, s, { kind: 'value', chunk: denial, op: 'eq', field: head })
    return p + 1
  }
  if (kwOf(r, p) === 'not') {
    negatedHere = true
    p = skip(r, p + 1, end, ['be', 'filler', 'have', 'prep'])
  }
  const pk = isNoun(r, p) ? undefined : kwOf(r, p)
  const ofNumber =
    kwOf(r, p) === 'prep' &&
    (wordOf(r, p) === 'of' ||
      wordOf(r, p) === 'as' ||
      wordOf(r, p) === 'in' ||
      wordOf(r, p) === 'at' ||
      wordOf(r, p) === 'on')
      ? skip(r, p + 1, end, ['det'])
      : p
  const copula = p > phrase.next
  const fieldLike = field && !(entity && !s.whose && !copula && r.chunks[p]?.kw?.k !== 'cmp')
  for (const cond of phrase.where) push(scope, { ...s, or: s.or && cond === phrase.where[0] }, cond)
  if (phrase.where.length > 0) s.or = false
  const bound = pk === 'cmp' ? p : ofNumber
  const named = !entity && !mayMeanNumber(head.chunk) && ofNumber > p && meansEntity(r.chunks[ofNumber + 2])
  if ((head.soft || named) && countsBehind(r, head, bound)) {
    // "advising more than 2 students", "invested in two or more entrepreneurs": the number counts the noun behind it.
    s.hint = head
    return phrase.next
  }
  // "given since 2024": a year bounds no amount.
  const since =
    pk === 'cmp' && keyword(r, p, 'cmp')?.dims === DATE && isYear(r.chunks[p + 1]) && meansMetric(head.chunk)
  if (fieldLike && pk === 'cmp' && !since && (keyword(r, p, 'cmp')?.than !== true || !entity)) {
    use(r, phrase.next, p)
    if (negatedHere) s.negated = true
    return compareStep(r, scope, s, p, end, { kind: 'noun', of: head })
  }
  if (fieldLike && ofNumber > p && kwOf(r, ofNumber) === 'cmp') {
    use(r, phrase.next, ofNumber)
    return compareStep(r, scope, s, ofNumber, end, { kind: 'noun', of: head })
  }
  if (fieldLike && (pk === 'between' || kwOf(r, ofNumber) === 'between')) {
    use(r, phrase.next, ofNumber)
    return betweenStep(r, scope, s, pk === 'between' ? p : ofNumber, end, { kind: 'noun', of: head })
  }
  if (field && (pk === 'contains' || pk === 'starts' || pk === 'ends')) {
    use(r, phrase.next, p)
    if (negatedHere) s.negated = true
    return textStep(r, scope, s, p, end, head)
  }
  if (field && pk === 'equals') {
    use(r, phrase.next, p + 1)
    s.hint = head
    if (negatedHere) s.negated = true
    return equalsStep(r, scope, s, p + 1, end)
  }
  if (field && pk === 'named') {
    s.hint = head
    return phrase.next
  }
  if (field && (pk === 'empty' || pk === 'full')) {
    use(r, phrase.next, p + 1)
    const cond: Cond = { kind: 'empty', field: head }
    scope.where.push((pk === 'full') !== (negatedHere || wasNegated) ? { kind: 'not', part: cond } : cond)
    s.negated = false
    return p + 1
  }
  const low = r.chunks[phrase.next]
  const high = /^(to|-|through)$/.test(wordOf(r, phrase.next + 1)) ? r.chunks[phrase.next + 2] : undefined
  if (field && low?.num !== undefined && high?.num !== undefined && phrase.next + 2 < end && !apposed) {
    // "age 20 to 25"
    use(r, phrase.next, phrase.next + 3)
    pushCompare(scope, s, { kind: 'noun', of: head }, 'between', rangeOf(low, high))
    return skipUnit(r, phrase.next + 3, end)
  }
  const eitherAt = skip(r, ofNumber, end, ['either', 'both', 'named', 'as', 'det'])
  if (kwOf(r, eitherAt - 1) === 'both' || kwOf(r, eitherAt - 2) === 'both') s.both = true
  if (
    fieldLike &&
    isValue(r, eitherAt) &&
    (copula || ofNumber > p || eitherAt > ofNumber || r.chunks[eitherAt]?.quoted === true) &&
    !apposed
  ) {
    const next = r.chunks[eitherAt]
    const fits =
      next?.quoted === true ||
      (next?.values.some((value) =>
        head.chunk.links.some(
          (link) =>
            link.target.kind === 'field' && link.target.entity === value.entity && link.target.field === value.field,
        ),
      ) ??
        false)
    if (fits) {
      use(r, phrase.next, eitherAt)
      if (negatedHere) s.negated = true
      return valuesAt(r, scope, s, eitherAt, end, head)
    }
  }
  const name = fieldLike && !apposed && ofNumber > p ? nameAt(r, eitherAt, end) : undefined
  if (name !== undefined) {
    // "in the city of Goroka", which the stored values that are known do not hold.
    use(r, phrase.next, name.next)
    if (negatedHere) s.negated = true
    push(scope, s, { kind: 'value', chunk: name.chunk, op: 'eq', field: head })
    return name.next
  }
  if ((head.soft || meansMetric(head.chunk)) && isYearAhead(r, eitherAt - 1, end)) {
    // "gave in 2025", "was raised in 2025": when it was done, never what is in a field of it.
    use(r, phrase.next, eitherAt)
    if (negatedHere) s.negated = true
    s.hint = head
    return yearStep(r, scope, s, eitherAt - 1, end)
  }
  if (fieldLike && isNumber(r, eitherAt) && !apposed && (copula || ofNumber > p || eitherAt > ofNumber)) {
    use(r, phrase.next, eitherAt + 1)
    if (negatedHere) s.negated = true
    const chunk = r.chunks[eitherAt]
    let next = skipUnit(r, eitherAt + 1, end)
    const bound = boundBehind(r, next, end)
    next = bound?.next ?? next
    push(scope, s, {
      kind: 'number',
      field: head,
      value: chunk?.num ?? 0,
      text: chunk?.numText ?? '',
      ...(bound === undefined ? {} : { op: bound.op }),
    })
    while ((kwOf(r, next) === 'or' || (kwOf(r, next) === 'and' && s.both)) && isNumber(r, next + 1)) {
      const more = r.chunks[next + 1]
      use(r, next, next + 2)
      if (kwOf(r, next) === 'or') s.or = true
      else s.joined = true
      push(scope, s, { kind: 'number', field: head, value: more?.num ?? 0, text: more?.numText ?? '' })
      next = skipUnit(r, next + 2, end)
    }
    return next
  }
  if (fieldLike && copula && r.chunks[p]?.period !== undefined) {
    use(r, phrase.next, p + 1)
    push(scope, s, { kind: 'period', period: r.chunks[p]?.period ?? { this: 'day' }, field: head })
    return p + 1
  }
  if (field && copula && (pk === 'super' || pk === 'agg' || pk === 'det')) {
    const q = skip(r, p, end, ['det'])
    if (kwOf(r, q) === 'super' || kwOf(r, q) === 'agg') {
      use(r, phrase.next, q)
      s.hint = head
      return q
    }
  }
  // "gifts with a note": it is not empty.
  const article = /^an?$/.test(beforeWord) && (wordOf(r, at - 2) === 'with' || kwOf(r, at - 2) === 'have')
  if (
    article &&
    field &&
    !entity &&
    !apposed &&
    !wasNegated &&
    !copula &&
    !head.soft &&
    endsHere(r, phrase.next, end)
  ) {
    push(scope, s, { kind: 'not', part: { kind: 'empty', field: head } })
    return phrase.next
  }
  // No predicate follows.
  if (entity && apposed && !wasNegated && !phrase.negated && scope.subject !== undefined) {
    // "the club 'Bootup Baltimore'": the value already says which one.
    s.hint = head
    return phrase.next
  }
  if (entity && !(field && (head.owner !== undefined || s.whose)))
    return entityStep(r, scope, s, head, phrase.next, end, wasNegated || phrase.negated)
  if (head.soft && wasNegated && head.owner !== undefined && meansEntity(head.owner.chunk))
    // "not in charge of any event"
    return entityStep(r, scope, s, head.owner, phrase.next, end, true)
  if (head.soft && wasNegated && meansMetric(head.chunk) && leadsToRows(head.chunk))
    // "who have not given": what is measured by that name is not there.
    return entityStep(r, scope, s, head, phrase.next, end, true)
  if (head.soft && !wasNegated && s.relative && deniedBehind(r, phrase.next)) {
    // "who pledged but never gave": the one is done, the other is not.
    push(scope, s, { kind: 'has', of: head, where: [] })
    return phrase.next
  }
  const isSaid = previousKw === 'be' || (previousKw === 'not' && kwOf(r, at - 2) === 'be')
  if (isSaid && isYesOrNo(head.chunk) && !apposed) {
    // "who are subscribed", "that are not recurring"
    push(scope, s, { kind: 'flag', of: head })
    return phrase.next
  }
  if (head.soft) {
    // "employees who left"
    const [link] = head.chunk.links
    const dated = link !== undefined && link.score >= 0.98 && (link.type === 'date' || link.type === 'timestamp')
    if (dated && s.relative && !wasNegated && phrase.next >= end) push(scope, s, { kind: 'flag', of: head, soft: true })
    s.hint = head
    if (wasNegated) note(r, 'negatedVerb')
    return phrase.next
  }
  if (scope.main && (phrase.their || (previousKw === 'and' && !s.relative)) && !apposed && !wasNegated) {
    if (
      r.pick('column-or-hint', [
        [phrase.their ? 0 : 0.4, true],
        [0.7, false],
      ])
    ) {
      r.ask.select.push({ kind: 'noun', of: head })
      return phrase.next
    }
  }
  if (wasNegated || phrase.negated) {
    if (!apposed) {
      scope.where.push({ kind: 'empty', field: head })
      s.negated = false
    }
    return phrase.next
  }
  if (!apposed && previousKw === 'be' && !head.chunk.plural) {
    push(scope, s, { kind: 'flag', of: head })
    return phrase.next
  }
  const extreme = /^(max|maximum|highest|largest)\b/.test(head.chunk.word) ? 'desc' : 'asc'
  if (apposed) s.left = { kind: 'noun', of: head }
  else if (scope.main && beforeWord === 'the' && r.ask.top === undefined && EXTREMES.test(head.chunk.word)) {
    // "the room with the maximum occupancy", where a field is called just so.
    r.ask.top = { by: { kind: 'noun', of: head }, dir: extreme, limit: 1 }
  } else {
    note(r, 'droppedField')
    r.ask.dropped.push(head.chunk.text)
    if (s.relative && !head.chunk.plural && !scope.where.some((cond) => cond.kind === 'flag'))
      scope.where.push({ kind: 'flag', of: head, soft: true })
    s.hint = head
  }
  return phrase.next
}

function isYear(chunk: Chunk | undefined): boolean {
  return chunk !== undefined && isYearNumber(chunk)
}

/** Whether nothing that would say more of a noun stands behind it. */
function endsHere(r: Reader, at: number, end: number): boolean {
  return at >= end || r.chunks[at]?.period !== undefined || /^(and|or|but|comma|order)$/.test(kwOf(r, at) ?? '')
}

/** Whether nothing but rows of a kind is asked for so far, by the name of that kind: "major donors". */
function kindsOnly(r: Reader, { where, main }: Scope): boolean {
  const kinds = where.every((cond) => cond.kind === 'value' && cond.op === 'eq' && cond.chunk.plural)
  return main && r.ask.select.length === 0 && where.length > 0 && kinds
}

/** Whether a relation goes by the word. */
function leadsToRows({ links }: Chunk): boolean {
  return links.some(({ target, score }) => target.kind === 'relation' && score >= 0.85)
}

/** Whether a word is first of all a field that says yes or no. */
function isYesOrNo({ links }: Chunk): boolean {
  const [first] = links
  return first?.target.kind === 'field' && first.type === 'boolean'
}

/** A name that nothing knows: words with capital letters, in a row. */
function nameAt(r: Reader, at: number, end: number): { chunk: Chunk; next: number } | undefined {
  const unknown = (one: Chunk | undefined) =>
    one?.capital === true &&
    one.kw === undefined &&
    one.period === undefined &&
    one.links.length === 0 &&
    one.values.length === 0
  const first = r.chunks[at]
  if (first === undefined || at >= end || !unknown(first) || !/^\p{L}/u.test(first.text)) return undefined
  let next = at + 1
  while (next < end && unknown(r.chunks[next])) next += 1
  const text = r.chunks
    .slice(at, next)
    .map((one) => one.text)
    .join(' ')
  return { chunk: { ...first, to: r.chunks[next - 1]?.to ?? first.to, text }, next }
}

const EXTREMES = /^(max|maximum|highest|largest|min|minimum|lowest|smallest)\b/

function rangeOf(low: Chunk, high: Chunk): Operand {
  const bound = ({ num = 0, numText, text }: Chunk): Operand => ({ kind: 'number', value: num, text: numText ?? text })
  return { kind: 'range', min: bound(low), max: bound(high) }
}

/** Whether a comparison at an index is of a number of rows, where the verb before it is no number itself. */
function countsBehind(r: Reader, verb: Mention, at: number): boolean {
  if (kwOf(r, at) !== 'cmp' || quantityAt(r, at + 1) === undefined || !isNoun(r, at + 2)) return false
  return meansEntity(r.chunks[at + 2]) || !mayMeanNumber(verb.chunk)
}
