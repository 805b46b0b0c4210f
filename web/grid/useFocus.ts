import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react'
import { at, type Extent, type Focus, inside, type Place, START } from './selection.ts'

/** Which cell the keyboard is at. After a move the cell is brought into view and gets the focus of the page. */
export function useFocus(box: RefObject<HTMLElement | null>, extent: Extent, reveal: (place: Place) => void) {
  const [kept, setKept] = useState<Focus>(START)
  const wanted = useRef(false)
  const focus = { active: inside(kept.active, extent), anchor: inside(kept.anchor, extent) }
  const go = useCallback((next: Focus) => {
    wanted.current = true
    setKept(next)
  }, [])
  useLayoutEffect(() => {
    if (!wanted.current) return
    wanted.current = false
    reveal(focus.active)
    cellElement(box.current, focus.active)?.focus({ preventScroll: true })
  })
  return {
    focus,
    go,
    goTo: useCallback((place: Place) => go(at(place)), [go]),
    /** What had the focus of the page given to it from elsewhere, such as by a screen reader. */
    follow: (place: Place | undefined) => {
      const { active } = focus
      if (place !== undefined && (place.row !== active.row || place.col !== active.col)) setKept(at(place))
    },
  }
}

export function cellElement(box: HTMLElement | null, { row, col }: Place): HTMLElement | null {
  return box?.querySelector<HTMLElement>(`[data-row="${row}"][data-col="${col}"]`) ?? null
}

/** The cell that something happened in. */
export function placeOf(target: EventTarget | null): Place | undefined {
  const cell = target instanceof Element ? target.closest<HTMLElement>('[data-row]') : null
  if (cell === null) return undefined
  return { row: Number(cell.dataset.row), col: Number(cell.dataset.col) }
}
