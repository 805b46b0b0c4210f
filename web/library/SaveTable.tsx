import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { Definition } from '../../src/definition/schema.ts'
import { call } from '../api/call.ts'
import { queryClient } from '../api/query-client.ts'
import { useReader } from '../api/session.ts'
import { wishes } from '../api/wishes.ts'
import { SignIn } from '../session/SignIn.tsx'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { Failed } from '../ui/Failed.tsx'
import { FormActions } from '../ui/FormActions.tsx'
import forms from '../ui/form.module.css'
import { Notice } from '../ui/Notice.tsx'
import { TextField } from '../ui/TextField.tsx'
import { ViewersTake } from './ViewersTake.tsx'
import { VisibilityField } from './VisibilityField.tsx'
import type { Visibility } from './visibility.ts'

type Props = {
  /** Absent: it was built by hand. */
  prompt?: string | undefined
  title: string
  definition: Definition
  onSaved?: () => void
  kind?: 'quiet' | 'outline'
  label?: string
  /** Which table, where there are several. */
  of?: string
}

/** Keeps an answer as a table of one's own. Signing in on the way loses nothing. */
export function SaveTable({ prompt, title, definition, onSaved, kind, of, label = 'Save' }: Props) {
  const { signedIn, mayWrite } = useReader()
  const [open, setOpen] = useState(false)
  const [name, setName] = useState(title)
  const [wish] = useState(wishes)
  const [visibility, setVisibility] = useState<Visibility>('PRIVATE')
  const save = useMutation({
    mutationFn: () => {
      const made =
        prompt === undefined
          ? { createdVia: 'BUILDER' as const }
          : { createdVia: 'AI_GENERATED' as const, aiPrompt: prompt }
      const body = { name, visibility, ...made, definition }
      return call('POST /tables', { body, idempotencyKey: wish(JSON.stringify(body)) })
    },
    onSuccess: async () => {
      setOpen(false)
      onSaved?.()
      await queryClient.invalidateQueries({ queryKey: ['tables'] })
    },
    onError: () => queryClient.invalidateQueries({ queryKey: ['session'] }),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  if (save.data !== undefined) {
    return (
      <p role="status">
        Saved as{' '}
        <Link to="/tables/$id" params={{ id: save.data.id }}>
          {save.data.name}
        </Link>
      </p>
    )
  }
  // Whoever became a viewer while they chose a name is told so where they are.
  if (signedIn && !mayWrite && !open) return null
  return (
    <div>
      <Button kind={kind ?? 'primary'} aria-label={of && `Save: ${of}`} onClick={() => setOpen(true)}>
        {label}
      </Button>
      {open && (
        <Dialog title="Save this table" onClose={() => setOpen(false)}>
          {signedIn && !mayWrite ? (
            <Notice tone="warn" title="You are a viewer now">
              <ViewersTake />
            </Notice>
          ) : signedIn ? (
            <form className={forms.form} onSubmit={submit}>
              <Failed error={save.error} />
              <TextField label="Name" required maxLength={200} value={name} onChange={setName} />
              <VisibilityField value={visibility} onChange={setVisibility} />
              <FormActions submit="Save table" disabled={save.isPending} onCancel={() => setOpen(false)} />
            </form>
          ) : (
            <>
              <p>Sign in first; the table stays here.</p>
              <SignIn />
            </>
          )}
        </Dialog>
      )}
    </div>
  )
}
