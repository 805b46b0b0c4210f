// The public development set: many databases as they are found, with keys missing, wrong or declared too late.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { drizzleTables } from '../../src/catalog/drizzle-tables.ts'
import { introspect } from '../../src/catalog/introspect.ts'
import { loadCatalog, problemText } from '../../src/catalog/load.ts'
import { catalogToYaml } from '../../src/catalog/print.ts'
import type { Catalog } from '../../src/catalog/schema.ts'
import { createDatabase } from '../setup/postgres.ts'
import { joinPairs } from './join-pairs.ts'

const folder = new URL('../../../shared/nl2sql/', import.meta.url)
const present = existsSync(folder)
const catalogs = new Map<string, Catalog>()
let url: string

const names = present
  ? readdirSync(new URL('databases/', folder)).flatMap((file) => (file.endsWith('.sql') ? [file.slice(0, -4)] : []))
  : []

/** Does the work for every database over two connections; each database is a schema of its own. */
async function forEach(work: (sql: postgres.Sql, name: string) => Promise<void>): Promise<void> {
  const todo = [...names]
  const worker = async () => {
    const sql = postgres(url, { max: 1, onnotice: () => {} })
    try {
      for (let name = todo.pop(); name !== undefined; name = todo.pop()) await work(sql, name)
    } finally {
      await sql.end()
    }
  }
  await Promise.all([worker(), worker()])
}

describe.skipIf(!present)(
  `introspection of public databases${present ? '' : ' (skipped: the data set is not there)'}`,
  () => {
    beforeAll(async () => {
      url = await createDatabase(inject('postgresUrl'), 'introspect_public')
      await forEach(async (sql, name) => {
        const script = readFileSync(new URL(`databases/${name}.sql`, folder), 'utf8')
        await sql.unsafe(`create schema "${name}"; set search_path to "${name}";\n${script}`)
      })
    }, 120_000)

    test('every database gives a catalog that loads without a problem', async () => {
      const refused: string[] = []
      await forEach(async (sql, name) => {
        const query = async (text: string, params: readonly string[]) => [...(await sql.unsafe(text, [...params]))]
        const { catalog, notes } = await introspect(query, { schema: name, name })
        const loaded = loadCatalog(catalogToYaml(catalog, notes))
        if (loaded.ok) catalogs.set(name, loaded.catalog)
        else refused.push(...loaded.problems.map((one) => `${name}: ${problemText(one)}`))
      })
      expect(refused).toEqual([])
      expect(catalogs.size).toBe(names.length)
    }, 120_000)

    test('every field of every entity can be listed', async () => {
      let entities = 0
      await forEach(async (sql, name) => {
        const catalog = catalogs.get(name)
        if (catalog === undefined) throw new Error(`no catalog of ${name}`)
        const db = drizzle(sql)
        for (const [entityName, entity] of Object.entries(catalog.entities)) {
          const own = drizzleTables(catalog)[entityName]
          if (own === undefined) throw new Error(`no table for ${entityName}`)
          const wanted = Object.values(entity.fields).map((field) => own.columns[field.column])
          const columns = Object.fromEntries(
            wanted.flatMap((column, i) => (column === undefined ? [] : [[`f${i}`, column]])),
          )
          const rows = await db.select(columns).from(own.table).limit(5)
          expect(Object.keys(columns)).toHaveLength(Object.keys(entity.fields).length)
          expect(rows.length).toBeLessThanOrEqual(5)
          entities += 1
        }
      })
      expect(entities).toBeGreaterThan(600)
    })

    test('no to-one relation, declared or guessed, leads to more than one row', async () => {
      const doubled: string[] = []
      await forEach(async (sql, name) => {
        for (const [entityName, entity] of Object.entries(catalogs.get(name)?.entities ?? {}))
          for (const [relationName, { to, kind, on }] of Object.entries(entity.relations)) {
            const table = catalogs.get(name)?.entities[to]?.table
            if (kind !== 'to_one' || table === undefined) continue
            const columns = sql(on.map((pair) => pair.to))
            const present = on
              .map((pair) => sql`${sql(pair.to)} is not null`)
              .reduce((all, one) => sql`${all} and ${one}`)
            const twice =
              await sql`select 1 from ${sql(name)}.${sql(table)} where ${present} group by ${columns} having count(*) > 1 limit 1`
            if (twice.length > 0) doubled.push(`${name}: ${entityName}.${relationName}`)
          }
      })
      expect(doubled).toEqual([])
    })

    test('at least 98 in 100 joins that people wrote follow a relation of the catalog', async () => {
      type Question = { database: string; split: string; sql_pg?: string }
      const lines = readFileSync(new URL('questions.jsonl', folder), 'utf8').trim().split('\n')
      const questions = lines.map((line) => JSON.parse(line) as Question).filter((one) => one.split === 'train')
      let joins = 0
      let covered = 0
      for (const { database, sql_pg: statement } of questions) {
        const catalog = catalogs.get(database)
        if (statement === undefined || catalog === undefined) continue
        for (const { left, right } of await joinPairs(statement)) {
          joins += 1
          if (isRelation(catalog, left, right)) covered += 1
        }
      }
      expect(joins).toBeGreaterThan(2000)
      expect(covered / joins).toBeGreaterThan(0.98)
    })
  },
)

function isRelation(catalog: Catalog, left: readonly [string, string], right: readonly [string, string]): boolean {
  return Object.values(catalog.entities).some(
    (entity) =>
      entity.table === left[0] &&
      Object.values(entity.relations).some(
        ({ to, on }) =>
          catalog.entities[to]?.table === right[0] && on.some((pair) => pair.from === left[1] && pair.to === right[1]),
      ),
  )
}
