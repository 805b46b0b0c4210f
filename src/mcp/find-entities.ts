import type { Catalog, Entity } from '../catalog/schema.ts'

/** Names of the entities that words fit, the best first: names and synonyms of the entity count more than its fields. */
export function findEntities(catalog: Catalog, query: string): string[] {
  const words = query.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  const stems = words.map((word) => word.replace(/(?<=..)(?:ies|es|s)$/, ''))
  const scored = Object.entries(catalog.entities).map(([name, entity]) => ({
    name,
    score: scoreOf(name, entity, stems),
  }))
  return scored
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ name }) => name)
}

function scoreOf(name: string, entity: Entity, stems: readonly string[]): number {
  const own = [name, entity.label, ...entity.synonyms].join(' ').toLowerCase()
  const parts = [...Object.entries(entity.fields), ...Object.entries(entity.metrics)]
    .flatMap(([key, { label, synonyms }]) => [key, label ?? '', ...synonyms])
    .join(' ')
    .toLowerCase()
  return stems.reduce((sum, stem) => sum + (own.includes(stem) ? 3 : 0) + (parts.includes(stem) ? 1 : 0), 0)
}
