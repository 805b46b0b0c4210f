// The reader's place in a prompt: its chunks, what has been read, and small questions about one chunk.
// In: chunks and `pick`. Out: answers about the chunk at an index; anything past the end is nothing.
// Refused: knowledge of the catalog beyond what the chunks' links say.

import type { Pick } from '../choose.ts'
import type { Chunk } from '../chunk.ts'
import type { Keyword } from '../keywords.ts'
import { isPast, lemma } from '../stem.ts'
import type { Ask, Mention } from './ast.ts'

export type Reader = {
  readonly chunks: readonly Chunk[]
  readonly pick: Pick
  readonly ask: Ask
  readonly used: Set<number>
  /** Reads the clauses of a noun that stands inside other clauses; where they stopped. */
  readonly nested: (r: Reader, scope: Scope, start: number, end: number) => number
  ids: number
}

/** The conditions of one noun, and what they may add to. */
export type Scope = {
  subject?: Mention
  where: import('./ast.ts').Cond[]
  readonly main: boolean
}

export function kwOf(r: Reader, at: number): Keyword['k'] | undefined {
  return r.chunks[at]?.kw?.k
}

export function keyword<K extends Keyword['k']>(r: Reader, at: number, k: K): Extract<Keyword, { k: K }> | undefined {
  const kw = r.chunks[at]?.kw
  return kw?.k === k ? (kw as Extract<Keyword, { k: K }>) : undefined
}

export function wordOf(r: Reader, at: number): string {
  return r.chunks[at]?.word ?? ''
}

/** Marks chunks as read. */
export function use(r: Reader, from: number, to = from + 1): void {
  for (let at = from; at < to; at += 1) r.used.add(at)
}

/** Adds to a feature of the reading, for the ranking. */
export function note(r: Reader, feature: string, value = 1): void {
  r.ask.features[feature] = (r.ask.features[feature] ?? 0) + value
}

const best = (chunk: Chunk | undefined) => chunk?.links[0]?.score ?? 0
const bestValue = (chunk: Chunk | undefined) => chunk?.values[0]?.score ?? 0

/** Whether the chunk names something of the catalog and stands where a noun may stand. */
export function isNoun(r: Reader, at: number): boolean {
  const chunk = r.chunks[at]
  if (chunk === undefined || chunk.links.length === 0 || chunk.quoted === true || chunk.period !== undefined)
    return false
  if (saysOf(r.chunks[at - 1], chunk)) return true
  const score = best(chunk)
  // "reported after …": a verb form that is also stored somewhere is still a verb.
  const verb = /^[a-z]+(ed|ing)$/.test(chunk.text) && score >= 0.35
  // "states" for a stored "State": the thing, not the value.
  const loose = !chunk.capital && bestValue(chunk) < 0.96 && score >= 0.45
  if (bestValue(chunk) >= 0.9 && score < 0.8 && !(chunk.plural && score > 0.6) && !verb && !loose) return false
  const next = r.chunks[at + 1]
  switch (chunk.kw?.k) {
    case undefined:
      return true
    case 'cmd':
      return score >= 0.6 && !(isCommandPlace(r, at) && chunk.word !== 'name')
    case 'polite':
      return score >= 0.9
    case 'filler':
      return score >= 0.9 && !/^(uses?|used|using|makes?|made|takes?|took|gets?|got)$/.test(chunk.word)
    case 'order':
      return (
        score >= 0.6 &&
        !/ by$/.test(chunk.word) &&
        wordOf(r, at - 1) !== 'in' &&
        !(next?.kw?.k === 'prep' && next.word === 'by')
      )
    case 'count':
      return score >= 0.6 && chunk.word === 'number' && !(next !== undefined && next.links.length > 0)
    case 'agg':
      return (
        score >= 0.95 &&
        !(next !== undefined && (next.links.length > 0 || next.word === 'of')) &&
        !/^(on average)$/.test(chunk.word)
      )
    case 'share':
      return score >= 0.85
    case 'times':
      return score >= 0.9 && r.chunks[at - 1]?.num === undefined
    case 'top':
    case 'growth':
    case 'corresponding':
    case 'running':
    case 'full':
    case 'contains':
      return score >= 0.95
    default:
      return false
  }
}

/** "California state": the noun behind a stored value names the field it is stored in. */
function saysOf(before: Chunk | undefined, { kw, links }: Chunk): boolean {
  if (kw?.k !== 'cmd') return false
  return links.some(
    ({ target }) =>
      target.kind === 'field' &&
      before?.values.some((value) => value.entity === target.entity && value.field === target.field),
  )
}

function isCommandPlace(r: Reader, at: number): boolean {
  if (at === 0) return true
  const before = kwOf(r, at - 1)
  if (before === 'polite' || before === 'also') return true
  if (before === 'modal' || before === 'pron') return true
  const previous = wordOf(r, at - 1)
  return (
    previous === '.' ||
    previous === '?' ||
    ((before === 'and' || before === 'comma') && ['det', 'all', 'possessive', 'wh'].includes(kwOf(r, at + 1) ?? ''))
  )
}

