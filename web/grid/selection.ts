// Which cell the keyboard is at, what is selected, and how that is copied. Row -1 is the heading; no page here.
import { plainCell, quoter } from '../../src/export/csv-cells.ts'
import type { Cell, OutputColumn } from '../../src/plan/columns.ts'
import { wallTime } from '../../src/rows/format.ts'

export type Place = { readonly row: number; readonly col: number }
/** The cell with the focus, and the one that a selection began at. */
export type Focus = { readonly active: Place; readonly anchor: Place }
export type Extent = { readonly rows: number; readonly cols: number; readonly page: number }
export type Box = { readonly top: number; readonly bottom: number; readonly left: number; readonly right: number }
export type Press = {
  readonly key: string
  readonly shiftKey: boolean
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
}

export const START: Focus = { active: { row: -1, col: 0 }, anchor: { row: -1, col: 0 } }

export const at = (place: Place): Focus => ({ active: place, anchor: place })

/** Where a key leads; undefined when it is none that moves. */
export function moved(focus: Focus, press: Press, extent: Extent): Focus | undefined {
  if (press.altKey) return undefined
  const far = press.ctrlKey || press.metaKey
  const last = { row: extent.rows - 1, col: extent.cols - 1 }
  if (far && press.key.toLowerCase() === 'a') {
    return { anchor: { row: 0, col: 0 }, active: { row: Math.max(0, last.row), col: last.col } }
  }
  const to = target(focus.active, press.key, far, last, extent.page)
  if (to === undefined) return undefined
  const place = inside(to, extent)
  // A selection is of rows: it does not reach into the heading.
  if (!press.shiftKey || focus.active.row < 0) return at(place)
  return { anchor: focus.anchor, active: { ...place, row: Math.max(0, place.row) } }
}

function target({ row, col }: Place, key: string, far: boolean, last: Place, page: number): Place | undefined {
  switch (key) {
    case 'ArrowUp':
      return { row: far ? (row > 0 ? 0 : -1) : row - 1, col }
    case 'ArrowDown':
      return { row: far ? last.row : row + 1, col }
    case 'ArrowLeft':
      return { row, col: far ? 0 : col - 1 }
    case 'ArrowRight':
      return { row, col: far ? last.col : col + 1 }
    case 'PageUp':
      return { row: row <= 0 ? -1 : Math.max(0, row - page), col }
    case 'PageDown':
      return { row: row + page, col }
    case 'Home':
      return { row: far ? 0 : row, col: 0 }
    case 'End':
      return { row: far ? last.row : row, col: last.col }
    default:
      return undefined
  }
}

/** A place that is there, whatever was taken away. */
export function inside({ row, col }: Place, { rows, cols }: Omit<Extent, 'page'>): Place {
  return { row: Math.max(-1, Math.min(row, rows - 1)), col: Math.max(0, Math.min(col, cols - 1)) }
}

/** The selected cells; undefined while the heading has the focus. */
export function boxOf({ active, anchor }: Focus): Box | undefined {
  if (active.row < 0 || anchor.row < 0) return undefined
  return {
    top: Math.min(active.row, anchor.row),
    bottom: Math.max(active.row, anchor.row),
    left: Math.min(active.col, anchor.col),
    right: Math.max(active.col, anchor.col),
  }
}

export const isOne = ({ top, bottom, left, right }: Box): boolean => top === bottom && left === right

export const holds = ({ top, bottom, left, right }: Box, { row, col }: Place): boolean =>
  row >= top && row <= bottom && col >= left && col <= right

export type Placed = { readonly column: OutputColumn; readonly source: number }

/** Cells for a spreadsheet: plain decimals, times as the reader's clock shows them, nothing that would run as a formula. */
export function tsv(rows: readonly (readonly Cell[])[], columns: readonly Placed[], timezone: string): string {
  const quoted = quoter('\t', 2)
  const texts = columns.map(({ column, source }) => ({ text: copied(column, quoted, timezone), source }))
  return rows.map((row) => texts.map(({ text, source }) => text(row[source] ?? null)).join('\t')).join('\n')
}

function copied(column: OutputColumn, quoted: (text: string) => string, timezone: string): (cell: Cell) => string {
  const plain = plainCell(column, quoted)
  if (column.type !== 'timestamp') return plain
  // A spreadsheet takes neither a fraction of a second nor an offset for a time.
  return (cell) => {
    const wall = typeof cell === 'string' ? wallTime(cell, column, timezone) : undefined
    if (wall === undefined) return plain(cell)
    const text = new Date(wall.ms).toISOString()
    return wall.hasClock ? `${text.slice(0, 10)} ${text.slice(11, 19)}` : text.slice(0, 10)
  }
}
