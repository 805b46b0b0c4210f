// A prompt as a row of chunks: function words, things the catalog names, stored values, numbers and times.
// In: tokens, the lexicon, the value index. Out: the best ways to cut the prompt, each chunk with all it may mean.
// Refused: deciding between the meanings of one chunk; the grammar does that.
import type { Catalog, FieldType } from '../../catalog/schema.ts'
import { singular } from '../../catalog/words.ts'
import type { Grain, Period } from '../../definition/schema.ts'
import type { ValueIndex } from '../types.ts'
import { type Keyword, PHRASES, STOP_WORDS } from './keywords.ts'
import type { Entry, Hit, Lexicon, Target } from './lexicon.ts'
import { findGrains, findTimes, type Today } from './periods.ts'
import { lemma, stem } from './stem.ts'
import { isNumberWord, type Token } from './tokens.ts'
import { otherNames } from './world.ts'

export type Link = { readonly target: Target; readonly score: number; readonly type?: FieldType }
export type ValueLink = {
  readonly entity: string
  readonly field: string
  readonly value: string
  readonly score: number
}

export type Chunk = {
  readonly from: number
  readonly to: number
  readonly text: string
  readonly word: string
  readonly kw?: Keyword
  readonly links: readonly Link[]
  readonly values: readonly ValueLink[]
  readonly quoted?: true
  readonly num?: number
  readonly numText?: string
  readonly unit?: '%' | '$'
  readonly period?: Period
  readonly assumption?: string
  readonly grain?: Grain
  readonly adverb?: true
  readonly capital: boolean
  readonly plural: boolean
}

export type ChunkInput = {
  readonly prompt: string
  readonly tokens: readonly Token[]
  readonly catalog: Catalog
  readonly lexicon: Lexicon
  readonly values: ValueIndex
  readonly today: Today
}

const AUXILIARY: ReadonlySet<string> = new Set(['not', 'never', 'have', 'has', 'had', 'who', 'to', 'also', 'ever'])
const MAX_SPAN = 5
const MAX_VALUE_SPAN = 7
const MAX_LINKS = 600
/** Verbs of naming: they introduce a value and never mean the field "name". */
const NAMED: ReadonlySet<string> = new Set(['named', 'called', 'titled', 'entitled', 'title is'])
const GAP_COST = 0.3
const GAP: ReadonlySet<string> = new Set(['of', 'the', "'s", '-', 'in', 'a', 'an', '/', 'for', 'to', '_'])

const phraseIndex: ReadonlyMap<string, readonly (readonly [readonly string[], Keyword])[]> = indexPhrases()
function indexPhrases() {
  const map = new Map<string, (readonly [readonly string[], Keyword])[]>()
  const seen = new Set<string>()
  for (const [phrase, keyword] of PHRASES) {
    if (seen.has(phrase)) continue
    seen.add(phrase)
    const parts = phrase.split(' ')
    const first = parts[0] ?? ''
    const list = map.get(first) ?? []
    list.push([parts, keyword])
    map.set(first, list)
  }
  return map
}

type Part = {
  from: number
  to: number
  score: number
  kw?: Keyword
  links?: readonly Link[]
  values?: readonly ValueLink[]
  time?: { period: Period; assumption?: string }
  grain?: { grain: Grain; adverb: boolean }
}

/** Over a catalog as introspected a prompt is read in two ways, which cut it alike. */
const last = new WeakMap<
  Lexicon,
  { readonly key: string; readonly values: ValueIndex; readonly ways: readonly Chunk[][] }
>()

/** Cuts a prompt into chunks, the likeliest way first; at most three ways. */
export function chunk(input: ChunkInput): readonly Chunk[][] {
  const { lexicon, values, prompt, today } = input
  const key = JSON.stringify([prompt, today])
  const known = last.get(lexicon)
  if (known?.key === key && known.values === values) return known.ways
  const ways = cut(input)
  last.set(lexicon, { key, values, ways })
  return ways
}

