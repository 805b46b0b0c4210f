// A database that is asked: statements in one read-only snapshot, every cell as Postgres writes it.
// Refused: anything that writes (the transaction is read only) and anything slower than its timeout.
import type { PGlite } from '@electric-sql/pglite'
import postgres from 'postgres'
import { ORGANIZATION_SETTING } from '../catalog/row-security.ts'
import { againOnConflict, connecting, isClosing, isConflict } from '../db/connecting.ts'
import { lasting } from '../db/lasting.ts'

export type RawRow = readonly (string | null)[]
/** Runs one statement inside the snapshot; rows are arrays of text or null. */
export type RunStatement = (text: string, params: readonly (string | null)[]) => Promise<readonly RawRow[]>
/** A row whose cells are the same texts as UTF-8, which is far less work where there are millions. */
export type ByteRow = readonly (Buffer | null)[]
export type RunBytes = (text: string, params: readonly (string | null)[]) => Promise<readonly ByteRow[]>
export type SnapshotOptions = {
  /** Whose rows: connections are shared fairly between organizations, and row security goes by it. */
  readonly organizationId?: string | undefined
  readonly timezone: string
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
  /** For work that lasts as long as its reader: apart from the rest, and ended when nothing was asked for this long. */
  readonly idleTimeoutMs?: number | undefined
  /** `work` asks one statement, at once: the end of the transaction is sent along with it. Another one is refused. */
  readonly oneStatement?: boolean | undefined
}
export type Work<T> = (run: RunStatement, runBytes: RunBytes) => Promise<T>
export type Source = {
  /**
   * Runs `work` in a repeatable-read, read-only transaction; rejects with the database's error, or AbortError when cancelled.
   * Where a replica ends it to follow its primary, `work` begins anew, save for work that lasts as long as its reader.
   */
  readonly snapshot: <T>(options: SnapshotOptions, work: Work<T>) => Promise<T>
  /** true where one snapshot at a time can be open, so that nobody may hold one while a reader is slow. */
  readonly exclusive?: boolean
}

const SETTINGS = `select set_config('statement_timeout', $1, true), set_config('TimeZone', $2, true),
  set_config('DateStyle', 'ISO, YMD', true), set_config('idle_in_transaction_session_timeout',
  coalesce($3, current_setting('idle_in_transaction_session_timeout')), true), set_config('${ORGANIZATION_SETTING}', $4, true)`

const asIs = (value: unknown): string => String(value)
/** Types whose values a driver would otherwise convert: booleans, bytes, dates, times, numbers, JSON. */
const CONVERTED = [16, 17, 20, 21, 23, 26, 114, 700, 701, 1082, 1083, 1114, 1184, 1266, 1700, 3802]

const NOTICED_WITHIN_MS = 100

