// How a sentence begins: by a command, a question word or its columns. In: chunks from its first word on.
// Out: what is to be shown, in the ask, and where the clauses begin.
import type { Chunk } from '../chunk.ts'
import { readTopN } from './clause/superlative.ts'
import { readGroup } from './group.ts'
import { howDimensions } from './how.ts'
import { readItems } from './items.ts'
import { isPredicate, readMeasure, startsMeasure } from './measure.ts'
import { readNoun } from './noun.ts'
import {
  isNoun,
  isSoft,
  keyword,
  kwOf,
  mayMeanField,
  mayMeanNumber,
  meansEntity,
  meansMetric,
  type Reader,
  type Scope,
  skip,
  use,
  wordOf,
} from './reader.ts'
import { applySuper } from './super-item.ts'

/** What is to be shown; returns where the clauses begin. */
export function readHead(r: Reader, scope: Scope, start: number, end: number, first: boolean): number {
  let at = start
  let kw = kwOf(r, at)
  if (kw === 'prep' && (kwOf(r, at + 1) === 'wh' || kwOf(r, at + 1) === 'rel')) {
    use(r, at)
    at += 1
    kw = kwOf(r, at)
  }
  const word = wordOf(r, at)
  if (kw === 'rel' && /(which|whom|who|where|that)$/.test(word))
    return readWh(r, scope, at, end, word.endsWith('where') ? 'where' : /who/.test(word) ? 'who' : 'which')
  if (kw === 'wh') {
    const found = keyword(r, at, 'wh')
    return readWh(r, scope, at, end, found?.word ?? 'what')
  }
  if (kw === 'howmuch') return readHowMuch(r, scope, at, end)
  if (
    (kw === 'be' || kw === 'do' || kw === 'there' || kw === 'have' || kw === 'modal') &&
    !r.ask.select.length &&
    r.ask.group.length === 0 &&
    start === firstOf(r, start)
  ) {
    if (kw !== 'there') r.ask.yesNo = true
    use(r, at)
    at = skip(r, at + 1, end, ['there', 'any', 'det', 'be'])
  }
  if (kw === 'top' || kw === 'bottom') return readTopN(r, scope, at, end)
  if (kw === 'order' && !isNoun(r, at) && first && r.ask.select.length === 0 && !r.ask.subject)
    return readSortCommand(r, scope, at, end)
  return readItems(r, scope, at, end)
}

function firstOf(r: Reader, at: number): number {
  for (let index = 0; index < at; index += 1) if (!r.used.has(index)) return -1
  return at
}

/** "Sort all the rooms by price": what is sorted is what is shown. */
function readSortCommand(r: Reader, scope: Scope, at: number, end: number): number {
  const next = skip(r, at + 1, end, ['det', 'all', 'polite'])
  if (!startsMeasure(r, next, end)) return at
  use(r, at, next)
  const after = readItems(r, scope, next, end)
  // "Sort the names by age": the ordering's "by" has no "sort" of its own any more.
  if (wordOf(r, after) === 'by' || kwOf(r, after) === 'order' || wordOf(r, after) === 'according to') {
    return after
  }
  return after
}

function readWh(r: Reader, scope: Scope, start: number, end: number, wh: string): number {
  use(r, start)
  let at = skip(r, start + 1, end, ['filler'])
  if (wh === 'how') return readHow(r, scope, at, end)
  const be = skip(r, at, end, ['be', 'modal', 'do', 'filler'])
  if (wh === 'who' && !(kwOf(r, at) === 'be' && startsMeasure(r, be, end) && !isSoft(r.chunks[be])))
    return readWho(r, scope, at, end)
  if (wh === 'where' || wh === 'when') return readWhereWhen(r, scope, at, end, wh)
  if (wh === 'whose') return start
  const verb = skip(r, at, end, ['do', 'have', 'pron'])
  // "what did we spend on advertising": how much.
  if (wh === 'what' && kwOf(r, at) === 'do' && /^(we|they|i)$/.test(wordOf(r, verb - 1)) && measuresMoney(r, verb))
    return readHowMuch(r, scope, start, end)
  if (wh === 'what' || wh === 'which' || wh === 'who') {
    use(r, at, be)
    at = be
  }
  // "What did …", "Which are …"
  return readItems(r, scope, at, end)
}

function measuresMoney(r: Reader, at: number): boolean {
  return isNoun(r, at) && (meansMetric(r.chunks[at]) || mayMeanNumber(r.chunks[at]))
}

