// Formula tree → expression. Arithmetic is numeric; an empty side makes it empty; comparisons are never unknown.
import type { FormulaNode } from '../definition/formula.ts'
import { formulaType, typeClass } from '../definition/formula-type.ts'
import { and, bool, call, cast, integer, op, or, param, test } from './build.ts'
import { localDate, type PlanContext, type Resolve, type Typed, typed } from './context.ts'
import type { Expr } from './ir.ts'

/** The expression of a checked formula; names are resolved by `resolve`. */
export function planFormula(node: FormulaNode, resolve: Resolve, context: PlanContext): Typed {
  const inferred = formulaType(node, (path) => resolve(path).type)
  if (!inferred.ok) throw new Error(`formula passed the check but has no type: ${inferred.message}`)
  return typed(build(node, resolve, context).expr, inferred.type)
}

function build(node: FormulaNode, resolve: Resolve, context: PlanContext): Typed {
  const of = (n: FormulaNode): Typed => build(n, resolve, context)
  const done = (expr: Expr): Typed => {
    const inferred = formulaType(node, (path) => resolve(path).type)
    return typed(expr, inferred.ok ? inferred.type : 'text')
  }
  switch (node.kind) {
    case 'number':
      return done(param(node.text, 'numeric'))
    case 'text':
      return done(param(node.value, 'text'))
    case 'boolean':
      return done(bool(node.value))
    case 'ref':
      return resolve(node.path)
    case 'negate':
      return done(op('-', integer(0), numeric(of(node.arg))))
    case 'not':
      return done(test('is not true', of(node.arg).expr))
    case 'binary':
      return done(binary(node, of(node.left), of(node.right), context))
    case 'call':
      return done(called(node.fn, node.args.map(of), context))
  }
}

const numeric = (value: Typed): Expr => cast(value.expr, 'numeric')
const text = (value: Typed): Expr => cast(value.expr, 'text')

function binary(node: Extract<FormulaNode, { kind: 'binary' }>, left: Typed, right: Typed, context: PlanContext): Expr {
  switch (node.op) {
    case 'and':
      return and([test('is true', left.expr), test('is true', right.expr)])
    case 'or':
      return or([test('is true', left.expr), test('is true', right.expr)])
    case '+':
    case '-':
    case '*':
      return op(node.op, numeric(left), numeric(right))
    case '/':
      return quotient(left, right)
    default: {
      const [a, b] = comparable(left, right, context, node.op === '=' || node.op === '<>')
      return test('is true', op(node.op, a, b))
    }
  }
}

/** left ÷ right with at least 16 significant digits; empty when the right side is 0. */
export function quotient(left: Typed, right: Typed): Expr {
  return op('/', numeric(left), call('nullif', numeric(right), integer(0)))
}

/** Both sides in one SQL type; text without regard to case where `ignoreCase`. */
export function comparable(left: Typed, right: Typed, context: PlanContext, ignoreCase: boolean): [Expr, Expr] {
  const kind = typeClass(left.type)
  // Two ids compare as the database stores them: by index, and whole numbers in their order.
  if (left.type === 'id' && right.type === 'id') return [left.expr, right.expr]
  if (kind === 'text') {
    const sides: [Expr, Expr] = [text(left), text(right)]
    return ignoreCase ? [call('lower', sides[0]), call('lower', sides[1])] : sides
  }
  if (kind === 'number') return [numeric(left), numeric(right)]
  if (kind !== 'boolean' && typeClass(right.type) !== kind) return [localDate(left, context), localDate(right, context)]
  if (kind === 'timestamp' && left.zoned !== right.zoned) return [wall(left, context), wall(right, context)]
  return [left.expr, right.expr]
}

const wall = (value: Typed, context: PlanContext): Expr =>
  value.zoned ? call('timezone', param(context.clock.timezone, 'text'), value.expr) : value.expr

function called(fn: Extract<FormulaNode, { kind: 'call' }>['fn'], args: readonly Typed[], context: PlanContext): Expr {
  const [a, b, c] = args
  if (a === undefined) throw new Error(`${fn}() passed the check without a value`)
  const same = (values: readonly Typed[]): Expr[] => unified(values)
  switch (fn) {
    case 'round':
      return call('round', numeric(a), b === undefined ? integer(0) : cast(b.expr, 'int'))
    case 'abs':
    case 'floor':
    case 'ceil':
      return call(fn, numeric(a))
    case 'coalesce':
    case 'least':
    case 'greatest':
      return call(fn, ...same(args))
    case 'if': {
      const [then, otherwise] = same([b ?? a, c ?? a])
      if (then === undefined || otherwise === undefined) throw new Error('if() passed the check without its branches')
      return { kind: 'case', branches: [{ when: a.expr, gives: then }], otherwise }
    }
    case 'concat':
      return call('concat', ...args.map(text))
    case 'lower':
    case 'upper':
    case 'length':
      return call(fn, text(a))
    case 'days_between':
      return op('-', localDate(b ?? a, context), localDate(a, context))
    case 'is_empty':
      return isEmpty(a)
  }
}

/** True for NULL, and for "" where the value is text. */
export function isEmpty(value: Typed): Expr {
  return typeClass(value.type) === 'text'
    ? test('is not true', op('<>', text(value), param('', 'text')))
    : test('is null', value.expr)
}

function unified(values: readonly Typed[]): Expr[] {
  const kind = typeClass(values[0]?.type ?? 'text')
  if (kind === 'number') return values.map(numeric)
  if (kind === 'text') return values.map(text)
  return values.map((value) => value.expr)
}
