// Where tiles stand on a dashboard: a grid of columns, as many rows as it takes. Shared with the page, so nothing heavy here.

export const GRID_COLUMNS = 12

export type Place = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

const HALF = { width: GRID_COLUMNS / 2, height: 8 }

/** The first free place below all tiles, or in their last row beside others that are about as high. */
export function placeBelow(tiles: readonly Place[], { width, height }: Pick<Place, 'width' | 'height'> = HALF): Place {
  const bottom = Math.max(0, ...tiles.map((tile) => tile.y + tile.height))
  const beside = tiles
    .filter((tile) => Math.max(tile.height, height) < 2 * Math.min(tile.height, height))
    .map((tile) => ({ x: tile.x + tile.width, y: tile.y, width, height }))
    // Nothing may be below it, or it would be no last row.
    .filter((place) => place.x + width <= GRID_COLUMNS && !tiles.some((tile) => reaches(tile, place)))
  return beside.sort((a, b) => b.y - a.y)[0] ?? { x: 0, y: bottom, width, height }
}

/** Whether a tile stands over a place or anywhere below it. */
const reaches = (tile: Place, place: Place): boolean =>
  tile.y + tile.height > place.y &&
  (tile.y >= place.y + place.height || (tile.x < place.x + place.width && place.x < tile.x + tile.width))
