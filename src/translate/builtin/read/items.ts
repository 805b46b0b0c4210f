// The columns of a sentence, in order, up to the first word that begins a clause.
// In: chunks from the first column on. Out: measures and groups in the ask, and where the list ends.
import type { Chunk } from '../chunk.ts'
import type { Measure, Mention } from './ast.ts'
import { isStretch, readTopN } from './clause/superlative.ts'
import { readAggregates, readMeasure, startsMeasure } from './measure.ts'
import { nounAhead, readNoun } from './noun.ts'
import {
  isNoun,
  isNumber,
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
} from './reader.ts'
import { applySuper, readSuperItem } from './super-item.ts'

/** The columns in order, up to the first word that begins a clause. */
export function readItems(r: Reader, scope: Scope, start: number, end: number): number {
  let at = start
  let items = 0
  for (;;) {
    const next = readItem(r, scope, at, end)
    if (next === undefined) break
    items += 1
    at = eachBetween(r, scope, next, end)
    // "names (and ids)", "name, age and city", "name as well as age"
    const joint = skip(r, at, end, ['comma', 'and', 'also', 'or'])
    if (joint === at) break
    if (
      kwOf(r, joint - 1) === 'or' &&
      !r.pick('or-item', [
        [0.5, false],
        [0.6, true],
      ])
    )
      break
    const cmdNext = kwOf(r, joint) === 'cmd' && !isNoun(r, joint) ? skip(r, joint, end, ['cmd', 'polite']) : joint
    const head = skip(r, cmdNext, end, [
      'det',
      'possessive',
      'corresponding',
      'all',
      'distinct',
      'also',
      'prep',
      'wh',
      'be',
    ])
    if (!continues(r, cmdNext, head, end)) break
    use(r, at, head > cmdNext && (kwOf(r, cmdNext) === 'wh' || kwOf(r, cmdNext) === 'prep') ? head : cmdNext)
    at = head > cmdNext && (kwOf(r, cmdNext) === 'wh' || kwOf(r, cmdNext) === 'prep') ? head : cmdNext
  }
  if (items === 0) {
    // "all information about …": every column of what follows.
    return start
  }
  shareOwner(r)
  return at
}

/** "the name of each student and …": the key stands between two columns. */
function eachBetween(r: Reader, scope: Scope, at: number, end: number): number {
  if (kwOf(r, at) !== 'each' || isNoun(r, at)) return at
  const mark = new Set(r.used)
  const phrase = readNoun(r, at + 1, end)
  const joint = skip(r, phrase.next, end, ['and', 'comma', 'also'])
  const head = skip(r, joint, end, ['det', 'possessive', 'corresponding', 'all', 'distinct'])
  if (phrase.head === undefined || joint === phrase.next || !continues(r, joint, head, end)) {
    r.used.clear()
    for (const one of mark) r.used.add(one)
    return at
  }
  use(r, at, phrase.next)
  scope.where.push(...phrase.where)
  r.ask.group.push({ of: phrase.head })
  if (meansEntity(phrase.head.chunk)) {
    scope.subject ??= phrase.head
    r.ask.subject ??= phrase.head
  }
  return phrase.next
}

/** Whether the list of columns goes on at an index. */
function continues(r: Reader, at: number, head: number, end: number): boolean {
  if (at >= end || !startsMeasure(r, at, end)) {
    const kw = kwOf(r, at)
    return (
      (kw === 'wh' || kw === 'prep') &&
      startsMeasure(r, head, end) &&
      kw === 'wh' &&
      kwOf(r, head) !== undefined &&
      (kwOf(r, head) === 'count' || kwOf(r, head) === 'howmany')
    )
  }
  const kw = isNoun(r, head) ? undefined : kwOf(r, head)
  if (kw === 'count' || kw === 'howmany' || kw === 'agg' || kw === 'share' || kw === 'super') return true
  const chunk = r.chunks[head]
  if (chunk !== undefined && isSoft(chunk) && !mayMeanField(chunk)) return false
  // "and age is greater than 5" is a condition; "and city of" is a column.
  const after = head + 1
  if (kwOf(r, after) === 'cmp' || kwOf(r, after) === 'between' || (isNumber(r, after) && !isValue(r, head)))
    return false
  if (
    kwOf(r, after) === 'be' &&
    (kwOf(r, after + 1) === 'cmp' || isNumber(r, after + 1) || isValue(r, after + 1) || kwOf(r, after + 1) === 'not')
  )
    return false
  return true
}

