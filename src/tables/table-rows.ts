// The rows of a saved table, page by page. All pages come from one kept result, so nothing is doubled or missed between
// them, whatever happens to the data; the first page says which.
import type { Call } from '../context.ts'
import { upgradeDefinition } from '../definition/upgrade.ts'
import { UserError } from '../errors.ts'
import { readCursor, writeCursor } from '../lib/cursor.ts'
import type { Issue } from '../lib/issue.ts'
import { catalogFor } from '../pipeline.ts'
import type { Cell, OutputColumn } from '../plan/columns.ts'
import { findTable } from './find.ts'
import { readDefinition, runnable } from './readable.ts'
import { isRefreshing, refresh, resultKey } from './refresh-table.ts'
import { findOldResult, findResult, type KeptResult, type ResultKey, resultRows } from './results.ts'

export type RowsPage = {
  readonly title: string
  readonly sentence: string
  readonly columns: readonly OutputColumn[]
  readonly rows: readonly (readonly Cell[])[]
  readonly totals?: readonly Cell[]
  /** Of all pages. */
  readonly rowCount: number
  readonly truncated: boolean
  /** Of the first row of this page, from 0. */
  readonly position: number
  /** When the table ran. */
  readonly asOf: Date
  /** A newer result is being made. */
  readonly refreshing: boolean
  /** The table does not fit the catalog any more: these are the rows from before. */
  readonly stale?: { readonly issues: readonly Issue[] }
  readonly nextCursor?: string
}

const WAIT_STEP_MS = 100

/** One page; runs the table when it never ran for readers like this one. Throws `UserError` result_replaced and others. */
export async function tableRows(
  call: Call & { id: string; timezone: string; limit: number; cursor?: string | undefined },
): Promise<RowsPage> {
  const { ctx, identity, id, timezone, cursor } = call
  const { row } = await findTable(ctx.db, identity, id, 'tables.rows')
  const readable = readDefinition(row.definition, ctx.catalog, identity)
  const at = cursor === undefined ? undefined : placeOf(cursor)
  if (readable.state === 'broken') {
    const old = await oldResult(call, row.definition, at?.resultId)
    if (old !== undefined) {
      const stale = { issues: readable.issues }
      return { ...(await pageOf(call, old, at?.position ?? 0)), title: row.name, refreshing: false, stale }
    }
  }
  const definition = runnable(readable, row.name)
  const key = resultKey(call, id, definition, timezone)
  const result = at === undefined ? await newest(call, key, definition) : await findResult(ctx.db, key, at.resultId)
  if (result === undefined) throw replaced()
  return {
    ...(await pageOf(call, result, at?.position ?? 0)),
    title: row.name,
    sentence: readable.state === 'ok' ? readable.sentence : '',
    refreshing: await isRefreshing(call, key),
  }
}

/** The last good result of a table that the catalog of today breaks, for readers who could see it then and may now. */
async function oldResult(
  call: Call & { id: string; timezone: string },
  stored: unknown,
  resultId: string | undefined,
): Promise<KeptResult | undefined> {
  const upgraded = upgradeDefinition(stored)
  if (!upgraded.ok) return undefined
  const { ctx, identity, id, timezone } = call
  const reader = { roles: identity.roles, seesAll: catalogFor(ctx.catalog, identity) === ctx.catalog }
  return findOldResult(ctx.db, resultKey(call, id, upgraded.definition, timezone), reader, resultId)
}

async function pageOf(
  { ctx, identity, limit }: Call & { limit: number },
  result: KeptResult,
  position: number,
): Promise<Omit<RowsPage, 'title' | 'refreshing'>> {
  const rows = await resultRows(ctx.db, identity.organizationId, result.id, position, limit)
  const next = position + rows.length
  const { columns, totals, rowCount, truncated, asOf, sentence } = result
  // It went between the two reads: let go of by a refresh.
  if (rows.length === 0 && position < rowCount) throw replaced()
  return {
    ...{ sentence, columns, rows, rowCount, truncated, position, asOf },
    ...(totals && { totals }),
    ...(next < rowCount && { nextCursor: writeCursor([result.id, next]) }),
  }
}

/** The newest result; where there is none yet it is made, or waited for when somebody else is making it. */
async function newest(
  call: Call,
  key: ResultKey,
  definition: Parameters<typeof refresh>[2],
): Promise<KeptResult | undefined> {
  const { ctx, signal } = call
  const kept = await findResult(ctx.db, key)
  if (kept !== undefined) return kept
  const until = performance.now() + ctx.limits.timeoutMs
  for (;;) {
    const { result } = await refresh(call, key, definition)
    if (result !== undefined) return result
    if (performance.now() > until) {
      throw new UserError('query_timeout', 'Cannot show the table: it is still running', {
        fix: 'try again in a moment',
      })
    }
    signal?.throwIfAborted()
    await new Promise((done) => setTimeout(done, WAIT_STEP_MS))
  }
}

function placeOf(cursor: string): { resultId: string; position: number } {
  const [resultId, position] = readCursor(cursor) ?? []
  if (typeof resultId === 'string' && typeof position === 'number' && Number.isInteger(position) && position >= 0) {
    return { resultId, position: Math.min(position, 1_000_000) }
  }
  throw new UserError('invalid_request', 'Cannot read the cursor: it is not one of these rows', {
    fix: 'begin again without a cursor',
  })
}

function replaced(): UserError {
  return new UserError('result_replaced', 'Cannot go on with these rows: the result they were read from is gone', {
    fix: 'begin again without a cursor',
  })
}
