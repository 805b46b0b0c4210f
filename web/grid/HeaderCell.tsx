import { type DragEvent, type PointerEvent, useRef, useState } from 'react'
import { Icon } from '../ui/Icon.tsx'
import { type Line, sideOf, stuck } from './Cells.tsx'
import styles from './grid.module.css'
import type { Columns, Drawn } from './useColumns.ts'

const DRAGGED = 'application/x-tablewright-column'

type Props = {
  line: Line
  shown: Drawn
  col: number
  active: boolean
  columns: Columns
  onMenu: (by: DOMRect) => void
}

/** A heading: a click sorts, its edge changes the width, dragging it changes the order, its button has the rest. */
export function HeaderCell({ line, shown, col, active, columns, onMenu }: Props) {
  const { id, column } = shown
  const [target, setTarget] = useState(false)
  const sorted = columns.sorting.find((one) => one.id === id)
  const onDrop = (event: DragEvent) => {
    setTarget(false)
    const dragged = event.dataTransfer.getData(DRAGGED)
    if (dragged === '') return
    event.preventDefault()
    columns.place(dragged, id)
  }
  const names = [
    sideOf(shown),
    line.offsets.has(id) && styles.stuck,
    sorted && styles.sorted,
    target && styles.target,
    styles.heading,
  ]
  return (
    <th
      scope="col"
      className={names.filter(Boolean).join(' ')}
      style={stuck(line, shown)}
      aria-colindex={col + 1}
      aria-sort={sorted && (sorted.desc ? 'descending' : 'ascending')}
      tabIndex={active ? 0 : -1}
      data-row={-1}
      data-col={col}
      title={column.label.length > 12 ? column.label : undefined}
      draggable
      onClick={(event) => columns.sort(id, undefined, event.shiftKey)}
      onDragStart={(event) => {
        event.dataTransfer.setData(DRAGGED, id)
        event.dataTransfer.effectAllowed = 'move'
      }}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(DRAGGED)) return
        event.preventDefault()
        setTarget(true)
      }}
      onDragLeave={() => setTarget(false)}
      onDrop={onDrop}
    >
      <span className={styles.inHeading}>
        <span className={styles.name}>{column.label}</span>
        {sorted && (
          <span className={sorted.desc ? styles.down : styles.up}>
            <Icon name="arrowUp" size={14} />
          </span>
        )}
        <button
          type="button"
          tabIndex={-1}
          className={styles.menuButton}
          aria-label={`Menu of ${column.label}`}
          aria-haspopup="menu"
          onClick={(event) => {
            event.stopPropagation()
            onMenu(event.currentTarget.getBoundingClientRect())
          }}
        >
          <Icon name="chevron" size={16} />
        </button>
      </span>
      <ResizeEdge width={shown.width} onResize={(width) => columns.resize(id, width)} />
    </th>
  )
}

/** Changes the width by dragging; for the keyboard the heading has Shift with the arrow keys, and its menu. */
function ResizeEdge({ width, onResize }: { width: number; onResize: (width: number) => void }) {
  const from = useRef<{ x: number; width: number }>(undefined)
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    event.preventDefault()
    event.stopPropagation()
    event.currentTarget.setPointerCapture(event.pointerId)
    from.current = { x: event.clientX, width }
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: an addition for the mouse
    <span
      className={styles.edge}
      draggable
      onDragStart={(event) => {
        event.preventDefault()
        event.stopPropagation()
      }}
      onPointerDown={onPointerDown}
      onPointerMove={(event) => {
        if (from.current) onResize(from.current.width + event.clientX - from.current.x)
      }}
      onPointerUp={() => {
        from.current = undefined
      }}
      onClick={(event) => event.stopPropagation()}
    />
  )
}
