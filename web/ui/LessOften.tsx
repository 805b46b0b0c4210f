import { useRef, useState } from 'react'
import { Button } from './Button.tsx'
import { Icon } from './Icon.tsx'
import styles from './LessOften.module.css'
import { Menu } from './Menu.tsx'

export type Action = {
  readonly label: string
  readonly onSelect: () => void
  readonly disabled?: boolean
  /** Where the label alone does not say what it does. */
  readonly says?: string
}

/** What is done less often: side by side where there is room, else behind one button. */
export function LessOften({ actions }: { actions: readonly (Action | false | undefined)[] }) {
  const [by, setBy] = useState<DOMRect>()
  const button = useRef<HTMLButtonElement>(null)
  const offered = actions.filter((action) => action !== false && action !== undefined)
  if (offered.length === 0) return null
  const entries = offered.flatMap(({ label, says = label, onSelect, disabled }) =>
    disabled ? [] : [{ label: says, onSelect }],
  )
  const close = () => {
    setBy(undefined)
    button.current?.focus({ preventScroll: true })
  }
  return (
    <>
      <span className={styles.rule} aria-hidden="true" />
      <span className={styles.wide}>
        {offered.map(({ label, says, onSelect, disabled = false }) => (
          <Button key={label} kind="quiet" disabled={disabled} onClick={onSelect} {...(says && { 'aria-label': says })}>
            {label}
          </Button>
        ))}
      </span>
      <Button
        ref={button}
        kind="quiet"
        className={styles.narrow}
        aria-haspopup="menu"
        aria-expanded={by !== undefined}
        onClick={(event) => setBy(event.currentTarget.getBoundingClientRect())}
      >
        More
        <Icon name="chevron" size={16} />
      </Button>
      {by && <Menu label="More" by={by} parts={[{ name: 'More', entries }]} onClose={close} />}
    </>
  )
}
