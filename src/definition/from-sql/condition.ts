// Conditions of SQL → filters. SQL knows true, false and unknown, a filter only true and false: so every condition is
// translated twice over, as "where SQL says true" and as "where SQL says false", and NOT swaps the two.
import type { Op, Scalar, Value } from '../schema.ts'
import type { CompareSign } from './ast.ts'
import type { Bound } from './bound.ts'
import { all, any, type Condition, opposite } from './combine.ts'
import { operandText } from './formula-text.ts'
import { inQueryCondition } from './in-query.ts'
import { likeCondition } from './like.ts'
import { coerce, isTextual } from './literal.ts'
import { type Ctx, type Operand, operandOf } from './operand.ts'
import { gatherMap, refuse } from './problem.ts'
import { existsCondition } from './related.ts'
import { isRelative, periodsAmong } from './relative.ts'
import { extremeOf, singleRow } from './scalar-query.ts'
import { note } from './session.ts'

type Sided<K extends Bound['kind']> = Extract<Bound, { kind: K }>

/** The filter that is true exactly where SQL finds the condition true (`wanted`) or false (not `wanted`). */
export function conditionOf(ctx: Ctx, expr: Bound, wanted = true): Condition {
  switch (expr.kind) {
    case 'and':
    case 'or': {
      if ((expr.kind === 'and') === wanted) return allOf(ctx, expr.args, wanted)
      return any(gatherMap(expr.args, (arg) => conditionOf(ctx, arg, wanted)))
    }
    case 'not':
      return conditionOf(ctx, expr.arg, !wanted)
    case 'is_true':
      return expr.wanted === wanted
        ? conditionOf(ctx, expr.arg, wanted)
        : opposite(conditionOf(ctx, expr.arg, expr.wanted))
    case 'literal':
      return expr.value === null ? false : (expr.value === true) === wanted
    case 'compare':
      return compareCondition(ctx, expr, wanted)
    case 'same':
      return sameCondition(ctx, expr, wanted)
    case 'is_null':
      return emptyCondition(ctx, expr.arg, wanted)
    case 'in_list':
      return inListCondition(ctx, expr, wanted)
    case 'between':
      return betweenCondition(ctx, expr, wanted)
    case 'like':
      return likeCondition(ctx, expr, wanted)
    case 'exists': {
      const found = existsCondition(ctx, expr.query, expr.at)
      return wanted ? found : opposite(found)
    }
    case 'in_query':
      return inQueryCondition(ctx, expr, wanted)
    case 'quantified':
      return compareCondition(ctx, extremeOf(expr), wanted)
    case 'same_row':
      return refuse('join', 'Cannot join these tables: no relation of the catalog leads from one to the other', expr.at)
    default: {
      const operand = operandOf(ctx, expr)
      if (operand.kind === 'field' && operand.type === 'boolean' && operand.grain === undefined)
        return { field: operand.path, op: 'eq', value: wanted }
      if (operand.kind === 'formula' && operand.type === 'boolean')
        return { formula: operand.text, op: 'eq', value: wanted }
      return refuse('condition', 'Cannot read this as a condition: compare it with something', expr.at)
    }
  }
}

/** All of the conditions at once, so that two bounds of a relative period find each other. */
export function allOf(ctx: Ctx, conditions: readonly Bound[], wanted = true): Condition {
  const { filters, rest } = wanted ? periodsAmong(ctx, conditions) : { filters: [], rest: conditions }
  return all([...filters, ...gatherMap(rest, (one) => conditionOf(ctx, one, wanted))])
}

const OPS: Readonly<Record<CompareSign, Op>> = { '=': 'eq', '<>': 'ne', '<': 'lt', '<=': 'lte', '>': 'gt', '>=': 'gte' }
const NEGATED: Readonly<Record<CompareSign, CompareSign>> = {
  '=': '<>',
  '<>': '=',
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
}
const FLIPPED: Readonly<Record<CompareSign, CompareSign>> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
}

function compareCondition(ctx: Ctx, expr: Sided<'compare'>, wanted: boolean): Condition {
  const sign = wanted ? expr.sign : NEGATED[expr.sign]
  const { left, right, at } = expr
  if (isRelative(left) || isRelative(right)) {
    const { filters } = periodsAmong(ctx, [{ ...expr, sign }])
    return all(filters)
  }
  const row = left.kind === 'row' && right.kind === 'row' ? left.args.length === right.args.length : undefined
  if (row === true && left.kind === 'row' && right.kind === 'row') {
    const parts = left.args.map(
      (one, index): Bound => ({ kind: 'compare', sign: '=', left: one, right: right.args[index] ?? one, at }),
    )
    if (sign === '=' || sign === '<>') return conditionOf(ctx, { kind: 'and', args: parts, at }, sign === '=')
  }
  const inner = singleRow(right) ?? singleRow(left)
  if (inner !== undefined && (sign === '=' || sign === '<>')) {
    const arg = inner === right ? left : right
    return inQueryCondition(ctx, { kind: 'in_query', args: [arg], query: inner.query, at }, sign === '=')
  }
  const [a, b] = caseFolded(operands(ctx, left, right))
  if (a.kind === 'literal' && b.kind === 'literal') return constant(a.value, sign, b.value, at)
  const flip = a.kind === 'literal' || a.kind === 'value' || (b.kind === 'related' && a.kind !== 'related')
  return flip ? compareOperands(ctx, FLIPPED[sign], b, a, at) : compareOperands(ctx, sign, a, b, at)
}

