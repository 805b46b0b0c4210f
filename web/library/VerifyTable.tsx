import { type FormEvent, useState } from 'react'
import type { Answered } from '../api/call.ts'
import type { TakenBackChoice } from '../api/useTakenBackChoice.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import forms from '../ui/form.module.css'
import { TextField } from '../ui/TextField.tsx'
import { ChangeFailure } from './ChangeFailure.tsx'

type Props = {
  table: Answered<'GET /tables/{id}'>
  failed: TakenBackChoice<string> | undefined
  /** Undefined: the mark goes. */
  onVerify: (prompt: string | undefined) => void
  onClose: () => void
}

/** An admin vouches for a table: its words are answered by just it from now on. */
export function VerifyTable({ table, failed, onVerify, onClose }: Props) {
  const { verified, aiPrompt } = table
  const [prompt, setPrompt] = useState(failed?.choice ?? verified?.prompt ?? aiPrompt ?? '')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onVerify(prompt.trim())
  }
  return (
    <Dialog title="Vouch for this table" onClose={onClose}>
      <form className={forms.form} onSubmit={submit}>
        {failed && <ChangeFailure error={failed.error} />}
        <p className={forms.about}>
          Whoever asks these words gets this table, exactly. The mark goes when its definition changes, or when not
          everybody sees it any more.
        </p>
        <TextField label="Words that it answers" required maxLength={2000} value={prompt} onChange={setPrompt} />
        <div className={forms.actions}>
          <Button kind="primary" type="submit" disabled={prompt.trim() === ''}>
            Vouch for it
          </Button>
          {verified && <Button onClick={() => onVerify(undefined)}>Take the mark away</Button>}
          <Button kind="quiet" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
