// One comparison: a left value, an operator and what it is compared with. Always true or false.
import type { Op, Scalar } from '../../src/definition/schema.ts'
import { type Calendar, dayOf, parseDay } from './calendar.ts'
import { changeCase } from './formulas.ts'
import { boundOf, positionOf } from './periods.ts'
import { fromNumber, parseDecimal } from './rational.ts'
import { compareValues, fail, kindOf, textOf, type Value } from './values.ts'

/** How text compares: always exactly, never minding case, or (id) exactly for equality only. */
export type CaseRule = 'exact' | 'ignored' | 'id'
export type TextRules = {
  readonly caseRule: CaseRule
  readonly letters: 'unicode' | 'ascii'
  readonly calendar: Calendar
}
type Present = Exclude<Value, null>
/** What a written scalar covers: one value, or (a day on a timestamp) everything from `from` until before `to`. */
type Span = { readonly from: Present; readonly to?: Present }

const OPPOSITES: Partial<Record<Op, Op>> = {
  ne: 'eq',
  not_in: 'in',
  not_contains: 'contains',
  is_empty: 'not_empty',
}

/** Whether `left op right` holds for written values: a scalar, a list, or a range. */
export function holdsWritten(left: Value, op: Op, value: unknown, rules: TextRules): boolean {
  const opposite = OPPOSITES[op]
  if (opposite !== undefined) return !holdsWritten(left, opposite, value, rules)
  if (op === 'not_empty') return left !== null && left !== ''
  if (left === null) return false
  if (op === 'in') return asList(value).some((scalar) => matches(left, 'eq', spanOf(left, scalar, rules), rules))
  if (op === 'between') {
    const { min, max } = asRange(value)
    return (
      matches(left, 'gte', spanOf(left, min, rules), rules) && matches(left, 'lte', spanOf(left, max, rules), rules)
    )
  }
  return matches(left, op, spanOf(left, asScalar(value), rules), rules)
}

/** Whether `left op right` holds for two values of rows; false when either is empty, `ne` the opposite of `eq`. */
export function holdsBetween(left: Value, op: Op, right: Value, rules: TextRules): boolean {
  if (op === 'ne') return !holdsBetween(left, 'eq', right, rules)
  if (left === null || right === null) return false
  const [a, b] = asSameKind(left, right, rules.calendar.timezone)
  return matches(a, op, { from: b }, rules)
}

/** A date meets a timestamp as its local day. */
export function asSameKind(left: Present, right: Present, timezone: string): [Present, Present] {
  const isDay = (value: Present) => typeof value === 'object' && value.kind === 'day'
  const toDay = (value: Present): Present =>
    typeof value === 'object' && (value.kind === 'instant' || value.kind === 'wall')
      ? { kind: 'day', day: dayOf(value, timezone) }
      : value
  return [isDay(right) ? toDay(left) : left, isDay(left) ? toDay(right) : right]
}

/** Whether a value is among those of a column; empty ones in the column count for nothing. */
export function isAmong(left: Value, values: readonly Value[], rules: TextRules): boolean {
  return values.some((value) => holdsBetween(left, 'eq', value, rules))
}

function matches(left: Present, op: Op, span: Span, rules: TextRules): boolean {
  const text = textOf(left)
  const other = textOf(span.from)
  if (text !== undefined && other !== undefined && ['eq', 'contains', 'starts_with', 'ends_with'].includes(op))
    return matchesText(fold(text, op, rules), op, fold(other, op, rules))
  const { from, to } = span
  switch (op) {
    case 'eq':
      return to === undefined
        ? compareValues(left, from) === 0
        : compareValues(left, from) >= 0 && compareValues(left, to) < 0
    case 'lt':
      return compareValues(left, from) < 0
    case 'gte':
      return compareValues(left, from) >= 0
    case 'lte':
      return to === undefined ? compareValues(left, from) <= 0 : compareValues(left, to) < 0
    case 'gt':
      return to === undefined ? compareValues(left, from) > 0 : compareValues(left, to) >= 0
    default:
      return fail(`${op} does not compare ${kindOf(left)} and ${kindOf(from)}`)
  }
}

function fold(text: string, op: Op, { caseRule, letters }: TextRules): string {
  const isExact = caseRule === 'exact' || (caseRule === 'id' && op === 'eq')
  return isExact ? text : changeCase(text, 'lower', letters)
}

function matchesText(text: string, op: Op, other: string): boolean {
  if (op === 'contains') return text.includes(other)
  if (op === 'starts_with') return text.startsWith(other)
  if (op === 'ends_with') return text.endsWith(other)
  return text === other
}

/** A written scalar read as the kind of the left value. */
function spanOf(left: Present, scalar: Scalar, rules: TextRules): Span {
  if (typeof left === 'object' && left.kind === 'integer-id' && /^-?\d+$/.test(String(scalar)))
    return { from: { kind: 'integer-id', n: BigInt(scalar) } }
  if (typeof left === 'string' || (typeof left === 'object' && left.kind === 'integer-id'))
    return { from: String(scalar) }
  if (typeof left === 'boolean') return { from: typeof scalar === 'boolean' ? scalar : fail(`${scalar} is no boolean`) }
  if (left.kind === 'number') {
    const number = typeof scalar === 'number' ? fromNumber(scalar) : parseDecimal(String(scalar))
    return { from: number ?? fail(`${scalar} is no number`) }
  }
  const text = String(scalar)
  if (left.kind === 'day') return { from: { kind: 'day', day: parseDay(text) ?? fail(`${scalar} is no day`) } }
  const kind = left.kind
  const at = (written: string, dayAfter = 0): Present => {
    const bound = boundOf(written, rules.calendar)
    const moved = 'day' in bound ? { day: bound.day + dayAfter } : bound
    return { kind, us: positionOf(moved, kind, rules.calendar) }
  }
  return parseDay(text) === undefined ? { from: at(text) } : { from: at(text), to: at(text, 1) }
}

function asScalar(value: unknown): Scalar {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return fail(`a single value is wanted, not ${JSON.stringify(value)}`)
}

function asList(value: unknown): Scalar[] {
  return Array.isArray(value) ? value.map(asScalar) : fail('a list is wanted')
}

function asRange(value: unknown): { min: Scalar; max: Scalar } {
  if (typeof value !== 'object' || value === null || !('min' in value) || !('max' in value))
    return fail('a range is wanted')
  return { min: asScalar(value.min), max: asScalar(value.max) }
}
