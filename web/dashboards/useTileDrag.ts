import { type PointerEvent, type RefObject, useRef, useState } from 'react'
import { GRID_COLUMNS, type Place } from '../../src/placing/grid.ts'
import { keepFocus } from '../ui/keep-focus.ts'
import { placed, sized } from './layout.ts'
import type { TileView } from './tile.ts'

export type DragKind = 'move' | 'resize'
type Drag = { id: string; kind: DragKind; pointer: number; left: number; top: number; column: number; row: number }

/** Pixels from the edge of the window at which a drag scrolls it. */
const EDGE = 56

/** Moving and resizing with a pointer. While it lasts the tiles are shown as they would be; letting go keeps them. */
export function useTileDrag(
  grid: RefObject<HTMLElement | null>,
  tiles: readonly TileView[],
  onChange: (tiles: TileView[]) => void,
) {
  const drag = useRef<Drag>(undefined)
  const [preview, setPreview] = useState<{ id: string; tiles: TileView[] }>()
  const begin = (id: string, kind: DragKind, event: PointerEvent<HTMLElement>) => {
    const box = grid.current
    if (box === null || event.button !== 0) return
    const style = getComputedStyle(box)
    const gap = Number.parseFloat(style.rowGap)
    const column = (box.clientWidth + gap) / GRID_COLUMNS
    const row = Number.parseFloat(style.gridAutoRows) + gap
    event.currentTarget.setPointerCapture(event.pointerId)
    drag.current = { id, kind, pointer: event.pointerId, left: event.pageX, top: event.pageY, column, row }
    setPreview({ id, tiles: [...tiles] })
  }
  const move = (event: PointerEvent<HTMLElement>) => {
    const now = drag.current
    const tile = tiles.find(({ id }) => id === now?.id)
    if (now === undefined || tile === undefined || event.pointerId !== now.pointer) return
    if (event.clientY > window.innerHeight - EDGE) window.scrollBy(0, 16)
    if (event.clientY < EDGE) window.scrollBy(0, -16)
    const x = Math.round((event.pageX - now.left) / now.column)
    const y = Math.round((event.pageY - now.top) / now.row)
    setPreview({ id: now.id, tiles: placed(tiles, now.id, wanted(tile, now.kind, x, y)) })
  }
  const end = (event: PointerEvent<HTMLElement>) => {
    if (drag.current?.pointer !== event.pointerId) return
    if (preview !== undefined && !same(preview.tiles, tiles)) {
      onChange(preview.tiles)
      keepFocus(event.currentTarget)
    }
    cancel()
  }
  const cancel = () => {
    drag.current = undefined
    setPreview(undefined)
  }
  return { preview, begin, move, end, cancel }
}

function wanted(tile: Place, kind: DragKind, columns: number, rows: number): Place {
  if (kind === 'resize') return sized(tile, columns, rows)
  const { x, y, width, height } = tile
  return { x: x + columns, y: y + rows, width, height }
}

const same = (a: readonly Place[], b: readonly Place[]): boolean =>
  a.every((one, index) => {
    const other = b[index]
    return one.x === other?.x && one.y === other.y && one.width === other.width && one.height === other.height
  })
