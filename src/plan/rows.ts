// The rows of a table without pivot and totals: a list, or groups → compare → calculations → having, order, limit.
import { isSummary, type Output } from '../definition/outputs.ts'
import type { Definition, Sort } from '../definition/schema.ts'
import { addCalculations, dependsOn } from './calculate.ts'
import { comparedColumns, comparisonOf } from './compare.ts'
import type { PlanContext, Typed } from './context.ts'
import type { Expr, Select } from './ir.ts'
import { extendLayer, finishLayer, type Layer, readLayer } from './layer.ts'
import { planList } from './list.ts'
import { planGroups, summaryKeys } from './summary.ts'

export type PlannedRows = { readonly query: Select; readonly columns: readonly Omit<Typed, 'expr'>[] }

/** The query of a checked definition; columns c0, c1, … in the order of `visible`. */
export function planRows(input: {
  readonly definition: Definition
  readonly context: PlanContext
  readonly visible: readonly Output[]
  readonly rowCap: number | undefined
}): PlannedRows {
  const { definition, context, visible, rowCap } = input
  const described = (zonedOf: (id: string) => boolean): Omit<Typed, 'expr'>[] =>
    visible.map((o) => ({ type: o.type ?? 'text', zoned: zonedOf(o.id), caseSensitive: false }))
  if (!isSummary(definition))
    return { query: planList(definition, context, visible, rowCap), columns: described(() => true) }

  const comparison = comparisonOf(definition)
  const groups = planGroups({ definition, context, keys: summaryKeys(definition), comparison, gaps: 'filled' })
  const compared = comparison === undefined ? groups : addCompared(groups, definition, context)
  const layer = addCalculations(compared, definition, definition.calculations, context)
  const sortBy: Sort[] = definition.sortBy.length > 0 ? definition.sortBy : keySort(definition)
  const tieIds = definition.groupBy.flatMap((key) => (key.hidden === true ? [key.id ?? key.field ?? ''] : []))
  const query = finishLayer({ layer, context, definition: { ...definition, sortBy }, visible, tieIds, rowCap })
  return { query, columns: described((id) => layer.columns.get(id)?.zoned ?? true) }
}

const keySort = (definition: Definition): Sort[] =>
  definition.groupBy.map((key) => ({ field: key.id ?? key.field ?? '', direction: 'asc' as const }))

function addCompared(layer: Layer, definition: Definition, context: PlanContext): Layer {
  const numbers = definition.aggregates.filter((a) =>
    ['integer', 'number', 'money'].includes(layer.columns.get(a.id)?.type ?? ''),
  )
  return extendLayer(layer, context, (get) => new Map(numbers.flatMap((a) => [...comparedColumns(a.id, get)])))
}

/** The grand total: every aggregate over all source rows, and what formulas make of those. */
export function planTotals(input: {
  readonly definition: Definition
  readonly context: PlanContext
  readonly visible: readonly Output[]
}): Select {
  const { definition, context, visible } = input
  const comparison = comparisonOf(definition)
  const usable = comparison?.onlyExisting === true ? undefined : comparison
  const fills = definition.groupBy.some((key) => key.fillGaps === true)
  const ungrouped = { ...definition, groupBy: [] }
  const groups = planGroups({
    definition: ungrouped,
    context,
    keys: [],
    comparison: usable,
    gaps: fills ? 'zero' : 'left',
  })
  const compared = usable === undefined ? groups : addCompared(groups, definition, context)
  const layer = addCalculations(compared, definition, totalled(definition, compared), context)
  const { from, get } = readLayer(layer, context)
  const empty: Expr = { kind: 'null', type: 'text' }
  return {
    kind: 'select',
    columns: visible.map((output, i) => ({
      as: `c${i}`,
      expr: layer.columns.has(output.id) ? get(output.id).expr : empty,
    })),
    from,
  }
}

/** The formulas that read only what a total has. */
function totalled(definition: Definition, layer: Layer): Definition['calculations'] {
  const known = new Set(layer.columns.keys())
  const usable: Definition['calculations'] = []
  for (let before = -1; before !== usable.length; ) {
    before = usable.length
    for (const c of definition.calculations)
      if (c.formula !== undefined && !known.has(c.id) && dependsOn(c).every((id) => known.has(id))) {
        known.add(c.id)
        usable.push(c)
      }
  }
  return usable
}
