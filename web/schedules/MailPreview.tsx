import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../api/call.ts'
import { readerLocale } from '../api/locale.ts'
import { Button } from '../ui/Button.tsx'
import { Failed } from '../ui/Failed.tsx'
import { Segments } from '../ui/Segments.tsx'
import { MailFrame } from './MailFrame.tsx'
import styles from './schedules.module.css'

const SHOWN = [
  { value: 'html', label: 'As it looks' },
  { value: 'text', label: 'Plain text' },
] as const

type Props = {
  subjectId: string
  /** Absent: there is something to mend first. */
  schedule: object | undefined
}

/** The mail as one would get it now, as it looks and as plain text. Nothing is sent. */
export function MailPreview({ subjectId, schedule }: Props) {
  const look = useMutation({
    mutationFn: () => call('POST /schedules/preview/mail', { body: { subjectId, schedule: schedule as never } }),
  })
  const [shown, setShown] = useState<'html' | 'text'>('html')
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
          <Segments legend="How the mail is shown" options={SHOWN} value={shown} onChange={setShown} />
          {shown === 'html' ? (
            <MailFrame html={data.html} title={`The mail: ${data.subject}`} />
          ) : (
            <pre className={styles.mailText}>{data.text}</pre>
          )}
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
