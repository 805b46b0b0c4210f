// The right side of a comparison: "20", "5,000 dollars", "March 2025", "the average age of all students", "any wine of 2005".
// In: a reader, an index, the left side where it is known. Out: an operand and where it ends; nothing when there is none.
// Refused: lists of values; the clause reader makes those.
import type { Cond, Measure, Operand } from './ast.ts'
import { readMeasure } from './measure.ts'
import { readNoun } from './noun.ts'
import {
  isNoun,
  isNumber,
  isValue,
  keyword,
  kwOf,
  mayMeanField,
  meansEntity,
  type Reader,
  skip,
  use,
  wordOf,
} from './reader.ts'

export type ReadOperand = { readonly operand: Operand; readonly next: number }

/** Words of measure that add nothing to the number before them. */
const UNITS =
  /^(years?( old)?|dollars?|usd|euros?|days?|hours?|minutes?|seconds?|months?|weeks?|km|kg|meters?|metres?|miles?|feet|pounds?|percent|stars?|mb|gb|mib|kb|%|\$|old|long|tall|in|points?)$/

/** The number at an index, "a" and "one" included where a quantity is due. */
export function quantityAt(r: Reader, at: number): number | undefined {
  const chunk = r.chunks[at]
  if (chunk === undefined) return undefined
  if (isNumber(r, at)) return chunk.num
  if (chunk.word === 'one' || chunk.word === 'a single' || chunk.word === 'a' || chunk.word === 'an') return 1
  if (chunk.kw?.k === 'once') return 1
  if (chunk.kw?.k === 'twice') return 2
  return undefined
}

/** Steps over a unit word behind a number, when it is not a noun that is meant. */
export function skipUnit(r: Reader, at: number, end: number): number {
  if (at >= end) return at
  const chunk = r.chunks[at]
  if (chunk === undefined || !UNITS.test(chunk.word)) return at
  if (isNoun(r, at) && (chunk.links[0]?.score ?? 0) >= 0.95 && chunk.grain === undefined) return at
  use(r, at)
  return skipUnit(r, at + 1, end)
}

/** Reads the right side of a comparison at an index. */
export function readOperand(r: Reader, start: number, end: number, left: Measure | undefined): ReadOperand | undefined {
  let at = start
  let quant: 'all' | 'any' | undefined
  // "older than at least one engineer": than some of them.
  const some = keyword(r, at, 'cmp')
  if (some?.op === 'gte' && quantityAt(r, at + 1) === 1 && isNoun(r, at + 2)) {
    quant = 'any'
    at += 2
  }
  for (; at < end; at += 1) {
    const kw = kwOf(r, at)
    if (isNoun(r, at) || (quantityAt(r, at) !== undefined && kw !== 'det')) break
    if (kw === 'all' || kw === 'each') quant = 'all'
    else if (kw === 'any') quant = 'any'
    else if (
      kw === 'det' &&
      isNumber(r, at + 1) === false &&
      r.chunks[at]?.word !== 'the' &&
      !startsRich(r, at + 1, end)
    )
      break
    else if (
      kw !== 'det' &&
      kw !== 'than' &&
      kw !== 'possessive' &&
      kw !== 'polite' &&
      kw !== 'be' &&
      kw !== 'pron' &&
      !(kw === 'prep' && wordOf(r, at) === 'of') &&
      wordOf(r, at) !== 'year' &&
      wordOf(r, at) !== 'that'
    )
      break
  }
  const chunk = r.chunks[at]
  if (chunk === undefined || at >= end) return undefined
  if (chunk.period !== undefined) {
    use(r, start, at + 1)
    return { operand: { kind: 'period', period: chunk.period }, next: at + 1 }
  }
  // "the year 2000": the noun says what the number is.
  if (isNoun(r, at) && isNumber(r, at + 1) && (chunk.grain === 'year' || chunk.word === 'year') && at + 1 < end) at += 1
  const number = quantityAt(r, at)
  if (number !== undefined) {
    const here = r.chunks[at]
    use(r, start, at + 1)
    const whole = percentOf(r, at, end)
    if (whole !== undefined) return { operand: { kind: 'percent', percent: number, of: whole.of }, next: whole.next }
    const operand: Operand = {
      kind: 'number',
      value: number,
      text: here?.numText ?? String(number),
      ...(here?.unit === undefined ? {} : { unit: here.unit }),
    }
    return { operand, next: at + 1 }
  }
  if (isValue(r, at) && !isNoun(r, at)) {
    const following = r.chunks[at + 1]
    if (!(following !== undefined && at + 1 < end && isNoun(r, at + 1) && meansEntity(following))) {
      use(r, start, at + 1)
      if (
        left !== undefined &&
        (left.kind === 'dim' || (left.kind === 'noun' && quant !== undefined)) &&
        chunk.quoted !== true &&
        chunk.period === undefined
      ) {
        // "older than all engineers": than the rows of which that is true.
        const same: Measure =
          left.kind === 'noun'
            ? { kind: 'noun', of: { id: left.of.id + 3000, chunk: left.of.chunk, soft: false } }
            : { kind: 'dim', dims: left.dims }
        return {
          operand: {
            kind: 'measure',
            measure: same,
            where: [{ kind: 'value', chunk, op: 'eq' }],
            quant: quant ?? 'all',
          },
          next: at + 1,
        }
      }
      return { operand: { kind: 'text', chunk }, next: at + 1 }
    }
  }
  const kw = kwOf(r, at)
  if (kw === 'agg' || kw === 'super' || kw === 'count') {
    const inner = readMeasure(r, at, end)
    const measure = inner.measures[0]
    if (measure !== undefined) {
      use(r, start, inner.next)
      const made: Measure =
        measure.kind === 'dim' && measure.fn !== undefined && left !== undefined ? withFn(left, measure.fn) : measure
      return {
        operand: { kind: 'measure', measure: made, where: inner.where, ...(quant === undefined ? {} : { quant }) },
        next: inner.next,
      }
    }
    const top = keyword(r, at, 'super')
    if (top !== undefined && left !== undefined) {
      use(r, start, at + 1)
      return {
        operand: { kind: 'measure', measure: withFn(left, top.dir === 'desc' ? 'max' : 'min'), where: [] },
        next: at + 1,
      }
    }
  }
  const phrase = readNoun(r, at, end)
  if (phrase.head === undefined) return undefined
  use(r, start, phrase.next)
  const where: Cond[] = [...phrase.where]
  const q = quant ?? (phrase.any ? 'any' : phrase.all || phrase.each ? 'all' : undefined)
  const entity = meansEntity(phrase.head.chunk) && !(mayMeanField(phrase.head.chunk) && phrase.head.owner !== undefined)
  const measure: Measure = entity && left !== undefined ? ofRows(left, phrase.head) : { kind: 'noun', of: phrase.head }
  return { operand: { kind: 'measure', measure, where, ...(q === undefined ? {} : { quant: q }) }, next: phrase.next }
}

