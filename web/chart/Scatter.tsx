import { scaleLinear } from 'd3-scale'
import type { Chart } from '../../src/placing/choose-chart.ts'
import type { OutputColumn } from '../../src/plan/columns.ts'
import { formatCell } from '../../src/rows/format.ts'
import { readerOptions } from '../api/generate.ts'
import type { GridRow, GridTable } from '../grid/useColumns.ts'
import { seriesColor, shortened, shortly, textWidth } from './axis.ts'
import styles from './chart.module.css'
import { asNumber } from './data.ts'

const TOP = 28
const BOTTOM = 48
/** Half of the longest number along the axis. */
const RIGHT = 28
/** So many points have room for their names. */
const MOST_NAMED = 12

type Props = {
  chart: Extract<Chart, { kind: 'scatter' }>
  columns: GridTable['columns']
  rows: readonly GridRow[]
  width: number
  height: number
  label: string
}

type Name = {
  readonly text: string
  readonly at: number
  readonly up: number
  readonly end: boolean
  readonly wide: number
}
const startOf = ({ at, end, wide }: Name): number => (end ? at - wide : at)
const apart = (one: Name, other: Name): boolean =>
  Math.abs(one.up - other.up) > 13 ||
  startOf(one) > startOf(other) + other.wide ||
  startOf(other) > startOf(one) + one.wide

/** One point a row: how two numbers go together. */
export function Scatter({ chart, columns, rows, width, height, label }: Props) {
  const [across, up] = [columns[chart.x], columns[chart.y]]
  if (across === undefined || up === undefined) return null
  const points = rows.flatMap((row) => {
    const [x, y] = [asNumber(row[chart.x] ?? null), asNumber(row[chart.y] ?? null)]
    return x === null || y === null ? [] : [{ x, y, row }]
  })
  const ends = (values: number[]): [number, number] => [Math.min(0, ...values), Math.max(0, ...values)]
  const y = scaleLinear()
    .domain(ends(points.map((point) => point.y)))
    .nice(5)
    .range([height - BOTTOM, TOP])
  const [shortX, shortY] = [shortly(across), shortly(up)]
  const left = Math.ceil(Math.max(...y.ticks(5).map((tick) => textWidth(shortY(tick))))) + 12
  const x = scaleLinear()
    .domain(ends(points.map((point) => point.x)))
    .nice(5)
    .range([left, width - RIGHT])
  const named = points.length <= MOST_NAMED && chart.name !== undefined ? columns[chart.name] : undefined
  const textOf = (row: GridRow) =>
    [chart.name, chart.x, chart.y].flatMap((index) => {
      const column = index === undefined ? undefined : columns[index]
      return column ? [`${column.label}: ${formatCell(row[index ?? 0] ?? null, column, readerOptions)}`] : []
    })
  const names: Name[] = []
  for (const point of named === undefined ? [] : points) {
    const text = shortened(formatCell(point.row[chart.name ?? 0] ?? null, named as OutputColumn, readerOptions), 18)
    const wide = textWidth(text)
    const end = x(point.x) + 8 + wide > width
    const one: Name = { text, at: x(point.x) + (end ? -8 : 8), up: y(point.y) - 6, end, wide }
    // A name over another would make both unreadable; the point says it when it is pointed at.
    if (names.every((other) => apart(one, other))) names.push(one)
  }
  return (
    <svg
      role="img"
      aria-label={`Points: ${label}. ${points.length} rows by ${across.label} and ${up.label}. The table has every number.`}
      width={width}
      height={height}
      className={styles.plot}
    >
      {y.ticks(5).map((tick) => (
        <g key={tick} transform={`translate(0 ${y(tick)})`}>
          <line x1={left} x2={width - RIGHT} className={styles.rule} />
          <text x={left - 8} dy="0.32em" textAnchor="end">
            {shortY(tick)}
          </text>
        </g>
      ))}
      {x.ticks(Math.max(2, Math.floor(width / 120))).map((tick) => (
        <text key={tick} x={x(tick)} y={height - BOTTOM + 18} textAnchor="middle">
          {shortX(tick)}
        </text>
      ))}
      <text x={0} y={14} className={styles.name}>
        {up.label}
      </text>
      <text x={width - RIGHT} y={height - 8} textAnchor="end" className={styles.name}>
        {across.label}
      </text>
      {points.map((point, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no names
        <circle key={index} cx={x(point.x)} cy={y(point.y)} r={4} fill={seriesColor(0)} className={styles.point}>
          <title>{textOf(point.row).join('\n')}</title>
        </circle>
      ))}
      {names.map(({ text, at, up: above, end }) => (
        <text key={`${text} ${at} ${above}`} x={at} y={above} textAnchor={end ? 'end' : 'start'}>
          {text}
        </text>
      ))}
    </svg>
  )
}
