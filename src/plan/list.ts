// A list: one row per source row.
import { entityOf } from '../catalog/find.ts'
import type { Catalog } from '../catalog/schema.ts'
import { parseFormula } from '../definition/formula.ts'
import { columnId, listColumns, type Output } from '../definition/outputs.ts'
import type { Column, Definition } from '../definition/schema.ts'
import { planFilter, rowScope } from './condition.ts'
import { fieldOfRow, identityOf, newFrame, type PlanContext, type RowFrame, type Typed } from './context.ts'
import { planFormula } from './formula.ts'
import type { Expr, Select } from './ir.ts'
import { finishLayer, type Layer, type LayerColumn, smallest, totalOrder } from './layer.ts'

/** The query of a checked list; columns c0, c1, … in the order of `visible`. */
export function planList(
  definition: Definition,
  context: PlanContext,
  visible: readonly Output[],
  rowCap: number | undefined,
): Select {
  const source = definition.dataSources[0] ?? ''
  const row = newFrame(context, source)
  const asked = new Map(listColumns(definition, context.catalog).map((c) => [columnId(c), c]))
  const columns = new Map([...asked].map(([id, c]) => [id, columnOfRow(c, row)]))
  const where = definition.filters === undefined ? [] : [planFilter(definition.filters, rowScope(row))]
  const base = { from: { kind: 'table' as const, entity: source, alias: row.alias }, joins: row.joins, where }
  const read = (id: string): Typed => columns.get(id) ?? fieldOfRow(row, id)

  if (!definition.distinct && definition.limitPer === null) {
    const ids = visible.map((output) => output.id)
    const orderBy = totalOrder({
      sortBy: definition.sortBy,
      ids: definition.sortBy.length === 0 && hasKey(context.catalog, source) ? [] : ids,
      get: read,
      last: keyOrder(row),
      // A formula may bear the name of a field that it is not.
      neverEmpty: (id) => neverEmpty(context.catalog, source, asked.has(id) ? asked.get(id)?.field : id),
    })
    const limit = smallest(definition.limit ?? undefined, rowCap)
    return {
      kind: 'select',
      columns: ids.map((id, i) => ({ as: `c${i}`, expr: read(id).expr })),
      ...base,
      orderBy,
      ...(limit === undefined ? {} : { limit }),
    }
  }

  const layered = new Map<string, LayerColumn>()
  const selected: { as: string; expr: Expr }[] = []
  const add = (id: string, value: Typed): void => {
    if (layered.has(id)) return
    const as = `x${layered.size}`
    layered.set(id, { ...value, as })
    selected.push({ as, expr: value.expr })
  }
  for (const [id, value] of columns) add(id, value)
  const tieIds: string[] = []
  if (!definition.distinct) {
    for (const sort of definition.sortBy) add(sort.field, read(sort.field))
    for (const [i, expr] of keyOrder(row).entries()) {
      add(`#key${i}`, { expr, type: 'id', zoned: true, caseSensitive: false })
      tieIds.push(`#key${i}`)
    }
  }
  const layer: Layer = {
    query: { kind: 'select', distinct: definition.distinct, columns: selected, ...base },
    columns: layered,
  }
  const unsorted = definition.sortBy.length === 0 && tieIds.length > 0
  const sorted = unsorted
    ? { ...definition, sortBy: tieIds.map((field) => ({ field, direction: 'asc' as const })) }
    : definition
  return finishLayer({ layer, context, definition: sorted, visible, tieIds, rowCap })
}

/** Whether a name is a field of the source itself that the database keeps filled. */
function neverEmpty(catalog: Catalog, source: string, name: string | undefined): boolean {
  const field = name === undefined ? undefined : entityOf(catalog, source)?.fields[name]
  return field?.required === true && field.storedAs === undefined
}

const hasKey = (catalog: Catalog, source: string): boolean => (catalog.entities[source]?.primaryKey.length ?? 0) > 0

/** The primary key, which makes the order total; rows of a table without one differ only in what is not shown. */
function keyOrder(row: RowFrame): Expr[] {
  const { catalog } = row.context
  return hasKey(catalog, row.entityName) ? identityOf(catalog, row.entityName, row.alias) : []
}

function columnOfRow(asked: Column, row: RowFrame): Typed {
  if (asked.formula === undefined) return fieldOfRow(row, asked.field ?? '')
  const parsed = parseFormula(asked.formula)
  if (!parsed.ok) throw new Error(`formula passed the check but does not parse: ${parsed.message}`)
  return planFormula(parsed.node, (path) => fieldOfRow(row, path), row.context)
}
