import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { type Answered, call } from '../api/call.ts'
import { readerLocale } from '../api/locale.ts'
import { useReader } from '../api/session.ts'
import documents from '../documents/documents.module.css'
import { SignIn } from '../session/SignIn.tsx'
import { Button, buttonClass } from '../ui/Button.tsx'
import { Failed } from '../ui/Failed.tsx'
import forms from '../ui/form.module.css'
import { Icon } from '../ui/Icon.tsx'
import lists from '../ui/list.module.css'
import { Nothing } from '../ui/Nothing.tsx'
import { Segments } from '../ui/Segments.tsx'
import { useFind } from '../ui/useFind.ts'
import { useTitle } from '../ui/useTitle.ts'
import { longName } from '../ui/words.ts'
import { type LibrarySearch, sortWords } from './search.ts'
import { visibilityWords } from './visibility.ts'

const SHOWN: readonly { value: LibrarySearch['show']; label: string }[] = [
  { value: undefined, label: 'All' },
  { value: 'mine', label: 'Mine' },
  { value: 'mailed', label: 'Mailed' },
]

/** Every table that one sees; what is looked for and in which order stands in the address. */
export function LibraryScreen() {
  useTitle('Tables')
  const { key, signedIn, signedOut, mayWrite } = useReader()
  const search = useSearch({ from: '/tables' })
  const { find = '', show, sort } = search
  const navigate = useNavigate()
  const go = (change: { [K in keyof LibrarySearch]?: LibrarySearch[K] | undefined }, replace = false) => {
    const next = Object.entries({ ...search, ...change }).filter(([, value]) => value !== undefined && value !== '')
    void navigate({ to: '/tables', search: Object.fromEntries(next), replace })
  }
  const typed = useFind(find, (words) => go({ find: words }, true))
  const list = useInfiniteQuery({
    queryKey: ['tables', ...key, find, show, sort],
    enabled: signedIn,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) => {
      const query = {
        ...(find && { search: find }),
        ...(show === 'mine' && { owner: 'me' }),
        ...(show === 'mailed' && { scheduled: 'true' as const }),
        ...(sort && { sort }),
        ...(cursor && { cursor }),
      }
      return call('GET /tables', { query, signal })
    },
    getNextPageParam: (page) => page.nextCursor,
  })
  const tables = list.data?.pages.flatMap((page) => page.tables)
  const filtered = find !== '' || show !== undefined
  return (
    <div className={documents.page}>
      <header className={documents.head}>
        <div className={documents.titles}>
          <h1>Tables</h1>
          <p className={forms.about}>
            What you saved, and what others share with you.{' '}
            {signedIn && mayWrite && <Link to="/deleted">What was deleted</Link>}
          </p>
        </div>
        {mayWrite && (
          <Link to="/" className={buttonClass('primary')}>
            Ask for a table
          </Link>
        )}
      </header>
      {signedOut && (
        <>
          <p>Sign in to see your tables.</p>
          <SignIn />
        </>
      )}
      {signedIn && (filtered || tables === undefined || tables.length > 0) && (
        <div className={lists.bar}>
          <input
            className={`${forms.input} ${lists.find}`}
            type="search"
            aria-label="Search tables"
            placeholder="Search"
            {...typed}
          />
          <Segments legend="Which tables" options={SHOWN} value={show} onChange={(one) => go({ show: one })} />
          <select
            className={`${forms.input} ${lists.sort}`}
            aria-label="Order"
            value={sort ?? 'updated'}
            onChange={({ target }) =>
              go({ sort: target.value === 'updated' ? undefined : (target.value as LibrarySearch['sort']) })
            }
          >
            {Object.entries(sortWords).map(([id, words]) => (
              <option key={id} value={id}>
                {words}
              </option>
            ))}
          </select>
        </div>
      )}
      {list.isLoading && <p role="status">Looking for your tables…</p>}
      {list.error && (
        <Failed error={list.error}>
          <Button onClick={() => void list.refetch()}>Try again</Button>
        </Failed>
      )}
      {tables?.length === 0 &&
        (filtered ? (
          <Nothing title={find ? 'No table has these words.' : 'None of the tables is like this.'}>
            <Button onClick={() => go({ find: undefined, show: undefined })}>Show all tables</Button>
          </Nothing>
        ) : (
          <Nothing title="No tables yet.">
            {mayWrite ? (
              <p>
                <Link to="/">Ask for one</Link> in plain words, or <Link to="/build">build it</Link>, and save it.
              </p>
            ) : (
              <p>
                What others share with you stands here. You can <Link to="/">ask for one</Link> in plain words.
              </p>
            )}
          </Nothing>
        ))}
      <ul className={lists.list}>
        {tables?.map((table) => (
          <TableLine key={table.id} table={table} mine={table.owner.id === key[1]} />
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

function TableLine({ table, mine }: { table: Answered<'GET /tables'>['tables'][number]; mine: boolean }) {
  const { id, name, description, owner, visibility, updatedAt, nextScheduledRun, destinations } = table
  return (
    <li className={lists.row}>
      <div className={lists.what}>
        <Link to="/tables/$id" params={{ id }} className={lists.name} title={longName(name)}>
          {name}
        </Link>
        {description && <span className={lists.about}>{description}</span>}
        {(nextScheduledRun || destinations.length > 0) && (
          <span className={lists.tags}>
            {nextScheduledRun && (
              <span className={lists.tag}>
                <Icon name="mail" size={14} /> Mailed
              </span>
            )}
            {[...new Set(destinations.map(({ type }) => type))].map((type) => (
              <span key={type} className={lists.tag}>
                {placeWords[type]}
              </span>
            ))}
          </span>
        )}
      </div>
      <span className={lists.who}>
        <span>{mine ? visibilityWords[visibility] : `Shared by ${owner.name}`}</span>
        <time dateTime={updatedAt}>
          {new Date(updatedAt).toLocaleDateString(readerLocale, { dateStyle: 'medium' })}
        </time>
      </span>
    </li>
  )
}

const placeWords = { dashboard: 'On a dashboard', view: 'In the navigation', report: 'In a report' } as const
