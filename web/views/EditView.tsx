import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { call } from '../api/call.ts'
import { asFailure } from '../api/failure.ts'
import { queryClient } from '../api/query-client.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { FormActions } from '../ui/FormActions.tsx'
import forms from '../ui/form.module.css'
import { Notice } from '../ui/Notice.tsx'
import { TextField } from '../ui/TextField.tsx'
import { labelOf, type View } from './useViews.ts'

/** What a view is called in the navigation, and in which section it stands. */
export function EditView({
  view,
  sections,
  onClose,
}: {
  view: View
  sections: readonly string[]
  onClose: () => void
}) {
  const [label, setLabel] = useState(labelOf(view))
  const [section, setSection] = useState(view.section)
  const known = useId()
  const save = useMutation({
    mutationFn: async ({ over }: { over: boolean }) => {
      const params = { id: view.id }
      const newest = over ? (await call('GET /views', {})).views.find(({ id }) => id === view.id) : undefined
      const version = newest?.version ?? view.version
      return call('PUT /views/{id}', { params, version, body: { label: label.trim(), section: section.trim() } })
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['views'] })
      onClose()
    },
  })
  const failure = save.error ? asFailure(save.error) : undefined
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate({ over: failure?.code === 'version_conflict' })
  }
  return (
    <Dialog title="Place in the navigation" onClose={onClose}>
      <form className={forms.form} onSubmit={submit}>
        {failure && <Notice tone="danger" title={failure.message} />}
        <TextField label="Label" required maxLength={200} value={label} onChange={setLabel} />
        <label className={forms.field}>
          Section
          <input
            className={forms.input}
            required
            maxLength={100}
            list={known}
            value={section}
            onChange={(event) => setSection(event.target.value)}
          />
          <datalist id={known}>
            {sections.map((one) => (
              <option key={one} value={one} />
            ))}
          </datalist>
        </label>
        <FormActions
          submit={failure?.code === 'version_conflict' ? 'Save mine over theirs' : 'Save'}
          disabled={save.isPending || label.trim() === '' || section.trim() === ''}
          onCancel={onClose}
        />
      </form>
    </Dialog>
  )
}
