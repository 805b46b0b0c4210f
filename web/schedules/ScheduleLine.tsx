import { Link } from '@tanstack/react-router'
import type { Answered } from '../api/call.ts'
import { readerTimezone, whenText } from '../api/locale.ts'
import { stateWords } from '../deliveries/states.ts'
import styles from './schedules.module.css'

/** That a table is mailed, when next, and what became of its latest mail. */
export function ScheduleLine({ table }: { table: Answered<'GET /tables/{id}'> }) {
  const { id, schedule, nextScheduledRun, lastDelivery } = table
  if (schedule === null) return null
  const states = Object.entries(lastDelivery?.states ?? {}) as [keyof typeof stateWords, number][]
  return (
    <p className={styles.line}>
      Mailed:{' '}
      <Link to="/tables/$id" params={{ id }} search={{ schedule: true }}>
        {schedule}
      </Link>
      {nextScheduledRun && (
        <>
          {' '}
          · next {whenText(nextScheduledRun)}
          {!schedule.includes(readerTimezone) && ` (${readerTimezone})`}
        </>
      )}
      {lastDelivery && (
        <>
          {' '}
          · latest {whenText(lastDelivery.occurrence)}:{' '}
          {states.map(([state, many]) => `${many} ${stateWords[state].label.toLowerCase()}`).join(', ')}
        </>
      )}
    </p>
  )
}
