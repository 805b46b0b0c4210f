// A whole prompt: what is to be shown, then the clauses behind it, sentence by sentence.
// In: chunks and `pick`. Out: one reading of what is asked.
// Refused: nothing; a prompt without anything known gives an ask without columns.

import type { Pick } from '../choose.ts'
import type { Chunk } from '../chunk.ts'
import { DATE } from '../keywords.ts'
import type { Ask, Measure, Mention } from './ast.ts'
import { isStretch, readTopN, topStretch } from './clause/superlative.ts'
import { readClauses } from './clause.ts'
import { readGroup } from './group.ts'
import { howDimensions } from './how.ts'
import { isPredicate, readAggregates, readMeasure, readTop, startsMeasure } from './measure.ts'
import { nounAhead, readNoun } from './noun.ts'
import {
  isNoun,
  isNumber,
  isSoft,
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
} from './reader.ts'

/** One reading of a prompt's chunks. */
export function readQuestion(chunks: readonly Chunk[], pick: Pick): Ask {
  const ask: Ask = {
    select: [],
    where: [],
    group: [],
    order: [],
    distinct: false,
    extras: {},
    unread: [],
    dropped: [],
    notes: [],
    features: {},
  }
  const r: Reader = { chunks, pick, ask, used: new Set(), nested: readNested, ids: 0 }
  const stretches = sentences(r)
  for (const [at, [from, to]] of stretches.entries()) readSentence(r, from, to, at < stretches.length - 1)
  duePeriod(ask)
  ask.group = ask.group.map((one) => (one.of !== undefined && isEach(r, one.of.chunk) ? { ...one, each: true } : one))
  const [group] = ask.group
  // "the name of each dorm that …": nothing is counted, so the dorms are what is listed.
  if (ask.group.length === 1 && group?.of !== undefined && group.each === true && ask.top === undefined)
    if (ask.select.length > 0 && ask.select.every((one) => one.kind === 'noun')) ask.subject ??= group.of
  ask.unread = chunks.filter(
    (chunk, index) =>
      !r.used.has(index) && chunk.kw === undefined && /[\p{L}\p{N}]/u.test(chunk.text) && chunk.word !== 'full',
  )
  return ask
}

const readNested: Reader['nested'] = (r, scope, start, end) => readClauses(r, scope, start, end, true)

/** Whether "each" stands before a noun of rows. */
function isEach(r: Reader, chunk: Chunk): boolean {
  let at = r.chunks.indexOf(chunk) - 1
  while (kwOf(r, at) === 'distinct' || kwOf(r, at) === 'det' || isValue(r, at)) at -= 1
  return kwOf(r, at) === 'each' && meansEntity(chunk)
}

/** "Pledges due next month" are pledges, by the date that the word names; "due dates of pledges" stay dates. */
function duePeriod(ask: Ask): void {
  const [only, second] = ask.select
  if (only?.kind !== 'noun' || second !== undefined || ask.group.length > 0) return
  const { chunk, owner } = only.of
  const type = chunk.links[0]?.type
  const beside = owner !== undefined && owner.chunk.to === chunk.from && owner.chunk.plural && meansEntity(owner.chunk)
  if (!beside || (type !== 'date' && type !== 'timestamp') || /(date|time|day|year)s?$/.test(chunk.word)) return
  const at = ask.where.findIndex((cond) => cond.kind === 'period' && cond.field === undefined)
  const period = ask.where[at]
  if (period?.kind !== 'period') return
  ask.where[at] = { ...period, field: only.of }
  ask.select = [{ kind: 'all', of: owner }]
  ask.subject = owner
}

/** Stretches of chunks between full stops, question marks and semicolons; a stop inside a number or name is none. */
function sentences(r: Reader): [number, number][] {
  const out: [number, number][] = []
  let from = 0
  for (let at = 0; at <= r.chunks.length; at += 1) {
    const stop = at === r.chunks.length || /^[.?!;:]$/.test(wordOf(r, at))
    if (!stop) continue
    if (at > from) out.push([from, at])
    from = at + 1
  }
  return out
}

