import { type FormEvent, useState } from 'react'
import { type Answered, call } from '../api/call.ts'
import { readerLocale } from '../api/locale.ts'
import type { People, Role } from '../api/people.ts'
import { Button } from '../ui/Button.tsx'
import { Code } from '../ui/Code.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { Failed } from '../ui/Failed.tsx'
import { FormActions } from '../ui/FormActions.tsx'
import forms from '../ui/form.module.css'
import { Checks } from './Checks.tsx'
import { RoleField } from './RoleField.tsx'
import { useChange } from './useChange.ts'

/** Makes a link for somebody to come in by. It is shown this once, and sent by whoever invites. */
export function InviteDialog({ people, onClose }: { people: People; onClose: () => void }) {
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('viewer')
  const [teamIds, setTeamIds] = useState<readonly string[]>([])
  const change = useChange<Answered<'POST /invitations'>>('invitations')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate(() => call('POST /invitations', { body: { email, role, teamIds: [...teamIds] } }))
  }
  const made = change.data
  if (made !== undefined) {
    const until = new Date(made.expiresAt).toLocaleDateString(readerLocale, { dateStyle: 'long' })
    return (
      <Dialog title="The invitation is ready" onClose={onClose}>
        <div className={forms.form}>
          <p>
            Send this link to {made.email}. It is shown only now, works once and only for that address, until {until}.
          </p>
          <Code label="link" text={`${location.origin}/join/${made.token}`} />
          <div className={forms.actions}>
            <Button onClick={onClose}>Done</Button>
          </div>
        </div>
      </Dialog>
    )
  }
  return (
    <Dialog title="Invite somebody" onClose={onClose}>
      <form className={forms.form} onSubmit={submit}>
        <Failed error={change.error} />
        <label className={forms.field}>
          E-mail
          <input
            className={forms.input}
            type="email"
            required
            maxLength={200}
            autoComplete="off"
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        </label>
        <RoleField value={role} onChange={setRole} />
        {people.teams.length > 0 && (
          <Checks legend="Teams" items={people.teams} chosen={teamIds} onChange={setTeamIds} />
        )}
        <FormActions submit="Make the link" disabled={change.isPending} onCancel={onClose} />
      </form>
    </Dialog>
  )
}
