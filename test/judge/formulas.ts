// Formulas: a parser of its own, and their value for given paths.
import { type Calendar, dayOf } from './calendar.ts'
import { holdsBetween } from './conditions.ts'
import {
  absolute,
  add,
  ceiling,
  divide,
  floor,
  integer,
  multiply,
  negate,
  parseDecimal,
  type Rational,
  round,
  subtract,
  toDouble,
} from './rational.ts'
import { compareValues, fail, textOf, type Value } from './values.ts'

export type Node =
  | { readonly kind: 'literal'; readonly value: Value }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'unary'; readonly operator: '-' | 'not'; readonly of: Node }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Node; readonly right: Node }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Node[] }

const TOKEN =
  /\s*(?:(\d+(?:\.\d+)?)|'((?:[^']|'')*)'|([A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)|(<>|<=|>=|[-+*/=<>(),]))/y
/** Loosest first; every level is left-associative. */
const LEVELS: readonly (readonly string[])[] = [
  ['or'],
  ['and'],
  ['=', '<>', '<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/'],
]

type Token = { readonly kind: 'number' | 'text' | 'name' | 'sign'; readonly text: string }

function tokenize(formula: string): Token[] {
  const tokens: Token[] = []
  const text = formula.trimEnd()
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.length) {
    const found = TOKEN.exec(text) ?? fail(`cannot read formula ${formula}`)
    const [, number, quoted, name, sign] = found
    if (number !== undefined) tokens.push({ kind: 'number', text: number })
    else if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted.replaceAll("''", "'") })
    else if (name !== undefined) tokens.push({ kind: 'name', text: name })
    else tokens.push({ kind: 'sign', text: sign ?? '' })
  }
  return tokens
}

const parsed = new Map<string, Node>()

/** The tree of a formula. */
export function parseFormula(formula: string): Node {
  const known = parsed.get(formula)
  if (known !== undefined) return known
  const tokens = tokenize(formula)
  let position = 0
  const peek = () => tokens[position]
  const accept = (...texts: string[]): string | undefined => {
    const token = peek()
    if (token === undefined || token.kind === 'text' || token.kind === 'number' || !texts.includes(token.text))
      return undefined
    position += 1
    return token.text
  }
  const expect = (text: string) => accept(text) ?? fail(`expected ${text} in ${formula}`)

  const level = (index: number): Node => {
    const operators = LEVELS[index]
    if (operators === undefined) return unary()
    if (operators[0] === '=' && accept('not') !== undefined) return { kind: 'unary', operator: 'not', of: level(index) }
    let left = level(index + 1)
    for (;;) {
      const operator = accept(...operators)
      if (operator === undefined) return left
      left = { kind: 'binary', operator, left, right: level(index + 1) }
    }
  }
  const unary = (): Node => (accept('-') === undefined ? primary() : { kind: 'unary', operator: '-', of: unary() })
  const primary = (): Node => {
    if (accept('(') !== undefined) {
      const inner = level(0)
      expect(')')
      return inner
    }
    const token = peek() ?? fail(`formula ends too early: ${formula}`)
    position += 1
    if (token.kind === 'number') return { kind: 'literal', value: parseDecimal(token.text) ?? null }
    if (token.kind === 'text') return { kind: 'literal', value: token.text }
    if (token.kind === 'sign') return fail(`unexpected ${token.text} in ${formula}`)
    if (token.text === 'true' || token.text === 'false') return { kind: 'literal', value: token.text === 'true' }
    if (accept('(') === undefined) return { kind: 'path', path: token.text }
    const args: Node[] = []
    if (accept(')') !== undefined) return { kind: 'call', name: token.text, args }
    do args.push(level(0))
    while (accept(',') !== undefined)
    expect(')')
    return { kind: 'call', name: token.text, args }
  }
  const tree = level(0)
  if (position < tokens.length) return fail(`cannot read the end of ${formula}`)
  parsed.set(formula, tree)
  return tree
}

/** Every path a formula names. */
export function pathsOf(node: Node): string[] {
  switch (node.kind) {
    case 'literal':
      return []
    case 'path':
      return [node.path]
    case 'unary':
      return pathsOf(node.of)
    case 'binary':
      return [...pathsOf(node.left), ...pathsOf(node.right)]
    case 'call':
      return node.args.flatMap(pathsOf)
  }
}

export type FormulaContext = {
  readonly read: (path: string) => Value
  readonly calendar: Calendar
  readonly letters: 'unicode' | 'ascii'
}

