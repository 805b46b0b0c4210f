// A database that is asked: statements in one read-only snapshot, every cell as Postgres writes it.
// Refused: anything that writes (the transaction is read only) and anything slower than its timeout.
import type { PGlite } from '@electric-sql/pglite'
import postgres from 'postgres'

export type RawRow = readonly (string | null)[]
/** Runs one statement inside the snapshot; rows are arrays of text or null. */
export type RunStatement = (text: string, params: readonly (string | null)[]) => Promise<readonly RawRow[]>
export type SnapshotOptions = {
  readonly timezone: string
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}
export type Source = {
  /** Runs `work` in a repeatable-read, read-only transaction; rejects with the database's error, or AbortError when cancelled. */
  readonly snapshot: <T>(options: SnapshotOptions, work: (run: RunStatement) => Promise<T>) => Promise<T>
}

const SETTINGS =
  "select set_config('statement_timeout', $1, true), set_config('TimeZone', $2, true), set_config('DateStyle', 'ISO, YMD', true)"

const asIs = (value: unknown): string => String(value)
/** Types whose values the driver would otherwise convert: booleans, dates, times, numbers. */
const CONVERTED = [16, 20, 21, 23, 26, 700, 701, 1082, 1083, 1114, 1184, 1266, 1700]

/** A real Postgres by URL; `close` ends its connections. Named prepared statements are not used: they fall to generic plans. */
export function postgresSource(
  url: string,
  options: { maxConnections?: number } = {},
): Source & { close: () => Promise<void> } {
  const sql = postgres(url, {
    max: options.maxConnections ?? 6,
    prepare: false,
    onnotice: () => {},
    connection: { application_name: 'tablewright' },
    types: { text: { to: 25, from: CONVERTED, serialize: asIs, parse: asIs } },
  })
  return {
    snapshot: (settings, work) =>
      sql.begin('isolation level repeatable read read only', async (tx) => {
        const run: RunStatement = async (text, params) => {
          settings.signal?.throwIfAborted()
          const query = tx.unsafe(text, [...params]).raw()
          const cancel = (): void => void query.cancel()
          settings.signal?.addEventListener('abort', cancel, { once: true })
          try {
            const rows = (await query) as unknown as readonly (readonly (Uint8Array | null)[])[]
            return rows.map((row) => row.map((cell) => (cell === null ? null : Buffer.from(cell).toString('utf8'))))
          } catch (error) {
            settings.signal?.throwIfAborted()
            throw error
          } finally {
            settings.signal?.removeEventListener('abort', cancel)
          }
        }
        await run(SETTINGS, [String(settings.timeoutMs), settings.timezone])
        return work(run)
      }) as Promise<never>,
    close: () => sql.end({ timeout: 5 }),
  }
}

const parsers = Object.fromEntries(CONVERTED.map((oid) => [oid, (text: string) => text]))
const serializers = Object.fromEntries([...CONVERTED, 25, 1043].map((oid) => [oid, asIs]))

/** An embedded PGlite. It runs on the calling thread: a running statement cannot be cancelled, only what follows it. */
export function pgliteSource(db: PGlite): Source {
  return {
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
        await run(SETTINGS, [String(settings.timeoutMs), settings.timezone])
        return work(run)
      }) as Promise<never>,
  }
}
