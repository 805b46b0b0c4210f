import type { Db } from './store.ts'

/**
 * A query that nearly every request asks, with placeholders for its values: its text is made once a store, and with a
 * name given to `prepare` Postgres plans it once a connection. For reads by a whole key only: their one plan suits everybody.
 */
export function prepared<Q>(make: (db: Db) => Q): (db: Db) => Q {
  const made = new WeakMap<Db, Q>()
  return (db) => {
    const known = made.get(db)
    if (known !== undefined) return known
    const fresh = make(db)
    made.set(db, fresh)
    return fresh
  }
}
