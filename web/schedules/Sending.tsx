import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { asFailure } from '../api/failure.ts'
import { useSession } from '../api/session.ts'
import { isUnderWay, StateLine } from '../deliveries/StateLine.tsx'
import { Button } from '../ui/Button.tsx'
import { Failed } from '../ui/Failed.tsx'
import forms from '../ui/form.module.css'
import type { Draft } from './draft.ts'
import styles from './schedules.module.css'
import { deliveriesOf, type Mailing, mail, newKey, refreshSubjects, type Subject } from './subject.ts'

const POLL_MS = 1500

type Props = { subject: Subject; draft: Draft; changed: boolean; addresses: number | undefined }

/** Mails by hand: to oneself, to see how it looks, or to everybody on the schedule as it is saved. */
export function Sending({ subject, draft, changed, addresses }: Props) {
  const [asking, setAsking] = useState(false)
  const [key, setKey] = useState(newKey)
  const send = useMutation({
    mutationFn: (mailing: Mailing) => mail(subject, mailing, key),
    onSuccess: () => {
      setKey(newKey())
      void refreshSubjects()
    },
  })
  const scheduled = subject.scheduleConfig !== null
  return (
    <section className={styles.sending} aria-label="Mail it now">
      <div className={forms.actions}>
        <Button disabled={send.isPending} onClick={() => send.mutate({ kind: 'test', format: draft.format })}>
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
      {changed && (
        <p className={forms.about}>
          {scheduled
            ? 'A test has the format chosen here; subject and message are those that were saved.'
            : 'A test has the format chosen here; subject and message once they are saved.'}
        </p>
      )}
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
