// Prompts that work on a catalog, for a page that is still empty.
// In: a catalog as the asker may see it, and a translator. Out: prompts that it answers as they are meant.
// Left out: whatever the translator reads in another way, so that nobody is invited to ask in vain.
import { entityOf, fieldOf } from '../catalog/find.ts'
import type { Catalog, Entity } from '../catalog/schema.ts'
import { plural } from '../catalog/words.ts'
import type { Definition } from '../definition/schema.ts'
import type { TranslateInput, Translator } from './types.ts'

type Candidate = { readonly prompt: string; readonly fits: (definition: Definition) => boolean }

/** Candidates tried at most, so that the cost is bounded for any catalog. */
const MAX_TRIED = 40

/** At most `max` (default 6) prompts, those of different entities first. */
export async function suggestPrompts(options: {
  input: Omit<TranslateInput, 'prompt' | 'base' | 'hint'>
  translator: Translator
  max?: number
}): Promise<string[]> {
  const { input, translator, max = 6 } = options
  const found: string[] = []
  for (const candidate of inTurns(candidatesOf(input.catalog)).slice(0, MAX_TRIED)) {
    if (found.length >= max) break
    const read = await translator({ ...input, prompt: candidate.prompt })
    if (read.kind === 'answer' && candidate.fits(read.definition)) found.push(candidate.prompt)
  }
  return found
}

function candidatesOf(catalog: Catalog): Candidate[][] {
  return Object.entries(catalog.entities)
    .filter(
      ([, { junction, metrics, defaultDate }]) =>
        !junction && (defaultDate !== undefined || Object.keys(metrics).length > 0),
    )
    .map(([name, entity]) => ({ name, entity, weight: Object.keys(entity.metrics).length }))
    .sort((a, b) => b.weight - a.weight)
    .map(({ name, entity }, place) => rotated(candidatesFor(catalog, name, entity), place))
}

function candidatesFor(catalog: Catalog, name: string, entity: Entity): Candidate[] {
  const [metricName, metric] = Object.entries(entity.metrics)[0] ?? []
  const what = metric?.label ?? `Number of ${entity.label.toLowerCase()}`
  const measures = (definition: Definition): boolean => {
    const [aggregate, more] = definition.aggregates
    if (definition.dataSources[0] !== name || more !== undefined) return false
    return metricName === undefined ? aggregate?.fn === 'count' : aggregate?.metric === metricName
  }
  const groupedBy = ({ groupBy }: Definition, field: string, grain?: string): boolean =>
    groupBy[0]?.field === field && groupBy[0].grain === grain
  const candidates: Candidate[] = []
  if (entity.defaultDate !== undefined) {
    const date = entity.defaultDate
    candidates.push({
      prompt: `${what} by month this year`,
      fits: (definition) =>
        measures(definition) && groupedBy(definition, date, 'month') && definition.filters !== undefined,
    })
  }
  for (const [relationName, relation] of Object.entries(entity.relations)) {
    const target = relation.kind === 'to_one' ? entityOf(catalog, relation.to) : undefined
    const display = target?.displayField
    if (target === undefined || display === undefined || fieldOf(target, display) === undefined) continue
    candidates.push({
      prompt: `Top 10 ${plural(target.singular ?? target.label.toLowerCase())} by ${what.toLowerCase()}`,
      fits: (definition) =>
        measures(definition) && definition.limit === 10 && groupedBy(definition, `${relationName}.${display}`),
    })
  }
  for (const [fieldName, field] of Object.entries(entity.fields)) {
    if (field.type !== 'enum' || field.sensitive) continue
    candidates.push({
      prompt: `${what} by ${field.label.toLowerCase()}`,
      fits: (definition) => measures(definition) && groupedBy(definition, fieldName),
    })
  }
  return candidates
}

/** Begins further on for each entity, so that the first prompts are not all of one kind. */
function rotated<T>(list: readonly T[], by: number): T[] {
  const start = list.length === 0 ? 0 : by % list.length
  return [...list.slice(start), ...list.slice(0, start)]
}

/** The first of each list, then the second of each, and so on; each prompt once. */
function inTurns(lists: readonly (readonly Candidate[])[]): Candidate[] {
  const longest = Math.max(0, ...lists.map((list) => list.length))
  const turns = Array.from({ length: longest }, (_, turn) => lists.flatMap((list) => list[turn] ?? [])).flat()
  return [...new Map(turns.map((candidate) => [candidate.prompt, candidate])).values()]
}
