// The type of a formula, from the types of what it names.
import type { FieldType } from '../catalog/schema.ts'
import type { BinaryOp, FormulaNode, FormulaProblem } from './formula.ts'

export type TypedFormula = { ok: true; type: FieldType } | ({ ok: false } & FormulaProblem)
/** What can be compared or mixed with what. */
export type TypeClass = 'number' | 'text' | 'date' | 'timestamp' | 'boolean'

export function typeClass(type: FieldType): TypeClass {
  if (type === 'integer' || type === 'number' || type === 'money') return 'number'
  if (type === 'text' || type === 'enum' || type === 'id') return 'text'
  return type
}

/** The type a formula gives, or why it has none; `typeOf` gives undefined for an unknown name. */
export function formulaType(node: FormulaNode, typeOf: (path: string) => FieldType | undefined): TypedFormula {
  try {
    return { ok: true, type: infer(node, typeOf) }
  } catch (error) {
    if (error instanceof TypeTrouble) return { ok: false, message: error.message, at: error.at }
    throw error
  }
}

// Thrown and caught in this file only: it carries a position through a deep recursion.
class TypeTrouble extends Error {
  readonly at: number
  constructor(message: string, at: number) {
    super(message)
    this.at = at
  }
}

function infer(node: FormulaNode, typeOf: (path: string) => FieldType | undefined): FieldType {
  const of = (n: FormulaNode): FieldType => infer(n, typeOf)
  switch (node.kind) {
    case 'number':
      return node.text.includes('.') ? 'number' : 'integer'
    case 'text':
      return 'text'
    case 'boolean':
      return 'boolean'
    case 'ref': {
      const type = typeOf(node.path)
      if (type === undefined) throw new TypeTrouble(`there is no "${node.path}" here`, node.at)
      return type
    }
    case 'negate':
      return need(node.arg, of(node.arg), 'number', 'minus')
    case 'not':
      need(node.arg, of(node.arg), 'boolean', 'not')
      return 'boolean'
    case 'binary':
      return binary(node.op, node.left, of(node.left), node.right, of(node.right))
    case 'call':
      return called(node, of)
  }
}

function binary(op: BinaryOp, left: FormulaNode, l: FieldType, right: FormulaNode, r: FieldType): FieldType {
  if (op === 'and' || op === 'or') {
    need(left, l, 'boolean', op)
    need(right, r, 'boolean', op)
    return 'boolean'
  }
  if (op === '+' || op === '-' || op === '*' || op === '/') {
    need(left, l, 'number', op)
    need(right, r, 'number', op)
    return arithmetic(op, l, r)
  }
  if (typeClass(l) !== typeClass(r) && !(isTime(l) && isTime(r)))
    throw new TypeTrouble(`"${op}" compares values of one kind, not ${l} with ${r}`, positionOf(left))
  if (op !== '=' && op !== '<>' && l === 'boolean')
    throw new TypeTrouble(`"${op}" does not order true and false`, positionOf(left))
  return 'boolean'
}

function arithmetic(op: '+' | '-' | '*' | '/', l: FieldType, r: FieldType): FieldType {
  if (l === 'money' || r === 'money') return op === '/' && l === r ? 'number' : 'money'
  if (op === '/') return 'number'
  return l === 'integer' && r === 'integer' ? 'integer' : 'number'
}

function called(node: Extract<FormulaNode, { kind: 'call' }>, of: (n: FormulaNode) => FieldType): FieldType {
  const types = node.args.map(of)
  const [first = 'text', second = 'text', third = 'text'] = types
  const [a = node, b = node] = node.args
  switch (node.fn) {
    case 'round': {
      need(a, first, 'number', 'round()')
      if (types.length === 2 && !(b.kind === 'number' && !b.text.includes('.') && Number(b.text) <= 10))
        throw new TypeTrouble('round() takes its digits as a whole number from 0 to 10', positionOf(b))
      return first === 'money' ? 'money' : types.length === 1 ? 'integer' : 'number'
    }
    case 'floor':
    case 'ceil':
      need(a, first, 'number', `${node.fn}()`)
      return first === 'money' ? 'money' : 'integer'
    case 'abs':
      return need(a, first, 'number', 'abs()')
    case 'coalesce':
    case 'least':
    case 'greatest':
      if (node.fn !== 'coalesce' && first === 'boolean')
        throw new TypeTrouble(`${node.fn}() does not order true and false`, node.at)
      return types.reduce((x, y) => unify(x, y, node.at, node.fn))
    case 'if':
      need(a, first, 'boolean', 'if()')
      return unify(second, third, node.at, 'if')
    case 'concat':
      return 'text'
    case 'lower':
    case 'upper':
      need(a, first, 'text', `${node.fn}()`)
      return 'text'
    case 'length':
      need(a, first, 'text', 'length()')
      return 'integer'
    case 'days_between':
      for (const [index, type] of types.entries())
        if (!isTime(type)) throw new TypeTrouble('days_between() takes two dates', positionOf(node.args[index] ?? node))
      return 'integer'
    case 'is_empty':
      return 'boolean'
  }
}

function unify(x: FieldType, y: FieldType, at: number, fn: string): FieldType {
  if (x === y) return x
  if (typeClass(x) !== typeClass(y)) throw new TypeTrouble(`${fn}() needs values of one kind, not ${x} and ${y}`, at)
  if (typeClass(x) === 'number') return x === 'money' || y === 'money' ? 'money' : 'number'
  return 'text'
}

function need(node: FormulaNode, type: FieldType, wanted: TypeClass, where: string): FieldType {
  if (typeClass(type) !== wanted) throw new TypeTrouble(`${where} needs a ${wanted}, not ${type}`, positionOf(node))
  return type
}

const isTime = (type: FieldType): boolean => type === 'date' || type === 'timestamp'

function positionOf(node: FormulaNode): number {
  switch (node.kind) {
    case 'ref':
    case 'call':
      return node.at
    case 'negate':
    case 'not':
      return positionOf(node.arg)
    case 'binary':
      return positionOf(node.left)
    default:
      return 0
  }
}
