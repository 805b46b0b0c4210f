import { asFailure } from '../api/failure.ts'
import { Failed } from '../ui/Failed.tsx'
import type { Draft } from './draft.ts'
import styles from './schedules.module.css'
import type { usePreview } from './usePreview.ts'
import { aheadText, ownClock } from './when.ts'

/** What the schedule says in words, when it comes due next, and who would be mailed. */
export function PreviewPane({ preview, draft }: { preview: ReturnType<typeof usePreview>; draft: Draft }) {
  const { query, late } = preview
  const { data, error } = query
  const now = new Date()
  return (
    <section className={styles.preview} aria-labelledby="schedule-preview" aria-busy={late}>
      <h3 id="schedule-preview">Preview</h3>
      {error && (
        <Failed error={error}>
          <Issues issues={asFailure(error).issues} />
        </Failed>
      )}
      {!data && !error && <p role="status">Working out the next runs…</p>}
      {data && !error && (
        <div className={late ? styles.late : undefined}>
          <p className={styles.sentence} aria-live="polite">
            {data.sentence}
          </p>
          {data.runs.length === 0 ? (
            <p>
              {draft.paused ? 'Nothing comes due while it is paused.' : 'It has ended: nothing comes due any more.'}
            </p>
          ) : (
            <ol className={styles.runs} aria-label="Next runs">
              {data.runs.map(({ at, local }) => {
                const own = ownClock(at, draft.timezone)
                return (
                  <li key={at}>
                    <strong>{aheadText(at, draft.timezone, now)}</strong>
                    <span>
                      <time dateTime={at}>{local}</time>
                      {own && <span className={styles.own}> ({own} on your clock)</span>}
                    </span>
                  </li>
                )
              })}
            </ol>
          )}
          {draft.recipients.length > 0 && (
            <>
              <h4>
                {data.recipients.length === 1 ? '1 address' : `${data.recipients.length} addresses`}, as teams are now
              </h4>
              <ul className={styles.addresses}>
                {data.recipients.map((address) => (
                  <li key={address}>{address}</li>
                ))}
                {data.dropped.map(({ who, why }) => (
                  <li key={who} className={styles.dropped}>
                    Not {who}: {why}
                  </li>
                ))}
              </ul>
            </>
          )}
        </div>
      )}
    </section>
  )
}

type IssueList = readonly { readonly message: string; readonly fix?: string | undefined }[]

export function Issues({ issues = [] }: { issues?: IssueList | undefined }) {
  return (
    <ul>
      {issues.map(({ message, fix }) => (
        <li key={message}>
          {message}
          {fix && ` (${fix})`}
        </li>
      ))}
    </ul>
  )
}
