import { type FormEvent, useState } from 'react'
import { type Answered, call } from '../api/call.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import forms from '../ui/form.module.css'
import { ChangeFailure } from './ChangeFailure.tsx'
import { useTableChange } from './useTableChange.ts'

type Props = { table: Answered<'GET /tables/{id}'>; onClose: () => void }

/** An admin vouches for a table: its words are answered by just it from now on. */
export function VerifyTable({ table, onClose }: Props) {
  const { id, version, verified, aiPrompt } = table
  const [prompt, setPrompt] = useState(verified?.prompt ?? aiPrompt ?? '')
  const change = useTableChange()
  const params = { id }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const vouch = () => call('POST /tables/{id}/verify', { params, version, body: { prompt: prompt.trim() } })
    change.mutate(vouch, { onSuccess: onClose })
  }
  return (
    <Dialog title="Vouch for this table" onClose={onClose}>
      <form className={forms.form} onSubmit={submit}>
        {change.error && <ChangeFailure error={change.error} />}
        <p className={forms.about}>
          Whoever asks these words gets this table, exactly. The mark goes when its definition changes, or when not
          everybody sees it any more.
        </p>
        <label className={forms.field}>
          Words that it answers
          <input
            className={forms.input}
            required
            maxLength={2000}
            value={prompt}
            onChange={(event) => setPrompt(event.target.value)}
          />
        </label>
        <div className={forms.actions}>
          <Button kind="primary" type="submit" disabled={change.isPending || prompt.trim() === ''}>
            Vouch for it
          </Button>
          {verified && (
            <Button
              disabled={change.isPending}
              onClick={() =>
                change.mutate(() => call('DELETE /tables/{id}/verify', { params, version }), { onSuccess: onClose })
              }
            >
              Take the mark away
            </Button>
          )}
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