function cut(input: ChunkInput): Chunk[][] {
  const parts = [...keywordParts(input), ...linkParts(input), ...valueParts(input), ...timeParts(input)]
  const merged = merge(parts.filter((part) => !deniesDeed(part, input)))
  const ways: Chunk[][] = []
  const seen = new Set<string>()
  // The second way keeps counting and measuring words apart from names that hold them ("number of employees").
  // The third reads "overdue pledges" as rows where a metric goes by that name.
  for (const way of ['plain', 'apart', 'rows'] as const) {
    const usable =
      way === 'apart'
        ? merged.filter((part) => !swallows(part, input))
        : way === 'rows'
          ? merged.filter((part) => !isLongMetric(part))
          : merged
    const path = bestPath(usable, input.tokens)
    const key = path.map((part) => `${part.from}-${part.to}`).join(' ')
    if (seen.has(key)) continue
    seen.add(key)
    ways.push(path.map((part) => toChunk(part, input)))
  }
  return ways
}

/** "never gave": a deed that is denied, with what it was and when, though a value goes by these words too. */
function deniesDeed({ from, to, kw }: Part, { tokens, lexicon }: ChunkInput): boolean {
  if (kw !== undefined || to - from < 2 || tokens[from]?.word !== 'never') return false
  return lexicon
    .find(tokens[from + 1]?.word ?? '')
    .some(({ entry: { target }, quality }) => target.kind === 'relation' && quality >= 0.99)
}

/** "who have not given" is a deed; "give me" and "given a city" are none. */
function isGiving(tokens: readonly Token[], at: number): boolean {
  return /^give[ns]?$/.test(tokens[at]?.word ?? '') && AUXILIARY.has(tokens[at - 1]?.word ?? '')
}

function isLongMetric(part: Part): boolean {
  return part.to - part.from > 1 && part.kw === undefined && part.links?.[0]?.target.kind === 'metric'
}

function swallows(part: Part, { tokens }: ChunkInput): boolean {
  if (part.links === undefined || part.to - part.from < 2 || part.kw !== undefined) return false
  // "spent on advertising": a name that ends in "on" is no name where something follows.
  const next = tokens[part.to]
  if (/^(on|by|for|from|to|at)$/.test(tokens[part.to - 1]?.word ?? '') && next?.kind === 'word') return true
  for (let at = part.from; at < part.to; at += 1) {
    const word = tokens[at]?.word ?? ''
    if (/^(number|average|avg|total|maximum|max|minimum|min|count|percentage|percent|share|most|sum)$/.test(word))
      return true
  }
  return false
}

function keywordParts({ tokens, lexicon }: ChunkInput): Part[] {
  const parts: Part[] = []
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at]
    if (token === undefined || token.kind === 'quoted') continue
    for (const [phrase, kw] of phraseIndex.get(token.word) ?? []) {
      // "kind of" is a filler unless the catalog knows kinds.
      if (/^(kind|kinds|sort|sorts) of$/.test(phrase.join(' ')) && lexicon.known(token.word)) continue
      if (!phrase.every((word, offset) => tokens[at + offset]?.word === word && tokens[at + offset]?.kind !== 'quoted'))
        continue
      const length = phrase.length
      // "campaigns that are running" add up nothing.
      if (phrase.join(' ') === 'running' && lexicon.known(token.word)) continue
      if (length === 1 && isGiving(tokens, at) && lexicon.known(token.word)) continue
      // "with a total amount above 5000" asks for no row of totals.
      if (phrase.join(' ') === 'with a total' && tokens[at + length]?.kind === 'word') continue
      // A "running total" and a "drop in" something are one thing, whatever else is running or was dropped.
      const whole = (kw.k === 'running' || kw.k === 'growth') && length > 1 ? 0.6 : 0
      parts.push({ from: at, to: at + length, score: 0.62 * length + 0.2 * (length - 1) + whole, kw })
    }
  }
  return parts
}

