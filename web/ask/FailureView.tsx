import type { Failure } from '../api/failure.ts'
import { Button } from '../ui/Button.tsx'
import { Notice } from '../ui/Notice.tsx'
import { asSentence } from '../ui/words.ts'
import styles from './FailureView.module.css'

/** What went wrong, how to mend it, and another try. */
export function FailureView({ failure, onRetry }: { failure: Failure; onRetry: () => void }) {
  return (
    <Notice tone="danger" title={asSentence(failure.message)}>
      {failure.fix !== undefined && <p className={styles.fix}>{asSentence(failure.fix)}</p>}
      {failure.issues !== undefined && failure.issues.length > 0 && (
        <ul className={styles.issues}>
          {failure.issues.map((issue) => (
            <li key={`${issue.code} ${issue.path.join('.')} ${issue.message}`}>
              {issue.message}
              {issue.fix !== undefined && <span className={styles.fix}> {asSentence(issue.fix)}</span>}
            </li>
          ))}
        </ul>
      )}
      <div className={styles.actions}>
        <Button onClick={onRetry}>Try again</Button>
        {failure.requestId !== undefined && <span className={styles.id}>Request {failure.requestId}</span>}
      </div>
    </Notice>
  )
}
