// Scalar expressions → formula text of the definition. Refused: functions and types that formulas do not have.
import type { FieldType } from '../../catalog/schema.ts'
import { limits } from '../schema.ts'
import type { Bound } from './bound.ts'
import { isNumeric, isTextual } from './literal.ts'
import { type Ctx, type Operand, operandOf } from './operand.ts'
import { refuse } from './problem.ts'
import { note } from './session.ts'

type Formula = Extract<Operand, { kind: 'formula' }>

const ATOM = 9
/** How tightly operators bind, the loosest first. */
export const LEVELS = { or: 1, and: 2, not: 3, compare: 4, add: 5, multiply: 6, unary: 7 } as const

/** An expression as a formula; a part that is no formula is refused by name. */
export function formulaOf(ctx: Ctx, expr: Bound): Formula {
  const formula = textOf(ctx, expr)
  if (formula.text.length > limits.formulaLength)
    return refuse(
      'formula',
      `Cannot import a formula this long: it may have ${limits.formulaLength} characters`,
      expr.at,
    )
  return formula
}

/** An operand inside a formula. */
export function operandText(operand: Operand, at: number): Formula {
  switch (operand.kind) {
    case 'formula':
      return operand
    case 'literal':
      return literalText(operand.value, at)
    case 'field':
      if (operand.grain !== undefined)
        return refuse('date function', 'Cannot compute with a part of a date: group by it or compare it alone', at)
      return atom(operand.path, operand.type)
    default:
      return refuse('sub-query', 'Cannot compute with a sub-query: compare with it alone', at)
  }
}

function textOf(ctx: Ctx, expr: Bound): Formula {
  const known = ctx.output?.(expr)
  if (known !== undefined) return operandText(known, expr.at)
  switch (expr.kind) {
    case 'arithmetic':
      return arithmetic(ctx, expr)
    case 'negative': {
      const arg = textOf(ctx, expr.arg)
      return { kind: 'formula', text: `-${wrapped(arg, LEVELS.unary)}`, level: LEVELS.unary, type: arg.type }
    }
    case 'case':
      return conditional(ctx, expr)
    case 'cast':
      return cast(ctx, expr)
    case 'call':
      return call(ctx, expr)
    case 'compare':
    case 'and':
    case 'or':
    case 'not':
    case 'is_null':
    case 'is_true':
    case 'in_list':
    case 'between':
    case 'same':
      return { kind: 'formula', ...truthText(ctx, expr, true), type: 'boolean' }
    case 'like':
      return refuse('LIKE', 'Cannot use LIKE inside a formula: filter by it instead', expr.at)
    case 'in_query':
    case 'exists':
    case 'quantified':
      return refuse('sub-query', 'Cannot use a sub-query inside a formula: filter by it instead', expr.at)
    case 'row':
    case 'same_row':
      return refuse('row', 'Cannot use a row of several values here: compare its columns one by one', expr.at)
    case 'literal': {
      const literal = operandText({ kind: 'literal', value: expr.value }, expr.at)
      return expr.decimal === true ? { ...literal, type: 'number' } : literal
    }
    default:
      return operandText(operandOf(ctx, expr), expr.at)
  }
}

function atom(text: string, type: FieldType | undefined): Formula {
  return { kind: 'formula', text, level: ATOM, type }
}

function literalText(value: string | number | boolean | null, at: number): Formula {
  if (value === null) return refuse('NULL', 'Cannot write NULL in a formula: leave ELSE out, or use coalesce', at)
  if (typeof value === 'boolean') return atom(`${value}`, 'boolean')
  if (typeof value === 'string') return atom(`'${value.replaceAll("'", "''")}'`, 'text')
  const text = plainNumber(value)
  const type = Number.isInteger(value) ? 'integer' : 'number'
  return value < 0 ? { kind: 'formula', text, level: LEVELS.unary, type } : atom(text, type)
}

/** A number without an exponent, which formulas do not read. */
function plainNumber(value: number): string {
  const text = `${value}`
  return text.includes('e') ? value.toFixed(20).replace(/\.?0+$/, '') : text
}

function wrapped(formula: Formula, level: number): string {
  return formula.level >= level ? formula.text : `(${formula.text})`
}

