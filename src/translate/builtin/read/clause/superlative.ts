// "The oldest", "most pets", "top 5 campaigns by money raised": the order and limit of the whole answer.
// In: the place of the word that ranks. Out: the top of the ask; where it stopped.
// Refused: a second ranking; it is noted and costs confidence.
import type { Chunk } from '../../chunk.ts'
import type { Cond, Measure, Mention } from '../ast.ts'
import { isQuality, readMeasure, readTop, startsMeasure } from '../measure.ts'
import { nounAhead, ordinalHere, readNoun, readOrdinal } from '../noun.ts'
import {
  isNoun,
  isNumber,
  isValue,
  keyword,
  kwOf,
  mayMeanEntity,
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
import { freshState, push, type State } from './state.ts'
import { isYearAhead } from './time.ts'

/** "the oldest", "most pets", "highest rating": the order and limit of the whole answer. */
export function superStep(r: Reader, scope: Scope, s: State, at: number, end: number, count?: number): number {
  const found = keyword(r, at, 'super')
  if (found === undefined) return at + 1
  if (count === undefined && ordinalHere(r, at, end)) {
    const made: Cond[] = []
    const after = readOrdinal(r, at, made)
    for (const cond of made) push(scope, s, cond)
    return after
  }
  use(r, at)
  let next = at + 1
  let limit = count
  const stretch = scope.main
    ? topStretch(r, scope, next, end, { dir: found.dir, limit: count, brought: found.count !== true })
    : undefined
  if (stretch !== undefined) return stretch
  const number = r.chunks[next]
  if (limit === undefined && isNumber(r, next) && nounAhead(r, next + 1, end)) {
    limit = number?.num
    use(r, next)
    next += 1
  }
  const sup = { dir: found.dir, dims: found.dims, count: found.count === true, adj: found.adj }
  const top = readTop(r, sup, next, end)
  let by = top.by
  next = top.next
  const before = r.ask.select.at(-1)
  // "which campaign raised the most": what stands right before says what there is most of.
  const deed =
    before?.kind === 'noun' && before.of.chunk === r.chunks[at - 1] && meansMetric(before.of.chunk)
      ? before.of
      : undefined
  const hint = s.hint ?? deed
  // "raise the most money": which money, the verb says.
  if (
    hint !== undefined &&
    meansMetric(hint.chunk) &&
    by.kind === 'noun' &&
    /^(money|dollars?)$/.test(by.of.chunk.word)
  ) {
    by = { kind: 'noun', of: hint }
    keep(r, hint)
  }
  if (by.kind === 'dim' && by.of === undefined) {
    if (
      hint !== undefined &&
      mayMeanField(hint.chunk) &&
      !(hint.soft && found.dims.length > 0) &&
      fits(found.dims, hint)
    )
      by = { kind: 'noun', of: hint }
    else if (scope.subject !== undefined) by = { ...by, of: scope.subject }
  } else if (
    by.kind === 'count' &&
    by.of === undefined &&
    hint !== undefined &&
    !sup.count &&
    (mayMeanNumber(hint.chunk) || meansMetric(hint.chunk))
  ) {
    // "that costs the most"
    by = { kind: 'noun', of: hint }
    keep(r, hint)
  } else if (by.kind === 'count' && by.of === undefined && hint !== undefined && meansEntity(hint.chunk))
    by = { kind: 'count', of: hint, where: [], ...(sup.count && { times: true }) }
  const terms = byTerms(r, next, end)
  if (terms !== undefined) {
    by = terms.by
    next = terms.next
  }
  if (limit === undefined && /^first$/.test(wordOf(r, next)) && !nounAhead(r, next + 1, end)) {
    // "largest goal first": an order of all rows.
    use(r, next)
    r.ask.order.push({ by: shownMeasure(r, by), dir: top.dir, dims: found.dims })
    scope.where.push(...top.where)
    return next + 1
  }
  scope.where.push(...top.where)
  const shown = r.ask.select.at(-1)
  if (
    top.target !== undefined &&
    by.kind === 'count' &&
    by.of === undefined &&
    limit === undefined &&
    isQuality(sup) &&
    mayMeanField(top.target.chunk) &&
    shown?.kind === 'noun' &&
    shown.of.chunk.word !== top.target.chunk.word &&
    r.pick('common', [
      [meansEntity(top.target.chunk) ? 0.6 : 0, true],
      [meansEntity(top.target.chunk) ? 0 : 0.6, false],
    ])
  ) {
    scope.where.push({ kind: 'common', field: top.target, dir: top.dir })
    s.hint = undefined
    return next
  }
  if (top.target !== undefined && by.kind === 'count') {
    // "the most common city": the thing itself is what is grouped.
    if (scope.main && r.ask.select.length === 0) r.ask.select.push({ kind: 'noun', of: top.target })
    else if (by.of === undefined && !meansEntity(top.target.chunk)) r.ask.group.push({ of: top.target })
    else scope.subject ??= top.target
  } else if (top.target !== undefined) {
    if (scope.subject === undefined) scope.subject = top.target
    else if (top.target.chunk.word !== scope.subject.chunk.word)
      scope.where.push({ kind: 'has', of: top.target, where: [] })
  }
  if (r.ask.top === undefined)
    r.ask.top = {
      by,
      dir: top.dir,
      limit: limit ?? 1,
      dims: found.dims,
      ...(scope.subject === undefined ? {} : { of: scope.subject }),
    }
  else {
    note(r, 'secondTop')
    if (r.ask.top.by === undefined) r.ask.top = { ...r.ask.top, by, dir: top.dir }
  }
  s.hint = undefined
  return next
}

/** "in room 111 most recently": what is latest is a date, never the room before it. */
function fits(dims: readonly string[], { chunk }: Mention): boolean {
  if (dims[0] !== 'date') return true
  return (
    /(^| )(date|time|year|day)s?$/.test(chunk.word) ||
    chunk.links.some(({ type, score }) => score > 0.6 && (type === 'date' || type === 'timestamp'))
  )
}

/** A noun that was passed over and has its place now. */
function keep(r: Reader, { chunk }: Mention): void {
  const dropped = r.ask.dropped.indexOf(chunk.text)
  if (dropped < 0) return
  r.ask.dropped.splice(dropped, 1)
  note(r, 'droppedField', -1)
}

/** "largest amount first" behind "amount refunded": the column that was asked for. */
function shownMeasure(r: Reader, by: Measure): Measure {
  if (by.kind !== 'noun') return by
  const word = by.of.chunk.word
  const shown = r.ask.select.find(
    (one) => one.kind === 'noun' && one.of.chunk.word !== word && one.of.chunk.word.split(' ').includes(word),
  )
  return shown ?? by
}

function byTerms(r: Reader, at: number, end: number): { by: Measure; next: number } | undefined {
  const word = wordOf(r, at)
  if (!(word === 'in terms of' || word === 'by' || word === 'based on' || word === 'according to' || word === 'in'))
    return undefined
  if (word === 'in' && !isNoun(r, at + 1)) return undefined
  if (!startsMeasure(r, at + 1, end) || isValue(r, at + 1)) return undefined
  if (word === 'in' && (meansEntity(r.chunks[at + 1]) || isValue(r, at + 2) || isNumber(r, at + 2))) return undefined
  const measured = readMeasure(r, at + 1, end)
  const by = measured.measures[0]
  if (by === undefined) return undefined
  use(r, at, measured.next)
  return { by, next: measured.next }
}

/** Whether a stretch of time stands here as a thing to be ranked or shown: "month", "weeks". */
export function isStretch(r: Reader, at: number): boolean {
  const chunk = r.chunks[at]
  return chunk?.grain !== undefined && chunk.adverb !== true && (chunk.links[0]?.score ?? 0) < 0.9
}

/** "top 3 months of 2025 by money raised", "best month for donations": stretches of time, by what came in each. */
export function topStretch(
  r: Reader,
  scope: Scope,
  at: number,
  end: number,
  { dir, limit = 1, brought = false }: { dir: 'asc' | 'desc'; limit?: number | undefined; brought?: boolean },
): number | undefined {
  const grain = r.chunks[at]?.grain
  if (grain === undefined || !isStretch(r, at)) return undefined
  const worst = brought && dir === 'asc'
  const { next, where } = periodsBehind(r, at + 1, end)
  const terms = byTerms(r, next, end) ?? forTerms(r, next, end)
  if (terms === undefined) return undefined
  use(r, at, next)
  if (worst) r.ask.notes.push('The worst is taken to be the lowest')
  scope.where.push(...where)
  r.ask.group.push({ grain })
  const { by } = terms
  if (by.kind === 'noun' && isRows(by.of.chunk)) {
    // "top 5 weeks by gifts" counts them; the best month for donations is the one that brought the most.
    if (brought) {
      note(r, 'rowsBy')
      r.ask.select.push(by)
      r.ask.top = { dir, limit, of: by.of }
      return terms.next
    }
    r.ask.select.push({ kind: 'count', of: by.of, where: [] })
  } else r.ask.select.push(by)
  r.ask.top = { dir, limit }
  return terms.next
}

/** Whether a noun is the word for rows, and not for money that a metric sums. */
function isRows({ links }: Chunk): boolean {
  return links.some(({ target, score }) => target.kind === 'entity' && score >= 0.9)
}

/** "of last year", "in 2025": the periods that stand between a thing that is ranked and what it is ranked by. */
function periodsBehind(r: Reader, start: number, end: number): { next: number; where: Cond[] } {
  const where: Cond[] = []
  let next = start
  while (next < end) {
    if (isYearAhead(r, next, end)) {
      const year = skip(r, next + 1, end, ['det'])
      where.push({ kind: 'period', period: { year: r.chunks[year]?.num ?? 0 } })
      next = year + 1
      continue
    }
    const at = kwOf(r, next) === 'prep' ? skip(r, next + 1, end, ['det']) : next
    const period = r.chunks[at]?.period
    if (period === undefined || at >= end) break
    where.push({ kind: 'period', period })
    next = at + 1
  }
  return { next, where }
}

/** "for donations" behind the best month. */
function forTerms(r: Reader, at: number, end: number): { by: Measure; next: number } | undefined {
  if (wordOf(r, at) !== 'for' || !startsMeasure(r, at + 1, end)) return undefined
  if (isValue(r, at + 1) && !isNoun(r, at + 1)) return undefined
  const measured = readMeasure(r, at + 1, end)
  const by = measured.measures[0]
  if (by === undefined) return undefined
  use(r, at, measured.next)
  return { by, next: measured.next }
}

/** "top 5 campaigns by money raised": the number, then the noun, then what counts. */
export function readTopN(r: Reader, scope: Scope, at: number, end: number): number {
  const bottom = kwOf(r, at) === 'bottom'
  use(r, at)
  let next = at + 1
  let limit: number | undefined
  if (isNumber(r, next)) {
    limit = r.chunks[next]?.num
    use(r, next)
    next += 1
  }
  const dir = bottom ? 'asc' : 'desc'
  if (kwOf(r, next) === 'super') {
    r.ask.limit = limit ?? 1
    return superStep(r, scope, freshState(), next, end, limit)
  }
  const stretch = topStretch(r, scope, next, end, { dir, limit })
  if (stretch !== undefined) return stretch
  const phrase = readNoun(r, next, end)
  if (phrase.head === undefined) {
    r.ask.top = { dir, limit: limit ?? 1 }
    return next
  }
  scope.where.push(...phrase.where)
  next = phrase.next
  if (scope.main && r.ask.select.length === 0) r.ask.select.push({ kind: 'noun', of: phrase.head })
  const rows =
    meansEntity(phrase.head.chunk) ||
    (mayMeanEntity(phrase.head.chunk) &&
      phrase.head.chunk.links.some((link) => link.target.kind === 'entity' && link.score >= 0.9))
  if (rows) scope.subject ??= phrase.head
  const terms = byTerms(r, next, end)
  if (terms !== undefined) next = terms.next
  r.ask.top = {
    dir,
    limit: limit ?? 1,
    ...(terms === undefined ? (rows ? {} : { by: { kind: 'noun', of: phrase.head } as Measure }) : { by: terms.by }),
    of: phrase.head,
  }
  return next
}
