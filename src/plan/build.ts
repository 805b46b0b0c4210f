// Short names for the parts of a plan, so that passes read like the SQL they mean.
import type { Expr, Operator, SqlFn, SqlType, Test } from './ir.ts'

export const column = (alias: string, name: string): Expr => ({ kind: 'column', alias, column: name })
export const param = (value: string | null, type: SqlType | 'as_needed'): Expr => ({ kind: 'param', value, type })
export const integer = (value: number): Expr => ({ kind: 'integer', value })
export const bool = (value: boolean): Expr => ({ kind: 'boolean', value })
export const nothing = (type: SqlType): Expr => ({ kind: 'null', type })
export const op = (operator: Operator, left: Expr, right: Expr): Expr => ({ kind: 'op', op: operator, left, right })
export const eq = (left: Expr, right: Expr): Expr => op('=', left, right)
export const test = (kind: Test, arg: Expr): Expr => ({ kind: 'test', test: kind, arg })
export const call = (fn: SqlFn, ...args: Expr[]): Expr => ({ kind: 'call', fn, args })
export const cast = (arg: Expr, type: SqlType): Expr => ({ kind: 'cast', arg, type })
export const coalesce = (...args: Expr[]): Expr => call('coalesce', ...args)

/** The exact opposite of a condition in two-valued logic: true wherever it is not true. */
export const isNot = (condition: Expr): Expr => test('is not true', condition)

export function and(conditions: readonly Expr[]): Expr {
  const [first] = conditions
  if (first === undefined) return bool(true)
  return conditions.length === 1 ? first : { kind: 'and', args: conditions }
}

export function or(conditions: readonly Expr[]): Expr {
  const [first] = conditions
  if (first === undefined) return bool(false)
  return conditions.length === 1 ? first : { kind: 'or', args: conditions }
}
