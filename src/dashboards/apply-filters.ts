// Shared filters of a dashboard put into a tile's definition, before anything is counted.
// In: a definition, filters with their values, a catalog. Out: the definition with conditions, which filters it took, and
// why it did not take the others. A filter is never half applied: if one number of the tile would escape it, none takes it.

import { resolvePath } from '../catalog/find.ts'
import type { Catalog, Entity } from '../catalog/schema.ts'
import { checkDefinition } from '../definition/check.ts'
import type { AggregateExpr, Definition, Filter } from '../definition/schema.ts'
import type { DashboardFilter } from '../placing/content.ts'

export type SetFilter = Pick<DashboardFilter, 'id' | 'field' | 'op'> & { readonly value: unknown }
export type Applied = {
  readonly definition: Definition
  readonly applied: readonly string[]
  readonly ignored: readonly { readonly id: string; readonly reason: string }[]
}

/** Relations between the tile's source and the filter's field, at most. */
const MAX_HOPS = 3

/** The definition with every filter that it can take as a whole; each one that it cannot is named with the reason. */
export function applyFilters(definition: Definition, filters: readonly SetFilter[], catalog: Catalog): Applied {
  const applied: string[] = []
  const ignored: { id: string; reason: string }[] = []
  let current = definition
  for (const filter of filters) {
    const next = withFilter(current, filter, catalog)
    if (typeof next === 'string') {
      ignored.push({ id: filter.id, reason: next })
      continue
    }
    const issues = checkDefinition(next, catalog)
    if (issues.length > 0) {
      ignored.push({ id: filter.id, reason: issues[0]?.message ?? 'The table cannot take it' })
      continue
    }
    current = next
    applied.push(filter.id)
  }
  return { definition: current, applied, ignored }
}

function withFilter(definition: Definition, filter: SetFilter, catalog: Catalog): Definition | string {
  if (definition.compare !== null && isTime(filter, catalog)) {
    return 'It compares with an earlier time, which a second condition on a date would cut off'
  }
  const [source = ''] = definition.dataSources
  const counted = withWhere(definition, source, filter, catalog)
  // A date is that of what is counted: gifts of a campaign have days of their own.
  if (filter.field === 'date' && definition.aggregates.length > 0 && !countsSource(definition, source, catalog)) {
    return counted ?? 'Its numbers count different things, each with a date of its own'
  }
  const path = pathTo(catalog, source, filter)
  if (path.kind !== 'found') return counted ?? reasonOf(path.kind, filter, catalog)
  return { ...definition, filters: both(definition.filters, condition(path.field, filter)) }
}

/** Whether a filter cuts time: only the table's own period moves along with a comparison. */
function isTime({ field, op }: SetFilter, catalog: Catalog): boolean {
  if (field === 'date' || op === 'in_period') return true
  const type = catalog.entities[field.entity]?.fields[field.field]?.type
  return type === 'date' || type === 'timestamp'
}

function countsSource(definition: Definition, source: string, catalog: Catalog): boolean {
  return definition.aggregates.every((aggregate) => countedEntity(catalog, source, aggregate) === source)
}

/** Where the source does not lead to the field but everything that is counted does: the numbers are filtered, the rows stay. */
function withWhere(
  definition: Definition,
  source: string,
  filter: SetFilter,
  catalog: Catalog,
): Definition | undefined {
  if (definition.aggregates.length === 0) return undefined
  const aggregates = definition.aggregates.map((aggregate) => {
    const entity = countedEntity(catalog, source, aggregate)
    const path = entity === undefined || entity === source ? undefined : pathTo(catalog, entity, filter)
    if (path?.kind !== 'found') return undefined
    return { ...aggregate, where: both(aggregate.where, condition(path.field, filter)) }
  })
  const all = aggregates.filter((one) => one !== undefined)
  return all.length === aggregates.length ? { ...definition, aggregates: all } : undefined
}

/** The entity whose rows an aggregate counts; undefined where it cannot be told. */
function countedEntity(catalog: Catalog, source: string, aggregate: AggregateExpr): string | undefined {
  if (aggregate.per !== undefined) return aggregate.per === 'source_rows' ? source : undefined
  const path = aggregate.metric ?? aggregate.field
  if (path === undefined) return aggregate.formula === undefined ? source : undefined
  const relations = path.split('.').slice(0, -1).join('.')
  const end = relations === '' ? undefined : resolvePath(catalog, source, relations)
  if (end?.ok === false) return undefined
  const owner = end?.entityName ?? source
  if (aggregate.metric === undefined) return owner
  // What a metric counts is its own to say: it may count rows that are related to its entity's.
  const metric = catalog.entities[owner]?.metrics[path.split('.').at(-1) ?? '']
  return metric === undefined ? undefined : countedEntity(catalog, owner, metric.aggregate)
}

type Path = { readonly kind: 'found'; readonly field: string } | { readonly kind: 'none' | 'several' | 'no_date' }

/** The one shortest way over to-one relations from an entity to a filter's field. */
function pathTo(catalog: Catalog, from: string, { field }: SetFilter): Path {
  if (field === 'date') {
    const date = catalog.entities[from]?.defaultDate
    return date === undefined ? { kind: 'no_date' } : { kind: 'found', field: date }
  }
  let ends: { entity: string; path: string[] }[] = [{ entity: from, path: [] }]
  for (let hops = 0; hops <= MAX_HOPS; hops += 1) {
    const there = ends.filter(({ entity }) => entity === field.entity)
    if (there.length > 1) return { kind: 'several' }
    if (there[0] !== undefined) return { kind: 'found', field: [...there[0].path, field.field].join('.') }
    ends = ends.flatMap(({ entity, path }) =>
      toOne(catalog.entities[entity]).map(([name, to]) => ({ entity: to, path: [...path, name] })),
    )
  }
  return { kind: 'none' }
}

function toOne(entity: Entity | undefined): [string, string][] {
  return Object.entries(entity?.relations ?? {}).flatMap(([name, { kind, to }]): [string, string][] =>
    kind === 'to_one' ? [[name, to]] : [],
  )
}

function condition(field: string, { op, value }: SetFilter): Filter {
  return { field, op, value } as Filter
}

function both(existing: Filter | undefined, added: Filter): Filter {
  if (existing === undefined) return added
  return 'all' in existing ? { all: [...existing.all, added] } : { all: [existing, added] }
}

function reasonOf(kind: Path['kind'], { field }: SetFilter, catalog: Catalog): string {
  if (field === 'date') return 'What it counts has no date of its own'
  const label = catalog.entities[field.entity]?.label ?? field.entity
  if (kind === 'several') return `Its rows lead to ${label} in more than one way`
  return `Its rows do not lead to ${label}`
}
