// Databases that a generated world is loaded into: an embedded PGlite or a real Postgres, one schema a world.
import { PGlite } from '@electric-sql/pglite'
import postgres from 'postgres'
import type { Catalog } from '../../../src/catalog/schema.ts'
import { pgliteSource, postgresSource, type Source } from '../../../src/rows/source.ts'
import { ENUM_VALUES, NATIVE_ENUM } from '../generate/catalog.ts'
import type { TestWorld } from '../generate/world.ts'

export type TestDatabase = {
  readonly name: 'pglite' | 'postgres'
  readonly source: Source
  readonly exec: (sql: string) => Promise<void>
  /** Which letters have two cases there. */
  readonly letters: 'unicode' | 'ascii'
  readonly close: () => Promise<void>
}

const UPPER_E = "select upper('é') = 'É' as folds"

export async function openPglite(): Promise<TestDatabase> {
  const db = await PGlite.create()
  const { rows } = await db.query<{ folds: boolean }>(UPPER_E)
  return {
    name: 'pglite',
    source: pgliteSource(db),
    exec: async (sql) => void (await db.exec(sql)),
    letters: rows[0]?.folds === true ? 'unicode' : 'ascii',
    close: () => db.close(),
  }
}

export async function openPostgres(url: string): Promise<TestDatabase> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  const source = postgresSource(url)
  const [probe] = await sql.unsafe<{ folds: boolean }[]>(UPPER_E)
  return {
    name: 'postgres',
    source,
    exec: async (text) => void (await sql.unsafe(text).simple()),
    letters: probe?.folds === true ? 'unicode' : 'ascii',
    close: async () => {
      await source.close()
      await sql.end({ timeout: 5 })
    },
  }
}

/** The catalog with every table in one schema, and with what a server would find there: columns that are always filled, every other table small. */
export function inSchema({ catalog, data }: Pick<TestWorld, 'catalog' | 'data'>, schema: string): Catalog {
  const entities = Object.entries(catalog.entities).map(([name, entity], i) => {
    const isFilled = (column: string) => (data[name] ?? []).every((row) => (row[column] ?? null) !== null)
    const fields = mapOf(entity.fields, (field) => ({ ...field, required: isFilled(field.column) }))
    return [name, { ...entity, schema, fields, small: i % 2 === 0 }] as const
  })
  return { ...catalog, entities: Object.fromEntries(entities) }
}

const mapOf = <T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]))

/** Makes the schema anew with the world's tables and rows. */
export async function loadWorld(database: TestDatabase, world: TestWorld, schema: string): Promise<void> {
  const enumType = `${quoted(schema)}."An Enum"`
  const statements = [
    `drop schema if exists ${quoted(schema)} cascade`,
    `create schema ${quoted(schema)}`,
    `create type ${enumType} as enum (${ENUM_VALUES.map(literal).join(', ')})`,
  ]
  for (const [name, entity] of Object.entries(world.catalog.entities)) {
    const types = Object.entries(world.columnTypes[name] ?? {})
    const table = `${quoted(schema)}.${quoted(entity.table)}`
    const columns = types.map(([column, type]) => `${quoted(column)} ${type === NATIVE_ENUM ? enumType : type}`)
    statements.push(`create table ${table} (${columns.join(', ')})`)
    statements.push(...insertion(table, world, name))
  }
  await database.exec(statements.join(';\n'))
}

/** Replaces the rows of a schema that holds the same tables. */
export async function reloadRows(database: TestDatabase, world: TestWorld, schema: string): Promise<void> {
  const statements = Object.entries(world.catalog.entities).flatMap(([name, entity]) => {
    const table = `${quoted(schema)}.${quoted(entity.table)}`
    return [`truncate ${table}`, ...insertion(table, world, name)]
  })
  await database.exec(statements.join(';\n'))
}

function insertion(table: string, world: TestWorld, name: string): string[] {
  const rows = world.data[name] ?? []
  if (rows.length === 0) return []
  return [
    `insert into ${table} select * from json_populate_recordset(null::${table}, ${literal(JSON.stringify(rows))})`,
  ]
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
