// Things with one value per row or group: a field, a count, an average, a superlative's quality.
// In: a reader and an index. Out: measures (several for "minimum and maximum age") with the conditions of their nouns.
// Refused: what the measure is used for; selection, ordering and comparison decide that.
import type { AggregateFn } from '../../../definition/schema.ts'
import { DATE } from '../keywords.ts'
import type { Cond, Measure, Mention } from './ast.ts'
import { type NounPhrase, nounAhead, readNoun, type Super, unknownOwner } from './noun.ts'
import {
  holdsItself,
  isNoun,
  isNumber,
  isValue,
  keyword,
  kwOf,
  mayMeanField,
  mayMeanNumber,
  meansEntity,
  type Reader,
  skip,
  use,
  wordOf,
} from './reader.ts'

export type Measured = {
  readonly measures: Measure[]
  readonly where: Cond[]
  readonly next: number
  readonly phrase?: NounPhrase
  /** The noun whose rows are counted, listed or measured. */
  readonly of?: Mention
}

/** Whether a measure begins at the index. */
export function startsMeasure(r: Reader, at: number, end: number): boolean {
  let next = skip(r, at, end, ['det', 'possessive', 'all', 'distinct', 'corresponding', 'also', 'polite'])
  if (wordOf(r, next) === 'full') next += 1
  if (next >= end) return false
  const kw = kwOf(r, next)
  if (isNoun(r, next) || unknownOwner(r, next, end)) return true
  if (kw === 'count' || kw === 'howmany' || kw === 'share') return true
  if (kw === 'agg') return true
  if (kw === 'howmuch') return deedBehind(r, next, end) !== undefined
  if (kw === 'super') return nounAhead(r, next + 1, end) || kwOf(r, next + 1) === 'agg' || kwOf(r, next + 1) === 'count'
  return isValue(r, next) && nounAhead(r, next + 1, end)
}

/** The verb of "how much they gave", where it measures something. */
function deedBehind(r: Reader, at: number, end: number): number | undefined {
  const verb = skip(r, at + 1, end, ['pron', 'do', 'have', 'be', 'modal', 'filler'])
  const they = r.chunks.slice(at + 1, verb).some(({ kw }) => kw?.k === 'pron')
  return they && verb < end && isNoun(r, verb) && mayMeanField(r.chunks[verb]) ? verb : undefined
}

/** Reads one measure, or several over one noun; no measures when there is none. */
export function readMeasure(r: Reader, start: number, end: number, options: { owners?: boolean } = {}): Measured {
  const at = skip(r, start, end, ['det', 'possessive', 'all', 'corresponding', 'also', 'polite'])
  const kw = kwOf(r, at)
  if (!isNoun(r, at)) {
    if (kw === 'count' || kw === 'howmany') return readCount(r, start, at, end)
    if (kw === 'agg') return readAggregates(r, start, at, end, options)
    const deed = kw === 'howmuch' ? deedBehind(r, at, end) : undefined
    if (deed !== undefined) {
      const phrase = readNoun(r, deed, end)
      if (phrase.head !== undefined) {
        use(r, start, phrase.next)
        const sum = { kind: 'agg', fn: 'sum', of: phrase.head } as const
        return { measures: [sum], where: phrase.where, next: phrase.next, phrase }
      }
    }
    if (kw === 'share') {
      use(r, start, at + 1)
      const inner = readMeasure(r, skip(r, at + 1, end, ['prep']), end, options)
      return { ...inner, measures: inner.measures.map((of) => ({ kind: 'share', of })) }
    }
    if (kw === 'super') return readSuperMeasure(r, start, at, end, options)
  }
  const phrase = readNoun(r, start, end, options)
  if (phrase.head === undefined) return { measures: [], where: [], next: start, phrase }
  use(r, start, phrase.next)
  return {
    measures: [{ kind: 'noun', of: phrase.head }],
    where: phrase.where,
    next: phrase.next,
    phrase,
    of: rowsOf(phrase.head),
  }
}

/** The noun whose rows a mention speaks of: its outermost owner, or itself when it is an entity. */
export function rowsOf(mention: Mention): Mention {
  // "members of the club" are members.
  if (mention.owner === undefined || (meansEntity(mention.chunk) && !mayMeanField(mention.chunk))) return mention
  return rowsOf(mention.owner)
}

