// An empty application store, embedded or in a database of its own on the shared Postgres.
import { PGlite } from '@electric-sql/pglite'
import { pgliteStore, postgresStore, type Store } from '../../src/db/store.ts'
import { createDatabase } from './postgres.ts'

export type TestStore = Store & { readonly end: () => Promise<void> }

let embedded: Promise<PGlite> | undefined

/** Nothing is migrated yet. One PGlite a test file, emptied each time: opening one takes seconds. */
export async function emptyPglite(): Promise<TestStore> {
  embedded ??= PGlite.create()
  const pglite = await embedded
  await pglite.exec('drop schema if exists tablewright cascade')
  return { ...pgliteStore(pglite), end: async () => {} }
}

/** Nothing is migrated yet. */
export async function emptyPostgres(serverUrl: string, name: string): Promise<TestStore> {
  const store = postgresStore(await createDatabase(serverUrl, name), { maxConnections: 4 })
  return { ...store, end: store.close }
}
