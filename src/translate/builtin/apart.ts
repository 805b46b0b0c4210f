// "Publishers with books over 50 and books under 10": no book is both, so each is asked of books of its own.
// In: a list of one field's values whose conditions no row can meet together. Out: the values that have rows of each kind.
// Refused: everything else; it comes back as it was.
import type { Definition, FieldCondition, Filter } from '../../definition/schema.ts'
import { empty } from './tie/empty.ts'

/** The definition with bounds that exclude each other asked of different rows. */
export function apart(definition: Definition): Definition {
  const { filters, columns, distinct, dataSources } = definition
  const [column] = columns
  if (filters === undefined || !('all' in filters) || !distinct || column?.field === undefined) return definition
  if (columns.length !== 1 || definition.groupBy.length + definition.aggregates.length > 0) return definition
  const field = column.field
  const bounds = filters.all.filter(isBound)
  const [low] = bounds.filter(({ op }) => op === 'gt' || op === 'gte')
  const [high] = bounds.filter(({ op }) => op === 'lt' || op === 'lte')
  if (bounds.length !== 2 || low === undefined || high === undefined) return definition
  if (low.field !== high.field || low.field === field || Number(low.value) < Number(high.value)) return definition
  const rest = filters.all.filter((one) => one !== low && one !== high)
  const having = (bound: Filter): Filter => ({
    field,
    op: 'in',
    value: {
      definition: {
        ...empty(dataSources[0] ?? ''),
        columns: [{ field }],
        filters: { all: [...rest, bound] },
        distinct: true,
      },
    },
  })
  return { ...definition, filters: { all: [having(low), having(high)] } }
}

function isBound(filter: Filter): filter is FieldCondition {
  return 'field' in filter && typeof filter.value === 'number' && /^(gte?|lte?)$/.test(filter.op)
}
