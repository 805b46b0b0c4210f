// LIKE patterns → contains, starts with, ends with. Refused: patterns that need a real pattern matcher.
import type { Filter } from '../schema.ts'
import type { Bound } from './bound.ts'
import { all, type Condition, opposite } from './combine.ts'
import { leftSide, literalFor, present } from './condition.ts'
import { isTextual } from './literal.ts'
import { type Ctx, type Operand, operandOf } from './operand.ts'
import { refuse } from './problem.ts'

/** The filter that is true exactly where SQL finds `arg LIKE pattern` true (`wanted`) or false. */
export function likeCondition(ctx: Ctx, expr: Extract<Bound, { kind: 'like' }>, wanted: boolean): Condition {
  const { pattern, at } = expr
  if (pattern.kind !== 'literal' || typeof pattern.value !== 'string')
    return refuse('LIKE', 'Cannot import LIKE with a computed pattern: write the text itself', pattern.at)
  const operand = textOperand(ctx, expr.arg)
  const match = matchOf(ctx, operand, partsOf(pattern.value, expr.escape), at)
  return wanted ? all([match, match === true ? present(operand) : true]) : all([opposite(match), present(operand)])
}

function textOperand(ctx: Ctx, arg: Bound): Operand {
  const cast = arg.kind === 'cast' ? arg.arg : arg
  const inner = cast.kind === 'call' && (cast.name === 'lower' || cast.name === 'upper') ? cast.args[0] : cast
  return operandOf(ctx, inner ?? cast)
}

/** A pattern as texts and wild cards. */
type Part = { readonly text: string } | '%' | '_'

function partsOf(pattern: string, escapedBy: string): Part[] {
  const parts: Part[] = []
  const addText = (character: string) => {
    const last = parts.at(-1)
    if (typeof last === 'object') parts[parts.length - 1] = { text: last.text + character }
    else parts.push({ text: character })
  }
  for (let i = 0; i < pattern.length; i += 1) {
    const character = pattern[i] ?? ''
    if (character === escapedBy && escapedBy !== '') {
      i += 1
      addText(pattern[i] ?? '')
    } else if (character === '%') {
      if (parts.at(-1) !== '%') parts.push('%')
    } else if (character === '_') parts.push('_')
    else addText(character)
  }
  return parts
}

function matchOf(ctx: Ctx, operand: Operand, parts: readonly Part[], at: number): Condition {
  const shape = parts.map((part) => (typeof part === 'object' ? 't' : part)).join('')
  const texts = parts.flatMap((part) => (typeof part === 'object' ? [part.text] : []))
  const [first = '', second = ''] = texts
  const type = operand.kind === 'field' || operand.kind === 'formula' ? operand.type : undefined
  if (type === 'date' || type === 'timestamp') return datePrefix(operand, shape, first, at)
  const matchable = operand.kind !== 'literal' && (isTextual(type) || type === 'id' || type === undefined)
  if (shape === '%') return true
  if (shape === 't' || shape === '')
    return { ...leftSide(operand, at), op: 'eq', value: literalFor(ctx, operand, first, at) }
  if (!matchable) return refuse('LIKE', 'Cannot use LIKE on a number: compare it, or give a range', at)
  const test = (op: 'contains' | 'starts_with' | 'ends_with', text: string): Filter => ({
    ...leftSide(operand, at),
    op,
    value: literalFor(ctx, operand, text, at),
  })
  if (shape === '%t%') return test('contains', first)
  if (shape === 't%') return test('starts_with', first)
  if (shape === '%t') return test('ends_with', first)
  if (shape === 't%t') {
    const long: Filter = { formula: `length(${pathOf(operand, at)})`, op: 'gte', value: first.length + second.length }
    return all([test('starts_with', first), test('ends_with', second), long])
  }
  if (/^_+$/.test(shape)) return { formula: `length(${pathOf(operand, at)})`, op: 'eq', value: shape.length }
  const fixed = /^(_*)(t?)(_*)(%?)$/.exec(shape)
  if (fixed !== null && fixed[1] === '' && fixed[2] === 't') {
    const length = first.length + (fixed[3] ?? '').length
    return all([
      test('starts_with', first),
      { formula: `length(${pathOf(operand, at)})`, op: fixed[4] === '%' ? 'gte' : 'eq', value: length },
    ])
  }
  return refuse(
    'LIKE pattern',
    'Cannot import this pattern: a definition has contains, starts with and ends with',
    at,
    "Use patterns such as '%text%', 'text%' or '%text'",
  )
}

function pathOf(operand: Operand, at: number): string {
  if (operand.kind === 'field') return operand.path
  return operand.kind === 'formula'
    ? operand.text
    : refuse('LIKE', 'Cannot use this pattern here: name a text field', at)
}

/** `date::text LIKE '2018-03%'` is a month, `'2018%'` a year. */
function datePrefix(operand: Operand, shape: string, text: string, at: number): Condition {
  if (operand.kind === 'field' && (shape === 't%' || shape === '%t%' || shape === 't')) {
    const year = /^(\d{4})-?$/.exec(text)?.[1]
    if (year !== undefined) return { field: operand.path, op: 'in_period', value: { year: Number(year) } }
    const month = /^(\d{4}-(?:0[1-9]|1[0-2]))-?$/.exec(text)?.[1]
    if (month !== undefined) return { field: operand.path, op: 'in_period', value: { month } }
    const day = /^\d{4}-\d{2}-\d{2}$/.exec(text)?.[0]
    if (day !== undefined) return { field: operand.path, op: 'in_period', value: { day } }
  }
  return refuse('LIKE', 'Cannot use LIKE on a date: give a period, such as a year or a month', at)
}
