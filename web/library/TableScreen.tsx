import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { call } from '../api/call.ts'
import { useReader, useSession } from '../api/session.ts'
import { MeaningLine } from '../ask/Meanings.tsx'
import { SubjectDeliveries } from '../deliveries/SubjectDeliveries.tsx'
import type { State } from '../deliveries/states.ts'
import documents from '../documents/documents.module.css'
import { ofTable } from '../schedules/subject.ts'
import { SignIn } from '../session/SignIn.tsx'
import { Button } from '../ui/Button.tsx'
import { Failed } from '../ui/Failed.tsx'
import { Icon } from '../ui/Icon.tsx'
import { Notice } from '../ui/Notice.tsx'
import { NotLoaded } from '../ui/NotLoaded.tsx'
import { KeptPart, Tabs } from '../ui/Tabs.tsx'
import { useTitle } from '../ui/useTitle.ts'
import { longName } from '../ui/words.ts'
import { History } from './History.tsx'
import styles from './library.module.css'
import { TableActions } from './TableActions.tsx'
import { TableRows } from './TableRows.tsx'
import { useTableRows } from './useTableRows.ts'

/** One saved table: what it is, its rows, and what can be done with it. */
export function TableScreen() {
  const { id } = useParams({ from: '/tables/$id' })
  const { show, schedule, state } = useSearch({ from: '/tables/$id' })
  const { data: session } = useSession()
  const person = session?.person?.id
  const reader = useReader()
  const table = useQuery({
    queryKey: ['table', ...reader.key, id],
    enabled: person !== undefined,
    retry: false,
    queryFn: () => call('GET /tables/{id}', { params: { id } }),
  })
  const readable = (table.data?.state === 'ok' || table.data?.state === 'broken') && table.data.deletedAt === null
  const rows = useTableRows(id, reader.key, readable)
  // A broken table that never ran has no rows; why is said already.
  const found = table.error ? undefined : table.data
  useTitle(found?.name)
  const navigate = useNavigate()
  const showState = (next: State | undefined) =>
    void navigate({
      ...{ to: '/tables/$id', params: { id }, replace: true, resetScroll: false },
      search: { show: 'deliveries', ...(next && { state: next }) },
    })
  const tab = (part: typeof show, label: string) => (
    <Link
      to="/tables/$id"
      params={{ id }}
      search={{
        ...(schedule && { schedule }),
        ...(part && { show: part }),
        ...(part === 'deliveries' && state && { state }),
      }}
      activeOptions={{ exact: true }}
      resetScroll={false}
    >
      {label}
    </Link>
  )
  return (
    <div className={documents.page}>
      <p className={documents.back}>
        <Link to="/tables">
          <Icon name="arrowLeft" size={16} />
          All tables
        </Link>
      </p>
      {session?.person === null && (
        <>
          <h1>Sign in to open this table</h1>
          <SignIn />
        </>
      )}
      {table.isLoading && <p role="status">Opening the table…</p>}
      {table.error && (
        <NotLoaded error={table.error} one="table" onRetry={() => void table.refetch()}>
          <p>
            <Link to="/deleted">See what was deleted</Link>, or <Link to="/">ask for a table</Link>.
          </p>
        </NotLoaded>
      )}
      {found && (
        <>
          <div className={documents.titles}>
            <h1 className={styles.name} data-long={longName(found.name) && true}>
              {found.name}
            </h1>
            {found.sentence && <p className={styles.sentence}>{found.sentence}</p>}
            {found.definition && <MeaningLine definition={found.definition} />}
            {found.description && <p className={styles.description}>{found.description}</p>}
          </div>
          {found.state === 'hidden' && <Notice tone="warn" title="It uses columns that your role may not see" />}
          {found.state === 'broken' && (
            <Notice tone="warn" title="It no longer fits the catalog">
              <ul>
                {found.issues?.map(({ message }) => (
                  <li key={message}>{message}</li>
                ))}
              </ul>
              {rows.first?.stale && <p>These are its last good rows, from before the catalog changed.</p>}
            </Notice>
          )}
          <TableActions key={found.id} table={found} />
          {found.deletedAt === null && (
            <>
              <Tabs label="Parts of this table">
                {tab(undefined, 'Rows')}
                {tab('deliveries', 'Deliveries')}
                {tab('history', 'Version history')}
              </Tabs>
              <KeptPart shown={show === undefined} className={styles.part}>
                {rows.isLoading && <p role="status">Reading the rows…</p>}
                {rows.error && found.state !== 'broken' && (
                  <Failed error={rows.error}>
                    <Button onClick={rows.again}>Try again</Button>
                  </Failed>
                )}
                <TableRows table={found} rows={rows} />
              </KeptPart>
              {show === 'deliveries' && (
                <SubjectDeliveries subject={ofTable(found)} state={state} onState={showState} />
              )}
              {show === 'history' && <History table={found} />}
            </>
          )}
        </>
      )}
    </div>
  )
}