function readSentence(r: Reader, start: number, end: number, goesOn: boolean): void {
  const scope: Scope = {
    where: r.ask.where,
    main: true,
    ...(r.ask.subject === undefined ? {} : { subject: r.ask.subject }),
  }
  let at = skip(r, start, end, ['polite', 'cmd', 'also', 'and', 'comma', 'pron', 'filler', 'modal'])
  use(r, start, at)
  const first = r.ask.select.length === 0 && r.ask.group.length === 0
  const said = r.ask.select
  if (!first) r.ask.select = []
  at = readPreposed(r, scope, at, end)
  if (first || !statesFact(r, start, end)) at = readHead(r, scope, at, end, first)
  const [head, other] = r.ask.select
  // "Which doctors …? Give me their names.": the doctors, even where other rows hold one in a field.
  if (first && goesOn && other === undefined && head?.kind === 'noun' && head.of.owner === undefined)
    if (meansEntity(head.of.chunk) && !head.of.soft) r.ask.subject ??= head.of
  if (r.ask.subject !== undefined && scope.subject === undefined) scope.subject = r.ask.subject
  readClauses(r, scope, at, end)
  if (scope.subject !== undefined) r.ask.subject ??= scope.subject
  // A later sentence that names columns says what the first one left open ("Which …? Give me the name.").
  if (!first) {
    const more = r.ask.select
    const added = kwOf(r, start) === 'and' || kwOf(r, start) === 'also'
    r.ask.select = more.length === 0 ? said : added ? [...said, ...more] : mergeSelect(said, more)
  }
}

/** "Their sex is F.": a later sentence that tells more about the rows. */
function statesFact(r: Reader, start: number, end: number): boolean {
  if (kwOf(r, start) !== 'possessive' && kwOf(r, start) !== 'det') return false
  const noun = skip(r, start, end, ['possessive', 'det'])
  const verb = noun + 1
  return (
    isNoun(r, noun) &&
    kwOf(r, verb) === 'be' &&
    (isValue(r, verb + 1) || isNumber(r, verb + 1) || kwOf(r, verb + 1) === 'cmp')
  )
}

/** The columns of a later sentence replace bare nouns of the first and keep its counts and averages apart. */
function mergeSelect(said: readonly Measure[], more: readonly Measure[]): Measure[] {
  const isBare = (one: Measure) =>
    one.kind === 'wh' ||
    (one.kind === 'noun' && meansEntity(one.of.chunk)) ||
    one.kind === 'count' ||
    one.kind === 'noun'
  const kept = said.every(isBare) ? [] : said.filter((one) => one.kind === 'agg')
  return [...kept, ...more]
}

/** "For each department, …", "Among all students, …", "In 2024, …" before the head. */
function readPreposed(r: Reader, scope: Scope, start: number, end: number): number {
  let at = start
  const kw = kwOf(r, at)
  // "List every student's name, age and city": no group before the head, it is the head.
  const head = kw === 'each' && kwOf(r, at - 1) === 'cmd' && /^(each|every)( |$)/.test(wordOf(r, at))
  if (!head && (kw === 'each' || (kw === 'prep' && kwOf(r, at + 1) === 'each') || kw === 'groupby')) {
    const eachAt = kw === 'prep' ? at + 1 : at
    use(r, at)
    const stop = commaAhead(r, eachAt, end) ?? verbAhead(r, eachAt, end)
    if (stop !== undefined) {
      note(r, 'preposed')
      at = readGroup(r, eachAt, stop, scope.where)
      at = readClauses(r, scope, at, stop)
      use(r, stop)
      return skip(r, stop + (kwOf(r, stop) === 'comma' ? 1 : 0), end, [
        'polite',
        'cmd',
        'also',
        'and',
        'comma',
        'filler',
        'modal',
      ])
    }
    return readGroup(r, eachAt, end, scope.where)
  }
  if (
    kw === 'among' ||
    (kw === 'prep' && /^(for|in|of|from|on|at|within|during|considering|by)$/.test(wordOf(r, at)))
  ) {
    const wh = kwOf(r, at + 1)
    if (wh === 'wh' || wh === 'rel') return start
    const stop = commaAhead(r, at, end)
    if (stop !== undefined && stop - at < 14) {
      use(r, at)
      const phrase = r.chunks[at + 1]?.period === undefined ? readNoun(r, at + 1, stop) : undefined
      let next = at + 1
      if (phrase?.head !== undefined && !isPredicate(r, phrase.next)) {
        if (meansEntity(phrase.head.chunk)) {
          scope.subject = phrase.head
          r.ask.subject = phrase.head
        }
        scope.where.push(...phrase.where)
        next = phrase.next
      }
      readClauses(r, scope, next, stop)
      use(r, stop)
      return skip(r, stop + 1, end, ['polite', 'cmd', 'also', 'and', 'comma', 'filler', 'modal'])
    }
  }
  return start
}