function startsRich(r: Reader, at: number, end: number): boolean {
  const next = skip(r, at, end, ['det'])
  return next < end && (isNoun(r, next) || isNumber(r, next) || kwOf(r, next) === 'agg' || kwOf(r, next) === 'super')
}

/** The same quality as an aggregate over all rows: "age" above "the average". */
function withFn(
  left: Measure,
  fn:
    | 'sum'
    | 'avg'
    | 'min'
    | 'max'
    | 'count'
    | 'count_distinct'
    | 'median'
    | 'percentile'
    | 'stddev'
    | 'first'
    | 'last'
    | 'list',
): Measure {
  if (left.kind === 'noun') return { kind: 'agg', fn, of: left.of }
  if (left.kind === 'dim') return { ...left, fn }
  return left
}

/** The same quality, but of other rows: "older than any student" compares ages. */
function ofRows(left: Measure, of: NonNullable<Extract<Measure, { kind: 'dim' }>['of']>): Measure {
  if (left.kind === 'dim') return { ...left, of }
  if (left.kind === 'noun') return { kind: 'noun', of: { ...left.of, id: left.of.id + 1000, owner: of } }
  return left
}

/** "or older", "and above", "or later" behind a number: the bound is included and goes that way. */
export function boundBehind(r: Reader, at: number, end: number): { op: 'gte' | 'lte'; next: number } | undefined {
  const kw = kwOf(r, at)
  if (kw !== 'or' && kw !== 'and') return undefined
  const found = keyword(r, at + 1, 'cmp')
  if (found === undefined || at + 1 >= end || found.than === true) return undefined
  const after = at + 2
  if (
    after < end &&
    (isNumber(r, after) ||
      quantityAt(r, after) !== undefined ||
      r.chunks[after]?.period !== undefined ||
      kwOf(r, after) === 'det')
  )
    return undefined
  if (found.op !== 'gt' && found.op !== 'lt') return undefined
  use(r, at, at + 2)
  return { op: found.op === 'gt' ? 'gte' : 'lte', next: after }
}

/** "10 % of their goal": the noun behind the percent sign. */
function percentOf(r: Reader, at: number, end: number): { of: Measure; next: number } | undefined {
  const signed = r.chunks[at]?.unit === '%'
  const next = at + 1
  const joined = kwOf(r, next) === 'share' && /of$/.test(wordOf(r, next))
  if (!joined && !(signed && wordOf(r, next) === 'of')) return undefined
  const noun = skip(r, next + 1, end, ['det', 'possessive'])
  if (!isNoun(r, noun) || !mayMeanField(r.chunks[noun])) return undefined
  const phrase = readNoun(r, noun, end)
  if (phrase.head === undefined) return undefined
  use(r, next, phrase.next)
  return { of: { kind: 'noun', of: phrase.head }, next: phrase.next }
}
