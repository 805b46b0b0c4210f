// The part of a catalog that a scope may see. In: a catalog and roles. Out: a catalog without the fields of other roles.
// Everything a model, a translator or a client is shown goes through here; the checker refuses the rest on its own.
import type { Catalog, Entity, Field } from './schema.ts'

/** Whether somebody with these roles may see a field. */
export function maySee(field: Field, roles: readonly string[]): boolean {
  return field.roles === undefined || field.roles.some((role) => roles.includes(role))
}

/** The catalog reduced to the fields of these roles, also in display fields, default columns and default dates. */
export function visibleCatalog(catalog: Catalog, roles: readonly string[]): Catalog {
  const entities = Object.entries(catalog.entities).map(([name, entity]) => [name, visibleEntity(entity, roles)])
  return { ...catalog, entities: Object.fromEntries(entities) }
}

function visibleEntity(entity: Entity, roles: readonly string[]): Entity {
  const fields = Object.fromEntries(Object.entries(entity.fields).filter(([, field]) => maySee(field, roles)))
  const { displayField, defaultDate, ...rest } = entity
  return {
    ...rest,
    fields,
    defaultColumns: entity.defaultColumns.filter((name) => Object.hasOwn(fields, name)),
    ...(displayField !== undefined && Object.hasOwn(fields, displayField) && { displayField }),
    ...(defaultDate !== undefined && Object.hasOwn(fields, defaultDate) && { defaultDate }),
  }
}
