import { whenText } from '../api/locale.ts'
import { useSession } from '../api/session.ts'
import type { Delivery } from '../schedules/subject.ts'
import { Icon } from '../ui/Icon.tsx'
import { asSentence } from '../ui/words.ts'
import styles from './deliveries.module.css'
import { stateWords } from './states.ts'

export { isUnderWay } from './states.ts'

/** The state as a mark with its word. */
export function StateMark({ state }: { state: Delivery['state'] }) {
  const { label, icon, tone } = stateWords[state]
  return (
    <span className={`${styles.mark} ${styles[tone]}`}>
      <Icon name={icon} size={16} />
      {label}
    </span>
  )
}

/** The state, why, and where to look further. */
export function StateLine({ delivery }: { delivery: Delivery }) {
  const { id, state, reason, answer, attempts, nextAttemptAt } = delivery
  const { data: session } = useSession()
  const admin = session?.organization?.role === 'admin'
  const again = state === 'queued' && attempts > 0 && nextAttemptAt !== null
  return (
    <>
      <StateMark state={state} />
      {reason && <span className={styles.reason}>{asSentence(reason)}</span>}
      {again && <span className={styles.reason}>Tried again at {whenText(nextAttemptAt)}.</span>}
      {state === 'outbox' && admin && (
        <span className={styles.reason}>
          <a href={`/outbox/${encodeURIComponent(id)}`}>Look at the mail</a>
        </span>
      )}
      {state === 'unknown' && !reason && (
        <span className={styles.reason}>The connection was lost before the mail server said whether it took it.</span>
      )}
      {answer && state !== 'sent' && !reason?.includes(answer) && (
        <span className={styles.answer}>The mail server said: {answer}</span>
      )}
    </>
  )
}
