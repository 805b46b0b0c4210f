import { type FormEvent, useState } from 'react'
import type { Answered } from '../api/call.ts'
import type { TakenBackChoice } from '../api/useTakenBackChoice.ts'
import { ShareDialog } from '../sharing/ShareDialog.tsx'
import { SharingFields } from '../sharing/SharingFields.tsx'
import { type Around, type Sharing, sameSharing, sharingOf } from '../sharing/words.ts'
import { Button } from '../ui/Button.tsx'
import { Failed } from '../ui/Failed.tsx'
import forms from '../ui/form.module.css'

type Shared = Pick<
  Answered<'GET /dashboards'>['dashboards'][number],
  'visibility' | 'orgPermission' | 'sharedWithTeams' | 'sharedWithUsers' | 'owner'
>
type Props = {
  one: string
  document: Shared
  failed: TakenBackChoice<Sharing> | undefined
  share: (body: Sharing) => void
  onClose: () => void
}

/** Who sees a dashboard or report, and who may change it. */
export function ShareDocument({ one, ...rest }: Props) {
  return (
    <ShareDialog title={`Share this ${one}`} owner={rest.document.owner} onClose={rest.onClose}>
      {(around) => <ShareForm {...rest} around={around} />}
    </ShareDialog>
  )
}

function ShareForm({ document, failed, around, share, onClose }: Omit<Props, 'one'> & { around: Around }) {
  const now = sharingOf(document)
  const [chosen, setChosen] = useState(failed?.choice ?? now)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    share(sharingOf(chosen))
  }
  return (
    <form className={forms.form} onSubmit={submit}>
      <Failed error={failed?.error} />
      <SharingFields value={chosen} around={around} onChange={setChosen} />
      <p className={forms.about}>Its tables keep their own rules: who does not see a table does not see it here.</p>
      <div className={forms.actions}>
        <Button kind="primary" type="submit" disabled={sameSharing(chosen, now)}>
          Share
        </Button>
        <Button kind="quiet" onClick={onClose}>
          {sameSharing(chosen, now) ? 'Close' : 'Cancel'}
        </Button>
      </div>
    </form>
  )
}
