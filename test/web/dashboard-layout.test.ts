import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GRID_COLUMNS, placeBelow } from '../../src/placing/grid.ts'
import { lookOf } from '../../src/placing/look.ts'
import type { OutputColumn } from '../../src/plan/columns.ts'
import { filterWords } from '../../web/dashboards/filter-words.ts'
import { lifted, placed, resized, stepped } from '../../web/dashboards/layout.ts'
import type { SharedFilter } from '../../web/dashboards/tile.ts'

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

describe('a tile that is added', () => {
  test('never lies over another, and never leaves the grid', () => {
    const size = fc.record({
      width: fc.integer({ min: 2, max: GRID_COLUMNS }),
      height: fc.integer({ min: 2, max: 12 }),
    })
    fc.assert(
      fc.property(anyTiles, fc.array(size, { minLength: 1, maxLength: 5 }), (tiles, sizes) => {
        const all: Tile[] = lifted(placed(tiles, 't0', tiles[0] ?? tile('t0', 0, 0)))
        for (const one of sizes) all.push({ id: `n${all.length}`, ...placeBelow(all, one) })
        for (const one of all) {
          expect(one.x).toBeGreaterThanOrEqual(0)
          expect(one.y).toBeGreaterThanOrEqual(0)
          expect(one.x + one.width).toBeLessThanOrEqual(GRID_COLUMNS)
          expect(all.some((other) => other !== one && overlap(one, other))).toBe(false)
        }
      }),
    )
  })

  test('stands beside others about as high while there is room, else below', () => {
    const small = { width: 3, height: 4 }
    const four = [0, 3, 6, 9].map((x) => tile(`n${x}`, x, 0, 3, 4))
    for (const [at, one] of four.entries())
      expect(placeBelow(four.slice(0, at), small)).toMatchObject({ x: one.x, y: 0 })
    expect(placeBelow(four, small)).toMatchObject({ x: 0, y: 4 })
    expect(placeBelow([tile('a', 0, 0)])).toMatchObject({ x: 6, y: 0, width: 6, height: 8 })
    expect(placeBelow([tile('a', 0, 0)], small)).toMatchObject({ x: 0, y: 8 })
    expect(placeBelow([tile('a', 0, 0, 6, 7)])).toMatchObject({ x: 6, y: 0 })
    // Never above what came before it.
    expect(placeBelow([tile('a', 0, 0), tile('b', 0, 8, 12, 3)])).toMatchObject({ x: 0, y: 11 })
  })

  const month: OutputColumn = { id: 'month', label: 'Month', type: 'date', role: 'key', grain: 'month' }
  const channel: OutputColumn = { id: 'channel', label: 'Channel', type: 'text', role: 'key' }
  const id: OutputColumn = { id: 'id', label: 'ID', type: 'id', role: 'key' }
  const raised: OutputColumn = { id: 'raised', label: 'Raised', type: 'money', unit: 'USD', role: 'aggregate' }
  const gifts: OutputColumn = { id: 'gifts', label: 'Gifts', type: 'integer', role: 'aggregate' }
  type Rows = Parameters<typeof lookOf>[0]['rows']
  const look = (columns: OutputColumn[], rows: Rows, rowCount = rows.length) => lookOf({ columns, rows, rowCount })
  const named = (count: number): Rows => Array.from({ length: count }, (_, n) => [`c${n}`, `${n}.00`])

  test('is a number where it is one, a chart where that says all of it, else a table', () => {
    expect(look([raised], [['5.00']])).toEqual({ showAs: 'number', width: 3, height: 4 })
    expect(look([raised, gifts], [['5.00', 2]])).toEqual({ showAs: 'chart', width: 6, height: 4 })
    const months: Rows = ['01', '02', '03'].map((n) => [`2025-${n}-01`, '5.00'])
    expect(look([month, raised], months)).toEqual({ showAs: 'chart', width: 6, height: 8 })
    expect(look([channel, raised], named(4)).showAs).toBe('chart')
    const told: Rows = named(4).map(([name = null, amount = null], n) => [name, `id${n}`, amount])
    expect(look([channel, id, raised], told).showAs).toBe('chart')
    // Bars show one number of two, the first thirty names, and the rows that are here.
    expect(
      look(
        [channel, raised, gifts],
        named(4).map((row) => [...row, 1]),
      ).showAs,
    ).toBe('table')
    expect(look([channel, raised], named(31)).showAs).toBe('table')
    expect(look([month, raised], months, 5000).showAs).toBe('table')
    expect(look([channel], [['web']]).showAs).toBe('table')
    expect(look([raised], []).showAs).toBe('table')
  })

  test('is as high as what is in it, and wide where it has many columns', () => {
    const heights = [2, 8, 20].map((count) => look([channel, raised], named(count)).height)
    expect(heights).toEqual([...heights].sort((a, b) => a - b))
    expect(new Set(heights).size).toBe(3)
    const wide = Array.from({ length: 9 }, (_, n): OutputColumn => ({ ...channel, id: `c${n}`, role: 'column' }))
    expect(look(wide, [wide.map(() => 'x')])).toEqual({ showAs: 'table', width: 12, height: 4 })
    expect(look(wide, named(500)).height).toBe(8)
  })
})

test('a filter on paper says what it is set to in words, and nothing where it filters nothing', () => {
  const fields = {
    channel: { type: 'enum', label: 'Channel', values: [{ value: 'email', label: 'E-mail' }, { value: 'post' }] },
    amount: { type: 'money', label: 'Amount' },
    given: { type: 'date', label: 'Given' },
  }
  const catalog = { entities: { donations: { fields } } } as unknown as Parameters<typeof filterWords>[2]
  const words = (field: string, op: SharedFilter['op'], value: unknown) =>
    filterWords({ id: 'f', label: 'Filter', field: { entity: 'donations', field }, op }, value, catalog)
  expect(words('channel', 'in', ['email', 'post'])).toBe('Filter: E-mail, post')
  expect(words('channel', 'not_in', ['email'])).toBe('Filter none of: E-mail')
  expect(words('amount', 'gte', 12500)).toBe('Filter at least: 12,500')
  expect(words('given', 'between', { min: '2025-03-01', max: '2025-04-30' })).toBe(
    'Filter: from March 1, 2025 to April 30, 2025',
  )
  expect(words('channel', 'eq', null)).toBeUndefined()
  expect(filterWords({ id: 'w', label: 'When', field: 'date', op: 'in_period' }, { previous: 'month' }, catalog)).toBe(
    'When: the last whole month',
  )
})
