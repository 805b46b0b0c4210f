// Tiles on the grid: what moves where when one of them is moved, resized or taken away. In: tiles. Out: tiles, none over
// another, and none with room above it.
import { GRID_COLUMNS, type Place } from '../../src/placing/grid.ts'

export const MIN_WIDTH = 2
export const MIN_HEIGHT = 2
const MAX_HEIGHT = 50

type Placed = Place & { readonly id: string }
export type Direction = 'left' | 'right' | 'up' | 'down'

/** The order in which tiles are read: row by row. */
export function inOrder<T extends Place>(tiles: readonly T[]): T[] {
  return [...tiles].sort((a, b) => a.y - b.y || a.x - b.x)
}

/** Lifts every tile as far as it goes. */
export function lifted<T extends Placed>(tiles: readonly T[]): T[] {
  const done: T[] = []
  for (const tile of inOrder(tiles)) done.push({ ...tile, y: floorOf(tile, done) })
  return asBefore(tiles, done)
}

/** Puts one tile at a place; whoever is in its way goes below it, or above once it is past their middle. */
export function placed<T extends Placed>(tiles: readonly T[], id: string, wanted: Place): T[] {
  const tile = tiles.find((one) => one.id === id)
  if (tile === undefined) return [...tiles]
  const others = lifted(tiles.filter((one) => one.id !== id))
  const moved = { ...tile, ...clamped(wanted) }
  const isAbove = (one: T) => acrossFrom(one, moved) && one.y + one.height / 2 < moved.y
  const above = others.filter(isAbove)
  const done = [{ ...moved, y: Math.max(moved.y, floorOf(moved, above)) }, ...above]
  for (const one of inOrder(others.filter((other) => !isAbove(other)))) {
    done.push({ ...one, y: firstFree(one, done) })
  }
  return asBefore(tiles, lifted(done))
}

/** One step in a direction: a column, or past the next tile above or below. The same tiles if there is no way to go. */
export function stepped<T extends Placed>(tiles: readonly T[], id: string, direction: Direction): T[] {
  const tile = tiles.find((one) => one.id === id)
  if (tile === undefined) return [...tiles]
  if (direction === 'left') return placed(tiles, id, { ...tile, x: tile.x - 1 })
  if (direction === 'right') return placed(tiles, id, { ...tile, x: tile.x + 1 })
  const step = direction === 'up' ? -1 : 1
  const bottom = Math.max(...tiles.map(({ y, height }) => y + height))
  for (let y = tile.y + step; y >= 0 && y <= bottom; y += step) {
    const next = placed(tiles, id, { ...tile, y })
    const now = next.find((one) => one.id === id)
    if (now !== undefined && (now.y - tile.y) * step > 0) return next
  }
  return [...tiles]
}

/** Wider, narrower, taller or shorter by one. */
export function resized<T extends Placed>(tiles: readonly T[], id: string, direction: Direction): T[] {
  const tile = tiles.find((one) => one.id === id)
  if (tile === undefined) return [...tiles]
  const by = direction === 'left' || direction === 'up' ? -1 : 1
  const across = direction === 'left' || direction === 'right'
  return placed(tiles, id, sized(tile, across ? by : 0, across ? 0 : by))
}

/** A place that is larger by some columns and rows; its upper left corner stays, so it ends at the edge of the grid. */
export function sized({ x, y, width, height }: Place, columns: number, rows: number): Place {
  return { x, y, width: Math.min(width + columns, GRID_COLUMNS - x), height: height + rows }
}

/** A place inside the grid. */
function clamped({ x, y, width, height }: Place): Place {
  const wide = Math.min(GRID_COLUMNS, Math.max(MIN_WIDTH, width))
  return {
    x: Math.min(GRID_COLUMNS - wide, Math.max(0, x)),
    y: Math.max(0, y),
    width: wide,
    height: Math.min(MAX_HEIGHT, Math.max(MIN_HEIGHT, height)),
  }
}

const acrossFrom = (a: Place, b: Place): boolean => a.x < b.x + b.width && b.x < a.x + a.width

/** The first row below everything that stands over a tile's columns. */
function floorOf(tile: Place, others: readonly Place[]): number {
  return Math.max(0, ...others.filter((one) => acrossFrom(one, tile)).map(({ y, height }) => y + height))
}

/** Where a tile stands free, from its own row downwards. */
function firstFree(tile: Place, others: readonly Place[]): number {
  let y = tile.y
  for (;;) {
    const hit = others.find((one) => acrossFrom(one, tile) && one.y < y + tile.height && y < one.y + one.height)
    if (hit === undefined) return y
    y = hit.y + hit.height
  }
}

/** The same tiles in the order that they were given in. */
function asBefore<T extends Placed>(order: readonly T[], tiles: readonly T[]): T[] {
  return order.flatMap(({ id }) => tiles.find((one) => one.id === id) ?? [])
}
