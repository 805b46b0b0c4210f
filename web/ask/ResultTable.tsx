import { lazy, Suspense, useMemo, useRef, useState } from 'react'
import { chooseChart, ofSorted, possibleCharts } from '../../src/placing/choose-chart.ts'
import { readerLocale } from '../api/locale.ts'
import { chartNames } from '../chart/names.ts'
import type { GridProps } from '../grid/Grid.tsx'
import { type KeptView, keepView, readView } from '../grid/kept-view.ts'
import { type Sorting, sortedRows } from '../grid/order.ts'
import { useAllRows } from '../grid/useAllRows.ts'
import type { GridTable } from '../grid/useColumns.ts'
import { Button } from '../ui/Button.tsx'
import { Nothing } from '../ui/Nothing.tsx'
import { Notice } from '../ui/Notice.tsx'
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
const VIEWS: readonly View[] = ['table', 'chart', 'both']
const NAMES: Record<View, string> = { table: 'Table', chart: 'Chart', both: 'Both' }

type Props = GridProps & {
  /** The table has more rows than were read, and can be read whole. */
  truncated?: boolean | undefined
  /** Reads the rest of rows that are kept, where they are. */
  readRest?: (() => void) | undefined
}

/** The rows of a result as people read them, and as a chart where that says more; that there are none is said. */
export function ResultTable({ truncated = false, readRest, ...props }: Props) {
  const { label, edit, partial = false } = props
  const all = useAllRows({ definition: readRest && !truncated ? undefined : edit?.definition, partial })
  const table = all.table ?? props.table
  const { columns, rows } = table
  const here = { ...props, table, partial: all.whole && all.table ? all.truncated : partial }
  const box = useRef<HTMLDivElement>(null)
  const wide = useWidth(box) >= WIDE
  const [kept] = useState(() => (props.keep === undefined ? {} : readView(props.keep)))
  const [chosen, setChosen] = useState(() => VIEWS.find((one) => one === kept.shown))
  const charts = useMemo(() => possibleCharts(columns, rows), [columns, rows])
  const suits = useMemo(() => chooseChart(columns, rows) !== undefined, [columns, rows])
  const [kind, setKind] = useState(kept.chart)
  const [sorting, setSorting] = useState<Sorting>([])
  const choose = (part: Pick<KeptView, 'shown' | 'chart'>) => props.keep !== undefined && keepView(props.keep, part)
  const chart = charts.find((one) => one.kind === kind) ?? charts[0]
  const views: View[] = wide ? ['table', 'chart', 'both'] : ['table', 'chart']
  const fitting = columns.length <= 4 && wide && suits ? 'both' : 'table'
  const view = chart === undefined ? 'table' : chosen !== undefined && views.includes(chosen) ? chosen : fitting
  // The chart says the same as the table beside it, also in which order.
  const drawn = useMemo(
    () => (all.sortedOverAll ? table : { ...table, rows: sortedRows(rows, columns, sorting) }),
    [table, rows, columns, sorting, all.sortedOverAll],
  )
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
    <>
      <Segments
        legend="How the result is shown"
        options={views.map((value) => ({ value, label: NAMES[value] }))}
        value={view}
        onChange={(next) => {
          setChosen(next)
          choose({ shown: next })
        }}
      />
      {view !== 'table' && charts.length > 1 && (
        <select
          className={styles.kind}
          aria-label="Kind of chart"
          value={chart.kind}
          onChange={({ target }) => {
            setKind(target.value)
            choose({ chart: target.value })
          }}
        >
          {charts.map((one) => (
            <option key={one.kind} value={one.kind}>
              {chartNames[one.kind]}
            </option>
          ))}
        </select>
      )}
    </>
  )
  return (
    <div ref={box} className={styles.result}>
      {view === 'chart' && <div className={styles.tools}>{choice}</div>}
      <Suspense fallback={<Drawing rows={rows.length} />}>
        <div className={view === 'both' ? styles.both : styles.one}>
          {view !== 'chart' && (
            // What the reader hid or moved is of these columns; other columns are another table.
            <Grid
              key={[props.keep, ...columns.map(({ id }) => id)].join(' ')}
              {...here}
              {...(all.table && { rowCount: undefined, onNearEnd: undefined })}
              snug={view === 'both'}
              tools={choice}
              sortedOverAll={all.sortedOverAll}
              onSorting={(next) => {
                if (next.length > 0 && partial && !truncated) readRest?.()
                all.onSorting(next)
                setSorting(next)
              }}
            />
          )}
          {chart && view !== 'table' && (
            <div className={styles.chart}>
              <ChartView chart={ofSorted(chart, columns, sorting[0]?.id)} table={drawn} label={label} />
              {here.partial && <p className={styles.note}>Of the rows that are here; the table has more.</p>}
            </div>
          )}
        </div>
      </Suspense>
      {truncated && edit && <MoreRows all={all} rows={rows.length} />}
      {all.failed && <Notice tone="danger" title={`The other rows could not be read: ${all.failed.message}`} />}
    </div>
  )
}

type MoreProps = { all: ReturnType<typeof useAllRows>; rows: number }

/** Says that there are more rows than here, and reads them. */
function MoreRows({ all, rows }: MoreProps) {
  const count = (n: number) => n.toLocaleString(readerLocale)
  if (all.whole && all.table) {
    if (!all.truncated)
      return (
        <p role="status" className={styles.note}>
          All {count(rows)} rows, read just now.
        </p>
      )
    return (
      <Notice tone="warn" title={`These are the first ${count(rows)} rows; the table has more`}>
        <p>A page shows no more. A file holds all of them: save the table and export it.</p>
      </Notice>
    )
  }
  return (
    <Notice tone="warn" title={`These are the first ${count(rows)} rows; the table has more`}>
      <p>Narrow it down or group it, sort it by a heading, or read all of it.</p>
      <Button disabled={all.reading} onClick={all.readWhole}>
        {all.reading ? 'Reading…' : 'Read all rows'}
      </Button>
    </Notice>
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
