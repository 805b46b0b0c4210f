import { type RefObject, useLayoutEffect, useState } from 'react'

/** How wide a box is, followed as it changes. */
export const useWidth = (box: RefObject<HTMLElement | null>): number => useRoom(box, 'clientWidth')

/** How high a box is, followed as it changes. */
export const useHeight = (box: RefObject<HTMLElement | null>): number => useRoom(box, 'clientHeight')

function useRoom(box: RefObject<HTMLElement | null>, side: 'clientWidth' | 'clientHeight'): number {
  const [room, setRoom] = useState(0)
  useLayoutEffect(() => {
    const element = box.current
    if (element === null) return
    // What is hidden has no size, and keeps the one it had.
    const measure = () => element[side] > 0 && setRoom(element[side])
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [box, side])
  return room
}
