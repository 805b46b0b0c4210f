import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { type Answered, call } from '../api/call.ts'
import { asFailure } from '../api/failure.ts'
import { whenText } from '../api/locale.ts'
import { useOptimistic } from '../api/optimistic.ts'
import { useReader, useSession } from '../api/session.ts'
import { SubjectDeliveries } from '../deliveries/SubjectDeliveries.tsx'
import type { State } from '../deliveries/states.ts'
import { stateWords } from '../deliveries/states.ts'
import { Button } from '../ui/Button.tsx'
import { Failed } from '../ui/Failed.tsx'
import forms from '../ui/form.module.css'
import { Icon } from '../ui/Icon.tsx'
import { Nothing } from '../ui/Nothing.tsx'
import { Notice } from '../ui/Notice.tsx'
import { MailPage } from './MailPage.tsx'
import { ScheduleDialog } from './ScheduleDialog.tsx'
import styles from './schedules.module.css'
import { KINDS, ofReport, ofTable, type Subject, saveSchedule } from './subject.ts'
import { aheadText } from './when.ts'

const PAGE = 20

/** Everything that is mailed by itself and that one sees: when next, and the way to stop it for a while. */
export function SchedulesScreen() {
  return (
    <MailPage title="Schedules" signedOut="Sign in to see what is mailed.">
      <Schedules />
    </MailPage>
  )
}

