// Every condition of a checked definition in the words of its sentence, with the place where the definition has it.
import type { Catalog } from '../catalog/schema.ts'
import { keptByDefinition } from './kept.ts'
import { columnSpeech, innerSentence } from './read-back.ts'
import type { Aggregate, Definition, Filter } from './schema.ts'
import { countedEntity, rowSpeech, type Speech, spokenAggregate, spokenFilter } from './spoken.ts'

export type Words = { readonly path: readonly (string | number)[]; readonly text: string }

/** The conditions on rows, within aggregates and on the result, nested ones too, and what each aggregate counts. */
export const conditionWords = keptByDefinition(wordsOf)

function wordsOf(definition: Definition, catalog: Catalog): Words[] {
  const source = definition.dataSources[0] ?? ''
  const rows = (entity: string): Speech => rowSpeech(catalog, entity, innerSentence(catalog))
  const words = (filter: Filter, speech: Speech, path: Words['path']): Words[] => {
    if ('all' in filter) return filter.all.flatMap((one, i) => words(one, speech, [...path, 'all', i]))
    if ('any' in filter) return filter.any.flatMap((one, i) => words(one, speech, [...path, 'any', i]))
    if ('not' in filter) return words(filter.not, speech, [...path, 'not'])
    const own = { path, text: spokenFilter(filter, speech) }
    const entity = speech.entity ?? source
    if ('relation' in filter && filter.where !== undefined) {
      const target = countedEntity({ fn: 'count', per: filter.relation }, catalog, entity)
      return [own, ...words(filter.where, rows(target), [...path, 'where'])]
    }
    if (!('aggregate' in filter) || filter.aggregate.where === undefined) return [own]
    const counted = countedEntity(filter.aggregate, catalog, entity)
    return [own, ...words(filter.aggregate.where, rows(counted), [...path, 'aggregate', 'where'])]
  }
  const number = (aggregate: Aggregate, index: number): Words[] => {
    const { where, ...rest } = aggregate
    const path = ['aggregates', index]
    const own = { path, text: spokenAggregate(rest, catalog, source, innerSentence(catalog)) }
    if (where === undefined) return [own]
    return [own, ...words(where, rows(countedEntity(aggregate, catalog, source)), [...path, 'where'])]
  }
  const { filters, having, aggregates } = definition
  return [
    ...(filters === undefined ? [] : words(filters, rows(source), ['filters'])),
    ...aggregates.flatMap(number),
    ...(having === undefined ? [] : words(having, columnSpeech(definition, catalog), ['having'])),
  ]
}
