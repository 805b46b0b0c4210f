import { readFile } from 'node:fs/promises'
import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadCatalog } from '../../src/catalog/load.ts'
import type { Catalog, FieldType } from '../../src/catalog/schema.ts'

const file = (name: string) => readFile(new URL(`../../demo/${name}`, import.meta.url), 'utf8')

/** Which column types hold what a field type promises. */
const storage: Record<FieldType, readonly string[]> = {
  text: ['text'],
  enum: ['text'],
  id: ['bigint'],
  integer: ['integer'],
  number: ['numeric', 'double precision'],
  money: ['numeric'],
  date: ['date'],
  timestamp: ['timestamp with time zone'],
  boolean: ['boolean'],
}

describe('the demo catalog', () => {
  let catalog: Catalog
  let database: PGlite
  let columns: Map<string, string>

  beforeAll(async () => {
    const loaded = loadCatalog(await file('catalog.yaml'))
    expect(loaded).toMatchObject({ ok: true, warnings: [] })
    if (!loaded.ok) throw new Error('the demo catalog has problems')
    catalog = loaded.catalog
    database = await PGlite.create()
    await database.exec(await file('schema.sql'))
    await database.exec(await file('keys.sql'))
    const { rows } = await database.query<{ name: string; type: string }>(
      "select table_name || '.' || column_name as name, data_type as type from information_schema.columns where table_schema = 'demo'",
    )
    columns = new Map(rows.map(({ name, type }) => [name, type]))
  }, 120_000)

  afterAll(async () => {
    await database?.close()
  })

  it('names only columns that exist, with types that hold what is promised', () => {
    for (const [name, entity] of Object.entries(catalog.entities)) {
      expect(entity.schema).toBe('demo')
      for (const [fieldName, field] of Object.entries(entity.fields)) {
        const type = columns.get(`${entity.table}.${field.column}`)
        expect([name, fieldName, storage[field.type].includes(type ?? 'none')]).toEqual([name, fieldName, true])
      }
      for (const [relationName, relation] of Object.entries(entity.relations)) {
        for (const { from, to } of relation.on) {
          const ends = [
            columns.has(`${entity.table}.${from}`),
            columns.has(`${catalog.entities[relation.to]?.table}.${to}`),
          ]
          expect([name, relationName, ...ends]).toEqual([name, relationName, true, true])
        }
      }
    }
  })

  it('names every column but the tenant’s, so that nothing that can be asked is left out', () => {
    const named = new Set(
      Object.values(catalog.entities).flatMap(({ table, fields }) =>
        Object.values(fields).map(({ column }) => `${table}.${column}`),
      ),
    )
    const tables = new Set(Object.values(catalog.entities).map(({ table }) => table))
    const unnamed = [...columns.keys()].filter((column) => tables.has(column.split('.')[0] ?? '') && !named.has(column))
    expect(new Set(unnamed.map((column) => column.split('.')[1]))).toEqual(new Set(['organization_id']))
  })

  it('keeps every entity but the states to one organization, by the column that the foreign keys carry', () => {
    for (const [name, entity] of Object.entries(catalog.entities)) {
      const expected = name === 'states' ? [undefined, true] : ['organization_id', undefined]
      expect([name, entity.tenantKey, entity.shared]).toEqual([name, ...expected])
    }
  })

  it('lists exactly the values that the database allows in each enum', async () => {
    const { rows } = await database.query<{ table: string; clause: string }>(
      "select relname as table, pg_get_constraintdef(c.oid) as clause from pg_constraint c join pg_class t on t.oid = conrelid where contype = 'c' and connamespace = 'demo'::regnamespace",
    )
    const allowed = new Map(
      rows.flatMap(({ table, clause }) => {
        const column = /^CHECK \(\((\w+) = ANY/.exec(clause)?.[1]
        return column
          ? [[`${table}.${column}`, [...clause.matchAll(/'((?:[^']|'')*)'::text/g)].map((match) => match[1])] as const]
          : []
      }),
    )
    let enums = 0
    for (const [name, entity] of Object.entries(catalog.entities)) {
      for (const [fieldName, field] of Object.entries(entity.fields)) {
        if (field.type !== 'enum') continue
        enums++
        const values = (field.values ?? []).map(({ value }) => value)
        expect([name, fieldName, values.sort()]).toEqual([
          name,
          fieldName,
          allowed.get(`${entity.table}.${field.column}`)?.sort(),
        ])
      }
    }
    expect(enums).toBe(allowed.size)
  })

  it('goes both ways: every to-one relation has its to-many inverse over the same columns', () => {
    for (const [name, entity] of Object.entries(catalog.entities)) {
      for (const [relationName, relation] of Object.entries(entity.relations)) {
        const inverse = Object.values(catalog.entities[relation.to]?.relations ?? {}).find(
          (other) =>
            other.to === name &&
            other.kind !== relation.kind &&
            JSON.stringify(other.on) === JSON.stringify(relation.on.map(({ from, to }) => ({ from: to, to: from }))),
        )
        expect([name, relationName, inverse !== undefined]).toEqual([name, relationName, true])
      }
    }
  })

  it('hides what is nobody’s business', () => {
    const { contacts, households } = catalog.entities
    expect(contacts?.fields.date_of_birth).toMatchObject({ sensitive: true, roles: ['admin'] })
    expect(contacts?.fields.phone?.roles).toEqual(['admin', 'editor'])
    expect(households?.fields.tax_id).toMatchObject({ sensitive: true, roles: ['admin'] })
  })
})