/** Runs of neighbouring tokens that hold words of one entry; a longer or fuller match scores more. */
function linkParts({ tokens, lexicon, catalog }: ChunkInput): Part[] {
  const starts: boolean[] = tokens.map(() => true)
  const hits: (readonly Hit[])[] = tokens.map((token): readonly Hit[] =>
    (token.kind === 'word' && !NAMED.has(token.word)) || (token.kind === 'number' && /^\d$/.test(token.text))
      ? lexicon.find(token.word)
      : [],
  )
  // Function words help to complete a name that holds them ("has amenity"), they never begin one.
  for (const [at, token] of tokens.entries()) {
    // "number of farms" is a count, unless a name really says "number of".
    if (token.word === 'number' && tokens[at + 1]?.word === 'of')
      hits[at] = (hits[at] ?? []).filter((hit) => hit.quality >= 0.94 && hit.entry.words.length > 1)
    // "best first" says nothing of goods.
    if (/^(best|better|worst|worse)$/.test(token.word))
      hits[at] = (hits[at] ?? []).filter((hit) => hit.entry.words.length > 1)
    if (!STOP_WORDS.has(token.word) || isGiving(tokens, at)) continue
    starts[at] = false
    hits[at] = (hits[at] ?? []).filter((hit) => hit.quality >= 0.99)
  }
  const spans = new Map<string, { from: number; to: number; links: Map<string, Link> }>()
  const owned = new Map<string, boolean>()
  for (let from = 0; from < tokens.length; from += 1) {
    for (const first of hits[from] ?? []) {
      // "no-shows": a function word begins a name only where the whole name follows.
      if (starts[from] === false && (first.index !== 0 || first.entry.words.length < 2)) continue
      // "not paid" denies, whatever goes by these words.
      if (first.entry.target.kind === 'enum' && /^(not|never|per|each|every|by)$/.test(tokens[from]?.word ?? ''))
        continue
      if (isGap(tokens[from]?.word ?? '') && first.entry.words.length > 1 && first.entry.target.kind !== 'enum')
        continue
      extend(from, from, first, [first])
    }
    // "last name", where it is called a surname.
    const called = CALLED[`${tokens[from]?.word} ${lemma(tokens[from + 1]?.word ?? '')}`]
    for (const first of called === undefined ? [] : lexicon.find(called))
      if (first.quality >= 0.99 && first.entry.target.kind === 'field')
        extend(from, from + 1, { ...first, quality: 0.96 }, [{ ...first, quality: 0.96 }])
    // "hire date" for a field called hiredate: two words that the catalog writes as one.
    const [here, next] = [tokens[from], tokens[from + 1]]
    if (here?.kind !== 'word' || next?.kind !== 'word' || STOP_WORDS.has(here.word) || STOP_WORDS.has(next.word))
      continue
    const glued = here.word + lemma(next.word)
    if (!lexicon.known(glued)) continue
    for (const first of lexicon.find(glued)) if (first.quality >= 0.99) extend(from, from + 1, first, [first])
  }
  function extend(start: number, last: number, first: Hit, used: readonly Hit[]): void {
    if (starts[start] !== false || used.length === first.entry.words.length) emit(start, last + 1, used)
    if (used.length >= first.entry.words.length) return
    for (let next = last + 1; next < Math.min(tokens.length, start + MAX_SPAN); next += 1) {
      const hit = (hits[next] ?? []).find(
        (one) => one.entry === first.entry && !used.some((before) => before.index === one.index),
      )
      // "names of customers" stays two nouns: behind a gap only what the name truly needs may follow.
      if (
        hit !== undefined &&
        next > last + 1 &&
        (hit.entry.words[hit.index]?.weight ?? 0) <= 0.25 &&
        hit.entry.target.kind === 'field'
      )
        return
      if (hit !== undefined && next > last + 1 && !mayCross(last + 1, next, first, used)) return
      if (hit !== undefined) {
        extend(start, next, first, [...used, hit])
        return
      }
      // "average number of gifts" is no average gift.
      const numberOf = tokens[next]?.word === 'number' && tokens[next + 1]?.word === 'of'
      if (!isGap(tokens[next]?.word ?? '') && !(numberOf && first.entry.target.kind !== 'metric')) return
    }
  }
  /** Whether the word at `at` is a whole field of rows that the word at `next` names; asked often, and found once. */
  function ownedBy(at: number, next: number): boolean {
    const known = owned.get(`${at} ${next}`)
    if (known !== undefined) return known
    const rows = new Set(
      (hits[next] ?? []).flatMap((one) =>
        one.entry.target.kind === 'entity' && isWhole(one) ? [one.entry.target.entity] : [],
      ),
    )
    const made = (hits[at] ?? []).some(
      (one) => one.entry.target.kind === 'field' && isWhole(one) && rows.has(one.entry.target.entity),
    )
    owned.set(`${at} ${next}`, made)
    return made
  }
  /** Whether one name may go on behind "of" or "in": not where the words behind it name rows of their own. */
  function mayCross(from: number, next: number, first: Hit, used: readonly Hit[]): boolean {
    // "cards of the type" are no type of card: the name goes on behind its plural only the other way round.
    if (first.entry.target.kind === 'field' && tokens[from]?.word === 'of' && isPlural(tokens[from - 1]?.word ?? '')) {
      const before = used.at(-1)?.index ?? 0
      const behind = (hits[next] ?? []).find(({ entry }) => entry === first.entry)?.index ?? 0
      if (behind > before) return false
    }
    for (let at = from; at < next; at += 1) {
      const word = tokens[at]?.word ?? ''
      // "the stores the chain has" are two nouns.
      if (/^(the|an?)$/.test(word) && !/^(of|in|for|to)$/.test(tokens[at - 1]?.word ?? '')) return false
      if ((word === 'in' || word === 'for' || word === 'to') && !first.entry.words.some((one) => one.lemma === word))
        return false
    }
    // "address of the customers", who have one: their address, not the rows of customer addresses.
    const rows = first.entry.target.kind === 'entity' || first.entry.target.kind === 'relation'
    if (rows && used.length === 1 && ownedBy(from - 1, next)) return false
    if (
      first.entry.target.kind !== 'field' ||
      !used.every((one) => /^(name|id|code|number)$/.test(one.entry.words[one.index]?.lemma ?? ''))
    )
      return true
    return !(hits[next] ?? []).some(
      (one) =>
        one.entry.target.kind === 'entity' && one.quality >= 0.99 && (one.entry.words[one.index]?.weight ?? 0) >= 0.6,
    )
  }
  function emit(from: number, to: number, used: readonly Hit[]): void {
    const entry = used[0]?.entry
    // "kind of" is not a name that ends there.
    if (entry === undefined || (to - from > 1 && isGap(tokens[to - 1]?.word ?? ''))) return
    if (entry.target.kind === 'metric' && used.length > 1 && otherName(from, to, entry)) return
    let got = 0
    for (const hit of used) got += hit.quality * (entry.words[hit.index]?.weight ?? 0)
    const score = (got / entry.total) * entry.trust
    // "customers who bought" are people, though a metric is called nearly so.
    if (entry.target.kind === 'metric' && score < 0.98 && entry.words.some(({ lemma: one }) => one === 'who')) return
    if (score < 0.3 || isDateOfRows(from, to, entry)) return
    put(from, to, entry, score)
    // "phone number", "account number": the word adds nothing to a field that is a number or a code.
    if (entry.target.kind === 'field' && score >= 0.5 && /^numbers?$/.test(tokens[to]?.word ?? ''))
      put(from, to + 1, entry, score * 0.96)
    // "email address" and "zip code", where only an email or a postcode is kept.
    const end = used.at(-1)
    const last = end?.entry.words[end.index]?.lemma ?? ''
    const more = tokens[to]?.word ?? ''
    if ((MAIL.test(last) && /^address(es)?$/.test(more)) || (POSTAL.test(last) && /^codes?$/.test(more)))
      put(from, to + 1, entry, score * 0.96)
  }
  /** "Total fees" are no total cost where fees are known themselves. */
  function otherName(from: number, to: number, entry: Entry): boolean {
    const own = new Set(entry.words.map((one) => stem(one.lemma)))
    return tokens
      .slice(from, to)
      .some(({ word }) => !STOP_WORDS.has(word) && lexicon.known(word) && !own.has(stem(lemma(word))))
  }
  /** "orders on the way" are orders, though a date of theirs is called "ordered on". */
  function isDateOfRows(from: number, to: number, { target }: Entry): boolean {
    if (target.kind !== 'field' || to - from < 2 || !isPlural(tokens[from]?.word ?? '')) return false
    const type = catalog.entities[target.entity]?.fields[target.field]?.type
    if ((type !== 'date' && type !== 'timestamp') || !/^(on|at|in|by|since)$/.test(tokens[to - 1]?.word ?? ''))
      return false
    return (hits[from] ?? []).some((one) => one.entry.target.kind === 'entity' && isWhole(one))
  }
  function put(from: number, to: number, entry: Entry, score: number): void {
    const target = entry.target
    if (target.kind === 'enum' && score < 0.9) return
    const key = `${from} ${to}`
    const span = spans.get(key) ?? { from, to, links: new Map<string, Link>() }
    spans.set(key, span)
    const name = JSON.stringify(target)
    const before = span.links.get(name)
    if (before !== undefined && before.score >= score) return
    const type = target.kind === 'field' ? catalog.entities[target.entity]?.fields[target.field]?.type : undefined
    span.links.set(name, { target, score, ...(type === undefined ? {} : { type }) })
  }
  return [...spans.values()].map(({ from, to, links }) => {
    const all = [...links.values()].sort((a, b) => b.score - a.score)
    const nouns = all.filter((link) => link.target.kind !== 'enum').slice(0, MAX_LINKS)
    const values = all.flatMap(({ target, score }) =>
      target.kind === 'enum' ? [{ entity: target.entity, field: target.field, value: target.value, score }] : [],
    )
    const best = all[0]?.score ?? 0
    const length = to - from
    // "of the" inside a name is worth no more than outside of one.
    const gaps = tokens.slice(from + 1, to - 1).filter(({ word }) => isGap(word)).length
    return { from, to, score: best * (length - GAP_COST * gaps) + 0.16 * (length - 1), links: nouns, values }
  })
}

