// The Postgres in this process. In: a folder, or "memory://". Out: an open PGlite that holds the folder's lock.
// Refused: a folder that another process uses.
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { UserError } from '../errors.ts'
import { lockDataDir } from './data-lock.ts'

export type EmbeddedDatabase = { readonly pglite: PGlite; readonly close: () => Promise<void> }

/** Opens the embedded database; `memory://` keeps nothing. Throws `UserError` data_in_use. */
export async function openEmbedded(dataDir: string): Promise<EmbeddedDatabase> {
  if (dataDir === 'memory://') {
    const pglite = await PGlite.create()
    return { pglite, close: () => pglite.close() }
  }
  const lock = await lockDataDir(dataDir)
  try {
    const pglite = await PGlite.create(join(dataDir, 'postgres'))
    const close = async () => {
      await pglite.close()
      lock.release()
    }
    return { pglite, close }
  } catch (cause) {
    lock.release()
    throw new UserError('source_unavailable', `Cannot open the embedded database in "${dataDir}"`, {
      fix: 'delete the folder to begin anew (the demo data is loaded again), or set DATA_DIR to another one',
      cause,
    })
  }
}
