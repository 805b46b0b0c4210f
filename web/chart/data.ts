// What a chart draws, as numbers in order. In: a chart and the rows. Out: places along the axis, and series of values.

import { type Chart, isStretch } from '../../src/placing/choose-chart.ts'
import { withoutGaps } from '../../src/placing/stretches.ts'
import type { Cell, OutputColumn } from '../../src/plan/columns.ts'
import { type FormatOptions, formatCell } from '../../src/rows/format.ts'

type Row = readonly Cell[]
export type Series = {
  readonly name: string
  /** The column that says how its numbers are read. */
  readonly column: OutputColumn
  /** One for each place; empty where there is none. */
  readonly values: readonly (number | null)[]
  readonly cells: readonly Cell[]
}
export type Plotted = { readonly places: readonly string[]; readonly series: readonly Series[] }
type Along = Exclude<Chart, { kind: 'scatter' | 'number' }>

export function plotted(
  chart: Along,
  columns: readonly OutputColumn[],
  rows: readonly Row[],
  options: FormatOptions,
): Plotted {
  const x = columns[chart.x]
  if (x === undefined) return { places: [], series: [] }
  // Time runs from left to right, however the rows are sorted.
  const order = isStretch(x) && chart.kind !== 'bar' ? alongTime(rows, chart.x, x) : rows
  const shown = (row: Row, index: number, column: OutputColumn) => formatCell(row[index] ?? null, column, options)
  if (chart.kind === 'line' || chart.kind === 'layers' || chart.kind === 'bar') {
    const indexes = chart.kind === 'bar' ? [chart.value] : chart.series
    return {
      places: order.map((row) => shown(row, chart.x, x)),
      series: indexes.flatMap((index) => {
        const column = columns[index]
        if (column === undefined) return []
        const cells = order.map((row) => row[index] ?? null)
        return [{ name: column.label, column, cells, values: cells.map(asNumber) }]
      }),
    }
  }
  const by = columns[chart.by]
  const column = columns[chart.value]
  if (by === undefined || column === undefined) return { places: [], series: [] }
  const places = [...new Set(order.map((row) => shown(row, chart.x, x)))]
  const names = [...new Set(rows.map((row) => shown(row, chart.by, by)))]
  const found = new Map(
    rows.map((row) => [`${shown(row, chart.by, by)}\n${shown(row, chart.x, x)}`, row[chart.value] ?? null]),
  )
  return {
    places,
    series: names.map((name) => {
      const cells = places.map((place) => found.get(`${name}\n${place}`) ?? null)
      return { name, column, cells, values: cells.map(asNumber) }
    }),
  }
}

/** In order of time, with empty rows where a stretch between them has none. */
function alongTime(rows: readonly Row[], index: number, x: OutputColumn): readonly Row[] {
  const of = Map.groupBy(rows, (row) => row[index] ?? null)
  return withoutGaps([...of.keys()], x).flatMap((cell) => {
    const empty: Cell[] = []
    empty[index] = cell
    return of.get(cell) ?? [empty]
  })
}

export function asNumber(cell: Cell): number | null {
  const n = cell === null ? Number.NaN : Number(cell)
  return Number.isFinite(n) ? n : null
}

/** What a chart shows, in a sentence for those who do not see it. */
export function inWords({ places, series }: Plotted, what: string, options: FormatOptions): string {
  const all = series.flatMap(({ cells, values, column, name }) =>
    values.flatMap((value, at) =>
      value === null ? [] : [{ value, text: formatCell(cells[at] ?? null, column, options), place: places[at], name }],
    ),
  )
  if (all.length === 0) return what
  const high = all.reduce((most, one) => (one.value > most.value ? one : most))
  const low = all.reduce((least, one) => (one.value < least.value ? one : least))
  const at = (one: typeof high) =>
    `${one.text} (${[series.length > 1 && one.name, one.place].filter(Boolean).join(', ')})`
  return `${what}, from ${places[0]} to ${places.at(-1)}. Highest: ${at(high)}. Lowest: ${at(low)}. The table has every number.`
}