function Schedules() {
  const { data: session } = useSession()
  const who = [session?.organization?.id, session?.person?.id]
  const tables = useInfiniteQuery({
    queryKey: ['tables', ...who, 'scheduled'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      call('GET /tables', { query: { scheduled: 'true', limit: PAGE, ...(cursor && { cursor }) }, signal }),
    getNextPageParam: (page) => page.nextCursor,
  })
  const reports = useInfiniteQuery({
    queryKey: ['reports', ...who, 'scheduled'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      call('GET /reports', { query: { scheduled: 'true', limit: PAGE, ...(cursor && { cursor }) }, signal }),
    getNextPageParam: (page) => page.nextCursor,
  })
  const tableList = tables.data?.pages.flatMap((page) => page.tables) ?? []
  const reportList = reports.data?.pages.flatMap((page) => page.reports) ?? []
  const failed = [tables, reports].filter(({ error }) => error !== null)
  const loaded = tables.data !== undefined && reports.data !== undefined
  return (
    <>
      {(tables.isLoading || reports.isLoading) && <p role="status">Looking for schedules…</p>}
      {failed.map(({ error, refetch }) => (
        <Notice key={asFailure(error).message} tone="danger" title={asFailure(error).message}>
          <Button onClick={() => void refetch()}>Try again</Button>
        </Notice>
      ))}
      {loaded && tableList.length + reportList.length === 0 && (
        <Nothing title="Nothing is scheduled yet.">
          <p>
            Open <Link to="/tables">a table</Link> and choose Schedule to have it mailed.
          </p>
        </Nothing>
      )}
      {tableList.length > 0 && (
        <ul className={styles.list} aria-label="Scheduled tables">
          {tableList.map(({ id, name }) => (
            <TableRow key={id} id={id} name={name} />
          ))}
        </ul>
      )}
      {reportList.length > 0 && (
        <>
          <h2>Reports</h2>
          <ul className={styles.list} aria-label="Scheduled reports">
            {reportList.map(({ id, name }) => (
              <ReportRow key={id} id={id} name={name} />
            ))}
          </ul>
        </>
      )}
      {(tables.hasNextPage || reports.hasNextPage) && (
        <div>
          <Button
            disabled={tables.isFetchingNextPage || reports.isFetchingNextPage}
            onClick={() => {
              if (tables.hasNextPage) void tables.fetchNextPage()
              if (reports.hasNextPage) void reports.fetchNextPage()
            }}
          >
            More
          </Button>
        </div>
      )}
    </>
  )
}

type RowProps = { id: string; name: string }

function TableRow({ id, name }: RowProps) {
  const { key } = useReader()
  const { data, error } = useQuery({
    queryKey: ['table', ...key, id],
    retry: false,
    queryFn: () => call('GET /tables/{id}', { params: { id } }),
  })
  const title = (
    <Link to="/tables/$id" params={{ id }} className={styles.name}>
      {name}
    </Link>
  )
  if (data === undefined) return <Unread title={title} error={error} />
  return <Row title={title} subject={ofTable(data)} last={data.lastDelivery} />
}

function ReportRow({ id, name }: RowProps) {
  const { data: session } = useSession()
  const { data, error } = useQuery({
    queryKey: ['report', session?.organization?.id, session?.person?.id, id],
    retry: false,
    queryFn: () => call('GET /reports/{id}', { params: { id } }),
  })
  const title = <span className={styles.name}>{name}</span>
  return data === undefined ? <Unread title={title} error={error} /> : <Row title={title} subject={ofReport(data)} />
}

function Unread({ title, error }: { title: React.ReactNode; error: unknown }) {
  return (
    <li className={styles.item}>
      <div className={styles.itemText}>
        {title}
        <span className={error ? styles.problem : forms.about}>{error ? asFailure(error).message : 'Reading…'}</span>
      </div>
    </li>
  )
}

type Last = Answered<'GET /tables/{id}'>['lastDelivery']

function Row({ title, subject, last = null }: { title: React.ReactNode; subject: Subject; last?: Last }) {
  const { data: session } = useSession()
  const { mayWrite } = useReader()
  const [open, setOpen] = useState(false)
  const [history, setHistory] = useState(false)
  const [only, setOnly] = useState<State>()
  const { scheduleConfig: config, nextScheduledRun: next, schedule } = subject
  const pause = useOptimistic({ kinds: KINDS, id: subject.id, version: subject.version })
  const me = session?.person?.id
  // It was unscheduled since the list was read.
  if (config === null) return null
  const setPaused = (paused: boolean) => {
    const changed = { ...config, paused }
    pause.mutate({
      // When it comes next is the server's to say.
      patch: { scheduleConfig: changed, nextScheduledRun: null },
      run: (version) => saveSchedule({ ...subject, version }, changed),
      failed: `“${subject.name}” is ${paused ? 'not paused' : 'still paused'}`,
    })
  }
  const states = Object.entries(last?.states ?? {}) as [keyof typeof stateWords, number][]
  const troubled = states.some(([state]) => state === 'failed' || state === 'unknown')
  return (
    <li className={styles.item}>
      <div className={styles.itemText}>
        {title}
        <span>{schedule}</span>
        {last && (
          <span className={troubled ? styles.problem : forms.about}>
            Latest {whenText(last.occurrence)}:{' '}
            {states.map(([state, many]) => `${many} ${stateWords[state].label.toLowerCase()}`).join(', ')}
          </span>
        )}
        {pause.error && (
          <Failed error={pause.error}>
            <p>{config.paused ? 'It is still paused.' : 'It is not paused, and is mailed as before.'}</p>
          </Failed>
        )}
      </div>
      <p className={styles.next}>
        {config.paused ? (
          <span className={styles.paused}>
            <Icon name="pause" size={16} /> Paused
          </span>
        ) : pause.isPending && next === null ? (
          <span>Resumed</span>
        ) : next === null ? (
          <span className={styles.paused}>
            <Icon name="stop" size={16} /> Has ended
          </span>
        ) : (
          <>
            <strong>{aheadText(next, config.timezone, new Date())}</strong>
            <span>{whenText(next)}</span>
          </>
        )}
      </p>
      <div className={styles.itemActions}>
        <Button
          kind="quiet"
          aria-expanded={history}
          aria-label={`History of ${subject.name}`}
          onClick={() => setHistory(!history)}
        >
          History
        </Button>
        {subject.access !== 'view' && mayWrite && (
          <>
            {(config.paused || next !== null || pause.isPending) && (
              <Button
                onClick={() => setPaused(!config.paused)}
                aria-label={`${config.paused ? 'Resume' : 'Pause'} ${subject.name}`}
              >
                {config.paused ? 'Resume' : 'Pause'}
              </Button>
            )}
            <Button onClick={() => setOpen(true)} aria-label={`Edit the schedule of ${subject.name}`}>
              Edit
            </Button>
          </>
        )}
      </div>
      {history && (
        <div className={styles.history}>
          <SubjectDeliveries subject={subject} state={only} onState={setOnly} />
        </div>
      )}
      {open && me !== undefined && <ScheduleDialog subject={subject} me={me} onClose={() => setOpen(false)} />}
    </li>
  )
}
