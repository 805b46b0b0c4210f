// Window functions over groups → calculations: ranks, running totals, shares of the total.
import type { Bound, Call } from './bound.ts'
import type { Outputs } from './outputs.ts'
import { refuse } from './problem.ts'
import { note } from './session.ts'
import { keyOf, some } from './walk.ts'

/** Adds the calculation that an output expression with a window function means; false when it has none. */
export function windowCalculation(expr: Bound, outputs: Outputs, name: string | null): boolean {
  if (!some(expr, isWindow, false)) return false
  const share = shareOf(expr)
  if (share !== undefined && !share.percent) {
    const within = share.total.over?.partition.map(outputs.column) ?? []
    const of = outputs.column(share.value)
    outputs.addCalculation(expr, { fn: 'percent_of_total', of, ...(within.length > 0 ? { within } : {}) }, name)
    return true
  }
  if (!isWindow(expr) && (share !== undefined || hasShare(expr))) {
    outputs.calculation(expr, name, false)
    return true
  }
  if (!isWindow(expr) || expr.over === null)
    return refuse('window function', 'Cannot compute with a window function: show it as a column of its own', expr.at)
  const [first, second] = expr.over.order
  const within = expr.over.partition.map((key) => outputs.column(key))
  const [arg] = expr.args
  if (expr.name === 'rank' && first !== undefined && second === undefined && first.desc) {
    const isCount = first.expr.kind === 'call' && first.expr.name === 'count'
    if (first.nulls !== 'last' && !isCount)
      note(outputs.rows.session, 'Empty values are ranked last, where Postgres ranks them first')
    outputs.addCalculation(
      expr,
      { fn: 'rank', of: outputs.column(first.expr), ...(within.length > 0 ? { within } : {}) },
      name,
    )
    return true
  }
  if (expr.name === 'sum' && first !== undefined && second === undefined && !first.desc && arg !== undefined) {
    const over = outputs.column(first.expr)
    outputs.addCalculation(expr, { fn: 'running_total', of: outputs.column(arg), over, within }, name)
    return true
  }
  return refuse(
    'window function',
    `Cannot import ${expr.name}() OVER this way: there are rank() of the largest, running totals and shares of a total`,
    expr.at,
  )
}

function isWindow(expr: Bound): expr is Call {
  return expr.kind === 'call' && expr.over !== null
}

function hasShare(expr: Bound): boolean {
  return some(expr, (one) => shareOf(one) !== undefined, false)
}

export type Share = { readonly value: Bound; readonly total: Call; readonly percent: boolean }

/** `x / sum(x) OVER ()`, perhaps times 100. */
export function shareOf(bare: Bound): Share | undefined {
  if (bare.kind !== 'arithmetic') return undefined
  if (bare.sign === '*') {
    const inner = isHundred(bare.right) ? shareOf(bare.left) : isHundred(bare.left) ? shareOf(bare.right) : undefined
    return inner === undefined ? undefined : { ...inner, percent: true }
  }
  if (
    bare.sign !== '/' ||
    !isWindow(bare.right) ||
    bare.right.name !== 'sum' ||
    (bare.right.over?.order.length ?? 1) > 0
  )
    return undefined
  const total = bare.right
  const [added] = total.args
  const { value, percent } = withoutHundred(bare.left)
  return added !== undefined && keyOf(added) === keyOf(value) ? { value, total, percent } : undefined
}

function withoutHundred(expr: Bound): { value: Bound; percent: boolean } {
  if (expr.kind === 'cast') return withoutHundred(expr.arg)
  if (expr.kind === 'arithmetic' && expr.sign === '*') {
    if (isHundred(expr.left)) return { value: expr.right, percent: true }
    if (isHundred(expr.right)) return { value: expr.left, percent: true }
  }
  return { value: expr, percent: false }
}

function isHundred(expr: Bound): boolean {
  return expr.kind === 'literal' && expr.value === 100
}
