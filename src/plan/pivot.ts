// Pivot: one key's values become columns. Which values there are is asked first; then every cell is an aggregate of its own.

import { typeClass } from '../definition/formula-type.ts'
import type { Output } from '../definition/outputs.ts'
import { columnId } from '../definition/outputs.ts'
import { type Definition, limits } from '../definition/schema.ts'
import { countedAggregate } from './aggregate.ts'
import { cast, coalesce, column, eq, integer, param, test } from './build.ts'
import { planFilter, rowScope } from './condition.ts'
import { newFrame, type PlanContext, type RowFrame, sqlTypeOf, type Typed, typed } from './context.ts'
import type { Expr, Query, Select } from './ir.ts'
import { finishLayer, type Layer, type LayerColumn, readLayer } from './layer.ts'
import { planGroups, summaryKeys } from './summary.ts'

/** A value that became a column, as the database wrote it; null is the empty one. */
export type PivotValue = string | null
/** The columns of a pivot in order; `other` stands for all further values. */
export type PivotColumns = { readonly values: readonly PivotValue[]; readonly other: boolean }

/** The query that finds the pivot's values: value v, its place p in display order; the most frequent first. */
export function planPivotValues(definition: Definition, context: PlanContext): Select {
  const key = pivotKey(definition)
  const source = definition.dataSources[0] ?? ''
  const row = newFrame(context, source)
  const value = key.read(row).expr
  const where = definition.filters === undefined ? [] : [planFilter(definition.filters, rowScope(row))]
  const grouped: Select = {
    kind: 'select',
    columns: [
      { as: 'v', expr: value },
      { as: 'n', expr: { kind: 'aggregate', fn: 'count', args: [] } },
    ],
    from: { kind: 'table', entity: source, alias: row.alias },
    joins: row.joins,
    where,
    groupBy: [1],
  }
  const alias = context.alias()
  const v = column(alias, 'v')
  const byValue = [{ expr: v, direction: 'asc' as const, nulls: 'last' as const }]
  return {
    kind: 'select',
    columns: [
      { as: 'v', expr: v },
      { as: 'p', expr: { kind: 'window', fn: 'row_number', args: [], partitionBy: [], orderBy: byValue } },
    ],
    from: { kind: 'query', query: grouped, alias },
    orderBy: [{ expr: column(alias, 'n'), direction: 'desc', nulls: 'last' }, ...byValue],
    limit: pivotLimit(definition) + 1,
  }
}

/** The pivot's columns from what planPivotValues found. */
export function pivotColumns(
  definition: Definition,
  found: readonly { value: PivotValue; place: number }[],
): PivotColumns {
  const kept = found.slice(0, pivotLimit(definition))
  return {
    values: [...kept].sort((a, b) => a.place - b.place).map((f) => f.value),
    other: found.length > kept.length,
  }
}

const pivotLimit = (definition: Definition): number => definition.pivot?.limit ?? limits.pivotColumns

function pivotKey(definition: Definition): ReturnType<typeof summaryKeys>[number] {
  const key = summaryKeys(definition).find((k) => k.id === definition.pivot?.column)
  if (key === undefined) throw new Error('pivot passed the check without its key')
  return key
}

/** Id of the cell column of an aggregate for the pivot's value at a position. */
export const cellId = (aggregateId: string, position: number): string => `${aggregateId}__${position}`

/** The pivoted rows (`keys` true) or their grand total; columns in the order of `visible`. */
export function planPivot(input: {
  readonly definition: Definition
  readonly context: PlanContext
  readonly pivot: PivotColumns
  readonly visible: readonly Output[]
  readonly rowCap: number | undefined
  readonly totals: boolean
}): Select {
  const { definition, context, pivot, visible } = input
  const rowKeys = input.totals ? [] : summaryKeys(definition).filter((key) => key.id !== definition.pivot?.column)
  const bucket = { id: '#pivot', read: (row: RowFrame) => placeOf(pivotKey(definition).read(row), pivot) }
  const plan = (keys: typeof rowKeys): Layer =>
    planGroups({ definition: { ...definition, groupBy: [] }, context, keys, comparison: undefined, gaps: 'left' })
  const layer = spread(
    plan([...rowKeys, bucket]),
    plan(rowKeys),
    rowKeys.map((k) => k.id),
    definition,
    pivot,
    context,
  )
  if (input.totals) {
    const { from, get } = readLayer(layer, context)
    const empty: Expr = { kind: 'null', type: 'text' }
    return {
      kind: 'select',
      columns: visible.map((o, i) => ({ as: `c${i}`, expr: layer.columns.has(o.id) ? get(o.id).expr : empty })),
      from,
    }
  }
  const keySort = rowKeys.map((key) => ({ field: key.id, direction: 'asc' as const }))
  const sortBy = definition.sortBy.length > 0 ? definition.sortBy : keySort
  const hiddenKeys = definition.groupBy
    .filter((k) => k.hidden === true && columnId(k) !== definition.pivot?.column)
    .map(columnId)
  return finishLayer({
    layer,
    context,
    definition: { ...definition, sortBy },
    visible,
    tieIds: hiddenKeys,
    rowCap: input.rowCap,
  })
}