function readCount(r: Reader, start: number, kwAt: number, end: number): Measured {
  use(r, start, kwAt + 1)
  let at = kwAt + 1
  if (wordOf(r, at) === 'of') {
    use(r, at)
    at += 1
  }
  if (kwOf(r, at) === 'times') {
    use(r, at)
    return { measures: [{ kind: 'count', where: [] }], where: [], next: at + 1 }
  }
  if (kwOf(r, at) === 'count') {
    use(r, at)
    at += 1
  }
  // "the amount of the largest payment": that payment's, not how much all of them are.
  if (/amount/.test(wordOf(r, kwAt)) && kwOf(r, at) === 'super' && nounAhead(r, at + 1, end))
    return { measures: [{ kind: 'dim', dims: ['amount', 'value', 'total', 'price', 'cost'] }], where: [], next: at }
  const phrase = readNoun(r, at, end)
  if (phrase.head === undefined) {
    const value = r.chunks[phrase.next]
    if (value !== undefined && phrase.next < end && isValue(r, phrase.next) && value.quoted !== true) {
      // "how many females": the value says which rows.
      use(r, at, phrase.next + 1)
      return {
        measures: [{ kind: 'count', where: [] }],
        where: [...phrase.where, { kind: 'value', chunk: value, op: 'eq' }],
        next: phrase.next + 1,
      }
    }
    const next = skip(r, at, end, ['pron', 'det', 'distinct', 'all'])
    use(r, at, next)
    return { measures: [{ kind: 'count', where: [] }], where: [], next }
  }
  if (phrase.each) return { measures: [{ kind: 'count', where: [] }], where: [], next: at }
  const measure: Measure = {
    kind: 'count',
    of: phrase.head,
    where: [],
    ...(phrase.distinct ? { distinct: true } : {}),
    ...(/amount/.test(wordOf(r, kwAt)) ? { amount: true } : {}),
  }
  const measures = [measure]
  let next = phrase.next
  // "the number of different majors and cities": each is counted.
  while (
    phrase.distinct &&
    kwOf(r, next) === 'and' &&
    isNoun(r, next + 1) &&
    !isPredicate(r, next + 2) &&
    !meansEntity(r.chunks[next + 1])
  ) {
    const more = readNoun(r, next + 1, end)
    if (more.head === undefined) break
    use(r, next, more.next)
    measures.push({ kind: 'count', of: more.head, where: [], distinct: true })
    next = more.next
  }
  return { measures, where: phrase.where, next, phrase, of: rowsOf(phrase.head) }
}

/** "average", "minimum and maximum", "total": then one noun or several. */
export function readAggregates(
  r: Reader,
  start: number,
  kwAt: number,
  end: number,
  options: { owners?: boolean },
): Measured {
  const fns: AggregateFn[] = []
  let at = kwAt
  for (;;) {
    const found = keyword(r, at, 'agg')
    if (found === undefined || (isNoun(r, at) && fns.length > 0)) {
      const top = keyword(r, at, 'super')
      if (top === undefined || (top.dims.length === 0 && top.count !== true)) break
      fns.push(top.dir === 'desc' ? 'max' : 'min')
    } else fns.push(found.fn)
    at += 1
    const joint = skip(r, at, end, ['and', 'comma', 'det'])
    if (keyword(r, joint, 'agg') !== undefined && joint > at) at = joint
    else if (joint > at && keyword(r, joint, 'super') !== undefined) at = joint
    else break
  }
  use(r, start, at)
  let inner = skip(r, at, end, ['det', 'possessive', 'filler'])
  while (
    inner < end &&
    (wordOf(r, inner) === 'of' ||
      wordOf(r, inner) === 'for' ||
      wordOf(r, inner) === 'in' ||
      kwOf(r, inner) === 'det' ||
      kwOf(r, inner) === 'possessive') &&
    !isNoun(r, inner)
  )
    inner += 1
  // "the average number of employees": the number is a field, or the count is what is averaged.
  const counted = kwOf(r, inner) === 'count' && !isNoun(r, inner)
  if (counted) {
    use(r, at, inner + 1)
    inner += 1
  }
  const phrase = readNoun(r, inner, end, options)
  if (phrase.head === undefined) {
    // "the average is", "above average": of what is said elsewhere.
    return { measures: fns.map((fn) => ({ kind: 'dim', dims: [], fn })), where: [], next: at }
  }
  use(r, at, phrase.next)
  const heads: Mention[] = [phrase.head]
  let next = phrase.next
  // "average age and weight": the next field shares the function unless it has one of its own.
  for (;;) {
    const joint = skip(r, next, end, ['and', 'comma'])
    if (
      joint === next ||
      !isNoun(r, joint) ||
      meansEntity(r.chunks[joint]) ||
      !mayMeanField(r.chunks[joint]) ||
      isPredicate(r, joint + 1)
    )
      break
    if (
      !r.pick('spread', [
        [0.1, true],
        [0.5, false],
      ])
    )
      break
    const more = readNoun(r, joint, end, options)
    if (more.head === undefined) break
    use(r, next, more.next)
    heads.push(more.head)
    phrase.where.push(...more.where)
    next = more.next
  }
  const measures = heads.flatMap((of) =>
    fns.map(
      (fn): Measure => ({
        kind: 'agg',
        fn,
        of,
        ...(phrase.distinct ? { distinct: true } : {}),
        ...(counted ? { unsummed: true } : {}),
      }),
    ),
  )
  return { measures, where: phrase.where, next, phrase, of: rowsOf(phrase.head) }
}

