import { Icon } from '../ui/Icon.tsx'
import type { MenuEntry } from '../ui/Menu.tsx'
import { MenuButton } from '../ui/MenuButton.tsx'

type Props = { label: string; mark: string; entries: readonly MenuEntry[] }

/** A button that opens the places something can be moved to; the mark finds it again after a move. */
export function MoveMenu({ label, mark, entries }: Props) {
  return (
    <MenuButton kind="quiet" shape="round" aria-label={label} data-move={mark} menu={label} entries={entries}>
      <Icon name="menu" size={16} />
    </MenuButton>
  )
}
