// A layer: a query whose columns carry output ids, on which calculations, having, sorting and limits stand.
import type { Output } from '../definition/outputs.ts'
import type { Definition, Filter, Sort } from '../definition/schema.ts'
import { column, integer, op } from './build.ts'
import { planFilter } from './condition.ts'
import { type PlanContext, type Typed, typed } from './context.ts'
import type { Expr, Order, Query, Select, Source } from './ir.ts'

export type LayerColumn = Omit<Typed, 'expr'> & { readonly as: string }
export type Layer = { readonly query: Query; readonly columns: ReadonlyMap<string, LayerColumn> }

/** The layer as the source of a select, and its columns read from there. */
export function readLayer(layer: Layer, context: PlanContext): { from: Source; get: (id: string) => Typed } {
  const alias = context.alias()
  return {
    from: { kind: 'query', query: layer.query, alias },
    get: (id) => {
      const found = layer.columns.get(id)
      if (found === undefined) throw new Error(`column "${id}" passed the check but is not there`)
      return typed(column(alias, found.as), found.type, found)
    },
  }
}

/** The same layer with more columns, computed from those it has. */
export function extendLayer(
  layer: Layer,
  context: PlanContext,
  more: (get: (id: string) => Typed) => ReadonlyMap<string, Typed>,
): Layer {
  const { from, get } = readLayer(layer, context)
  const columns = new Map(layer.columns)
  const selected = [...layer.columns].map(([id, c]) => ({ as: c.as, expr: get(id).expr }))
  for (const [id, value] of more(get)) {
    const as = `x${columns.size}`
    columns.set(id, { ...value, as })
    selected.push({ as, expr: value.expr })
  }
  return { query: { kind: 'select', columns: selected, from }, columns }
}

/** The order of rows: what was asked, then every other visible column, then `last`: total. */
export function totalOrder(input: {
  readonly sortBy: readonly Sort[]
  readonly ids: readonly string[]
  readonly get: (id: string) => Typed
  readonly last?: readonly Expr[]
  /** Ids that are never empty: where empty cells would stand says nothing there, and an index may give the order. */
  readonly neverEmpty?: (id: string) => boolean
}): Order[] {
  const named = new Set(input.sortBy.map((s) => s.field))
  const ascending = (expr: Expr): Order => ({ expr, direction: 'asc', nulls: 'last' })
  return [
    ...input.sortBy.map((s): Order => {
      const asIndexed = s.direction === 'desc' ? 'first' : 'last'
      const nulls = input.neverEmpty?.(s.field) === true ? asIndexed : (s.nulls ?? 'last')
      return { expr: input.get(s.field).expr, direction: s.direction, nulls }
    }),
    ...input.ids.filter((id) => !named.has(id)).map((id) => ascending(input.get(id).expr)),
    ...(input.last ?? []).map(ascending),
  ]
}

/** The last steps of every table that has layers: having, limitPer, order, limit, visible columns c0, c1, … */
export function finishLayer(input: {
  readonly layer: Layer
  readonly context: PlanContext
  readonly definition: Definition
  readonly visible: readonly Output[]
  /** Ids that break ties after the visible ones. */
  readonly tieIds?: readonly string[]
  readonly rowCap: number | undefined
}): Select {
  const { context, definition, visible } = input
  const ids = visible.map((output) => output.id)
  const order = (get: (id: string) => Typed): Order[] =>
    totalOrder({ sortBy: definition.sortBy, ids, get, last: (input.tieIds ?? []).map((id) => get(id).expr) })
  let layer = input.layer
  let where = havingOf(definition.having, context)
  const { limitPer } = definition
  if (limitPer !== null) {
    if (where !== undefined) {
      layer = filtered(layer, context, where)
      where = undefined
    }
    layer = extendLayer(layer, context, (get) => {
      const rank: Expr = {
        kind: 'window',
        fn: 'row_number',
        args: [],
        partitionBy: limitPer.by.map((id) => get(id).expr),
        orderBy: order(get),
      }
      return new Map([['#place', typed(rank, 'integer')]])
    })
    where = (get) => op('<=', get('#place').expr, integer(limitPer.limit))
  }
  const { from, get } = readLayer(layer, context)
  const limit = smallest(definition.limit ?? undefined, input.rowCap)
  return {
    kind: 'select',
    columns: ids.map((id, i) => ({ as: `c${i}`, expr: get(id).expr })),
    from,
    ...(where === undefined ? {} : { where: [where(get)] }),
    orderBy: order(get),
    ...(limit === undefined ? {} : { limit }),
  }
}

type Condition = (get: (id: string) => Typed) => Expr

function havingOf(having: Filter | undefined, context: PlanContext): Condition | undefined {
  return having === undefined ? undefined : (get) => planFilter(having, { context, resolve: get })
}

function filtered(layer: Layer, context: PlanContext, where: Condition): Layer {
  const { from, get } = readLayer(layer, context)
  const columns = [...layer.columns].map(([id, c]) => ({ as: c.as, expr: get(id).expr }))
  return { query: { kind: 'select', columns, from, where: [where(get)] }, columns: layer.columns }
}

export function smallest(...limits: (number | undefined)[]): number | undefined {
  const given = limits.filter((n) => n !== undefined)
  return given.length === 0 ? undefined : Math.min(...given)
}
