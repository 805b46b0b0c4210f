import { type ComponentProps, useRef, useState } from 'react'
import { Button } from './Button.tsx'
import { giveBackFocus } from './keep-focus.ts'
import { Menu, type MenuEntry } from './Menu.tsx'

type Props = Omit<ComponentProps<typeof Button>, 'ref' | 'onClick'> & {
  /** What the menu is called. */
  menu: string
  entries: readonly MenuEntry[]
}

/** A button that opens a menu, and has the focus again when that closes. */
export function MenuButton({ menu, entries, ...button }: Props) {
  const own = useRef<HTMLButtonElement>(null)
  const [by, setBy] = useState<DOMRect>()
  const close = () => {
    setBy(undefined)
    giveBackFocus(own.current)
  }
  return (
    <>
      <Button
        {...button}
        ref={own}
        aria-haspopup="menu"
        aria-expanded={by !== undefined}
        onClick={(event) => setBy(event.currentTarget.getBoundingClientRect())}
      />
      {by && <Menu label={menu} by={by} parts={[{ name: menu, entries }]} onClose={close} />}
    </>
  )
}
