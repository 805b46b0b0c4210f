// Definition + catalog + scope + clock → plan: queries as data, every table inside the tenant, and the columns they give.
// In: a definition that check.ts has passed. Refused: nothing a person wrote; a broken promise of the check throws.

import { resolvePath } from '../catalog/find.ts'
import type { Catalog, Field } from '../catalog/schema.ts'
import { type Output, outputsOf } from '../definition/outputs.ts'
import type { Definition } from '../definition/schema.ts'
import type { Clock, Scope } from '../lib/scope.ts'
import type { OutputColumn } from './columns.ts'
import { newContext } from './context.ts'
import type { Query } from './ir.ts'
import { cellId, type PivotColumns, planPivot, planPivotValues } from './pivot.ts'
import { planRows, planTotals } from './rows.ts'
import { scopeToTenant } from './tenant.ts'

export type PlanInput = {
  readonly definition: Definition
  readonly catalog: Catalog
  readonly scope: Scope
  readonly clock: Clock
  /** The most rows to fetch; the query asks for one more, so that a cut can be said. */
  readonly maxRows?: number
}
export type Plan = {
  readonly columns: readonly OutputColumn[]
  readonly rows: Query
  readonly totals?: Query
}

/** The query that finds a pivot's values, or undefined for a definition without pivot. */
export function planDiscovery(input: PlanInput): Query | undefined {
  if (input.definition.pivot === null) return undefined
  const context = newContext(input.catalog, input.clock)
  return scopeToTenant(planPivotValues(input.definition, context), input.catalog, input.scope)
}

/** The plan of a checked definition; `pivot` holds the values that planDiscovery's query found. */
export function planTable(input: PlanInput, pivot?: PivotColumns): Plan {
  const { definition, catalog, scope, clock } = input
  const rowCap = input.maxRows === undefined ? undefined : input.maxRows + 1
  const outputs = outputsOf(definition, catalog)
  const visible =
    pivot === undefined ? outputs.filter((o) => !o.hidden) : pivotedOutputs(definition, outputs, pivot, catalog)
  const context = newContext(catalog, clock)
  const build = (totals: boolean): Query => {
    if (pivot !== undefined) return planPivot({ definition, context, pivot, visible, rowCap, totals })
    return totals
      ? planTotals({ definition, context, visible })
      : planRows({ definition, context, visible, rowCap }).query
  }
  const scoped = (query: Query): Query => scopeToTenant(query, catalog, scope)
  return {
    columns: visible.map((output) => described(output, pivot !== undefined)),
    rows: scoped(build(false)),
    ...(definition.totals ? { totals: scoped(build(true)) } : {}),
  }
}

function pivotedOutputs(
  definition: Definition,
  outputs: readonly Output[],
  pivot: PivotColumns,
  catalog: Catalog,
): Output[] {
  const keys = outputs.filter((o) => o.role === 'key' && !o.hidden && o.id !== definition.pivot?.column)
  const aggregates = outputs.filter((o) => o.role === 'aggregate' && !o.hidden)
  const key = outputs.find((o) => o.id === definition.pivot?.column)
  const boolean = keyField(definition, catalog)?.type === 'boolean'
  const names = pivotNames(pivot, key, boolean)
  return [
    ...keys,
    ...aggregates.flatMap((aggregate) =>
      names.map((name, place) => ({
        ...aggregate,
        id: cellId(aggregate.id, place),
        label: aggregates.length === 1 ? name : `${aggregate.label}: ${name}`,
      })),
    ),
  ]
}

function keyField(definition: Definition, catalog: Catalog): Field | undefined {
  const key = definition.groupBy.find((k) => (k.id ?? k.field) === definition.pivot?.column)
  const resolved = resolvePath(catalog, definition.dataSources[0] ?? '', key?.field ?? '')
  return resolved.ok ? resolved.field : undefined
}

/** What the pivot's columns are called: no two alike, whatever the values look like. */
function pivotNames(pivot: PivotColumns, key: Output | undefined, boolean: boolean): string[] {
  const labels = pivot.values.map((value) => (value === null || value === '' ? '' : pivotLabel(value, key, boolean)))
  const times = (label: string) => labels.filter((other) => other === label).length
  const values = labels.map((label, i) => (label !== '' && times(label) > 1 ? `${label} (${pivot.values[i]})` : label))
  const taken = new Set(values)
  const free = (...names: readonly [string, ...string[]]): string => {
    const name = names.find((one) => !taken.has(one)) ?? names[0]
    taken.add(name)
    return name
  }
  const empty = pivot.values.includes(null) ? free('(empty)', '(no value)') : ''
  const blank = pivot.values.includes('') ? free('(empty)', '(blank)', '(blank text)') : ''
  const named = pivot.values.map((value, i) => (value === null ? empty : value === '' ? blank : (values[i] ?? '')))
  return pivot.other ? [...named, free('Other', 'All others')] : named
}

function pivotLabel(value: string, key: Output | undefined, boolean: boolean): string {
  if (boolean) return value === 't' || value === 'true' ? 'Yes' : 'No'
  return key?.valueLabels?.[value] ?? gapless(value, key)
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

/** A stretch of time or part of one, as a column heading. */
function gapless(value: string, key: Output | undefined): string {
  const month = MONTHS[Number(value.slice(5, 7)) - 1] ?? ''
  switch (key?.grain) {
    case 'month':
      return `${month} ${value.slice(0, 4)}`
    case 'quarter':
      return `Q${Math.ceil(Number(value.slice(5, 7)) / 3)} ${value.slice(0, 4)}`
    case 'year':
      return value.slice(0, 4)
    case 'fiscal_year':
      // Named after the calendar year in which it ends.
      return `FY ${Number(value.slice(0, 4)) + (value.slice(5, 7) === '01' ? 0 : 1)}`
    case 'quarter_of_year':
      return `Q${value}`
    case 'hour_of_day':
      return `${value.padStart(2, '0')}:00`
    case 'month_of_year':
      return MONTHS[Number(value) - 1] ?? value
    case 'day_of_week':
      return DAYS[Number(value) - 1] ?? value
    default:
      return value
  }
}

function described(output: Output, pivoted: boolean): OutputColumn {
  return {
    id: output.id,
    label: output.label,
    type: output.type ?? 'text',
    role: pivoted && output.role === 'aggregate' ? 'pivot' : output.role,
    ...(output.grain === undefined ? {} : { grain: output.grain }),
    ...(output.format === undefined ? {} : { format: output.format }),
    ...(output.unit === undefined ? {} : { unit: output.unit }),
    ...(output.valueLabels === undefined ? {} : { valueLabels: output.valueLabels }),
  }
}
