// The output columns of a summary while it is being made: each expression once, hidden ones for HAVING and ORDER BY.

import type { FieldType } from '../../catalog/schema.ts'
import type { Aggregate, AggregateExpr, Calculation, GroupKey } from '../schema.ts'
import type { Bound, Call } from './bound.ts'
import { formulaOf, LEVELS, operandText } from './formula-text.ts'
import { idMaker, labelOf } from './names.ts'
import { type Ctx, type Operand, operandOf } from './operand.ts'
import { refuse } from './problem.ts'
import { isAggregate, keyOf } from './walk.ts'
import { type Share, shareOf } from './windows.ts'

type Known = { readonly id: string; readonly type: FieldType | undefined }

export type Outputs = {
  /** Expressions read from the rows that are grouped. */
  readonly rows: Ctx
  /** Expressions read from the output rows. */
  readonly ctx: Ctx
  readonly find: (expr: Bound) => string | undefined
  readonly key: (expr: Bound, name: string | null, hidden: boolean) => string
  readonly aggregate: (call: Call, name: string | null, hidden: boolean) => string
  readonly related: (expr: Extract<Bound, { kind: 'scalar_query' }>, name: string | null, hidden?: boolean) => string
  readonly calculation: (expr: Bound, name: string | null, hidden: boolean) => string
  readonly addCalculation: (expr: Bound, calculation: Omit<Calculation, 'id'>, name: string | null) => void
  /** The column of an expression, added hidden when it is not there. */
  readonly column: (expr: Bound) => string
  readonly parts: () => { groupBy: GroupKey[]; aggregates: Aggregate[]; calculations: Calculation[] }
}

/** An empty set of output columns over the rows of a context; `aggregated` writes one aggregate call. */
export function outputsOf(
  rows: Ctx,
  names: readonly (string | null)[],
  aggregated: (call: Call) => { aggregate: AggregateExpr; type: FieldType | undefined },
): Outputs {
  const groupBy: GroupKey[] = []
  const aggregates: Aggregate[] = []
  const calculations: Calculation[] = []
  const known = new Map<string, Known>()
  const newId = idMaker(names)

  const remember = (expr: Bound, id: string, type: FieldType | undefined): string => {
    if (!known.has(keyOf(expr))) known.set(keyOf(expr), { id, type })
    return id
  }
  const find = (expr: Bound) => known.get(keyOf(expr))?.id

  const key = (expr: Bound, name: string | null, hidden: boolean): string => {
    const before = groupBy.find((one) => (one.id ?? one.field) === find(expr))
    if (before !== undefined && hidden) return before.id ?? before.field ?? ''
    const operand = operandOf(rows, expr)
    if (operand.kind === 'field') {
      const id = newId(name, operand.grain === undefined ? operand.path : `${operand.path}_${operand.grain}`)
      groupBy.push({
        ...(id === operand.path ? {} : { id }),
        field: operand.path,
        ...(operand.grain === undefined ? {} : { grain: operand.grain }),
        ...labelOf(name),
        ...(hidden ? { hidden } : {}),
      })
      return remember(expr, id, operand.type)
    }
    const formula = operandText(operand, expr.at)
    const id = newId(name, expr.kind === 'call' ? expr.name : 'value')
    groupBy.push({ id, formula: formula.text, ...labelOf(name), ...(hidden ? { hidden } : {}) })
    return remember(expr, id, formula.type)
  }

  const push = (
    expr: Bound,
    aggregate: AggregateExpr,
    type: FieldType | undefined,
    name: string | null,
    hidden: boolean,
  ): string => {
    const same = hidden ? find(expr) : undefined
    if (same !== undefined) return same
    const id = newId(name, aggregateName(aggregate))
    aggregates.push({ id, ...labelOf(name), ...aggregate, ...(hidden ? { hidden } : {}) })
    return remember(expr, id, type)
  }

  const aggregate = (call: Call, name: string | null, hidden: boolean): string => {
    const same = hidden ? find(call) : undefined
    if (same !== undefined) return same
    const found = aggregated(call)
    return push(call, found.aggregate, found.type, name, hidden)
  }

  const related: Outputs['related'] = (expr, name, hidden = false) => {
    const operand = operandOf(rows, expr)
    if (operand.kind === 'related') return push(expr, operand.aggregate, operand.type, name, hidden)
    if (operand.kind === 'field') return key(expr, name, hidden)
    return refuse(
      'sub-query in SELECT',
      'Cannot show the value of this sub-query: it has no relation to the row',
      expr.at,
    )
  }

  const ctx: Ctx = {
    ...rows,
    output: (expr): Operand | undefined => {
      const before = known.get(keyOf(expr))
      if (before !== undefined) return { kind: 'field', path: before.id, type: before.type }
      const share = shareOf(expr)
      if (share !== undefined) return shareOperand(share)
      if (!isAggregate(expr)) return undefined
      const id = aggregate(expr, null, true)
      return { kind: 'field', path: id, type: known.get(keyOf(expr))?.type, certain: expr.name === 'count' }
    },
  }

  const column = (expr: Bound): string =>
    find(expr) ?? (isAggregate(expr) ? aggregate(expr, null, true) : key(expr, null, true))

  /** A share of the total as a column of its own; SQL often multiplies it by 100 on the way. */
  const shareOperand = ({ value, total, percent }: Share): Operand => {
    const of = column(value)
    const within = total.over?.partition.map(column) ?? []
    const id = newId(null, 'share_of_total')
    calculations.push({ id, fn: 'percent_of_total', of, ...(within.length > 0 ? { within } : {}), hidden: true })
    return percent
      ? { kind: 'formula', text: `${id} * 100`, level: LEVELS.multiply, type: 'number' }
      : { kind: 'field', path: id, type: 'number' }
  }

  const addCalculation: Outputs['addCalculation'] = (expr, calculation, name) => {
    const id = newId(name, calculation.fn ?? 'value')
    calculations.push({ id, ...labelOf(name), ...calculation })
    remember(expr, id, 'number')
  }

  const calculation: Outputs['calculation'] = (expr, name, hidden) => {
    const formula = formulaOf(ctx, expr)
    const id = newId(name, 'value')
    calculations.push({ id, ...labelOf(name), formula: formula.text, ...(hidden ? { hidden } : {}) })
    return remember(expr, id, formula.type)
  }

  return {
    rows,
    ctx,
    find,
    key,
    aggregate,
    related,
    calculation,
    addCalculation,
    column,
    parts: () => ({ groupBy, aggregates, calculations }),
  }
}

function aggregateName({ fn, field, per }: AggregateExpr): string {
  const last = field?.split('.').at(-1) ?? (per === 'source_rows' ? undefined : per?.split('.').at(-1))
  return last === undefined ? (fn ?? 'value') : `${fn ?? 'value'}_${last}`
}
