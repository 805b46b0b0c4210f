// A definition of an entity that shows nothing yet.
// In: the entity. Out: a definition with every part empty, to be filled.
import type { Definition } from '../../../definition/schema.ts'

/** A definition over an entity with no columns, conditions or order. */
export function empty(root: string): Definition {
  return {
    version: 1,
    dataSources: [root],
    columns: [],
    groupBy: [],
    aggregates: [],
    calculations: [],
    sortBy: [],
    limit: null,
    limitPer: null,
    totals: false,
    pivot: null,
    compare: null,
    distinct: false,
  }
}
