// The store's handle over a real Postgres. In: a client that outlives lost connections. Out: a handle that begins again what
// the database ended because it met something else: a deadlock, or a change that could not be put in order. A transaction
// begins again as a whole, so its function changes nothing outside of the database and may run several times.
import { drizzle } from 'drizzle-orm/postgres-js'
import type postgres from 'postgres'
import { UserError } from '../errors.ts'
import { isConflict } from './connecting.ts'
import type { Db } from './store.ts'

const ATTEMPTS = 8
const FIRST_WAIT_MS = 20
const LONGEST_WAIT_MS = 1000

/** Makes the handle. */
export function overPostgres(client: postgres.Sql): Db {
  return drizzle({ client: beginningAgain(client) }) as unknown as Db
}

/** Of the client only `unsafe`, `begin` and `options` are used here. */
function beginningAgain(client: postgres.Sql): postgres.Sql {
  const begin = (...given: Parameters<typeof client.begin>): Promise<unknown> =>
    begunAgain(() => client.begin(...given))
  // A statement outside of a transaction is one by itself: what was ended so has done nothing.
  const unsafe = (...given: Parameters<typeof client.unsafe>) => {
    let asValues = false
    const done = begunAgain(async () => {
      // Whether it is asked for values is said within the same turn, as with the driver's own.
      await null
      const query = client.unsafe(...given)
      return asValues ? query.values() : query
    })
    const values = () => {
      asValues = true
      return done
    }
    return Object.assign(done, { values })
  }
  const own: Record<string, unknown> = { begin, unsafe }
  return new Proxy(client, { get: (_, key) => own[String(key)] ?? (Reflect.get(client, key) as unknown) })
}

/** Waits are drawn by lot, so that those who met do not meet again. Throws `UserError` source_unavailable in the end. */
async function begunAgain<T>(once: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once()
    } catch (error) {
      if (!isConflict(error)) throw error
      if (attempt === ATTEMPTS) throw crowded(error)
      const longest = Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS)
      await new Promise((done) => setTimeout(done, Math.random() * longest))
    }
  }
}

const crowded = (cause: unknown): UserError =>
  new UserError('source_unavailable', 'Cannot use the store: others keep changing the same rows at the same time', {
    fix: 'try again in a moment',
    cause,
  })
