import { type ReactNode, useId, useRef } from 'react'
import { Button } from '../ui/Button.tsx'
import { Icon } from '../ui/Icon.tsx'
import styles from './Menu.module.css'

type Props = {
  label: string
  icon: 'menu' | 'chevron'
  className?: string | undefined
  /** What is in it; `close` is for links, which leave the page as it is. */
  children: (close: () => void) => ReactNode
}

/** A button that opens links under it; Escape, or a click elsewhere, closes it. */
export function Menu({ label, icon, className, children }: Props) {
  const id = useId()
  const box = useRef<HTMLDivElement>(null)
  return (
    <div className={className}>
      <Button kind="quiet" popoverTarget={id} className={styles.button}>
        {icon === 'menu' && <Icon name="menu" size={18} />}
        <span className={icon === 'menu' ? styles.label : undefined}>{label}</span>
        {icon === 'chevron' && <Icon name="chevron" size={16} />}
      </Button>
      <div ref={box} id={id} popover="auto" className={styles.menu}>
        {children(() => box.current?.hidePopover())}
      </div>
    </div>
  )
}