function arithmetic(ctx: Ctx, expr: Extract<Bound, { kind: 'arithmetic' }>): Formula {
  if (expr.sign === '||') {
    const parts = flattened(expr).map((part) => textOf(ctx, part))
    return atom(`concat(${parts.map((part) => part.text).join(', ')})`, 'text')
  }
  const divisor = expr.sign === '/' ? withoutNullIf(expr.right) : expr.right
  const left = textOf(ctx, expr.left)
  const right = textOf(ctx, divisor)
  if (isDate(left) || isDate(right)) return dateArithmetic(ctx, expr, left, right)
  const bothIntegers = left.type === 'integer' && right.type === 'integer'
  const type: FieldType = bothIntegers
    ? 'integer'
    : left.type === 'money' || right.type === 'money'
      ? 'money'
      : 'number'
  switch (expr.sign) {
    case '+':
    case '-': {
      const side = expr.sign === '-' ? LEVELS.add + 1 : LEVELS.add
      return {
        kind: 'formula',
        text: `${wrapped(left, LEVELS.add)} ${expr.sign} ${wrapped(right, side)}`,
        level: LEVELS.add,
        type,
      }
    }
    case '*':
      return {
        kind: 'formula',
        text: `${wrapped(left, LEVELS.multiply)} * ${wrapped(right, LEVELS.multiply)}`,
        level: LEVELS.multiply,
        type,
      }
    case '/': {
      const text = `${wrapped(left, LEVELS.multiply)} / ${wrapped(right, LEVELS.multiply + 1)}`
      if (!bothIntegers) return { kind: 'formula', text, level: LEVELS.multiply, type: 'number' }
      note(ctx.session, 'SQL cuts the decimals off when it divides whole numbers; the formula says so with floor(…)')
      return atom(`floor(${text})`, 'integer')
    }
    default: {
      const [a, b] = [wrapped(left, LEVELS.multiply), wrapped(right, LEVELS.multiply + 1)]
      return { kind: 'formula', text: `${a} - floor(${a} / ${b}) * ${b}`, level: LEVELS.add, type }
    }
  }
}

function isDate(formula: Formula): boolean {
  return formula.type === 'date' || formula.type === 'timestamp'
}

function dateArithmetic(
  ctx: Ctx,
  expr: Extract<Bound, { kind: 'arithmetic' }>,
  left: Formula,
  right: Formula,
): Formula {
  if (expr.sign === '-' && isDate(left) && isDate(right)) {
    if (left.type === 'timestamp' || right.type === 'timestamp')
      note(ctx.session, 'The time between two timestamps is counted in whole days')
    return atom(`days_between(${right.text}, ${left.text})`, 'integer')
  }
  return refuse(
    'date arithmetic',
    'Cannot compute with dates here: a formula gives the days between two dates',
    expr.at,
  )
}

/** `x / nullif(y, 0)`: dividing by zero is empty anyway. */
function withoutNullIf(expr: Bound): Bound {
  const [arg, zero] = expr.kind === 'call' && expr.name === 'nullif' ? expr.args : []
  return arg !== undefined && zero?.kind === 'literal' && Number(zero.value) === 0 ? arg : expr
}

function flattened(expr: Bound): Bound[] {
  return expr.kind === 'arithmetic' && expr.sign === '||' ? [...flattened(expr.left), ...flattened(expr.right)] : [expr]
}

function conditional(ctx: Ctx, expr: Extract<Bound, { kind: 'case' }>): Formula {
  const { otherwise } = expr
  const empty = otherwise === null || (otherwise.kind === 'literal' && otherwise.value === null)
  if (empty)
    return refuse(
      'CASE without ELSE',
      'Cannot import a CASE that may give NULL: an if() of a formula needs both branches',
      expr.at,
      'Add ELSE',
    )
  let result = textOf(ctx, otherwise)
  for (const { when, result: chosen } of expr.whens.toReversed()) {
    const value = textOf(ctx, chosen)
    result = atom(`if(${truthText(ctx, when, true).text}, ${value.text}, ${result.text})`, value.type ?? result.type)
  }
  return result
}

const NUMBER_TYPES = new Set(['numeric', 'decimal', 'float4', 'float8', 'real', 'double precision', 'money'])
const INTEGER_TYPES = new Set(['int2', 'int4', 'int8', 'integer', 'bigint', 'smallint'])
const TEXT_TYPES = new Set(['text', 'varchar', 'bpchar', 'char', 'name'])

function cast(ctx: Ctx, expr: Extract<Bound, { kind: 'cast' }>): Formula {
  const arg = textOf(ctx, expr.arg)
  const { name, at } = expr.type
  if (
    expr.arg.kind === 'literal' &&
    typeof expr.arg.value === 'string' &&
    (NUMBER_TYPES.has(name) || INTEGER_TYPES.has(name))
  )
    return literalText(Number(expr.arg.value), at)
  if (NUMBER_TYPES.has(name) && (isNumeric(arg.type) || arg.type === 'id')) return { ...arg, type: 'number' }
  if (INTEGER_TYPES.has(name) && (arg.type === 'integer' || arg.type === 'id')) return arg
  if (INTEGER_TYPES.has(name) && isNumeric(arg.type)) return atom(`round(${arg.text}, 0)`, 'integer')
  if (TEXT_TYPES.has(name) && (isTextual(arg.type) || arg.type === 'id')) return arg
  if (TEXT_TYPES.has(name)) return atom(`concat(${arg.text}, '')`, 'text')
  return refuse('cast', `Cannot cast to ${name}: a definition keeps the types of the catalog`, at)
}

