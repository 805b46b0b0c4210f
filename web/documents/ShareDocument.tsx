import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Answered } from '../api/call.ts'
import { asFailure } from '../api/failure.ts'
import { VisibilityField } from '../library/VisibilityField.tsx'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import forms from '../ui/form.module.css'
import { Notice } from '../ui/Notice.tsx'

type Shared = Pick<
  Answered<'GET /dashboards'>['dashboards'][number],
  'visibility' | 'orgPermission' | 'sharedWithTeams' | 'sharedWithUsers'
>
type Props = { one: string; document: Shared; share: (body: Shared) => Promise<unknown>; onClose: () => void }

/** Who sees a dashboard or report; teams and people it was shared with before stay. */
export function ShareDocument({ one, document, share, onClose }: Props) {
  const { orgPermission, sharedWithTeams, sharedWithUsers } = document
  const [visibility, setVisibility] = useState(document.visibility)
  const [permission, setPermission] = useState(orgPermission)
  const work = useMutation({
    mutationFn: () => share({ visibility, orgPermission: permission, sharedWithTeams, sharedWithUsers }),
    onSuccess: onClose,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    work.mutate()
  }
  return (
    <Dialog title={`Share this ${one}`} onClose={onClose}>
      <form className={forms.form} onSubmit={submit}>
        {work.error && <Notice tone="danger" title={asFailure(work.error).message} />}
        <VisibilityField value={visibility} onChange={setVisibility} />
        {visibility === 'ORG' && (
          <label className={forms.field}>
            What they may do
            <select
              className={forms.input}
              value={permission}
              onChange={(event) => setPermission(event.target.value as Shared['orgPermission'])}
            >
              <option value="view">See it</option>
              <option value="edit">See and change it</option>
            </select>
          </label>
        )}
        <p className={forms.about}>Its tables keep their own rules: who does not see a table does not see it here.</p>
        <div className={forms.actions}>
          <Button kind="primary" type="submit" disabled={work.isPending}>
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
