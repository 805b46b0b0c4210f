import { type FormEvent, useState } from 'react'
import type { Answered } from '../api/call.ts'
import type { TakenBackChoice } from '../api/useTakenBackChoice.ts'
import { ShareDialog } from '../sharing/ShareDialog.tsx'
import { SharingFields } from '../sharing/SharingFields.tsx'
import sharing from '../sharing/sharing.module.css'
import { type Around, type Sharing, sameSharing, sharingOf, sharingWords } from '../sharing/words.ts'
import { Button } from '../ui/Button.tsx'
import { Disclosure } from '../ui/Disclosure.tsx'
import forms from '../ui/form.module.css'
import { Notice } from '../ui/Notice.tsx'
import { ChangeFailure } from './ChangeFailure.tsx'
import { TransferTable } from './TransferTable.tsx'

/** What was chosen, and from what. */
export type Shared = { readonly chosen: Sharing; readonly begun: Sharing }
type Props = {
  table: Answered<'GET /tables/{id}'>
  /** A choice that was taken back, to go on from. */
  failed: TakenBackChoice<Shared> | undefined
  onShare: (choice: Shared) => void
  onClose: () => void
}

/** Who sees a table, who may change it, and whose it is. */
export function ShareTable(props: Props) {
  const { table, onClose } = props
  return (
    <ShareDialog title="Share this table" owner={table.owner} onClose={onClose}>
      {(around) => <ShareForm {...props} around={around} />}
    </ShareDialog>
  )
}

function ShareForm({ table, failed, around, onShare, onClose }: Props & { around: Around }) {
  const now = sharingOf(table)
  const [begun, setBegun] = useState(failed?.choice.begun ?? now)
  const [chosen, setChosen] = useState(failed?.choice.chosen ?? now)
  const [error, setError] = useState(failed?.error)
  const moved = !sameSharing(begun, now)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onShare({ chosen: sharingOf(chosen), begun: now })
  }
  return (
    <>
      <form className={forms.form} onSubmit={submit}>
        {error !== undefined && <ChangeFailure error={error} onRefreshed={() => setError(undefined)} />}
        {moved && error === undefined && (
          <Notice tone="warn" title="It was shared otherwise meanwhile; your choice below is not lost">
            <p>As it is now: {sharingWords(now, around).sees}</p>
            <Button
              onClick={() => {
                setChosen(now)
                setBegun(now)
              }}
            >
              Begin from that instead
            </Button>
          </Notice>
        )}
        <SharingFields value={chosen} around={around} onChange={setChosen} />
        <div className={forms.actions}>
          <Button kind="primary" type="submit" disabled={sameSharing(chosen, now)}>
            Share
          </Button>
          <Button kind="quiet" onClick={onClose}>
            {sameSharing(chosen, now) ? 'Close' : 'Cancel'}
          </Button>
        </div>
      </form>
      <div className={sharing.apart}>
        <Disclosure label="Hand it to somebody else">
          <TransferTable table={table} around={around} onDone={onClose} />
        </Disclosure>
      </div>
    </>
  )
}
