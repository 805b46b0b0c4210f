// The part of a prompt behind its head: conditions, groups, orders, superlatives, more columns.
// In: a reader, a scope (whose conditions these are) and a stretch of chunks. Out: the scope and the ask filled; where it stopped.
// Refused: judging whether it makes sense; what was not understood stays unread and costs confidence.
import type { Period } from '../../../definition/schema.ts'
import type { Cond } from './ast.ts'
import { betweenStep, compareStep, equalsStep } from './clause/compare.ts'
import { measureStep } from './clause/measured.ts'
import { more } from './clause/more.ts'
import { nounStep } from './clause/noun.ts'
import { countedNoun, numberStep, timesOf } from './clause/number.ts'
import { isColumnList, isListJoint, rowsOnly } from './clause/shape.ts'
import { freshState, push, type State } from './clause/state.ts'
import { readTopN, superStep } from './clause/superlative.ts'
import { LETTERS, namedStep, spelt, textStep } from './clause/text.ts'
import { isYearAhead, isYearNumber, periodStep, yearStep } from './clause/time.ts'
import { leftOut, valueStep } from './clause/value.ts'
import { readGroup, readOrder } from './group.ts'
import { isPredicate } from './measure.ts'
import { nounAhead } from './noun.ts'
import { quantityAt } from './operand.ts'
import {
  isNoun,
  isNumber,
  isSoft,
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

const CLAUSE_START: ReadonlySet<string> = new Set([
  'rel',
  'have',
  'be',
  'do',
  'modal',
  'not',
  'without',
  'except',
  'wh',
])

/** Reads clauses from `start`; a nested scope stops where the clause around it goes on. */
export function readClauses(r: Reader, scope: Scope, start: number, end: number, nested = false): number {
  const s = freshState()
  let at = start
  while (at < end) {
    if (nested && leavesNested(r, at, end, at > start)) return at
    const before = at
    at = step(r, scope, s, at, end)
    if (at <= before) at = before + 1
  }
  const [shown] = r.ask.select
  const subject = scope.subject ?? (shown?.kind === 'noun' && shown.of.chunk.plural ? shown.of : undefined)
  if (!nested && scope.main && s.negated && s.relative && subject !== undefined && saysNothing(r, scope, s, end)) {
    // "services that have never been used": no row of another kind speaks of them.
    const verb = s.hint
    scope.where.push({ kind: 'unrelated', of: subject, ...(verb === undefined ? {} : { verb }) })
  }
  return at
}

/** Whether nothing but a verb stands behind the negation: no condition was made of it, and no word is left open. */
function saysNothing(r: Reader, scope: Scope, s: State, end: number): boolean {
  if (s.denied === undefined || scope.where.length > s.denied.conditions) return false
  return r.chunks
    .slice(s.denied.at, end)
    .every((chunk) => chunk.kw !== undefined || (chunk.links.length > 0 && isSoft(chunk) && !chunk.capital))
}

/** Whether the words at an index go back to the clause around: "… and are older than 20", an ordering, a grouping. */
function leavesNested(r: Reader, at: number, end: number, moved: boolean): boolean {
  const kw = kwOf(r, at)
  if (isNoun(r, at) && kw !== 'order') return false
  if (
    kw === 'order' ||
    kw === 'alpha' ||
    kw === 'asc' ||
    kw === 'desc' ||
    kw === 'each' ||
    kw === 'groupby' ||
    kw === 'per'
  )
    return true
  if (!moved) return false
  if (kw === 'but') return true
  if (kw === 'and' || kw === 'or' || kw === 'comma') {
    const next = skip(r, at + 1, end, ['and', 'or', 'also', 'comma', 'but'])
    const nextKw = kwOf(r, next)
    if (
      nextKw !== undefined &&
      !isNoun(r, next) &&
      (CLAUSE_START.has(nextKw) || nextKw === 'order' || nextKw === 'possessive' || nextKw === 'cmd')
    )
      return true
    if (kw === 'comma' && nextKw === 'cmd') return true
    // ", with the number of those donations": a column of the table, not of the counted rows.
    if (kw === 'comma' && nextKw === 'prep' && wordOf(r, next) === 'with') {
      const shown = skip(r, next + 1, end, ['det'])
      const shownKw = kwOf(r, shown)
      if (
        shownKw === 'count' ||
        shownKw === 'howmany' ||
        shownKw === 'agg' ||
        shownKw === 'share' ||
        isColumnList(r, shown + 1, end)
      )
        return true
    }
  }
  return false
}

function step(r: Reader, scope: Scope, s: State, at: number, end: number): number {
  const chunk = r.chunks[at]
  if (chunk === undefined) return at + 1
  const kw = kwOf(r, at)
  const noun = isNoun(r, at)
  const value = isValue(r, at)
  if (!noun && !value && kw !== undefined) {
    const next = keywordStep(r, scope, s, at, end)
    if (next !== undefined) return next
  }
  // "on 08/30/2015", where dates are kept as just such texts.
  const written = value && !noun && (chunk.values[0]?.score ?? 0) >= 0.97
  if (chunk.period !== undefined && !written) return periodStep(r, scope, s, at)
  if (
    chunk.grain !== undefined &&
    (chunk.links[0]?.score ?? 0) < 0.9 &&
    (chunk.adverb === true || wordOf(r, at - 1) === 'by')
  ) {
    use(r, at)
    r.ask.group.push({ grain: chunk.grain })
    if (rowsOnly(r)) note(r, 'rowsBy')
    return at + 1
  }
  if (isNumber(r, at) && !value) return numberStep(r, scope, s, at, end)
  if (wordOf(r, at) === 'multiple' && chunk.links.length === 0 && nounAhead(r, at + 1, end))
    return countedNoun(r, scope, s, at, at + 1, end, 'gt', 1)
  if (!noun && LETTERS.test(wordOf(r, at)) && spelt(r, at + 1, end) !== undefined)
    return textStep(r, scope, s, at, end, undefined)
  if (value && !(noun && !preferValue(r, at, end))) {
    const compound = compoundNoun(r, at, end)
    if (!compound) return valueStep(r, scope, s, at, end)
  }
  if (noun || (value && nounAhead(r, at + 1, end))) return nounStep(r, scope, s, at, end)
  if (isNumber(r, at)) return numberStep(r, scope, s, at, end)
  return at + 1
}

function preferValue(r: Reader, at: number, end: number): boolean {
  const chunk = r.chunks[at]
  if (chunk === undefined) return false
  if (leftOut(r, at + 1, end) !== undefined) return true
  const link = chunk.links[0]?.score ?? 0
  const value = chunk.values[0]?.score ?? 0
  if (chunk.quoted === true) return true
  if (value < 0.9) return false
  if (isPredicate(r, at + 1) && !isNumber(r, at + 1)) return false
  // "invoices with patient and amount": a column, though a payer is called so too.
  const listed = wordOf(r, at - 1) === 'with' && isListJoint(r, at + 1) && meansEntity(chunk) ? 1 : 0
  const costValue = listed + (chunk.capital ? 0 : 0.5) + (link > 0.9 ? 0.5 : 0) + (nounAhead(r, at + 1, end) ? -0.4 : 0)
  return r.pick('noun-or-value', [
    [costValue, true],
    [0.45, false],
  ])
}

/** "checking accounts": a value in front of a noun that heads a phrase of its own. */
function compoundNoun(r: Reader, at: number, end: number): boolean {
  if (r.chunks[at]?.quoted === true) return false
  if (at + 1 >= end || !isNoun(r, at + 1)) return false
  const chunk = r.chunks[at]
  const next = r.chunks[at + 1]
  // "Math department" ties the value to its noun; "Cash payment" too; both are read by the value step.
  const tied =
    chunk?.values.some((value) =>
      next?.links.some(
        (link) =>
          link.target.entity === value.entity && link.target.kind === 'field' && link.target.field === value.field,
      ),
    ) ?? false
  return !tied && meansEntity(next)
}

function keywordStep(r: Reader, scope: Scope, s: State, at: number, end: number): number | undefined {
  const kw = kwOf(r, at)
  switch (kw) {
    case 'comma':
      use(r, at)
      s.sinceAnd = true
      return more(r, scope, s, at + 1, end)
    case 'and':
    case 'also':
      use(r, at)
      s.joined = true
      s.sinceAnd = true
      return more(r, scope, s, at + 1, end)
    case 'but':
      use(r, at)
      s.negated = false
      s.sinceAnd = true
      return at + 1
    case 'or':
      use(r, at)
      s.or = true
      return at + 1
    case 'both':
      use(r, at)
      s.both = true
      return at + 1
    case 'either':
      use(r, at)
      s.either = true
      return at + 1
    case 'neither':
    case 'not':
    case 'without':
      use(r, at)
      s.negated = true
      s.never = wordOf(r, at) === 'never'
      s.denied = { at, conditions: scope.where.length }
      if (kw === 'neither' && scope.where.length > 0) s.or = false
      return at + 1
    case 'except':
      use(r, at)
      s.negated = true
      s.except = true
      return at + 1
    case 'rel':
    case 'wh':
      use(r, at)
      s.relative = true
      s.whose = wordOf(r, at) === 'whose'
      s.hint = undefined
      return at + 1
    case 'each':
    case 'per':
    case 'groupby':
      // "patients per city": how many there are in each.
      if (scope.main && kw === 'per' && rowsOnly(r)) note(r, 'rowsBy')
      if (scope.main) return readGroup(r, at, end, scope.where)
      use(r, at)
      return at + 1
    case 'order':
    case 'asc':
    case 'desc':
    case 'alpha':
      return readOrder(r, at, end, scope.where)
    case 'top':
    case 'bottom':
      return readTopN(r, scope, at, end)
    case 'super':
      return superStep(r, scope, s, at, end)
    case 'cmp':
      return compareStep(r, scope, s, at, end, undefined)
    case 'between':
      return betweenStep(r, scope, s, at, end, undefined)
    case 'contains':
    case 'starts':
    case 'ends':
      return textStep(r, scope, s, at, end, undefined)
    case 'equals':
      use(r, at)
      return equalsStep(r, scope, s, at + 1, end)
    case 'named':
      use(r, at)
      return namedStep(r, scope, s, at + 1, end)
    case 'once':
    case 'twice': {
      use(r, at)
      const of = timesOf(r, s, scope, at)
      // "only gave once last year": that often in that year.
      const period = r.chunks[at + 1]?.period
      if (period !== undefined) use(r, at + 1)
      const only = [at - 1, at - 2].some((one) => /^(only|exactly|just)$/.test(wordOf(r, one)))
      push(scope, s, {
        kind: 'has',
        of,
        where: period === undefined ? [] : [{ kind: 'period', period, near: of }],
        times: true,
        count: { op: kw === 'once' && !only ? 'gte' : 'eq', value: kw === 'once' ? 1 : 2 },
      })
      return period === undefined ? at + 1 : at + 2
    }
    case 'exactly':
    case 'only': {
      use(r, at)
      const exact = quantityAt(r, at + 1)
      if (exact !== undefined && nounAhead(r, at + 2, end) && kwOf(r, at + 1) !== 'det')
        return countedNoun(r, scope, s, at, at + 2, end, 'eq', exact)
      return at + 1
    }
    case 'agg':
    case 'count':
    case 'howmany':
    case 'share':
      return measureStep(r, scope, s, at, end)
    case 'running':
      use(r, at)
      r.ask.extras.running = true
      return at + 1
    case 'growth':
      use(r, at)
      r.ask.extras.growth = true
      return at + 1
    case 'totals':
      use(r, at)
      r.ask.extras.totals = true
      return at + 1
    case 'versus':
      return versusStep(r, at, end)
    case 'empty':
    case 'full': {
      if (s.hint === undefined) return undefined
      use(r, at)
      const cond: Cond = { kind: 'empty', field: s.hint }
      scope.where.push((kw === 'full') !== s.negated ? { kind: 'not', part: cond } : cond)
      s.negated = false
      return at + 1
    }
    case 'prep':
      use(r, at)
      if (isYearAhead(r, at, end)) return yearStep(r, scope, s, at, end)
      return at + 1
    case 'distinct':
      use(r, at)
      return at + 1
    case 'yesno':
    case 'times':
    case 'times_n':
      return undefined
    default:
      use(r, at)
      return at + 1
  }
}

function versusStep(r: Reader, at: number, end: number): number {
  use(r, at)
  const word = wordOf(r, at)
  if (/year/.test(word) || word === 'yoy') r.ask.extras.compare = 'previous_year'
  else if (/month/.test(word) || word === 'mom') r.ask.extras.compare = 'previous_period'
  else {
    const next = skip(r, at + 1, end, ['det', 'prep', 'filler'])
    const chunk = r.chunks[next]
    const period = chunk?.period
    if (period !== undefined && ('previous' in period || 'last' in period)) {
      use(r, at, next + 1)
      r.ask.extras.compare = 'previous' in period && period.previous === 'year' ? 'previous_year' : 'previous_period'
      return next + 1
    }
    const of = sameStretch(r, next)
    if (of !== undefined) {
      use(r, at, of)
      r.ask.extras.compare = 'previous_year'
      return of
    }
    const year = chunk !== undefined && period === undefined && isYearNumber(chunk) ? chunk.num : undefined
    const other = year === undefined ? period : { year }
    const apart = other === undefined ? undefined : stretchesApart(r, other)
    if (apart !== undefined) {
      use(r, at, next + 1)
      r.ask.extras.compare = apart
      return next + 1
    }
    // "compared to the quarter before"
    if (chunk?.grain !== undefined && /^(before|earlier|prior)$/.test(wordOf(r, next + 1))) {
      use(r, at, next + 2)
      r.ask.extras.compare = chunk.grain === 'year' ? 'previous_year' : 'previous_period'
      return next + 2
    }
    if (/^(previous|prior|earlier|preceding) (period|one)$/.test(`${wordOf(r, next)} ${wordOf(r, next + 1)}`)) {
      use(r, at, next + 2)
      r.ask.extras.compare = 'previous_period'
      return next + 2
    }
    note(r, 'versusNothing')
  }
  return at + 1
}

/** "the same quarter of last year": where it ends. */
function sameStretch(r: Reader, at: number): number | undefined {
  const same = wordOf(r, at) === 'same' ? at : at - 1
  if (wordOf(r, same) !== 'same') return undefined
  const stretch = r.chunks[same + 1]
  if (stretch?.grain === undefined && !/^(period|time|stretch|days?)$/.test(stretch?.word ?? '')) return undefined
  const year = skip(r, same + 2, r.chunks.length, ['prep', 'det'])
  const period = r.chunks[year]?.period
  return period !== undefined && 'previous' in period && period.previous === 'year' ? year + 1 : undefined
}

/** "in 2026 vs 2025": how far the stretch that is compared with lies before the one asked for, which is the later of them. */
function stretchesApart(r: Reader, other: Period): 'previous_year' | 'previous_period' | undefined {
  const { where } = r.ask
  const index = where.findLastIndex((cond) => cond.kind === 'period')
  const cond = where[index]
  if (cond?.kind !== 'period') return undefined
  const [said, beside] = [monthsOf(cond.period), monthsOf(other)]
  if (said === undefined || beside === undefined || said.length !== beside.length) return undefined
  const apart = Math.abs(said.start - beside.start)
  if (apart !== 12 && apart !== said.length) return undefined
  if (beside.start > said.start) where[index] = { ...cond, period: other }
  return apart === 12 ? 'previous_year' : 'previous_period'
}

/** The months of a named stretch. */
function monthsOf(period: Period): { readonly start: number; readonly length: number } | undefined {
  if ('year' in period) return { start: period.year * 12, length: 12 }
  const [year = 0, part = 0] = ('quarter' in period ? period.quarter : 'month' in period ? period.month : '')
    .split(/-Q?/)
    .map(Number)
  if ('quarter' in period) return { start: year * 12 + (part - 1) * 3, length: 3 }
  return 'month' in period ? { start: year * 12 + part - 1, length: 1 } : undefined
}
