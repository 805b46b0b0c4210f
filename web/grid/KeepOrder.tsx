import { Button } from '../ui/Button.tsx'
import styles from './grid.module.css'
import type { Edit } from './grid-menu.ts'
import { inOrder } from './order.ts'
import { sortedAs } from './Status.tsx'
import type { Columns } from './useColumns.ts'

/** An order that was clicked is only on this page; this gives it to the table, and so to its files, mails and readers. */
export function KeepOrder({ edit, columns }: { edit: Edit; columns: Columns }) {
  const changed = inOrder(edit.definition, columns.sorting)
  const text = sortedAs(columns)
  if (changed === undefined || text === '' || alike(changed.sortBy, edit.definition.sortBy)) return null
  return (
    <p className={styles.order}>
      <span className={styles.note}>Saved, shared or as a file, the table has its own order.</span>
      <Button kind="quiet" onClick={() => edit.onEdit(changed, text)}>
        Keep this order
      </Button>
    </p>
  )
}

type SortBy = Edit['definition']['sortBy']
const alike = (a: SortBy, b: SortBy): boolean => told(a) === told(b)
const told = (sortBy: SortBy): string => sortBy.map(({ field, direction }) => `${field} ${direction}`).join(', ')
