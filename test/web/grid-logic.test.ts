import fc from 'fast-check'
import { expect, test } from 'vitest'
import { upgradeDefinition } from '../../src/definition/upgrade.ts'
import type { Cell, OutputColumn } from '../../src/plan/columns.ts'
import { add, blank, exceptValue, groupByColumn, onlyValue, setSummary } from '../../web/builder/edits.ts'
import { idleKeys } from '../../web/grid/idle-keys.ts'
import { barOf, barsOf, segments } from '../../web/grid/layout.ts'
import { reordered, sortedRows } from '../../web/grid/order.ts'
import { at, boxOf, moved, type Press, tsv } from '../../web/grid/selection.ts'

const collator = new Intl.Collator('en')
const money: OutputColumn = { id: 'raised', label: 'Raised', type: 'money', role: 'aggregate' }
const name: OutputColumn = { id: 'name', label: 'Name', type: 'text', role: 'column' }
const sorted = (column: OutputColumn, cells: Cell[], desc = false) =>
  sortedRows(
    cells.map((cell) => [cell]),
    [column],
    [{ id: column.id, desc }],
    collator,
  ).map(([cell]) => cell)

test('amounts are sorted as amounts, even where a float cannot tell them apart, and empty ones come last', () => {
  const cells = ['10', null, '9.5', '12345678901234567890.02', '12345678901234567890.01', '-3']
  expect(sorted(money, cells)).toEqual(['-3', '9.5', '10', '12345678901234567890.01', '12345678901234567890.02', null])
  expect(sorted(money, cells, true).at(-1)).toBe(null)
})

test('words are sorted as a person would, enums by what is read, and equal ones stay as they came', () => {
  expect(sorted(name, ['b', 'A', 'item 10', 'item 9', 'a'])).toEqual(['A', 'a', 'b', 'item 9', 'item 10'])
  const channel: OutputColumn = { ...name, type: 'enum', valueLabels: { x: 'Zebra', y: 'Ant' } }
  expect(sorted(channel, ['x', 'y'])).toEqual(['y', 'x'])
})

test('sorting loses no row, whatever is in it', () => {
  const cell = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.boolean())
  fc.assert(
    fc.property(fc.array(cell), fc.boolean(), (cells, desc) => {
      expect(new Set(sorted(name, cells, desc))).toEqual(new Set(cells))
    }),
  )
})

test('a moved column takes the place of the other', () => {
  expect(reordered(['a', 'b', 'c'], 'c', 'a')).toEqual(['c', 'a', 'b'])
  expect(reordered(['a', 'b', 'c'], 'a', 'c')).toEqual(['b', 'c', 'a'])
})

test('no key leads out of the grid, and a selection never reaches into the heading', () => {
  const keys = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'PageUp', 'PageDown', 'Home', 'End', 'a']
  const press = fc.record({
    ...{ key: fc.constantFrom(...keys), shiftKey: fc.boolean(), ctrlKey: fc.boolean() },
    ...{ metaKey: fc.constant(false), altKey: fc.constant(false) },
  })
  fc.assert(
    fc.property(fc.array(press), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), (all, rows, cols) => {
      let focus = at({ row: -1, col: 0 })
      for (const one of all as Press[]) focus = moved(focus, one, { rows, cols, page: 3 }) ?? focus
      const { row, col } = focus.active
      expect(row >= -1 && row < rows && col >= 0 && col < cols).toBe(true)
      expect(boxOf(focus) === undefined).toBe(row < 0)
    }),
  )
})

test('what is copied are plain values, and nothing that a spreadsheet would run', () => {
  const placed = [
    { column: name, source: 0 },
    { column: money, source: 1 },
  ]
  expect(tsv([['=1+1', '-5.00']], placed, 'UTC')).toBe("'=1+1\t-5.00")
  expect(tsv([['two\nlines', null]], placed, 'UTC')).toBe('"two\nlines"\t')
})

test('a time is copied as the clock of the reader shows it, in the form that spreadsheets read', () => {
  const at = { column: { ...name, type: 'timestamp' as const }, source: 0 }
  const copied = (cell: string) => tsv([[cell]], [at], 'America/New_York')
  expect(copied('2023-05-01T09:59:04.657595-04:00')).toBe('2023-05-01 09:59:04')
  expect(copied('2023-05-01T23:30:00Z')).toBe('2023-05-01 19:30:00')
  expect(copied('not a time')).toBe('not a time')
})