/** Short words that are no code of three letters, unless they are written as one. */
const EVERYDAY = new Set('end ends id ids sum max min avg age ages day days set run own top way'.split(' '))

/** Names that are one word in some tables. */
const CALLED: Readonly<Record<string, string>> = {
  'last name': 'surname',
  'family name': 'surname',
  'first name': 'forename',
  'given name': 'forename',
}

const MAIL = /^(email|mail|ip|web)$/
const POSTAL = /^(zip|zipcode|post|postal|postcode)$/

function isPlural(word: string): boolean {
  return word.endsWith('s') && lemma(word) !== word
}

/** Whether the word is all that its name says. */
function isWhole({ entry, index, quality }: Hit): boolean {
  return quality >= 0.99 && (entry.words[index]?.weight ?? 0) / entry.total >= 0.8
}

function isGap(word: string): boolean {
  return GAP.has(word)
}

/** Stored values that neighbouring tokens spell. */
function valueParts({ prompt, tokens, values }: ChunkInput): Part[] {
  const parts: Part[] = []
  for (let from = 0; from < tokens.length; from += 1) {
    const first = tokens[from]
    if (first === undefined) continue
    if (first.kind === 'quoted') {
      parts.push({ from, to: from + 1, score: 3, values: lookUp(first.text, values, true) })
      continue
    }
    if (first.kind === 'punct' || /^(per|each|every|by)$/.test(first.word)) continue
    for (let to = from + 1; to <= Math.min(tokens.length, from + MAX_VALUE_SPAN); to += 1) {
      const last = tokens[to - 1]
      if (last === undefined || last.kind === 'quoted' || /^[;:?!]$/.test(last.word)) break
      if (last.kind === 'punct') continue
      // "Ph.D." and "Tokyo, Japan" are one value where just this is stored.
      const parted = tokens.slice(from, to).some(({ word }) => word === '.' || word === ',')
      if (parted && !(first.capital && last.capital)) continue
      if (!maybeValue(tokens, from, to)) continue
      const text = prompt.slice(first.start, last.end)
      const found = lookUp(text, values, false)
      const best = found[0]
      if (best === undefined || (parted && best.score < 0.97)) continue
      const stop = tokens[to]
      // The full stop of "Ph.D." is its own.
      const whole = stop?.word === '.' && stop.start === last.end && best.value.endsWith('.') ? to + 1 : to
      const length = whole - from
      const short = length === 1 && !first.capital
      const score = best.score * length * (short ? 0.97 : 1.04) + 0.18 * (length - 1)
      const alone = first.kind === 'number' && length === 1
      parts.push({ from, to: whole, score: alone ? score * 0.5 : score, values: found })
    }
  }
  return parts
}

