// The databases of a question suite in a real Postgres: each in a schema of its own, loaded once while the server lives.
// In: the suite's folder and a Postgres URL. Out: per database a catalog (introspected, unedited), its stored values, a source of rows.
// Refused: names of databases that are not plain identifiers; everything is loaded from the suite's own files.
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import postgres from 'postgres'
import { introspect } from '../src/catalog/introspect.ts'
import { Catalog } from '../src/catalog/schema.ts'
import type { Scope } from '../src/lib/scope.ts'
import { postgresSource, type Source } from '../src/rows/source.ts'
import type { ValueIndex } from '../src/translate/types.ts'
import { buildValueIndex } from '../src/translate/values.ts'

export type SuiteDatabase = { readonly catalog: Catalog; readonly values: ValueIndex; readonly source: Source }
export type SuiteServer = {
  readonly open: (name: string) => Promise<SuiteDatabase>
  readonly close: () => Promise<void>
}

/** Every row may be read: the suite knows no organizations. */
export const SUITE_SCOPE: Scope = { organizationId: 'suite', roles: ['admin'] }

/** Opens a server for a suite; databases are loaded on first use and kept (their schemas outlive this process). */
export async function openSuiteServer(options: { readonly dir: string; readonly url: string }): Promise<SuiteServer> {
  const sql = postgres(options.url, { max: 2, prepare: false, onnotice: () => {} })
  const source = postgresSource(options.url, { maxConnections: 2 })
  const code = await codeHash()
  await sql.unsafe('create schema if not exists tablewright_eval')
  await sql.unsafe(
    'create table if not exists tablewright_eval.loaded (name text primary key, sql_hash text not null, code_hash text, catalog json)',
  )
  const open = new Map<string, Promise<SuiteDatabase>>()
  return {
    open: (name) => {
      const known = open.get(name) ?? openOne({ sql, source, dir: options.dir, name, code })
      open.set(name, known)
      return known
    },
    close: async () => {
      await sql.end({ timeout: 5 })
      await source.close()
    },
  }
}

type OneInput = {
  readonly sql: postgres.Sql
  readonly source: Source
  readonly dir: string
  readonly name: string
  readonly code: string
}

async function openOne({ sql, source, dir, name, code }: OneInput): Promise<SuiteDatabase> {
  if (!/^[a-z][a-z0-9_]{0,50}$/.test(name))
    throw new Error(`Cannot load the database "${name}": its name must be an identifier`)
  const schema = `suite_${name}`
  const text = await readFile(join(dir, 'databases', `${name}.sql`), 'utf8')
  const hash = createHash('sha256').update(text).digest('hex')
  const [known] = await sql<{ sql_hash: string; code_hash: string | null; catalog: unknown }[]>`
    select sql_hash, code_hash, catalog from tablewright_eval.loaded where name = ${name}`
  if (known?.sql_hash !== hash) await load(sql, schema, text)
  const query = async (statement: string, params: readonly unknown[]) =>
    [...(await sql.unsafe(statement, [...params] as never[]))] as Record<string, unknown>[]
  const cached = known?.sql_hash === hash && known.code_hash === code ? known.catalog : undefined
  const made = cached ?? (await introspect(query, { schema, name })).catalog
  if (cached === undefined)
    await sql`
      insert into tablewright_eval.loaded values (${name}, ${hash}, ${code}, ${JSON.stringify(made)}::text::json)
      on conflict (name) do update set sql_hash = excluded.sql_hash, code_hash = excluded.code_hash, catalog = excluded.catalog`
  const catalog = Catalog.parse(made)
  const values = await buildValueIndex({ catalog, query, scope: SUITE_SCOPE })
  return { catalog, values, source }
}

async function load(sql: postgres.Sql, schema: string, text: string): Promise<void> {
  await sql.begin(async (tx) => {
    await tx.unsafe(`drop schema if exists "${schema}" cascade`)
    await tx.unsafe(`create schema "${schema}"`)
    await tx.unsafe(`set local search_path to "${schema}"`)
    await tx.unsafe(text).simple()
  })
  await sql.unsafe(`analyze`)
}

/** Changes when the code that makes catalogs changes, so that no stale catalog is used. */
async function codeHash(): Promise<string> {
  const root = new URL('../src/catalog/', import.meta.url)
  const hash = createHash('sha256')
  const files = [
    ...(await readdir(new URL('introspect/', root))).map((file) => `introspect/${file}`),
    'introspect.ts',
    'words.ts',
    'schema.ts',
  ]
  for (const file of files.sort()) hash.update(await readFile(new URL(file, root), 'utf8'))
  return hash.digest('hex')
}