/** Whether the chunk is a stored value (or a quoted text). */
export function isValue(r: Reader, at: number): boolean {
  const chunk = r.chunks[at]
  if (chunk === undefined) return false
  if (chunk.quoted === true) return true
  if (chunk.values.length === 0 || chunk.num !== undefined) return false
  const kw = chunk.kw?.k
  // "the name of the documents" asks for it, even where a row somewhere is called "Name".
  if (chunk.text === 'name' || chunk.text === 'names') return false
  if (kw !== undefined && kw !== 'filler' && kw !== 'cmd' && !(chunk.capital && at > 0)) return false
  return true
}

/** Whether the chunk is a plain number that counts or measures. */
export function isNumber(r: Reader, at: number): boolean {
  const chunk = r.chunks[at]
  if (chunk?.num === undefined) return false
  if (chunk.kw !== undefined) return false
  return true
}

/** Whether the chunk's best meaning is an entity (not a field). */
export function meansEntity(chunk: Chunk | undefined): boolean {
  const top = chunk?.links[0]
  if (top === undefined) return false
  if (top.target.kind === 'entity' || top.target.kind === 'relation') return true
  const entity = chunk?.links.find((link) => link.target.kind === 'entity')
  return entity !== undefined && entity.score >= top.score - 0.001
}

/** Whether the chunk may mean a field at all (about as well as its best meaning). */
export function mayMeanField(chunk: Chunk | undefined): boolean {
  const score = best(chunk)
  return (
    chunk?.links.some(
      (link) => (link.target.kind === 'field' || link.target.kind === 'metric') && link.score >= score - 0.25,
    ) ?? false
  )
}

/** Whether the word looks like a verb form that only leans on a noun ("directed", "living"). */
export function isSoft(chunk: Chunk | undefined): boolean {
  if (chunk !== undefined && (isPast(chunk.word) || isDeed(chunk))) return true
  if (chunk === undefined || best(chunk) >= 0.95)
    return (
      chunk !== undefined &&
      /^\w+ed$/.test(chunk.word) &&
      (best(chunk) < 0.99 || chunk.links[0]?.target.kind === 'entity')
    )
  return (
    /^\w{2,}(ed|ing)$/.test(chunk.word) ||
    (best(chunk) < 0.88 &&
      !chunk.plural &&
      /^\w+(s|e|y|n|t|k|l|d|h|g|w|r)$/.test(chunk.word) &&
      chunk.to - chunk.from === 1 &&
      best(chunk) <= 0.87)
  )
}

/** "hosted" for a field called hosts: a form of its word that the catalog does not use. */
function isDeed({ word, links }: Chunk): boolean {
  const target = links[0]?.target
  if (target?.kind !== 'field' || !/^[a-z]{3,}ed$/.test(word) || lemma(word) === word) return false
  return !target.field.split('_').includes(word)
}

/** First index from `at` whose chunk is none of the given classes. */
export function skip(r: Reader, at: number, end: number, classes: readonly Keyword['k'][]): number {
  let next = at
  while (next < end && !isNoun(r, next) && classes.includes(kwOf(r, next) as Keyword['k'])) next += 1
  return next
}

/** A mention of the noun at an index. */
export function mention(r: Reader, at: number, owner?: Mention): Mention {
  const chunk = r.chunks[at]
  if (chunk === undefined) throw new Error('a mention needs a chunk')
  use(r, at)
  r.ids += 1
  return { id: r.ids, chunk, soft: isSoft(chunk), ...(owner === undefined ? {} : { owner }) }
}

/** Whether the chunk may mean a number that is stored, about as well as its best meaning. */
export function mayMeanNumber(chunk: Chunk | undefined): boolean {
  const score = best(chunk)
  return (
    chunk?.links.some(
      (link) =>
        link.target.kind === 'field' &&
        link.score >= score - 0.25 &&
        (link.type === 'integer' || link.type === 'number' || link.type === 'money'),
    ) ?? false
  )
}

/** Whether the chunk may mean an entity, though something else fits better. */
export function mayMeanEntity(chunk: Chunk | undefined): boolean {
  const score = best(chunk)
  return (
    chunk?.links.some(
      (link) => (link.target.kind === 'entity' || link.target.kind === 'relation') && link.score >= score - 0.4,
    ) ?? false
  )
}

/** Whether a metric of the catalog is called just so. */
export function meansMetric(chunk: Chunk | undefined): boolean {
  return chunk?.links.some(({ target, score }) => target.kind === 'metric' && score > 0.85) ?? false
}

/** Whether rows hold a number that is called as they are: a table of degrees with a column of degrees counts them itself. */
export function holdsItself(chunk: Chunk | undefined, entity?: string): boolean {
  const links = chunk?.links ?? []
  return links.some(
    ({ target, score, type }) =>
      target.kind === 'field' &&
      score >= 0.98 &&
      (type === 'integer' || type === 'number') &&
      (entity === undefined || target.entity === entity) &&
      links.some((one) => one.target.kind === 'entity' && one.target.entity === target.entity && one.score >= 0.98),
  )
}
