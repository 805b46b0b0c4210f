// Grouping and ordering words: "for each department", "per month", "by campaign and month", "sorted by age, oldest first".
// In: a reader and the index of the word. Out: group keys or orders added to what is asked; where they end.
// Refused: deciding what is aggregated; the builder does that from the whole.
import type { Cond, Measure, OrderBy } from './ast.ts'
import { isPredicate, readMeasure, startsMeasure } from './measure.ts'
import { readNoun } from './noun.ts'
import { isNoun, keyword, kwOf, meansEntity, note, type Reader, skip, use, wordOf } from './reader.ts'

/** Reads group keys behind "each", "per", "by" at an index; their nouns' conditions go to `where`. */
export function readGroup(
  r: Reader,
  start: number,
  end: number,
  where: Cond[],
  options: { pivot?: boolean } = {},
): number {
  use(r, start)
  let at = start + 1
  let found = 0
  for (;;) {
    at = skip(r, at, end, ['det', 'all', 'distinct', 'each', 'per', 'polite'])
    const chunk = r.chunks[at]
    if (chunk === undefined || at >= end) break
    const link = chunk.links[0]?.score ?? 0
    if (chunk.grain !== undefined && link < 0.9) {
      use(r, start, at + 1)
      r.ask.group.push({ grain: chunk.grain, ...(options.pivot === true && found === 0 ? { pivot: true } : {}) })
      at += 1
    } else {
      const phrase = readNoun(r, at, end)
      if (phrase.head === undefined) break
      use(r, start, phrase.next)
      where.push(...phrase.where)
      const grain = r.chunks[phrase.next]?.grain
      const per = kwOf(r, start) === 'per' && found === 0
      r.ask.group.push({
        of: phrase.head,
        ...(per ? { per } : {}),
        ...(options.pivot === true && found === 0 ? { pivot: true } : {}),
      })
      at = phrase.next
      if (grain !== undefined && kwOf(r, at) === undefined && (r.chunks[at]?.links.length ?? 0) === 0) at += 0
    }
    found += 1
    const joint = skip(r, at, end, ['and', 'comma', 'per', 'each'])
    const byAgain = wordOf(r, joint) === 'by' ? joint + 1 : joint
    const next = r.chunks[skip(r, byAgain, end, ['det', 'each', 'all'])]
    const continues =
      joint > at &&
      next !== undefined &&
      (next.grain !== undefined || isNoun(r, skip(r, byAgain, end, ['det', 'each', 'all']))) &&
      next.kw === undefined
    if (!continues || (kwOf(r, at) === 'comma' && !shortList(r, byAgain, end))) break
    if (kwOf(r, byAgain) === 'all' || isPredicate(r, skip(r, byAgain, end, ['det', 'each']) + 1)) break
    use(r, at, byAgain)
    at = byAgain
  }
  if (found === 0) {
    r.ask.group.push({})
    note(r, 'bareGroup')
  }
  return at
}

/** After a comma another key follows only where the list goes on with "and" or ends. */
function shortList(r: Reader, at: number, end: number): boolean {
  const after = at + 1
  const kw = kwOf(r, after)
  return after >= end || kw === 'and' || kw === 'comma'
}

const PREPS: ReadonlySet<string> = new Set(['of', 'by', 'to', 'on', 'in', 'according to', 'based on', 'with', 'for'])

function isUnknown(r: Reader, at: number): boolean {
  const chunk = r.chunks[at]
  return (
    chunk !== undefined &&
    chunk.kw === undefined &&
    chunk.links.length === 0 &&
    chunk.values.length === 0 &&
    /^[a-z]+$/.test(chunk.text)
  )
}

