// The application store: one typed Drizzle handle, over the embedded Postgres or a real one.
// In: an open PGlite, or a URL. Out: a handle, a migration forward, an end.
// Refused: a store that a newer program has migrated.
import type { PGlite } from '@electric-sql/pglite'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import { drizzle as overPglite } from 'drizzle-orm/pglite'
import postgres from 'postgres'
import { connecting } from './connecting.ts'
import { lasting } from './lasting.ts'
import { migrateStore } from './migrate.ts'
import { overPostgres } from './over-postgres.ts'

/** The store, or a transaction in it. */
export type Db = PgDatabase<PgQueryResultHKT, Record<string, never>>
export type Store = {
  readonly db: Db
  /** Applies what is missing, in one transaction, and gives the names of what was applied. */
  readonly migrate: () => Promise<readonly string[]>
  readonly close: () => Promise<void>
  /** The database in this process that it is in, if it is. */
  readonly pglite?: PGlite
}

/** The store inside an embedded database, which stays open. */
export function pgliteStore(pglite: PGlite): Store {
  const db = overPglite({ client: pglite }) as unknown as Db
  return { db, migrate: () => migrateStore(db), close: async () => {}, pglite }
}

/** The store in a real Postgres; connects on first use. */
export function postgresStore(url: string, options: { maxConnections?: number } = {}): Store {
  const client = lasting(() =>
    postgres(url, {
      max: options.maxConnections ?? 10,
      ...connecting,
      connection: { application_name: 'tablewright store' },
    }),
  )
  const db = overPostgres(client)
  return { db, migrate: () => migrateStore(db), close: () => client.end({ timeout: 5 }) }
}
