import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chooseChart, possibleCharts } from '../../src/placing/choose-chart.ts'
import { withoutGaps } from '../../src/placing/stretches.ts'
import type { Cell, OutputColumn } from '../../src/plan/columns.ts'
import { inWords, plotted } from '../../web/chart/data.ts'

const options = { locale: 'en-US', timezone: 'UTC' }
const month: OutputColumn = { id: 'month', label: 'Month', type: 'date', role: 'key', grain: 'month' }
const channel: OutputColumn = { id: 'channel', label: 'Channel', type: 'text', role: 'key' }
const raised: OutputColumn = { id: 'raised', label: 'Raised', type: 'money', unit: 'USD', role: 'aggregate' }
const pledged: OutputColumn = { ...raised, id: 'pledged', label: 'Pledged' }
const gifts: OutputColumn = { id: 'gifts', label: 'Gifts', type: 'integer', role: 'aggregate' }
const months = ['2025-03-01', '2025-01-01', '2025-02-01']
const choose = (columns: OutputColumn[], rows: Cell[][]) => chooseChart(columns, rows)

test('time is a line, of all that shares its unit and of nothing else', () => {
  const rows = months.map((at, n) => [at, `${n}.00`, n, '5.00'])
  expect(choose([month, raised, gifts, pledged], rows)).toEqual({ kind: 'line', x: 0, series: [1, 3] })
})

test('a few names are bars; many are a table, of which the first can be drawn', () => {
  const rows = (count: number) => Array.from({ length: count }, (_, n) => [`c${n}`, n])
  expect(choose([channel, gifts], rows(12))).toEqual({ kind: 'bar', x: 0, value: 1 })
  expect(choose([channel, gifts], rows(300))).toBe(undefined)
  expect(possibleCharts([channel, gifts], rows(300))).toEqual([{ kind: 'bar', x: 0, value: 1 }])
  const weekday: OutputColumn = { ...month, type: 'integer', grain: 'day_of_week' }
  expect(choose([weekday, gifts], rows(7))).toEqual({ kind: 'bar', x: 0, value: 1 })
})

test('two keys are stacked along the time, but what does not add up is not', () => {
  const rows = months.flatMap((at) => ['web', 'mail'].map((one): Cell[] => [one, at, '3.00']))
  expect(choose([channel, month, raised], rows)).toEqual({ kind: 'stacked', x: 1, by: 0, value: 2 })
  const below = rows.map(([one = null, at = null]): Cell[] => [one, at, '-3.00'])
  expect(choose([channel, month, raised], below)).toEqual({ kind: 'lines', x: 1, by: 0, value: 2 })
  const share: OutputColumn = { ...raised, type: 'number', format: { style: 'percent' } }
  expect(choose([channel, month, share], rows)?.kind).toBe('lines')
  const many = months.flatMap((at) => Array.from({ length: 9 }, (_, n): Cell[] => [`c${n}`, at, 1]))
  expect(choose([channel, month, gifts], many)).toBe(undefined)
})

test('a pivot is stacked by its columns', () => {
  const cells = ['web', 'mail'].map((id): OutputColumn => ({ ...gifts, id, label: id, role: 'pivot' }))
  expect(
    choose(
      [month, ...cells],
      months.map((at) => [at, 1, 2]),
    ),
  ).toEqual({ kind: 'layers', x: 0, series: [1, 2] })
})

test('one row without a key is a figure, a list with two numbers is points, and words alone are a table', () => {
  expect(choose([raised], [['5.00']])).toEqual({ kind: 'number', values: [0] })
  const name: OutputColumn = { id: 'name', label: 'Name', type: 'text', role: 'column' }
  const goal: OutputColumn = { ...raised, id: 'goal', role: 'column' }
  const spent: OutputColumn = { ...raised, id: 'spent', role: 'column' }
  const rows = Array.from({ length: 6 }, (_, n) => [`n${n}`, `${n}`, `${n}`])
  expect(choose([name, goal, spent], rows)).toEqual({ kind: 'scatter', x: 1, y: 2, name: 0 })
  expect(choose([name, goal], rows)).toEqual({ kind: 'bar', x: 0, value: 1 })
  expect(choose([name], rows)).toBe(undefined)
  expect(choose([name, goal], [])).toBe(undefined)
})

