// The catalog's entities as Drizzle tables, the only tables that SQL is ever made of.
// In: a checked catalog. Out: per entity one table with every column that a plan may name.
// Refused: nothing. Columns carry no type: rows are read as text, and values are converted elsewhere.
import { getTableColumns } from 'drizzle-orm'
import { alias, customType, type PgColumn, PgSchema, type PgTable, pgTable } from 'drizzle-orm/pg-core'
import type { Catalog, Entity } from './schema.ts'

/** A table and its columns by the name the database gives them. */
export type EntityTable = { readonly table: PgTable; readonly columns: Readonly<Record<string, PgColumn>> }

const plain = customType<{ data: unknown; driverData: unknown }>({ dataType: () => 'text' })
const made = new WeakMap<Catalog, Readonly<Record<string, EntityTable>>>()

/** One Drizzle table per entity (by entity name): its fields' columns, every join column and the tenant key; cached by catalog. */
export function drizzleTables(catalog: Catalog): Readonly<Record<string, EntityTable>> {
  const known = made.get(catalog)
  if (known !== undefined) return known
  const columnNames = new Map(Object.entries(catalog.entities).map(([name, one]) => [name, ownColumns(one)]))
  for (const [name, entity] of Object.entries(catalog.entities))
    for (const relation of Object.values(entity.relations))
      for (const { from, to } of relation.on) {
        columnNames.get(name)?.add(from)
        columnNames.get(relation.to)?.add(to)
      }
  const tables: Record<string, EntityTable> = Object.create(null)
  for (const [name, entity] of Object.entries(catalog.entities))
    tables[name] = tableOf(entity, [...(columnNames.get(name) ?? [])])
  made.set(catalog, tables)
  return tables
}

/** The same table under another name, for joining an entity more than once. */
export function aliasTable(source: EntityTable, name: string): EntityTable {
  const table: PgTable = alias(source.table, name)
  return { table, columns: byColumnName(table) }
}

function ownColumns(entity: Entity): Set<string> {
  const names = new Set(Object.values(entity.fields).map((field) => field.column))
  if (entity.tenantKey !== undefined) names.add(entity.tenantKey)
  return names
}

function tableOf(entity: Entity, columnNames: readonly string[]): EntityTable {
  // Keys of our own: a column called "getSQL" or "enableRLS" must not hide a part of Drizzle's table object.
  const builders = Object.fromEntries(columnNames.map((column, index) => [`c${index}`, plain(column)]))
  // The class, because pgSchema('public') is refused and an unqualified name would depend on the search path.
  const table: PgTable =
    entity.schema === undefined
      ? pgTable(entity.table, builders)
      : new PgSchema(entity.schema).table(entity.table, builders)
  return { table, columns: byColumnName(table) }
}

function byColumnName(table: PgTable): Record<string, PgColumn> {
  const columns: Record<string, PgColumn> = Object.create(null)
  for (const column of Object.values(getTableColumns(table))) columns[column.name] = column
  return columns
}
