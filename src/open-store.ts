// Opens the application store where the configuration says: a Postgres, or the embedded database.
// In: a configuration, and the embedded database where it is open already. Out: the store, migrated.
import type { PGlite } from '@electric-sql/pglite'
import type { Config } from './config.ts'
import { openEmbedded } from './db/embedded.ts'
import { pgliteStore, postgresStore, type Store } from './db/store.ts'

/** Opens the store without changing it; `close` leaves an embedded database that was given open. Throws `UserError`. */
export async function openStore(config: Config, pglite?: PGlite): Promise<Store> {
  if (config.databaseUrl !== undefined) return postgresStore(config.databaseUrl)
  if (pglite !== undefined) return pgliteStore(pglite)
  const embedded = await openEmbedded(config.dataDir)
  return { ...pgliteStore(embedded.pglite), close: embedded.close }
}
