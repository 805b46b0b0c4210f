import { useBlocker } from '@tanstack/react-router'
import { asFailure, changedFirst, type Failure } from '../api/failure.ts'
import { isOwner } from '../api/owner.ts'
import { usePeople } from '../api/people.ts'
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
  /** The page is left, and what is not saved is given up. */
  onLeave: () => void
  /** Whether this began with what was not saved before. */
  restored: boolean
  /** What is saved now, where that is not what the draft was begun from. */
  newer: { readonly updatedBy: string; readonly updatedAt: string } | undefined
}

/** Saves or drops a draft. When somebody else was faster, both are still there and one decides. */
export function SaveBar({ one, dirty, saving, error, valid, onSave, onOverwrite, onDrop, ...rest }: Props) {
  const { onLeave, restored, newer } = rest
  const leaving = useBlocker({
    shouldBlockFn: () => dirty,
    enableBeforeUnload: () => dirty,
    withResolver: true,
  })
  const leave = () => {
    onLeave()
    leaving.proceed?.()
  }
  const failure = error ? asFailure(error) : undefined
  const conflict = failure?.code === 'version_conflict' ? failure : undefined
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
          {saving ? 'Saving…' : restored && dirty && 'What you had not saved is back.'}
        </span>
      </div>
      {conflict && <Theirs {...{ one, saving, onOverwrite, onDrop, conflict }} changed={conflict.changed} />}
      {!conflict && newer && dirty && !saving && <Newer {...{ one, saving, onOverwrite, onDrop, newer }} />}
      {failure !== undefined && conflict === undefined && (
        <div className={styles.told}>
          <Notice tone="danger" title={failure.message}>
            {failure.fix && <p>{failure.fix}</p>}
            {failure.issues?.map(({ message }) => (
              <p key={message}>{message}</p>
            ))}
          </Notice>
        </div>
      )}
      {leaving.status === 'blocked' && (
        <Dialog title="Leave without saving?" onClose={leaving.reset}>
          <div className={forms.form}>
            <p>What you changed in this {one} is not saved.</p>
            <div className={forms.actions}>
              <Button kind="primary" onClick={leaving.reset}>
                Stay
              </Button>
              <Button onClick={leave}>Leave</Button>
            </div>
          </div>
        </Dialog>
      )}
    </>
  )
}

type Decide = Pick<Props, 'one' | 'saving' | 'onOverwrite' | 'onDrop'>

/** Somebody else has saved already, before this is tried. */
function Newer({ newer: { updatedBy, updatedAt: at }, ...decide }: Decide & { newer: NonNullable<Props['newer']> }) {
  const by = usePeople().data?.people.find(({ id }) => id === updatedBy)?.name
  return <Theirs {...decide} changed={{ ...(by !== undefined && { by }), byId: updatedBy, at }} />
}

function Theirs({
  one,
  saving,
  onOverwrite,
  onDrop,
  changed,
  conflict,
}: Decide & { changed: Failure['changed'] | undefined; conflict?: Failure }) {
  const own = isOwner(changed?.byId)
  return (
    <div className={styles.told}>
      <Notice
        tone={conflict ? 'danger' : 'warn'}
        title={changed ? changedFirst(`this ${one}`, changed) : (conflict?.message ?? '')}
      >
        <p>What you changed is still here, and not saved.</p>
        <div className={forms.actions}>
          <Button disabled={saving} onClick={onOverwrite}>
            {own ? 'Save this over it' : 'Save mine over theirs'}
          </Button>
          <Button disabled={saving} onClick={onDrop}>
            {own ? 'Drop this, see the other' : 'Drop mine, see theirs'}
          </Button>
        </div>
      </Notice>
    </div>
  )
}
