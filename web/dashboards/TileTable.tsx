import { lazy, Suspense, useMemo, useRef } from 'react'
import { possibleCharts } from '../../src/placing/choose-chart.ts'
import { PlainTable, type Shown } from '../ui/PlainTable.tsx'
import { ScrollBox } from '../ui/ScrollBox.tsx'
import { useHeight } from '../ui/useWidth.ts'
import styles from './dashboards.module.css'

const ChartView = lazy(async () => ({ default: (await import('../chart/ChartView.tsx')).ChartView }))

/** A plot is readable down to here, in pixels; a lower tile scrolls. */
const LOWEST = 120
const PADDING = 24
/** One line of it, under lines and columns. */
const LEGEND = 36
const LEGENDS: ReadonlySet<string> = new Set(['line', 'lines', 'stacked', 'layers'])

/** The rows of a tile; drawn, where that is wanted and its columns and rows make a picture. */
export function TileTable({
  table,
  rowCount,
  label,
  chart,
}: {
  table: Shown
  rowCount: number
  label: string
  chart: boolean
}) {
  const { columns, rows } = table
  const drawn = useMemo(() => (chart ? possibleCharts(columns, rows)[0] : undefined), [chart, columns, rows])
  const box = useRef<HTMLDivElement>(null)
  const room = useHeight(box)
  if (drawn === undefined) return <PlainTable table={table} rowCount={rowCount} label={label} />
  return (
    <div ref={box} className={styles.drawn}>
      <ScrollBox className={styles.drawnRoom} label={label}>
        <Suspense>
          <ChartView
            chart={drawn}
            table={table}
            label={label}
            height={Math.max(LOWEST, room - PADDING - (LEGENDS.has(drawn.kind) ? LEGEND : 0))}
          />
        </Suspense>
      </ScrollBox>
    </div>
  )
}
