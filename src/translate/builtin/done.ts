// "Expenses paid last month" were paid, and that was last month: a deed names what became of the rows and when.
// In: a definition and the prompt's words. Out: the same, with what became of them where only the day was read.
// Left alone: dates that are named after the deed themselves, which are empty until it is done.
import type { Catalog } from '../../catalog/schema.ts'
import type { Definition, Filter } from '../../definition/schema.ts'
import { isPast } from './stem.ts'
import { empty } from './tie/empty.ts'
import { allOf } from './tie/place.ts'
import { touchedBy } from './touched.ts'

/** The definition whose rows have come to be what a word says of them. */
export function doneThen(definition: Definition, catalog: Catalog, words: ReadonlySet<string>): Definition {
  const root = definition.dataSources[0] ?? ''
  const fields = catalog.entities[root]?.fields ?? {}
  const { filters, groupBy } = definition
  // What is only shown beside the rows says nothing of them.
  const { timeFields, fields: read } = touchedBy(
    { ...empty(root), groupBy, ...(filters !== undefined && { filters }) },
    catalog,
  )
  const days = [...timeFields].flatMap((one) => {
    const [entity, name = ''] = one.split('.')
    return entity === root ? (fields[name] ?? []) : []
  })
  const became = Object.entries(fields).flatMap(([name, { values = [] }]): Filter[] => {
    if (read.has(`${root}.${name}`)) return []
    return values.flatMap(({ value, label = value }): Filter[] => {
      const word = label.toLowerCase()
      if (!words.has(word) || !(isPast(word) || word === 'paid')) return []
      const isDay = days.some(
        (day) =>
          !day.label.toLowerCase().split(/\W+/).includes(word) &&
          day.synonyms.some((one) => one.toLowerCase().split(/\W+/).includes(word)),
      )
      return isDay ? [{ field: name, op: 'eq', value }] : []
    })
  })
  if (became.length !== 1) return definition
  const all = filters === undefined ? [] : 'all' in filters ? filters.all : [filters]
  return { ...definition, filters: allOf([...all, ...became]) }
}