/** "name and age of the students": the owner of the last column owns the columns before it. */
function shareOwner(r: Reader): void {
  const last = r.ask.select.at(-1)
  const owner = last === undefined ? undefined : ownerOf(last)
  if (owner === undefined) return
  for (const one of r.ask.select.slice(0, -1)) {
    if (
      (one.kind === 'noun' || one.kind === 'agg') &&
      one.of.owner === undefined &&
      one.of.chunk !== owner.chunk &&
      !meansEntity(one.of.chunk)
    )
      one.of.owner = owner
  }
}

function ownerOf(measure: Measure): Mention | undefined {
  if (measure.kind === 'noun' || measure.kind === 'agg') return measure.of.owner
  return undefined
}

/** One column at an index; undefined when none begins there. */
function readItem(r: Reader, scope: Scope, start: number, end: number): number | undefined {
  const at = skip(r, start, end, ['det', 'all', 'possessive', 'corresponding', 'polite', 'any', 'there', 'also'])
  const kw = isNoun(r, at) ? undefined : kwOf(r, at)
  if ((kw === 'order' || kw === 'alpha' || kw === 'asc' || kw === 'desc') && r.ask.order.length === 0) {
    // "the alphabetically ordered list of names"
    let next = at
    let by: 'alpha' | 'selected' = 'selected'
    let dir: 'asc' | 'desc' = 'asc'
    for (; next < end && !isNoun(r, next); next += 1) {
      const here = kwOf(r, next)
      if (here === 'alpha') by = 'alpha'
      else if (here === 'desc') dir = 'desc'
      else if (
        here !== 'order' &&
        here !== 'asc' &&
        here !== 'polite' &&
        here !== 'cmd' &&
        here !== 'prep' &&
        here !== 'det' &&
        here !== 'all' &&
        here !== 'distinct'
      )
        break
      if (here === 'distinct') r.ask.distinct = true
    }
    if (startsMeasure(r, next, end) && kwOf(r, at) !== 'order') {
      use(r, start, next)
      r.ask.order.push({ by, dir })
      return readItem(r, scope, next, end)
    }
    if (startsMeasure(r, next, end) && /list/.test(wordOf(r, at + 1))) {
      use(r, start, next)
      r.ask.order.push({ by, dir })
      return readItem(r, scope, next, end)
    }
  }
  if (kw === 'distinct') r.ask.distinct = true
  if (kw === 'running') {
    use(r, start, at + 1)
    r.ask.extras.running = true
    return readItem(r, scope, skip(r, at + 1, end, ['prep']), end)
  }
  if (kw === 'growth') {
    use(r, start, at + 1)
    r.ask.extras.growth = true
    return readItem(r, scope, skip(r, at + 1, end, ['prep']), end)
  }
  if (kw === 'top' || kw === 'bottom') {
    use(r, start, at)
    return readTopN(r, scope, at, end)
  }
  if (isNumber(r, at) && kwOf(r, at + 1) === 'super') {
    const limit = r.chunks[at]?.num
    use(r, start, at + 1)
    return readSuperItem(r, scope, at + 1, end, limit)
  }
  if (kw === 'super' && listOfFunctions(r, at)) {
    const measured = readAggregates(r, start, at, end, {})
    if (measured.measures.length > 1) {
      use(r, start, measured.next)
      scope.where.push(...measured.where)
      r.ask.select.push(...measured.measures)
      return measured.next
    }
  }
  if (kw === 'super') {
    use(r, start, at)
    return readSuperItem(r, scope, at, end, undefined)
  }
  if (kw === 'each') {
    // "each student's name": the noun is a key only when something is aggregated.
    const phrase = readNoun(r, at, end)
    if (phrase.head === undefined) return undefined
    use(r, start, phrase.next)
    scope.where.push(...phrase.where)
    r.ask.select.push({ kind: 'noun', of: phrase.head })
    r.ask.group.push({ of: phrase.head.owner ?? phrase.head })
    return phrase.next
  }
  if (kw === undefined || kw === 'filler' || kw === 'polite') {
    // "all the information about …": every column of what follows.
    if (
      /^(information|info|data|details?|everything|attributes|columns|fields|records?|contents?)$/.test(
        wordOf(r, at),
      ) &&
      !isNoun(r, at)
    ) {
      r.ask.features.allColumns = 1
      use(r, start, at + 1)
      const next = skip(r, at + 1, end, ['prep', 'polite'])
      use(r, at + 1, next)
      return readItem(r, scope, next, end) ?? next
    }
  }
  const stretch =
    isStretch(r, at) &&
    rankedBehind(r, at + 1, end) &&
    r.pick('stretch', [
      [0, true],
      [0.9, false],
    ])
  if (stretch) {
    // "which month raised the most": the stretches of time are what is ranked.
    const grain = r.chunks[at]?.grain
    if (grain !== undefined) r.ask.group.push({ grain })
    use(r, start, at + 1)
    return at + 1
  }
  if (!startsMeasure(r, at, end) && !(isNumber(r, at) && nounAhead(r, at + 1, end))) {
    const grain = r.chunks[at]?.grain
    if (grain !== undefined && r.chunks[at]?.adverb === true) {
      use(r, start, at + 1)
      r.ask.group.push({ grain })
      return readItem(r, scope, at + 1, end)
    }
    return firstNameItem(r, scope, at, end)
  }
  const firstName = firstNameItem(r, scope, at, end)
  if (firstName !== undefined) return firstName
  const measured = readMeasure(r, start, end)
  if (measured.measures.length === 0) return undefined
  use(r, start, measured.next)
  scope.where.push(...measured.where)
  const phrase = measured.phrase
  if (phrase?.distinct === true && measured.measures.every((one) => one.kind === 'noun')) r.ask.distinct = true
  if (phrase?.limit !== undefined && measured.measures[0]?.kind === 'noun') r.ask.limit = phrase.limit
  if (phrase?.sup !== undefined && phrase.head !== undefined && measured.measures[0]?.kind === 'noun')
    applySuper(r, scope, phrase.sup, phrase.head, phrase.limit)
  r.ask.select.push(...measured.measures)
  const of = measured.of
  if (
    of !== undefined &&
    meansEntity(of.chunk) &&
    !of.soft &&
    !(
      mayMeanField(of.chunk) &&
      of === phrase?.head &&
      measured.measures[0]?.kind === 'noun' &&
      of.owner === undefined &&
      !isEntityOnly(of.chunk)
    )
  ) {
    scope.subject ??= of
    r.ask.subject ??= of
  }
  return measured.next
}

