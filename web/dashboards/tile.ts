// What a tile of a draft is, and what of it is saved.
import type { Tile } from '../../src/placing/content.ts'
import { type Answered, call } from '../api/call.ts'
import { placedName } from '../documents/PlacedState.tsx'

export type Dashboard = Answered<'GET /dashboards/{id}'>
export type TileView = Dashboard['tiles'][number]
export type SharedFilter = Dashboard['filters'][number]
export type TileRows = Pick<
  Answered<'POST /dashboards/{id}/tiles/{tile}/rows'>,
  'sentence' | 'columns' | 'rows' | 'totals' | 'rowCount' | 'asOf' | 'ignoredFilters'
>
/** What a reader set filters to, by filter; null: nothing. */
export type FilterValues = Readonly<Record<string, unknown>>

export const titleOf = ({ title, table }: TileView): string => title ?? placedName(table)

/** The server says itself what each table is; only where it stands is sent. */
export function withoutTable({ table: _table, ...tile }: TileView): Tile {
  return tile
}

/** Rows of a tile as it was saved, with the filters as they are set. */
export function rowsOfTile(
  dashboard: string,
  tile: string,
  filters: FilterValues,
  timezone: string,
  signal: AbortSignal,
) {
  return call('POST /dashboards/{id}/tiles/{tile}/rows', {
    params: { id: dashboard, tile },
    body: { timezone, filters: { ...filters } },
    signal,
  })
}

/** Rows of a tile that is not saved yet: those of its table. */
export async function rowsOfTable(id: string, timezone: string, signal: AbortSignal): Promise<TileRows> {
  const page = await call('GET /tables/{id}/rows', { params: { id }, query: { timezone, limit: 1000 }, signal })
  return { ...page, ignoredFilters: [] }
}
