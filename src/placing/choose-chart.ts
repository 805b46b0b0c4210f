// Which chart says more than the table does, if any. In: the columns and rows of a result. Out: what to draw. No page here.
import type { Cell, OutputColumn } from '../plan/columns.ts'
import { isNumeric } from '../rows/format.ts'
import { withoutGaps } from './stretches.ts'

type Row = readonly Cell[]
/** Numbers are places of columns. */
export type Chart =
  | { readonly kind: 'number'; readonly values: readonly number[] }
  | { readonly kind: 'line'; readonly x: number; readonly series: readonly number[] }
  /** One line for each value of a second key. */
  | { readonly kind: 'lines'; readonly x: number; readonly by: number; readonly value: number }
  | { readonly kind: 'bar'; readonly x: number; readonly value: number }
  | { readonly kind: 'stacked'; readonly x: number; readonly by: number; readonly value: number }
  /** One layer for each column of a pivot. */
  | { readonly kind: 'layers'; readonly x: number; readonly series: readonly number[] }
  | { readonly kind: 'scatter'; readonly x: number; readonly y: number; readonly name: number | undefined }

const MOST_NUMBERS = 4
/** More are not drawn; that there are more is said. */
export const MOST_BARS = 30
const MOST_PLACES = 80
/** As many as there are colours to tell apart. */
export const MOST_SERIES = 8
const FEWEST_POINTS = 5

/** The chart to show, or undefined where the table says it best: where there is none, or it leaves rows out. */
export function chooseChart(columns: readonly OutputColumn[], rows: readonly Row[]): Chart | undefined {
  const [first] = possibleCharts(columns, rows)
  return first?.kind === 'bar' && rows.length > MOST_BARS ? undefined : first
}

/** Bars of the number that the rows are sorted by, where it is one; any other chart as it is. */
export function ofSorted(chart: Chart, columns: readonly OutputColumn[], sortedBy: string | undefined): Chart {
  const value = columns.findIndex((column) => column.id === sortedBy && isNumeric(column) && column.role !== 'key')
  return chart.kind === 'bar' && value >= 0 ? { ...chart, value } : chart
}

/** Every chart that says something true of a result, the one that says most first. */
export function possibleCharts(columns: readonly OutputColumn[], rows: readonly Row[]): readonly Chart[] {
  const places = columns.map((_, index) => index)
  const of = (index: number) => columns[index] as OutputColumn
  const keys = keysOf(columns, rows)
  const numbers = places.filter((index) => isNumeric(of(index)) && of(index).role !== 'key')
  const measures = numbers.filter((index) => of(index).role === 'aggregate' || of(index).role === 'calculation')
  if (rows.length === 0) return []
  if (places.every((index) => of(index).role === 'column')) return ofList(columns, rows, numbers)
  if (keys.length === 0) {
    const few = rows.length === 1 && measures.length > 0 && measures.length <= MOST_NUMBERS
    return few ? [{ kind: 'number', values: measures }] : []
  }
  if (rows.length < 2) return []
  const [first = 0, second] = keys
  if (keys.length === 1) return ofOneKey(columns, rows, first, measures)
  const [value] = measures
  if (keys.length !== 2 || second === undefined || value === undefined) return []
  const [x, by] = isStretch(of(second)) && !isStretch(of(first)) ? [second, first] : [first, second]
  if (different(rows, by) > MOST_SERIES || different(rows, x) > MOST_PLACES || different(rows, x) < 2) return []
  const lines: Chart[] = isStretch(of(x)) ? [{ kind: 'lines', x, by, value }] : []
  return addsUp(columns, rows, [value]) ? [{ kind: 'stacked', x, by, value }, ...lines] : lines
}

/** Keys that a reader sees as such: an id beside names that differ anyway only tells them apart. */
function keysOf(columns: readonly OutputColumn[], rows: readonly Row[]): readonly number[] {
  const keys = columns.flatMap(({ role }, index) => (role === 'key' ? [index] : []))
  const named = keys.filter((index) => columns[index]?.type !== 'id')
  const told = named.length === 1 && named.every((index) => different(rows, index) === rows.length)
  return told ? named : keys
}

function ofOneKey(
  columns: readonly OutputColumn[],
  rows: readonly Row[],
  key: number,
  measures: readonly number[],
): readonly Chart[] {
  const layers = columns.flatMap((column, index) => (column.role === 'pivot' && isNumeric(column) ? [index] : []))
  if (layers.length > 1 && layers.length <= MOST_SERIES && rows.length <= MOST_PLACES) {
    return addsUp(columns, rows, layers) ? [{ kind: 'layers', x: key, series: layers }] : []
  }
  const [value, other] = measures
  const column = columns[key]
  if (value === undefined || column === undefined) return []
  const bars: Chart[] = [{ kind: 'bar', x: key, value }]
  if (isStretch(column)) {
    const line: Chart = { kind: 'line', x: key, series: alike(columns, measures).slice(0, MOST_NUMBERS) }
    const cells = rows.map((row) => row[key] ?? null)
    // A few months picked out of a year are no course of time.
    const scattered = withoutGaps(cells, column).length > 2 * rows.length
    if (rows.length > MOST_BARS) return [line]
    return scattered ? [...bars, line] : [line, ...bars]
  }
  const points: Chart[] =
    other !== undefined && rows.length >= FEWEST_POINTS ? [{ kind: 'scatter', x: value, y: other, name: key }] : []
  return [...bars, ...points]
}

function ofList(columns: readonly OutputColumn[], rows: readonly Row[], numbers: readonly number[]): readonly Chart[] {
  const [x, y] = numbers
  const found = columns.findIndex((column) => column.type === 'text' || column.type === 'enum')
  const name = found < 0 ? undefined : found
  if (x === undefined) return []
  const points: Chart[] = y !== undefined && rows.length >= FEWEST_POINTS ? [{ kind: 'scatter', x, y, name }] : []
  const named = name !== undefined && rows.length > 1 && different(rows, name) === rows.length
  const bars: Chart[] = named ? [{ kind: 'bar', x: name, value: x }] : []
  return [...points, ...bars]
}

const STRETCHES = new Set(['hour', 'day', 'week', 'month', 'quarter', 'year', 'fiscal_quarter', 'fiscal_year'])

/** Whether a key is a stretch of time, one after the other, rather than a part of the week or year. */
export const isStretch = ({ grain }: OutputColumn): boolean => grain !== undefined && STRETCHES.has(grain)

const different = (rows: readonly Row[], index: number): number => new Set(rows.map((row) => row[index])).size

/** The measures that can share an axis with the first. */
function alike(columns: readonly OutputColumn[], measures: readonly number[]): number[] {
  const unit = (index: number | undefined) => {
    const column = index === undefined ? undefined : columns[index]
    return JSON.stringify([column?.type === 'money', column?.unit, column?.format?.style, column?.format?.currency])
  }
  return measures.filter((index) => unit(index) === unit(measures[0]))
}

/** Whether parts may stand on one another: a share or something below zero may not. */
function addsUp(columns: readonly OutputColumn[], rows: readonly Row[], values: readonly number[]): boolean {
  return values.every(
    (index) => columns[index]?.format?.style !== 'percent' && rows.every((row) => Number(row[index] ?? 0) >= 0),
  )
}