const SAME_NAME: Readonly<Record<string, FieldType | 'first' | 'number-like'>> = {
  abs: 'number-like',
  floor: 'integer',
  ceil: 'integer',
  coalesce: 'first',
  least: 'first',
  greatest: 'first',
  concat: 'text',
  lower: 'text',
  upper: 'text',
  length: 'integer',
}
const RENAMED: Readonly<Record<string, string>> = { ceiling: 'ceil', char_length: 'length', character_length: 'length' }

function call(ctx: Ctx, expr: Extract<Bound, { kind: 'call' }>): Formula {
  const name = RENAMED[expr.name] ?? expr.name
  if (expr.over !== null || expr.distinct || expr.filter !== null)
    return refuse(
      'window function',
      `Cannot compute with ${expr.name}() OVER: it stands alone as an output column`,
      expr.at,
    )
  if (name === 'round') {
    const [value, digits] = expr.args.map((arg) => textOf(ctx, arg))
    if (value !== undefined)
      return atom(`round(${value.text}, ${digits?.text ?? '0'})`, digits === undefined ? 'integer' : 'number')
  }
  if (name === 'nullif')
    return refuse(
      'NULLIF',
      'Cannot import NULLIF here: as a divisor it is not needed, division by zero is empty',
      expr.at,
    )
  const result = Object.hasOwn(SAME_NAME, name) ? SAME_NAME[name] : undefined
  if (result === undefined)
    return refuse(
      `function ${expr.name}`,
      `Cannot import the function ${expr.name}(): formulas have round, abs, floor, ceil, coalesce, least, greatest, if, concat, lower, upper, length and days_between`,
      expr.at,
    )
  const args = expr.args.map((arg) => textOf(ctx, arg))
  const first = args[0]?.type
  const type = result === 'first' || result === 'number-like' ? first : result
  return atom(`${name}(${args.map((arg) => arg.text).join(', ')})`, type)
}

type Text = { readonly text: string; readonly level: number }
const NEGATED = { '=': '<>', '<>': '=', '<': '>=', '<=': '>', '>': '<=', '>=': '<' } as const

/** A condition as formula text that is true exactly where SQL's is true (or, with `wanted` false, where it is false). */
function truthText(ctx: Ctx, expr: Bound, wanted: boolean): Text {
  switch (expr.kind) {
    case 'and':
    case 'or': {
      const word = (expr.kind === 'and') === wanted ? 'and' : 'or'
      const parts = expr.args.map((arg) => truthText(ctx, arg, wanted))
      const level = LEVELS[word]
      return { text: parts.map((part) => (part.level > level ? part.text : `(${part.text})`)).join(` ${word} `), level }
    }
    case 'not':
      return truthText(ctx, expr.arg, !wanted)
    case 'is_true':
      return expr.wanted === wanted
        ? truthText(ctx, expr.arg, expr.wanted)
        : { text: `not (${truthText(ctx, expr.arg, expr.wanted).text})`, level: LEVELS.not }
    case 'is_null': {
      const arg = textOf(ctx, expr.arg)
      return wanted
        ? { text: `is_empty(${arg.text})`, level: ATOM }
        : { text: `not is_empty(${arg.text})`, level: LEVELS.not }
    }
    case 'compare': {
      const [left, right] = [textOf(ctx, expr.left), textOf(ctx, expr.right)]
      const sign = wanted ? expr.sign : NEGATED[expr.sign]
      const side = LEVELS.compare + 1
      return { text: `${wrapped(left, side)} ${sign} ${wrapped(right, side)}`, level: LEVELS.compare }
    }
    case 'between': {
      const { arg, low, high, at } = expr
      const parts: Bound[] = [
        { kind: 'compare', sign: '>=', left: arg, right: low, at },
        { kind: 'compare', sign: '<=', left: arg, right: high, at },
      ]
      return truthText(ctx, { kind: 'and', args: parts, at }, wanted)
    }
    case 'in_list': {
      const args = expr.list.map(
        (item): Bound => ({ kind: 'compare', sign: '=', left: expr.arg, right: item, at: expr.at }),
      )
      return truthText(ctx, { kind: 'or', args, at: expr.at }, wanted)
    }
    case 'literal':
      return { text: `${expr.value === true ? wanted : !wanted}`, level: ATOM }
    default: {
      const value = textOf(ctx, expr)
      if (value.type !== 'boolean')
        return refuse('condition', 'Cannot read this as a condition: compare it with something', expr.at)
      return wanted ? value : { text: `not ${wrapped(value, LEVELS.unary)}`, level: LEVELS.not }
    }
  }
}
