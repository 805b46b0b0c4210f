import { readFileSync } from 'node:fs'
import { PGlite } from '@electric-sql/pglite'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { Query } from '../../src/catalog/introspect/read.ts'
import { valuesOfCheck } from '../../src/catalog/introspect/types.ts'
import { type Introspected, introspect } from '../../src/catalog/introspect.ts'
import { loadCatalog, problemText } from '../../src/catalog/load.ts'
import { catalogToYaml } from '../../src/catalog/print.ts'
import { Catalog } from '../../src/catalog/schema.ts'
import { createDatabase } from '../setup/postgres.ts'

const nasty = readFileSync(new URL('./fixtures/nasty.sql', import.meta.url), 'utf8')
let sql: postgres.Sql
const query: Query = async (text: string, params: readonly string[]) => [...(await sql.unsafe(text, [...params]))]
let found: Introspected
let catalog: Catalog

beforeAll(async () => {
  const url = await createDatabase(inject('postgresUrl'), 'introspect_test')
  sql = postgres(url, { max: 1, onnotice: () => {} })
  await sql.unsafe(nasty)
  found = await introspect(query)
  catalog = Catalog.parse(found.catalog)
})
afterAll(() => sql.end())

const entity = (name: string, from: Catalog = catalog) => {
  const one = from.entities[name]
  if (one === undefined) throw new Error(`no entity ${name} among ${Object.keys(from.entities).join(', ')}`)
  return one
}
const typeOf = (name: string, field: string) => entity(name).fields[field]?.type
/** Relations of an entity as short texts: `name kind target from=to`. */
const relationsOf = (name: string, from: Catalog = catalog) =>
  Object.entries(entity(name, from).relations).map(
    ([relation, { to, kind, on, guessed }]) =>
      `${relation} ${kind} ${to} ${on.map((pair) => `${pair.from}=${pair.to}`).join(',')}${guessed ? ' guessed' : ''}`,
  )

test('tables, views, materialised views and partitioned tables are entities; partitions and tables without columns are not', () => {
  const names = Object.keys(catalog.entities)
  expect(names).toEqual(expect.arrayContaining(['orders', 'Customers', 'big_orders', 'daily', 'logs']))
  expect(names).not.toEqual(expect.arrayContaining(['logs_2024']))
  expect(names).not.toEqual(expect.arrayContaining(['nothing']))
  expect(names).not.toContain('regions')
})

test('the result is a catalog that loads without problems or warnings', () => {
  const loaded = loadCatalog(catalogToYaml(found.catalog, found.notes))
  expect(loaded.ok ? loaded.warnings.map(problemText) : loaded.problems.map(problemText)).toEqual([])
  expect(loaded).toMatchObject({ ok: true, catalog })
})

test('every type of Postgres becomes a type of the catalog', () => {
  const types = Object.fromEntries(Object.entries(entity('orders').fields).map(([name, field]) => [name, field.type]))
  expect(types).toEqual({
    organization_id: 'id',
    id: 'id',
    customer_id: 'id',
    billing_address_id: 'id',
    shipping_address_id: 'id',
    status: 'enum',
    channel: 'enum',
    note: 'text',
    quality: 'enum',
    mood: 'enum',
    total: 'money',
    tax_rate: 'number',
    shipping: 'number',
    items: 'integer',
    weight: 'number',
    big: 'integer',
    at_time: 'text',
    took: 'text',
    old_total: 'text',
    tags: 'text',
    extra: 'text',
    external: 'id',
    paid: 'boolean',
    ordered_on: 'date',
    placed_at: 'timestamp',
    updated_at: 'timestamp',
  })
  expect(entity('orders').fields.placed_at?.zoned).toBe(false)
  expect(entity('orders').fields.updated_at?.zoned).toBe(true)
})

test('columns that hold nothing a table could show are left out, with a note', () => {
  expect(found.notes).toContain('orders.raw is left out: it holds binary data')
  expect(found.notes).toContain('orders.search is left out: it holds a search index')
})

test('enums, checks and checks of domains list their values; other checks do not', () => {
  const values = (field: string) => entity('orders').fields[field]?.values?.map(({ value }) => value)
  expect(values('mood')).toEqual(['happy', 'so-so', "it's bad"])
  expect(values('status')).toEqual(['open', 'paid', 'sent back'])
  expect(values('channel')).toEqual(['web', 'shop'])
  expect(values('quality')).toEqual(['A', 'B', 'C'])
  expect(values('note')).toBeUndefined()
})

