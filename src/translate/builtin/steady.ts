// Rows that are equal in what orders them stand in the order of their key, so that "the five oldest" are the same five whatever is shown.
// In: a definition over a catalog as introspected. Out: the same with the key behind what a list is sorted by.
// Refused: summaries and merged rows, which have no key of their own.
import type { Catalog } from '../../catalog/schema.ts'
import type { Definition } from '../../definition/schema.ts'

/** A sorted list with its primary key as the last thing to sort by. */
export function steady(definition: Definition, catalog: Catalog): Definition {
  const { columns, sortBy, distinct, dataSources } = definition
  if (columns.length === 0 || sortBy.length === 0 || distinct) return definition
  const { primaryKey = [], fields = {} } = catalog.entities[dataSources[0] ?? ''] ?? {}
  const more = primaryKey.filter((name) => Object.hasOwn(fields, name) && !sortBy.some(({ field }) => field === name))
  return { ...definition, sortBy: [...sortBy, ...more.map((field) => ({ field, direction: 'asc' as const }))] }
}