test('what is drawn and the gaps between are as long as the whole', () => {
  const items = [3, 7, 8].map((index) => ({ index, start: index * 10, end: index * 10 + 10 }))
  const parts = segments(items, 0, 200)
  const length = parts.reduce((sum, part) => sum + (part.kind === 'gap' ? part.size : 10), 0)
  expect(length).toBe(200)
  expect(parts.filter(({ kind }) => kind === 'gap')).toHaveLength(3)
})

test('bars begin at zero, to the left for what is below it', () => {
  const bars = barsOf([['10'], ['-10'], [null]], 0)
  expect(barOf('10', bars)).toEqual({ from: 0.5, to: 1 })
  expect(barOf('-10', bars)).toEqual({ from: 0, to: 0.5 })
  expect(barOf(null, bars)).toBe(undefined)
})

test('a cell becomes a condition: its value, its month, its range, or that it is empty', () => {
  const list = add(blank('contacts'), 'columns', { field: 'name' })
  const only = onlyValue(list, name, 'Ada')
  expect(only?.filters).toEqual({ all: [{ field: 'name', op: 'eq', value: 'Ada' }] })
  expect(only && exceptValue(only, name, null)?.filters).toEqual({
    all: [
      { field: 'name', op: 'eq', value: 'Ada' },
      { field: 'name', op: 'not_empty' },
    ],
  })
  const key = { field: 'received_at', grain: 'month' } as const
  const summary = add(setSummary(blank('donations'), true), 'groupBy', key)
  const month: OutputColumn = { id: 'received_at', label: 'Month', type: 'date', role: 'key', grain: 'month' }
  expect(exceptValue(summary, month, '2025-03-01')?.filters).toEqual({
    all: [{ ...key, op: 'ne', value: '2025-03-01' }],
  })
  const bucketed = add(setSummary(blank('donations'), true), 'groupBy', { field: 'amount', bucket: 100 })
  const amount: OutputColumn = { id: 'amount', label: 'Amount', type: 'money', role: 'key' }
  expect(exceptValue(bucketed, amount, '200.00')?.filters).toEqual({
    all: [
      {
        not: {
          all: [
            { field: 'amount', op: 'gte', value: 200 },
            { field: 'amount', op: 'lt', value: 300 },
          ],
        },
      },
    ],
  })
  expect(onlyValue(summary, money, '5')).toBe(undefined)
})

test('a list is grouped by one of its columns, times by month; a summary and its numbers are not', () => {
  const list = add(blank('donations'), 'columns', { field: 'received_at' })
  const at: OutputColumn = { id: 'received_at', label: 'Received', type: 'timestamp', role: 'column' }
  const grouped = groupByColumn({ ...list, limit: 10 }, at)
  expect(grouped?.groupBy).toEqual([{ field: 'received_at', grain: 'month' }])
  expect(grouped?.limit).toBe(null)
  expect(upgradeDefinition(grouped).ok).toBe(true)
  expect(grouped && groupByColumn(grouped, at)).toBe(undefined)
})

test('a key beside names is idle where each name is there once, and only a key of what has that name', () => {
  const column = (id: string, type: OutputColumn['type'], role: OutputColumn['role'] = 'key'): OutputColumn => ({
    ...{ id, type, role, label: id },
  })
  const raised = column('raised', 'money', 'aggregate')
  const idle = (columns: OutputColumn[], rows: Cell[][]) => idleKeys({ columns, rows })
  const donors = [column('contact.full_name', 'text'), column('contact_id', 'id'), raised]
  const two = [
    ['Ann', '1', '5.00'],
    ['Bob', '2', '5.00'],
  ]
  expect(idle(donors, two)).toEqual(['contact_id'])
  expect(idle(donors, [...two, ['Ann', '3', '1.00']])).toEqual([])
  // Whose campaign it is, is something of its own.
  expect(idle([column('contact.full_name', 'text'), column('campaign_id', 'id'), raised], two)).toEqual([])
  expect(idle([column('name', 'text'), column('id', 'id'), raised], two)).toEqual(['id'])
  expect(idle([column('contact_id', 'id'), raised], [['1', '5.00']])).toEqual([])
  // By month as well, a name is there once a month.
  const months = [column('contact.full_name', 'text'), column('contact.id', 'id'), column('month', 'date'), raised]
  expect(
    idle(months, [
      ['Ann', '1', '2025-01-01', '5.00'],
      ['Ann', '1', '2025-02-01', '5.00'],
    ]),
  ).toEqual(['contact.id'])
})