function operands(ctx: Ctx, left: Bound, right: Bound): [Operand, Operand] {
  const [a, b] = gatherMap([left, right], (side) => operandOf(ctx, side))
  return a === undefined || b === undefined ? refuse('comparison', 'Cannot read the comparison', left.at) : [a, b]
}

/** `lower(x) = 'abc'` is how SQL says what a definition does anyway. */
function caseFolded([a, b]: [Operand, Operand]): [Operand, Operand] {
  const inside = (operand: Operand) =>
    operand.kind === 'formula' ? /^(?:lower|upper)\(([A-Za-z_][\w.]*)\)$/.exec(operand.text)?.[1] : undefined
  const [left, right] = [inside(a), inside(b)]
  const field = (path: string): Operand => ({ kind: 'field', path, type: 'text' })
  if (left !== undefined && right !== undefined) return [field(left), field(right)]
  if (left !== undefined && b.kind === 'literal') return [field(left), b]
  if (right !== undefined && a.kind === 'literal') return [a, field(right)]
  return [a, b]
}

function compareOperands(ctx: Ctx, sign: CompareSign, left: Operand, right: Operand, at: number): Condition {
  if (right.kind === 'literal' && right.value === null) return false
  if (left.kind === 'field' && right.kind === 'literal' && right.value !== null && left.grain !== undefined)
    return grainCondition(left, sign, right.value, at)
  if (right.kind === 'formula' || (right.kind === 'field' && (right.grain !== undefined || left.kind === 'formula'))) {
    const [a, b] = [operandText(left, at), operandText(right, at)]
    return { formula: `${bracket(a)} ${sign} ${bracket(b)}`, op: 'eq', value: true }
  }
  const op = OPS[sign]
  const value = rightSide(ctx, left, right, at)
  const test: Condition = { ...leftSide(left, at), op, value }
  if (sign !== '<>') return test
  return all([test, present(left), ...(right.kind === 'field' ? [present(right)] : [])])
}

function bracket(formula: { text: string; level: number }): string {
  return formula.level > 4 ? formula.text : `(${formula.text})`
}

/** The left side of a filter condition. */
export function leftSide(
  operand: Operand,
  at: number,
): { field: string } | { formula: string } | { aggregate: Extract<Operand, { kind: 'related' }>['aggregate'] } {
  switch (operand.kind) {
    case 'field':
      return operand.grain === undefined
        ? { field: operand.path }
        : { field: operand.path, ...{ grain: operand.grain } }
    case 'formula':
      return { formula: operand.text }
    case 'related':
      return { aggregate: operand.aggregate }
    default:
      return refuse('comparison', 'Cannot compare two computed values: one side must be a column', at)
  }
}

function rightSide(ctx: Ctx, left: Operand, right: Operand, at: number): Value {
  if (right.kind === 'field') return { field: right.path }
  if (right.kind === 'value') {
    if (ctx.output !== undefined)
      return refuse(
        'sub-query in HAVING',
        'Cannot compare an aggregate with a sub-query: having takes plain values',
        at,
      )
    return right.value
  }
  if (right.kind !== 'literal' || right.value === null)
    return refuse('comparison', 'Cannot compare two computed values: one side must be a column', at)
  return literalFor(ctx, left, right.value, at)
}

/** A literal as a value for the left side, with a note where upper and lower case could matter. */
export function literalFor(ctx: Ctx, left: Operand, value: Scalar, at: number): Scalar {
  const type = left.kind === 'field' || left.kind === 'formula' || left.kind === 'related' ? left.type : undefined
  const field = left.kind === 'field' ? left.field : undefined
  const result = coerce(value, type, field, at)
  if (isTextual(type) && field?.caseSensitive === false && typeof result === 'string' && /\p{L}/u.test(result))
    note(ctx.session, 'Text is compared without regard to upper and lower case')
  return result
}

/** True where the operand is not empty. */
export function present(operand: Operand): Condition {
  if (operand.kind === 'field') {
    if (operand.certain === true) return true
    // An empty text is a value to SQL, though not_empty would drop it.
    return operand.type === 'text' && operand.grain === undefined
      ? { field: operand.path, op: 'gte', value: '' }
      : { field: operand.path, op: 'not_empty' }
  }
  if (operand.kind === 'formula') return { formula: operand.text, op: 'not_empty' }
  return true
}

const PERIOD_GRAINS = new Set(['hour', 'day', 'week', 'month', 'quarter', 'year', 'fiscal_quarter', 'fiscal_year'])

