import { type FormEvent, useState } from 'react'
import { type Answered, call } from '../api/call.ts'
import { ShareDialog } from '../sharing/ShareDialog.tsx'
import { SharingFields } from '../sharing/SharingFields.tsx'
import sharing from '../sharing/sharing.module.css'
import { type Around, sameSharing, sharingOf, sharingWords } from '../sharing/words.ts'
import { Button } from '../ui/Button.tsx'
import { Disclosure } from '../ui/Disclosure.tsx'
import forms from '../ui/form.module.css'
import { Notice } from '../ui/Notice.tsx'
import { ChangeFailure } from './ChangeFailure.tsx'
import { TransferTable } from './TransferTable.tsx'
import { useTableChange } from './useTableChange.ts'

type Props = { table: Answered<'GET /tables/{id}'>; onClose: () => void }

/** Who sees a table, who may change it, and whose it is. */
export function ShareTable({ table, onClose }: Props) {
  return (
    <ShareDialog title="Share this table" owner={table.owner} onClose={onClose}>
      {(around) => <ShareForm table={table} around={around} onClose={onClose} />}
    </ShareDialog>
  )
}

function ShareForm({ table, around, onClose }: Props & { around: Around }) {
  const { id, version } = table
  const now = sharingOf(table)
  const [begun, setBegun] = useState(now)
  const [chosen, setChosen] = useState(now)
  const change = useTableChange()
  const moved = !sameSharing(begun, now)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const share = () => call('POST /tables/{id}/share', { params: { id }, version, body: sharingOf(chosen) })
    change.mutate(share, { onSuccess: onClose })
  }
  return (
    <>
      <form className={forms.form} onSubmit={submit}>
        {change.error && <ChangeFailure error={change.error} onRefreshed={() => change.reset()} />}
        {moved && !change.error && (
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
          <Button kind="primary" type="submit" disabled={change.isPending || sameSharing(chosen, now)}>
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
