import type { Catalog } from '../catalog/schema.ts'
import { lowerFirst } from './outputs.ts'
import { readBack } from './read-back.ts'
import type { Definition } from './schema.ts'
import { rowSpeech, spokenFilter } from './spoken.ts'

/** The conditions on the rows of a checked definition, one text each, in the words of its sentence. */
export function filterSentences(definition: Definition, catalog: Catalog): string[] {
  const { filters } = definition
  if (filters === undefined) return []
  const inner = (one: Definition): string => lowerFirst(readBack(one, catalog).replace(/\.$/, ''))
  const speech = rowSpeech(catalog, definition.dataSources[0] ?? '', inner)
  return ('all' in filters ? filters.all : [filters]).map((filter) => spokenFilter(filter, speech))
}
