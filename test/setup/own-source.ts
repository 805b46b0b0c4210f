// A store and, beside it, a source of one's own with one small table and its catalog, as a server's configuration takes them.
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { createDatabase } from './postgres.ts'

/** Databases NAME_store and NAME_source on a server; `remove` takes the catalog's file away. */
export async function ownSource(url: string, name: string) {
  const catalog = join(tmpdir(), `tablewright-${name}-${process.pid}.json`)
  const store = await createDatabase(url, `${name}_store`)
  const source = await createDatabase(url, `${name}_source`)
  const sql = postgres(source, { max: 1 })
  await sql`create table things as select 1 as id, 'one' as name`
  await sql.end()
  const fields = {
    id: { column: 'id', type: 'integer', label: 'Id' },
    name: { column: 'name', type: 'text', label: 'Name' },
  }
  const things = { table: 'things', label: 'Things', shared: true, primaryKey: ['id'], fields }
  await writeFile(catalog, JSON.stringify({ version: 1, entities: { things } }))
  const env = { DATABASE_URL: store, SOURCE_DATABASE_URL: source, CATALOG: catalog }
  return {
    env: { ...env, AUTH_SECRET: 'a secret of the tests, 32 characters' },
    remove: () => rm(catalog, { force: true }),
  }
}
