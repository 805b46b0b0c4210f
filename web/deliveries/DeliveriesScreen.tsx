import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { call } from '../api/call.ts'
import { useSession } from '../api/session.ts'
import { MailPage } from '../schedules/MailPage.tsx'
import { Button } from '../ui/Button.tsx'
import { Failed } from '../ui/Failed.tsx'
import forms from '../ui/form.module.css'
import { Nothing } from '../ui/Nothing.tsx'
import { Notice } from '../ui/Notice.tsx'
import { DeliveryList } from './DeliveryList.tsx'
import styles from './deliveries.module.css'
import { StateFilter } from './StateFilter.tsx'
import type { DeliverySearch } from './search.ts'
import { isUnderWay } from './states.ts'

const PERIODS = { 1: 'The last day', 7: 'The last week', 30: 'The last 30 days', 90: 'The last 90 days', 400: 'All' }
const DAYS = 30
const POLL_MS = 5000

/** Every mail of the organization, for its admins; the filters stand in the address. */
export function DeliveriesScreen() {
  const { data: session } = useSession()
  return (
    <MailPage title="Deliveries" signedOut="Sign in to see what was mailed.">
      {session?.organization?.role === 'admin' ? (
        <AllDeliveries />
      ) : (
        <p>
          The list of all mails is for admins. What was mailed of a table stands on its page; see{' '}
          <Link to="/schedules">the schedules</Link>.
        </p>
      )}
    </MailPage>
  )
}

function AllDeliveries() {
  const { data: session } = useSession()
  const navigate = useNavigate()
  const { state, days = DAYS, subject } = useSearch({ from: '/deliveries' })
  const show = (more: { [K in keyof DeliverySearch]?: DeliverySearch[K] | undefined }) => {
    const next = { state, days, subject, ...more }
    const search: DeliverySearch = {
      ...(next.state && { state: next.state }),
      ...(next.days !== DAYS && next.days !== undefined && { days: next.days }),
      ...(next.subject && { subject: next.subject }),
    }
    void navigate({ to: '/deliveries', search, replace: true })
  }
  const list = useInfiniteQuery({
    queryKey: ['deliveries', session?.organization?.id, session?.person?.id, 'all', state, days, subject],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) => {
      const query = { days, ...(state && { state }), ...(subject && { subject }), ...(cursor && { cursor }) }
      return call('GET /deliveries', { query, signal })
    },
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: ({ state: { data } }) =>
      data?.pages.some((page) => page.deliveries.some(isUnderWay)) ? POLL_MS : false,
  })
  const counts = list.data?.pages[0]?.states
  const lines = list.data?.pages.flatMap((page) => page.deliveries)
  const named = subject === undefined ? undefined : lines?.find(({ subjectId }) => subjectId === subject)?.subjectName
  const kept = counts?.outbox ?? 0
  const filtered = state !== undefined || subject !== undefined
  return (
    <>
      <div className={styles.filters}>
        <StateFilter value={state} counts={counts} onChange={(next) => show({ state: next })} />
        <label className={`${forms.field} ${styles.filter}`}>
          Period
          <select className={forms.input} value={days} onChange={({ target }) => show({ days: Number(target.value) })}>
            {!(days in PERIODS) && <option value={days}>The last {days} days</option>}
            {Object.entries(PERIODS).map(([id, label]) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </select>
        </label>
        {subject !== undefined && (
          <p className={styles.only}>
            Only {named ? `“${named}”` : 'one table or report'}{' '}
            <Button kind="quiet" onClick={() => show({ subject: undefined })}>
              Show all
            </Button>
          </p>
        )}
      </div>
      {list.isLoading && <p role="status">Reading the history…</p>}
      {list.error && (
        <Failed error={list.error}>
          <Button onClick={() => void list.refetch()}>Try again</Button>
        </Failed>
      )}
      {kept > 0 && (
        <Notice
          tone="warn"
          title={kept === 1 ? 'One mail was kept in place of mailed' : `${kept} mails were kept in place of mailed`}
        >
          <p>
            No mail server was configured (SMTP_URL). The latest are in <a href="/outbox">the outbox</a>.
          </p>
        </Notice>
      )}
      {lines?.length === 0 && (
        <Nothing title={filtered ? 'No mail fits these filters.' : 'Nothing was mailed in this time.'}>
          {!filtered && (
            <p>
              <Link to="/schedules">See what is scheduled</Link>
            </p>
          )}
        </Nothing>
      )}
      {lines && lines.length > 0 && <DeliveryList lines={lines} mayMail label="Deliveries" />}
      {list.hasNextPage && (
        <div>
          <Button disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Earlier ones
          </Button>
        </div>
      )}
    </>
  )
}
