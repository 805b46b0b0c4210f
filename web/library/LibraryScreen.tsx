import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useDeferredValue, useState } from 'react'
import { call } from '../api/call.ts'
import { asFailure } from '../api/failure.ts'
import { readerLocale } from '../api/locale.ts'
import { useReader, useSession } from '../api/session.ts'
import { SignIn } from '../session/SignIn.tsx'
import { Button } from '../ui/Button.tsx'
import forms from '../ui/form.module.css'
import { Notice } from '../ui/Notice.tsx'
import styles from './library.module.css'
import { visibilityWords } from './visibility.ts'

/** Every table that one sees, the newest first. */
export function LibraryScreen() {
  const { data: session } = useSession()
  const [search, setSearch] = useState('')
  const [mine, setMine] = useState(false)
  const words = useDeferredValue(search.trim())
  const person = session?.person?.id
  const reader = useReader()
  const list = useInfiniteQuery({
    queryKey: ['tables', ...reader.key, words, mine],
    enabled: person !== undefined,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) => {
      const query = { ...(words && { search: words }), ...(mine && { owner: 'me' }), ...(cursor && { cursor }) }
      return call('GET /tables', { query, signal })
    },
    getNextPageParam: (page) => page.nextCursor,
  })
  const tables = list.data?.pages.flatMap((page) => page.tables)
  return (
    <div className={styles.page}>
      <h1>Tables</h1>
      {session?.person === null && (
        <>
          <p>Sign in to see your tables.</p>
          <SignIn />
        </>
      )}
      {session?.person && (
        <div className={styles.bar}>
          <input
            className={forms.input}
            type="search"
            aria-label="Search tables"
            placeholder="Search"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
          <Button aria-pressed={!mine} kind={mine ? 'quiet' : 'outline'} onClick={() => setMine(false)}>
            All
          </Button>
          <Button aria-pressed={mine} kind={mine ? 'outline' : 'quiet'} onClick={() => setMine(true)}>
            Mine
          </Button>
          <Link to="/schedules" className={styles.aside}>
            Schedules
          </Link>
        </div>
      )}
      {list.isLoading && <p role="status">Looking for your tables…</p>}
      {list.error && (
        <Notice tone="danger" title={asFailure(list.error).message}>
          <Button onClick={() => void list.refetch()}>Try again</Button>
        </Notice>
      )}
      {tables?.length === 0 && (
        <p>
          {words ? 'No table has these words.' : 'No tables yet.'} <Link to="/">Ask for one</Link> and save it.
        </p>
      )}
      <ul className={styles.list}>
        {tables?.map(({ id, name, owner, visibility, updatedAt }) => (
          <li key={id}>
            <Link to="/tables/$id" params={{ id }}>
              {name}
            </Link>
            <span className={forms.about}>
              {owner.name} · {owner.id === person ? visibilityWords[visibility] : 'Shared with you'} ·{' '}
              {new Date(updatedAt).toLocaleDateString(readerLocale, { dateStyle: 'medium' })}
            </span>
          </li>
        ))}
      </ul>
      {list.hasNextPage && <Button onClick={() => void list.fetchNextPage()}>More</Button>}
    </div>
  )
}
