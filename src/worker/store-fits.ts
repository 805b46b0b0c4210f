import { sql } from 'drizzle-orm'
import type { Db } from '../db/store.ts'
import { asUserError, UserError } from '../errors.ts'
import { codesOf } from '../lib/causes.ts'

/** Whether the store has every migration that this program needs. A Worker never migrates. Throws `UserError` not_ready. */
export async function storeFits(db: Db, migrations: readonly number[]): Promise<void> {
  const done = await appliedTo(db)
  const missing = migrations.filter((when) => !done.has(when)).length
  if (missing === 0) return
  const count = missing === 1 ? '1 migration is' : `${missing} migrations are`
  throw new UserError('not_ready', `Not ready: the store is older than this Worker, ${count} missing`, {
    fix: 'run "tablewright migrate" with DATABASE_URL set to the store, from the version that was deployed',
  })
}

const NO_TABLE = '42P01'

async function appliedTo(db: Db): Promise<ReadonlySet<number>> {
  try {
    const rows = await db.select({ when: sql<string>`created_at::text` }).from(sql`tablewright.migrations`)
    return new Set(rows.map(({ when }) => Number(when)))
  } catch (error) {
    if (codesOf(error).includes(NO_TABLE)) return new Set()
    const known = asUserError(error)
    throw new UserError('not_ready', 'Not ready: the store does not answer', {
      fix: known?.fix ?? 'check the Hyperdrive binding HYPERDRIVE and the database behind it',
      cause: error,
    })
  }
}
