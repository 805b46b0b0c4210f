// The columns that stand for a row, a key or a name.
// In: the catalog and an entity or field. Out: columns, best first.
// Refused: paths; those need a root.
import type { Catalog } from '../../../catalog/schema.ts'
import { hasMetrics } from '../written.ts'
import { entityIn, fieldIn, foreignKeys, isNumeric, isTime, namesOf } from './facts.ts'
import type { Tied } from './resolved.ts'
import type { Column } from './shape.ts'

/** The columns a field stands for: both names of a person; a key together with the name behind it. */
export function fieldColumns(catalog: Catalog, one: Extract<Tied, { kind: 'field' }>): Column[] {
  if (one.names === true) return namesOf(catalog, one.entity).map((field) => ({ entity: one.entity, field }))
  const own: Column = { entity: one.entity, field: one.field }
  if (one.bare !== true || !foreignKeys(catalog, one.entity).has(one.field)) return [own]
  const column = fieldIn(catalog, one.entity, one.field)?.column
  const [name, relation] =
    Object.entries(entityIn(catalog, one.entity)?.relations ?? {}).find(
      ([, other]) => other.kind === 'to_one' && other.on.length === 1 && other.on[0]?.from === column,
    ) ?? []
  if (name === undefined || relation === undefined) return [own]
  if (relation.to === one.entity && !hasMetrics(catalog)) return [own]
  const via = { entity: one.entity, relation: name }
  const names = namesOf(catalog, relation.to).map((field) => ({ entity: relation.to, field, via }))
  // A state's letters beside its name would show every state twice.
  const twice = hasMetrics(catalog) && names.length > 0 && fieldIn(catalog, one.entity, one.field)?.type === 'text'
  return twice ? names : [own, ...names]
}

/** The field that names a row. */
export function nameOf(catalog: Catalog, entity: string): Tied {
  return {
    kind: 'field',
    entity,
    field: namesOf(catalog, entity)[0] ?? Object.keys(entityIn(catalog, entity)?.fields ?? {})[0] ?? 'id',
  }
}

/** What stands for a row in a list: its key, its names, then its default columns. */
export function rowColumns(catalog: Catalog, entity: string): Column[] {
  const one = entityIn(catalog, entity)
  const fields = [
    ...(one !== undefined && one.primaryKey.length === 1 ? one.primaryKey : []),
    ...namesOf(catalog, entity),
    ...(one?.defaultColumns ?? []),
  ]
  return [...new Set(fields)].slice(0, 8).map((field) => ({ entity, field }))
}

/** All columns of an entity. */
export function everyColumn(catalog: Catalog, entity: string): Column[] {
  return Object.keys(entityIn(catalog, entity)?.fields ?? {}).map((field) => ({ entity, field }))
}

/** What tells rows apart in a summary: key and names. */
export function keyColumns(catalog: Catalog, entity: string): Column[] {
  const one = entityIn(catalog, entity)
  const fields = [
    ...namesOf(catalog, entity),
    ...(one !== undefined && one.primaryKey.length === 1 ? one.primaryKey : []),
  ]
  return [...new Set(fields)].map((field) => ({ entity, field }))
}

/** Whether the columns tell rows apart; "all card types" alone does not, and repeating them says nothing. */
export function namesRows(catalog: Catalog, root: string, columns: readonly Column[]): boolean {
  return columns.some((one) => {
    // What only leads to other rows tells them apart, not these.
    if (one.entity !== root || foreignKeys(catalog, root).has(one.field)) return false
    const entity = entityIn(catalog, one.entity)
    const field = fieldIn(catalog, one.entity, one.field)
    if (isNumeric(field) || isTime(field)) return true
    return (
      entity?.primaryKey.includes(one.field) === true ||
      entity?.displayField === one.field ||
      namesOf(catalog, one.entity).includes(one.field)
    )
  })
}
