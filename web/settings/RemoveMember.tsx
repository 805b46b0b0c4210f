import { type FormEvent, useState } from 'react'
import { call } from '../api/call.ts'
import type { Person } from '../api/people.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { Failed } from '../ui/Failed.tsx'
import { FormActions } from '../ui/FormActions.tsx'
import forms from '../ui/form.module.css'
import { useChange } from './useChange.ts'

type Props = { person: Person; people: readonly Person[]; me: string; onClose: () => void }

/** Takes a member out and hands on what is theirs, so that nothing anybody relies on is lost. */
export function RemoveMember({ person, people, me, onClose }: Props) {
  const [heir, setHeir] = useState(me)
  const change = useChange('people', 'keys', 'tables', 'table', 'dashboards', 'reports')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const remove = () => call('DELETE /members/{id}', { params: { id: person.id }, query: { transferTo: heir } })
    change.mutate(remove, { onSuccess: onClose })
  }
  return (
    <Dialog title={`Remove ${person.name}`} onClose={onClose}>
      <form className={forms.form} onSubmit={submit}>
        <Failed error={change.error} />
        <p>Their keys stop working at once, and what was shared with them by name is shared with them no more.</p>
        <label className={forms.field}>
          Their tables, dashboards and reports go to
          <select className={forms.input} value={heir} onChange={(event) => setHeir(event.target.value)}>
            {people
              .filter(({ id, role }) => id !== person.id && role !== 'viewer')
              .map(({ id, name, role }) => (
                <option key={id} value={id}>
                  {id === me ? 'Me' : `${name}, ${role}`}
                </option>
              ))}
          </select>
        </label>
        <FormActions submit={`Remove ${person.name}`} kind="danger" disabled={change.isPending} onCancel={onClose} />
      </form>
    </Dialog>
  )
}
