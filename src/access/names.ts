import { inArray } from 'drizzle-orm'
import { users } from '../db/schema-access.ts'
import type { Db } from '../db/store.ts'

/** Names of people by id. */
export async function namesOf(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await db
    .select({ id: users.id, name: users.name })
    .from(users)
    .where(inArray(users.id, [...new Set(ids)]))
  return new Map(rows.map(({ id, name }) => [id, name]))
}