test.each([
  [`CHECK ((status <> ALL (ARRAY['a'::text, 'b'::text])))`, undefined],
  [`CHECK ((lower(status) = ANY (ARRAY['a'::text, 'b'::text])))`, undefined],
  [`CHECK (((status = 'a'::text) AND (kind = 'b'::text)))`, undefined],
  [`CHECK (((status = 'a'::text) OR (kind = 'b'::text)))`, undefined],
  [`CHECK ((status ~ '^a'::text))`, undefined],
  [`CHECK ((status > 'a'::text))`, undefined],
  [`CHECK (((status)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[])))`, ['a', 'b']],
  [`CHECK ((status = 'only'::bpchar))`, ['only']],
  [`CHECK (((status IS NULL) OR (status = ANY (ARRAY['a)'::text, 'b'' or'::text])))) NOT VALID`, ['a)', "b' or"]],
])('%s allows %j', (definition, expected) => {
  expect(valuesOfCheck(definition, 'status')).toEqual(expected)
})

test('money is recognised by its name, and has a currency only where a comment says so', () => {
  expect(entity('products').fields.list_price).toMatchObject({ type: 'money', currency: 'USD' })
  expect(entity('orders').fields.total).not.toHaveProperty('currency')
  expect(typeOf('employees', 'salary')).toBe('money')
  expect(typeOf('products', 'product_count')).toBe('integer')
  expect(typeOf('order_lines', 'amount')).toBe('money')
})

test('comments of tables and columns become descriptions', () => {
  expect(entity('Customers').description).toBe('People who buy.')
  expect(entity('Customers').fields.score?.description).toBe('Between 0 and 100')
})

test('primary keys are the declared key, else a unique set of columns that are never empty, else nothing', () => {
  expect(entity('addresses').primaryKey).toEqual(['organization_id', 'id'])
  expect(entity('keyed').primaryKey).toEqual(['code'])
  expect(entity('soft').primaryKey).toEqual([])
  expect(entity('order_lines').primaryKey).toEqual([])
  expect(entity('student').primaryKey).toEqual([])
  expect(found.notes).toContain('soft has no key: its rows cannot be told apart by their values')
})

test('a view has the key that its rows show, and a note that says so', () => {
  expect(entity('big_orders').primaryKey).toEqual(['id'])
  expect(found.notes).toContain(
    'big_orders is a view: id is taken as its key, because no two of its rows share a value',
  )
})

test('two keys into one table are told apart on both sides', () => {
  expect(relationsOf('orders')).toEqual(
    expect.arrayContaining([
      'billing_address to_one addresses organization_id=organization_id,billing_address_id=id',
      'shipping_address to_one addresses organization_id=organization_id,shipping_address_id=id',
    ]),
  )
  expect(relationsOf('addresses')).toEqual(
    expect.arrayContaining([
      'orders_as_billing_address to_many orders organization_id=organization_id,id=billing_address_id',
      'orders_as_shipping_address to_many orders organization_id=organization_id,id=shipping_address_id',
    ]),
  )
  expect(entity('addresses').relations.orders_as_billing_address?.label).toBe('Orders (billing address)')
})

test('a key that is unique in its own table is to-one from both sides', () => {
  expect(relationsOf('profiles')).toContain('user to_one Customers user_id=id')
  expect(relationsOf('Customers')).toContain('profile to_one profiles id=user_id')
})

test('a table that points at itself gets both directions by their roles', () => {
  expect(relationsOf('employees')).toEqual([
    'manager to_one employees manager_id=id',
    'reports to_many employees id=manager_id',
  ])
  expect(relationsOf('categories')).toEqual(
    expect.arrayContaining(['parent_category to_one categories parent=id', 'children to_many categories id=parent']),
  )
  expect(relationsOf('Customers')).toEqual(
    expect.arrayContaining([
      'referred_by to_one Customers referred_by_id=id',
      'referrals to_many Customers id=referred_by_id',
    ]),
  )
})

test('a relation never takes the name of a field', () => {
  expect(relationsOf('products')).toContain('category_details to_one categories category=id')
  for (const { fields, relations } of Object.values(catalog.entities))
    expect(Object.keys(relations).filter((name) => Object.hasOwn(fields, name))).toEqual([])
})

test('a table that only links others is a junction, others are not', () => {
  const junctions = Object.entries(catalog.entities).flatMap(([name, one]) => (one.junction ? [name] : []))
  expect(junctions).toEqual(['product_tags'])
})