function grainCondition(
  left: Extract<Operand, { kind: 'field' }>,
  sign: CompareSign,
  value: Scalar,
  at: number,
): Condition {
  const { grain } = left
  if (grain === undefined) return refuse('date function', 'Cannot read the date function', at)
  const { path: field } = left
  if (!PERIOD_GRAINS.has(grain))
    return all([
      { field, grain, op: OPS[sign], value: coerce(value, 'integer', undefined, at) },
      sign === '<>' ? present(left) : true,
    ])
  const text = `${value}`
  const named = grain === 'month' && /^\d{4}-(0[1-9]|1[0-2])$/.test(text) ? { month: text } : undefined
  if (named !== undefined) {
    if (sign === '=') return { field, op: 'in_period', value: named }
    if (sign === '<>') return all([{ not: { field, op: 'in_period', value: named } }, present(left)])
  }
  const day = coerce(named === undefined ? text : `${text}-01`, 'date', undefined, at)
  // A day of a timestamp compares as the whole day, which is what the cast to date says.
  if (grain === 'day') return all([{ field, op: OPS[sign], value: day }, sign === '<>' ? present(left) : true])
  return all([{ field, grain, op: OPS[sign], value: day }, sign === '<>' ? present(left) : true])
}

function constant(left: Scalar | null, sign: CompareSign, right: Scalar | null, at: number): boolean {
  if (left === null || right === null) return false
  if (typeof left !== typeof right) return refuse('comparison', 'Cannot compare two literals of different types', at)
  if (sign === '=') return left === right
  if (sign === '<>') return left !== right
  if (sign === '<') return left < right
  if (sign === '<=') return left <= right
  return sign === '>' ? left > right : left >= right
}

function sameCondition(ctx: Ctx, expr: Sided<'same'>, wanted: boolean): Condition {
  const { left, right, at } = expr
  const other =
    left.kind === 'literal' && left.value === null
      ? right
      : right.kind === 'literal' && right.value === null
        ? left
        : undefined
  if (other !== undefined) return emptyCondition(ctx, other, wanted)
  const equal = all([conditionOf(ctx, { kind: 'compare', sign: '=', left, right, at }, true)])
  const bothFields = left.kind !== 'literal' && right.kind !== 'literal'
  const same = bothFields
    ? any([equal, all([emptyCondition(ctx, left, true), emptyCondition(ctx, right, true)])])
    : equal
  return wanted
    ? same
    : typeof same === 'object' && 'op' in same && same.op === 'eq'
      ? { ...same, op: 'ne' }
      : opposite(same)
}

function emptyCondition(ctx: Ctx, arg: Bound, wanted: boolean): Condition {
  const operand = operandOf(ctx, arg)
  if (operand.kind === 'field' && operand.certain === true) return !wanted
  if (operand.kind === 'literal') return (operand.value === null) === wanted
  if (operand.kind === 'field') return wanted ? opposite(present(operand)) : present(operand)
  return { ...leftSide(operand, arg.at), op: wanted ? 'is_empty' : 'not_empty' }
}

function inListCondition(ctx: Ctx, expr: Sided<'in_list'>, wanted: boolean): Condition {
  const { arg, list, at } = expr
  const literals = list.flatMap((item) => (item.kind === 'literal' ? [item.value] : []))
  const operand = arg.kind === 'row' ? undefined : operandOf(ctx, arg)
  if (operand === undefined || literals.length < list.length || operand.kind === 'literal' || operandGrain(operand)) {
    const args = list.map((item): Bound => ({ kind: 'compare', sign: '=', left: arg, right: item, at }))
    return conditionOf(ctx, { kind: 'or', args, at }, wanted)
  }
  const known = literals.filter((value) => value !== null)
  if (!wanted && known.length < literals.length) return false
  if (known.length === 0) return !wanted
  const folded = caseFolded([operand, { kind: 'literal', value: known[0] ?? '' }])[0]
  const values = [...new Set(known.map((value) => literalFor(ctx, folded, value, at)))]
  const [only] = values
  const single = values.length === 1 && only !== undefined
  const test: Condition = single
    ? { ...leftSide(folded, at), op: wanted ? 'eq' : 'ne', value: only }
    : { ...leftSide(folded, at), op: wanted ? 'in' : 'not_in', value: values }
  return wanted ? test : all([test, present(folded)])
}

function operandGrain(operand: Operand): boolean {
  return operand.kind === 'field' && operand.grain !== undefined
}

function betweenCondition(ctx: Ctx, expr: Sided<'between'>, wanted: boolean): Condition {
  const { arg, low, high, at } = expr
  if (wanted && low.kind === 'literal' && high.kind === 'literal' && low.value !== null && high.value !== null) {
    const operand = operandOf(ctx, arg)
    if (operand.kind !== 'literal' && operand.kind !== 'value' && !operandGrain(operand)) {
      const value = { min: literalFor(ctx, operand, low.value, at), max: literalFor(ctx, operand, high.value, at) }
      return { ...leftSide(operand, at), op: 'between', value }
    }
  }
  const parts: Bound[] = [
    { kind: 'compare', sign: '>=', left: arg, right: low, at },
    { kind: 'compare', sign: '<=', left: arg, right: high, at },
  ]
  return conditionOf(ctx, { kind: 'and', args: parts, at }, wanted)
}
