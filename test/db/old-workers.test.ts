// A store may be migrated while processes of the version before still work on it: every migration only adds, save for what
// is listed here with its reason, and whatever the version before reads and writes still works afterwards.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { migrateStore } from '../../src/db/migrate.ts'
import { postgresStore } from '../../src/db/store.ts'
import { startCli } from '../setup/cli.ts'
import { createDatabase } from '../setup/postgres.ts'
import { CHECKS, type Check, COLUMNS, type Column, sampleOf, WITHOUT_REFERENCES } from '../setup/sample-rows.ts'

const folder = join(import.meta.dirname, '..', '..', 'drizzle')
const journal = JSON.parse(await readFile(join(folder, 'meta', '_journal.json'), 'utf8')) as {
  entries: { tag: string }[]
}
const tags = journal.entries.map(({ tag }) => tag)
const statementsOf = async (tag: string): Promise<string[]> =>
  (await readFile(join(folder, `${tag}.sql`), 'utf8'))
    .replace(/^--(?!>).*$/gm, '')
    .split(/--> statement-breakpoint|;\s*\n|;(?=ALTER|CREATE|DROP)/)
    .map((text) => text.replace(/\s+/g, ' ').replaceAll('"', '').replaceAll('tablewright.', '').trim())
    .filter((text) => text !== '' && text !== ';')

/** What does more than add, by migration and the beginning of its statement, and why old processes live with it. */
const CONTRACT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '0007_schedules': {
    'ALTER TABLE tables DROP CONSTRAINT tables_schedule': 'replaced by a looser one',
    'ALTER TABLE tables ADD CONSTRAINT tables_schedule': 'lets through all that the one before did',
    'ALTER TABLE deliveries DROP CONSTRAINT': 'reports are delivered too: a row need not be of a table',
    'ALTER TABLE deliveries ADD CONSTRAINT': 'every table had an organization, so every row fits',
  },
  '0009_questions': {
    'ALTER TABLE conversation_turns DROP CONSTRAINT': 'replaced by a looser one',
    'ALTER TABLE conversation_turns ADD CONSTRAINT':
      'one more kind; the version before reads no kind that it does not write',
  },
  '0011_json-not-text': {
    'UPDATE ': 'JSON that was kept as a text is JSON again, which is how the version before keeps it too',
  },
  '0012_newest-first': {
    'DROP INDEX ':
      'their order served no list; they are made anew in one that does, and nothing depends on them but speed',
  },
}

/** Whether a statement takes nothing from whoever does not know of it; `fresh`: tables that the same migration makes. */
function onlyAdds(statement: string, fresh: ReadonlySet<string>): boolean {
  const [, indexed] = /^CREATE UNIQUE INDEX \S+ ON (\S+)/.exec(statement) ?? []
  if (indexed !== undefined) return fresh.has(indexed)
  if (/^CREATE (TABLE|INDEX|SCHEMA) /.test(statement)) return true
  const [, table = '', change = ''] = /^ALTER TABLE (\S+) (.*)$/.exec(statement) ?? []
  if (change.startsWith('ADD CONSTRAINT')) return fresh.has(table)
  return change.startsWith('ADD COLUMN') && (!/ NOT NULL/.test(change) || / DEFAULT /.test(change))
}

async function faultsOf(tag: string): Promise<string[]> {
  const statements = await statementsOf(tag)
  const fresh = new Set(statements.flatMap((text) => /^CREATE TABLE (\S+)/.exec(text)?.[1] ?? []))
  const allowed = Object.keys(CONTRACT[tag] ?? {})
  return statements.filter((text) => !onlyAdds(text, fresh) && !allowed.some((start) => text.startsWith(start)))
}

