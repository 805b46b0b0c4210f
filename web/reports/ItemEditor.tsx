import type { MouseEvent } from 'react'
import { placedName } from '../documents/PlacedState.tsx'
import { Button } from '../ui/Button.tsx'
import forms from '../ui/form.module.css'
import { Icon } from '../ui/Icon.tsx'
import { keepFocus } from '../ui/keep-focus.ts'
import type { ReportItem } from './ReportBody.tsx'
import styles from './reports.module.css'

type Props = {
  item: ReportItem
  /** Which part it is, in words. */
  place: string
  onChange: (item: ReportItem) => void
  onUp: (() => void) | undefined
  onDown: (() => void) | undefined
  onRemove: () => void
}

/** One part of a report while it is changed: its text or title, and its place. */
export function ItemEditor({ item, place, onChange, onUp, onDown, onRemove }: Props) {
  const moves = (move: (() => void) | undefined) => (event: MouseEvent<HTMLElement>) => {
    move?.()
    keepFocus(event.currentTarget)
  }
  return (
    <li className={styles.item}>
      <div className={styles.content}>
        <Content item={item} place={place} onChange={onChange} />
      </div>
      <div className={styles.tools}>
        <Button kind="quiet" shape="round" disabled={!onUp} aria-label={`Move ${place} up`} onClick={moves(onUp)}>
          <Icon name="arrowUp" size={16} />
        </Button>
        <Button kind="quiet" shape="round" disabled={!onDown} aria-label={`Move ${place} down`} onClick={moves(onDown)}>
          <Icon name="arrowDown" size={16} />
        </Button>
        <Button kind="quiet" shape="round" aria-label={`Remove ${place}`} onClick={onRemove}>
          <Icon name="close" size={16} />
        </Button>
      </div>
    </li>
  )
}

function Content({ item, place, onChange }: Pick<Props, 'item' | 'place' | 'onChange'>) {
  if (item.kind === 'table') {
    const retitle = (text: string) => {
      const { title: _title, ...rest } = item
      onChange(text === '' ? rest : { ...rest, title: text })
    }
    return (
      <>
        <p className={styles.kind}>Table: {placedName(item.table)}</p>
        <input
          className={forms.input}
          aria-label={`Title of ${place}`}
          placeholder={item.table.name ?? 'Title'}
          maxLength={200}
          value={item.title ?? ''}
          onChange={(event) => retitle(event.target.value)}
        />
      </>
    )
  }
  const write = (text: string) => onChange({ ...item, text })
  if (item.style === 'heading') {
    return (
      <>
        <p className={styles.kind}>Heading</p>
        <input
          className={`${forms.input} ${styles.heading}`}
          aria-label={`Heading, ${place}`}
          maxLength={20_000}
          value={item.text}
          onChange={(event) => write(event.target.value)}
        />
      </>
    )
  }
  return (
    <>
      <p className={styles.kind}>Text</p>
      <textarea
        className={`${forms.input} ${styles.textarea}`}
        aria-label={`Text, ${place}`}
        rows={3}
        maxLength={20_000}
        value={item.text}
        onChange={(event) => write(event.target.value)}
      />
    </>
  )
}
