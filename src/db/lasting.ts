// A client of the driver that outlives lost connections. In: how to make one. Out: a client that is made anew after a loss.
// The driver keeps using what is left of a lost connection: it writes to no socket, which ends the process
// (porsager/postgres#1208), goes on with a transaction on the connection made next, outside of it (#1155), fails the next
// query with the old error, or never connects again. So nothing is sent after a loss, and its connections are let go.
import type postgres from 'postgres'
import { isClosing, isLoss } from './connecting.ts'
import { inOneMessage } from './one-message.ts'

type Types = Record<string, unknown>
type Inside<T extends Types> = postgres.TransactionSql<T>
type Work<T extends Types> = (tx: Inside<T>) => unknown
const END_SECONDS = 30

/** Of the client only `unsafe`, `begin`, `options` and `end` are used here. */
export function lasting<T extends Types>(make: () => postgres.Sql<T>): postgres.Sql<T> {
  let current = make()
  const old = new Set<Promise<void>>()
  const renewAfter = (used: postgres.Sql<T>, error: unknown): void => {
    if (used !== current || !(isClosing(error) || isTimeout(error))) return
    current = make()
    // Drizzle has put its own ways to read and write types into the first client.
    Object.assign(current.options.parsers, used.options.parsers)
    Object.assign(current.options.serializers, used.options.serializers)
    const ended = used.end({ timeout: END_SECONDS }).finally(() => old.delete(ended))
    old.add(ended)
  }
  let named = true
  const unsafe = (...[text, values, options]: Parameters<postgres.Sql<T>['unsafe']>) => {
    const used = current
    const own = { ...options, prepare: named && options?.prepare === true, onexecute: alone }
    const query = inOneMessage((...sent) => used.unsafe(...sent), [text, values, own])
    if (own.prepare)
      query.then(
        () => (named &&= !wasLost(query)),
        () => {},
      )
    return seen(query, (error) => renewAfter(used, error))
  }
  const begin = (first: string | Work<T>, second?: Work<T>): Promise<unknown> => {
    const [options, work] = typeof first === 'string' ? [first, second as Work<T>] : ['', first]
    const used = current
    const begun = transaction(used, options, work)
    begun.catch((error: unknown) => renewAfter(used, error))
    return begun
  }
  const end: postgres.Sql<T>['end'] = async (options) => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<void>((done) => {
      timer = setTimeout(done, (options?.timeout ?? END_SECONDS) * 1000)
    })
    await Promise.all([current.end(options), old.size > 0 && Promise.race([Promise.all(old), late])])
    clearTimeout(timer)
  }
  const own: Types = { unsafe, begin, end }
  return new Proxy(current, { get: (_, key) => own[String(key)] ?? (Reflect.get(current, key) as unknown) })
}

/** Tells the driver to send nothing behind a statement before its answer has come: it may take long. */
const alone = (): boolean => false

/** Whether the driver had to prepare a named statement once more, as behind a pooler that hands each call to another server. */
function wasLost(query: object): boolean {
  return 'retried' in query && query.retried !== undefined
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'CONNECT_TIMEOUT'
}

type Loss = { error: unknown }

function transaction<T extends Types>(client: postgres.Sql<T>, options: string, work: Work<T>): Promise<unknown> {
  const loss: Loss = { error: undefined }
  const begun = client.begin(options, async (tx) => {
    const done = (async () => work(watched(tx, loss)))()
    // Which loss a failure comes from is told within the same turn of the event loop.
    await done.catch(() => new Promise((next) => setImmediate(next)))
    // The transaction rejects by itself when its connection closes; anything else would have the driver send a rollback.
    return loss.error === undefined ? done : new Promise<never>(() => {})
  })
  begun.catch((error: unknown) => {
    loss.error ??= error
  })
  return begun
}

/** The inside of a transaction, which refuses everything after a loss. */
function watched<T extends Types>(tx: Inside<T>, loss: Loss): Inside<T> {
  const unsafe = (...given: Parameters<Inside<T>['unsafe']>) => {
    if (loss.error !== undefined) return refused(loss.error)
    const [text, values, options] = given
    // Without a name: one that a pooler has lost would end the transaction.
    const query = inOneMessage((...sent) => tx.unsafe(...sent), [text, values, { ...options, prepare: false }])
    return seen(query, (error) => {
      if (isLoss(error)) loss.error ??= error
    })
  }
  const savepoint = (first: string | Work<T>, second?: Work<T>): Promise<unknown> => {
    if (loss.error !== undefined) return Promise.reject(loss.error)
    const [name, work] = typeof first === 'string' ? [first, second as Work<T>] : [undefined, first]
    const inside: Work<T> = async (inner) => {
      const done = (async () => work(watched(inner, loss)))()
      await done.catch(() => new Promise((next) => setImmediate(next)))
      return loss.error === undefined ? done : new Promise<never>(() => {})
    }
    const save = tx.savepoint as (...given: unknown[]) => Promise<unknown>
    return name === undefined ? save(inside) : save(name, inside)
  }
  const own: Types = { unsafe, savepoint }
  return new Proxy(tx, { get: (target, key) => own[String(key)] ?? (Reflect.get(target, key) as unknown) })
}

function seen<Q extends Promise<unknown>>(query: Q, tell: (error: unknown) => void): Q {
  query.catch(tell)
  return query
}

/** Looks like a query of the driver. */
function refused(error: unknown) {
  const promise = Promise.reject(error)
  promise.catch(() => {})
  const again = () => refused(error)
  return Object.assign(promise, { values: again, raw: again, cancel: () => {} })
}
