// Which chart says more than the table does, if any. In: the columns and rows of a result. Out: what to draw. No page here.
import type { Cell, OutputColumn } from '../../src/plan/columns.ts'
import { isNumeric } from '../../src/rows/format.ts'

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
const MOST_BARS = 30
const MOST_PLACES = 80
/** As many as there are colours to tell apart. */
export const MOST_SERIES = 8
const FEWEST_POINTS = 5
export const MOST_POINTS = 2000

/** The chart to show, or undefined where the table says it best. */
export function chooseChart(columns: readonly OutputColumn[], rows: readonly Row[]): Chart | undefined {
  const places = columns.map((_, index) => index)
  const of = (index: number) => columns[index] as OutputColumn
  const keys = places.filter((index) => of(index).role === 'key')
  const numbers = places.filter((index) => isNumeric(of(index)) && of(index).role !== 'key')
  const measures = numbers.filter((index) => of(index).role === 'aggregate' || of(index).role === 'calculation')
  const [value] = measures
  if (rows.length === 0) return undefined
  if (places.every((index) => of(index).role === 'column')) return ofList(columns, rows, numbers)
  if (keys.length === 0) {
    return rows.length === 1 && measures.length > 0 && measures.length <= MOST_NUMBERS
      ? { kind: 'number', values: measures }
      : undefined
  }
  if (rows.length < 2) return undefined
  const [first = 0, second] = keys
  if (keys.length === 1) {
    const layers = places.filter((index) => of(index).role === 'pivot' && isNumeric(of(index)))
    if (layers.length > 1 && layers.length <= MOST_SERIES && rows.length <= MOST_PLACES) {
      return addsUp(columns, rows, layers) ? { kind: 'layers', x: first, series: layers } : undefined
    }
    if (value === undefined) return undefined
    if (isStretch(of(first))) return { kind: 'line', x: first, series: alike(columns, measures).slice(0, MOST_NUMBERS) }
    return rows.length <= MOST_BARS ? { kind: 'bar', x: first, value } : undefined
  }
  if (keys.length !== 2 || second === undefined || value === undefined) return undefined
  const [x, by] = isStretch(of(second)) && !isStretch(of(first)) ? [second, first] : [first, second]
  if (different(rows, by) > MOST_SERIES || different(rows, x) > MOST_PLACES || different(rows, x) < 2) return undefined
  if (addsUp(columns, rows, [value])) return { kind: 'stacked', x, by, value }
  return isStretch(of(x)) ? { kind: 'lines', x, by, value } : undefined
}

function ofList(columns: readonly OutputColumn[], rows: readonly Row[], numbers: readonly number[]): Chart | undefined {
  const [x, y] = numbers
  const found = columns.findIndex((column) => column.type === 'text' || column.type === 'enum')
  const name = found < 0 ? undefined : found
  if (x === undefined) return undefined
  if (y !== undefined && rows.length >= FEWEST_POINTS) return { kind: 'scatter', x, y, name }
  const named = name !== undefined && rows.length > 1 && different(rows, name) === rows.length
  return named && rows.length <= MOST_BARS && y === undefined ? { kind: 'bar', x: name, value: x } : undefined
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