function commaAhead(r: Reader, from: number, end: number): number | undefined {
  for (let at = from + 1; at < end; at += 1) if (kwOf(r, at) === 'comma' && startsHead(r, at + 1, end)) return at
  return undefined
}

/** Without a comma the head begins at its command or question word. */
function verbAhead(r: Reader, from: number, end: number): number | undefined {
  for (let at = from + 1; at < end; at += 1) {
    const kw = kwOf(r, at)
    if (isNoun(r, at)) continue
    if (kw === 'cmd' || kw === 'howmany' || (kw === 'wh' && ['what', 'which', 'how'].includes(wordOf(r, at)))) return at
  }
  return undefined
}

function startsHead(r: Reader, at: number, end: number): boolean {
  const next = skip(r, at, end, ['polite', 'also'])
  const kw = kwOf(r, next)
  return (
    kw === 'cmd' ||
    kw === 'wh' ||
    kw === 'howmany' ||
    kw === 'howmuch' ||
    kw === 'count' ||
    kw === 'agg' ||
    kw === 'rel' ||
    kw === 'prep' ||
    kw === 'be' ||
    kw === 'super' ||
    startsMeasure(r, next, end)
  )
}

/** What is to be shown; returns where the clauses begin. */
function readHead(r: Reader, scope: Scope, start: number, end: number, first: boolean): number {
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

/** "best fundraising month": the stretch of time, behind what it is best at. */
function bestNamed(
  r: Reader,
  at: number,
  next: number,
  { dir, count }: { dir: 'asc' | 'desc'; count?: true },
  limit = 1,
): number | undefined {
  const chunk = r.chunks[next]
  const grain = r.chunks[next + 1]?.grain
  if (chunk === undefined || grain === undefined || count === true || dir === 'asc') return undefined
  if (!isNoun(r, next) || !isStretch(r, next + 1)) return undefined
  const rows = chunk.links.some(({ target, score }) => target.kind === 'entity' && score >= 0.9)
  const [metric, other] = chunk.links.filter(({ target, score }) => target.kind === 'metric' && score >= 0.45)
  if (!rows && (metric === undefined || other !== undefined || isValue(r, next))) return undefined
  use(r, at, next + 2)
  r.ids += 1
  const links = rows || metric === undefined ? chunk.links : [{ ...metric, score: 1 }]
  const of = { id: r.ids, chunk: { ...chunk, links }, soft: false }
  if (rows) note(r, 'rowsBy')
  r.ask.group.push({ grain })
  r.ask.select.push({ kind: 'noun', of })
  r.ask.top = { dir, limit, ...(rows ? { of } : {}) }
  return next + 2
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

/** The columns in order, up to the first word that begins a clause. */
function readItems(r: Reader, scope: Scope, start: number, end: number): number {
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

function ownerOf(measure: Measure): import('./ast.ts').Mention | undefined {
  if (measure.kind === 'noun' || measure.kind === 'agg') return measure.of.owner
  return undefined
}

function applySuper(
  r: Reader,
  scope: Scope,
  sup: { dir: 'asc' | 'desc'; dims: readonly string[]; count: boolean; adj: string },
  head: import('./ast.ts').Mention,
  limit?: number,
): void {
  const by: Measure =
    sup.count || sup.dims.length === 0 ? { kind: 'count', where: [] } : { kind: 'dim', dims: sup.dims, of: head }
  r.ask.top ??= { by, dir: sup.dir, limit: limit ?? 1, of: head }
  scope.subject ??= head
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

/** "the lowest consider rate and oppose rate": the lowest of each. */
function sameExtreme(r: Reader, at: number, end: number): { of: Mention; next: number } | undefined {
  const next = at + 1
  if (kwOf(r, at) !== 'and' || !isNoun(r, next) || !mayMeanNumber(r.chunks[next]) || isPredicate(r, next + 1))
    return undefined
  if (meansEntity(r.chunks[next])) return undefined
  const spread = r.pick('spread', [
    [0.1, true],
    [0.5, false],
  ])
  const phrase = spread ? readNoun(r, next, end) : undefined
  if (phrase?.head === undefined) return undefined
  use(r, at, phrase.next)
  return { of: phrase.head, next: phrase.next }
}

/** "the oldest student", "the highest salary", "the most common city", "the 3 most expensive rooms". */
function readSuperItem(
  r: Reader,
  scope: Scope,
  at: number,
  end: number,
  count: number | undefined,
): number | undefined {
  const found = keyword(r, at, 'super')
  if (found === undefined) return undefined
  let limit = count
  let next = at + 1
  if (isNumber(r, next) && (nounAhead(r, next + 1, end) || isStretch(r, next + 1))) {
    limit = r.chunks[next]?.num
    use(r, next)
    next += 1
  }
  const named = bestNamed(r, at, next, found, limit)
  if (named !== undefined) return named
  const stretch = topStretch(r, scope, next, end, { dir: found.dir, limit, brought: found.count !== true })
  if (stretch !== undefined) {
    use(r, at)
    return stretch
  }
  const sup = { dir: found.dir, dims: found.dims, count: found.count === true, adj: found.adj }
  const top = readTop(r, sup, next, end)
  if (top.next === next && top.target === undefined && top.by.kind === 'dim') return undefined
  use(r, at, top.next)
  scope.where.push(...top.where)
  if (top.target !== undefined) {
    r.ask.select.push({ kind: 'noun', of: top.target })
    r.ask.top ??= { by: top.by, dir: top.dir, limit: limit ?? 1, of: top.target }
    if (meansEntity(top.target.chunk)) {
      scope.subject ??= top.target
      r.ask.subject ??= top.target
    }
    return top.next
  }
  const by = top.by
  if (by.kind === 'count') {
    // "the most pets": whose, the clauses say.
    r.ask.select.push(by)
    r.ask.top ??= { by, dir: top.dir, limit: limit ?? 1 }
    return top.next
  }
  // "the highest salary": one number, or with "top 3 highest" the rows.
  if (
    by.kind === 'noun' &&
    limit === undefined &&
    r.pick('extreme', [
      [0, true],
      [0.8, false],
    ])
  ) {
    const fn = top.dir === 'desc' ? 'max' : 'min'
    r.ask.select.push({ kind: 'agg', fn, of: by.of, ...(found.dims === DATE ? { unsummed: true } : {}) })
    const more = sameExtreme(r, top.next, end)
    if (more !== undefined) {
      r.ask.select.push({ kind: 'agg', fn, of: more.of })
      return more.next
    }
    if (top.of !== undefined && meansEntity(top.of.chunk)) {
      scope.subject ??= top.of
      r.ask.subject ??= top.of
    }
    return top.next
  }
  r.ask.select.push(by)
  r.ask.top ??= { by, dir: top.dir, limit: limit ?? 1 }
  return top.next
}
