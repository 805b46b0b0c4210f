import { type KeyboardEvent, useEffect, useLayoutEffect, useRef } from 'react'
import { Icon } from './Icon.tsx'
import styles from './Menu.module.css'

export type MenuEntry = {
  readonly label: string
  readonly onSelect: () => void
  /** Of something that is on or off. */
  readonly checked?: boolean
  /** The menu stays open, for what is done several times in a row. */
  readonly stays?: boolean
}
export type MenuPart = { readonly name: string; readonly entries: readonly MenuEntry[] }
type Props = {
  label: string
  /** What it hangs below. */
  by: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number }
  parts: readonly MenuPart[]
  onClose: () => void
}

const EDGE = 8

/** What can be done with something, over the page; arrow keys move in it, Escape closes it. Shown while it is rendered. */
export function Menu({ label, by, parts, onClose }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const entries = () => [...(box.current?.querySelectorAll<HTMLElement>('button') ?? [])]
  useLayoutEffect(() => {
    const menu = box.current
    if (menu === null) return
    menu.showPopover()
    const { width, height } = menu.getBoundingClientRect()
    const below = by.bottom + height + EDGE <= innerHeight
    menu.style.left = `${Math.max(EDGE, Math.min(by.left, innerWidth - width - EDGE))}px`
    menu.style.top = `${Math.max(EDGE, below ? by.bottom : by.top - height)}px`
  }, [by])
  useEffect(() => {
    box.current?.querySelector('button')?.focus({ preventScroll: true })
  }, [])
  const close = useRef(onClose)
  close.current = onClose
  useEffect(() => {
    const menu = box.current
    const onToggle = (event: Event) => {
      if ((event as ToggleEvent).newState === 'closed') close.current()
    }
    menu?.addEventListener('toggle', onToggle)
    return () => menu?.removeEventListener('toggle', onToggle)
  }, [])
  const onKeyDown = (event: KeyboardEvent) => {
    const all = entries()
    const now = all.indexOf(document.activeElement as HTMLElement)
    const to = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: all.length - 1 }[event.key]
    // React hands the keys on to whatever renders the menu, which has keys of its own.
    event.stopPropagation()
    if (event.key === 'Tab' || event.key === 'Escape') {
      event.preventDefault()
      onClose()
    }
    if (to === undefined) return
    event.preventDefault()
    all.at(to === all.length ? 0 : to)?.focus()
  }
  // Room for marks only where something can bear one.
  const marked = parts.some(({ entries: some }) => some.some(({ checked }) => checked !== undefined))
  return (
    <div
      ref={box}
      popover="auto"
      role="menu"
      tabIndex={-1}
      aria-label={label}
      className={styles.menu}
      onKeyDown={onKeyDown}
    >
      {parts
        .filter(({ entries: some }) => some.length > 0)
        .map(({ name, entries: some }) => (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset is no part of a menu
          <div key={name} role="group" aria-label={name} className={styles.part}>
            {some.map((entry) => (
              <Entry key={entry.label} entry={entry} marked={marked} onClose={onClose} />
            ))}
          </div>
        ))}
    </div>
  )
}

function Entry({ entry, marked, onClose }: { entry: MenuEntry; marked: boolean; onClose: () => void }) {
  const { label, onSelect, checked, stays = false } = entry
  const select = () => {
    onSelect()
    if (!stays) onClose()
  }
  const role = checked === undefined ? { role: 'menuitem' } : { role: 'menuitemcheckbox', 'aria-checked': checked }
  return (
    <button type="button" tabIndex={-1} className={styles.entry} onClick={select} {...role}>
      {marked && <span className={styles.mark}>{checked === true && <Icon name="check" size={16} />}</span>}
      <span className={styles.label}>{label}</span>
    </button>
  )
}