test('keys for new rows only count; keys into what is not read are noted', () => {
  expect(relationsOf('order_lines')).toContain('order to_one orders order_id=id')
  expect(found.notes).toContain('order_lines.region_id refers to regions, which is not part of this catalog')
})

test('relations that nobody declared are proposed from names and values, marked and noted', () => {
  expect(relationsOf('lives_in')).toEqual(['student to_one student stuid=stuid guessed'])
  expect(relationsOf('student')).toEqual(
    expect.arrayContaining([
      'city to_one city city_code=city_code guessed',
      'faculty to_one faculty advisor=fac_no guessed',
      'lives_ins to_many lives_in stuid=stuid guessed',
    ]),
  )
  expect(relationsOf('visits')).toEqual([
    'student to_one student stu_id=stuid guessed',
    'student_details to_one student student_id=stuid guessed',
    'home_city to_one city home_city_code=city_code guessed',
  ])
  expect(relationsOf('big_orders')).toEqual(['customer to_one Customers customer_id=id guessed'])
  expect(found.notes).toContain('lives_in.stuid leads to student.stuid: guessed, no foreign key says so')
})

test('a float of four bytes is marked as one, since as a number it is not the decimal that it is written as', () => {
  expect(entity('orders').fields.weight).toMatchObject({ storedAs: 'real' })
  expect(entity('orders').fields.total).not.toHaveProperty('storedAs')
})

test('no relation is guessed onto a column that may hold a value twice', () => {
  for (const { relations } of Object.values(catalog.entities))
    for (const { to, kind, on } of Object.values(relations))
      if (kind === 'to_one') expect(['soft', 'visits', 'lives_in'], `${to} ${JSON.stringify(on)}`).not.toContain(to)
})

test('text that holds only numbers or dates is read as such; identifiers stay text', () => {
  const customers = entity('Customers').fields
  expect(customers.score).toMatchObject({ type: 'number', storedAs: 'text' })
  expect(customers.joined).toMatchObject({ type: 'date', storedAs: 'text' })
  expect(customers.seen).toMatchObject({ type: 'timestamp', storedAs: 'text' })
  for (const name of ['zip', 'phone', 'email']) expect(customers[name]).not.toHaveProperty('storedAs')
  expect(found.notes).toContain('Customers.score is text that holds only numbers')
})

test('columns named like secrets are sensitive', () => {
  expect(
    Object.entries(entity('Customers').fields).flatMap(([name, field]) => (field.sensitive ? [name] : [])),
  ).toEqual(['password_hash'])
})

test('every odd name becomes a distinct identifier with a label, and keeps its column', () => {
  const details = entity('order_details')
  expect(
    Object.values(catalog.entities)
      .filter((one) => /order.details/i.test(one.table))
      .map((one) => one.table)
      .sort(),
  ).toEqual(['Order Details', 'order_details'])
  const odd = entity('order_details_2')
  const columns = Object.values(odd.fields).map((field) => field.column)
  expect(columns).toEqual(['a b', 'a_b', 'a-b', 'straße', '2fa', 'select', 'we"ird', '日本', 'constructor'])
  expect(new Set(Object.keys(odd.fields).map((name) => name.toLowerCase())).size).toBe(columns.length)
  expect(odd.fields.a_b?.column).toBe('a_b')
  expect(odd.fields.strasse?.label).toBe('Straße')
  expect(details.table).toBe('order_details')
})

test('labels are readable and in singular and plural', () => {
  expect(entity('tbl_people')).toMatchObject({ label: 'People', singular: 'person' })
  expect(entity('order_lines')).toMatchObject({ label: 'Order lines', singular: 'order line' })
  expect(entity('categories')).toMatchObject({ label: 'Categories', singular: 'category' })
  const people = entity('tbl_people').fields
  expect([people.fname?.label, people.dob?.label, people.id?.label]).toEqual(['First name', 'Date of birth', 'ID'])
})

test('each entity says how its rows are called, which columns come first and which date counts', () => {
  expect(entity('Customers')).toMatchObject({ displayField: 'user_name', defaultDate: 'created_at' })
  expect(entity('employees')).toMatchObject({ displayField: 'last_name', defaultDate: 'hired' })
  expect(entity('categories').displayField).toBe('title')
  expect(entity('orders').defaultDate).toBe('ordered_on')
  expect(entity('tbl_people').defaultDate).toBeUndefined()
  for (const { defaultColumns, fields } of Object.values(catalog.entities)) {
    expect(defaultColumns.length).toBeGreaterThan(0)
    expect(defaultColumns.length).toBeLessThanOrEqual(7)
    expect(defaultColumns.some((name) => fields[name]?.sensitive)).toBe(false)
  }
})

