import {
  type ClipboardEvent,
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react'
import { readerOptions } from '../api/generate.ts'
import { readerLocale } from '../api/locale.ts'
import { Button } from '../ui/Button.tsx'
import { useWidth } from '../ui/useWidth.ts'
import { BodyRow, GAP, TotalsRow } from './Cells.tsx'
import styles from './grid.module.css'
import { type Edit, WIDTH_STEP } from './grid-menu.ts'
import { HeaderCell } from './HeaderCell.tsx'
import { idleKeys } from './idle-keys.ts'
import { KeepOrder } from './KeepOrder.tsx'
import type { Sorting } from './order.ts'
import { Status } from './Status.tsx'
import { boxOf, holds, isOne, moved, type Place, tsv } from './selection.ts'
import { type GridTable, useColumns } from './useColumns.ts'
import { cellElement, placeOf, useFocus } from './useFocus.ts'
import { useGridMenu } from './useGridMenu.tsx'
import { usePrinting } from './usePrinting.ts'
import { useView } from './useView.ts'
import { remPixels, useWidths } from './useWidths.ts'

const ROW_REM = 2.4
/** How much of a long table goes on paper; all of it is what exports are for. */
const PRINTED_ROWS = 2000
const NEAR_END = 200

export type GridProps = {
  table: GridTable
  label: string
  /** Rows of the whole table, where not all of them are here. */
  rowCount?: number | undefined
  /** There are rows that are not here. */
  partial?: boolean | undefined
  /** Takes no more width than it needs. */
  snug?: boolean | undefined
  /** The definition behind the rows, and what becomes of a changed one. */
  edit?: Edit | undefined
  /** The reader comes near the last row that is here. */
  onNearEnd?: (() => void) | undefined
  /** The rows come as the reader sorts, from among all rows of the table. */
  sortedOverAll?: boolean | undefined
  onSorting?: ((sorting: Sorting) => void) | undefined
  /** Also keys that only tell rows of one name apart, where there are none. */
  everyKey?: boolean | undefined
  /** Keeps how the reader lays it out, under this name. */
  keep?: string | undefined
  /** Stands in the bar above, beside the choice of columns. */
  tools?: ReactNode
}

/** A table of any length: only what is in view is drawn, and every cell can be reached by keyboard. */
export function Grid(props: GridProps) {
  const { table, label, rowCount, partial = false, snug = false, edit, onNearEnd, tools, onSorting } = props
  const { sortedOverAll = false, keep, everyKey = false } = props
  const frame = useRef<HTMLDivElement>(null)
  const box = useRef<HTMLDivElement>(null)
  const hint = useId()
  const room = useWidth(frame)
  // Of rows that are not here nobody knows.
  const idle = useMemo(() => (everyKey || partial ? [] : idleKeys(table)), [table, everyKey, partial])
  const columns = useColumns(table, useWidths(table, room, snug, idle), { isSorted: sortedOverAll, keep, idle })
  const { drawn, rows, sorting } = columns
  // biome-ignore lint/correctness/useExhaustiveDependencies: said when the order changes, whoever listens
  useEffect(() => onSorting?.(sorting), [sorting])
  const { totals } = table
  const printing = usePrinting()
  const [said, setSaid] = useState('')
  const rowHeight = Math.round(ROW_REM * remPixels())
  const view = useView({ box, table, drawn, rowCount: rows.length, rowHeight, room, everything: printing })
  const { line } = view
  const lines = rows.length + (totals === undefined ? 0 : 1)
  const extent = { rows: lines, cols: drawn.length, page: view.page }
  const { focus, go, goTo, follow } = useFocus(box, extent, view.reveal)
  view.keepDrawn(focus.active)
  const selected = boxOf(focus)
  const many = selected && !isOne(selected) ? selected : undefined
  const cellsOf = (row: number) => (row < rows.length ? rows[row] : totals) ?? []

  const copied = () => {
    if (selected === undefined) return undefined
    const { top, bottom, left, right } = selected
    const chosen = Array.from({ length: bottom - top + 1 }, (_, n) => cellsOf(top + n))
    const cells = chosen.length * (right - left + 1)
    const done = cells === 1 ? 'Copied the cell' : `Copied ${cells.toLocaleString(readerLocale)} cells`
    return { text: tsv(chosen, drawn.slice(left, right + 1), readerOptions.timezone), done }
  }
  const onCopy = (event: ClipboardEvent) => {
    const found = copied()
    if (found === undefined) return
    event.preventDefault()
    event.clipboardData.setData('text/plain', found.text)
    setSaid(found.done)
  }
  const copyNow = async () => {
    const found = copied()
    if (found === undefined) return
    await navigator.clipboard.writeText(found.text)
    setSaid(found.done)
  }
  const { bars, open, menu } = useGridMenu({
    ...{ table, columns, edit, keep },
    onCopy: () => void copyNow(),
    onSaid: setSaid,
    onClosed: () => go(focus),
  })
  const openAt = ({ row, col }: Place, by: DOMRect) => {
    const shown = drawn[col]
    if (shown === undefined) return
    if (row < 0) return open({ kind: 'column', id: shown.id, by })
    const cell = cellsOf(row)[shown.source] ?? null
    open({ kind: 'cell', shown, cell, row: cellsOf(row), by, edit: row < rows.length ? edit : undefined })
  }

  const onKeyDown = (event: KeyboardEvent) => {
    const { active } = focus
    const heading = active.row < 0 ? drawn[active.col] : undefined
    const sideways = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0
    const menuKey =
      event.key === 'ContextMenu' ||
      (event.shiftKey && event.key === 'F10') ||
      (event.altKey && event.key === 'ArrowDown') ||
      (event.key === 'Enter' && heading === undefined)
    const next = moved(focus, event, extent)
    if (heading && event.shiftKey && sideways !== 0) columns.resize(heading.id, heading.width + sideways * WIDTH_STEP)
    else if (heading && (event.key === 'Enter' || event.key === ' '))
      columns.sort(heading.id, undefined, event.shiftKey)
    else if (menuKey) openAt(active, cellElement(box.current, active)?.getBoundingClientRect() ?? new DOMRect())
    else if (event.key === 'Escape' && many) goTo(active)
    else if (next) go(next)
    else return
    event.preventDefault()
  }
  const onMouseDown = (event: MouseEvent) => {
    const place = placeOf(event.target)
    if (place === undefined || event.button === 1) return
    // The menu of a selection is about all of it.
    if (event.button === 2 && selected && holds(selected, place)) return event.preventDefault()
    if (!event.shiftKey || place.row < 0 || selected === undefined) return goTo(place)
    event.preventDefault()
    go({ anchor: focus.anchor, active: place })
  }
  const onMouseMove = (event: MouseEvent) => {
    const place = event.buttons === 1 && selected ? placeOf(event.target) : undefined
    if (place === undefined || place.row < 0) return
    if (place.row !== focus.active.row || place.col !== focus.active.col) go({ anchor: focus.anchor, active: place })
  }
  const onContextMenu = (event: MouseEvent) => {
    const place = placeOf(event.target)
    if (place === undefined) return
    event.preventDefault()
    const openHere = () => openAt(place, new DOMRect(event.clientX, event.clientY, 0, 0))
    // Letting go of the button outside of a menu closes it, so the menu waits for that.
    if (event.buttons === 0) openHere()
    else addEventListener('pointerup', () => setTimeout(openHere), { once: true })
  }

  const near = view.lastRow >= rows.length - NEAR_END
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again when more rows have come
  useEffect(() => {
    if (near) onNearEnd?.()
  }, [near, rows.length])

  const activeIn = (row: number) => (focus.active.row === row ? focus.active.col : undefined)
  const bodyRow = (index: number) => {
    const row = rows[index]
    if (row === undefined) return null
    const chosen = many && index >= many.top && index <= many.bottom ? many : undefined
    return (
      <BodyRow
        key={index}
        {...{ line, bars }}
        row={row}
        above={rows[index - 1]}
        place={index}
        activeCol={activeIn(index)}
        from={chosen?.left ?? 0}
        to={chosen?.right ?? -1}
      />
    )
  }
  const style: Properties = {
    '--width': `${view.width}px`,
    '--row': `${rowHeight}px`,
  }
  return (
    <div className={styles.grid}>
      <div className={styles.tools}>
        {tools}
        {table.columns.length > 1 && (
          <Button
            kind="quiet"
            className={styles.choose}
            aria-haspopup="menu"
            onClick={({ currentTarget: from }) => open({ kind: 'columns', from, by: from.getBoundingClientRect() })}
          >
            {columns.hidden === 0 ? 'Columns' : `Columns (${columns.hidden} hidden)`}
          </Button>
        )}
      </div>
      <div ref={frame} className={styles.frame}>
        <div ref={box} className={styles.scroll}>
          <table
            // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: its cells are walked with the arrow keys
            role="grid"
            className={styles.table}
            style={style}
            aria-label={label}
            aria-describedby={hint}
            aria-rowcount={(rowCount ?? rows.length) + 1 + lines - rows.length}
            aria-colcount={drawn.length}
            aria-multiselectable="true"
            onFocus={(event) => follow(placeOf(event.target))}
            {...{ onKeyDown, onMouseDown, onMouseMove, onContextMenu, onCopy }}
          >
            <colgroup>
              {line.segments.map((segment) => (
                <col
                  key={segment.kind === 'gap' ? `gap ${segment.at}` : drawn[segment.index]?.id}
                  style={wide(segment.kind === 'gap' ? segment.size : (drawn[segment.index]?.width ?? 0))}
                />
              ))}
            </colgroup>
            <thead>
              <tr aria-rowindex={1}>
                {line.segments.map((segment) => {
                  if (segment.kind === 'gap') return <td key={`gap ${segment.at}`} {...GAP} />
                  const shown = drawn[segment.index]
                  const place = { row: -1, col: segment.index }
                  return (
                    shown && (
                      <HeaderCell
                        key={shown.id}
                        {...{ line, shown, columns }}
                        col={segment.index}
                        active={activeIn(-1) === segment.index}
                        onMenu={(by) => openAt(place, by)}
                      />
                    )
                  )
                })}
              </tr>
            </thead>
            <tbody>
              {printing
                ? Array.from({ length: Math.min(rows.length, PRINTED_ROWS) }, (_, index) => bodyRow(index))
                : view.rows.map((part) =>
                    part.kind === 'item' ? (
                      bodyRow(part.index)
                    ) : (
                      <tr key={`gap ${part.at}`} {...GAP}>
                        <td
                          {...GAP}
                          className={styles.gap}
                          style={{ height: part.size }}
                          colSpan={line.segments.length}
                        />
                      </tr>
                    ),
                  )}
            </tbody>
            {totals !== undefined && (
              <tfoot>
                <TotalsRow line={line} totals={totals} place={rows.length} activeCol={activeIn(rows.length)} />
              </tfoot>
            )}
          </table>
        </div>
      </div>
      {printing && rows.length > PRINTED_ROWS && (
        <p className={styles.note}>
          The first {PRINTED_ROWS.toLocaleString(readerLocale)} of {rows.length.toLocaleString(readerLocale)} rows.
        </p>
      )}
      <p id={hint} className="visually-hidden">
        Arrow keys move from cell to cell, with Shift they select. Enter on a heading sorts, Shift with an arrow key
        changes its width. Alt with the down arrow opens the menu of a heading or a cell.
      </p>
      <Status {...{ columns, partial, sortedOverAll, said }} selected={many} />
      {edit && <KeepOrder {...{ edit, columns }} />}
      {menu}
    </div>
  )
}

type Properties = CSSProperties & Record<`--${string}`, string>
/** As a property of its own, so that on paper the columns may be as wide as they need. */
const wide = (width: number): Properties => ({ '--col': `${width}px` })
