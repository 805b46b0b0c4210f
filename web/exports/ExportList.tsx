import { useMutation, useQuery } from '@tanstack/react-query'
import { type Answered, call } from '../api/call.ts'
import { follow, formatNames } from '../api/download.ts'
import { asFailure } from '../api/failure.ts'
import { readerLocale, whenText } from '../api/locale.ts'
import { queryClient } from '../api/query-client.ts'
import { useSession } from '../api/session.ts'
import marks from '../deliveries/deliveries.module.css'
import { TableName } from '../library/TableName.tsx'
import { Button } from '../ui/Button.tsx'
import { Failed } from '../ui/Failed.tsx'
import { Icon } from '../ui/Icon.tsx'
import { Nothing } from '../ui/Nothing.tsx'
import styles from './exports.module.css'

type Export = Answered<'GET /exports'>['exports'][number]
const STATES = {
  queued: { label: 'Waiting', icon: 'clock', tone: 'open' },
  running: { label: 'Being made', icon: 'clock', tone: 'open' },
  done: { label: 'Ready', icon: 'check', tone: 'good' },
  failed: { label: 'Failed', icon: 'cross', tone: 'bad' },
  cancelled: { label: 'Cancelled', icon: 'skip', tone: 'calm' },
} as const satisfies Record<Export['state'], unknown>
const FORMATS: Readonly<Record<string, string>> = formatNames
const POLL_MS = 1500

const isOpen = ({ state }: Export): boolean => state === 'queued' || state === 'running'

/** One's own files made in the background, of one table or of all; looks again by itself while one is being made. */
export function ExportList({ of, whenEmpty }: { of?: string; whenEmpty?: string }) {
  const { data: session } = useSession()
  const list = useQuery({
    queryKey: ['exports', session?.organization?.id, session?.person?.id],
    enabled: session?.person != null,
    queryFn: ({ signal }) => call('GET /exports', { signal }),
    refetchInterval: ({ state }) => (state.data?.exports.some(isOpen) ? POLL_MS : false),
  })
  const shown = list.data?.exports.filter(({ subjectId }) => of === undefined || subjectId === of)
  return (
    <>
      {list.isLoading && whenEmpty && <p role="status">Looking for your files…</p>}
      {list.error && (
        <Failed error={list.error}>
          <Button onClick={() => void list.refetch()}>Try again</Button>
        </Failed>
      )}
      {shown?.length === 0 && whenEmpty && (
        <Nothing title="No files yet.">
          <p>{whenEmpty}</p>
        </Nothing>
      )}
      {shown && shown.length > 0 && (
        <ul className={styles.list} aria-label="Files made in the background">
          {shown.map((one) => (
            <Item key={one.id} item={one} named={of === undefined} />
          ))}
        </ul>
      )}
    </>
  )
}

function Item({ item, named }: { item: Export; named: boolean }) {
  const { id, state, reason, rowCount, format, createdAt } = item
  const params = { id }
  const { label, icon, tone } = STATES[state]
  const cancel = useMutation({
    mutationFn: () => call('DELETE /exports/{id}', { params }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['exports'] }),
  })
  // Each look makes a link of its own, so it is asked for only when it is wanted.
  const fetchFile = useMutation({
    mutationFn: async () => {
      const { link } = await call('GET /exports/{id}', { params })
      if (link !== undefined) follow(link)
      return link
    },
  })
  const error = cancel.error ?? fetchFile.error
  const gone = fetchFile.isSuccess && fetchFile.data === undefined
  const rows = rowCount === 1 ? '1 row' : `${rowCount.toLocaleString(readerLocale)} rows`
  const file = FORMATS[format] ?? format
  return (
    <li className={styles.item}>
      <div className={styles.text}>
        {named && <TableName id={item.subjectId} className={styles.name} />}
        <span className={styles.head}>
          <span className={`${marks.mark} ${marks[tone]}`}>
            <Icon name={icon} size={16} />
            {label}
          </span>{' '}
          <span>
            {file}, {whenText(createdAt)}
          </span>
        </span>
        {isOpen(item) && (
          <>
            <progress className={styles.progress} aria-label={`${file} being made`} />
            <span className={marks.reason}>{state === 'queued' ? 'A worker will begin soon' : `${rows} so far`}</span>
          </>
        )}
        {state === 'done' && <span className={marks.reason}>{rows}</span>}
        {reason && <span className={marks.reason}>{reason}</span>}
        {gone && <span className={marks.reason}>Its seven days are over: the file is no longer kept.</span>}
        {error && <span className={styles.problem}>{asFailure(error).message}</span>}
      </div>
      {isOpen(item) && (
        <Button disabled={cancel.isPending} onClick={() => cancel.mutate()} aria-label={`Cancel the ${file} file`}>
          Cancel
        </Button>
      )}
      {state === 'done' && (
        <Button
          disabled={fetchFile.isPending}
          onClick={() => fetchFile.mutate()}
          aria-label={`Fetch file: ${file}, ${whenText(createdAt)}`}
        >
          Fetch file
        </Button>
      )}
    </li>
  )
}
