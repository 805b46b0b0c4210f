// Database handles for loading the demo data: PGlite (COPY from a blob) and postgres.js (COPY from a stream).
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { PGlite, Transaction } from '@electric-sql/pglite'
import type { Sql, TransactionSql } from 'postgres'
import type { DemoDatabase } from './load.ts'

/** PGlite copies a blob at a time, which it holds in memory: so many characters at most. */
const blobLength = 1_048_576

/** A handle on a PGlite. It works on the calling thread: the event loop turns only between blobs. */
export function pgliteDatabase(pglite: PGlite): DemoDatabase {
  return {
    ...pgliteHandle(pglite),
    transaction: (work) => pglite.transaction((inside) => work(inTransaction(pgliteHandle(inside)))),
  }
}

type Handle = Omit<DemoDatabase, 'transaction'>

function inTransaction(handle: Handle): DemoDatabase {
  const database: DemoDatabase = { ...handle, transaction: (work) => work(database) }
  return database
}

function pgliteHandle(pglite: PGlite | Transaction): Handle {
  return {
    exec: async (sql) => {
      await pglite.exec(sql)
    },
    query: async (sql, params) => (await pglite.query<Record<string, unknown>>(sql, [...params])).rows,
    copyCsv: async (table, columns, chunks) => {
      const statement = copyStatement(table, columns, "'/dev/blob'")
      let parts: string[] = []
      let length = 0
      const flush = async () => {
        if (length > 0) await pglite.query(statement, [], { blob: new Blob(parts) })
        parts = []
        length = 0
      }
      for (const chunk of chunks) {
        parts.push(chunk)
        length += chunk.length
        if (length < blobLength) continue
        await flush()
        await new Promise((resolve) => setImmediate(resolve))
      }
      await flush()
    },
  }
}

/** A handle on a real Postgres. */
export function postgresDatabase(sql: Sql): DemoDatabase {
  return {
    ...postgresHandle(sql),
    transaction: async <T>(work: (inside: DemoDatabase) => Promise<T>): Promise<T> => {
      const results: T[] = []
      await sql.begin(async (inside) => {
        results.push(await work(inTransaction(postgresHandle(inside))))
      })
      const [result] = results
      return result as T
    },
  }
}

function postgresHandle(sql: Sql | TransactionSql): Handle {
  return {
    exec: async (text) => {
      await sql.unsafe(text).simple()
    },
    query: async (text, params) => await sql.unsafe(text, [...params] as never[]),
    copyCsv: async (table, columns, chunks) => {
      const stream = await sql.unsafe(copyStatement(table, columns, 'stdin')).writable()
      await pipeline(Readable.from(chunks, { objectMode: true }), stream)
    },
  }
}

function copyStatement(table: string, columns: readonly string[], source: string): string {
  return `copy ${table} (${columns.join(', ')}) from ${source} with (format csv, freeze)`
}
