// Comparisons: "above 100", "between 5 and 10", "is the same as".
// In: the place of a comparison word and, where it was said, its left side. Out: a condition; where it stopped.
// Refused: which field is meant by a noun or a quality; ties decide that.
import type { Chunk } from '../../chunk.ts'
import type { Measure, Operand } from '../ast.ts'
import { readMeasure, startsMeasure } from '../measure.ts'
import { nounAhead } from '../noun.ts'
import { quantityAt, readOperand, skipUnit } from '../operand.ts'
import {
  isNoun,
  isValue,
  keyword,
  kwOf,
  mayMeanField,
  mayMeanNumber,
  meansEntity,
  note,
  type Reader,
  type Scope,
  skip,
  use,
  wordOf,
} from '../reader.ts'
import { ageStep, countedNoun, timesOf, yearsOld } from './number.ts'
import { nothing, push, pushCompare, type State } from './state.ts'
import { isYearNumber } from './time.ts'
import { valuesAt } from './value.ts'

/** A comparison word; `given` is its left side when the words before named it. */
export function compareStep(
  r: Reader,
  scope: Scope,
  s: State,
  at: number,
  end: number,
  given: Measure | undefined,
): number {
  const found = keyword(r, at, 'cmp')
  if (found === undefined) return at + 1
  // "starting from each origin": the rows of each, no bound.
  if (kwOf(r, at + 1) === 'each' && found.dims === undefined) {
    use(r, at)
    return at + 1
  }
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
      // "as driver standing and had more than 20 points": the number is of the noun behind it.
      const exact = (r.chunks[after]?.links[0]?.score ?? 0) >= 0.95 && mayMeanNumber(r.chunks[after])
      const hinted = s.hint !== undefined && !s.hint.soft && !(exact && meansEntity(s.hint.chunk))
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
  // "orders with a shipment after 2020-01-01": when it was shipped.
  if (dims?.[0] === 'date' && s.hint !== undefined && meansEntity(s.hint.chunk) && !s.hint.soft)
    return { kind: 'dim', dims, of: s.hint }
  const plainly = dims === undefined || dims[0] === 'height' || dims[0] === 'size'
  if ((s.or || s.joined) && plainly && s.left !== undefined && s.left.kind !== 'count') return s.left
  if (dims !== undefined && dims.length > 0)
    return { kind: 'dim', dims, ...(scope.subject === undefined ? {} : { of: scope.subject }) }
  return s.left
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
  return r.nested(r, inner, at, end)
}

/** A range with both its bounds: "between 5 and 10 dollars". */
export function betweenStep(
  r: Reader,
  scope: Scope,
  s: State,
  at: number,
  end: number,
  given: Measure | undefined,
): number {
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

/** What is the same as something: a stored value, a number or another measure. */
export function equalsStep(r: Reader, scope: Scope, s: State, start: number, end: number): number {
  const left = s.hint
  const next = skip(r, start, end, ['than', 'det'])
  if (left !== undefined && isValue(r, next)) return valuesAt(r, scope, s, next, end, left)
  const right = readOperand(r, start, end, left === undefined ? undefined : { kind: 'noun', of: left })
  if (right === undefined || left === undefined) return start
  pushCompare(scope, s, { kind: 'noun', of: left }, 'eq', right.operand)
  return nestedOperand(r, right.operand, right.next, end)
}
