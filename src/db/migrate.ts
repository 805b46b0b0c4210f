// Brings a store forward. In: a handle. Out: the migrations that were applied, in order, all in one transaction.
// Refused: a store that holds a migration unknown here, and to wait for whoever holds a table: everybody who asks for the
// table meanwhile would wait too. Two servers that start at once wait for each other.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { UserError } from '../errors.ts'
import { codesOf } from '../lib/causes.ts'
import type { Db } from './store.ts'

const FOLDER = fileURLToPath(new URL('../../drizzle', import.meta.url))
const LOCK = 7_238_102
const LOCK_TIMEOUT_MS = 10_000
const LOCKED = '55P03'

type Journal = { readonly entries: readonly { readonly tag: string; readonly when: number }[] }

/** Applies what is missing. `until` stops after that many migrations of the folder. Throws `UserError`. */
export async function migrateStore(
  db: Db,
  options: { folder?: string; until?: number; lockTimeoutMs?: number } = {},
): Promise<readonly string[]> {
  return migrate(db, options).catch((error: unknown) => {
    throw codesOf(error).includes(LOCKED) ? held(error) : error
  })
}

async function migrate(
  db: Db,
  {
    folder = FOLDER,
    until = Number.POSITIVE_INFINITY,
    lockTimeoutMs = LOCK_TIMEOUT_MS,
  }: { folder?: string; until?: number; lockTimeoutMs?: number },
): Promise<readonly string[]> {
  const { entries } = JSON.parse(readFileSync(`${folder}/meta/_journal.json`, 'utf8')) as Journal
  const files = readMigrationFiles({ migrationsFolder: folder })
  return db.transaction(async (tx) => {
    // Its own time may be long: indexes of a large store.
    await tx.execute(sql`set local statement_timeout = 0`)
    await tx.execute(sql`select pg_advisory_xact_lock(${LOCK})`)
    await tx.execute(sql`select set_config('lock_timeout', ${String(lockTimeoutMs)}, true)`)
    await tx.execute(sql`create schema if not exists tablewright`)
    // The columns that drizzle-kit's own runner keeps, so that it could take over.
    await tx.execute(
      sql`create table if not exists tablewright.migrations (id serial primary key, hash text not null, created_at bigint)`,
    )
    const done = await tx
      .select({ when: sql<string>`created_at::text`, hash: sql<string>`hash` })
      .from(sql`tablewright.migrations`)
    const known = new Set(files.map(({ folderMillis }) => folderMillis))
    const foreign = done.find(({ when }) => !known.has(Number(when)))
    if (foreign !== undefined) {
      throw new UserError(
        'invalid_configuration',
        'Cannot use the application store: a newer Tablewright has written it',
        {
          fix: 'run the newer version again, or set DATABASE_URL or DATA_DIR to another store',
        },
      )
    }
    const applied: string[] = []
    for (const [index, { folderMillis, hash, sql: statements }] of files.entries()) {
      if (index >= until || done.some(({ when }) => Number(when) === folderMillis)) continue
      for (const statement of statements) await tx.execute(sql.raw(statement))
      await tx.execute(sql`insert into tablewright.migrations (hash, created_at) values (${hash}, ${folderMillis})`)
      applied.push(entries[index]?.tag ?? String(folderMillis))
    }
    return applied
  })
}

const held = (cause: unknown): UserError =>
  new UserError('source_unavailable', 'Cannot migrate the store: something holds a table that has to change', {
    fix: 'let it end, such as a backup that runs, then try again',
    cause,
  })
