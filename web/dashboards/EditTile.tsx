import type { KeyboardEvent, MouseEvent, PointerEvent } from 'react'
import { Button } from '../ui/Button.tsx'
import forms from '../ui/form.module.css'
import { Icon } from '../ui/Icon.tsx'
import { keepFocus } from '../ui/keep-focus.ts'
import { TextField } from '../ui/TextField.tsx'
import styles from './dashboards.module.css'
import type { Direction } from './layout.ts'
import { TileBox } from './TileBox.tsx'
import { type SharedFilter, type TileView, titleOf } from './tile.ts'
import type { DragKind } from './useTileDrag.ts'

type Props = {
  dashboard: string | undefined
  tile: TileView
  filters: readonly SharedFilter[]
  open: boolean
  lifted: boolean
  pointer: {
    begin: (id: string, kind: DragKind, event: PointerEvent<HTMLElement>) => void
    move: (event: PointerEvent<HTMLElement>) => void
    end: (event: PointerEvent<HTMLElement>) => void
    cancel: () => void
  }
  onOpen: (open: boolean) => void
  onStep: (kind: DragKind, direction: Direction) => void
  onChange: (tile: TileView) => void
  onRemove: () => void
}

const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
}

/** A tile while its dashboard is edited: moved and resized by dragging, by arrow keys, or by buttons. */
export function EditTile(props: Props) {
  const { tile, open, pointer, onOpen, onStep } = props
  const title = titleOf(tile)
  const dragged = (kind: DragKind) => ({
    onPointerDown: (event: PointerEvent<HTMLElement>) => pointer.begin(tile.id, kind, event),
    onPointerMove: pointer.move,
    onPointerUp: pointer.end,
    onPointerCancel: pointer.cancel,
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      if (event.key === 'Escape') return pointer.cancel()
      const direction = ARROWS[event.key]
      if (direction === undefined) return
      event.preventDefault()
      onStep(kind, direction)
      keepFocus(event.currentTarget)
    },
  })
  return (
    <TileBox
      dashboard={props.dashboard}
      tile={tile}
      filters={props.filters}
      values={{}}
      lifted={props.lifted}
      onRemove={props.onRemove}
      onRestored={(state) => props.onChange({ ...tile, table: { ...tile.table, state } })}
      handle={
        <span className={styles.handles}>
          <Button
            kind="quiet"
            className={styles.grip}
            aria-label={`Move ${title}`}
            title="Drag, or use the arrow keys"
            {...dragged('move')}
          >
            <Icon name="grip" size={18} />
          </Button>
          <Button kind="quiet" aria-expanded={open} onClick={() => onOpen(!open)}>
            <span>
              {open ? 'Close' : 'Adjust'}
              <span className="visually-hidden"> {title}</span>
            </span>
          </Button>
        </span>
      }
      panel={open && <Panel {...props} />}
      corner={
        <button
          type="button"
          className={styles.corner}
          aria-label={`Resize ${title}`}
          title="Drag, or use the arrow keys"
          {...dragged('resize')}
        >
          <Icon name="resize" size={16} />
        </button>
      }
    />
  )
}

function Panel({ tile, onStep, onChange, onRemove }: Props) {
  const { title: own, table, showAs } = tile
  const rename = (text: string) => {
    const { title: _title, ...rest } = tile
    onChange(text === '' ? rest : { ...rest, title: text })
  }
  return (
    <div className={styles.panel}>
      <TextField label="Title" maxLength={200} placeholder={table.name ?? ''} value={own ?? ''} onChange={rename} />
      <label className={forms.field}>
        Show as
        <select
          className={forms.input}
          value={showAs}
          onChange={(event) => onChange({ ...tile, showAs: event.target.value as TileView['showAs'] })}
        >
          <option value="table">Table</option>
          <option value="number">One number</option>
          <option value="chart">Chart</option>
        </select>
      </label>
      <fieldset className={styles.steps}>
        <legend>Place</legend>
        <Step label="Left" icon="arrowLeft" across onClick={() => onStep('move', 'left')} />
        <Step label="Right" icon="arrowRight" across onClick={() => onStep('move', 'right')} />
        <Step label="Up" icon="arrowUp" onClick={() => onStep('move', 'up')} />
        <Step label="Down" icon="arrowDown" onClick={() => onStep('move', 'down')} />
      </fieldset>
      <fieldset className={styles.steps}>
        <legend>Size</legend>
        <Step label="Narrower" across onClick={() => onStep('resize', 'left')} />
        <Step label="Wider" across onClick={() => onStep('resize', 'right')} />
        <Step label="Shorter" onClick={() => onStep('resize', 'up')} />
        <Step label="Taller" onClick={() => onStep('resize', 'down')} />
      </fieldset>
      <div>
        <Button onClick={onRemove}>Remove from dashboard</Button>
      </div>
    </div>
  )
}

type StepProps = {
  label: string
  icon?: 'arrowLeft' | 'arrowRight' | 'arrowUp' | 'arrowDown'
  /** Means nothing where tiles stand one under the other. */
  across?: boolean
  onClick: () => void
}

function Step({ label, icon, across = false, onClick }: StepProps) {
  const step = (event: MouseEvent<HTMLElement>) => {
    onClick()
    keepFocus(event.currentTarget)
  }
  return (
    <Button className={across ? styles.across : undefined} aria-label={icon && label} title={label} onClick={step}>
      {icon ? <Icon name={icon} size={16} /> : label}
    </Button>
  )
}
