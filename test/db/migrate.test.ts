import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api'
import { sql } from 'drizzle-orm'
import { describe, expect, inject, test } from 'vitest'
import { migrateStore } from '../../src/db/migrate.ts'
import * as access from '../../src/db/schema-access.ts'
import * as conversations from '../../src/db/schema-conversations.ts'
import * as deliveries from '../../src/db/schema-deliveries.ts'
import * as documents from '../../src/db/schema-documents.ts'
import * as log from '../../src/db/schema-log.ts'
import { store } from '../../src/db/schema-parts.ts'
import * as tables from '../../src/db/schema-tables.ts'
import * as translations from '../../src/db/schema-translations.ts'
import { type Db, postgresStore } from '../../src/db/store.ts'
import { createDatabase } from '../setup/postgres.ts'
import { CHECKS, type Check, COLUMNS, type Column, sampleOf, WITHOUT_REFERENCES } from '../setup/sample-rows.ts'
import { emptyPglite, emptyPostgres, type TestStore } from '../setup/store.ts'

const folder = join(import.meta.dirname, '..', '..', 'drizzle')
const journal = JSON.parse(await readFile(join(folder, 'meta', '_journal.json'), 'utf8')) as {
  entries: { tag: string; idx: number }[]
}
const tags = journal.entries.map(({ tag }) => tag)

/** Columns, keys and constraints as the database itself tells them. */
async function shapeOf({ db }: TestStore): Promise<unknown> {
  const columns = await db
    .select({ line: sql<string>`concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default)` })
    .from(sql`information_schema.columns`)
    .where(sql`table_schema = 'tablewright' and table_name <> 'migrations'`)
    .orderBy(sql`1`)
  const constraints = await db
    .select({ line: sql<string>`conrelid::regclass::text || ' ' || pg_get_constraintdef(oid)` })
    .from(sql`pg_constraint`)
    .where(sql`connamespace = 'tablewright'::regnamespace and conrelid::regclass::text not like '%migrations'`)
    .orderBy(sql`1`)
  const indexes = await db
    .select({ line: sql<string>`indexdef` })
    .from(sql`pg_indexes`)
    .where(sql`schemaname = 'tablewright' and tablename <> 'migrations'`)
    .orderBy(sql`1`)
  return { columns, constraints, indexes }
}

async function rowsOf<T extends object>({ db }: { readonly db: Db }, text: string): Promise<readonly T[]> {
  const result = (await db.execute(sql.raw(text))) as readonly T[] | { readonly rows: readonly T[] }
  return 'rows' in result ? result.rows : result
}

const databases = [
  { name: 'PGlite', open: emptyPglite },
  { name: 'Postgres', open: () => emptyPostgres(inject('postgresUrl'), 'store_migrate') },
]