/** Reads an ordering at an index; returns where it ends. */
export function readOrder(r: Reader, start: number, end: number, where: Cond[]): number {
  let at = start
  let dir: 'asc' | 'desc' | undefined
  let named: Measure | undefined
  const orders: { by: Measure | 'selected' | 'alpha'; dir?: 'asc' | 'desc' }[] = []
  while (at < end) {
    const kw = kwOf(r, at)
    const noun = isNoun(r, at)
    if (!noun && (kw === 'asc' || kw === 'desc')) {
      const last = orders.at(-1)
      if (last !== undefined && last.dir === undefined) last.dir = kw
      else dir = kw
      if (/alphabetical|lexico|z to a/.test(wordOf(r, at)) && last === undefined) orders.push({ by: 'alpha', dir: kw })
    } else if (!noun && kw === 'alpha') {
      const last = orders.at(-1)
      if (last === undefined) orders.push({ by: 'alpha', dir: 'asc' })
      else last.dir ??= 'asc'
    } else if (
      !noun &&
      (kw === 'order' ||
        kw === 'det' ||
        kw === 'pron' ||
        kw === 'polite' ||
        kw === 'all' ||
        kw === 'filler' ||
        kw === 'cmd')
    ) {
      if (
        kw === 'det' &&
        !startsMeasure(r, at, end) &&
        kwOf(r, at + 1) !== 'asc' &&
        kwOf(r, at + 1) !== 'desc' &&
        kwOf(r, at + 1) !== 'order' &&
        kwOf(r, at + 1) !== 'alpha' &&
        kwOf(r, at + 1) !== 'super'
      )
        break
    } else if (!noun && kw === 'prep' && PREPS.has(wordOf(r, at))) {
      const first = skip(r, at + 1, end, ['det', 'possessive', 'all'])
      // "in order of training hours": a word that nothing knows, before the one that is known.
      const next = isUnknown(r, first) && isNoun(r, first + 1) && first + 1 < end ? first + 1 : first
      if (next > first) at = first
      const nextKw = kwOf(r, next)
      const fine =
        isNoun(r, next) ||
        nextKw === 'asc' ||
        nextKw === 'desc' ||
        nextKw === 'count' ||
        nextKw === 'howmany' ||
        nextKw === 'agg' ||
        nextKw === 'order' ||
        nextKw === 'alpha' ||
        nextKw === 'super' ||
        nextKw === 'wh'
      if (!fine) break
      const last = orders.at(-1)
      // "in ascending order of the employees": of whom, not by what; kept for the clause reader.
      if (
        wordOf(r, at) !== 'of' &&
        wordOf(r, at) !== 'by' &&
        wordOf(r, at) !== 'to' &&
        wordOf(r, at) !== 'according to' &&
        wordOf(r, at) !== 'based on' &&
        last !== undefined &&
        last.by !== 'alpha' &&
        isNoun(r, next)
      )
        break
    } else if (!noun && kw === 'possessive') {
      // "by their age"
    } else if (
      !noun &&
      kw === 'prep' &&
      wordOf(r, at) === 'from' &&
      kwOf(r, skip(r, at + 1, end, ['det'])) === 'super'
    ) {
      // handled by the superlative that follows
    } else if (!noun && kw === 'super') {
      const found = keyword(r, at, 'super')
      const to = skip(r, at + 1, end, ['prep', 'det'])
      if (
        found === undefined ||
        !(
          wordOf(r, at + 1) === 'first' ||
          (kwOf(r, to) === 'super' && to > at + 1) ||
          wordOf(r, at - 1) === 'from' ||
          wordOf(r, at - 1) === 'to' ||
          wordOf(r, at - 1) === 'the'
        )
      )
        break
      if (orders.length === 0)
        orders.push({ by: found.dims.length > 0 ? { kind: 'dim', dims: found.dims } : 'selected', dir: found.dir })
      else {
        const last = orders.at(-1)
        if (last !== undefined) last.dir ??= found.dir
      }
      use(r, start, to)
      at = kwOf(r, to) === 'super' ? to : at
    } else if ((kw === 'and' || kw === 'comma') && !noun) {
      const next = skip(r, at + 1, end, ['and', 'det', 'possessive', 'filler'])
      const nextKw = kwOf(r, next)
      const goesOn =
        nextKw === 'asc' ||
        nextKw === 'desc' ||
        nextKw === 'order' ||
        nextKw === 'alpha' ||
        (orders.length > 0 && isNoun(r, next) && !isPredicate(r, next + 1) && nextKw !== 'cmd')
      if (!goesOn) break
    } else if (
      startsMeasure(r, at, end) &&
      (orders.length === 0 ||
        kwOf(r, at - 1) === 'and' ||
        kwOf(r, at - 1) === 'comma' ||
        orders.at(-1)?.by === 'alpha' ||
        wordOf(r, at - 1) === 'by' ||
        wordOf(r, at - 1) === 'of' ||
        kwOf(r, at - 1) === 'possessive' ||
        kwOf(r, at - 1) === 'det')
    ) {
      const measured = readMeasure(r, at, end)
      const by = measured.measures[0]
      if (by === undefined) break
      where.push(...measured.where)
      // "order the countries by number of airports": what is ordered, not by what.
      const behind = skip(r, measured.next, end, ['prep'])
      if (
        (orders.length === 0 && wordOf(r, start) === wordOf(r, at - 1)) ||
        (orders.length === 0 && kwOf(r, at - 1) === 'det' && /^(order|sort|rank)$/.test(wordOf(r, start)))
      ) {
        const kwBehind = kwOf(r, measured.next)
        if (
          (kwBehind === 'prep' && /^(by|according to|based on)$/.test(wordOf(r, measured.next)) && behind < end) ||
          kwBehind === 'asc' ||
          kwBehind === 'desc' ||
          kwBehind === 'alpha' ||
          kwBehind === 'order'
        ) {
          use(r, start, measured.next)
          at = measured.next
          if (by.kind === 'noun' && kwBehind !== 'prep') named = by
          continue
        }
      }
      const last = orders.at(-1)
      // "in alphabetical order of last name": the noun says which text; "of the students" only whose.
      if (last?.by === 'alpha') {
        if (by.kind === 'noun' && meansEntity(by.of.chunk) && by.of.owner === undefined) r.ask.subject ??= by.of
        else last.by = by
      } else orders.push({ by })
      use(r, start, measured.next)
      at = measured.next
      continue
    } else break
    use(r, start, at + 1)
    at += 1
  }
  if (named !== undefined && orders.every((one) => one.by === 'alpha'))
    orders.splice(0, orders.length, ...orders.map((one) => ({ ...one, by: named ?? one.by })))
  if (orders.length === 0) orders.push({ by: named ?? 'selected' })
  for (const order of orders) r.ask.order.push({ by: order.by, dir: order.dir ?? dir ?? 'asc' } satisfies OrderBy)
  return Math.max(at, start + 1)
}
