import { type CSSProperties, useRef } from 'react'
import { type Chart, MOST_BARS } from '../../src/placing/choose-chart.ts'
import { formatCell, isNumeric } from '../../src/rows/format.ts'
import { readerOptions } from '../api/generate.ts'
import { readerLocale } from '../api/locale.ts'
import type { GridTable } from '../grid/useColumns.ts'
import { useWidth } from '../ui/useWidth.ts'
import styles from './chart.module.css'
import { plotted } from './data.ts'
import { HorizontalBars } from './HorizontalBars.tsx'
import { Scatter } from './Scatter.tsx'
import { PLOT_HEIGHT, TimePlot } from './TimePlot.tsx'

const MOST_POINTS = 2000

type Props = {
  chart: Chart
  table: GridTable
  label: string
  /** In pixels; bars take what they need. */
  height?: number
}

/** A result as a picture. Whoever does not see it has its gist in words, and the table. */
export function ChartView({ chart, table, label, height = PLOT_HEIGHT }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const width = useWidth(box)
  const { columns, rows } = table
  return (
    <div ref={box} className={styles.chart}>
      {chart.kind === 'number' && <Figures table={table} values={chart.values} />}
      {width > 0 && chart.kind === 'scatter' && (
        <>
          <Scatter
            height={height}
            chart={chart}
            columns={columns}
            rows={rows.slice(0, MOST_POINTS)}
            width={width}
            label={label}
          />
          <FirstOf shown={MOST_POINTS} all={rows.length} />
        </>
      )}
      {width > 0 && chart.kind === 'bar' && (
        <>
          {columns.filter((column) => isNumeric(column) && column.role !== 'key').length > 1 && (
            <p className={styles.note}>{columns[chart.value]?.label}</p>
          )}
          <HorizontalBars
            data={plotted(chart, columns, rows.slice(0, MOST_BARS), readerOptions)}
            width={width}
            label={label}
          />
          <FirstOf shown={MOST_BARS} all={rows.length} />
        </>
      )}
      {width > 0 && chart.kind !== 'number' && chart.kind !== 'scatter' && chart.kind !== 'bar' && (
        <TimePlot
          data={plotted(chart, columns, rows, readerOptions)}
          stacked={chart.kind === 'stacked' || chart.kind === 'layers'}
          width={width}
          height={height}
          label={label}
        />
      )}
    </div>
  )
}

function FirstOf({ shown, all }: { shown: number; all: number }) {
  if (all <= shown) return null
  const count = (n: number) => n.toLocaleString(readerLocale)
  return (
    <p className={styles.note}>
      The first {count(shown)} of {count(all)} rows.
    </p>
  )
}

function Figures({ table, values }: { table: GridTable; values: readonly number[] }) {
  const [row = []] = table.rows
  return (
    <dl className={styles.figures}>
      {values.map((index) => {
        const column = table.columns[index]
        if (column === undefined) return null
        const text = formatCell(row[index] ?? null, column, readerOptions)
        const size: CSSProperties & Record<'--letters', number> = { '--letters': text.length }
        return (
          <div key={column.id}>
            <dt>{column.label}</dt>
            <dd style={size}>{text}</dd>
          </div>
        )
      })}
    </dl>
  )
}
