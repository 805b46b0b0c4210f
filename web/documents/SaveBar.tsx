import { useBlocker } from '@tanstack/react-router'
import { asFailure } from '../api/failure.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import forms from '../ui/form.module.css'
import { Notice } from '../ui/Notice.tsx'
import styles from './documents.module.css'

type Props = {
  one: 'dashboard' | 'report'
  dirty: boolean
  saving: boolean
  error: unknown
  valid: boolean
  onSave: () => void
  /** Saves what is here over what somebody else saved meanwhile. */
  onOverwrite: () => void
  /** Leaves editing; what is here and not saved is gone. */
  onDrop: () => void
}

/** Saves or drops a draft. When somebody else was faster, both are still there and one decides. */
export function SaveBar({ one, dirty, saving, error, valid, onSave, onOverwrite, onDrop }: Props) {
  const leaving = useBlocker({
    shouldBlockFn: () => dirty,
    enableBeforeUnload: () => dirty,
    withResolver: true,
  })
  const failure = error ? asFailure(error) : undefined
  return (
    <>
      <div className={forms.actions}>
        <Button kind="primary" disabled={saving || !valid} onClick={onSave}>
          {dirty ? 'Save' : 'Done'}
        </Button>
        {dirty && (
          <Button kind="quiet" disabled={saving} onClick={onDrop}>
            Drop changes
          </Button>
        )}
        <span role="status" className={styles.saving}>
          {saving && 'Saving…'}
        </span>
      </div>
      {failure?.code === 'version_conflict' && (
        <Notice tone="danger" title={`Somebody else changed this ${one} meanwhile`}>
          <p>What you changed is still here, and not saved.</p>
          <div className={forms.actions}>
            <Button disabled={saving} onClick={onOverwrite}>
              Save mine over theirs
            </Button>
            <Button disabled={saving} onClick={onDrop}>
              Drop mine, see theirs
            </Button>
          </div>
        </Notice>
      )}
      {failure !== undefined && failure.code !== 'version_conflict' && (
        <Notice tone="danger" title={failure.message}>
          {failure.fix && <p>{failure.fix}</p>}
          {failure.issues?.map(({ message }) => (
            <p key={message}>{message}</p>
          ))}
        </Notice>
      )}
      {leaving.status === 'blocked' && (
        <Dialog title="Leave without saving?" onClose={leaving.reset}>
          <div className={forms.form}>
            <p>What you changed in this {one} is not saved.</p>
            <div className={forms.actions}>
              <Button kind="primary" onClick={leaving.reset}>
                Stay
              </Button>
              <Button onClick={leaving.proceed}>Leave</Button>
            </div>
          </div>
        </Dialog>
      )}
    </>
  )
}