/** Which of the pivot's columns a row belongs to. */
function placeOf(key: Typed, pivot: PivotColumns): Typed {
  // A value that became a column is one of the key's own: a number meets it as it is stored, for a float is no decimal.
  const isNumber = typeClass(key.type) === 'number'
  const type = sqlTypeOf(key.type, key.zoned)
  const branches = pivot.values.map((value, i) => ({
    when:
      value === null
        ? test('is null', key.expr)
        : isNumber
          ? eq(key.expr, param(value, 'as_needed'))
          : eq(cast(key.expr, type), param(value, type)),
    gives: integer(i),
  }))
  const [only] = branches
  if (only === undefined) return typed(integer(0), 'integer')
  return typed({ kind: 'case', branches, otherwise: integer(pivot.values.length) }, 'integer')
}

function spread(
  cells: Layer,
  wholeRows: Layer,
  keyIds: readonly string[],
  definition: Definition,
  pivot: PivotColumns,
  context: PlanContext,
): Layer {
  const stack = (layer: Layer, place: (get: (id: string) => Typed) => Expr): Query => {
    const { from, get } = readLayer(layer, context)
    const columns = [
      ...keyIds.map((id, i) => ({ as: `k${i}`, expr: get(id).expr })),
      { as: 'b', expr: place(get) },
      ...definition.aggregates.map((a, i) => ({ as: `a${i}`, expr: get(a.id).expr })),
    ]
    return { kind: 'select', columns, from }
  }
  const queries = [stack(cells, (get) => get('#pivot').expr), stack(wholeRows, () => integer(-1))]
  const alias = context.alias()
  const columns = new Map<string, LayerColumn>()
  const selected: { as: string; expr: Expr }[] = []
  for (const [i, id] of keyIds.entries()) {
    columns.set(id, { ...describe(wholeRows, id), as: `k${i}` })
    selected.push({ as: `k${i}`, expr: column(alias, `k${i}`) })
  }
  const places = pivot.values.length + (pivot.other ? 1 : 0)
  for (const [i, aggregate] of definition.aggregates.entries()) {
    const about = describe(wholeRows, aggregate.id)
    const { fn } = countedAggregate(context, definition.dataSources[0] ?? '', aggregate)
    const cell = (place: number): Expr =>
      oneCell(column(alias, `a${i}`), about, fn, eq(column(alias, 'b'), integer(place)))
    columns.set(aggregate.id, { ...about, as: `a${i}` })
    selected.push({ as: `a${i}`, expr: cell(-1) })
    for (let place = 0; place < places; place += 1) {
      columns.set(cellId(aggregate.id, place), { ...about, as: `a${i}x${place}` })
      selected.push({ as: `a${i}x${place}`, expr: cell(place) })
    }
  }
  const query: Select = {
    kind: 'select',
    columns: selected.length === 0 ? [{ as: 'one', expr: { kind: 'aggregate', fn: 'count', args: [] } }] : selected,
    from: { kind: 'query', query: { kind: 'union', queries }, alias },
    groupBy: keyIds.map((_, i) => i + 1),
  }
  return { query, columns }
}

function describe(layer: Layer, id: string): LayerColumn {
  const found = layer.columns.get(id)
  if (found === undefined) throw new Error(`pivot lost its column "${id}"`)
  return found
}

function oneCell(cell: Expr, about: LayerColumn, fn: string | undefined, filter: Expr): Expr {
  const value: Expr = { kind: 'aggregate', fn: about.type === 'boolean' ? 'bool_or' : 'max', args: [cell], filter }
  return fn === 'count' || fn === 'count_distinct' ? coalesce(value, integer(0)) : value
}