export function evaluateFormula(node: Node, context: FormulaContext): Value {
  const value = (one: Node): Value => evaluateFormula(one, context)
  switch (node.kind) {
    case 'literal':
      return node.value
    case 'path':
      return context.read(node.path)
    case 'unary':
      if (node.operator === 'not') return value(node.of) !== true
      return onNumbers([value(node.of)], ([a]) => negate(a))
    case 'binary':
      if (node.operator === 'and') return value(node.left) === true && value(node.right) === true
      if (node.operator === 'or') return value(node.left) === true || value(node.right) === true
      if ('+-*/'.includes(node.operator)) return arithmetic(node.operator, value(node.left), value(node.right))
      return comparison(node.operator, value(node.left), value(node.right), context)
    case 'call':
      return call(node.name, node.args, value, context)
  }
}

function onNumbers(values: readonly Value[], compute: (numbers: [Rational, Rational]) => Value): Value {
  const numbers = values.map((value) =>
    value === null || (typeof value === 'object' && value.kind === 'number')
      ? value
      : fail('a formula needs a number here'),
  )
  const [a = null, b = a] = numbers
  return a === null || b === null ? null : compute([a, b])
}

function arithmetic(operator: string, left: Value, right: Value): Value {
  return onNumbers([left, right], ([a, b]) => {
    if (operator === '+') return add(a, b)
    if (operator === '-') return subtract(a, b)
    return operator === '*' ? multiply(a, b) : divide(a, b)
  })
}

function comparison(operator: string, left: Value, right: Value, { letters, calendar }: FormulaContext): boolean {
  if (left === null || right === null) return false
  if (operator === '=' || operator === '<>') {
    const rules = { caseRule: 'ignored' as const, letters, calendar }
    return holdsBetween(left, 'eq', right, rules) === (operator === '=')
  }
  const idAsText = (value: Exclude<Value, null>, other: Exclude<Value, null>) =>
    typeof other === 'string' ? (textOf(value) ?? value) : value
  const order = compareValues(idAsText(left, right), idAsText(right, left))
  switch (operator) {
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '>=':
      return order >= 0
    default:
      return fail(`unknown operator ${operator}`)
  }
}

function call(name: string, args: readonly Node[], value: (node: Node) => Value, context: FormulaContext): Value {
  const argument = (index: number): Value => value(args[index] ?? fail(`${name} needs more`))
  const present = () => args.map(value).filter((one) => one !== null)
  switch (name) {
    case 'round':
      return onNumbers([argument(0), args.length > 1 ? argument(1) : integer(0)], ([a, b]) => round(a, toDouble(b)))
    case 'abs':
      return onNumbers([argument(0)], ([a]) => absolute(a))
    case 'floor':
      return onNumbers([argument(0)], ([a]) => floor(a))
    case 'ceil':
      return onNumbers([argument(0)], ([a]) => ceiling(a))
    case 'coalesce':
      return present()[0] ?? null
    case 'least':
      return present().reduce<Value>((best, one) => (best === null || compareValues(one, best) < 0 ? one : best), null)
    case 'greatest':
      return present().reduce<Value>((best, one) => (best === null || compareValues(one, best) > 0 ? one : best), null)
    case 'if':
      return argument(0) === true ? argument(1) : argument(2)
    case 'concat':
      return present().map(asText).join('')
    case 'lower':
      return onText(argument(0), (text) => changeCase(text, 'lower', context.letters))
    case 'upper':
      return onText(argument(0), (text) => changeCase(text, 'upper', context.letters))
    case 'length':
      return onText(argument(0), (text) => integer([...text].length))
    case 'days_between':
      return daysBetween(argument(0), argument(1), context.calendar)
    case 'is_empty':
      return argument(0) === null || argument(0) === ''
    default:
      return fail(`unknown function ${name}`)
  }
}

function asText(value: Exclude<Value, null>): string {
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'object' && value.kind === 'number' && value.d === 1n) return String(value.n)
  return textOf(value) ?? fail('concat needs text or whole numbers')
}

function onText(value: Value, compute: (text: string) => Value): Value {
  return value === null ? null : compute(textOf(value) ?? fail('a formula needs text here'))
}

/** Text in lower or upper case, as the database changes case. */
export function changeCase(text: string, to: 'lower' | 'upper', letters: 'unicode' | 'ascii'): string {
  const change = (part: string) => (to === 'lower' ? part.toLowerCase() : part.toUpperCase())
  return letters === 'unicode' ? change(text) : text.replace(/[A-Za-z]/g, change)
}

function daysBetween(from: Value, to: Value, calendar: Calendar): Value {
  if (from === null || to === null) return null
  const day = (value: Exclude<Value, null>): number => {
    if (typeof value !== 'object' || value.kind === 'number' || value.kind === 'integer-id')
      return fail('days_between needs dates')
    return value.kind === 'day' ? value.day : dayOf(value, calendar.timezone)
  }
  return integer(day(to) - day(from))
}
