import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, useCallback, useLayoutEffect, useMemo, useRef } from 'react'
import type { Line } from './Cells.tsx'
import { type Segment, segments } from './layout.ts'
import type { Place } from './selection.ts'
import type { Drawn, GridTable } from './useColumns.ts'

/** From this many columns on only those in view are drawn. */
const ALL_COLUMNS = 12
const SPARE_ROWS = 8
const SPARE_COLUMNS = 2
/** Pinned columns that would take more of the width than this scroll along. */
const MOST_PINNED = 0.6

type Input = {
  box: RefObject<HTMLElement | null>
  table: GridTable
  drawn: readonly Drawn[]
  rowCount: number
  rowHeight: number
  room: number
  everything: boolean
}

/** What is in view, down and across, and how to bring a cell into it. The cell with the focus is always drawn. */
export function useView({ box, table, drawn, rowCount, rowHeight, room, everything }: Input) {
  const pinned = useMemo(() => drawn.filter((one) => one.pinned), [drawn])
  const pinnedWidth = pinned.reduce((sum, { width }) => sum + width, 0)
  const width = drawn.reduce((sum, one) => sum + one.width, 0)
  const sticks = pinnedWidth <= room * MOST_PINNED
  const footHeight = table.totals === undefined ? 0 : rowHeight
  const active = useRef<Place>({ row: -1, col: 0 })
  const down = useVirtualizer({
    count: rowCount,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    paddingStart: rowHeight,
    paddingEnd: footHeight,
    scrollPaddingStart: rowHeight,
    scrollPaddingEnd: footHeight,
    overscan: SPARE_ROWS,
    rangeExtractor: (range) => withActive(range, active.current.row),
  })
  const across = useVirtualizer({
    horizontal: true,
    count: drawn.length - pinned.length,
    getScrollElement: () => box.current,
    estimateSize: (index) => drawn[index + pinned.length]?.width ?? 0,
    paddingStart: pinnedWidth,
    scrollPaddingStart: sticks ? pinnedWidth : 0,
    overscan: SPARE_COLUMNS,
    rangeExtractor: (range) =>
      everything || drawn.length <= ALL_COLUMNS
        ? Array.from({ length: range.count }, (_, index) => index)
        : withActive(range, active.current.col - pinned.length),
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: sizes are asked for anew when columns or widths change
  useLayoutEffect(() => across.measure(), [drawn, across])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same for rows when the reader's size of text changes
  useLayoutEffect(() => down.measure(), [rowHeight, down])

  const items = down.getVirtualItems()
  const acrossItems = across.getVirtualItems()
  const line: Line = useMemo(() => {
    const offsets = new Map<string, number>()
    let left = 0
    for (const one of pinned) {
      if (sticks) offsets.set(one.id, left)
      left += one.width
    }
    const rest = segments(acrossItems, left, width).map((one) =>
      one.kind === 'gap' ? one : { ...one, index: one.index + pinned.length },
    )
    const fixed = pinned.map((_, index): Segment => ({ kind: 'item', index }))
    return { columns: table.columns, drawn, offsets, segments: [...fixed, ...rest] }
  }, [drawn, pinned, acrossItems, sticks, width, table.columns])
  return {
    line,
    width,
    rows: segments(items, rowHeight, down.getTotalSize() - footHeight),
    lastRow: items.at(-1)?.index ?? 0,
    /** How many rows a page of the keyboard has. */
    page: Math.max(1, Math.floor((box.current?.clientHeight ?? 0) / rowHeight) - 2),
    keepDrawn: (place: Place) => {
      active.current = place
    },
    reveal: useCallback(
      ({ row, col }: Place) => {
        if (row >= 0 && row < rowCount) down.scrollToIndex(row, { align: 'auto' })
        if (col >= pinned.length) across.scrollToIndex(col - pinned.length, { align: 'auto' })
      },
      [rowCount, pinned.length, down, across],
    ),
  }
}

function withActive(range: Range, active: number): number[] {
  const found = defaultRangeExtractor(range)
  if (active < 0 || active >= range.count || found.includes(active)) return found
  return [...found, active].sort((a, b) => a - b)
}
