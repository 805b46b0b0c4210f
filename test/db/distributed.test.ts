// docs/distributed.md says which keys begin with the organization and where the code uses what a distributed Postgres may
// lack. Both lists are compared with the code, so that they stay true.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { is } from 'drizzle-orm'
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core'
import { describe, expect, test } from 'vitest'
import * as access from '../../src/db/schema-access.ts'
import * as conversations from '../../src/db/schema-conversations.ts'
import * as deliveries from '../../src/db/schema-deliveries.ts'
import * as documents from '../../src/db/schema-documents.ts'
import * as log from '../../src/db/schema-log.ts'
import * as tables from '../../src/db/schema-tables.ts'
import * as translations from '../../src/db/schema-translations.ts'

const root = join(import.meta.dirname, '..', '..')
const page = readFileSync(join(root, 'docs/distributed.md'), 'utf8')
const all: readonly PgTable[] = [access, conversations, deliveries, documents, log, tables, translations]
  .flatMap((schema) => Object.values<unknown>(schema))
  .filter((one): one is PgTable => is(one, PgTable))
const TENANT = 'organization_id'
/** One row for all organizations; everything else belongs to one. */
const SHARED = ['accounts', 'organizations', 'sessions', 'users', 'verifications']

/** The names in the first column of the table under a heading. */
function rowsUnder(heading: string): string[][] {
  const [, section = ''] = new RegExp(`^## ${heading}$([\\s\\S]*?)(?=^## |$(?![\\s\\S]))`, 'm').exec(page) ?? []
  return [...section.matchAll(/^\| (?!---|name|what)(.*) \|$/gm)].map(([, row = '']) => row.split(' | '))
}
const named = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name).sort()

/** Primary keys, unique keys and indexes of a table, by their columns in order. */
function keysOf(table: PgTable): { name: string; columns: readonly string[] }[] {
  const config = getTableConfig(table)
  const columnsOf = (columns: readonly object[]) => columns.map((c) => ('name' in c ? String(c.name) : ''))
  return [
    ...config.primaryKeys.map(({ columns }) => ({ name: `${config.name} (key)`, columns: columnsOf(columns) })),
    ...config.columns
      .filter(({ primary }) => primary)
      .map((c) => ({ name: `${config.name} (key)`, columns: [c.name] })),
    ...config.columns
      .filter(({ isUnique }) => isUnique)
      .map((c) => ({ name: `${config.name}.${c.name}`, columns: [c.name] })),
    ...config.indexes.map((index) => ({ name: index.config.name ?? '', columns: columnsOf(index.config.columns) })),
  ]
}

describe('the store by organization', () => {
  test('every table but the shared ones has the organization, never empty', () => {
    const without = all.filter((table) => !getTableConfig(table).columns.some((c) => c.name === TENANT && c.notNull))
    expect(without.map((table) => getTableConfig(table).name).sort()).toEqual(SHARED)
  })

  test('every key and index begins with the organization, save for those that the page names with their reason', () => {
    const others = all.flatMap(keysOf).filter(({ columns }) => columns[0] !== TENANT)
    const documented = rowsUnder('Keys that do not begin with the organization')
    expect(others.map(({ name }) => name).sort()).toEqual(documented.flatMap(([names]) => named(names)).sort())
    for (const [names, reason = ''] of documented) expect(reason.trim(), names).not.toBe('')
  })

  test('references between tables of organizations have the organization on both sides', () => {
    for (const table of all) {
      for (const key of getTableConfig(table).foreignKeys) {
        const { columns, foreignColumns, foreignTable } = key.reference()
        if (SHARED.includes(getTableConfig(foreignTable).name)) continue
        for (const side of [columns, foreignColumns])
          expect(
            side.map(({ name }) => name),
            key.getName(),
          ).toContain(TENANT)
      }
    }
  })

  test('no query of the store joins tables of two organizations', () => {
    const joins = sources.flatMap(({ path, text }) =>
      [...text.matchAll(/\.(?:inner|left|right|full)Join\(\s*(\w+)/g)].map(({ index, 1: target = '' }) => {
        const on = balanced(text, index)
        // A condition may have a name.
        const [, name = ''] = /,\s*(\w+)\s*\)$/.exec(on) ?? []
        const at = name === '' ? -1 : text.indexOf(`const ${name} = `)
        return { path, target, on: at < 0 ? on : `${on} ${balanced(text, at)}` }
      }),
    )
    expect(joins.length).toBeGreaterThan(10)
    const loose = joins.filter(
      ({ target, on }) => !['users', 'organizations'].includes(target) && !/organizationId/.test(on),
    )
    expect(loose).toEqual([])
  })
})

/** From the first parenthesis after a place to the one that closes it. */
function balanced(text: string, from: number): string {
  const start = text.indexOf('(', from)
  let depth = 0
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1
    if (text[at] === ')') depth -= 1
    if (depth === 0) return text.slice(start, at + 1)
  }
  return text.slice(start)
}

const sources = ['src', 'drizzle'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(ts|sql)$/.test(path))
    .map((path) => ({ path: `${folder}/${path}`, text: readFileSync(join(root, folder, path), 'utf8') })),
)

/** What a distributed Postgres may lack or do otherwise, by the words that use it. */
const FEATURES: Readonly<Record<string, RegExp>> = {
  'advisory locks': /pg_(try_)?advisory/,
  'SKIP LOCKED': /skipLocked|skip locked/i,
  'SELECT … FOR UPDATE': /\.for\('update'/,
  'nested transactions (SAVEPOINT)': /\btx\.transaction\(/,
  'serial columns, sequences': /\b(big)?serial (primary|not null)|nextval\(|create sequence/i,
  'LISTEN / NOTIFY': /pg_notify|\bsql\.listen\(|`(listen|notify) /i,
  'temporary tables': /create temp/i,
  'triggers and functions': /create (or replace )?(trigger|function|procedure)/i,
  'schema changes in one transaction': /create schema if not exists/i,
  'unique index on an expression': /CREATE UNIQUE INDEX [^;]*lower\(/,
  'partial indexes': /CREATE (UNIQUE )?INDEX [^;]* WHERE /,
  cursors: /declare \w+ no scroll cursor/,
  'REPEATABLE READ': /isolation level repeatable read/,
  'the organization as a setting': /ORGANIZATION_SETTING\}?', |ORGANIZATION_SETTING, organizationId/,
}

describe('what the code uses of Postgres', () => {
  const documented = new Map(
    rowsUnder('What the code uses of Postgres').map(([name = '', where]) => [name.trim(), named(where)]),
  )

  test('the page has a line for each of it', () => {
    expect([...documented.keys()].sort()).toEqual(Object.keys(FEATURES).sort())
  })

  test.each(Object.entries(FEATURES))('%s: where the page says, and nowhere else', (name, pattern) => {
    const found = sources.filter(({ text }) => pattern.test(text)).map(({ path }) => path)
    expect(found.sort()).toEqual(documented.get(name))
  })
})
