import {
  createContext,
  Fragment,
  type PointerEvent,
  type ReactNode,
  use,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react'
import { Icon } from '../ui/Icon.tsx'
import styles from './Drag.module.css'
import type { Place, Spot } from './filter-tree.ts'

type Dragging = { readonly from: Place; readonly over: string | undefined; readonly pointer: number }
type Area = {
  /** Areas within areas keep their gaps apart by it. */
  readonly id: string
  readonly dragging: Dragging | undefined
  readonly begin: (from: Place, event: PointerEvent<HTMLElement>) => void
  readonly follow: (event: PointerEvent<HTMLElement>) => void
  readonly drop: (event: PointerEvent<HTMLElement>) => void
  readonly cancel: () => void
}
const DragArea = createContext<Area | undefined>(undefined)

/** Pixels from the edge of the window at which a drag scrolls it. */
const EDGE = 48
/** How much a pixel to the side counts against one up or down: the side says how deep in the groups. */
const SIDE = 0.6

/** A part of the page in which entries are dragged by their grips to the gaps between them. */
export function Draggable({ onMove, children }: { onMove: (from: Place, to: Spot) => void; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null)
  const id = useId()
  const [dragging, setDragging] = useState<Dragging>()
  const lasts = dragging !== undefined
  useEffect(() => {
    if (!lasts) return
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      event.stopPropagation()
      event.preventDefault()
      setDragging(undefined)
    }
    addEventListener('keydown', onKey, true)
    return () => removeEventListener('keydown', onKey, true)
  }, [lasts])
  const area = useMemo((): Area => {
    const isMine = ({ pointerId }: PointerEvent) => dragging?.pointer === pointerId
    return {
      id,
      dragging,
      begin: (from, event) => {
        if (event.button !== 0) return
        event.currentTarget.setPointerCapture(event.pointerId)
        setDragging({ from, over: undefined, pointer: event.pointerId })
      },
      follow: (event) => {
        if (dragging === undefined || !isMine(event)) return
        if (event.clientY > innerHeight - EDGE) scrollBy(0, 16)
        if (event.clientY < EDGE) scrollBy(0, -16)
        const over = nearest(box.current, id, dragging.from, event.clientX, event.clientY)
        if (over !== dragging.over) setDragging({ ...dragging, over })
      },
      drop: (event) => {
        if (dragging === undefined || !isMine(event)) return
        setDragging(undefined)
        if (dragging.over !== undefined) onMove(dragging.from, JSON.parse(dragging.over) as Spot)
      },
      cancel: () => setDragging(undefined),
    }
  }, [id, dragging, onMove])
  return (
    <DragArea value={area}>
      <div ref={box} className={lasts ? styles.lasts : undefined}>
        {children}
      </div>
    </DragArea>
  )
}

function nearest(box: HTMLElement | null, area: string, from: Place, x: number, y: number): string | undefined {
  let found: { readonly cost: number; readonly spot: string | undefined } | undefined
  for (const gap of box?.querySelectorAll<HTMLElement>('[data-gap]') ?? []) {
    if (gap.dataset.area !== area) continue
    const { left, top, height } = gap.getBoundingClientRect()
    const cost = Math.abs(y - top - height / 2) + SIDE * Math.abs(x - left)
    if (found !== undefined && found.cost <= cost) continue
    const spot = gap.dataset.gap
    found = { cost, spot: spot !== undefined && changes(from, JSON.parse(spot) as Spot) ? spot : undefined }
  }
  return found?.spot
}

/** Whether an entry would be somewhere else there: neither where it is, nor inside itself. */
function changes(from: Place, { group, index }: Spot): boolean {
  if (from.every((one, level) => group[level] === one)) return false
  const last = from.at(-1) ?? 0
  const sameGroup = group.length === from.length - 1 && group.every((one, level) => from[level] === one)
  return !sameGroup || (index !== last && index !== last + 1)
}

/** Where an entry can be dropped; it is seen while something is held over it. */
export function Gap({ spot }: { spot: Spot }) {
  const text = JSON.stringify(spot)
  const area = use(DragArea)
  const over = area?.dragging?.over === text
  return <div className={`${styles.gap} ${over ? styles.over : ''}`} data-gap={text} data-area={area?.id} />
}

/** What an entry is dragged by. For a pointer only: buttons beside it do the same for everybody else. */
export function Grip({ place }: { place: Place }) {
  const area = use(DragArea)
  if (area === undefined) return null
  return (
    <span
      className={styles.grip}
      data-grip={place.join('.')}
      aria-hidden="true"
      onPointerDown={(event) => area.begin(place, event)}
      onPointerMove={area.follow}
      onPointerUp={area.drop}
      onPointerCancel={area.cancel}
    >
      <Icon name="grip" size={18} />
    </span>
  )
}

/** Whether the entry at a place is the one that is held. */
export function useHeld(place: Place): boolean {
  const from = use(DragArea)?.dragging?.from
  return from !== undefined && from.join('.') === place.join('.')
}

/** Entries of a list with the gaps around them. */
export function WithGaps({ entries, group = [] }: { entries: readonly ReactNode[]; group?: Place }) {
  return (
    <div>
      {entries.map((entry, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a gap is known by its place
        <Fragment key={index}>
          <Gap spot={{ group, index }} />
          {entry}
        </Fragment>
      ))}
      <Gap spot={{ group, index: entries.length }} />
    </div>
  )
}
