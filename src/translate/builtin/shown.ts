// What rows are sorted by or compared in is worth seeing: "the heaviest shipment", "with a credit limit above 5000".
// In: a definition and its catalog. Out: the definition, with such columns beside those that its rows usually have.
// Left alone: lists whose columns were asked for, and whatever is grouped.
import type { Catalog } from '../../catalog/schema.ts'
import type { Definition } from '../../definition/schema.ts'
import { rowColumns } from './tie/columns.ts'
import { fieldIn, isNumeric, isTime } from './tie/facts.ts'

/** The definition with the numbers and dates that its rows are sorted by or compared in. */
export function withSpoken(definition: Definition, catalog: Catalog): Definition {
  const { columns, distinct, dataSources, sortBy, filters } = definition
  const [root = ''] = dataSources
  const usual = rowColumns(catalog, root).map(({ field }) => field)
  const isUsual = columns.length === usual.length && columns.every(({ field }, at) => field === usual[at])
  if (!isUsual || distinct) return definition
  const conditions = filters === undefined ? [] : 'all' in filters ? filters.all : [filters]
  const compared = conditions.flatMap((one) =>
    'field' in one && /^(gt|gte|lt|lte|between)$/.test(one.op) ? [one.field] : [],
  )
  const spoken = [...sortBy.map(({ field }) => field), ...compared].filter((field) => {
    const own = fieldIn(catalog, root, field)
    return (isNumeric(own) || isTime(own)) && !usual.includes(field)
  })
  return { ...definition, columns: [...columns, ...[...new Set(spoken)].map((field) => ({ field }))] }
}
