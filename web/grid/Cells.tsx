import { type CSSProperties, memo } from 'react'
import { formatCell, isNumeric } from '../../src/rows/format.ts'
import { readerOptions } from '../api/generate.ts'
import styles from './grid.module.css'
import { type Bars, barOf, repeatedKeys, type Segment } from './layout.ts'
import type { Drawn, GridRow, GridTable } from './useColumns.ts'

/** What all lines share: the columns in order, which of them are drawn, and how far from the edge pinned ones stand. */
export type Line = {
  readonly columns: GridTable['columns']
  readonly drawn: readonly Drawn[]
  readonly segments: readonly Segment[]
  readonly offsets: ReadonlyMap<string, number>
}

export const sideOf = ({ column }: Drawn): string | undefined => (isNumeric(column) ? styles.number : undefined)

/** Keeps a pinned column in view. */
export function stuck(line: Line, { id }: Drawn): CSSProperties | undefined {
  const left = line.offsets.get(id)
  return left === undefined ? undefined : { left }
}

/** Within a grid a cell is one of its own kind, which can be walked to and selected. */
const CELL = { role: 'gridcell' } as const
const CHOSEN = { ...CELL, 'aria-selected': true } as const
/** Stands for rows or columns that are not drawn. */
export const GAP = { role: 'presentation' } as const

type Props = {
  line: Line
  row: GridRow
  above: GridRow | undefined
  place: number
  activeCol: number | undefined
  from: number
  to: number
  bars: ReadonlyMap<string, Bars>
}

/** One row; drawn again only when something in it changes, for a hundred of them pass by in a second of scrolling. */
export const BodyRow = memo(function BodyRow({ line, row, above, place, activeCol, from, to, bars }: Props) {
  const repeated = repeatedKeys(line.columns, row, above)
  return (
    <tr aria-rowindex={place + 2}>
      {line.segments.map((segment) => {
        if (segment.kind === 'gap') return <td key={`gap ${segment.at}`} {...GAP} />
        const col = segment.index
        const shown = line.drawn[col]
        if (shown === undefined) return null
        const { column, source, id } = shown
        const cell = row[source] ?? null
        const text = formatCell(cell, column, readerOptions)
        const range = bars.get(id)
        const bar = range && barOf(cell, range)
        const style: CSSProperties & Record<`--${string}`, string> = { ...stuck(line, shown) }
        if (bar) {
          style['--from'] = `${bar.from * 100}%`
          style['--to'] = `${bar.to * 100}%`
        }
        const names = [
          sideOf(shown),
          (cell === null || source < repeated) && styles.quiet,
          line.offsets.has(id) && styles.stuck,
          bar && styles.bar,
          col >= from && col <= to && styles.selected,
        ]
        return (
          <td
            key={id}
            {...(col >= from && col <= to ? CHOSEN : CELL)}
            className={names.filter(Boolean).join(' ')}
            style={style}
            title={text.length > 24 ? text : undefined}
            tabIndex={activeCol === col ? 0 : -1}
            aria-colindex={col + 1}
            data-row={place}
            data-col={col}
          >
            {text}
          </td>
        )
      })}
    </tr>
  )
})

/** The grand total, which stays in view. */
export function TotalsRow({
  line,
  totals,
  place,
  activeCol,
}: {
  line: Line
  totals: GridRow
  place: number
  activeCol: number | undefined
}) {
  const named = line.drawn.find((one) => !isNumeric(one.column) && totals[one.source] == null)
  return (
    <tr aria-rowindex={place + 2}>
      {line.segments.map((segment) => {
        if (segment.kind === 'gap') return <td key={`gap ${segment.at}`} {...GAP} />
        const shown = line.drawn[segment.index]
        if (shown === undefined) return null
        const cell = totals[shown.source] ?? null
        const text = cell === null ? '' : formatCell(cell, shown.column, readerOptions)
        return (
          <td
            key={shown.id}
            {...CELL}
            className={[sideOf(shown), line.offsets.has(shown.id) && styles.stuck].filter(Boolean).join(' ')}
            style={stuck(line, shown)}
            tabIndex={activeCol === segment.index ? 0 : -1}
            aria-colindex={segment.index + 1}
            data-row={place}
            data-col={segment.index}
          >
            {shown === named ? 'Total' : text}
          </td>
        )
      })}
    </tr>
  )
}
