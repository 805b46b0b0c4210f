import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useDeferredValue, useState } from 'react'
import { type Answered, call } from '../api/call.ts'
import { useReader } from '../api/session.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { Failed } from '../ui/Failed.tsx'
import forms from '../ui/form.module.css'
import styles from './documents.module.css'

export type PickedTable = Answered<'GET /tables'>['tables'][number]

/** One of the saved tables that one sees. */
export function TablePicker({
  title,
  onPick,
  onClose,
}: {
  title: string
  onPick: (table: PickedTable) => void
  onClose: () => void
}) {
  const { key: scope } = useReader()
  const [search, setSearch] = useState('')
  const words = useDeferredValue(search.trim())
  const list = useInfiniteQuery({
    queryKey: ['tables', ...scope, 'pick', words],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      call('GET /tables', { query: { ...(words && { search: words }), ...(cursor && { cursor }) }, signal }),
    getNextPageParam: (page) => page.nextCursor,
  })
  const tables = list.data?.pages.flatMap((page) => page.tables)
  return (
    <Dialog title={title} onClose={onClose}>
      <div className={forms.form}>
        <input
          className={forms.input}
          type="search"
          aria-label="Search tables"
          placeholder="Search"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        {list.isLoading && <p role="status">Looking for your tables…</p>}
        <Failed error={list.error} />
        {tables?.length === 0 && (
          <p>
            {words ? 'No table has these words.' : 'No tables yet.'} <Link to="/">Ask for one</Link> and save it.
          </p>
        )}
        <ul className={styles.picks}>
          {tables?.map((table) => (
            <li key={table.id}>
              <button type="button" className={forms.person} onClick={() => onPick(table)}>
                <strong>{table.name}</strong>
                <span className={forms.about}>{table.owner.name}</span>
              </button>
            </li>
          ))}
          {list.hasNextPage && (
            <li>
              <Button onClick={() => void list.fetchNextPage()}>More</Button>
            </li>
          )}
        </ul>
        <div className={forms.actions}>
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
