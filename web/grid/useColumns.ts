import {
  columnOrderingFeature,
  columnPinningFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  createColumnHelper,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { useEffect, useMemo, useState } from 'react'
import type { Cell, OutputColumn } from '../../src/plan/columns.ts'
import { isNumeric } from '../../src/rows/format.ts'
import type { TableResult } from '../../src/rows/result.ts'
import { keepView, readView } from './kept-view.ts'
import { reordered, sortedRows } from './order.ts'

export type GridRow = readonly Cell[]
export type GridTable = Pick<TableResult, 'columns' | 'rows' | 'totals'>

const features = tableFeatures({
  columnSizingFeature,
  columnOrderingFeature,
  columnPinningFeature,
  columnVisibilityFeature,
  rowSortingFeature,
})
const helper = createColumnHelper<typeof features, GridRow>()
/** The rows are sorted and drawn without a model of each, which at 100,000 of them would be slow. */
const NO_ROWS: GridRow[] = []

export const MIN_WIDTH = 56
const MAX_WIDTH = 1600

/** One column as it is drawn. */
export type Drawn = {
  readonly id: string
  readonly column: OutputColumn
  /** Its place in the rows. */
  readonly source: number
  readonly width: number
  readonly pinned: boolean
}

/** The columns as the reader has laid them out, the rows as they are sorted, here or before, and what changes both. */
export function useColumns(
  result: GridTable,
  widths: readonly number[],
  { isSorted, keep, idle }: { isSorted: boolean; keep: string | undefined; idle: readonly string[] },
) {
  const { columns, rows } = result
  const [kept] = useState(() => (keep === undefined ? {} : readView(keep)))
  const definitions = useMemo(
    () =>
      helper.columns(
        columns.map((column, index) =>
          helper.accessor((row) => row[index] ?? null, {
            id: column.id,
            header: column.label,
            size: widths[index] ?? MIN_WIDTH,
            minSize: MIN_WIDTH,
            maxSize: MAX_WIDTH,
            sortDescFirst: isNumeric(column),
          }),
        ),
      ),
    [columns, widths],
  )
  const [first] = columns
  const usual = first && columns.length > 1 ? [first.id] : []
  const table = useTable({
    features,
    columns: definitions,
    data: NO_ROWS,
    manualSorting: true,
    initialState: {
      columnPinning: { start: kept.pinned ? [...kept.pinned] : usual, end: [] },
      columnOrder: [...(kept.order ?? [])],
      columnVisibility: {
        ...Object.fromEntries((kept.hidden ?? []).map((id) => [id, false])),
        ...Object.fromEntries((kept.brought ?? []).map((id) => [id, true])),
      },
      columnSizing: { ...kept.widths },
    },
  })
  const { columnOrder, columnPinning, columnSizing, columnVisibility, sorting } = table.state
  const { start } = columnPinning
  const isVisible = (id: string) => columnVisibility[id] ?? !idle.includes(id)
  // biome-ignore lint/correctness/useExhaustiveDependencies: kept when the reader changes something
  useEffect(() => {
    if (keep === undefined) return
    const hidden = Object.keys(columnVisibility).filter((id) => columnVisibility[id] === false)
    const brought = Object.keys(columnVisibility).filter((id) => columnVisibility[id] === true && idle.includes(id))
    const isUsual = start.join(' ') === usual.join(' ')
    keepView(keep, { order: columnOrder, hidden, brought, widths: columnSizing, pinned: isUsual ? [] : start })
  }, [columnOrder, columnSizing, columnVisibility, start])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the table reads its state, which is named here
  const drawn = useMemo(() => {
    const sources = new Map(columns.map(({ id }, index) => [id, index]))
    const of = (position: 'start' | 'center') =>
      table.getPinnedVisibleLeafColumns(position).flatMap((one): Drawn[] => {
        const source = sources.get(one.id)
        const column = source === undefined ? undefined : columns[source]
        if (source === undefined || column === undefined || !isVisible(one.id)) return []
        return [{ id: one.id, column, source, width: one.getSize(), pinned: position === 'start' }]
      })
    return [...of('start'), ...of('center')]
  }, [definitions, columnOrder, columnPinning, columnSizing, columnVisibility, idle])
  const inOrder = useMemo(
    () => (isSorted ? rows : sortedRows(rows, columns, sorting)),
    [rows, columns, sorting, isSorted],
  )
  const isPinned = (id: string) => columnPinning.start.includes(id)
  return {
    drawn,
    rows: inOrder,
    sorting,
    hidden: columns.filter(({ id }) => !isVisible(id)).length,
    isVisible,
    sort: (id: string, desc?: boolean, also = false) => table.getColumn(id)?.toggleSorting(desc, also),
    unsort: (id: string) => table.getColumn(id)?.clearSorting(),
    pin: (id: string, on: boolean) => table.getColumn(id)?.pin(on ? 'start' : false),
    show: (id: string, on: boolean) => table.getColumn(id)?.toggleVisibility(on),
    resize: (id: string, width: number) =>
      table.setColumnSizing((before) => ({ ...before, [id]: Math.max(MIN_WIDTH, Math.min(width, MAX_WIDTH)) })),
    /** Takes a column to the place of another, among the pinned ones or among the others. */
    place: (id: string, target: string) => {
      if (isPinned(id) !== isPinned(target)) table.getColumn(id)?.pin(isPinned(target) ? 'start' : false)
      if (isPinned(target)) {
        table.setColumnPinning(({ start, end }) => ({ end, start: reordered(start, id, target) }))
      } else {
        table.setColumnOrder((before) =>
          reordered(before.length > 0 ? before : columns.map((one) => one.id), id, target),
        )
      }
    },
    reset: () => {
      // Blank, not as it was kept.
      table.resetColumnOrder(true)
      table.setColumnPinning({ start: usual, end: [] })
      table.resetColumnSizing(true)
      table.resetColumnVisibility(true)
      table.resetSorting()
    },
  }
}
export type Columns = ReturnType<typeof useColumns>