test('without a tenant key every entity is shared, and the notes say so', () => {
  expect(Object.values(catalog.entities).every((one) => one.shared === true)).toBe(true)
  expect(found.notes[0]).toMatch(/every entity is marked shared/)
})

test('with a tenant key its tables, and the table of organizations itself, are kept apart; others are named', async () => {
  const { catalog: input, notes } = await introspect(query, { tenantKey: 'organization_id' })
  const scoped = Catalog.parse(input)
  expect(entity('orders', scoped)).toMatchObject({ tenantKey: 'organization_id' })
  expect(entity('orders', scoped)).not.toHaveProperty('shared')
  expect(entity('organizations', scoped).tenantKey).toBe('id')
  expect(entity('products', scoped).shared).toBe(true)
  expect(entity('orders', scoped).fields).not.toHaveProperty('organization_id')
  expect(relationsOf('orders', scoped)).toContain(
    'billing_address to_one addresses organization_id=organization_id,billing_address_id=id',
  )
  expect(notes.find((note) => note.startsWith('marked shared'))).toMatch(/no column organization_id: .*products/)
  expect(notes[0]).toMatch(/^DANGER: .* has no column organization_id, but its rows belong to /)
  expect(
    notes
      .filter((note) => note.startsWith('DANGER'))
      .map((note) => note.split(' ')[1])
      .sort(),
  ).toEqual(['big_orders', 'order_lines', 'profiles'])
  expect(entity('addresses', scoped).primaryKey).toEqual(['id'])
  expect(loadCatalog(catalogToYaml(input)).ok).toBe(true)
})

test('without sampling no row is read, and only clear names onto declared keys are guessed', async () => {
  const statements: string[] = []
  const { catalog: input } = await introspect(
    async (text, params) => {
      statements.push(text)
      return query(text, params)
    },
    { sampling: false },
  )
  const plain = Catalog.parse(input)
  expect(statements).toHaveLength(3)
  expect(statements.every((text) => text.includes('pg_catalog'))).toBe(true)
  expect(relationsOf('student', plain)).toEqual([])
  expect(relationsOf('big_orders', plain)).toEqual(['customer to_one Customers customer_id=id guessed'])
  expect(entity('Customers', plain).fields.score?.type).toBe('text')
})

test('sampling takes at most three statements for a table and never reads more rows than it may', async () => {
  const statements: string[] = []
  await introspect(
    async (text, params) => {
      statements.push(text)
      return query(text, params)
    },
    { sampleRows: 25 },
  )
  const tables = Object.keys(catalog.entities).length
  const samples = statements.filter((text) => !text.includes('pg_catalog'))
  expect(samples.length).toBeLessThanOrEqual(3 * tables)
  expect(samples.filter((text) => !text.includes('limit 25')).every((text) => /count\(distinct/.test(text))).toBe(true)
})

test('what the user may not read is not in the catalog', async () => {
  await sql.unsafe(`drop role if exists narrow; create role narrow; grant usage on schema public to narrow;
    grant select on orders to narrow; grant select (id, email) on "Customers" to narrow; set role narrow`)
  try {
    const { catalog: input } = await introspect(query)
    expect(Object.keys(input.entities).sort()).toEqual(['Customers', 'orders'])
    expect(Object.keys(input.entities.Customers?.fields ?? {})).toEqual(['id', 'email'])
  } finally {
    await sql.unsafe('reset role; drop owned by narrow; drop role narrow')
  }
})

test('another schema is read by its name, and an empty one is an error', async () => {
  const { catalog: input } = await introspect(query, { schema: 'other', name: 'Elsewhere' })
  expect(input).toMatchObject({ name: 'Elsewhere', entities: { regions: { schema: 'other', table: 'regions' } } })
  await expect(introspect(query, { schema: 'nowhere' })).rejects.toThrow(
    'Cannot introspect schema "nowhere": it has no table that may be read',
  )
})

test('the embedded database gives the very same catalog and notes as the server', async () => {
  const embedded = await PGlite.create()
  try {
    await embedded.exec(nasty)
    const same = await introspect(
      async (text, params) => (await embedded.query<Record<string, unknown>>(text, [...params])).rows,
    )
    expect(same).toEqual(found)
  } finally {
    await embedded.close()
  }
})
