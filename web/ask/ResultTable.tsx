import { lazy, Suspense, useMemo, useRef, useState } from 'react'
import { chooseChart } from '../chart/choose.ts'
import type { GridProps } from '../grid/Grid.tsx'
import type { GridTable } from '../grid/useColumns.ts'
import { Nothing } from '../ui/Nothing.tsx'
import { Segments } from '../ui/Segments.tsx'
import { useWidth } from '../ui/useWidth.ts'
import styles from './ResultTable.module.css'

// Neither is needed to ask the first question, so neither makes the first page slower.
const loadGrid = async () => ({ default: (await import('../grid/Grid.tsx')).Grid })
const Grid = lazy(loadGrid)
const ChartView = lazy(async () => ({ default: (await import('../chart/ChartView.tsx')).ChartView }))

/** Fetches what draws a table, while its rows are still on their way. */
export const prepareTable = (): void => void loadGrid().catch(() => undefined)

export type Shown = GridTable
type View = 'table' | 'chart' | 'both'

/** From this width on a chart has room beside the table. */
const WIDE = 960
/** As many as the grid shows before it scrolls. */
const MOST_LINES = 20
const NAMES: Record<View, string> = { table: 'Table', chart: 'Chart', both: 'Both' }

/** The rows of a result as people read them, and as a chart where that says more; that there are none is said. */
export function ResultTable(props: GridProps) {
  const { table, label } = props
  const { columns, rows } = table
  const box = useRef<HTMLDivElement>(null)
  const wide = useWidth(box) >= WIDE
  const [chosen, setChosen] = useState<View>()
  const chart = useMemo(() => chooseChart(columns, rows), [columns, rows])
  const views: View[] = wide ? ['table', 'chart', 'both'] : ['table', 'chart']
  const fitting = columns.length <= 4 && wide ? 'both' : 'table'
  const view = chart === undefined ? 'table' : chosen !== undefined && views.includes(chosen) ? chosen : fitting
  if (rows.length === 0) {
    return (
      <div ref={box}>
        <Nothing title="No rows">
          <p>
            The question was understood, but nothing in the data matches it. A longer period or fewer conditions may.
          </p>
        </Nothing>
      </div>
    )
  }
  const choice = chart && (
    <Segments
      legend="How the result is shown"
      options={views.map((value) => ({ value, label: NAMES[value] }))}
      value={view}
      onChange={setChosen}
    />
  )
  return (
    <div ref={box} className={styles.result}>
      {view === 'chart' && choice}
      <Suspense fallback={<Drawing rows={rows.length} />}>
        <div className={view === 'both' ? styles.both : styles.one}>
          {view !== 'chart' && (
            // What the reader hid or moved is of these columns; other columns are another table.
            <Grid key={columns.map(({ id }) => id).join(' ')} {...props} snug={view === 'both'} tools={choice} />
          )}
          {chart && view !== 'table' && (
            <div className={styles.chart}>
              <ChartView chart={chart} table={table} label={label} />
              {props.partial && <p className={styles.note}>Of the rows that are here; the table has more.</p>}
            </div>
          )}
        </div>
      </Suspense>
    </div>
  )
}

/** As high as what comes, so that nothing below it jumps. */
function Drawing({ rows }: { rows: number }) {
  return (
    <p role="status" className={styles.drawing} style={{ minHeight: `${Math.min(rows + 2, MOST_LINES) * 2.25}rem` }}>
      Drawing the table…
    </p>
  )
}
