// Rows as a table for a terminal. In: a result and a width in columns. Out: lines of text.
// Numbers are aligned right, long texts end in "…", control characters of the data never reach the terminal.
import stringWidth from 'string-width'
import { type FormatOptions, formatCell, isNumeric } from '../rows/format.ts'
import type { TableResult } from '../rows/result.ts'
import type { Style } from './style.ts'

const GAP = '  '
const NARROWEST = 6

type Layout = { readonly width: number; readonly right: boolean }

/** The table as text, ending in a line break; `width` Infinity never cuts. */
export function terminalTable(
  result: Pick<TableResult, 'columns' | 'rows' | 'totals'>,
  options: FormatOptions & { width: number; style: Style },
): string {
  const { style, width } = options
  const { columns } = result
  const line = (row: TableResult['rows'][number]) =>
    columns.map((column, index) => printable(formatCell(row[index] ?? null, column, options)))
  const header = columns.map(({ label }) => printable(label))
  const body = result.rows.map(line)
  const totals = result.totals === undefined ? undefined : totalLine(result, line(result.totals))
  const layout = narrowed(
    columns.map((column, index) => {
      const cells = [header, ...body, ...(totals ? [totals] : [])].map((row) => stringWidth(row[index] ?? ''))
      return { width: Math.max(1, ...cells), right: isNumeric(column) }
    }),
    width,
  )
  const render = (row: readonly string[]) =>
    layout
      .map((one, index) => place(row[index] ?? '', one))
      .join(GAP)
      .trimEnd()
  const rule = style.dim(layout.map((one) => '─'.repeat(one.width)).join(GAP))
  const left = columns.length - layout.length
  return [
    style.bold(render(header)),
    rule,
    ...body.map(render),
    ...(totals ? [rule, style.bold(render(totals))] : []),
    ...(left > 0
      ? [style.dim(`${left} more ${left === 1 ? 'column does' : 'columns do'} not fit; use --csv or --json`)]
      : []),
    '',
  ].join('\n')
}

/** The first cell without a number says what the line is. */
function totalLine(result: Pick<TableResult, 'columns' | 'totals'>, cells: readonly string[]): string[] {
  const first = result.columns.findIndex((column, index) => !isNumeric(column) && result.totals?.[index] == null)
  return cells.map((cell, index) => {
    if (index === first) return 'Total'
    return result.totals?.[index] === null ? '' : cell
  })
}

/** Narrows the widest columns until all fit; columns that cannot fit even so are left out. */
function narrowed(wanted: readonly Layout[], width: number): readonly Layout[] {
  const widths = wanted.map((one) => one.width)
  const total = () => widths.reduce((sum, one) => sum + one + GAP.length, -GAP.length)
  const soft = wanted.map((one, index) => ({ index, least: one.right ? one.width : Math.min(one.width, NARROWEST) }))
  while (total() > width) {
    const widest = soft.reduce<number | undefined>((best, { index, least }) => {
      const here = widths[index] ?? 0
      if (here <= least) return best
      return best === undefined || here > (widths[best] ?? 0) ? index : best
    }, undefined)
    if (widest === undefined) break
    widths[widest] = (widths[widest] ?? 1) - 1
  }
  while (widths.length > 1 && total() > width) widths.pop()
  return widths.map((one, index) => ({ width: one, right: wanted[index]?.right ?? false }))
}

function place(text: string, { width, right }: Layout): string {
  const cut = shorten(text, width)
  const space = ' '.repeat(Math.max(0, width - stringWidth(cut)))
  return right ? space + cut : cut + space
}

function shorten(text: string, width: number): string {
  if (stringWidth(text) <= width) return text
  let cut = ''
  let used = 0
  for (const { segment } of graphemes.segment(text)) {
    used += stringWidth(segment)
    if (used > width - 1) break
    cut += segment
  }
  return `${cut.trimEnd()}…`
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Line breaks and tabs as spaces; other control and direction characters, which could rewrite the screen, as "�". */
export function printable(text: string): string {
  return text
    .replace(/\r\n|[\t\n\r\u2028\u2029]/g, ' ')
    .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '�')
}
