import { sql } from 'drizzle-orm'
import { PgDialect, QueryBuilder } from 'drizzle-orm/pg-core'
import { expect, test } from 'vitest'
import { aliasTable, drizzleTables } from '../../src/catalog/drizzle-tables.ts'
import { Catalog } from '../../src/catalog/schema.ts'

const catalog = Catalog.parse({
  version: 1,
  entities: {
    gifts: {
      table: 'gift"s',
      schema: 'public',
      label: 'Gifts',
      tenantKey: 'org_id',
      fields: {
        size: { column: 'getSQL', type: 'money', label: 'Size' },
        rls: { column: 'enableRLS', type: 'text', label: 'RLS' },
      },
      relations: { donor: { to: 'donors', kind: 'to_one', on: [{ from: 'donor_id', to: 'key' }], label: 'Donor' } },
    },
    donors: {
      table: 'donors',
      label: 'Donors',
      shared: true,
      fields: { name: { column: 'Name', type: 'text', label: 'Name' } },
    },
  },
})
const textOf = (query: { getSQL: () => ReturnType<typeof sql> }) => new PgDialect().sqlToQuery(query.getSQL())

test('a table holds the columns of its fields, its tenant key and both sides of every join, and nothing else', () => {
  const tables = drizzleTables(catalog)
  expect(Object.keys(tables)).toEqual(['gifts', 'donors'])
  expect(Object.keys(tables.gifts?.columns ?? {}).sort()).toEqual(['donor_id', 'enableRLS', 'getSQL', 'org_id'])
  expect(Object.keys(tables.donors?.columns ?? {}).sort()).toEqual(['Name', 'key'])
})

test('names are quoted exactly as the database spells them, with the schema when the catalog names one', () => {
  const { gifts, donors } = drizzleTables(catalog)
  const [size, name] = [gifts?.columns.getSQL, donors?.columns.Name]
  if (gifts === undefined || donors === undefined || size === undefined || name === undefined)
    throw new Error('missing')
  expect(textOf(new QueryBuilder().select({ size }).from(gifts.table)).sql).toBe(
    'select "getSQL" from "public"."gift""s"',
  )
  expect(textOf(new QueryBuilder().select({ name }).from(donors.table)).sql).toBe('select "Name" from "donors"')
})

test('an alias stands before every column of the aliased table', () => {
  const { donors } = drizzleTables(catalog)
  if (donors === undefined) throw new Error('missing')
  const { table, columns } = aliasTable(donors, 'd1')
  if (columns.Name === undefined) throw new Error('missing')
  expect(textOf(new QueryBuilder().select({ name: columns.Name }).from(table).where(sql`${columns.key} = 1`)).sql).toBe(
    'select "Name" from "donors" "d1" where "d1"."key" = 1',
  )
})

test('a value compared with a column reaches the driver as it is', () => {
  const size = drizzleTables(catalog).gifts?.columns.getSQL
  const value = '12.340'
  expect(textOf(sql`${size} = ${sql.param(value, size)}`).params).toEqual([value])
})

test('tables are made once for a catalog', () => {
  expect(drizzleTables(catalog)).toBe(drizzleTables(catalog))
})
