import { useInfiniteQuery } from '@tanstack/react-query'
import { useReader, useSession } from '../api/session.ts'
import { deliveriesOf, type Subject } from '../schedules/subject.ts'
import { Button } from '../ui/Button.tsx'
import { Failed } from '../ui/Failed.tsx'
import { Nothing } from '../ui/Nothing.tsx'
import { DeliveryList } from './DeliveryList.tsx'
import styles from './deliveries.module.css'
import { StateFilter } from './StateFilter.tsx'
import { isUnderWay, type State } from './states.ts'

const PAGE = 20
const POLL_MS = 3000

type Props = {
  subject: Pick<Subject, 'kind' | 'id' | 'access'>
  /** Only mails of this state. */
  state: State | undefined
  onState: (state: State | undefined) => void
}

/** What was mailed of one table or report; looks again by itself while something is under way. */
export function SubjectDeliveries({ subject, state, onState: setState }: Props) {
  const { data: session } = useSession()
  const { mayWrite } = useReader()
  const list = useInfiniteQuery({
    queryKey: ['deliveries', session?.organization?.id, session?.person?.id, subject.id, state],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      deliveriesOf(subject, { limit: PAGE, ...(state && { state }), ...(cursor && { cursor }) }, signal),
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: ({ state: { data } }) =>
      data?.pages.some((page) => page.deliveries.some(isUnderWay)) ? POLL_MS : false,
  })
  const lines = list.data?.pages.flatMap((page) => page.deliveries.map((one) => ({ ...one, subjectId: subject.id })))
  return (
    <div className={styles.box}>
      {(state !== undefined || (lines?.length ?? 0) > 0) && <StateFilter value={state} onChange={setState} />}
      {list.isLoading && <p role="status">Reading the history…</p>}
      {list.error && (
        <Failed error={list.error}>
          <Button onClick={() => void list.refetch()}>Try again</Button>
        </Failed>
      )}
      {lines?.length === 0 && <Nothing title={state ? 'No mail of this state.' : 'Nothing was mailed yet.'} />}
      {lines && lines.length > 0 && (
        <DeliveryList lines={lines} mayMail={subject.access !== 'view' && mayWrite} label="Deliveries" />
      )}
      {list.hasNextPage && (
        <Button disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Earlier ones
        </Button>
      )}
    </div>
  )
}
