// What a tile shows: the kept result of its table, or, once a filter is set, the table run with it, as the reader.
// Which filters it took, and why not the others, is said with the rows.
import type { Call } from '../context.ts'
import { UserError } from '../errors.ts'
import { catalogFor } from '../pipeline.ts'
import { findDocument } from '../placing/find.ts'
import type { DocumentCall } from '../placing/write.ts'
import type { Cell, OutputColumn } from '../plan/columns.ts'
import { findTable } from '../tables/find.ts'
import { previewTable } from '../tables/preview.ts'
import { readDefinition, runnable } from '../tables/readable.ts'
import { refreshTable } from '../tables/refresh-table.ts'
import { tableRows } from '../tables/table-rows.ts'
import { applyFilters, type SetFilter } from './apply-filters.ts'
import { contentOf, findTile } from './dashboards.ts'

export type TileRows = {
  readonly title: string
  readonly sentence: string
  readonly columns: readonly OutputColumn[]
  readonly rows: readonly (readonly Cell[])[]
  readonly totals?: readonly Cell[]
  readonly rowCount: number
  readonly truncated: boolean
  readonly asOf: Date
  readonly appliedFilters: readonly string[]
  readonly ignoredFilters: readonly { readonly id: string; readonly reason: string }[]
}

const MAX_TILE_ROWS = 1000

/** The rows of a tile with the filters as its reader set them. Throws `UserError`. */
export async function tileRows(
  call: DocumentCall & {
    readonly tileId: string
    readonly timezone: string
    /** By filter id; null takes a filter's own value off. */
    readonly values: Readonly<Record<string, unknown>>
  },
): Promise<TileRows> {
  const { ctx, identity, values, timezone } = call
  const { tile, filters } = await findTile(call)
  const unknown = Object.keys(values).find((id) => !filters.some((filter) => filter.id === id))
  if (unknown !== undefined) {
    throw new UserError(
      'invalid_request',
      `Cannot set filter "${unknown.slice(0, 40)}": the dashboard has no such filter`,
    )
  }
  const set = filters.flatMap((filter): SetFilter[] => {
    const value = Object.hasOwn(values, filter.id) ? values[filter.id] : filter.value
    return value === undefined || value === null ? [] : [{ ...filter, value }]
  })
  const { row } = await findTable(ctx.db, identity, tile.tableId, 'tables.rows')
  const title = tile.title ?? row.name
  const definition = runnable(readDefinition(row.definition, ctx.catalog, identity), row.name)
  const { definition: filtered, applied, ignored } = applyFilters(definition, set, catalogFor(ctx.catalog, identity))
  const about = { appliedFilters: applied, ignoredFilters: ignored }
  if (applied.length === 0) {
    const page = await tableRows({ ...call, id: tile.tableId, timezone, limit: MAX_TILE_ROWS })
    const { sentence, columns, rows, totals, rowCount, truncated, asOf } = page
    return { title, sentence, columns, rows, ...(totals && { totals }), rowCount, truncated, asOf, ...about }
  }
  const asOf = ctx.now()
  const run = await previewTable({
    ctx,
    scope: identity,
    input: { definition: filtered, timezone, maxRows: MAX_TILE_ROWS },
    ...(call.signal && { signal: call.signal }),
  })
  const { sentence, columns, rows, totals, truncated } = run
  return { title, sentence, columns, rows, ...(totals && { totals }), rowCount: rows.length, truncated, asOf, ...about }
}

export type TileRefreshed = {
  readonly tileId: string
  readonly asOf: Date | null
  /** Why it could not be refreshed; the result before stays. */
  readonly failed?: string
}

/** Runs every table of a dashboard again, each once, and keeps the results. */
export async function refreshDashboard(
  call: DocumentCall & { readonly timezone: string },
): Promise<readonly TileRefreshed[]> {
  const found = await findDocument(call.ctx.db, call.identity, 'dashboard', call.id, 'dashboards.get')
  const { tiles } = contentOf(found)
  const ran = new Map<string, Promise<Omit<TileRefreshed, 'tileId'>>>()
  const refreshed: TileRefreshed[] = []
  for (const { id, tableId } of tiles) {
    const run = ran.get(tableId) ?? refreshOne(call, tableId)
    ran.set(tableId, run)
    refreshed.push({ tileId: id, ...(await run) })
  }
  return refreshed
}

async function refreshOne(call: Call & { timezone: string }, id: string): Promise<Omit<TileRefreshed, 'tileId'>> {
  try {
    const { result } = await refreshTable({ ...call, id })
    return { asOf: result?.asOf ?? null }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { asOf: null, failed: error.code === 'not_found' ? 'It is not shared with you' : error.message }
  }
}
