// What a program needs to know before it asks: the catalog as its owner sees it, and the language of definitions.
// In: a catalog and roles. Out: text within a bound; a catalog that is larger is listed by name.
import { describeCatalog } from '../catalog/describe.ts'
import type { Catalog } from '../catalog/schema.ts'
import { visibleCatalog } from '../catalog/visible.ts'
import { UserError } from '../errors.ts'
import { readPrompts } from '../translate/llm/prompt-files.ts'
import { findEntities } from './find-entities.ts'

/** About 8,000 tokens. */
export const MAX_CATALOG_CHARS = 32_000

export type Discovered = {
  /** Whether every entity is described in full. */
  readonly complete: boolean
  readonly catalog: string
  readonly language?: string
}

/** Describes the catalog; of a large one the entities that are named or that a query finds. Throws `UserError` not_found. */
export function discover(
  catalog: Catalog,
  roles: readonly string[],
  { entity, query }: { entity?: string | undefined; query?: string | undefined },
): Discovered {
  const visible = visibleCatalog(catalog, roles)
  const names = Object.keys(visible.entities)
  if (entity !== undefined) {
    if (visible.entities[entity] === undefined) throw noEntity(entity, names)
    return { complete: names.length === 1, catalog: describeCatalog(catalog, { entities: [entity], roles }) }
  }
  if (query !== undefined) return { complete: false, ...within(catalog, roles, findEntities(visible, query)) }
  const whole = describeCatalog(catalog, { roles })
  const language = languageReference()
  if (whole.length <= MAX_CATALOG_CHARS) return { complete: true, catalog: whole, language }
  const listed = names.map((name) => `- ${name}: ${visible.entities[name]?.label ?? name}`).join('\n')
  return { complete: false, catalog: cut(`# ${visible.name}\n\n${listed}`), language }
}

function within(catalog: Catalog, roles: readonly string[], entities: readonly string[]): { catalog: string } {
  const kept: string[] = []
  let text = ''
  for (const name of entities) {
    const next = describeCatalog(catalog, { entities: [...kept, name], roles })
    if (next.length > MAX_CATALOG_CHARS) break
    kept.push(name)
    text = next
  }
  return { catalog: kept.length > 0 ? text : 'No entity fits these words; call discover without a query for a list.' }
}

function cut(text: string): string {
  if (text.length <= MAX_CATALOG_CHARS) return text
  const end = text.lastIndexOf('\n', MAX_CATALOG_CHARS)
  return `${text.slice(0, end)}\n… more entities; look for them with "query"`
}

function noEntity(entity: string, names: readonly string[]): UserError {
  const known = names.slice(0, 20).join(', ')
  return new UserError('not_found', `Cannot describe "${entity.slice(0, 100)}": the catalog has no such entity`, {
    fix: `name one of them: ${known}${names.length > 20 ? ', …' : ''}`,
  })
}

let language: string | undefined

/** The part of the models' instructions that says what a definition is; the same text, so that it cannot grow old. */
export function languageReference(): string {
  const { system } = readPrompts()
  language ??= system.slice(system.indexOf('# The definition'), system.indexOf('# Rules')).trim()
  return language
}
