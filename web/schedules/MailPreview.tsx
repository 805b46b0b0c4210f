import { useMutation } from '@tanstack/react-query'
import { call } from '../api/call.ts'
import { readerLocale } from '../api/locale.ts'
import { Button } from '../ui/Button.tsx'
import { Failed } from '../ui/Failed.tsx'
import styles from './schedules.module.css'

type Props = {
  subjectId: string
  /** Absent: there is something to mend first. */
  schedule: object | undefined
}

/** The mail as one would get it now, as words. Nothing is sent. */
export function MailPreview({ subjectId, schedule }: Props) {
  const look = useMutation({
    mutationFn: () => call('POST /schedules/preview/mail', { body: { subjectId, schedule: schedule as never } }),
  })
  const { data, error, isPending } = look
  return (
    <section className={styles.mail} aria-label="The mail">
      <Button disabled={isPending || schedule === undefined} onClick={() => look.mutate()}>
        {data ? 'Look at the mail again' : 'Look at the mail'}
      </Button>
      {isPending && <p role="status">Writing it…</p>}
      <Failed error={error} />
      {data && !isPending && (
        <div role="status">
          <p className={styles.mailSubject}>{data.subject}</p>
          <pre className={styles.mailText}>{data.text}</pre>
          {data.attachment && (
            <p>
              With {data.attachment.name} ({Math.ceil(data.attachment.bytes / 1024).toLocaleString(readerLocale)} KB)
            </p>
          )}
          {data.tooLargeToAttach && <p>The file is too large to attach: each recipient gets a link of their own.</p>}
        </div>
      )}
    </section>
  )
}
