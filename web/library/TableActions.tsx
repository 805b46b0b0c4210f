import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { type Answered, call } from '../api/call.ts'
import { readerOptions } from '../api/generate.ts'
import { useOptimistic } from '../api/optimistic.ts'
import { useReader, useSession } from '../api/session.ts'
import { ExportDialog } from '../exports/ExportDialog.tsx'
import { ScheduleDialog } from '../schedules/ScheduleDialog.tsx'
import { ofTable } from '../schedules/subject.ts'
import type { Sharing } from '../sharing/words.ts'
import { Button } from '../ui/Button.tsx'
import forms from '../ui/form.module.css'
import { LessOften } from '../ui/LessOften.tsx'
import { ChangeFailure } from './ChangeFailure.tsx'
import styles from './library.module.css'
import { PinTable } from './PinTable.tsx'
import { type Naming, RenameTable, type Unnamed } from './RenameTable.tsx'
import { ShareTable, type Unshared } from './ShareTable.tsx'
import { useTableChange } from './useTableChange.ts'
import { type Unverified, VerifyTable } from './VerifyTable.tsx'

/** What can be done with a table. The server has the last word on who may. */
export function TableActions({ table }: { table: Answered<'GET /tables/{id}'> }) {
  const { id, version, definition } = table
  const params = { id }
  const [sharing, setSharing] = useState(false)
  const [unverified, setUnverified] = useState<Unverified>()
  const verify = useOptimistic({ kinds: ['table', 'tables'], id, version })
  const [unshared, setUnshared] = useState<Unshared>()
  const share = useOptimistic({ kinds: ['table', 'tables'], id, version })
  const [naming, setNaming] = useState(false)
  const [unnamed, setUnnamed] = useState<Unnamed>()
  const name = useOptimistic({ kinds: ['table', 'tables'], id, version })
  const [pinning, setPinning] = useState(false)
  const { mayWrite } = useReader()
  const [verifying, setVerifying] = useState(false)
  const [exporting, setExporting] = useState(false)
  const change = useTableChange()
  const remove = useOptimistic({ kinds: ['table', 'tables'], id, version })
  const navigate = useNavigate()
  const { schedule, show } = useSearch({ from: '/tables/$id' })
  const { data: session } = useSession()
  const me = session?.person?.id
  const showSchedule = (open: boolean) =>
    void navigate({
      ...{ to: '/tables/$id', params, replace: !open },
      search: { ...(show && { show }), ...(open && { schedule: true }) },
    })
  // A viewer may look, whatever a table is shared with them for.
  const writes = session?.organization?.role !== 'viewer'
  const isAdmin = session?.organization?.role === 'admin'
  const owns = table.access === 'own' && writes
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
  // It closes at once, and opens again with the choice when it could not be shared so.
  const shareAs = (chosen: Sharing, begun: Sharing) => {
    setSharing(false)
    share.mutate(
      {
        patch: chosen,
        run: (newest) => call('POST /tables/{id}/share', { params, version: newest, body: chosen }),
        failed: `“${table.name}” is shared as before`,
      },
      {
        onSuccess: () => setUnshared(undefined),
        onError: (error) => {
          setUnshared({ chosen, begun, error })
          setSharing(true)
        },
      },
    )
  }
  const nameIt = (given: Naming) => {
    setNaming(false)
    name.mutate(
      {
        patch: given,
        run: (newest) => call('PUT /tables/{id}', { params, version: newest, body: given }),
        failed: `“${table.name}” is called as before`,
      },
      {
        onSuccess: () => setUnnamed(undefined),
        onError: (error) => {
          setUnnamed({ ...given, error })
          setNaming(true)
        },
      },
    )
  }
  const verifyAs = (prompt: string | undefined) => {
    setVerifying(false)
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
      {
        onSuccess: () => setUnverified(undefined),
        onError: (error) => {
          setUnverified({ prompt: prompt ?? table.verified?.prompt ?? '', error })
          setVerifying(true)
        },
      },
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
      <div className={`${forms.actions} ${styles.actions}`}>
        {writes && table.access !== 'view' && table.state !== 'hidden' && (
          <Button onClick={() => void navigate({ to: '/build', search: { table: id } })}>Edit</Button>
        )}
        {owns && <Button onClick={() => setSharing(true)}>Share</Button>}
        {table.access !== 'view' && <Button onClick={() => showSchedule(true)}>Schedule</Button>}
        {definition && <Button onClick={() => setExporting(true)}>Export</Button>}
        <LessOften
          actions={[
            writes && table.access !== 'view' && { label: 'Rename', onSelect: () => setNaming(true) },
            { label: 'Refresh', disabled: change.isPending, onSelect: () => change.mutate(refresh) },
            mayWrite && { label: 'Pin to dashboard', onSelect: () => setPinning(true) },
            writes && { label: 'Duplicate', disabled: change.isPending, onSelect: () => change.mutate(copy) },
            isAdmin &&
              table.definition !== null && {
                label: table.verified ? 'Verified' : 'Vouch for it',
                onSelect: () => setVerifying(true),
              },
            owns && { label: 'Delete', disabled: change.isPending, onSelect: removeIt },
          ]}
        />
      </div>
      {(change.error ?? remove.error) && <ChangeFailure error={change.error ?? remove.error} />}
      {naming && (
        <RenameTable
          table={table}
          unnamed={unnamed}
          onName={nameIt}
          onClose={() => {
            setNaming(false)
            setUnnamed(undefined)
          }}
        />
      )}
      {pinning && <PinTable table={table} onClose={() => setPinning(false)} />}
      {schedule && me !== undefined && (
        <ScheduleDialog subject={ofTable(table)} me={me} onClose={() => showSchedule(false)} />
      )}
      {exporting && <ExportDialog id={id} name={table.name} onClose={() => setExporting(false)} />}
      {verifying && (
        <VerifyTable
          table={table}
          unverified={unverified}
          onVerify={verifyAs}
          onClose={() => {
            setVerifying(false)
            setUnverified(undefined)
          }}
        />
      )}
      {sharing && (
        <ShareTable
          table={table}
          unshared={unshared}
          onShare={shareAs}
          onClose={() => {
            setSharing(false)
            setUnshared(undefined)
          }}
        />
      )}
    </>
  )
}
