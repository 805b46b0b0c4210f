import { type FormEvent, useState } from 'react'
import { call } from '../api/call.ts'
import type { Person } from '../api/people.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { Failed } from '../ui/Failed.tsx'
import { FormActions } from '../ui/FormActions.tsx'
import forms from '../ui/form.module.css'
import { Notice } from '../ui/Notice.tsx'
import { RoleField } from './RoleField.tsx'
import { useChange } from './useChange.ts'

type Props = { person: Person; isMe: boolean; onClose: () => void }

/** A member's role, and the columns that are opened beside it. */
export function ChangeMember({ person, isMe, onClose }: Props) {
  const [role, setRole] = useState(person.role)
  const [columns, setColumns] = useState(person.columnRoles.join(', '))
  const change = useChange('people', ...(isMe ? ['session', 'catalog'] : []))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const columnRoles = columns
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean)
    const body = { role, columnRoles }
    change.mutate(() => call('PUT /members/{id}', { params: { id: person.id }, body }), { onSuccess: onClose })
  }
  return (
    <Dialog title={`Change ${person.name}`} onClose={onClose}>
      <form className={forms.form} onSubmit={submit}>
        <Failed error={change.error} />
        <RoleField value={role} onChange={setRole} />
        {isMe && person.role === 'admin' && role !== 'admin' && (
          <Notice tone="warn" title="You take your own admin rights away">
            <p>Only another admin can give them back.</p>
          </Notice>
        )}
        <label className={forms.field}>
          Roles that open columns
          <input
            className={forms.input}
            value={columns}
            placeholder="None beside the role itself"
            onChange={(event) => setColumns(event.target.value)}
          />
          <span className={forms.about}>Names of roles from the catalog, with commas between them</span>
        </label>
        <FormActions submit="Save" disabled={change.isPending} onCancel={onClose} />
      </form>
    </Dialog>
  )
}
