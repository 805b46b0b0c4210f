import { type FormEvent, useState } from 'react'
import type { Answered } from '../api/call.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import forms from '../ui/form.module.css'
import { ChangeFailure } from './ChangeFailure.tsx'

export type Naming = { readonly name: string; readonly description: string }
/** A name that was not taken, and why. */
export type Unnamed = Naming & { readonly error: unknown }
type Props = {
  table: Answered<'GET /tables/{id}'>
  unnamed?: Unnamed | undefined
  onName: (naming: Naming) => void
  onClose: () => void
}

/** What a table is called, and what people should know of it. */
export function RenameTable({ table, unnamed, onName, onClose }: Props) {
  const [name, setName] = useState(unnamed?.name ?? table.name)
  const [description, setDescription] = useState(unnamed?.description ?? table.description)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onName({ name: name.trim(), description: description.trim() })
  }
  return (
    <Dialog title="Rename this table" onClose={onClose}>
      <form className={forms.form} onSubmit={submit}>
        {unnamed && <ChangeFailure error={unnamed.error} />}
        <label className={forms.field}>
          Name
          <input
            className={forms.input}
            required
            maxLength={200}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
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
        <div className={forms.actions}>
          <Button
            kind="primary"
            type="submit"
            disabled={name.trim() === '' || (name.trim() === table.name && description.trim() === table.description)}
          >
            Save
          </Button>
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
