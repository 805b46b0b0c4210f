// What plans are made faster by is only what the database promises of every row.
import postgres from 'postgres'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { asStored } from '../../src/catalog/as-stored.ts'
import { Catalog } from '../../src/catalog/schema.ts'
import { createDatabase } from '../setup/postgres.ts'

let sql: postgres.Sql
beforeAll(async () => {
  sql = postgres(await createDatabase(inject('postgresUrl'), 'as_stored'), { max: 1, onnotice: () => {} })
  await sql.unsafe(`
    create schema other;
    create table plain (id int primary key, filled int not null, free int);
    create table unproved (id int primary key, n int);
    insert into unproved values (1, null);
    alter table unproved add constraint n_filled not null n not valid;
    create table parent (id int primary key, n int, constraint n_filled not null n no inherit);
    create table child () inherits (parent);
    insert into child values (2, null);
    create view seen as select id, filled from plain;
    create table other.plain (id int, filled int);
    create table large as select i as id from generate_series(1, 10001) i;
    analyze`)
})
afterAll(() => sql.end())

const table = (name: string, columns: readonly string[], schema?: string) => ({
  ...{ table: name, label: name, shared: true, ...(schema && { schema }) },
  fields: Object.fromEntries(columns.map((column) => [column, { column, type: 'integer', label: column }])),
})
const stored = async (entities: Record<string, object>) => {
  const catalog = Catalog.parse({ version: 1, name: 'Shop', entities })
  const found = await asStored(catalog, async (text, params) => [...(await sql.unsafe(text, [...params]))])
  return Object.fromEntries(
    Object.entries(found.entities).map(([name, { fields, small }]) => [
      name,
      [...Object.entries(fields).flatMap(([id, { required }]) => (required ? [id] : [])), ...(small ? ['small'] : [])],
    ]),
  )
}

test('columns are never empty where that holds for every row, and nowhere else', async () => {
  expect(
    await stored({
      plain: table('plain', ['id', 'filled', 'free']),
      unproved: table('unproved', ['id', 'n']),
      parent: table('parent', ['id', 'n']),
      seen: table('seen', ['id', 'filled']),
      elsewhere: table('plain', ['id', 'filled'], 'other'),
      missing: table('missing', ['id']),
    }),
  ).toEqual({
    plain: ['id', 'filled', 'small'],
    unproved: ['id', 'small'],
    parent: ['id', 'small'],
    seen: [],
    elsewhere: ['small'],
    missing: [],
  })
})

test('a table of more than ten thousand rows, or one that was never counted, is not small', async () => {
  await sql.unsafe('create table uncounted (id int)')
  expect(await stored({ large: table('large', ['id']), uncounted: table('uncounted', ['id']) })).toEqual({
    large: [],
    uncounted: [],
  })
})

test('floats of four bytes are known as such, in tables and in views', async () => {
  await sql.unsafe(`
    create table prices (id int primary key, price real, exact numeric, wide float8);
    create view dear as select * from prices`)
  const columns = ['id', 'price', 'exact', 'wide']
  const entities = { prices: table('prices', columns), dear: table('dear', columns), gone: table('gone', columns) }
  const catalog = Catalog.parse({ version: 1, name: 'Shop', entities })
  const found = await asStored(catalog, async (text, params) => [...(await sql.unsafe(text, [...params]))])
  const reals = Object.values(found.entities).map(({ fields }) =>
    Object.entries(fields).flatMap(([id, { storedAs }]) => (storedAs === 'real' ? [id] : [])),
  )
  expect(reals).toEqual([['price'], ['price'], []])
})
