import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type Answered, call } from '../api/call.ts'
import { readerLocale } from '../api/locale.ts'
import { queryClient } from '../api/query-client.ts'
import { useReader } from '../api/session.ts'
import documents from '../documents/documents.module.css'
import { SignIn } from '../session/SignIn.tsx'
import { Button } from '../ui/Button.tsx'
import { Failed } from '../ui/Failed.tsx'
import forms from '../ui/form.module.css'
import lists from '../ui/list.module.css'
import { Nothing } from '../ui/Nothing.tsx'
import { useTitle } from '../ui/useTitle.ts'
import { refreshTables } from './useTableChange.ts'

type Deleted = Answered<'GET /deleted'>['deleted'][number]

/** What was deleted and may be restored, until its time is over. */
export function DeletedScreen() {
  useTitle('Deleted')
  const { key, signedIn, signedOut } = useReader()
  const list = useInfiniteQuery({
    queryKey: ['deleted', ...key],
    enabled: signedIn,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) => call('GET /deleted', { query: cursor ? { cursor } : {}, signal }),
    getNextPageParam: (page) => page.nextCursor,
  })
  const found = list.data?.pages.flatMap(({ deleted }) => deleted)
  return (
    <div className={documents.page}>
      <header className={documents.head}>
        <div className={documents.titles}>
          <h1>Deleted</h1>
          <p className={forms.about}>
            It can be restored until its time is over. <Link to="/tables">Back to the tables</Link>
          </p>
        </div>
      </header>
      {signedOut && (
        <>
          <p>Sign in to see what you deleted.</p>
          <SignIn />
        </>
      )}
      {list.isLoading && <p role="status">Looking for what was deleted…</p>}
      {list.error && (
        <Failed error={list.error}>
          <Button onClick={() => void list.refetch()}>Try again</Button>
        </Failed>
      )}
      {found?.length === 0 && <Nothing title="Nothing is deleted." />}
      <ul className={lists.list}>
        {found?.map((one) => (
          <DeletedLine key={`${one.kind} ${one.id}`} one={one} mine={one.deletedBy?.id === key[1]} />
        ))}
      </ul>
      {list.hasNextPage && (
        <div>
          <Button disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            More
          </Button>
        </div>
      )}
    </div>
  )
}

const kinds = { table: 'Table', dashboard: 'Dashboard', report: 'Report', view: 'View' } as const

function DeletedLine({ one, mine }: { one: Deleted; mine: boolean }) {
  const restore = useMutation({
    mutationFn: () => restored(one),
    onSuccess: async () => {
      await Promise.all([queryClient.invalidateQueries({ queryKey: ['deleted'] }), refreshTables()])
    },
  })
  const day = (text: string) => new Date(text).toLocaleDateString(readerLocale, { dateStyle: 'medium' })
  const who = mine ? 'you' : one.deletedBy?.name
  return (
    <li className={lists.row}>
      <div className={lists.what}>
        <span>{one.name}</span>
        <span className={lists.about}>
          {kinds[one.kind]} · deleted {who ? `by ${who} ` : ''}on {day(one.deletedAt)} · kept until {day(one.keptUntil)}
        </span>
        <Failed error={restore.error} />
      </div>
      <div className={lists.tools}>
        <Button aria-label={`Restore ${one.name}`} disabled={restore.isPending} onClick={() => restore.mutate()}>
          Restore
        </Button>
      </div>
    </li>
  )
}

function restored({ kind, id }: Deleted): Promise<unknown> {
  const params = { id }
  switch (kind) {
    case 'table':
      return call('POST /tables/{id}/restore', { params })
    case 'dashboard':
      return call('POST /dashboards/{id}/restore', { params })
    case 'report':
      return call('POST /reports/{id}/restore', { params })
    case 'view':
      return call('POST /views/{id}/restore', { params })
  }
}
