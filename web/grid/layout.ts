// Sizes in a grid. In: columns, rows, how wide a text is. Out: widths, and what to draw with gaps between. No page here.
import type { Cell, OutputColumn } from '../../src/plan/columns.ts'
import { type FormatOptions, formatCell, isNumeric } from '../../src/rows/format.ts'

type Row = readonly Cell[]
export type Measure = (text: string, heading: boolean) => number
export type Space = {
  /** What a cell needs beside its text. */
  readonly padding: number
  /** What a heading needs beside that, for its menu and arrow. */
  readonly tools: number
  readonly min: number
  readonly maxWords: number
  /** Wide: a date or a number that is cut says nothing. */
  readonly maxOther: number
}

const SAMPLE = 60

/** Widths that fit the headings, the totals and a sample of the rows. */
export function fittingWidths(
  table: { columns: readonly OutputColumn[]; rows: readonly Row[]; totals?: Row | undefined },
  measure: Measure,
  space: Space,
  options: FormatOptions,
): number[] {
  const { columns, rows, totals } = table
  const sample = [...sampled(rows), ...(totals ? [totals] : [])]
  return columns.map((column, index) => {
    const texts = new Set(sample.map((row) => formatCell(row[index] ?? null, column, options)))
    // Figures are all as wide as a nought of figures, which no canvas measures; a number that is cut off is another one.
    const figures = (text: string) =>
      measure(text.replace(/\d/g, '0'), false) + measure('0', false) * 0.05 * text.length
    const widest = [...texts].reduce((most, text) => Math.max(most, figures(text)), 0)
    const needed = Math.max(widest, measure(column.label, true) + space.tools) + space.padding
    const words = !isNumeric(column) && column.type === 'text'
    const most = words ? space.maxWords : space.maxOther
    return Math.ceil(Math.min(Math.max(needed, space.min), Math.max(most, space.min)))
  })
}

function sampled(rows: readonly Row[]): Row[] {
  if (rows.length <= SAMPLE * 2) return [...rows]
  const step = rows.length / SAMPLE
  return [...rows.slice(0, SAMPLE), ...Array.from({ length: SAMPLE }, (_, n) => rows[Math.floor(n * step)] ?? [])]
}

/** The same widths, grown evenly until they fill what should be filled. */
export function grown(widths: readonly number[], fill: number): number[] {
  const rest = fill - widths.reduce((sum, one) => sum + one, 0)
  return rest <= 0 ? [...widths] : widths.map((one) => one + Math.floor(rest / widths.length))
}

export type Segment =
  | { readonly kind: 'item'; readonly index: number }
  | { readonly kind: 'gap'; readonly at: number; readonly size: number }

/** What is drawn of a long list, and the gaps where the rest would be. */
export function segments(
  items: readonly { readonly index: number; readonly start: number; readonly end: number }[],
  from: number,
  to: number,
): Segment[] {
  const found: Segment[] = []
  let place = from
  for (const { index, start, end } of items) {
    if (start > place) found.push({ kind: 'gap', at: place, size: start - place })
    found.push({ kind: 'item', index })
    place = end
  }
  if (to > place) found.push({ kind: 'gap', at: place, size: to - place })
  return found
}

/** How many leading keys are the same as in the row above: their texts are repeated, but set back. */
export function repeatedKeys(columns: readonly OutputColumn[], row: Row, above: Row | undefined): number {
  if (above === undefined) return 0
  const keys = columns.filter((column) => column.role === 'key').length
  let same = 0
  while (same < keys - 1 && columns[same]?.role === 'key' && row[same] === above[same]) same += 1
  return same
}

export type Bars = { readonly low: number; readonly high: number }

/** From where to where the bars of a column reach: zero is always among it. */
export function barsOf(rows: readonly Row[], index: number): Bars {
  let low = 0
  let high = 0
  for (const row of rows) {
    const n = Number(row[index] ?? 0)
    if (n < low) low = n
    if (n > high) high = n
  }
  return { low, high }
}

/** The bar of one number, as fractions of the cell's width; undefined for none. */
export function barOf(cell: Cell, { low, high }: Bars): { from: number; to: number } | undefined {
  const n = Number(cell ?? 0)
  if (n === 0 || !Number.isFinite(n) || high === low) return undefined
  const place = (value: number) => (value - low) / (high - low)
  return { from: place(Math.min(0, n)), to: place(Math.max(0, n)) }
}