/** Whether a comparison or a copula begins at the index: the noun before it is what is compared. */
export function isPredicate(r: Reader, at: number): boolean {
  const kw = kwOf(r, at)
  return (
    kw === 'be' ||
    kw === 'cmp' ||
    kw === 'between' ||
    kw === 'equals' ||
    kw === 'contains' ||
    kw === 'starts' ||
    kw === 'ends' ||
    isNumber(r, at)
  )
}

/** "the highest salary", "the most pets", "the oldest": a measure to order by or to take the extreme of. */
function readSuperMeasure(
  r: Reader,
  start: number,
  kwAt: number,
  end: number,
  options: { owners?: boolean },
): Measured {
  const found = keyword(r, kwAt, 'super')
  if (found === undefined) return { measures: [], where: [], next: start }
  const at = kwAt + 1
  if (kwOf(r, at) === 'agg' || kwOf(r, at) === 'count') {
    use(r, start, at)
    return readMeasure(r, at, end, options)
  }
  const phrase = readNoun(r, at, end, options)
  if (phrase.head === undefined) return { measures: [], where: [], next: start }
  use(r, start, phrase.next)
  return {
    measures: [
      {
        kind: 'agg',
        fn: found.dir === 'desc' ? 'max' : 'min',
        of: phrase.head,
        ...(found.dims === DATE ? { unsummed: true } : {}),
      },
    ],
    where: phrase.where,
    next: phrase.next,
    phrase,
    of: rowsOf(phrase.head),
  }
}

export type TopMeasure = {
  readonly by: Measure
  readonly dir: 'asc' | 'desc'
  readonly where: Cond[]
  readonly next: number
  readonly of?: Mention
  readonly target?: Mention
}

/** What a superlative orders by, read from the words behind it; `target`: the noun it stands before ("oldest student"). */
export function readTop(r: Reader, sup: Super, start: number, end: number): TopMeasure {
  const dir = sup.dir
  let at = skip(r, start, end, ['det', 'distinct', 'polite'])
  const kw = kwOf(r, at)
  if ((kw === 'agg' || kw === 'count' || kw === 'howmany') && !isNoun(r, at)) {
    const inner = readMeasure(r, at, end)
    const by = inner.measures[0]
    if (by !== undefined) {
      use(r, start, inner.next)
      // "highest total number": without a noun behind it, rows are counted.
      return {
        by: by.kind === 'dim' && by.fn === undefined ? { kind: 'count', where: [] } : by,
        dir,
        where: inner.where,
        next: inner.next,
        ...(inner.of === undefined ? {} : { of: inner.of }),
      }
    }
  }
  if (kw === 'times') {
    use(r, at)
    return { by: { kind: 'count', where: [] }, dir, where: [], next: at + 1 }
  }
  const phrase = nounAhead(r, at, end) ? readNoun(r, at, end) : undefined
  const head = phrase?.head
  if (phrase === undefined || head === undefined) {
    if (sup.count || sup.dims.length === 0) return { by: { kind: 'count', where: [] }, dir, where: [], next: at }
    if (kwOf(r, at) === 'filler') {
      use(r, at)
      at += 1
    }
    return { by: { kind: 'dim', dims: sup.dims }, dir, where: [], next: at }
  }
  use(r, start, phrase.next)
  const entity = meansEntity(head.chunk)
  const field = mayMeanField(head.chunk)
  const common = { dir, where: phrase.where, next: phrase.next, of: rowsOf(head) }
  if (isQuality(sup)) return { ...common, by: { kind: 'count', where: [] }, target: head }
  const stored = mayMeanNumber(head.chunk)
  const measured =
    sup.count &&
    stored &&
    (!entity ||
      r.pick('most-number', [
        [0, false],
        [0.7, true],
      ]))
  if (measured) return { ...common, by: { kind: 'noun', of: head } }
  if (sup.count)
    return { ...common, by: { kind: 'count', of: head, where: [], ...(phrase.distinct ? { distinct: true } : {}) } }
  if (sup.dims.length === 0) {
    const countIt =
      !field ||
      (entity &&
        r.pick('most', [
          [holdsItself(head.chunk) ? 0.6 : 0, true],
          [holdsItself(head.chunk) ? 0 : 0.9, false],
        ]))
    if (!countIt) return { ...common, by: { kind: 'noun', of: head } }
    return { ...common, by: { kind: 'count', of: head, where: [], ...(phrase.distinct ? { distinct: true } : {}) } }
  }
  if (
    entity &&
    (!field ||
      r.pick('super-noun', [
        [0, true],
        [0.8, false],
      ]))
  )
    return { ...common, by: { kind: 'dim', dims: sup.dims, of: head }, target: head }
  return { ...common, by: { kind: 'noun', of: head } }
}

/** "most common", "least popular": says how often the noun itself occurs. */
export function isQuality(sup: Super): boolean {
  return sup.count && /common|frequent|popular|often|used|prevalent|numerous|famous|rarest|busiest|active/.test(sup.adj)
}
