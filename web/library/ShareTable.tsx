import { type FormEvent, useState } from 'react'
import type { Answered } from '../api/call.ts'
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

/** What was chosen, from what, and what it failed with. */
export type Unshared = { readonly chosen: Sharing; readonly begun: Sharing; readonly error: unknown }
type Props = {
  table: Answered<'GET /tables/{id}'>
  /** A choice that was taken back, to go on from. */
  unshared?: Unshared | undefined
  onShare: (chosen: Sharing, begun: Sharing) => void
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

function ShareForm({ table, unshared, around, onShare, onClose }: Props & { around: Around }) {
  const now = sharingOf(table)
  const [begun, setBegun] = useState(unshared?.begun ?? now)
  const [chosen, setChosen] = useState(unshared?.chosen ?? now)
  const [error, setError] = useState(unshared?.error)
  const moved = !sameSharing(begun, now)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onShare(sharingOf(chosen), now)
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
