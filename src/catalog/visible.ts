// The part of a catalog that somebody may see.
// In: a catalog and roles. Out: the same catalog without the fields (and the metrics over them) of other roles.
// A name that is left out here is an unknown name to whoever asks: a definition over it is refused like a typing error.
import { resolvePath } from './find.ts'
import type { Catalog, Entity, Field } from './schema.ts'

/**
 * Whether these roles may name and see a field: `roles` lists who may; a field that is `sensitive` and lists no roles is
 * for "admin" only; all other fields are everybody's. No model is ever shown a sensitive field, whoever asks.
 */
export function canSeeField(field: Field, roles: readonly string[]): boolean {
  if (field.roles !== undefined) return field.roles.some((role) => roles.includes(role))
  return !field.sensitive || roles.includes('admin')
}

const known = new WeakMap<Catalog, Map<string, Catalog>>()

/** The catalog reduced to what these roles may see, also in keys, display fields, defaults and metrics; cached, and the very same object when nothing is hidden. */
export function visibleCatalog(catalog: Catalog, roles: readonly string[]): Catalog {
  const fields = Object.values(catalog.entities).flatMap((entity) => Object.values(entity.fields))
  if (fields.every((field) => canSeeField(field, roles))) return catalog
  // Roles that no field asks for make no difference, so there are few different views.
  const named = new Set(['admin', ...fields.flatMap((field) => field.roles ?? [])])
  const key = JSON.stringify(roles.filter((role) => named.has(role)).sort())
  const views = known.get(catalog) ?? new Map<string, Catalog>()
  known.set(catalog, views)
  const before = views.get(key)
  if (before !== undefined) return before
  const entities = mapValues(catalog.entities, (entity) => visibleEntity(entity, roles))
  const view: Catalog = { ...catalog, entities: withoutHiddenMetrics(catalog, { ...catalog, entities }) }
  views.set(key, view)
  return view
}

function visibleEntity(entity: Entity, roles: readonly string[]): Entity {
  const fields = Object.fromEntries(Object.entries(entity.fields).filter(([, field]) => canSeeField(field, roles)))
  const { displayField, defaultDate, ...rest } = entity
  const shown = (name: string | undefined): name is string => name !== undefined && Object.hasOwn(fields, name)
  return {
    ...rest,
    fields,
    primaryKey: entity.primaryKey.every(shown) ? entity.primaryKey : [],
    defaultColumns: entity.defaultColumns.filter(shown),
    ...(shown(displayField) && { displayField }),
    ...(shown(defaultDate) && { defaultDate }),
  }
}

/** A metric over a hidden field would tell its values by way of filters, so it goes with the field. */
function withoutHiddenMetrics(full: Catalog, visible: Catalog): Catalog['entities'] {
  return Object.fromEntries(
    Object.entries(visible.entities).map(([name, entity]) => [
      name,
      {
        ...entity,
        metrics: Object.fromEntries(
          Object.entries(entity.metrics).filter(
            ([, { aggregate }]) => !touchesHidden(aggregate, entitiesTouched(full, name, aggregate), full, visible),
          ),
        ),
      },
    ]),
  )
}

/** The metric's entity and every entity that a path in it leads to: conditions are read from any of these. */
function entitiesTouched(catalog: Catalog, entityName: string, aggregate: unknown): string[] {
  const found = new Set([entityName])
  // Each round follows the paths one relation further; three rounds cover nested relation filters.
  for (let round = 0; round < 3; round += 1)
    for (const from of [...found])
      for (const path of pathsIn(aggregate)) {
        const resolved = resolvePath(catalog, from, path)
        if (resolved.ok) for (const hop of resolved.hops) found.add(hop.to)
      }
  return [...found]
}

function touchesHidden(aggregate: unknown, entities: readonly string[], full: Catalog, visible: Catalog): boolean {
  return pathsIn(aggregate).some((path) =>
    entities.some((from) => resolvePath(full, from, path).ok && !resolvePath(visible, from, path).ok),
  )
}

/** Everything in the values of an aggregate that may be a path: whole texts, and the names inside formulas. */
function pathsIn(part: unknown): string[] {
  if (typeof part === 'string') return part.match(/[A-Za-z_]\w*(\.[A-Za-z_]\w*)*/g) ?? []
  return typeof part === 'object' && part !== null ? Object.values(part).flatMap(pathsIn) : []
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))
}