/** Whether a superlative follows that ranks what stands before it. */
function rankedBehind(r: Reader, from: number, end: number): boolean {
  for (let at = from; at < end; at += 1) if (kwOf(r, at) === 'super' && !isNoun(r, at)) return true
  return false
}

function isEntityOnly(chunk: Chunk): boolean {
  return (chunk.links[0]?.score ?? 0) >= 0.9 && chunk.links[0]?.target.kind === 'entity'
}

/** "highest, lowest and average": several functions of one noun. */
function listOfFunctions(r: Reader, at: number): boolean {
  const next = skip(r, at + 1, at + 4, ['and', 'comma', 'det'])
  const kw = kwOf(r, next)
  return next > at + 1 && (kw === 'super' || kw === 'agg') && !isNoun(r, next)
}

/** "first and last name": the first word of a pair of which only the second carries the noun. */
function firstNameItem(r: Reader, scope: Scope, at: number, end: number): number | undefined {
  if (!/^(first|last|middle|start|end|home|away)$/.test(wordOf(r, at))) return undefined
  const chunk = r.chunks[at]
  if (chunk === undefined || chunk.links.length === 0) return undefined
  let next = at + 1
  while (
    next < end &&
    (kwOf(r, next) === 'comma' || kwOf(r, next) === 'and' || /^(first|last|middle)$/.test(wordOf(r, next)))
  )
    next += 1
  if (next === at + 1 || !isNoun(r, next)) return undefined
  for (let index = at; index < next; index += 1) {
    const one = r.chunks[index]
    use(r, index)
    if (one === undefined || one.links.length === 0) continue
    r.ids += 1
    r.ask.select.push({ kind: 'noun', of: { id: r.ids, chunk: one, soft: false } })
  }
  return readItem(r, scope, next, end)
}
