import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { asFailure } from '../api/failure.ts'
import { useSession } from '../api/session.ts'
import { wishes } from '../api/wishes.ts'
import { isUnderWay, StateLine } from '../deliveries/StateLine.tsx'
import { Button } from '../ui/Button.tsx'
import { Failed } from '../ui/Failed.tsx'
import forms from '../ui/form.module.css'
import { type Draft, testOf } from './draft.ts'
import styles from './schedules.module.css'
import { deliveriesOf, type Mailing, mail, refreshSubjects, type Subject } from './subject.ts'

const POLL_MS = 1500

type Props = { subject: Subject; draft: Draft; changed: boolean; addresses: number | undefined }

/** Mails by hand: to oneself, to see how it looks, or to everybody on the schedule as it is saved. */
export function Sending({ subject, draft, changed, addresses }: Props) {
  const [asking, setAsking] = useState(false)
  const [wish, setWish] = useState(wishes)
  const send = useMutation({
    mutationFn: (mailing: Mailing) => mail(subject, mailing, wish(JSON.stringify(mailing))),
    onSuccess: () => {
      setWish(wishes)
      void refreshSubjects()
    },
  })
  const scheduled = subject.scheduleConfig !== null
  return (
    <section className={styles.sending} aria-label="Mail it now">
      <div className={forms.actions}>
        <Button disabled={send.isPending} onClick={() => send.mutate({ kind: 'test', ...testOf(draft) })}>
          Send a test to me
        </Button>
        {scheduled && !asking && (
          <Button disabled={send.isPending} onClick={() => setAsking(true)}>
            Send now…
          </Button>
        )}
      </div>
      {asking && (
        <div className={styles.ask}>
          <p>
            Mail it now to everybody on the saved schedule
            {!changed && addresses !== undefined && ` (${addresses === 1 ? '1 address' : `${addresses} addresses`})`}?
          </p>
          <div className={forms.actions}>
            <Button
              kind="primary"
              disabled={send.isPending}
              onClick={() => send.mutate({ kind: 'now' }, { onSettled: () => setAsking(false) })}
            >
              Send to everybody
            </Button>
            <Button kind="quiet" onClick={() => setAsking(false)}>
              Do not send
            </Button>
          </div>
        </div>
      )}
      {changed && <p className={forms.about}>A test is as it stands here, also what is not saved yet.</p>}
      {send.error && (
        <Failed error={send.error}>{asFailure(send.error).fix && <p>{asFailure(send.error).fix}</p>}</Failed>
      )}
      {send.data && <Outcome key={send.data[0]?.id} subject={subject} ids={send.data.map(({ id }) => id)} />}
    </section>
  )
}

/** What becomes of mails that were just put into the queue. */
function Outcome({ subject, ids }: { subject: Subject; ids: readonly string[] }) {
  const { data: session } = useSession()
  const list = useQuery({
    queryKey: ['deliveries', session?.organization?.id, session?.person?.id, subject.id, 'latest'],
    queryFn: ({ signal }) => deliveriesOf(subject, { limit: 200 }, signal),
    refetchInterval: ({ state }) =>
      state.data?.deliveries.some((one) => ids.includes(one.id) && isUnderWay(one)) === false ? false : POLL_MS,
  })
  const mine = list.data?.deliveries.filter(({ id }) => ids.includes(id)) ?? []
  return (
    <ul className={styles.outcome} aria-live="polite" aria-label="What became of it">
      {mine.map((one) => (
        <li key={one.id}>
          <span>{one.recipient}</span> <StateLine delivery={one} />
        </li>
      ))}
    </ul>
  )
}
