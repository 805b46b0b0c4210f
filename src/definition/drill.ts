// From a number to the rows behind it. In: a checked summary, one of its numbers, the keys of its row. Out: a list of the rows
// that were counted there, as a definition of its own. Refused, with the reason: numbers that are made of other numbers, and
// rows from which no relation leads back to those that were grouped.
import { type Hop, resolvePath } from '../catalog/find.ts'
import { canonicalJson } from '../catalog/hash.ts'
import type { Catalog } from '../catalog/schema.ts'
import { resolveAggregate } from './aggregate.ts'
import { columnId } from './outputs.ts'
import { Definition, type Filter, type GroupKey } from './schema.ts'

/** A cell of a row, as rows have them. */
type Cell = string | number | boolean | null
export type Drilled =
  | { readonly ok: true; readonly definition: Definition }
  | { readonly ok: false; readonly reason: string }

/** The rows behind the number in one column of one row; `keys` holds that row's keys by their ids. */
export function drill(
  definition: Definition,
  catalog: Catalog,
  { column, keys }: { readonly column: string; readonly keys: Readonly<Record<string, Cell>> },
): Drilled {
  const source = definition.dataSources[0] ?? ''
  const expr = definition.aggregates.find(({ id }) => id === column)
  if (expr === undefined) return no('it is made of other numbers; look behind one of those')
  if (definition.pivot !== null) return no('the table is pivoted; take the pivot out first')
  const resolved = resolveAggregate(catalog, source, expr)
  if (!resolved.ok) return no('it cannot be resolved')
  const { hops, countedEntity, where, fn, value } = resolved.aggregate
  const conditions = [...allOf(definition.filters)]
  for (const key of definition.groupBy) {
    const cell = keys[columnId(key)]
    if (cell === undefined) return no('its row is not known')
    const condition = sameKey(key, cell, catalog, source)
    if (condition === undefined) return no(`its group by “${key.label ?? columnId(key)}” cannot be told from others`)
    conditions.push(condition)
  }
  const back = wayBack(hops, catalog)
  if (back === undefined) return no('no relation leads from those rows back to the ones that were grouped')
  const inGroup: Filter[] =
    back === ''
      ? conditions
      : [{ relation: back, match: 'some', ...(conditions.length > 0 && { where: { all: once(conditions) } }) }]
  // Only rows with a value are counted.
  const counts = (fn === 'count' || fn === 'count_distinct') && value?.kind === 'field'
  const filled: Filter[] = counts ? [{ field: value.path, op: 'not_empty' }] : []
  const all = once([...inGroup, ...where.flatMap(allOf), ...filled])
  return {
    ok: true,
    definition: Definition.parse({
      version: 1,
      dataSources: [countedEntity],
      ...(all.length > 0 && { filters: { all } }),
      ...(value?.kind === 'field' && ranks(fn) && { sortBy: [{ field: value.path, direction: 'desc' }] }),
    }),
  }
}

/** The conditions that hold together. */
const allOf = (filter: Filter | undefined): readonly Filter[] =>
  filter === undefined ? [] : 'all' in filter ? filter.all.flatMap(allOf) : [filter]

/** Each condition only once, wherever it came from. */
const once = (filters: readonly Filter[]): Filter[] => [
  ...new Map(filters.map((filter) => [canonicalJson(filter), filter])).values(),
]

const no = (reason: string): Drilled => ({ ok: false, reason })
const ranks = (fn: string): boolean => !['count', 'count_distinct', 'list', 'first', 'last'].includes(fn)

/** The condition that holds for the rows of one group and no others. */
function sameKey(key: GroupKey, cell: Cell, catalog: Catalog, source: string): Filter | undefined {
  const { field, formula, grain, bucket } = key
  if (bucket !== undefined) {
    if (field === undefined) return undefined
    if (cell === null) return { field, op: 'is_empty' }
    const from = Number(cell)
    if (!Number.isFinite(from)) return undefined
    return {
      all: [
        { field, op: 'gte', value: from },
        { field, op: 'lt', value: from + bucket },
      ],
    }
  }
  if (formula !== undefined) {
    if (cell === null) return { formula, op: 'is_empty' }
    return { formula, op: 'eq', value: cell }
  }
  if (field === undefined) return undefined
  const side = { field, ...(grain !== undefined && { grain }) }
  if (cell === null) return { field, op: 'is_empty' }
  const found = resolvePath(catalog, source, field)
  const type = found.ok ? found.field?.type : undefined
  if (typeof cell === 'string' && (type === 'integer' || type === 'number' || type === 'money')) {
    const number = Number(cell)
    // A number that JSON cannot name exactly would pick other rows.
    return String(number) === cell.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '')
      ? { ...side, op: 'eq', value: number }
      : undefined
  }
  return { ...side, op: 'eq', value: cell }
}

/** The relations from the counted rows back to the grouped ones, as a path; '' where they are the same rows. */
function wayBack(hops: readonly Hop[], catalog: Catalog): string | undefined {
  const names: string[] = []
  for (const { relation, from, to } of hops.toReversed()) {
    const there = catalog.entities[from]?.relations[relation]
    const back = Object.entries(catalog.entities[to]?.relations ?? {}).find(
      ([, one]) =>
        one.to === from &&
        one.on.length === there?.on.length &&
        one.on.every(({ from: a, to: b }) => there.on.some((other) => other.from === b && other.to === a)),
    )
    if (back === undefined) return undefined
    names.push(back[0])
  }
  return names.join('.')
}