test('time runs from left to right however the rows are sorted, and what is missing is a gap', () => {
  const rows: Cell[][] = [
    ['web', '2025-03-01', '3.00'],
    ['mail', '2025-01-01', '1.00'],
  ]
  const data = plotted({ kind: 'lines', x: 1, by: 0, value: 2 }, [channel, month, raised], rows, options)
  expect(data.places).toEqual(['Jan 2025', 'Feb 2025', 'Mar 2025'])
  expect(data.series.map(({ name, values }) => [name, values])).toEqual([
    ['web', [null, null, 3]],
    ['mail', [1, null, null]],
  ])
  expect(inWords(data, 'Lines: Raised', options)).toBe(
    'Lines: Raised, from Jan 2025 to Mar 2025. Highest: $3.00 (web, Mar 2025). Lowest: $1.00 (mail, Jan 2025). The table has every number.',
  )
})

test('months picked out of a year are no course of time: bars, or a line with gaps where somebody wants one', () => {
  const rows: Cell[][] = [
    ['2025-12-01', '9.00'],
    ['2025-10-01', '8.00'],
    ['2025-03-01', '7.00'],
  ]
  const kinds = possibleCharts([month, raised], rows).map(({ kind }) => kind)
  expect(kinds).toEqual(['bar', 'line'])
  const data = plotted({ kind: 'line', x: 0, series: [1] }, [month, raised], rows, options)
  expect(data.places.length).toBe(10)
  expect(data.series[0]?.values.filter((value) => value !== null)).toEqual([7, 8, 9])
  const bars = plotted({ kind: 'bar', x: 0, value: 1 }, [month, raised], rows, options)
  expect(bars.places).toEqual(['Dec 2025', 'Oct 2025', 'Mar 2025'])
})

test('no date of a result is lost along the axis, and all that lie between are there, each a step apart', () => {
  const grain = fc.constantFrom('day' as const, 'week' as const, 'month' as const, 'quarter' as const, 'year' as const)
  const days = { day: 1, week: 7, month: 28, quarter: 90, year: 365 }
  fc.assert(
    fc.property(grain, fc.uniqueArray(fc.nat(60), { minLength: 1, maxLength: 12 }), (one, steps) => {
      const at = (n: number) =>
        one === 'day' || one === 'week'
          ? new Date(Date.UTC(2024, 0, 1 + n * days[one])).toISOString().slice(0, 10)
          : new Date(Date.UTC(2024, n * { month: 1, quarter: 3, year: 12 }[one], 1)).toISOString().slice(0, 10)
      const filled = withoutGaps(steps.map(at), { ...month, grain: one })
      const [low, high] = [Math.min(...steps), Math.max(...steps)]
      expect(filled).toEqual(Array.from({ length: high - low + 1 }, (_, n) => at(low + n)))
    }),
  )
})

test('an id beside different names is no key of a chart, and two numbers by a name can be points', () => {
  const id: OutputColumn = { id: 'campaign.id', label: 'Campaign ID', type: 'id', role: 'key' }
  const rows = Array.from({ length: 6 }, (_, n): Cell[] => [`c${n}`, `${n}`, `${n}.00`, n])
  expect(possibleCharts([channel, id, raised, gifts], rows)).toEqual([
    { kind: 'bar', x: 0, value: 2 },
    { kind: 'scatter', x: 2, y: 3, name: 0 },
  ])
  // Two of one name are told apart by it.
  const alike = rows.map(([, ...rest], n): Cell[] => [n < 2 ? 'same' : `c${n}`, ...rest])
  expect(possibleCharts([channel, id, raised, gifts], alike).map(({ kind }) => kind)).not.toContain('bar')
})
