// One statement at a time, read only, rows by column name: for introspection and for the values that words may mean.
// In: a database. Out: a function. Refused: anything that writes, and anything slower than its timeout.
import type { PGlite } from '@electric-sql/pglite'
import postgres from 'postgres'
import { ORGANIZATION_SETTING } from '../catalog/row-security.ts'
import { againOnConflict, connecting } from './connecting.ts'
import { lasting } from './lasting.ts'

/** `organizationId`: whose rows, where the database keeps them apart itself. */
export type Query = (
  text: string,
  params: readonly unknown[],
  organizationId?: string,
) => Promise<Record<string, unknown>[]>

const TIMEOUT_MS = 60_000

/** A real Postgres by URL; `close` ends its connections. Without `arrays` the driver asks for none of their types first. */
export function postgresQuery(
  url: string,
  { maxConnections = 2, arrays = true }: { maxConnections?: number; arrays?: boolean } = {},
): { query: Query; close: () => Promise<void> } {
  const options = { max: maxConnections, prepare: false, fetch_types: arrays, ...connecting }
  const sql = lasting(() => postgres(url, { ...options, connection: { application_name: 'tablewright' } }))
  const query: Query = (text, params, organizationId = '') =>
    againOnConflict(
      TIMEOUT_MS,
      (leftMs) =>
        sql.begin('read only', async (tx) => {
          await tx.unsafe("select set_config('statement_timeout', $1, true), set_config($2, $3, true)", [
            ...[String(leftMs), ORGANIZATION_SETTING, organizationId],
          ])
          return [...(await tx.unsafe(text, [...params] as never[]))] as Record<string, unknown>[]
        }) as Promise<Record<string, unknown>[]>,
    )
  return { query, close: () => sql.end({ timeout: 5 }) }
}

/** The embedded database. */
export function pgliteQuery(pglite: PGlite): Query {
  return (text, params) =>
    pglite.transaction(async (tx) => {
      await tx.exec('set transaction read only')
      return (await tx.query<Record<string, unknown>>(text, [...params])).rows
    }) as Promise<Record<string, unknown>[]>
}
