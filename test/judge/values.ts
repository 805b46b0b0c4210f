// The values that the judge computes with, their equality and their order.
import type { Cell } from '../../src/plan/columns.ts'
import { type Calendar, dayText, instantText, wallText } from './calendar.ts'
import { compareNumbers, decimalText, type Rational } from './rational.ts'

/** A calendar day, counted from 1970-01-01. */
export type Day = { readonly kind: 'day'; readonly day: number }
/** A moment, in microseconds since 1970 UTC. */
export type Instant = { readonly kind: 'instant'; readonly us: bigint }
/** What a clock on the wall shows, in microseconds as if it hung in UTC. */
export type Wall = { readonly kind: 'wall'; readonly us: bigint }
/** An id that the database keeps as a whole number: ordered as a number, shown as text. */
export type IntegerId = { readonly kind: 'integer-id'; readonly n: bigint }
/** null is empty; text, enum and id are strings. */
export type Value = null | boolean | string | Rational | Day | Instant | Wall | IntegerId

/** The definition or the data ask for something the language does not have. */
export class JudgeError extends Error {}

export function fail(message: string): never {
  throw new JudgeError(message)
}

export function kindOf(
  value: Exclude<Value, null>,
): 'boolean' | 'text' | Exclude<Value, null | boolean | string>['kind'] {
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'string') return 'text'
  return value.kind
}

/** Order of two values that are not empty and of one kind: text by code point, false before true. */
export function compareValues(a: Exclude<Value, null>, b: Exclude<Value, null>): number {
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b)
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b))
  if (typeof a === 'object' && typeof b === 'object') {
    if (a.kind === 'number' && b.kind === 'number') return compareNumbers(a, b)
    if (a.kind === 'day' && b.kind === 'day') return a.day - b.day
    if (a.kind === 'integer-id' && b.kind === 'integer-id') return sign(a.n - b.n)
    if ((a.kind === 'instant' && b.kind === 'instant') || (a.kind === 'wall' && b.kind === 'wall'))
      return sign(a.us - b.us)
  }
  return fail(`cannot compare ${kindOf(a)} with ${kindOf(b)}`)
}

function sign(value: bigint): number {
  return value < 0n ? -1 : value > 0n ? 1 : 0
}

/** Order of two values, empty ones last or first. */
export function compareWithEmpty(a: Value, b: Value, emptyFirst = false): number {
  if (a === null || b === null) {
    if (a === b) return 0
    return (a === null) === emptyFirst ? -1 : 1
  }
  return compareValues(a, b)
}

/** A text that two values share exactly when they are equal; empty equals empty. */
export function keyOf(value: Value): string {
  if (value === null) return '∅'
  if (typeof value === 'boolean') return `b${value}`
  if (typeof value === 'string') return `t${value}`
  switch (value.kind) {
    case 'number':
      return `n${value.n}/${value.d}`
    case 'day':
      return `d${value.day}`
    case 'integer-id':
      return `#${value.n}`
    default:
      return `${value.kind}${value.us}`
  }
}

export function keyOfAll(values: readonly Value[]): string {
  return JSON.stringify(values.map(keyOf))
}

/** The text of a text, enum or id value; undefined for other kinds. */
export function textOf(value: Value): string | undefined {
  if (typeof value === 'string') return value
  if (value !== null && typeof value === 'object' && value.kind === 'integer-id') return String(value.n)
  return undefined
}

/** How a value stands in a result: decimal text for numbers, ISO text for dates and times. */
export function toCell(value: Value, calendar: Calendar): Cell {
  if (value === null || typeof value !== 'object') return value
  switch (value.kind) {
    case 'number':
      return decimalText(value)
    case 'day':
      return dayText(value.day)
    case 'integer-id':
      return String(value.n)
    case 'instant':
      return instantText(value.us, calendar)
    case 'wall':
      return wallText(value.us)
  }
}

export function isRough(value: Value): boolean {
  return value !== null && typeof value === 'object' && value.kind === 'number' && value.rough
}
