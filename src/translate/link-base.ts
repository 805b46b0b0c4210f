// The entities a definition reaches, so that a follow-up's names stay visible to the model.
import { entityOf, resolvePath } from '../catalog/find.ts'
import type { Catalog } from '../catalog/schema.ts'
import type { Definition } from '../definition/schema.ts'

/** Names of all entities that a definition's paths touch, its source first; names nobody knows are passed over. */
export function entitiesOf(catalog: Catalog, definition: Definition): string[] {
  const touched = new Set<string>()
  collect(catalog, definition, touched)
  return [...touched]
}

function collect(catalog: Catalog, definition: Definition, touched: Set<string>): void {
  const source = definition.dataSources[0]
  if (source === undefined || entityOf(catalog, source) === undefined) return
  touched.add(source)
  // A path inside a `where` starts at the entity whose rows are counted, which is one of those already touched.
  for (const path of pathsIn(definition, (inner) => collect(catalog, inner, touched)))
    for (const start of [...touched]) {
      const found = resolvePath(catalog, start, path)
      if (found.ok) for (const hop of found.hops) touched.add(hop.to)
    }
}

const NAME = /[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*/g
const PATH_KEYS: ReadonlySet<string> = new Set([
  'field',
  'metric',
  'per',
  'by',
  'relation',
  'formula',
  'same',
  'of',
  'dataSources',
])

function pathsIn(part: unknown, onDefinition: (inner: Definition) => void, key = ''): string[] {
  if (typeof part === 'string') return PATH_KEYS.has(key) ? (part.match(NAME) ?? []) : []
  if (Array.isArray(part)) return part.flatMap((item) => pathsIn(item, onDefinition, key))
  if (typeof part !== 'object' || part === null) return []
  return Object.entries(part).flatMap(([name, inner]) => {
    if (name === 'definition') onDefinition(inner as Definition)
    return name === 'definition' ? [] : pathsIn(inner, onDefinition, name)
  })
}
