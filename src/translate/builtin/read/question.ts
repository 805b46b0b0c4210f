// A whole prompt: what is to be shown, then the clauses behind it, sentence by sentence.
// In: chunks and `pick`. Out: one reading of what is asked.
// Refused: nothing; a prompt without anything known gives an ask without columns.
import type { Pick } from '../choose.ts'
import type { Chunk, Link } from '../chunk.ts'
import { isPast } from '../stem.ts'
import type { Ask, Measure } from './ast.ts'
import { readClauses } from './clause.ts'
import { readGroup } from './group.ts'
import { readHead } from './head.ts'
import { isPredicate, startsMeasure } from './measure.ts'
import { readNoun } from './noun.ts'
import {
  isNoun,
  isNumber,
  isValue,
  kwOf,
  meansEntity,
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
  duePeriod(r, ask)
  ask.select = ask.select.map((one) => rowsWith(ask, one))
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
function duePeriod(r: Reader, ask: Ask): void {
  const [only, second] = ask.select
  if (only?.kind !== 'noun' || second !== undefined || ask.group.length > 0) return
  const { chunk, owner } = only.of
  const dated = (link: Link | undefined) => link?.type === 'date' || link?.type === 'timestamp'
  const deed = /ed$/.test(chunk.word) && chunk.links.some((link) => dated(link) && link.score >= 0.85)
  // "staff hired this year": a word for many has no plural.
  const done = deed || /born$/.test(chunk.word) || isPast(chunk.word)
  const several = owner?.chunk.plural === true || done
  const beside = owner !== undefined && owner.chunk.to === chunk.from && several && callsRows(owner.chunk)
  // "women born after 1990": a value says whose rows, and the date is theirs.
  const before = r.chunks[r.chunks.indexOf(chunk) - 1]
  const bare = owner === undefined && before !== undefined && before.values.length > 0 && done
  if (!beside && !bare) return
  if (!(deed || dated(chunk.links[0])) || /(date|time|day|year)s?$/.test(chunk.word)) return
  const at = ask.where.findIndex((cond) => cond.kind === 'period' && cond.field === undefined)
  const period = ask.where[at]
  if (period?.kind !== 'period') return
  ask.where[at] = { ...period, field: only.of }
  ask.select = owner === undefined ? [] : [{ kind: 'all', of: owner }]
  if (owner !== undefined) ask.subject = owner
}

/** "Contacts on the mailing list" are those that a yes-or-no field says yes of, and not what it says. */
function rowsWith(ask: Ask, measure: Measure): Measure {
  if (measure.kind === 'share') return { ...measure, of: rowsWith(ask, measure.of) }
  const of = measure.kind === 'noun' || measure.kind === 'count' ? measure.of : undefined
  const owner = of?.owner
  if (of === undefined || owner === undefined || owner.chunk.to !== of.chunk.from || !owner.chunk.plural) return measure
  const [field] = of.chunk.links
  if (field?.type !== 'boolean' || field.score < 0.95 || !callsRows(owner.chunk)) return measure
  ask.where.push({ kind: 'flag', of })
  ask.subject ??= owner
  return measure.kind === 'count' ? { ...measure, of: owner } : { kind: 'noun', of: owner }
}

/** Whether rows go by the word, also where a metric of that name counts them. */
function callsRows({ links }: Chunk): boolean {
  return links.some(({ target, score }) => target.kind === 'entity' && score >= 0.95)
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
