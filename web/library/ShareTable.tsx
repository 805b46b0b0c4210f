import { type FormEvent, useState } from 'react'
import { type Answered, call } from '../api/call.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import forms from '../ui/form.module.css'
import { ChangeFailure } from './ChangeFailure.tsx'
import { useTableChange } from './useTableChange.ts'
import { VisibilityField } from './VisibilityField.tsx'

/** Who sees a table; teams and people it was shared with before stay. */
export function ShareTable({ table, onClose }: { table: Answered<'GET /tables/{id}'>; onClose: () => void }) {
  const [visibility, setVisibility] = useState(table.visibility)
  const change = useTableChange()
  const { id, version, orgPermission, sharedWithTeams, sharedWithUsers } = table
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const body = { visibility, orgPermission, sharedWithTeams, sharedWithUsers }
    const share = () => call('POST /tables/{id}/share', { params: { id }, version, body })
    change.mutate(share, { onSuccess: onClose })
  }
  return (
    <Dialog title="Share this table" onClose={onClose}>
      <form className={forms.form} onSubmit={submit}>
        {change.error && <ChangeFailure error={change.error} />}
        <VisibilityField value={visibility} onChange={setVisibility} />
        <div className={forms.actions}>
          <Button kind="primary" type="submit" disabled={change.isPending}>
            Share
          </Button>
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
