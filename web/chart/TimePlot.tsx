import { scaleBand, scaleLinear } from 'd3-scale'
import { line as lineOf, stack } from 'd3-shape'
import { type PointerEvent, useState } from 'react'
import { formatCell } from '../../src/rows/format.ts'
import { readerOptions } from '../api/generate.ts'
import { DASHES, everyNth, seriesColor, shortly, textWidth } from './axis.ts'
import styles from './chart.module.css'
import { inWords, type Plotted } from './data.ts'

/** Without one of its own. */
export const PLOT_HEIGHT = 300
const TOP = 12
const BOTTOM = 28
const RIGHT = 12

/** Whether no line leads to or from a value. */
const isAlone = (values: readonly (number | null)[], place: number): boolean =>
  values.length <= 2 || ((values[place - 1] ?? null) === null && (values[place + 1] ?? null) === null)

/** Values along places from left to right: lines, or columns whose parts stand on one another. */
export function TimePlot({
  data,
  stacked,
  width,
  height,
  label,
}: {
  data: Plotted
  stacked: boolean
  width: number
  height: number
  label: string
}) {
  const [at, setAt] = useState<number>()
  const { places, series } = data
  const [first] = series
  if (first === undefined) return null
  const layers = stack<unknown, number>()
    .keys(series.map((_, index) => index))
    .value((_, key, place) => series[key]?.values[place] ?? 0)(places.map((_, place) => place) as Iterable<unknown>)
  const tops = stacked
    ? layers.flatMap((layer) => layer.map(([, end]) => end))
    : series.flatMap(({ values }) => values.filter((value) => value !== null))
  const y = scaleLinear()
    .domain([Math.min(0, ...tops), Math.max(0, ...tops)])
    .nice(5)
    .range([height - BOTTOM, TOP])
  const ticks = y.ticks(5)
  const short = shortly(first.column)
  const left = Math.ceil(Math.max(...ticks.map((tick) => textWidth(short(tick))))) + 12
  const x = scaleBand<number>()
    .domain(places.map((_, place) => place))
    .range([left, width - RIGHT])
    .paddingInner(stacked ? 0.25 : 0)
    .paddingOuter(stacked ? 0.1 : 0)
  const middle = (place: number) => (x(place) ?? 0) + x.bandwidth() / 2
  const step = everyNth(places.length, width - left - RIGHT, Math.max(...places.map(textWidth)))
  const path = (values: readonly (number | null)[]) =>
    lineOf<number | null>()
      .defined((value) => value !== null)
      .x((_, place) => middle(place))
      .y((value) => y(value ?? 0))([...values])
  const onPointerMove = (event: PointerEvent<SVGSVGElement>) => {
    const place = Math.floor((event.clientX - event.currentTarget.getBoundingClientRect().left - left) / x.step())
    setAt(place >= 0 && place < places.length ? place : undefined)
  }
  return (
    <>
      <svg
        role="img"
        aria-label={inWords(data, `${stacked ? 'Stacked columns' : 'Lines'}: ${label}`, readerOptions)}
        width={width}
        height={height}
        className={styles.plot}
        onPointerMove={onPointerMove}
        onPointerLeave={() => setAt(undefined)}
      >
        {ticks.map((tick) => (
          <g key={tick} transform={`translate(0 ${y(tick)})`}>
            <line x1={left} x2={width - RIGHT} className={tick === 0 ? styles.zero : styles.rule} />
            <text x={left - 8} dy="0.32em" textAnchor="end">
              {short(tick)}
            </text>
          </g>
        ))}
        {at !== undefined && (
          <rect
            x={middle(at) - x.step() / 2}
            width={x.step()}
            y={TOP}
            height={height - TOP - BOTTOM}
            className={styles.here}
          />
        )}
        {stacked
          ? layers.map((layer, index) => (
              <g key={series[index]?.name} fill={seriesColor(index)}>
                {layer.map(([from, to], place) => (
                  <rect
                    key={places[place]}
                    x={x(place)}
                    width={x.bandwidth()}
                    y={y(to)}
                    height={Math.max(0, y(from) - y(to))}
                    className={styles.part}
                  />
                ))}
              </g>
            ))
          : series.map(({ name, values }, index) => (
              <g key={name} stroke={seriesColor(index)} fill={seriesColor(index)}>
                <path d={path(values) ?? ''} strokeDasharray={DASHES[index % DASHES.length]} className={styles.line} />
                {values.map((value, place) =>
                  value !== null && (place === at || isAlone(values, place)) ? (
                    <circle key={places[place]} cx={middle(place)} cy={y(value)} r={4} />
                  ) : null,
                )}
              </g>
            ))}
        {places.map((place, index) =>
          index % step === 0 && (index === 0 || middle(index) + textWidth(place) / 2 <= width) ? (
            <text key={place} x={middle(index)} y={height - 8} textAnchor="middle">
              {place}
            </text>
          ) : null,
        )}
      </svg>
      <ul className={styles.legend}>
        <li>{at === undefined ? `${places[0]} – ${places.at(-1)}` : places[at]}</li>
        {series.map(({ name, column, cells }, index) => (
          <li key={name}>
            <svg width={22} height={10} className={styles.key} aria-hidden="true">
              {stacked ? (
                <rect width={10} height={10} x={6} rx={2} fill={seriesColor(index)} />
              ) : (
                <line
                  x2={22}
                  y1={5}
                  y2={5}
                  stroke={seriesColor(index)}
                  strokeDasharray={DASHES[index % DASHES.length]}
                  className={styles.line}
                />
              )}
            </svg>
            {name}
            {at !== undefined && <strong>{formatCell(cells[at] ?? null, column, readerOptions)}</strong>}
          </li>
        ))}
      </ul>
    </>
  )
}