/** "Who directed Avatar?", "Who teaches Math?", "Who has the most pets?" */
function readWho(r: Reader, scope: Scope, start: number, end: number): number {
  const at = skip(r, start, end, ['have', 'do', 'modal', 'be', 'filler'])
  const chunk = r.chunks[at]
  if (chunk !== undefined && isNoun(r, at) && isSoft(chunk) && kwOf(r, start) !== 'have') {
    const measured = readMeasure(r, at, end)
    const measure = measured.measures[0]
    const most = keyword(r, measured.next, 'super')
    const ends = r.chunks[measured.next + 1]
    // "who gave the most": those people, by what they gave in all.
    if (
      measure?.kind === 'noun' &&
      most?.dims.length === 0 &&
      most.count !== true &&
      (measured.next + 1 >= end ||
        ends?.period !== undefined ||
        (ends?.links.length === 0 && kwOf(r, measured.next + 1) === 'prep')) &&
      measure.of.chunk.links.some((link) => link.target.kind === 'metric' || link.type === 'money')
    ) {
      use(r, at, measured.next + 1)
      r.ask.select.push({ kind: 'wh', word: 'who' })
      r.ask.top = { by: { kind: 'agg', fn: 'sum', of: measure.of }, dir: most.dir, limit: 1 }
      return measured.next + 1
    }
    if (
      measure?.kind === 'noun' &&
      r.pick('who-verb', [
        [0, true],
        [0.5, false],
      ])
    ) {
      r.ask.select.push(measure)
      if (meansEntity(chunk) && !mayMeanField(chunk)) scope.subject = measure.of
      return measured.next
    }
    r.ask.select.push({ kind: 'wh', word: 'who' })
    return at
  }
  r.ask.select.push({ kind: 'wh', word: 'who' })
  return start
}

function readWhereWhen(r: Reader, scope: Scope, start: number, end: number, word: 'where' | 'when'): number {
  let at = skip(r, start, end, ['be', 'do', 'have', 'modal', 'det'])
  use(r, start, at)
  const phrase = readNoun(r, at, end)
  if (phrase.head !== undefined) {
    scope.where.push(...phrase.where)
    at = phrase.next
    scope.subject ??= phrase.head
    r.ask.subject ??= phrase.head
  }
  // The verb at the end says which place or time: "was born", "did he join".
  let verb: Chunk | undefined
  for (let index = at; index < end; index += 1) {
    const chunk = r.chunks[index]
    if (chunk !== undefined && isNoun(r, index) && (isSoft(chunk) || mayMeanField(chunk)) && !isPredicate(r, index + 1))
      verb ??= chunk
  }
  r.ids += 1
  r.ask.select.push({ kind: 'wh', word, ...(verb === undefined ? {} : { of: { id: r.ids, chunk: verb, soft: true } }) })
  return at
}

function readHow(r: Reader, scope: Scope, start: number, end: number): number {
  const word = wordOf(r, start)
  const dims = howDimensions(word)
  if (dims === undefined) return readItems(r, scope, start, end)
  use(r, start)
  let at = skip(r, start + 1, end, ['be', 'do', 'have', 'det'])
  if (kwOf(r, start + 1) === 'be' || kwOf(r, start + 1) === 'do') use(r, start + 1, at)
  if (kwOf(r, at) === 'each' && scope.main) {
    r.ask.select.push({ kind: 'dim', dims })
    at = readGroup(r, at, end, scope.where)
    return at
  }
  const phrase = readNoun(r, at, end)
  if (phrase.head !== undefined) {
    if (phrase.sup !== undefined) applySuper(r, scope, phrase.sup, phrase.head, phrase.limit)
    scope.where.push(...phrase.where)
    scope.subject = phrase.head
    r.ask.subject = phrase.head
    at = phrase.next
  }
  r.ask.select.push({ kind: 'dim', dims, ...(phrase.head === undefined ? {} : { of: phrase.head }) })
  return at
}

/** "How much does X cost", "how much money was raised": an amount, summed when it is a mass. */
function readHowMuch(r: Reader, scope: Scope, start: number, end: number): number {
  use(r, start)
  const at = skip(r, start + 1, end, ['do', 'be', 'have', 'det', 'filler', 'pron', 'modal'])
  if (isNoun(r, at) && mayMeanField(r.chunks[at])) {
    const measured = readMeasure(r, at, end)
    const measure = measured.measures[0]
    // "how much did we spend": all of it.
    const ours = r.chunks.slice(start, at).some(({ kw, word }) => kw?.k === 'pron' && /^(we|they|i)$/.test(word))
    if (measure?.kind === 'noun' && ours) {
      scope.where.push(...measured.where)
      r.ask.select.push({ kind: 'agg', fn: 'sum', of: measure.of })
      return measured.next
    }
    if (measure?.kind === 'noun') {
      scope.where.push(...measured.where)
      const metric = measure.of.chunk.links.some((link) => link.target.kind === 'metric' && link.score > 0.8)
      const sum =
        !metric &&
        r.pick('how-much', [
          [0.3, true],
          [0.6, false],
        ])
      r.ask.select.push(sum ? { kind: 'agg', fn: 'sum', of: measure.of } : measure)
      return measured.next
    }
  }
  // The verb behind its subject names the amount: "how much does the card cost".
  for (let index = at; index < end; index += 1) {
    const chunk = r.chunks[index]
    if (chunk !== undefined && isNoun(r, index) && mayMeanField(chunk) && !meansEntity(chunk)) {
      use(r, index)
      r.ids += 1
      const of = { id: r.ids, chunk, soft: false }
      const sum = r.pick('how-much', [
        [0.4, true],
        [0.5, false],
      ])
      r.ask.select.push(sum ? { kind: 'agg', fn: 'sum', of } : { kind: 'noun', of })
      return at
    }
  }
  r.ask.select.push({ kind: 'dim', dims: ['cost', 'price', 'amount', 'fee', 'total', 'salary'], fn: 'sum' })
  return at
}
