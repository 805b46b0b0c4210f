import { useEffect, useMemo, useState } from 'react'
import { readerOptions } from '../api/generate.ts'
import { fittingWidths, grown, type Space } from './layout.ts'
import { type GridTable, MIN_WIDTH } from './useColumns.ts'

/** As in the style sheet. */
const NARROW = '(max-width: 40rem)'
const MEASURE_REM = 44

/** Widths that fit what is in the columns, in the font of the page. */
export function useWidths(table: GridTable, room: number, snug: boolean, idle: readonly string[]): number[] {
  const [fonts, setFonts] = useState(document.fonts.status)
  useEffect(() => {
    void document.fonts.ready.then(() => setFonts('loaded'))
  }, [])
  const rem = remPixels()
  const narrow = matchMedia(NARROW).matches
  // biome-ignore lint/correctness/useExhaustiveDependencies: texts have another width once the fonts are there
  const fitting = useMemo(() => {
    const context = document.createElement('canvas').getContext('2d')
    const family = getComputedStyle(document.body).fontFamily
    const measure = (text: string, heading: boolean): number => {
      if (context === null) return text.length * rem * 0.5
      context.font = heading ? `500 ${0.8125 * rem}px ${family}` : `400 ${0.875 * rem}px ${family}`
      return context.measureText(text).width
    }
    const space: Space = {
      padding: (narrow ? 1.5 : 2.25) * rem + 4,
      tools: 2.5 * rem,
      min: MIN_WIDTH,
      maxWords: (narrow ? 11 : 26) * rem,
      maxOther: 30 * rem,
    }
    return fittingWidths(table, measure, space, readerOptions)
  }, [table, narrow, rem, fonts])
  const fill = snug ? 0 : Math.min(room - 2, MEASURE_REM * rem)
  // What is not shown takes no part of the width.
  return useMemo(() => {
    const shown = table.columns.map(({ id }) => !idle.includes(id))
    const wide = grown(
      fitting.filter((_, index) => shown[index]),
      fill,
    )
    return fitting.map((width, index) => (shown[index] ? (wide.shift() ?? width) : width))
  }, [fitting, fill, idle, table.columns])
}

/** The size of text that the reader has set. */
export function remPixels(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16
}