function maybeValue(tokens: readonly Token[], from: number, to: number): boolean {
  const first = tokens[from]
  const last = tokens[to - 1]
  if (first === undefined || last === undefined) return false
  if (to - from === 1) {
    if (first.kind === 'number') return true
    if (first.text.length <= 2)
      return /^[A-Z0-9][A-Z0-9+]?$/.test(first.text) && !(first.word === 'i') && !(first.word === 'a' && from === 0)
    return !STOP_WORDS.has(first.word) && !isNumberWord(first.word) && !(EVERYDAY.has(first.word) && !first.capital)
  }
  if (STOP_WORDS.has(last.word)) return false
  return !STOP_WORDS.has(first.word) || first.capital
}

function lookUp(text: string, values: ValueIndex, quoted: boolean): ValueLink[] {
  const found = new Map<string, ValueLink>()
  const take = (query: string, factor: number, floor: number) => {
    for (const match of values.find(query, { max: 12 })) {
      const score = match.score * factor
      if (match.score < floor) continue
      const key = `${match.entity} ${match.field} ${match.value}`
      const before = found.get(key)
      if (before === undefined || before.score < score) found.set(key, { ...match, score })
    }
  }
  take(text, 1, quoted ? 0.7 : text.length > 5 ? 0.88 : 0.97)
  const lower = text.toLowerCase()
  for (const other of otherNames(lower)) take(other, 0.93, 0.99)
  const base = lower.replace(/[\p{L}]+$/u, (word) => singular(word))
  if (base !== lower && !quoted) {
    take(base, 0.93, 0.99)
    // "goalies" is the plural of "goalie" as well as it could be of "goaly".
    if (/ies$/.test(lower)) take(lower.slice(0, -1), 0.93, 0.99)
    for (const other of otherNames(base)) take(other, 0.9, 0.99)
  }
  return [...found.values()].sort((a, b) => b.score - a.score).slice(0, 16)
}

