import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GRID_COLUMNS } from '../../src/placing/grid.ts'
import { lifted, placed, resized, stepped } from '../../web/dashboards/layout.ts'

type Tile = { id: string; x: number; y: number; width: number; height: number }
const tile = (id: string, x: number, y: number, width = 6, height = 8): Tile => ({ id, x, y, width, height })
const where = (tiles: readonly Tile[]) => Object.fromEntries(tiles.map(({ id, x, y }) => [id, [x, y]]))
const overlap = (a: Tile, b: Tile) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height

const anyTiles = fc
  .array(
    fc.record({
      x: fc.nat({ max: GRID_COLUMNS - 2 }),
      y: fc.nat({ max: 40 }),
      width: fc.integer({ min: 2, max: GRID_COLUMNS }),
      height: fc.integer({ min: 2, max: 12 }),
    }),
    { minLength: 1, maxLength: 9 },
  )
  .map((places) =>
    places.map((place, at) => ({ ...place, id: `t${at}`, width: Math.min(place.width, GRID_COLUMNS - place.x) })),
  )

describe('tiles on the grid', () => {
  test('never lie over each other, never leave the grid, never leave a gap above them', () => {
    const place = fc.record({
      x: fc.integer({ min: -5, max: 20 }),
      y: fc.integer({ min: -5, max: 60 }),
      width: fc.integer({ min: -3, max: 20 }),
      height: fc.integer({ min: -3, max: 60 }),
    })
    fc.assert(
      fc.property(anyTiles, fc.nat(), place, (tiles, which, wanted) => {
        const id = tiles[which % tiles.length]?.id ?? ''
        const next = placed(tiles, id, wanted)
        expect(next.map((one) => one.id)).toEqual(tiles.map((one) => one.id))
        for (const one of next) {
          expect(one.x).toBeGreaterThanOrEqual(0)
          expect(one.x + one.width).toBeLessThanOrEqual(GRID_COLUMNS)
          expect(one.y).toBeGreaterThanOrEqual(0)
          expect(next.some((other) => other !== one && overlap(one, other))).toBe(false)
        }
        expect(lifted(next)).toEqual(next)
      }),
    )
  })

  test('a step down goes past the tile below, a step up back again', () => {
    const tiles = [tile('a', 0, 0), tile('b', 0, 8), tile('c', 6, 0)]
    const down = stepped(tiles, 'a', 'down')
    expect(where(down)).toEqual({ a: [0, 8], b: [0, 0], c: [6, 0] })
    expect(where(stepped(down, 'a', 'up'))).toEqual(where(tiles))
  })

  test('a step that leads nowhere changes nothing', () => {
    const tiles = [tile('a', 0, 0), tile('b', 6, 0)]
    for (const direction of ['left', 'up', 'down'] as const) expect(stepped(tiles, 'a', direction)).toEqual(tiles)
    expect(stepped(tiles, 'b', 'right')).toEqual(tiles)
  })

  test('a tile that gets wider pushes its neighbour below it, and at the edge it stops', () => {
    const tiles = [tile('a', 0, 0), tile('b', 6, 0)]
    expect(where(resized(tiles, 'a', 'right'))).toEqual({ a: [0, 0], b: [6, 8] })
    expect(resized(tiles, 'b', 'right')).toEqual(tiles)
    expect(resized([tile('a', 0, 0, 2, 2)], 'a', 'left')).toEqual([tile('a', 0, 0, 2, 2)])
  })
})
