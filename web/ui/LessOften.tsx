import { Button } from './Button.tsx'
import { Icon } from './Icon.tsx'
import styles from './LessOften.module.css'
import { MenuButton } from './MenuButton.tsx'

export type Action = {
  readonly label: string
  readonly onSelect: () => void
  readonly disabled?: boolean
  /** Where the label alone does not say what it does. */
  readonly says?: string
}

/** What is done less often: side by side where there is room, else behind one button. */
export function LessOften({ actions }: { actions: readonly (Action | false | undefined)[] }) {
  const offered = actions.filter((action) => action !== false && action !== undefined)
  if (offered.length === 0) return null
  const entries = offered.flatMap(({ label, says = label, onSelect, disabled }) =>
    disabled ? [] : [{ label: says, onSelect }],
  )
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
      <MenuButton kind="quiet" className={styles.narrow} menu="More" entries={entries}>
        More
        <Icon name="chevron" size={16} />
      </MenuButton>
    </>
  )
}