/** A real Postgres by URL; `close` ends its connections. Named prepared statements are not used: they fall to generic plans. */
export function postgresSource(
  url: string,
  options: { maxConnections?: number; maxFileConnections?: number } = {},
): Source & { close: () => Promise<void> } {
  const connections = (max: number): postgres.Sql<{ text: string }> =>
    lasting(() =>
      postgres(url, {
        max,
        prepare: false,
        fetch_types: false,
        ...connecting,
        connection: { application_name: 'tablewright' },
        types: { text: { to: 25, from: CONVERTED, serialize: asIs, parse: asIs } },
      }),
    )
  const sql = connections(options.maxConnections ?? 6)
  // Connections of their own, so that slow downloads never make a screen wait.
  const fileSql = connections(options.maxFileConnections ?? 4)
  const once = <T>(settings: SnapshotOptions, work: Work<T>, lostIdle: () => void): Promise<T> => {
    let sentAt: number | undefined
    const tell = (error: unknown): void => {
      // Closed while nothing ran: it may be noticed only when the next statement is sent.
      const idle = sentAt === undefined || performance.now() - sentAt < NOTICED_WITHIN_MS
      if (isConflict(error) || (idle && isClosing(error))) lostIdle()
    }
    const begun = (settings.idleTimeoutMs === undefined ? sql : fileSql).begin(
      'isolation level repeatable read read only',
      async (tx) => {
        let ending = false
        const asked = async (form: 'values' | 'raw', ...[text, params]: Parameters<RunStatement>): Promise<unknown> => {
          settings.signal?.throwIfAborted()
          // It would run behind the transaction's end, outside of it.
          if (ending) throw new Error('a snapshot of one statement was asked for another')
          const query = tx.unsafe(text, [...params])[form]()
          const cancel = (): void => void query.cancel()
          settings.signal?.addEventListener('abort', cancel, { once: true })
          const mine = performance.now()
          sentAt = mine
          try {
            return await query
          } catch (error) {
            tell(error)
            settings.signal?.throwIfAborted()
            throw error
          } finally {
            if (sentAt === mine) sentAt = undefined
            settings.signal?.removeEventListener('abort', cancel)
          }
        }
        const run = ((...statement) => asked('values', ...statement)) as RunStatement
        const runBytes = ((...statement) => asked('raw', ...statement)) as RunBytes
        // Sent ahead of the first statement without a wait; should it fail, so does all that follows in the transaction,
        // which stays open until the work has met that: what it sent later would run outside of it.
        const both = Promise.allSettled([run(SETTINGS, settingsOf(settings)), work(run, runBytes)]).then(doneOf)
        ending = settings.oneStatement === true
        if (!ending) return { value: await both }
        both.catch(() => {})
        // The driver sends the end as soon as this is given back; after a failure it ends the transaction all the same.
        return { value: both }
      },
    ) as Promise<{ value: T | Promise<T> }>
    begun.catch(tell)
    return begun.then(({ value }) => value)
  }
  return {
    snapshot: (settings, work) => {
      if (settings.idleTimeoutMs !== undefined) return once(settings, work, () => {})
      // A connection that was ended between two statements was ended for a replica's sake, or the database is stopping; a
      // statement that was lost while it ran may be what the database fell over, and is not sent again.
      let idle = false
      return againOnConflict(
        settings.timeoutMs,
        (timeoutMs) => {
          idle = false
          return once({ ...settings, timeoutMs }, work, () => {
            idle = true
          })
        },
        () => !settings.signal?.aborted && idle,
      )
    },
    close: async () => {
      await Promise.all([sql.end({ timeout: 5 }), fileSql.end({ timeout: 5 })])
    },
  }
}

function doneOf<T>([ready, done]: [PromiseSettledResult<unknown>, PromiseSettledResult<T>]): T {
  if (ready.status === 'rejected') throw ready.reason
  if (done.status === 'rejected') throw done.reason
  return done.value
}

function settingsOf({ organizationId = '', timeoutMs, timezone, idleTimeoutMs }: SnapshotOptions): (string | null)[] {
  return [String(timeoutMs), timezone, idleTimeoutMs === undefined ? null : String(idleTimeoutMs), organizationId]
}

const parsers = Object.fromEntries(CONVERTED.map((oid) => [oid, (text: string) => text]))
const serializers = Object.fromEntries([...CONVERTED, 25, 1043].map((oid) => [oid, asIs]))

/** An embedded PGlite. It runs on the calling thread: a running statement cannot be cancelled, only what follows it. */
export function pgliteSource(db: PGlite): Source {
  return {
    exclusive: true,
    snapshot: (settings, work) =>
      db.transaction(async (tx) => {
        await tx.exec('set transaction isolation level repeatable read, read only')
        const run: RunStatement = async (text, params) => {
          settings.signal?.throwIfAborted()
          const result = await tx.query<(string | null)[]>(text, [...params], {
            rowMode: 'array',
            parsers,
            serializers,
          })
          settings.signal?.throwIfAborted()
          return result.rows
        }
        const runBytes: RunBytes = async (text, params) =>
          (await run(text, params)).map((row) => row.map((cell) => (cell === null ? null : Buffer.from(cell))))
        await run(SETTINGS, settingsOf(settings))
        return work(run, runBytes)
      }) as Promise<never>,
  }
}
