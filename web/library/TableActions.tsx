import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { type Answered, call } from '../api/call.ts'
import { readerOptions } from '../api/generate.ts'
import { useOptimistic } from '../api/optimistic.ts'
import { useReader, useSession } from '../api/session.ts'
import { useTakenBackChoice } from '../api/useTakenBackChoice.ts'
import { ExportDialog } from '../exports/ExportDialog.tsx'
import { ScheduleDialog } from '../schedules/ScheduleDialog.tsx'
import { ScheduleLine } from '../schedules/ScheduleLine.tsx'
import { ofTable } from '../schedules/subject.ts'
import { SeenBy } from '../sharing/SeenBy.tsx'
import { Button } from '../ui/Button.tsx'
import forms from '../ui/form.module.css'
import { LessOften } from '../ui/LessOften.tsx'
import { ChangeFailure } from './ChangeFailure.tsx'
import styles from './library.module.css'
import { PinTable } from './PinTable.tsx'
import { type Naming, RenameTable } from './RenameTable.tsx'
import { type Shared, ShareTable } from './ShareTable.tsx'
import { useTableChange } from './useTableChange.ts'
import { VerifyTable } from './VerifyTable.tsx'

/** What can be done with a table. The server has the last word on who may. */
export function TableActions({ table }: { table: Answered<'GET /tables/{id}'> }) {
  const { id, version, definition } = table
  const params = { id }
  const target = { kinds: ['table', 'tables'], id, version }
  const verifying = useTakenBackChoice<string>()
  const verify = useOptimistic(target)
  const sharing = useTakenBackChoice<Shared>()
  const share = useOptimistic(target)
  const naming = useTakenBackChoice<Naming>()
  const name = useOptimistic(target)
  const [pinning, setPinning] = useState(false)
  const [exporting, setExporting] = useState(false)
  const change = useTableChange()
  const remove = useOptimistic(target)
  const navigate = useNavigate()
  const { schedule, show } = useSearch({ from: '/tables/$id' })
  const { data: session } = useSession()
  const me = session?.person?.id
  const showSchedule = (open: boolean) =>
    void navigate({
      ...{ to: '/tables/$id', params, replace: !open },
      search: { ...(show && { show }), ...(open && { schedule: true }) },
    })
  const { mayWrite } = useReader()
  const isAdmin = session?.organization?.role === 'admin'
  const owns = table.access === 'own' && mayWrite
  const changes = table.access !== 'view' && mayWrite
  if (table.deletedAt !== null) {
    return (
      <div className={forms.actions}>
        <p role="status">This table is deleted.</p>
        <Button
          disabled={remove.isPending}
          onClick={() => change.mutate(() => call('POST /tables/{id}/restore', { params }))}
        >
          Undo
        </Button>
        {change.error && <ChangeFailure error={change.error} />}
      </div>
    )
  }
  const copy = async () => {
    const made = await call('POST /tables/{id}/clone', { params, body: {} })
    await navigate({ to: '/tables/$id', params: { id: made.id } })
  }
  const shareAs = (choice: Shared) =>
    share.mutate(
      {
        patch: choice.chosen,
        run: (newest) => call('POST /tables/{id}/share', { params, version: newest, body: choice.chosen }),
        failed: `“${table.name}” is shared as before`,
      },
      sharing.chosen(choice),
    )
  const nameIt = (given: Naming) =>
    name.mutate(
      {
        patch: given,
        run: (newest) => call('PUT /tables/{id}', { params, version: newest, body: given }),
        failed: `“${table.name}” is called as before`,
      },
      naming.chosen(given),
    )
  const verifyAs = (prompt: string | undefined) => {
    const by = { id: me ?? '', name: session?.person?.name ?? '' }
    verify.mutate(
      {
        patch: { verified: prompt === undefined ? null : { prompt, by, at: new Date().toISOString() } },
        run: (newest) =>
          prompt === undefined
            ? call('DELETE /tables/{id}/verify', { params, version: newest })
            : call('POST /tables/{id}/verify', { params, version: newest, body: { prompt } }),
        failed: `Vouching for “${table.name}” is as it was before`,
      },
      verifying.chosen(prompt ?? table.verified?.prompt ?? ''),
    )
  }
  const removeIt = () =>
    remove.mutate({
      patch: { deletedAt: new Date().toISOString() },
      gone: true,
      run: (newest) => call('DELETE /tables/{id}', { params, version: newest }),
      failed: `“${table.name}” could not be deleted and is back`,
    })
  const refresh = () => call('POST /tables/{id}/refresh', { params, body: { timezone: readerOptions.timezone } })
  return (
    <>
      <div className={styles.facts}>
        <ScheduleLine table={table} />
        <SeenBy thing={table} onShare={owns ? sharing.show : undefined} />
      </div>
      <div className={`${forms.actions} ${styles.actions}`}>
        {changes && table.state !== 'hidden' && (
          <Button onClick={() => void navigate({ to: '/build', search: { table: id } })}>Edit</Button>
        )}
        {mayWrite && !changes && table.state !== 'hidden' && (
          <Button disabled={change.isPending} onClick={() => change.mutate(copy)}>
            Make my own copy
          </Button>
        )}
        {owns && <Button onClick={sharing.show}>Share</Button>}
        {changes && <Button onClick={() => showSchedule(true)}>Schedule</Button>}
        {definition && <Button onClick={() => setExporting(true)}>Export</Button>}
        <LessOften
          actions={[
            changes && { label: 'Rename', onSelect: naming.show },
            { label: 'Refresh', disabled: change.isPending, onSelect: () => change.mutate(refresh) },
            mayWrite && { label: 'Pin to dashboard', onSelect: () => setPinning(true) },
            changes && { label: 'Duplicate', disabled: change.isPending, onSelect: () => change.mutate(copy) },
            isAdmin &&
              table.definition !== null && {
                label: table.verified ? 'Verified' : 'Vouch for it',
                onSelect: verifying.show,
              },
            owns && { label: 'Delete', disabled: change.isPending, onSelect: removeIt },
          ]}
        />
      </div>
      {(change.error ?? remove.error) && <ChangeFailure error={change.error ?? remove.error} />}
      {naming.open && <RenameTable table={table} failed={naming.failed} onName={nameIt} onClose={naming.close} />}
      {pinning && <PinTable table={table} onClose={() => setPinning(false)} />}
      {schedule && me !== undefined && (
        <ScheduleDialog subject={ofTable(table)} me={me} onClose={() => showSchedule(false)} />
      )}
      {exporting && <ExportDialog id={id} name={table.name} onClose={() => setExporting(false)} />}
      {verifying.open && (
        <VerifyTable table={table} failed={verifying.failed} onVerify={verifyAs} onClose={verifying.close} />
      )}
      {sharing.open && <ShareTable table={table} failed={sharing.failed} onShare={shareAs} onClose={sharing.close} />}
    </>
  )
}
