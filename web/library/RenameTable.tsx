import { type FormEvent, useState } from 'react'
import type { Answered } from '../api/call.ts'
import type { TakenBackChoice } from '../api/useTakenBackChoice.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { FormActions } from '../ui/FormActions.tsx'
import forms from '../ui/form.module.css'
import { TextField } from '../ui/TextField.tsx'
import { ChangeFailure } from './ChangeFailure.tsx'

export type Naming = { readonly name: string; readonly description: string }
type Props = {
  table: Answered<'GET /tables/{id}'>
  failed: TakenBackChoice<Naming> | undefined
  onName: (naming: Naming) => void
  onClose: () => void
}

/** What a table is called, and what people should know of it. */
export function RenameTable({ table, failed, onName, onClose }: Props) {
  const [name, setName] = useState(failed?.choice.name ?? table.name)
  const [description, setDescription] = useState(failed?.choice.description ?? table.description)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onName({ name: name.trim(), description: description.trim() })
  }
  return (
    <Dialog title="Rename this table" onClose={onClose}>
      <form className={forms.form} onSubmit={submit}>
        {failed && <ChangeFailure error={failed.error} />}
        <TextField label="Name" required maxLength={200} value={name} onChange={setName} />
        <label className={forms.field}>
          What others should know of it
          <textarea
            className={`${forms.input} ${forms.long}`}
            maxLength={2000}
            rows={3}
            value={description}
            onChange={(event) => setDescription(event.target.value)}
          />
        </label>
        <FormActions
          submit="Save"
          disabled={name.trim() === '' || (name.trim() === table.name && description.trim() === table.description)}
          onCancel={onClose}
        />
      </form>
    </Dialog>
  )
}
