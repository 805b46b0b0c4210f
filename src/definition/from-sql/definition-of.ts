// Putting the parts of a definition together.
import { entityOf } from '../../catalog/find.ts'
import type { Catalog } from '../../catalog/schema.ts'
import type { Aggregate, Calculation, Column, Definition, Filter, GroupKey, Sort } from '../schema.ts'
import type { OrderItem } from './ast.ts'
import type { Bound } from './bound.ts'
import type { Condition } from './combine.ts'
import type { Operand } from './operand.ts'
import { note, type Session } from './session.ts'

type Parts = {
  readonly columns?: Column[]
  readonly groupBy?: GroupKey[]
  readonly aggregates?: Aggregate[]
  readonly calculations?: Calculation[]
  readonly filter: Condition
  readonly having?: Condition
  readonly sortBy: Sort[]
  readonly limit: number | null
  readonly distinct?: boolean
}

const NEVER: Filter = { formula: '1', op: 'eq', value: 0 }

/** A condition as an optional filter. */
export function asFilter(condition: Condition | undefined): Filter | undefined {
  if (condition === undefined || condition === true) return undefined
  return condition === false ? NEVER : condition
}

/** A whole definition over an entity, its data sources listed. */
export function definitionOf(session: Session, entity: string, parts: Parts): Definition {
  const filters = asFilter(parts.filter)
  const having = asFilter(parts.having)
  const definition: Definition = {
    version: 1,
    dataSources: [entity],
    columns: parts.columns ?? [],
    groupBy: parts.groupBy ?? [],
    aggregates: parts.aggregates ?? [],
    calculations: parts.calculations ?? [],
    ...(filters === undefined ? {} : { filters }),
    ...(having === undefined ? {} : { having }),
    sortBy: parts.sortBy,
    limit: parts.limit,
    limitPer: null,
    totals: false,
    pivot: null,
    compare: null,
    distinct: parts.distinct ?? false,
  }
  return { ...definition, dataSources: [entity, ...relationsUsed(session.catalog, entity, definition)].slice(0, 20) }
}

/** The relation paths that a definition follows from its source, shortest first. */
function relationsUsed(catalog: Catalog, entity: string, definition: Definition): string[] {
  const found = new Set<string>()
  const add = (path: string) => {
    let here = entityOf(catalog, entity)
    let prefix = ''
    for (const name of path.split('.')) {
      const relation = here !== undefined && Object.hasOwn(here.relations, name) ? here.relations[name] : undefined
      if (relation === undefined) return
      prefix = prefix === '' ? name : `${prefix}.${name}`
      found.add(prefix)
      here = entityOf(catalog, relation.to)
    }
  }
  const filterPaths = (filter: Filter | undefined): void => {
    if (filter === undefined) return
    if ('all' in filter) filter.all.forEach(filterPaths)
    else if ('any' in filter) filter.any.forEach(filterPaths)
    else if ('not' in filter) filterPaths(filter.not)
    else if ('relation' in filter) add(filter.relation)
    else if ('field' in filter) add(filter.field)
  }
  for (const column of [...definition.columns, ...definition.groupBy, ...definition.aggregates])
    if (column.field !== undefined) add(column.field)
  for (const aggregate of definition.aggregates) if (aggregate.per !== undefined) add(aggregate.per)
  filterPaths(definition.filters)
  return [...found].sort((a, b) => a.split('.').length - b.split('.').length)
}

/** Where empty values stand: Postgres puts them last when ascending and first when descending, unless told otherwise. */
export function nullsOf(
  session: Session,
  item: OrderItem<Bound>,
  operand: Operand,
  filter: Condition,
): { nulls?: 'first' } {
  if (operand.kind === 'field' && operand.field?.storedAs === 'text')
    note(session, `"${operand.field.label}" is kept as text; it is sorted by its value, where SQL sorts its letters`)
  const wanted = item.nulls ?? (item.desc ? 'first' : 'last')
  if (wanted === 'last' || (operand.kind === 'field' && (operand.certain === true || isFilled(filter, operand.path))))
    return {}
  return { nulls: 'first' }
}

/** Whether a filter keeps only rows in which the field is filled. */
function isFilled(condition: Condition, path: string): boolean {
  if (typeof condition === 'boolean') return false
  if ('all' in condition) return condition.all.some((one) => isFilled(one, path))
  if ('any' in condition) return condition.any.every((one) => isFilled(one, path))
  return (
    'field' in condition &&
    condition.field === path &&
    !['is_empty', 'ne', 'not_in', 'not_contains'].includes(condition.op)
  )
}