function timeParts({ tokens, today }: ChunkInput): Part[] {
  const times: Part[] = findTimes(tokens, today).map((span) => ({
    from: span.from,
    to: span.to,
    score: 1.05 * (span.to - span.from) + 0.2 * (span.to - span.from - 1),
    time: { period: span.period, ...(span.assumption === undefined ? {} : { assumption: span.assumption }) },
  }))
  const grains: Part[] = findGrains(tokens).map((span) => ({
    from: span.from,
    to: span.to,
    score: 0.7 * (span.to - span.from),
    grain: { grain: span.grain, adverb: span.adverb },
  }))
  return [...times, ...grains]
}

/** Parts over the same tokens become one part that may mean either. */
function merge(parts: readonly Part[]): Part[] {
  const bySpan = new Map<string, Part>()
  for (const part of parts) {
    const key = `${part.from} ${part.to}`
    const before = bySpan.get(key)
    if (before === undefined) {
      bySpan.set(key, { ...part })
      continue
    }
    const values = [...(before.values ?? []), ...(part.values ?? [])].sort((a, b) => b.score - a.score)
    bySpan.set(key, {
      ...before,
      ...part,
      score: Math.max(before.score, part.score),
      ...(before.links === undefined ? {} : { links: before.links }),
      ...(before.kw === undefined ? {} : { kw: before.kw }),
      values: values.filter(
        (one, index) =>
          values.findIndex(
            (other) => other.entity === one.entity && other.field === one.field && other.value === one.value,
          ) === index,
      ),
    })
  }
  return [...bySpan.values()]
}

