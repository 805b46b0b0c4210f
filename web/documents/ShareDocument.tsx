import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Answered } from '../api/call.ts'
import { asFailure } from '../api/failure.ts'
import { ShareDialog } from '../sharing/ShareDialog.tsx'
import { SharingFields } from '../sharing/SharingFields.tsx'
import { type Around, type Sharing, sameSharing, sharingOf } from '../sharing/words.ts'
import { Button } from '../ui/Button.tsx'
import forms from '../ui/form.module.css'
import { Notice } from '../ui/Notice.tsx'

type Shared = Pick<
  Answered<'GET /dashboards'>['dashboards'][number],
  'visibility' | 'orgPermission' | 'sharedWithTeams' | 'sharedWithUsers' | 'owner'
>
type Props = { one: string; document: Shared; share: (body: Sharing) => Promise<unknown>; onClose: () => void }

/** Who sees a dashboard or report, and who may change it. */
export function ShareDocument({ one, document, share, onClose }: Props) {
  return (
    <ShareDialog title={`Share this ${one}`} owner={document.owner} onClose={onClose}>
      {(around) => <ShareForm document={document} around={around} share={share} onClose={onClose} />}
    </ShareDialog>
  )
}

function ShareForm({ document, around, share, onClose }: Omit<Props, 'one'> & { around: Around }) {
  const now = sharingOf(document)
  const [chosen, setChosen] = useState(now)
  const work = useMutation({ mutationFn: () => share(sharingOf(chosen)), onSuccess: onClose })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    work.mutate()
  }
  return (
    <form className={forms.form} onSubmit={submit}>
      {work.error && <Notice tone="danger" title={asFailure(work.error).message} />}
      <SharingFields value={chosen} around={around} onChange={setChosen} />
      <p className={forms.about}>Its tables keep their own rules: who does not see a table does not see it here.</p>
      <div className={forms.actions}>
        <Button kind="primary" type="submit" disabled={work.isPending || sameSharing(chosen, now)}>
          Share
        </Button>
        <Button kind="quiet" onClick={onClose}>
          {sameSharing(chosen, now) ? 'Close' : 'Cancel'}
        </Button>
      </div>
    </form>
  )
}
