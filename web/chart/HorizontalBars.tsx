import { scaleLinear } from 'd3-scale'
import { formatCell } from '../../src/rows/format.ts'
import { readerOptions } from '../api/generate.ts'
import { seriesColor, shortened, textWidth } from './axis.ts'
import styles from './chart.module.css'
import { inWords, type Plotted } from './data.ts'

const STEP = 30
const THICK = 18
const GAP = 8

/** One bar a name, with its number at the end: long names can be read, and no axis is needed. */
export function HorizontalBars({ data, width, label }: { data: Plotted; width: number; label: string }) {
  const { places, series } = data
  const [one] = series
  if (one === undefined) return null
  const most = width < 480 ? 14 : 26
  const names = places.map((place) => shortened(place, most))
  const left = Math.ceil(Math.max(...names.map(textWidth))) + GAP
  const texts = one.cells.map((cell) => formatCell(cell, one.column, readerOptions))
  const right = Math.ceil(Math.max(...texts.map(textWidth))) + GAP * 2
  const values = one.values.map((value) => value ?? 0)
  const low = Math.min(0, ...values)
  // Below zero a number stands left of its bar, and needs room there too.
  const x = scaleLinear()
    .domain([low, Math.max(0, ...values)])
    .range([left + (low < 0 ? right : 0), Math.max(left + 40, width - right)])
  return (
    <svg
      role="img"
      aria-label={inWords(data, `Bars: ${label}`, readerOptions)}
      width={width}
      height={places.length * STEP + 4}
      className={styles.plot}
    >
      {places.map((place, index) => {
        const value = values[index] ?? 0
        const [from, to] = [x(Math.min(0, value)), x(Math.max(0, value))]
        return (
          <g key={place} transform={`translate(0 ${index * STEP})`} className={styles.barLine}>
            <title>{`${place}: ${texts[index]}`}</title>
            <text x={left - GAP} y={STEP / 2} dy="0.32em" textAnchor="end" className={styles.name}>
              {names[index]}
            </text>
            <rect
              x={from}
              y={(STEP - THICK) / 2}
              width={Math.max(1, to - from)}
              height={THICK}
              rx={3}
              fill={seriesColor(0)}
            />
            <text
              x={value < 0 ? from - GAP : to + GAP}
              y={STEP / 2}
              dy="0.32em"
              textAnchor={value < 0 ? 'end' : 'start'}
              className={styles.value}
            >
              {texts[index]}
            </text>
          </g>
        )
      })}
      <line x1={x(0)} x2={x(0)} y2={places.length * STEP} className={styles.zero} />
    </svg>
  )
}
