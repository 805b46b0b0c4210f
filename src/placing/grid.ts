// Where tiles stand on a dashboard: a grid of columns, as many rows as it takes. Shared with the page, so nothing heavy here.

export const GRID_COLUMNS = 12

export type Place = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

/** The first free place below all tiles. */
export function placeBelow(tiles: readonly Place[]): Place {
  const y = Math.max(0, ...tiles.map((tile) => tile.y + tile.height))
  const last = tiles.filter((tile) => tile.y + tile.height === y && tile.height === 8)
  const right = Math.max(0, ...last.map((tile) => tile.x + tile.width))
  const half = GRID_COLUMNS / 2
  if (last.length > 0 && right <= half && y >= 8) return { x: half, y: y - 8, width: half, height: 8 }
  return { x: 0, y, width: half, height: 8 }
}