describe('a migration', () => {
  test.each(tags.slice(1))('%s only adds, or is listed with its reason', async (tag) => {
    expect(await faultsOf(tag)).toEqual([])
  })

  test('that is listed is there', async () => {
    for (const [tag, listed] of Object.entries(CONTRACT)) {
      const statements = await statementsOf(tag)
      for (const start of Object.keys(listed))
        expect(
          statements.some((text) => text.startsWith(start)),
          start,
        ).toBe(true)
    }
  })

  test('that takes something away is found', () => {
    const fresh = new Set(['made'])
    const bad = [
      'DROP TABLE tables',
      'ALTER TABLE tables DROP COLUMN name',
      'ALTER TABLE tables RENAME COLUMN name TO title',
      'ALTER TABLE tables ALTER COLUMN description SET NOT NULL',
      'ALTER TABLE tables ADD COLUMN kind text NOT NULL',
      'ALTER TABLE tables ADD CONSTRAINT c CHECK (true)',
      'CREATE UNIQUE INDEX i ON tables USING btree (name)',
      'UPDATE tables SET name = 1',
    ]
    for (const statement of bad) expect(onlyAdds(statement, fresh), statement).toBe(false)
    const good = [
      "ALTER TABLE tables ADD COLUMN kind text DEFAULT '' NOT NULL",
      'ALTER TABLE tables ADD COLUMN kind text',
      'ALTER TABLE made ADD CONSTRAINT c CHECK (true)',
      'CREATE UNIQUE INDEX i ON made USING btree (name)',
      'CREATE INDEX i ON tables USING btree (name)',
    ]
    for (const statement of good) expect(onlyAdds(statement, fresh), statement).toBe(true)
  })
})

describe('what a process of the version before does', () => {
  let sql: postgres.Sql
  afterAll(() => sql?.end())

  test.each(tags.slice(1).map((tag, index) => ({ tag, until: index + 1 })))(
    'still works when $tag has been applied',
    async ({ until }) => {
      const url = await createDatabase(inject('postgresUrl'), 'old_workers')
      sql = postgres(url, { max: 1, onnotice: () => {} })
      const store = postgresStore(url, { maxConnections: 1 })
      await migrateStore(store.db, { until })
      const columns = await sql.unsafe<Column[]>(COLUMNS)
      const checks = await sql.unsafe<Check[]>(CHECKS)
      const tables = Map.groupBy(columns, ({ table_name }) => table_name)
      const work = [...tables].flatMap(([table, own]) => {
        const names = own.map(({ column_name }) => `"${column_name}"`)
        const values = (n: number) => own.map((column) => sampleOf(column, checks, n)).join(', ')
        return [1, 2].map((n) => [
          `insert into tablewright."${table}" (${names.join(', ')}) values (${values(n)})`,
          `update tablewright."${table}" set ${names.map((name) => `${name} = ${name}`).join(', ')}`,
          `select ${names.join(', ')} from tablewright."${table}"`,
        ])
      })
      await sql.unsafe(WITHOUT_REFERENCES)
      for (const [insert = '', ...rest] of work.filter((_, index) => index % 2 === 0))
        for (const text of [insert, ...rest]) await sql.unsafe(text)
      await migrateStore(store.db, { until: until + 1 })
      for (const [insert = '', ...rest] of work.filter((_, index) => index % 2 === 1))
        for (const text of [insert, ...rest]) await sql.unsafe(text)
      await sql.end()
      await store.close()
    },
  )
})

describe('a store that a newer version has migrated', () => {
  let url: string
  beforeAll(async () => {
    url = await createDatabase(inject('postgresUrl'), 'newer_store')
    const store = postgresStore(url, { maxConnections: 1 })
    await store.migrate()
    await store.close()
    const sql = postgres(url, { max: 1 })
    await sql`insert into tablewright.migrations (hash, created_at) values ('x', 99999999999999)`
    await sql.end()
  })

  test('ends a worker that starts with one line that says so, and one that says what to do', async () => {
    const env = { DATABASE_URL: url, AUTH_SECRET: 'a secret of the tests, 32 characters', SOURCE_DATABASE_URL: url }
    const { child, done } = startCli(['work'], {
      env: { ...env, CATALOG: join(import.meta.dirname, '../../demo/catalog.yaml'), ORGANIZATION_ID: 'a' },
    })
    child.stdin?.end()
    const { code, err } = await done
    expect(code).toBe(2)
    expect(err.trim().split('\n')).toEqual([
      'Cannot use the application store: a newer Tablewright has written it',
      '  Fix: run the newer version again, or set DATABASE_URL or DATA_DIR to another store',
    ])
  })
})
