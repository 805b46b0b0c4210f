// A SELECT without groups → a list: one row for each row of the root entity.
import { entityOf } from '../../catalog/find.ts'
import type { Column, Definition, Sort } from '../schema.ts'
import type { OrderItem } from './ast.ts'
import type { Bound, BoundSelect } from './bound.ts'
import type { Condition } from './combine.ts'
import type { Purpose } from './compile.ts'
import { definitionOf, nullsOf } from './definition-of.ts'
import { operandText } from './formula-text.ts'
import { idMaker, labelOf } from './names.ts'
import { type Ctx, operandOf } from './operand.ts'
import { firstOf, gather, gatherMap, refuse } from './problem.ts'
import { noRoot, type Root, rootsOf, rowsOfRoot } from './roots.ts'
import { attempt, note, type Session } from './session.ts'
import { summaryOf } from './summary.ts'
import { keyOf, some } from './walk.ts'

/** The list a query gives; where repeats of rows cannot be kept, each row is shown once and a note says so. */
export function listOf(session: Session, select: BoundSelect, purpose: Purpose): Definition {
  if (needsGroups(session, select)) return summaryOf(session, rowByRow(session, select), purpose)
  const shown = [...select.targets.map((target) => target.expr), ...select.orderBy.map((item) => item.expr)]
  const roots = rootsOf(session, select, shown)
  if (roots.length === 0) return noRoot(select)
  return firstOf(roots.map((root) => attempt(session, () => listFrom(session, select, root, purpose))))
}

function listFrom(session: Session, select: BoundSelect, root: Root, purpose: Purpose): Definition {
  const ctx: Ctx = { session, place: root.reached.place }
  if (select.optional.some((group) => group.sources.some((id) => !ctx.place.sources.has(id))))
    return refuse(
      'LEFT JOIN',
      'Cannot list the rows of a LEFT JOIN to many rows: use JOIN, or aggregate the joined rows',
      select.at,
    )
  const newId = idMaker(select.targets.map((target) => target.name))
  let filter: Condition = true
  let columns: Column[] = []
  gather([
    () => {
      columns = gatherMap(select.targets, (target) => columnOf(ctx, target.expr, target.name, newId))
    },
    () => {
      filter = rowsOfRoot(session, select, root)
    },
    () => {
      gatherMap(select.orderBy, (item) => operandOf(ctx, item.expr))
    },
  ])
  const merged = purpose === 'table' && !select.distinct && !root.exact
  if (merged)
    note(session, 'The SQL repeats rows for every match of the joined tables; here each different row is shown once')
  const distinct = (purpose === 'table' || select.limit !== null) && (select.distinct || merged)
  const context = { ctx, select, columns, filter, newId, distinct }
  const needsOrder = purpose === 'table' || select.limit !== null
  const sortBy = needsOrder ? gatherMap(select.orderBy, (item) => sortOf(context, item)) : []
  return definitionOf(session, root.entity, {
    columns,
    filter,
    sortBy: distinct ? sortBy : withKey(ctx, sortBy),
    limit: select.limit,
    distinct,
  })
}

type NewId = ReturnType<typeof idMaker>

function columnOf(ctx: Ctx, expr: Bound, name: string | null, newId: NewId): Column {
  const operand = operandOf(ctx, expr)
  if (operand.kind === 'field' && operand.grain === undefined) {
    const id = newId(name, operand.path)
    return { ...(id === operand.path ? {} : { id }), field: operand.path, ...labelOf(name) }
  }
  if (operand.kind === 'field')
    return refuse('date function', 'Cannot list a part of a date: group by it, or list the date itself', expr.at)
  const formula = operandText(operand, expr.at).text
  return { id: newId(name, expr.kind === 'call' ? expr.name : 'value'), formula, ...labelOf(name) }
}

/** SQL leaves the order of equal rows open; in practice they come as they are stored, which is the order of the key. */
function withKey(ctx: Ctx, sortBy: readonly Sort[]): Sort[] {
  const key = entityOf(ctx.session.catalog, ctx.place.entity)?.primaryKey ?? []
  if (sortBy.length === 0 || sortBy.some((one) => key.includes(one.field))) return [...sortBy]
  return [...sortBy, ...key.map((field): Sort => ({ field, direction: 'asc' }))].slice(0, 10)
}

type SortContext = {
  readonly ctx: Ctx
  readonly select: BoundSelect
  readonly columns: Column[]
  readonly filter: Condition
  readonly newId: NewId
  readonly distinct: boolean
}

function sortOf(context: SortContext, item: OrderItem<Bound>): Sort {
  const { ctx, select, columns, filter, newId, distinct } = context
  const operand = operandOf(ctx, item.expr)
  const index = select.targets.findIndex((target) => keyOf(target.expr) === keyOf(item.expr))
  const column = columns[index]
  const nulls = nullsOf(ctx.session, item, operand, filter)
  const direction = item.desc ? 'desc' : 'asc'
  if (column !== undefined) return { field: column.id ?? column.field ?? '', direction, ...nulls }
  if (distinct && !select.distinct)
    return refuse(
      'ORDER BY',
      'Cannot sort by a column that is not shown where equal rows are merged: select it too',
      item.expr.at,
    )
  if (operand.kind === 'field' && operand.grain === undefined) return { field: operand.path, direction, ...nulls }
  const id = newId(null, 'sorted_by')
  columns.push({ id, formula: operandText(operand, item.expr.at).text })
  note(ctx.session, 'The formula that the rows are sorted by is shown as a column')
  return { field: id, direction, ...nulls }
}

/** A list cannot show aggregates of related rows or parts of dates; a summary with one group for each row can. */
function needsGroups(session: Session, select: BoundSelect): boolean {
  const exprs = [...select.targets.map((target) => target.expr), ...select.orderBy.map((item) => item.expr)]
  const special = (expr: Bound): boolean =>
    some(
      expr,
      (one) =>
        (one.kind === 'scalar_query' && one.query.kind === 'select' && one.query.grouped) ||
        (one.kind === 'call' && isDatePart(one)) ||
        (one.kind === 'call' && one.over !== null),
      false,
    )
  return (
    exprs.some(special) && select.sources.every((source) => source.entity !== null && hasKey(session, source.entity))
  )
}

function isDatePart(call: Extract<Bound, { kind: 'call' }>): boolean {
  return ['extract', 'date_part', 'date_trunc', 'to_char'].includes(call.name)
}

function hasKey(session: Session, entity: string): boolean {
  return (entityOf(session.catalog, entity)?.primaryKey.length ?? 0) > 0
}

/** The same rows as groups of one row each: grouped by the rows of all sources and by everything that is shown. */
function rowByRow(session: Session, select: BoundSelect): BoundSelect {
  const root = rootsOf(session, select, []).find((one) => one.exact)
  const source = select.sources.find((one) => root?.reached.place.sources.get(one.id)?.path === '')
  if (select.distinct || source === undefined)
    return { ...select, groupBy: select.targets.map((target) => target.expr), grouped: true, distinct: false }
  const row: Bound = { kind: 'same_row', left: source.id, right: source.id, at: select.at }
  return { ...select, groupBy: [row], grouped: true }
}
