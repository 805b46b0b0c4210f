import { asFailure } from '../api/failure.ts'
import { dismiss, type TakenBack, useTakenBack } from '../api/optimistic.ts'
import { Button } from '../ui/Button.tsx'
import { Notice } from '../ui/Notice.tsx'
import { asSentence } from '../ui/words.ts'
import styles from './TakenBackNotices.module.css'

/** Changes that failed after their screen was left: said on whichever screen one is. */
export function TakenBackNotices() {
  const taken = useTakenBack()
  if (taken.length === 0) return null
  return <div className={styles.notices}>{taken.map(noticeOf)}</div>
}

function noticeOf(one: TakenBack) {
  const { message, fix } = asFailure(one.error)
  return (
    <Notice key={`${one.failed} ${message}`} tone="danger" title={one.failed}>
      <p>
        {asSentence(message)} {fix && asSentence(fix)}
      </p>
      <Button onClick={() => dismiss(one)}>Dismiss</Button>
    </Notice>
  )
}
