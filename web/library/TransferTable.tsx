import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { type Answered, call } from '../api/call.ts'
import sharing from '../sharing/sharing.module.css'
import { type Around, sharingOf } from '../sharing/words.ts'
import { Button } from '../ui/Button.tsx'
import forms from '../ui/form.module.css'
import { ChangeFailure } from './ChangeFailure.tsx'
import { refreshTables } from './useTableChange.ts'

type Table = Answered<'GET /tables/{id}'>

/** Makes a table somebody else's. Whoever hands it on may stay as somebody it is shared with. */
export function TransferTable({ table, around, onDone }: { table: Table; around: Around; onDone: () => void }) {
  const { owner, me, known } = around
  const [heir, setHeir] = useState('')
  const [stay, setStay] = useState(true)
  const navigate = useNavigate()
  const heirs = known.people.filter(({ id, role }) => role !== 'viewer' && id !== owner.id)
  const mine = owner.id === me
  const transfer = useMutation({
    mutationFn: async () => {
      const params = { id: table.id }
      // Before, not after: whoever no longer owns it could not share it with themselves.
      const version = mine && stay ? (await call('POST /tables/{id}/share', withMe(table, me))).version : table.version
      return call('POST /tables/{id}/transfer', { params, version, body: { userId: heir } })
    },
    onSuccess: async () => {
      onDone()
      if (mine && !stay) await navigate({ to: '/tables' })
      await refreshTables()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    transfer.mutate()
  }
  if (heirs.length === 0) {
    return <p className={forms.about}>There is no other editor or admin to hand it to. Viewers cannot own tables.</p>
  }
  return (
    <form className={forms.form} onSubmit={submit}>
      {transfer.error && <ChangeFailure error={transfer.error} onRefreshed={() => transfer.reset()} />}
      <label className={forms.field}>
        New owner
        <select className={forms.input} required value={heir} onChange={(event) => setHeir(event.target.value)}>
          <option value="">Choose an editor or admin</option>
          {heirs.map(({ id, name, role }) => (
            <option key={id} value={id}>
              {id === me ? 'Me' : `${name}, ${role}`}
            </option>
          ))}
        </select>
      </label>
      {mine && (
        <label className={sharing.check}>
          <input type="checkbox" checked={stay} onChange={(event) => setStay(event.target.checked)} />
          Keep it shared with me for editing
        </label>
      )}
      <p className={forms.about}>
        Only the new owner, or an admin who sees the table, can share it, hand it on or delete it from then on.
      </p>
      <div className={forms.actions}>
        <Button type="submit" disabled={heir === '' || transfer.isPending}>
          Hand it over
        </Button>
      </div>
    </form>
  )
}

function withMe(table: Table, me: string) {
  const { visibility, orgPermission, sharedWithTeams, sharedWithUsers } = sharingOf(table)
  const others = sharedWithUsers.filter(({ id }) => id !== me)
  const body = {
    visibility: visibility === 'PRIVATE' ? ('TEAM' as const) : visibility,
    ...{ orgPermission, sharedWithTeams },
    sharedWithUsers: [...others, { id: me, permission: 'edit' as const }],
  }
  return { params: { id: table.id }, version: table.version, body }
}
