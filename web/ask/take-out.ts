// What a table is without one piece of its sentence. In: a definition, which part and which of it. Out: another definition.
import type { SentencePart } from '../../src/definition/read-back.ts'
import type { Definition, Filter } from '../../src/definition/schema.ts'
import { topPeriods } from '../../src/definition/time.ts'
import { ordersBy } from '../builder/calculations.ts'
import { remove, setCompare, setFilters, setHaving } from '../builder/edits.ts'

export type Piece = { readonly part: SentencePart['part']; readonly index: number }

/** The definition without a piece; undefined where it cannot do without. */
export function takenOut(definition: Definition, { part, index }: Piece): Definition | undefined {
  const { groupBy, aggregates, columns, compare, pivot } = definition
  switch (part) {
    case 'dataSources':
      return undefined
    case 'columns':
      // Without any column a list shows those of its entity.
      return columns.length > 1 ? remove(definition, part, index) : undefined
    case 'groupBy':
      if (groupBy.length + aggregates.length < 2 || (groupBy[index]?.grain !== undefined && goesByTime(definition)))
        return
      return remove(definition, part, index)
    case 'aggregates':
      if (aggregates.length < 2 && (groupBy.length === 0 || compare !== null || pivot !== null)) return
      return remove(definition, part, index)
    case 'calculations':
    case 'sortBy':
      return remove(definition, part, index)
    case 'filters':
      // The period that is compared with the one before.
      if (
        compare !== null &&
        topPeriods(definition.filters).some((one) => one === conditionAt(definition.filters, index))
      )
        return
      return setFilters(definition, withoutOne(definition.filters, index))
    case 'having':
      return setHaving(definition, withoutOne(definition.having, index))
    case 'compare':
      return setCompare(definition, null)
    case 'totals':
    case 'distinct':
      return { ...definition, [part]: false }
    case 'pivot':
    case 'limit':
    case 'limitPer':
      return { ...definition, [part]: null }
  }
}

/** Whether something is compared or computed along the time that the rows are grouped by. */
const goesByTime = ({ compare, calculations }: Definition): boolean =>
  compare !== null || calculations.some(({ fn, over }) => fn !== undefined && ordersBy(fn) && over === undefined)

const conditionAt = (filter: Filter | undefined, index: number): Filter | undefined =>
  filter !== undefined && 'all' in filter ? filter.all[index] : filter

/** The conditions without one of those that hold together; a single one, or one group of another kind, is all of them. */
function withoutOne(filter: Filter | undefined, index: number): Filter | undefined {
  if (filter === undefined || !('all' in filter)) return undefined
  const all = filter.all.filter((_, at) => at !== index)
  return all.length === 0 ? undefined : { all }
}

/** Where the definition has a piece, as the controls of the builder say it. */
export function pathOf(definition: Definition, { part, index }: Piece): string {
  if (part !== 'filters' && part !== 'having') return `${part}.${index}`
  const filter = definition[part]
  return filter !== undefined && 'all' in filter ? `${part}.all.${index}` : part
}