/** The cut with the highest sum of scores; tokens that nothing covers stand alone. */
function bestPath(parts: readonly Part[], tokens: readonly Token[]): Part[] {
  const byStart = new Map<number, Part[]>()
  for (const part of parts) byStart.set(part.from, [...(byStart.get(part.from) ?? []), part])
  const best: { score: number; part: Part | undefined }[] = Array.from({ length: tokens.length + 1 }, () => ({
    score: 0,
    part: undefined,
  }))
  for (let at = tokens.length - 1; at >= 0; at -= 1) {
    const token = tokens[at]
    const alone: Part = {
      from: at,
      to: at + 1,
      score:
        token?.kind === 'number'
          ? 0.95
          : token !== undefined && (STOP_WORDS.has(token.word) || token.kind === 'punct')
            ? 0.1
            : -0.2,
    }
    let winner = { score: alone.score + (best[at + 1]?.score ?? 0), part: alone }
    for (const part of byStart.get(at) ?? []) {
      const score = part.score + (best[part.to]?.score ?? 0)
      if (
        score > winner.score + 1e-9 ||
        (Math.abs(score - winner.score) < 1e-9 && part.to - part.from > winner.part.to - winner.part.from)
      )
        winner = { score, part }
    }
    best[at] = winner
  }
  const path: Part[] = []
  for (let at = 0; at < tokens.length; ) {
    const part = best[at]?.part
    if (part === undefined) break
    path.push(part)
    at = part.to
  }
  return path
}

function toChunk(part: Part, { prompt, tokens }: ChunkInput): Chunk {
  const first = tokens[part.from]
  const last = tokens[part.to - 1]
  const single = part.to - part.from === 1 ? first : undefined
  const text = single?.kind === 'quoted' ? single.text : prompt.slice(first?.start ?? 0, last?.end ?? 0)
  return {
    from: part.from,
    to: part.to,
    text,
    word: tokens
      .slice(part.from, part.to)
      .map((token) => token.word)
      .join(' '),
    links: part.links ?? [],
    values: part.values ?? [],
    capital: first?.capital ?? false,
    plural: last !== undefined && lemma(last.word) !== last.word && last.word.endsWith('s'),
    ...(part.kw === undefined ? {} : { kw: part.kw }),
    ...(single?.kind === 'quoted' ? { quoted: true as const } : {}),
    ...(single?.value === undefined ? {} : { num: single.value, numText: single.text }),
    ...(single?.unit === undefined ? {} : { unit: single.unit }),
    ...(part.time === undefined ? {} : { period: part.time.period }),
    ...(part.time?.assumption === undefined ? {} : { assumption: part.time.assumption }),
    ...(part.grain === undefined ? {} : { grain: part.grain.grain }),
    ...(part.grain?.adverb === true ? { adverb: true as const } : {}),
  }
}
