// How a table stands on a dashboard, and how large. In: its columns and rows. Out: a number, chart or table. Shared with the
// page, so nothing heavy here.
import type { Cell, OutputColumn } from '../plan/columns.ts'
import { chooseChart } from './choose-chart.ts'
import type { Tile } from './content.ts'
import { type Place, placeBelow } from './grid.ts'

export type TileLook = Pick<Tile, 'showAs' | 'width' | 'height'>
type Rows = {
  readonly columns: readonly OutputColumn[]
  readonly rows: readonly (readonly Cell[])[]
  readonly totals?: readonly Cell[] | undefined
  /** Of all rows, where not all are here. */
  readonly rowCount: number
}

/** What a table is shown as while nothing is known of it. */
export const AS_TABLE: TileLook = { showAs: 'table', width: 6, height: 8 }
/** In pixels, as the style sheets have them: a row of the grid with its gap, what is not the table or chart, and lines. */
const GRID_ROW = 52
const FRAME = 112
const TABLE_LINE = 31
const BAR_LINE = 30
const MOST_COLUMNS_IN_HALF = 6

/** The look that says most of a table; a chart only where nothing of the table is missing in it. */
export function lookOf({ columns, rows, totals, rowCount }: Rows): TileLook {
  const chart = rowCount > rows.length ? undefined : chooseChart(columns, rows)
  if (chart?.kind === 'number') {
    return chart.values.length === 1
      ? { showAs: 'number', width: 3, height: 4 }
      : { showAs: 'chart', width: 6, height: 4 }
  }
  const drawn = chart && new Set(Object.values(chart).flat())
  const isWhole = drawn && columns.every(({ role, type }, at) => drawn.has(at) || (role === 'key' && type === 'id'))
  if (chart && isWhole) {
    return { showAs: 'chart', width: 6, height: chart.kind === 'bar' ? highFor(rows.length * BAR_LINE, 4, 12) : 8 }
  }
  const room = (rowCount + 1 + (totals ? 1 : 0)) * TABLE_LINE
  return { ...AS_TABLE, width: columns.length > MOST_COLUMNS_IN_HALF ? 12 : 6, height: highFor(room, 4, 8) }
}

const highFor = (pixels: number, least: number, most: number): number =>
  Math.min(most, Math.max(least, Math.ceil((pixels + FRAME) / GRID_ROW)))

/** A look, and the first free place for it. */
export const lookBelow = (tiles: readonly Place[], look: TileLook): TileLook & Place => ({
  ...look,
  ...placeBelow(tiles, look),
})
