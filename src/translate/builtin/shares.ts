// "Share of online gifts": how much of all is what meets the condition, not what share it has in itself.
// In: a definition of one row with shares of its own totals. Out: the part, the whole and the one in the other.
// Refused: groups, whose shares are of all groups, and numbers of other rows; such a definition comes back as it was.
import type { Catalog } from '../../catalog/schema.ts'
import type { Calculation, Definition, FieldCondition, Filter } from '../../definition/schema.ts'
import { allOf } from './tie/place.ts'

/** The definition whose conditions pick the part, while its periods hold for both. */
export function sharesOfAll(definition: Definition, catalog: Catalog): Definition {
  const { aggregates, calculations, filters, groupBy, having, sortBy } = definition
  if (groupBy.length > 0 || having !== undefined || sortBy.length > 0 || filters === undefined) return definition
  const own = aggregates.every(
    ({ metric, field, per }) => per === undefined && ![metric, field].some((path) => path?.includes('.')),
  )
  const shares = calculations.flatMap((one) => ('fn' in one && one.fn === 'percent_of_total' ? [one.of] : []))
  if (shares.length === 0 || shares.length < calculations.length || !own) return definition
  const all = 'all' in filters ? filters.all : [filters]
  const conditions = all.filter((one) => !isPeriod(one))
  const periods = all.filter(isPeriod)
  // Of what was refunded last year the whole is not what was refunded then.
  const date = catalog.entities[definition.dataSources[0] ?? '']?.defaultDate
  if (conditions.length === 0 || periods.some(({ field }) => field !== date)) return definition
  const where = allOf(conditions)
  const parts = aggregates
    .filter(({ id }) => shares.includes(id))
    .map((one) => ({
      ...one,
      id: `part_of_${one.id}`,
      where: one.where === undefined ? where : allOf([one.where, where]),
    }))
  const { filters: _filters, ...rest } = definition
  return {
    ...rest,
    ...(periods.length === 0 ? {} : { filters: allOf(periods) }),
    aggregates: aggregates.flatMap((one) => [...parts.filter(({ id }) => id === `part_of_${one.id}`), one]),
    calculations: shares.map(
      (id): Calculation => ({ id: `share_of_${id}`, formula: `part_of_${id} / ${id}`, format: { style: 'percent' } }),
    ),
  }
}

function isPeriod(filter: Filter): filter is FieldCondition {
  return 'field' in filter && filter.op === 'in_period'
}
