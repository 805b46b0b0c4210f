import { lazy, Suspense, useMemo } from 'react'
import { chooseChart } from '../chart/choose.ts'
import { PlainTable, type Shown } from '../ui/PlainTable.tsx'
import styles from './dashboards.module.css'

const ChartView = lazy(async () => ({ default: (await import('../chart/ChartView.tsx')).ChartView }))

/** The rows of a tile; drawn, where that is wanted and its columns and rows make a picture. */
export function TileTable({ table, label, chart }: { table: Shown; label: string; chart: boolean }) {
  const { columns, rows } = table
  const drawn = useMemo(() => (chart ? chooseChart(columns, rows) : undefined), [chart, columns, rows])
  if (drawn === undefined) return <PlainTable table={table} label={label} />
  return (
    <div className={styles.drawn}>
      <Suspense>
        <ChartView chart={drawn} table={table} label={label} />
      </Suspense>
    </div>
  )
}
