import { Link } from '@tanstack/react-router'
import { type Answered, call } from '../api/call.ts'
import { useReader } from '../api/session.ts'
import { useTableChange } from '../library/useTableChange.ts'
import { Button, buttonClass } from '../ui/Button.tsx'
import { Failed } from '../ui/Failed.tsx'
import forms from '../ui/form.module.css'
import styles from './documents.module.css'

export type PlacedTable = Answered<'GET /dashboards/{id}'>['tiles'][number]['table']

type Props = {
  table: PlacedTable
  /** Absent: this reader does not take it out of where it stands. */
  remove?: { readonly label: string; readonly onRemove: () => void } | undefined
  /** After it was brought back, with what it is then. */
  onRestored?: ((state: PlacedTable['state']) => void) | undefined
}

/** What stands where a table has no rows to show, and what its reader can do about that. */
export function PlacedState({ table, remove, onRestored }: Props) {
  const { mayWrite } = useReader()
  const change = useTableChange()
  const params = { id: table.tableId }
  const restore = async () => {
    const { state } = await call('POST /tables/{id}/restore', { params })
    onRestored?.(state)
  }
  const gone = table.state === 'deleted'
  return (
    <div className={styles.placed}>
      <p>{WORDS[table.state]}</p>
      {table.issues?.map(({ message }) => (
        <p key={message}>{message}</p>
      ))}
      <div className={forms.actions}>
        {gone && mayWrite && table.access === 'own' && (
          <Button disabled={change.isPending} onClick={() => change.mutate(restore)}>
            Restore the table
          </Button>
        )}
        {gone && remove && (
          <Button kind="quiet" onClick={remove.onRemove}>
            {remove.label}
          </Button>
        )}
        {table.state === 'broken' && (
          <Link to="/tables/$id" params={params} className={buttonClass('outline')}>
            Open the table
          </Link>
        )}
      </div>
      <Failed error={change.error} />
    </div>
  )
}

const WORDS: Readonly<Record<PlacedTable['state'], string>> = {
  ok: '',
  hidden: 'It uses columns that your role may not see.',
  broken: 'It no longer fits the catalog.',
  deleted: 'This table was deleted.',
  not_shared: 'This table is not shared with you. Ask its owner.',
}

/** What a placed table is called where it has no title of its own. */
export function placedName({ name, state }: PlacedTable): string {
  return name ?? (state === 'not_shared' ? 'A table not shared with you' : 'Table')
}
