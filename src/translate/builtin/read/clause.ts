// The part of a prompt behind its head: conditions, groups, orders, superlatives, more columns.
// In: a reader, a scope (whose conditions these are) and a stretch of chunks. Out: the scope and the ask filled; where it stopped.
// Refused: judging whether it makes sense; what was not understood stays unread and costs confidence.
import type { CompareOp } from '../../../definition/schema.ts'
import type { Chunk } from '../chunk.ts'
import type { Cond, Measure, Mention, Operand } from './ast.ts'
import { readGroup, readOrder } from './group.ts'
import { howDimensions } from './how.ts'
import { isPredicate, isQuality, readMeasure, readTop, startsMeasure } from './measure.ts'
import { nounAhead, ordinalHere, readNoun, readOrdinal } from './noun.ts'
import { boundBehind, quantityAt, readOperand, skipUnit } from './operand.ts'
import {
  isNoun,
  isNumber,
  isSoft,
  isValue,
  keyword,
  kwOf,
  mayMeanEntity,
  mayMeanField,
  mayMeanNumber,
  meansEntity,
  note,
  type Reader,
  type Scope,
  skip,
  use,
  wordOf,
} from './reader.ts'

type State = {
  negated: boolean
  /** Where the last negation stood, and how many conditions there were before it. */
  denied: { at: number; conditions: number } | undefined
  except: boolean
  or: boolean
  both: boolean
  either: boolean
  /** A verb or noun that says what the next value or number is of. */
  hint: Mention | undefined
  /** Left side of the last comparison, for "or less than 10". */
  left: Measure | undefined
  /** A relative clause or preposition was met: what follows are conditions, not columns. */
  relative: boolean
  joined: boolean
  sinceAnd: boolean
  whose: boolean
}

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
  const s: State = {
    negated: false,
    denied: undefined,
    except: false,
    or: false,
    both: false,
    either: false,
    hint: undefined,
    left: undefined,
    relative: false,
    joined: false,
    sinceAnd: false,
    whose: false,
  }
  let at = start
  while (at < end) {
    if (nested && leavesNested(r, at, end, at > start)) return at
    const before = at
    at = step(r, scope, s, at, end)
    if (at <= before) at = before + 1
  }
  if (
    !nested &&
    scope.main &&
    s.negated &&
    s.relative &&
    scope.subject !== undefined &&
    saysNothing(r, scope, s, end)
  ) {
    // "services that have never been used": no row of another kind speaks of them.
    const verb = s.hint
    scope.where.push({ kind: 'unrelated', of: scope.subject, ...(verb === undefined ? {} : { verb }) })
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

function push(scope: Scope, s: State, cond: Cond): void {
  const negated = s.negated && cond.kind !== 'has' && cond.kind !== 'empty'
  const made: Cond = negated ? { kind: 'not', part: cond, ...(s.except ? { except: true } : {}) } : cond
  if (!s.or) s.negated = false
  if (s.or) while (scope.where.length > 0 && isLoose(scope.where.at(-1))) scope.where.pop()
  if (s.or && scope.where.length > 0) {
    const last = scope.where.pop()
    if (last !== undefined)
      scope.where.push(
        last.kind === 'or' ? { kind: 'or', parts: [...last.parts, made] } : { kind: 'or', parts: [last, made] },
      )
  } else if (s.both && s.joined && scope.where.length > 0) {
    const last = scope.where.pop()
    if (last !== undefined)
      scope.where.push(
        last.kind === 'and' && last.apart === true
          ? { ...last, parts: [...last.parts, made] }
          : { kind: 'and', parts: [last, made], apart: true },
      )
  } else scope.where.push(made)
  s.or = false
  s.joined = false
  s.negated = s.negated && false
}

/** A field that was only mentioned in passing is no side of an "or". */
function isLoose(cond: Cond | undefined): boolean {
  return cond?.kind === 'flag' && cond.soft === true
}

/** "…, amendments left out": the words behind a noun or value that take it away. */
function leftOut(r: Reader, at: number, end: number): number | undefined {
  const next = skip(r, at, end, ['be', 'det'])
  const pair = `${wordOf(r, next)} ${wordOf(r, next + 1)}`
  if (/^(left out|not included|not counted|taken out|filtered out)$/.test(pair) && next + 1 < end) return next + 2
  return next < end && /^(excluded|removed|omitted|ignored|skipped)$/.test(wordOf(r, next)) ? next + 1 : undefined
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
  const costValue = (chunk.capital ? 0 : 0.5) + (link > 0.9 ? 0.5 : 0) + (nounAhead(r, at + 1, end) ? -0.4 : 0)
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
    case 'twice':
      use(r, at)
      push(scope, s, {
        kind: 'has',
        of: timesOf(r, s, scope, at),
        where: [],
        times: true,
        count: { op: kw === 'once' ? 'gte' : 'eq', value: kw === 'once' ? 1 : 2 },
      })
      return at + 1
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

/** After "and" or a comma: one more column, when what follows is a thing to show and not a condition. */
function more(r: Reader, scope: Scope, s: State, start: number, end: number): number {
  const at = skip(r, start, end, ['and', 'also', 'comma', 'polite'])
  use(r, start, at)
  if (!scope.main) return at
  const asked = askedAgain(r, scope, at, end)
  if (asked !== undefined) return asked
  if (!startsMeasure(r, at, end)) return at
  const kw = kwOf(r, at)
  const first = skip(r, at, end, ['det', 'possessive', 'corresponding', 'all', 'distinct'])
  const their = kw === 'possessive' || kwOf(r, first - 1) === 'possessive' || kwOf(r, first - 1) === 'corresponding'
  const firstKw = isNoun(r, first) ? undefined : kwOf(r, first)
  if (firstKw === 'super') return at
  if (firstKw === 'howmany' || firstKw === 'count' || firstKw === 'agg' || firstKw === 'share') {
    const mark = new Set(r.used)
    const measured = readMeasure(r, at, end)
    if (measured.measures.length > 0 && !isComparison(r, measured.next, end)) {
      // The set of columns grows only where nothing but conditions of the head stood in between.
      if (
        r.pick('more-measure', [
          [0, true],
          [1.2, false],
        ])
      ) {
        use(r, at, measured.next)
        r.ask.select.push(...measured.measures)
        scope.where.push(...measured.where)
        s.relative = false
        return measured.next
      }
    }
    r.used.clear()
    for (const one of mark) r.used.add(one)
    return at
  }
  const chunk = r.chunks[first]
  if (chunk === undefined || isSoft(chunk) || !mayMeanField(chunk)) return at
  const afterNoun = first + 1
  if (isPredicate(r, afterNoun) || isValue(r, afterNoun) || s.or) return at
  const cost = their ? 0 : s.relative ? 0.9 : 0.35
  if (
    !r.pick('more-column', [
      [cost, true],
      [their ? 1.2 : 0.5, false],
    ])
  )
    return at
  const measured = readMeasure(r, at, end)
  if (measured.measures.length === 0 || isComparison(r, measured.next, end)) return at
  use(r, at, measured.next)
  r.ask.select.push(...measured.measures)
  scope.where.push(...measured.where)
  return measured.next
}

/** "… and how old are they", "… and in which country do they live": one more column, asked as a question. */
function askedAgain(r: Reader, scope: Scope, at: number, end: number): number | undefined {
  const kw = kwOf(r, at)
  if (kw === 'wh' && wordOf(r, at) === 'how') {
    const dims = howDimensions(wordOf(r, at + 1))
    if (dims === undefined) return undefined
    use(r, at, at + 2)
    r.ask.select.push({ kind: 'dim', dims, ...(scope.subject === undefined ? {} : { of: scope.subject }) })
    return at + 2
  }
  if ((kw !== 'rel' && kw !== 'wh') || !/(^| )(which|what)$/.test(wordOf(r, at))) return undefined
  const next = skip(r, at + 1, end, ['be', 'det', 'possessive'])
  const chunk = r.chunks[next]
  if (chunk === undefined || next >= end || !isNoun(r, next) || isSoft(chunk) || !mayMeanField(chunk)) return undefined
  if (
    !r.pick('asked-again', [
      [wordOf(r, at).startsWith('which') && next === at + 1 ? 0.4 : 0, true],
      [0.4, false],
    ])
  )
    return undefined
  use(r, at, next)
  const measured = readMeasure(r, next, end)
  r.ask.select.push(...measured.measures)
  scope.where.push(...measured.where)
  return measured.next
}

function isComparison(r: Reader, at: number, end: number): boolean {
  const next = skip(r, at, end, ['be', 'modal', 'not'])
  const kw = kwOf(r, next)
  return next < end && (kw === 'cmp' || kw === 'between' || kw === 'equals' || isNumber(r, next))
}

function isYearAhead(r: Reader, at: number, end: number): boolean {
  const word = wordOf(r, at)
  if (!['in', 'during', 'for', 'of', 'from', 'within', 'on', 'at'].includes(word)) return false
  const next = skip(r, at + 1, end, ['det'])
  const chunk = r.chunks[next]
  return chunk !== undefined && isYearNumber(chunk) && !(next + 1 < end && isNoun(r, next + 1) && word !== 'in')
}

function isYearNumber(chunk: Chunk): boolean {
  return chunk.num !== undefined && chunk.unit === undefined && /^(1[5-9]|20|21)\d\d$/.test(chunk.numText ?? '')
}

function yearStep(r: Reader, scope: Scope, s: State, at: number, end: number): number {
  const next = skip(r, at + 1, end, ['det'])
  const chunk = r.chunks[next]
  use(r, at, next + 1)
  const bound = boundBehind(r, next + 1, end)
  pushYear(scope, s, chunk?.num ?? 0, bound?.op)
  // "in 2001 and 2002", "in 2001 or 2002"
  let after = bound?.next ?? next + 1
  for (;;) {
    const kw = kwOf(r, after)
    const joined = kw === 'or' || kw === 'and' ? skip(r, after + 1, end, ['prep', 'det']) : after
    const more = r.chunks[joined]
    if (joined === after || more === undefined || joined >= end || !isYearNumber(more)) break
    use(r, after, joined + 1)
    // "gave in 2024 and in 2025": in each of them, where one verb has both.
    const each = s.both || (kw === 'and' && s.hint?.soft === true && kwOf(r, after + 1) === 'prep')
    if (kw === 'or' || !each) s.or = true
    else s.joined = true
    const both = s.both
    s.both = each
    pushYear(scope, s, more.num ?? 0)
    s.both = both
    after = joined + 1
  }
  return after
}

function pushYear(scope: Scope, s: State, year: number, op?: CompareOp): void {
  push(scope, s, {
    kind: 'period',
    period: { year },
    ...(op === undefined ? {} : { op }),
    ...(s.hint === undefined ? {} : { near: s.hint }),
  })
}

function periodStep(r: Reader, scope: Scope, s: State, at: number): number {
  const chunk = r.chunks[at]
  if (chunk?.period === undefined) return at + 1
  use(r, at)
  if (chunk.assumption !== undefined) r.ask.notes.push(chunk.assumption)
  push(scope, s, { kind: 'period', period: chunk.period, ...(s.hint === undefined ? {} : { near: s.hint }) })
  return at + 1
}

function timesOf(r: Reader, s: State, scope: Scope, at: number): Mention {
  if (s.hint !== undefined) return s.hint
  // "who gave at least 3 times": the deed's rows are counted.
  const deed = r.chunks[at - 1]
  const rows = deed?.links.some(({ target, score }) => target.kind === 'entity' && score > 0.7)
  if (deed !== undefined && rows === true && isSoft(deed)) {
    use(r, at - 1)
    r.ids += 1
    return { id: r.ids, chunk: deed, soft: false }
  }
  if (scope.subject !== undefined) return scope.subject
  note(r, 'timesOfNothing')
  return nothing()
}

/** A mention without a meaning of its own. */
function nothing(): Mention {
  return {
    id: -1,
    chunk: { from: 0, to: 0, text: '', word: '', links: [], values: [], capital: false, plural: false },
    soft: true,
  }
}

/** A bare number: "have 2 pets", "grade 5" (with a hint), "in 2008". */
function numberStep(r: Reader, scope: Scope, s: State, at: number, end: number): number {
  const chunk = r.chunks[at]
  if (chunk?.num === undefined) return at + 1
  const next = at + 1
  if (kwOf(r, next) === 'super' || kwOf(r, next) === 'top') {
    use(r, at)
    return superStep(r, scope, s, next, end, chunk.num)
  }
  if (kwOf(r, next) === 'times') {
    use(r, at, next + 1)
    push(scope, s, {
      kind: 'has',
      of: timesOf(r, s, scope, at),
      where: [],
      times: true,
      count: { op: 'eq', value: chunk.num },
    })
    return next + 1
  }
  const old = yearsOld(r, next, end)
  if (old !== undefined) return ageStep(r, scope, s, at, old, end, 'eq', chunk)
  const listed = starsStep(r, scope, s, at, end)
  if (listed !== undefined) return listed
  if (chunk.unit === undefined && nounAhead(r, next, end) && !isValue(r, next) && !isSoft(r.chunks[next]))
    return countedNoun(r, scope, s, at, next, end, 'eq', chunk.num)
  use(r, at)
  const bound = boundBehind(r, next, end)
  // "invested in two or more entrepreneurs": rows are counted, unless the word before is itself a number.
  const counted = bound !== undefined && nounAhead(r, bound.next, end) && !isValue(r, bound.next)
  const hinted = s.hint !== undefined && (!s.hint.soft || mayMeanNumber(s.hint.chunk))
  if (bound !== undefined && counted && !hinted && chunk.unit === undefined)
    return countedNoun(r, scope, s, at, bound.next, end, bound.op, chunk.num)
  if (isYearNumber(chunk) && (s.hint === undefined || s.hint.soft)) {
    pushYear(scope, s, chunk.num, bound?.op)
    return bound?.next ?? next
  }
  const field = s.hint
  if (wordOf(r, next) === 'as') {
    // "do not have 2192 as the advisor"
    const phrase = readNoun(r, next + 1, end)
    if (phrase.head !== undefined) {
      use(r, next, phrase.next)
      push(scope, s, { kind: 'number', value: chunk.num, text: chunk.numText ?? chunk.text, field: phrase.head })
      return phrase.next
    }
  }
  push(scope, s, {
    kind: 'number',
    value: chunk.num,
    text: chunk.numText ?? chunk.text,
    ...(bound === undefined ? {} : { op: bound.op }),
    ...(field === undefined
      ? {}
      : meansEntity(field.chunk) && !mayMeanField(field.chunk)
        ? { near: field }
        : { field }),
  })
  return skipUnit(r, bound?.next ?? next, end)
}

/** "3 or 4 stars": several numbers in front of the field that holds them. */
function starsStep(r: Reader, scope: Scope, s: State, at: number, end: number): number | undefined {
  const joint = kwOf(r, at + 1)
  const second = r.chunks[at + 2]
  const noun = r.chunks[at + 3]
  if ((joint !== 'or' && joint !== 'and') || !isNumber(r, at + 2) || at + 3 >= end || !isNoun(r, at + 3))
    return undefined
  if (noun === undefined || !mayMeanNumber(noun) || second === undefined) return undefined
  const phrase = readNoun(r, at + 3, end)
  const head = phrase.head
  if (head === undefined) return undefined
  use(r, at, phrase.next)
  const parts = [r.chunks[at], second].map(
    (one): Cond => ({ kind: 'number', field: head, value: one?.num ?? 0, text: one?.numText ?? '' }),
  )
  push(scope, s, joint === 'and' && s.both ? { kind: 'and', parts, apart: true } : { kind: 'or', parts })
  for (const cond of phrase.where) push(scope, s, cond)
  return phrase.next
}

/** Where "years old" or "years of age" ends that begins here. */
function yearsOld(r: Reader, at: number, end: number): number | undefined {
  const words = [0, 1, 2].map((offset) => (at + offset < end ? wordOf(r, at + offset) : ''))
  if (/^(years?|yrs) (old|of age)$/.test(words[0] ?? '')) return at + 1
  if (/^(years?|yrs) (old|of age)$/.test(`${words[0]} ${words[1]}`)) return at + 2
  return /^(years?|yrs) of age$/.test(words.join(' ')) ? at + 3 : undefined
}

/** "20 years old", "at least 32 years old": an age, whatever field is called so. */
function ageStep(
  r: Reader,
  scope: Scope,
  s: State,
  from: number,
  old: number,
  end: number,
  op: CompareOp,
  { num, numText, text }: Chunk,
): number {
  use(r, from, old)
  const late = boundBehind(r, old, end)
  const left: Measure = { kind: 'dim', dims: ['age'], ...(scope.subject === undefined ? {} : { of: scope.subject }) }
  const right: Operand = { kind: 'number', value: num ?? 0, text: numText ?? text }
  push(scope, s, { kind: 'compare', left, op: late?.op ?? op, right })
  return late?.next ?? old
}

/** "more than 3 pets", "at least 500 points": a number in front of what it counts or measures. */
function countedNoun(
  r: Reader,
  scope: Scope,
  s: State,
  from: number,
  nounAt: number,
  end: number,
  op: CompareOp,
  value: number,
): number {
  const phrase = readNoun(r, nounAt, end)
  const head = phrase.head
  if (head === undefined) return nounAt
  use(r, from, phrase.next)
  const entity = meansEntity(head.chunk)
  const stored = mayMeanNumber(head.chunk)
  const counts =
    !stored ||
    (entity
      ? r.pick('count-or-field', [
          [0, true],
          [0.6, false],
        ])
      : mayMeanEntity(head.chunk) &&
        r.pick('count-or-field', [
          [0.5, true],
          [0, false],
        ]))
  if (!counts) {
    push(scope, s, {
      kind: 'compare',
      left: { kind: 'noun', of: head },
      op,
      right: { kind: 'number', value, text: String(value) },
    })
    for (const cond of phrase.where) push(scope, s, cond)
    return phrase.next
  }
  const inner: Scope = { subject: head, where: [...phrase.where], main: false }
  const negated = s.negated
  const next = readClauses(r, inner, phrase.next, end, true)
  s.negated = false
  const cond: Cond = {
    kind: 'has',
    of: head,
    where: inner.where,
    count: { op, value },
    ...(phrase.distinct ? { distinct: true } : {}),
  }
  push(scope, s, negated ? { kind: 'not', part: cond } : cond)
  s.hint = undefined
  return next
}

/** A comparison word; `given` is its left side when the words before named it. */
function compareStep(r: Reader, scope: Scope, s: State, at: number, end: number, given: Measure | undefined): number {
  const found = keyword(r, at, 'cmp')
  if (found === undefined) return at + 1
  const next = skip(r, at + 1, end, ['than'])
  // "a higher salary than the average": the noun stands between.
  if (found.than !== true && given === undefined && next === at + 1 && isNoun(r, at + 1)) {
    const measured = readMeasure(r, at + 1, end)
    const left = measured.measures[0]
    if (left !== undefined && kwOf(r, measured.next) === 'than') {
      use(r, at, measured.next + 1)
      const side: Measure =
        left.kind === 'noun' && meansEntity(left.of.chunk) && !mayMeanField(left.of.chunk)
          ? { kind: 'count', of: left.of, where: [] }
          : left
      const right = readOperand(r, measured.next + 1, end, side)
      if (right === undefined) return measured.next + 1
      pushCompare(scope, s, side, found.op, right.operand)
      return nestedOperand(r, right.operand, right.next, end)
    }
  }
  const quantity = quantityAt(r, next)
  if (quantity !== undefined) {
    const after = next + 1
    if (kwOf(r, after) === 'times' && !isNoun(r, after)) {
      use(r, at, after + 1)
      push(scope, s, {
        kind: 'has',
        of: timesOf(r, s, scope, at),
        where: [],
        times: true,
        count: { op: found.op, value: quantity },
      })
      return after + 1
    }
    const chunk = r.chunks[next]
    const old = given === undefined ? yearsOld(r, after, end) : undefined
    if (old !== undefined && chunk !== undefined) return ageStep(r, scope, s, at, old, end, found.op, chunk)
    const once = chunk?.kw?.k === 'once' || chunk?.kw?.k === 'twice'
    if (once) {
      use(r, at, next + 1)
      push(scope, s, {
        kind: 'has',
        of: timesOf(r, s, scope, at),
        where: [],
        times: true,
        count: { op: found.op, value: quantity },
      })
      return next + 1
    }
    const unitEnd =
      given === undefined && s.hint === undefined && (found.dims === undefined || found.than !== true)
        ? after
        : skipUnit(r, after, end)
    const period = isYearNumber(chunk ?? (r.chunks[0] as Chunk)) && found.dims !== undefined && found.than !== true
    if (
      given === undefined &&
      !period &&
      unitEnd === after &&
      nounAhead(r, after, end) &&
      (!isValue(r, after) || (nounAhead(r, after + 1, end) && r.chunks[after]?.quoted !== true)) &&
      (found.dims === undefined || found.than !== true)
    ) {
      const hinted = s.hint !== undefined && !s.hint.soft
      if (!hinted || meansEntity(r.chunks[after])) return countedNoun(r, scope, s, at, after, end, found.op, quantity)
    }
    if (
      given === undefined &&
      after < end &&
      isValue(r, after) &&
      !isNoun(r, after) &&
      r.chunks[after]?.quoted !== true &&
      !nounAhead(r, after + 1, end)
    ) {
      // "at least ten professors", where that is what some rows are.
      const chunk = r.chunks[after]
      use(r, at, after + 1)
      if (chunk !== undefined)
        push(scope, s, {
          kind: 'has',
          of: nothing(),
          where: [{ kind: 'value', chunk, op: 'eq' }],
          count: { op: found.op, value: quantity },
        })
      return after + 1
    }
    if (period && given === undefined) {
      use(r, at, next + 1)
      push(scope, s, {
        kind: 'period',
        period: { year: quantity },
        op: found.op,
        ...(s.hint === undefined ? {} : { near: s.hint }),
      })
      return next + 1
    }
  }
  const named = textBehind(r, next, end)
  if (named !== undefined && found.than !== true) {
    // "under the category 'Seeds'": a place, not an amount.
    use(r, at, named)
    return named
  }
  const left = given ?? leftOf(s, found.dims, scope)
  const right = readOperand(r, next, end, left)
  if (right === undefined) return at + 1
  use(r, at, right.next)
  const operand = right.operand
  if (operand.kind === 'period' && given === undefined && (s.hint === undefined || s.hint.soft)) {
    push(scope, s, {
      kind: 'period',
      period: operand.period,
      op: found.op,
      ...(s.hint === undefined ? {} : { near: s.hint }),
    })
    return right.next
  }
  const side = left ?? (operand.kind === 'measure' ? sameQuality(operand.measure) : undefined)
  if (side === undefined) {
    // "above 3.5 stars": the noun may still come.
    const after = skipUnit(r, right.next, end)
    if (
      (isNoun(r, after) && mayMeanField(r.chunks[after])) ||
      (kwOf(r, after) === 'agg' && startsMeasure(r, after + 1, end))
    ) {
      const measured = readMeasure(r, after, end)
      const late = measured.measures[0]
      if (late !== undefined) {
        pushCompare(scope, s, late, found.op, operand)
        return measured.next
      }
    }
    note(r, 'compareNothing')
    pushCompare(
      scope,
      s,
      { kind: 'dim', dims: found.dims ?? [], ...(scope.subject === undefined ? {} : { of: scope.subject }) },
      found.op,
      operand,
    )
    return after
  }
  pushCompare(scope, s, side, found.op, operand)
  s.left = side
  const after = nestedOperand(r, operand, skipUnit(r, right.next, end), end)
  return after
}

/** Where "under" or "above" stands before a text that is no number: the text, or the noun it belongs to. */
function textBehind(r: Reader, from: number, end: number): number | undefined {
  const at = skip(r, from, end, ['det'])
  const chunk = r.chunks[isNoun(r, at) ? skip(r, at + 1, end, ['named', 'det']) : at]
  const first = r.chunks[at]
  if (chunk === undefined || first === undefined || at >= end) return undefined
  const text = chunk.quoted === true && !/^[\d\s.,:/-]*$/.test(chunk.text)
  const behind = r.chunks[at + 1]
  const beforeNoun = text && chunk === first && behind !== undefined && isNoun(r, at + 1) && mayMeanNumber(behind)
  return text && !beforeNoun ? at : undefined
}

function sameQuality(measure: Measure): Measure | undefined {
  if (measure.kind === 'agg') return { kind: 'noun', of: { ...measure.of, id: measure.of.id + 2000 } }
  if (measure.kind === 'dim') return { kind: 'dim', dims: measure.dims }
  return measure
}

function leftOf(s: State, dims: readonly string[] | undefined, scope: Scope): Measure | undefined {
  const dated =
    s.hint?.chunk.links.some((link) => link.score > 0.8 && (link.type === 'date' || link.type === 'timestamp')) ?? false
  if (s.hint !== undefined && (!s.hint.soft || dims === undefined || dated) && mayMeanField(s.hint.chunk))
    return { kind: 'noun', of: s.hint }
  // "a price higher than 1000 or lower than 500": the second bound is of the same thing.
  const plainly = dims === undefined || dims[0] === 'height' || dims[0] === 'size'
  if ((s.or || s.joined) && plainly && s.left !== undefined && s.left.kind !== 'count') return s.left
  if (dims !== undefined && dims.length > 0)
    return { kind: 'dim', dims, ...(scope.subject === undefined ? {} : { of: scope.subject }) }
  return s.left
}

function pushCompare(scope: Scope, s: State, left: Measure, op: CompareOp | 'between', right: Operand): void {
  push(scope, s, { kind: 'compare', left, op, right })
  s.left = left
  s.hint = undefined
}

/** Conditions behind a sub-aggregate belong to it: "the average age of students in grade 5". */
function nestedOperand(r: Reader, operand: Operand, at: number, end: number): number {
  if (operand.kind !== 'measure') return at
  const measure = operand.measure
  // "filed after they were due": another field of the same row takes no conditions.
  if (
    measure.kind === 'noun' &&
    operand.quant === undefined &&
    measure.of.owner === undefined &&
    !meansEntity(measure.of.chunk)
  )
    return at
  const own = 'of' in measure && measure.of !== undefined && 'chunk' in measure.of ? measure.of : undefined
  const subject = own === undefined ? undefined : (own.owner ?? own)
  const inner: Scope = { where: operand.where, main: false, ...(subject === undefined ? {} : { subject }) }
  return readClauses(r, inner, at, end, true)
}

function betweenStep(r: Reader, scope: Scope, s: State, at: number, end: number, given: Measure | undefined): number {
  const low = readOperand(r, at + 1, end, given)
  if (low === undefined) return at + 1
  let next = skipUnit(r, low.next, end)
  const joint =
    kwOf(r, next) === 'and' || wordOf(r, next) === 'to' || wordOf(r, next) === '-' || wordOf(r, next) === 'through'
      ? next + 1
      : undefined
  if (joint === undefined) return at + 1
  const high = readOperand(r, joint, end, given)
  if (high === undefined) return at + 1
  use(r, at, high.next)
  next = skipUnit(r, high.next, end)
  const years = [low.operand, high.operand].every(
    (one) => (one.kind === 'number' && /^(1[5-9]|20|21)\d\d$/.test(one.text)) || one.kind === 'period',
  )
  const left = given ?? leftOf(s, undefined, scope)
  if (left === undefined && !years && startsMeasure(r, next, end)) {
    const measured = readMeasure(r, next, end)
    const late = measured.measures[0]
    if (late !== undefined) {
      const counted =
        late.kind === 'noun' && meansEntity(late.of.chunk)
          ? ({ kind: 'count', of: late.of, where: [] } satisfies Measure)
          : late
      pushCompare(scope, s, counted, 'between', { kind: 'range', min: low.operand, max: high.operand })
      return measured.next
    }
  }
  const side: Measure = left ?? {
    kind: 'dim',
    dims: years ? ['year', 'date', 'time', 'founded', 'open', 'start'] : [],
    ...(scope.subject === undefined ? {} : { of: scope.subject }),
  }
  if (left === undefined && !years) note(r, 'compareNothing')
  pushCompare(scope, s, side, 'between', { kind: 'range', min: low.operand, max: high.operand })
  return next
}

const LETTERS = /^(words?|letters?|substring|string|phrase|prefix|suffix|text|characters?|char)$/

/** Where the text is that "the letter" or "the French word" announces. */
function spelt(r: Reader, from: number, end: number): number | undefined {
  const letter = r.chunks[from]
  if (letter !== undefined && from < end && /^[A-Za-z]$/.test(letter.text)) return from
  return letter?.quoted === true && from < end ? from : undefined
}

/** "containing 'x'", "starts with 'A'": text behind the word; the field is the hint, or the named one of the subject. */
function textStep(r: Reader, scope: Scope, s: State, at: number, end: number, given: Mention | undefined): number {
  const kw = kwOf(r, at)
  let next = skip(r, at + 1, end, ['det', 'named', 'prep', 'starts', 'contains'])
  while (
    next < end &&
    /^(word|words|letter|letters|substring|string|phrase|prefix|suffix|text|character|title|name)$/.test(
      wordOf(r, next),
    ) &&
    (isValue(r, next + 1) || r.chunks[next + 1] !== undefined)
  )
    next += 1
  // "contains the french word 'Moulin'": the quoted text is what it contains.
  const quote = [next, next + 1, next + 2].find((one) => one < end && r.chunks[one]?.quoted === true)
  if (quote !== undefined && r.chunks.slice(next, quote).every((one) => one.kw === undefined && one.links.length === 0))
    next = quote
  const letter = [at, at + 1, at + 2].find((one) => LETTERS.test(wordOf(r, one).replace(/^.* /, '')))
  const written = letter === undefined ? undefined : spelt(r, letter + 1, end)
  if (written !== undefined) next = written
  const chunk = r.chunks[next]
  if (chunk === undefined || next >= end) return at + 1
  if (
    kw === 'contains' &&
    chunk.quoted !== true &&
    !isValue(r, next) &&
    !(chunk.text.length === 1) &&
    !isNumber(r, next)
  )
    return at + 1
  use(r, at, next + 1)
  const field = given ?? s.hint ?? undefined
  const op = kw === 'starts' ? 'starts_with' : kw === 'ends' ? 'ends_with' : 'contains'
  push(scope, s, {
    kind: 'value',
    chunk,
    op,
    ...(field === undefined
      ? scope.subject === undefined
        ? {}
        : { near: scope.subject }
      : meansEntity(field.chunk) && !mayMeanField(field.chunk)
        ? { near: field }
        : { field }),
  })
  // "… or 'y'"
  const or = kwOf(r, next + 1)
  const second = r.chunks[next + 2]
  if ((or === 'or' || or === 'and') && second?.quoted === true && next + 2 < end) {
    use(r, next + 1, next + 3)
    s.or = or === 'or'
    push(scope, s, {
      kind: 'value',
      chunk: second,
      op,
      ...(field === undefined ? (scope.subject === undefined ? {} : { near: scope.subject }) : { field }),
    })
    return next + 3
  }
  const after = next + 1
  // "the substring 'x' in their name"
  if (field === undefined && wordOf(r, after) === 'in') {
    const phrase = readNoun(r, after + 1, end)
    if (phrase.head !== undefined && mayMeanField(phrase.head.chunk)) {
      use(r, after, phrase.next)
      const last = scope.where.at(-1)
      if (last?.kind === 'value') scope.where[scope.where.length - 1] = { kind: 'value', chunk, op, field: phrase.head }
      return phrase.next
    }
  }
  return after
}

function equalsStep(r: Reader, scope: Scope, s: State, start: number, end: number): number {
  const left = s.hint
  const next = skip(r, start, end, ['than', 'det'])
  if (left !== undefined && isValue(r, next)) return valuesAt(r, scope, s, next, end, left)
  const right = readOperand(r, start, end, left === undefined ? undefined : { kind: 'noun', of: left })
  if (right === undefined || left === undefined) return start
  pushCompare(scope, s, { kind: 'noun', of: left }, 'eq', right.operand)
  return nestedOperand(r, right.operand, right.next, end)
}

function namedStep(r: Reader, scope: Scope, s: State, start: number, end: number): number {
  const next = skip(r, start, end, ['det', 'be', 'either', 'equals', 'as'])
  const chunk = r.chunks[next]
  if (chunk === undefined || next >= end) return start
  const near = s.hint ?? scope.subject
  let at = next
  for (;;) {
    const here = r.chunks[at]
    if (here === undefined || at >= end) break
    if (!(isValue(r, at) || here.capital || here.links.length === 0)) break
    use(r, at)
    push(scope, s, { kind: 'value', chunk: here, op: 'eq', named: true, ...(near === undefined ? {} : { near }) })
    const second = r.chunks[at + 1]
    if (
      at + 1 < end &&
      second !== undefined &&
      isValue(r, at + 1) &&
      !isNoun(r, at + 1) &&
      here.values.some((a) => second.values.some((b) => a.entity === b.entity && a.field !== b.field))
    ) {
      at += 1
      continue
    }
    const or = kwOf(r, at + 1)
    if ((or === 'or' || or === 'and') && isValue(r, at + 2)) {
      use(r, at + 1)
      s.or = or === 'or' || !s.both
      s.joined = true
      at += 2
      continue
    }
    at += 1
    break
  }
  return at
}

/** One value or a list of them: "NY", "NY or CA", "both Math and Physics". */
function valueStep(r: Reader, scope: Scope, s: State, at: number, end: number): number {
  const hint = s.hint
  const useHint = hint !== undefined && (mayMeanField(hint.chunk) || hint.soft)
  return valuesAt(r, scope, s, at, end, useHint ? hint : undefined, hint)
}

function valuesAt(
  r: Reader,
  scope: Scope,
  s: State,
  start: number,
  end: number,
  field: Mention | undefined,
  near?: Mention,
): number {
  const chunks: { chunk: Chunk; or: boolean; not: boolean }[] = []
  let at = start
  let joinedByOr = false
  let joinedByAnd = false
  for (;;) {
    const chunk = r.chunks[at]
    if (chunk === undefined || at >= end || !isValue(r, at)) break
    use(r, at)
    chunks.push({ chunk, or: joinedByOr, not: false })
    at += 1
    const joint = skip(r, at, end, ['and', 'or', 'comma', 'neither'])
    const beyond = skip(r, joint, end, ['det', 'prep', 'either', 'both'])
    const nextChunk = r.chunks[beyond]
    if (
      joint === at ||
      nextChunk === undefined ||
      beyond >= end ||
      !isValue(r, beyond) ||
      (isNoun(r, beyond) && nextChunk.quoted !== true && (nextChunk.links[0]?.score ?? 0) > 0.8)
    )
      break
    if (!sameField(chunk, nextChunk)) break
    for (let index = at; index < joint; index += 1) {
      const kw = kwOf(r, index)
      if (kw === 'or') joinedByOr = true
      if (kw === 'and') joinedByAnd = true
    }
    use(r, at, beyond)
    at = beyond
  }
  // "in the Math department", "Cash payment method": the noun behind says what the value is.
  let hinted = field
  let close = near
  const taken = leftOut(r, at, end)
  if (taken !== undefined) {
    use(r, at, taken)
    s.negated = true
    at = taken
  }
  const after = r.chunks[at]
  if (at < end && after !== undefined && isNoun(r, at) && !isSoft(after) && !isPredicate(r, at + 1)) {
    const first = chunks[0]?.chunk
    const fits = after.links.some((link) =>
      first?.values.some(
        (value) =>
          value.entity === link.target.entity && (link.target.kind !== 'field' || link.target.field === value.field),
      ),
    )
    if (fits || (first?.quoted === true && first.values.length === 0)) {
      const phrase = readNoun(r, at, end, { owners: false })
      if (phrase.head !== undefined) {
        use(r, at, phrase.next)
        const fieldFits = phrase.head.chunk.links.some(
          (link) =>
            link.target.kind === 'field' &&
            first?.values.some(
              (value) =>
                value.entity === link.target.entity &&
                link.target.kind === 'field' &&
                value.field === link.target.field,
            ),
        )
        if (fieldFits) hinted = phrase.head
        else close = phrase.head
        at = phrase.next
      }
    }
  }
  // "'Express' in their names": a part of the name.
  const within =
    chunks[0]?.chunk.quoted === true && wordOf(r, at) === 'in' && kwOf(r, at + 1) === 'possessive' && at + 2 < end
  const part = within && mayMeanField(r.chunks[at + 2]) ? readNoun(r, at + 2, end, { owners: false }) : undefined
  if (part?.head !== undefined) {
    use(r, at, part.next)
    hinted = part.head
    // "a song that has 'love' in its title": the song's.
    const owner = near ?? scope.subject
    if (owner !== undefined && meansEntity(owner.chunk)) part.head.owner ??= owner
    at = part.next
  }
  const substring = chunks[0]?.chunk.quoted === true ? partBehind(r, at, end) : undefined
  if (substring !== undefined) {
    use(r, at, substring.next)
    hinted = substring.field ?? hinted
    at = substring.next
  }
  const contains = part?.head !== undefined || substring !== undefined
  const conds: Cond[] = sharedFields(chunks.map(({ chunk }) => chunk)).map((chunk) => ({
    kind: 'value',
    chunk,
    op: contains ? 'contains' : 'eq',
    ...(hinted === undefined ? {} : { field: hinted }),
    ...(close === undefined ? {} : { near: close }),
  }))
  const first = conds[0]
  if (first === undefined) return at
  if (conds.length === 1) push(scope, s, first)
  else if (s.both && joinedByAnd && !joinedByOr) push(scope, s, { kind: 'and', parts: conds, apart: true })
  else if (joinedByOr || s.negated || s.either) push(scope, s, { kind: 'or', parts: conds })
  else {
    const apart = r.pick('and-list', [
      [0.3, false],
      [0.5, true],
    ])
    push(scope, s, apart ? { kind: 'and', parts: conds, apart: true } : { kind: 'or', parts: conds, listed: true })
  }
  s.both = false
  return at
}

/** "as a substring in the special feature" behind a quoted text. */
function partBehind(r: Reader, from: number, end: number): { field?: Mention; next: number } | undefined {
  const at = kwOf(r, from) === 'contains' ? from : wordOf(r, from) === 'as' ? skip(r, from + 1, end, ['det']) : end
  if (at >= end || !/(^| )(substring|prefix|part)$/.test(wordOf(r, at))) return undefined
  const phrase = /^(in|of)$/.test(wordOf(r, at + 1)) ? readNoun(r, at + 2, end, { owners: false }) : undefined
  if (phrase?.head === undefined || !mayMeanField(phrase.head.chunk)) return { next: at + 1 }
  return { field: phrase.head, next: phrase.next }
}

/** Values of one list are values of one field. */
function sharedFields(chunks: readonly Chunk[]): Chunk[] {
  if (chunks.length < 2) return [...chunks]
  return chunks.map((chunk) => {
    const values = chunk.values.filter((value) =>
      chunks.every(
        (other) =>
          other === chunk || other.values.some((one) => one.entity === value.entity && one.field === value.field),
      ),
    )
    return values.length === 0 ? chunk : { ...chunk, values }
  })
}

function sameField(a: Chunk, b: Chunk): boolean {
  if (a.quoted === true && b.quoted === true) return true
  return a.values.some((one) => b.values.some((other) => one.entity === other.entity && one.field === other.field))
}

/** "the oldest", "most pets", "highest rating": the order and limit of the whole answer. */
function superStep(r: Reader, scope: Scope, s: State, at: number, end: number, count?: number): number {
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
  const hint = s.hint
  if (by.kind === 'dim' && by.of === undefined) {
    if (hint !== undefined && mayMeanField(hint.chunk) && !(hint.soft && found.dims.length > 0))
      by = { kind: 'noun', of: hint }
    else if (scope.subject !== undefined) by = { ...by, of: scope.subject }
  } else if (
    by.kind === 'count' &&
    by.of === undefined &&
    hint !== undefined &&
    !sup.count &&
    mayMeanNumber(hint.chunk)
  ) {
    // "that costs the most"
    by = { kind: 'noun', of: hint }
  } else if (by.kind === 'count' && by.of === undefined && hint !== undefined && meansEntity(hint.chunk))
    by = { kind: 'count', of: hint, where: [] }
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

/** "top 3 months by money raised": stretches of time, by what came in each. */
function topStretch(r: Reader, at: number, end: number, dir: 'asc' | 'desc', limit = 1): number | undefined {
  const chunk = r.chunks[at]
  if (chunk?.grain === undefined || chunk.adverb === true || (chunk.links[0]?.score ?? 0) >= 0.9) return undefined
  const terms = byTerms(r, at + 1, end)
  if (terms === undefined) return undefined
  use(r, at)
  const { by } = terms
  const counted: Measure = by.kind === 'noun' && meansEntity(by.of.chunk) ? { kind: 'count', of: by.of, where: [] } : by
  r.ask.group.push({ grain: chunk.grain })
  r.ask.select.push(counted)
  r.ask.top = { dir, limit }
  return terms.next
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
    return superStep(
      r,
      scope,
      {
        negated: false,
        denied: undefined,
        except: false,
        or: false,
        both: false,
        either: false,
        hint: undefined,
        left: undefined,
        relative: false,
        joined: false,
        sinceAnd: false,
        whose: false,
      },
      next,
      end,
      limit,
    )
  }
  const stretch = topStretch(r, next, end, dir, limit)
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

/** A counted or averaged thing in the middle: compared ("an average age above 20"), or one more column. */
function measureStep(r: Reader, scope: Scope, s: State, at: number, end: number): number {
  const measured = readMeasure(r, at, end)
  const measure = measured.measures[0]
  if (measure === undefined || (measure.kind === 'dim' && measure.fn !== undefined)) {
    // "whose age is the maximum", "above the average"
    const fn = measure?.kind === 'dim' ? measure.fn : undefined
    if ((fn === 'max' || fn === 'min') && s.hint !== undefined) {
      use(r, at)
      r.ask.top ??= { by: { kind: 'noun', of: s.hint }, dir: fn === 'max' ? 'desc' : 'asc', limit: 1 }
      return at + 1
    }
    use(r, at)
    if (fn === 'avg' && wordOf(r, at) === 'on average') averageShown(r)
    return at + 1
  }
  use(r, at, measured.next)
  const next = skip(r, measured.next, end, ['be', 'modal', 'have'])
  const kw = kwOf(r, next)
  if (
    kw === 'cmp' ||
    kw === 'between' ||
    (kw === 'prep' && wordOf(r, next) === 'of' && (kwOf(r, next + 1) === 'cmp' || isNumber(r, next + 1)))
  ) {
    scope.where.push(...measured.where)
    if (kw === 'between') return betweenStep(r, scope, s, next, end, measure)
    if (kw === 'cmp') return compareStep(r, scope, s, next, end, measure)
    if (kwOf(r, next + 1) === 'cmp') return compareStep(r, scope, s, next + 1, end, measure)
    const right = readOperand(r, next + 1, end, measure)
    if (right !== undefined) {
      pushCompare(scope, s, measure, 'eq', right.operand)
      return right.next
    }
  }
  if (kw === 'equals' || (next > measured.next && isNumber(r, next))) {
    const right = readOperand(r, kw === 'equals' ? next + 1 : next, end, measure)
    if (right !== undefined) {
      pushCompare(scope, s, measure, 'eq', right.operand)
      return right.next
    }
  }
  if (
    measure.kind === 'agg' &&
    (measure.fn === 'max' || measure.fn === 'min') &&
    scope.main &&
    r.ask.select.length > 0
  ) {
    // "with the maximum capacity": the one row that has it.
    if (
      r.pick('with-extreme', [
        [0, true],
        [1, false],
      ])
    ) {
      scope.where.push(...measured.where)
      r.ask.top ??= { by: { kind: 'noun', of: measure.of }, dir: measure.fn === 'max' ? 'desc' : 'asc', limit: 1 }
      return measured.next
    }
  }
  scope.where.push(...measured.where)
  if (scope.main) r.ask.select.push(...measured.measures)
  return measured.next
}

/** "How old are the students on average": what was asked for is averaged. */
function averageShown(r: Reader): void {
  const shown = r.ask.select.at(-1)
  if (shown?.kind === 'dim' && shown.fn === undefined) r.ask.select.splice(-1, 1, { ...shown, fn: 'avg' })
  else if (shown?.kind === 'noun' && mayMeanNumber(shown.of.chunk))
    r.ask.select.splice(-1, 1, { kind: 'agg', fn: 'avg', of: shown.of })
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
    if (/^(previous|prior|earlier|preceding) (period|one)$/.test(`${wordOf(r, next)} ${wordOf(r, next + 1)}`)) {
      use(r, at, next + 2)
      r.ask.extras.compare = 'previous_period'
      return next + 2
    }
    note(r, 'versusNothing')
  }
  return at + 1
}

/** A noun among the conditions: the left side of a predicate, a thing that must exist, a key, a column, or a hint. */
function nounStep(r: Reader, scope: Scope, s: State, at: number, end: number): number {
  const beforeWord = wordOf(r, at - 1)
  const previousKw = kwOf(r, at - 1)
  const wasNegated = s.negated
  const phrase = readNoun(r, at, end)
  const head = phrase.head
  if (head === undefined) return at + 1
  use(r, at, phrase.next)
  const entity = meansEntity(head.chunk)
  const field = mayMeanField(head.chunk)
  if (/^names?$/.test(head.chunk.word) && head.owner === undefined && (s.whose || scope.subject === undefined)) {
    // "publishers whose name contains …": the column that was asked for is itself the name.
    const shown = r.ask.select.at(-1)
    if (scope.main && shown?.kind === 'noun' && !meansEntity(shown.of.chunk) && mayMeanField(shown.of.chunk))
      head.owner = shown.of
  }
  const apposed = phrase.where.some(
    (cond) =>
      (cond.kind === 'value' || cond.kind === 'number') &&
      (cond.field === head || cond.near === head) &&
      !(cond.kind === 'value' && cond.chunk.from === head.chunk.from),
  )
  if (scope.main && beforeWord === 'by' && r.ask.top !== undefined && r.ask.top.by === undefined && !apposed) {
    // "top 3 donors in each segment by money raised"
    r.ask.top = { ...r.ask.top, by: { kind: 'noun', of: head } }
    scope.where.push(...phrase.where)
    return phrase.next
  }
  // "with donor, amount and date": columns to show, as long as nothing is compared.
  if (
    scope.main &&
    beforeWord === 'with' &&
    !apposed &&
    !wasNegated &&
    !phrase.negated &&
    !phrase.any &&
    isColumnList(r, phrase.next, end) &&
    (phrase.where.length === 0 || phrase.their)
  ) {
    if (
      r.pick('with-columns', [
        [isListJoint(r, phrase.next) ? 0 : 0.6, true],
        [isListJoint(r, phrase.next) ? 2 : 0.4, false],
      ])
    ) {
      r.ask.select.push({ kind: 'noun', of: head })
      let next = phrase.next
      for (;;) {
        const joint = skip(r, next, end, ['comma', 'and', 'also'])
        if (joint === next || !startsMeasure(r, joint, end) || kwOf(r, joint) === 'super') break
        const measured = readMeasure(r, joint, end)
        if (measured.measures.length === 0 || !isColumnList(r, measured.next, end)) break
        use(r, next, measured.next)
        r.ask.select.push(...measured.measures)
        scope.where.push(...measured.where)
        next = measured.next
      }
      return next
    }
  }
  // "money requested by entrepreneurs": they asked for it, all together.
  const doers = beforeWord === 'by' && head.chunk.plural && meansEntity(head.chunk) && isDoneBy(r, head)
  // "by month", "across channels": keys, when something is aggregated.
  if (
    scope.main &&
    (beforeWord === 'by' || beforeWord === 'across') &&
    !apposed &&
    !head.soft &&
    (aggregates(r) || (beforeWord === 'by' && rowsOnly(r) && isKey(head) && !isDoneBy(r, head))) &&
    !isPredicate(r, phrase.next) &&
    !isValue(r, phrase.next) &&
    !(beforeWord === 'by' && wordOf(r, phrase.next) === 'whose')
  ) {
    if (
      r.pick('by-group', [
        [beforeWord === 'across' ? 0.7 : doers ? 1.8 : 0, true],
        [beforeWord === 'across' ? 0.2 : doers ? 0 : 1.8, false],
      ])
    ) {
      scope.where.push(...phrase.where)
      if (!aggregates(r) || rowsOnly(r)) note(r, 'rowsBy')
      r.ask.group.push({ of: head, ...(beforeWord === 'across' && r.ask.group.length > 0 ? { pivot: true } : {}) })
      let next = phrase.next
      while (kwOf(r, next) === 'and' || kwOf(r, next) === 'comma') {
        const key = skip(r, next + 1, end, ['det', 'prep'])
        const chunk = r.chunks[key]
        if (chunk === undefined || key >= end) break
        if (chunk.grain !== undefined && (chunk.links[0]?.score ?? 0) < 0.9) {
          use(r, next, key + 1)
          r.ask.group.push({ grain: chunk.grain })
          next = key + 1
          continue
        }
        if (!isNoun(r, key) || isPredicate(r, key + 1)) break
        const more = readNoun(r, key, end)
        if (more.head === undefined) break
        use(r, next, more.next)
        r.ask.group.push({ of: more.head })
        next = more.next
      }
      return next
    }
  }
  let p = skip(r, phrase.next, end, ['be', 'modal', 'do', 'filler', 'have'])
  let negatedHere = false
  if (kwOf(r, p) === 'not') {
    negatedHere = true
    p = skip(r, p + 1, end, ['be', 'filler', 'have', 'prep'])
  }
  const pk = isNoun(r, p) ? undefined : kwOf(r, p)
  const ofNumber =
    kwOf(r, p) === 'prep' &&
    (wordOf(r, p) === 'of' ||
      wordOf(r, p) === 'as' ||
      wordOf(r, p) === 'in' ||
      wordOf(r, p) === 'at' ||
      wordOf(r, p) === 'on')
      ? skip(r, p + 1, end, ['det'])
      : p
  const copula = p > phrase.next
  const fieldLike = field && !(entity && !s.whose && !copula && r.chunks[p]?.kw?.k !== 'cmp')
  for (const cond of phrase.where) push(scope, { ...s, or: s.or && cond === phrase.where[0] }, cond)
  if (phrase.where.length > 0) s.or = false
  if (head.soft && countsBehind(r, head, pk === 'cmp' ? p : ofNumber)) {
    // "advising more than 2 students", "invested in two or more entrepreneurs": the number counts the noun behind it.
    s.hint = head
    return phrase.next
  }
  if (fieldLike && pk === 'cmp' && (keyword(r, p, 'cmp')?.than !== true || !entity)) {
    use(r, phrase.next, p)
    if (negatedHere) s.negated = true
    return compareStep(r, scope, s, p, end, { kind: 'noun', of: head })
  }
  if (fieldLike && ofNumber > p && kwOf(r, ofNumber) === 'cmp') {
    use(r, phrase.next, ofNumber)
    return compareStep(r, scope, s, ofNumber, end, { kind: 'noun', of: head })
  }
  if (fieldLike && (pk === 'between' || kwOf(r, ofNumber) === 'between')) {
    use(r, phrase.next, ofNumber)
    return betweenStep(r, scope, s, pk === 'between' ? p : ofNumber, end, { kind: 'noun', of: head })
  }
  if (field && (pk === 'contains' || pk === 'starts' || pk === 'ends')) {
    use(r, phrase.next, p)
    if (negatedHere) s.negated = true
    return textStep(r, scope, s, p, end, head)
  }
  if (field && pk === 'equals') {
    use(r, phrase.next, p + 1)
    s.hint = head
    if (negatedHere) s.negated = true
    return equalsStep(r, scope, s, p + 1, end)
  }
  if (field && pk === 'named') {
    s.hint = head
    return phrase.next
  }
  if (field && (pk === 'empty' || pk === 'full')) {
    use(r, phrase.next, p + 1)
    const cond: Cond = { kind: 'empty', field: head }
    scope.where.push((pk === 'full') !== (negatedHere || wasNegated) ? { kind: 'not', part: cond } : cond)
    s.negated = false
    return p + 1
  }
  const low = r.chunks[phrase.next]
  const high = /^(to|-|through)$/.test(wordOf(r, phrase.next + 1)) ? r.chunks[phrase.next + 2] : undefined
  if (field && low?.num !== undefined && high?.num !== undefined && phrase.next + 2 < end && !apposed) {
    // "age 20 to 25"
    use(r, phrase.next, phrase.next + 3)
    pushCompare(scope, s, { kind: 'noun', of: head }, 'between', rangeOf(low, high))
    return skipUnit(r, phrase.next + 3, end)
  }
  const eitherAt = skip(r, ofNumber, end, ['either', 'both', 'named', 'as', 'det'])
  if (kwOf(r, eitherAt - 1) === 'both' || kwOf(r, eitherAt - 2) === 'both') s.both = true
  if (
    fieldLike &&
    isValue(r, eitherAt) &&
    (copula || ofNumber > p || eitherAt > ofNumber || r.chunks[eitherAt]?.quoted === true) &&
    !apposed
  ) {
    const next = r.chunks[eitherAt]
    const fits =
      next?.quoted === true ||
      (next?.values.some((value) =>
        head.chunk.links.some(
          (link) =>
            link.target.kind === 'field' && link.target.entity === value.entity && link.target.field === value.field,
        ),
      ) ??
        false)
    if (fits) {
      use(r, phrase.next, eitherAt)
      if (negatedHere) s.negated = true
      return valuesAt(r, scope, s, eitherAt, end, head)
    }
  }
  const name = fieldLike && !apposed && ofNumber > p ? nameAt(r, eitherAt, end) : undefined
  if (name !== undefined) {
    // "in the city of Goroka", which the stored values that are known do not hold.
    use(r, phrase.next, name.next)
    if (negatedHere) s.negated = true
    push(scope, s, { kind: 'value', chunk: name.chunk, op: 'eq', field: head })
    return name.next
  }
  if (head.soft && isYearAhead(r, eitherAt - 1, end)) {
    // "gave in 2025": when it was done, never what is in a field of it.
    use(r, phrase.next, eitherAt)
    if (negatedHere) s.negated = true
    s.hint = head
    return yearStep(r, scope, s, eitherAt - 1, end)
  }
  if (fieldLike && isNumber(r, eitherAt) && !apposed && (copula || ofNumber > p || eitherAt > ofNumber)) {
    use(r, phrase.next, eitherAt + 1)
    if (negatedHere) s.negated = true
    const chunk = r.chunks[eitherAt]
    let next = skipUnit(r, eitherAt + 1, end)
    const bound = boundBehind(r, next, end)
    next = bound?.next ?? next
    push(scope, s, {
      kind: 'number',
      field: head,
      value: chunk?.num ?? 0,
      text: chunk?.numText ?? '',
      ...(bound === undefined ? {} : { op: bound.op }),
    })
    while ((kwOf(r, next) === 'or' || (kwOf(r, next) === 'and' && s.both)) && isNumber(r, next + 1)) {
      const more = r.chunks[next + 1]
      use(r, next, next + 2)
      if (kwOf(r, next) === 'or') s.or = true
      else s.joined = true
      push(scope, s, { kind: 'number', field: head, value: more?.num ?? 0, text: more?.numText ?? '' })
      next = skipUnit(r, next + 2, end)
    }
    return next
  }
  if (fieldLike && copula && r.chunks[p]?.period !== undefined) {
    use(r, phrase.next, p + 1)
    push(scope, s, { kind: 'period', period: r.chunks[p]?.period ?? { this: 'day' }, field: head })
    return p + 1
  }
  if (field && copula && (pk === 'super' || pk === 'agg' || pk === 'det')) {
    const q = skip(r, p, end, ['det'])
    if (kwOf(r, q) === 'super' || kwOf(r, q) === 'agg') {
      use(r, phrase.next, q)
      s.hint = head
      return q
    }
  }
  // No predicate follows.
  if (entity && apposed && !wasNegated && !phrase.negated && scope.subject !== undefined) {
    // "the club 'Bootup Baltimore'": the value already says which one.
    s.hint = head
    return phrase.next
  }
  if (entity && !(field && (head.owner !== undefined || s.whose)))
    return entityStep(r, scope, s, head, phrase.next, end, wasNegated || phrase.negated)
  if (head.soft && wasNegated && head.owner !== undefined && meansEntity(head.owner.chunk))
    // "not in charge of any event"
    return entityStep(r, scope, s, head.owner, phrase.next, end, true)
  if (head.soft) {
    s.hint = head
    if (wasNegated) note(r, 'negatedVerb')
    return phrase.next
  }
  if (scope.main && (phrase.their || (previousKw === 'and' && !s.relative)) && !apposed && !wasNegated) {
    if (
      r.pick('column-or-hint', [
        [phrase.their ? 0 : 0.4, true],
        [0.7, false],
      ])
    ) {
      r.ask.select.push({ kind: 'noun', of: head })
      return phrase.next
    }
  }
  if (wasNegated || phrase.negated) {
    if (!apposed) {
      scope.where.push({ kind: 'empty', field: head })
      s.negated = false
    }
    return phrase.next
  }
  if (!apposed && previousKw === 'be' && !head.chunk.plural) {
    push(scope, s, { kind: 'flag', of: head })
    return phrase.next
  }
  const extreme = /^(max|maximum|highest|largest)\b/.test(head.chunk.word) ? 'desc' : 'asc'
  if (apposed) s.left = { kind: 'noun', of: head }
  else if (scope.main && beforeWord === 'the' && r.ask.top === undefined && EXTREMES.test(head.chunk.word)) {
    // "the room with the maximum occupancy", where a field is called just so.
    r.ask.top = { by: { kind: 'noun', of: head }, dir: extreme, limit: 1 }
  } else {
    note(r, 'droppedField')
    r.ask.dropped.push(head.chunk.text)
    if (s.relative && !head.chunk.plural && !scope.where.some((cond) => cond.kind === 'flag'))
      scope.where.push({ kind: 'flag', of: head, soft: true })
    s.hint = head
  }
  return phrase.next
}

/** A name that nothing knows: words with capital letters, in a row. */
function nameAt(r: Reader, at: number, end: number): { chunk: Chunk; next: number } | undefined {
  const unknown = (one: Chunk | undefined) =>
    one?.capital === true && one.kw === undefined && one.links.length === 0 && one.values.length === 0
  const first = r.chunks[at]
  if (first === undefined || at >= end || !unknown(first) || !/^\p{L}/u.test(first.text)) return undefined
  let next = at + 1
  while (next < end && unknown(r.chunks[next])) next += 1
  const text = r.chunks
    .slice(at, next)
    .map((one) => one.text)
    .join(' ')
  return { chunk: { ...first, to: r.chunks[next - 1]?.to ?? first.to, text }, next }
}

const EXTREMES = /^(max|maximum|highest|largest|min|minimum|lowest|smallest)\b/

function rangeOf(low: Chunk, high: Chunk): Operand {
  const bound = ({ num = 0, numText, text }: Chunk): Operand => ({ kind: 'number', value: num, text: numText ?? text })
  return { kind: 'range', min: bound(low), max: bound(high) }
}

/** Whether a comparison at an index is of a number of rows, where the verb before it is no number itself. */
function countsBehind(r: Reader, verb: Mention, at: number): boolean {
  if (kwOf(r, at) !== 'cmp' || quantityAt(r, at + 1) === undefined || !isNoun(r, at + 2)) return false
  return meansEntity(r.chunks[at + 2]) || !mayMeanNumber(verb.chunk)
}

function isListJoint(r: Reader, at: number): boolean {
  const kw = kwOf(r, at)
  return kw === 'and' || kw === 'comma'
}

/** Whether a list of columns may end or go on here. */
function isColumnList(r: Reader, at: number, end: number): boolean {
  if (at >= end) return true
  const kw = kwOf(r, at)
  return (
    kw === 'comma' || kw === 'and' || kw === 'order' || kw === 'each' || kw === 'asc' || kw === 'desc' || kw === 'alpha'
  )
}

function aggregates(r: Reader): boolean {
  return r.ask.select.some(
    (one) =>
      one.kind === 'agg' ||
      one.kind === 'count' ||
      one.kind === 'share' ||
      (one.kind === 'noun' && one.of.chunk.links.some((link) => link.target.kind === 'metric' && link.score > 0.85)),
  )
}

/** Whether nothing but rows is asked for so far: "expenses", "pledges". */
function rowsOnly(r: Reader): boolean {
  const [first, second] = r.ask.select
  return first?.kind === 'noun' && second === undefined && !first.of.soft && meansEntity(first.of.chunk)
}

/** Whether the "by" before a noun says who did it: "written by authors", not "papers by author". */
function isDoneBy(r: Reader, { chunk }: Mention): boolean {
  let at = r.chunks.indexOf(chunk) - 1
  while (at > 0 && wordOf(r, at) !== 'by') at -= 1
  const before = r.chunks[at - 1]
  return (
    before !== undefined && before.period === undefined && (isSoft(before) || /(ed|en|wn|de|ld)$/.test(before.word))
  )
}

/** Whether rows are put together by a noun: rows of another kind, or a field of few values that is neither a number nor a time. */
function isKey({ chunk }: Mention): boolean {
  const [link] = chunk.links
  if (link === undefined || link.score < 0.9) return false
  if (chunk.links.some(({ target, score }) => target.kind === 'entity' && score >= 0.9)) return true
  return link.target.kind === 'field' && (link.type === 'enum' || link.type === 'text' || link.type === 'boolean')
}

/** An entity among the conditions: the subject when there is none yet, else something related that must (not) exist. */
function entityStep(
  r: Reader,
  scope: Scope,
  s: State,
  head: Mention,
  next: number,
  end: number,
  negated: boolean,
): number {
  const subject = scope.subject
  if (subject === undefined && !negated && !s.relative) {
    scope.subject = head
    if (scope.main) r.ask.subject = head
    return next
  }
  if (head.soft && !negated) {
    s.hint = head
    return next
  }
  if (head.soft && restNames(r, next, end)) {
    // "never ordered product Latte": the noun behind the verb is what is not there.
    s.hint = head
    return next
  }
  if (negated) {
    const inner: Scope = { subject: head, where: [], main: false }
    s.negated = false
    const after = readClauses(r, inner, next, end, true)
    // Nothing between the negation and a repeat of the subject: the negation speaks of what follows.
    push(scope, s, {
      kind: 'not',
      part: { kind: 'has', of: head, where: inner.where },
      ...(s.except ? { except: true } : {}),
    })
    s.except = false
    s.hint = undefined
    return after
  }
  if (subject !== undefined && head.chunk.word === subject.chunk.word && !s.both) {
    // "mountains above 5600 and mountains below 5200": two kinds of rows, not one row that is both.
    if (s.joined && scope.where.length > 0) s.both = true
    s.hint = undefined
    return next
  }
  const inner: Cond[] = []
  const cond: Cond = { kind: 'has', of: head, where: inner }
  if (s.both) {
    // "both students from NY and students from CA": each noun takes its own conditions.
    const nestedScope: Scope = { subject: head, where: inner, main: false }
    const stop = conjunctionAt(r, next, end)
    const after = readClauses(r, nestedScope, next, stop, true)
    push(scope, s, cond)
    return after
  }
  push(scope, s, cond)
  s.hint = head
  return next
}

/** Whether a noun or value follows before the clause ends. */
function restNames(r: Reader, from: number, end: number): boolean {
  for (let at = from; at < end; at += 1) {
    if (isNoun(r, at) || isValue(r, at)) return true
    const kw = kwOf(r, at)
    if (kw !== 'prep' && kw !== 'det' && kw !== 'any' && kw !== 'all' && kw !== 'filler' && kw !== 'distinct')
      return false
  }
  return false
}

function conjunctionAt(r: Reader, from: number, end: number): number {
  for (let at = from; at < end; at += 1) if (kwOf(r, at) === 'and' && !isNoun(r, at)) return at
  return end
}
