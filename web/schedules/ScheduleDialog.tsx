import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useEffect, useState } from 'react'
import type { ScheduleConfig } from '../../src/schedules/config.ts'
import { asFailure } from '../api/failure.ts'
import { readerOptions } from '../api/generate.ts'
import { useReader } from '../api/session.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import forms from '../ui/form.module.css'
import { Notice } from '../ui/Notice.tsx'
import { ConditionFields } from './ConditionFields.tsx'
import { configOf, type Draft, draftOf, newDraft, previewOf, problemsOf } from './draft.ts'
import { forgetDraft, keepDraft, keptDraft } from './kept-draft.ts'
import { MailFields } from './MailFields.tsx'
import { MailPreview } from './MailPreview.tsx'
import { Issues, PreviewPane } from './PreviewPane.tsx'
import { RecipientsField } from './RecipientsField.tsx'
import { outsideOf, usePeople } from './recipients.ts'
import { Sending } from './Sending.tsx'
import styles from './schedules.module.css'
import { refreshSubjects, removeSchedule, type Subject, saveSchedule } from './subject.ts'
import { usePreview } from './usePreview.ts'
import { WhenFields } from './WhenFields.tsx'

type Props = { subject: Subject; me: string; onClose: () => void }

/** When something is mailed, to whom, as what; with its next runs in words before anything is saved. */
export function ScheduleDialog({ subject, me, onClose }: Props) {
  const { mayWrite } = useReader()
  const changes = subject.access !== 'view' && mayWrite
  return (
    <Dialog title={`Schedule “${subject.name}”`} onClose={onClose} wide={changes}>
      {!changes ? (
        <div className={forms.form}>
          <p>{subject.schedule ?? 'It is not scheduled.'}</p>
          <p className={forms.about}>Its owner, and whoever may edit it, can change that.</p>
          <div className={forms.actions}>
            <Button onClick={onClose}>Close</Button>
          </div>
        </div>
      ) : (
        <ScheduleForm subject={subject} me={me} onClose={onClose} />
      )}
    </Dialog>
  )
}

function ScheduleForm({ subject, me, onClose }: Props) {
  const { scheduleConfig: saved } = subject
  const [left, setLeft] = useState(() => keptDraft(subject.id))
  const [opened, setOpened] = useState(left ? left.opened : saved)
  const [draft, setDraft] = useState(() => left?.draft ?? startOf(saved, me))
  const [tried, setTried] = useState(false)
  const [removing, setRemoving] = useState(false)
  const people = usePeople()
  const preview = usePreview(previewOf(draft, me))
  const change = useMutation({
    mutationFn: (run: () => Promise<unknown>) => run(),
    onSuccess: async () => {
      await refreshSubjects()
      drop()
    },
  })
  /** Closes it on purpose: nothing of it is to come back. */
  const drop = () => {
    forgetDraft(subject.id)
    onClose()
  }
  const problems = problemsOf(draft, outsideOf(draft.recipients, people.data).length)
  const shown = tried ? problems : {}
  const faults = Object.entries(problems)
  const set = (more: Partial<Draft>) => setDraft((before) => ({ ...before, ...more }))
  const changed = JSON.stringify(draft) !== JSON.stringify(startOf(saved, me))
  useEffect(() => {
    if (changed) keepDraft({ id: subject.id, draft, opened })
    else forgetDraft(subject.id)
  }, [changed, subject.id, draft, opened])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    const [first] = faults[0] ?? []
    if (first === undefined) change.mutate(() => saveSchedule(subject, configOf(draft)))
    else document.getElementById(`schedule-${first}`)?.focus()
  }
  const section = { draft, set, problems: shown }
  const outdated = JSON.stringify(saved) !== JSON.stringify(opened)
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      {left && changed && (
        <Notice tone="warn" title="This is what you typed before; it is not saved">
          <Button
            onClick={() => {
              setDraft(startOf(saved, me))
              setOpened(saved)
              setLeft(undefined)
            }}
          >
            Drop it
          </Button>
        </Notice>
      )}
      <div className={styles.columns}>
        <div className={styles.fields}>
          <WhenFields {...section} />
          <RecipientsField {...section} />
          <MailFields {...section} name={subject.name} report={subject.kind === 'report'} />
          <ConditionFields {...section} table={subject.kind === 'table' ? subject.id : undefined} />
        </div>
        <div className={styles.aside}>
          <PreviewPane preview={preview} draft={draft} />
          <MailPreview subjectId={subject.id} schedule={previewOf(draft, me)} />
          <Sending
            subject={subject}
            draft={draft}
            changed={changed}
            addresses={preview.query.data?.recipients.length}
          />
        </div>
      </div>
      <div className={styles.footer}>
        {outdated && (
          <Notice tone="warn" title="Somebody else changed this schedule">
            <p>
              It is now: {subject.schedule ?? 'not scheduled any more'}. What you typed is still here; saving puts it in
              its place.
            </p>
            <div className={forms.actions}>
              <Button
                onClick={() => {
                  setDraft(startOf(saved, me))
                  setOpened(saved)
                }}
              >
                Take theirs
              </Button>
              <Button kind="quiet" onClick={() => setOpened(saved)}>
                Keep mine
              </Button>
            </div>
          </Notice>
        )}
        {change.error && <SaveFailure error={change.error} onRead={() => void refreshSubjects().then(change.reset)} />}
        {tried && faults.length > 0 && (
          <p className={styles.problem} role="alert">
            Not saved yet: {faults.map(([, text]) => text.charAt(0).toLowerCase() + text.slice(1)).join('; ')}.
          </p>
        )}
        {removing ? (
          <div className={forms.actions}>
            <p className={styles.question}>End this schedule? Nothing is mailed any more.</p>
            <Button
              kind="danger"
              disabled={change.isPending}
              onClick={() => change.mutate(() => removeSchedule(subject))}
            >
              Remove it
            </Button>
            <Button kind="quiet" onClick={() => setRemoving(false)}>
              Keep it
            </Button>
          </div>
        ) : (
          <div className={forms.actions}>
            <Button kind="primary" type="submit" disabled={change.isPending}>
              {saved === null ? 'Schedule it' : 'Save schedule'}
            </Button>
            <Button kind="quiet" onClick={drop}>
              Cancel
            </Button>
            {saved !== null && (
              <Button kind="quiet" className={styles.far} onClick={() => setRemoving(true)}>
                Remove…
              </Button>
            )}
          </div>
        )}
      </div>
    </form>
  )
}

const startOf = (saved: ScheduleConfig | null, me: string): Draft =>
  saved === null ? newDraft(me, readerOptions.timezone) : draftOf(saved)

/** What was typed stays; after a conflict the newest version is one click away. */
function SaveFailure({ error, onRead }: { error: unknown; onRead: () => void }) {
  const { code, message, fix, issues } = asFailure(error)
  return (
    <Notice tone="danger" title={message}>
      {issues ? <Issues issues={issues} /> : fix && <p>{fix}</p>}
      {code === 'version_conflict' && <Button onClick={onRead}>Read the newest version, keep what I typed</Button>}
    </Notice>
  )
}