describe.each(databases)('migrations on $name', ({ open }) => {
  test('make the store from nothing, and do nothing the second time', async () => {
    const store = await open()
    expect(await store.migrate()).toEqual(tags)
    expect(await store.migrate()).toEqual([])
    await store.end()
  })

  test('lead from every earlier state, with rows in it, to the same store, and keep the rows', async () => {
    const whole = await open()
    await whole.migrate()
    const wanted = await shapeOf(whole)
    await whole.end()
    for (let until = 1; until <= tags.length; until += 1) {
      const store = await open()
      expect(await migrateStore(store.db, { until })).toEqual(tags.slice(0, until))
      await store.db.execute(sql`insert into tablewright.organizations (id, name) values ('o', 'O')`)
      await store.db.execute(
        sql`insert into tablewright.tables (organization_id, id, name, created_via, definition, created_by, owner_id, updated_by)
            values ('o', 't', 'T', 'BUILDER', '{"version": 1}', 'u', 'u', 'u')`,
      )
      await store.db.execute(
        sql`insert into tablewright.table_versions (organization_id, table_id, version, kind, name, description, definition, changed_by)
            values ('o', 't', 1, 'created', 'T', '', '{"version": 1}', 'u')`,
      )
      expect(await store.migrate()).toEqual(tags.slice(until))
      expect(await shapeOf(store)).toEqual(wanted)
      expect(await store.db.select({ name: tables.tables.name }).from(tables.tables)).toEqual([{ name: 'T' }])
      expect(await store.db.select({ kind: tables.tableVersions.kind }).from(tables.tableVersions)).toHaveLength(1)
      await store.end()
    }
  })

  test('make JSON of what an earlier version kept as a text, in every column, and leave the rest as it is', async () => {
    const store = await open()
    await migrateStore(store.db, { until: tags.indexOf('0011_json-not-text') })
    const columns = await rowsOf<Column>(store, COLUMNS)
    const checks = await rowsOf<Check>(store, CHECKS)
    const json = columns.filter(({ udt_name }) => udt_name === 'jsonb')
    const values = ['{"said": "\\"so\\" \\\\ ü"}', '[[1, "a"], []]']
    // A setting of a connection, so all of it is in one transaction.
    await store.db.transaction(async (db) => {
      await rowsOf({ db }, WITHOUT_REFERENCES)
      for (const table of new Set(json.map(({ table_name }) => table_name))) {
        const own = columns.filter(({ table_name }) => table_name === table)
        for (const [n, kept] of [...values.map((value) => `to_jsonb('${value}'::text)`), `'${values[0]}'`].entries()) {
          const row = own.map((column) => (column.udt_name === 'jsonb' ? kept : sampleOf(column, checks, n)))
          const names = own.map(({ column_name }) => `"${column_name}"`)
          await rowsOf({ db }, `insert into tablewright."${table}" (${names.join(', ')}) values (${row.join(', ')})`)
        }
      }
    })
    await store.migrate()
    for (const { table_name, column_name } of json) {
      const found = await rowsOf(store, `select "${column_name}"::text as kept from tablewright."${table_name}"`)
      const wanted = [...values, values[0]].map((kept) => ({ kept }))
      expect(found, `${table_name}.${column_name}`).toEqual(expect.arrayContaining(wanted))
      expect(found).toHaveLength(wanted.length)
    }
    await store.end()
  })

  test('leave nothing behind when one of them fails', async () => {
    const broken = await mkdtemp(join(tmpdir(), 'tablewright-migrations-'))
    await cp(folder, broken, { recursive: true })
    const [first = ''] = tags
    const text = await readFile(join(broken, `${first}.sql`), 'utf8')
    await writeFile(join(broken, `${first}.sql`), `${text}\n--> statement-breakpoint\nselect 1/0;`)
    const store = await open()
    await expect(migrateStore(store.db, { folder: broken })).rejects.toThrow()
    expect(await store.migrate()).toEqual(tags)
    await store.end()
    await rm(broken, { recursive: true })
  })

  test('refuse a store that a newer program has written', async () => {
    const store = await open()
    await store.migrate()
    await store.db.execute(sql`insert into tablewright.migrations (hash, created_at) values ('x', 99999999999999)`)
    await expect(store.migrate()).rejects.toMatchObject({
      code: 'invalid_configuration',
      message: 'Cannot use the application store: a newer Tablewright has written it',
    })
    await store.end()
  })
})

test('two servers that start at once on an empty database both find it migrated, once', async () => {
  const url = await createDatabase(inject('postgresUrl'), 'store_migrate_twice')
  const servers = [postgresStore(url), postgresStore(url), postgresStore(url)]
  const applied = await Promise.all(servers.map((server) => server.migrate()))
  expect(applied.flat()).toEqual(tags)
  await Promise.all(servers.map((server) => server.close()))
})

test('the migrations in drizzle/ make exactly the tables of src/db/schema-*.ts', async () => {
  const last = journal.entries.at(-1)?.idx ?? 0
  const file = `${String(last).padStart(4, '0')}_snapshot.json`
  const snapshot = JSON.parse(await readFile(join(folder, 'meta', file), 'utf8'))
  const now = generateDrizzleJson(
    { store, ...access, ...tables, ...conversations, ...deliveries, ...documents, ...translations, ...log },
    snapshot.id,
  )
  expect(await generateMigration(snapshot, now)).toEqual([])
})

test('a backup that reads a table is not waited for, with everybody else behind; once it is over they are applied', async () => {
  const url = await createDatabase(inject('postgresUrl'), 'store_migrate_held')
  const store = postgresStore(url)
  const [backup, other] = [postgresStore(url), postgresStore(url)]
  await migrateStore(store.db, { until: tags.indexOf('0010_places') })
  await backup.db.transaction(async (tx) => {
    await tx.execute(sql`lock table tablewright.conversations in access share mode`)
    await expect(migrateStore(store.db, { lockTimeoutMs: 100 })).rejects.toMatchObject({
      message: 'Cannot migrate the store: something holds a table that has to change',
    })
    await other.db.execute(sql`select count(*) from tablewright.conversations`)
  })
  expect(await store.migrate()).toEqual(tags.slice(tags.indexOf('0010_places')))
  await Promise.all([store, backup, other].map((one) => one.close()))
})
