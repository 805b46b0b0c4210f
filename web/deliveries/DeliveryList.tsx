import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { readerLocale, whenText } from '../api/locale.ts'
import { type Delivery, kindOf, mail, newKey, refreshSubjects } from '../schedules/subject.ts'
import { Button } from '../ui/Button.tsx'
import { Failed } from '../ui/Failed.tsx'
import styles from './deliveries.module.css'
import { StateLine } from './StateLine.tsx'
import { kindWords } from './states.ts'

export type Line = Delivery & { readonly subjectId: string; readonly subjectName?: string | null }

/** Mails, each with what became of it, and what can be done about it. */
export function DeliveryList({ lines, mayMail, label }: { lines: readonly Line[]; mayMail: boolean; label: string }) {
  return (
    <ul className={styles.list} aria-label={label}>
      {lines.map((line) => (
        <li key={line.id} className={styles.item}>
          <div className={styles.about}>
            <span className={styles.who}>{line.recipient}</span>
            {line.subjectName !== undefined && <Subject line={line} />}
            <span className={styles.small}>
              {kindWords[line.kind]} · <time dateTime={line.occurrence}>{whenText(line.occurrence)}</time>
              {line.missed > 0 && ` · stands for ${line.missed} earlier`}
              {line.rowCount !== null && ` · ${rowsText(line.rowCount)}`}
              {line.attempts > 1 && ` · ${line.attempts} attempts`}
            </span>
          </div>
          <div className={styles.state}>
            <StateLine delivery={line} />
          </div>
          <div className={styles.act}>{mayMail && <Actions line={line} />}</div>
        </li>
      ))}
    </ul>
  )
}

function Subject({ line: { subjectId: id, subjectName } }: { line: Line }) {
  if (subjectName == null) return <span className={styles.small}>A private {kindOf(id)}</span>
  if (kindOf(id) === 'report') return <span className={styles.subject}>{subjectName} (report)</span>
  return (
    <Link to="/tables/$id" params={{ id }} className={styles.subject}>
      {subjectName}
    </Link>
  )
}

/** Again, for what failed or is not known; out of the queue, for what waits. */
function Actions({ line }: { line: Line }) {
  const { id: deliveryId, state, subjectId, recipient } = line
  const [key, setKey] = useState(newKey)
  const [asking, setAsking] = useState(false)
  const act = useMutation({
    mutationFn: (kind: 'again' | 'skip') => mail({ kind: kindOf(subjectId), id: subjectId }, { kind, deliveryId }, key),
    onSettled: () => {
      setKey(newKey())
      setAsking(false)
      return refreshSubjects()
    },
  })
  return (
    <>
      <Failed error={act.error} />
      {state === 'queued' && (
        <Button
          disabled={act.isPending}
          onClick={() => act.mutate('skip')}
          aria-label={`Skip the mail to ${recipient}`}
        >
          Skip
        </Button>
      )}
      {state === 'failed' && (
        <Button disabled={act.isPending} onClick={() => act.mutate('again')} aria-label={`Send again to ${recipient}`}>
          Send again
        </Button>
      )}
      {state === 'unknown' && !asking && (
        <Button onClick={() => setAsking(true)} aria-label={`Send again… to ${recipient}`}>
          Send again…
        </Button>
      )}
      {state === 'unknown' && asking && (
        <>
          <span className={styles.small}>It may arrive twice.</span>
          <Button kind="primary" disabled={act.isPending} onClick={() => act.mutate('again')}>
            Send again
          </Button>
          <Button kind="quiet" onClick={() => setAsking(false)}>
            Leave it
          </Button>
        </>
      )}
    </>
  )
}

const rowsText = (many: number): string => (many === 1 ? '1 row' : `${many.toLocaleString(readerLocale)} rows`)
