import { useRef, useState } from 'react'
import { Button } from '../ui/Button.tsx'
import { Icon } from '../ui/Icon.tsx'
import { Menu, type MenuEntry } from '../ui/Menu.tsx'

type Props = { label: string; mark: string; entries: readonly MenuEntry[] }

/** A button that opens the places something can be moved to; the mark finds it again after a move. */
export function MoveMenu({ label, mark, entries }: Props) {
  const button = useRef<HTMLButtonElement>(null)
  const [by, setBy] = useState<DOMRect>()
  const close = () => {
    setBy(undefined)
    button.current?.focus()
  }
  return (
    <>
      <Button
        ref={button}
        kind="quiet"
        shape="round"
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={by !== undefined}
        data-move={mark}
        onClick={(event) => setBy(event.currentTarget.getBoundingClientRect())}
      >
        <Icon name="menu" size={16} />
      </Button>
      {by && <Menu label={label} by={by} parts={[{ name: 'Places', entries }]} onClose={close} />}
    </>
  )
}
