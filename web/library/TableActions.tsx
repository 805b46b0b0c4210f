import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { type Answered, call } from '../api/call.ts'
import { download } from '../api/download.ts'
import { readerOptions } from '../api/generate.ts'
import { useSession } from '../api/session.ts'
import { Button } from '../ui/Button.tsx'
import forms from '../ui/form.module.css'
import { ChangeFailure } from './ChangeFailure.tsx'
import { ShareTable } from './ShareTable.tsx'
import { useTableChange, useTableRemoval } from './useTableChange.ts'

const FILES = { csv: 'CSV', xlsx: 'Excel', pdf: 'PDF' } as const

/** What can be done with a table. The server has the last word on who may. */
export function TableActions({ table }: { table: Answered<'GET /tables/{id}'> }) {
  const { id, version, definition } = table
  const params = { id }
  const [sharing, setSharing] = useState(false)
  const change = useTableChange()
  const remove = useTableRemoval(id)
  const navigate = useNavigate()
  const { data: session } = useSession()
  // A viewer may look, whatever a table is shared with them for.
  const writes = session?.organization?.role !== 'viewer'
  const owns = table.access === 'own' && writes
  if (table.deletedAt !== null) {
    return (
      <div className={forms.actions}>
        <p role="status">This table is deleted.</p>
        <Button onClick={() => change.mutate(() => call('POST /tables/{id}/restore', { params }))}>Undo</Button>
        {change.error && <ChangeFailure error={change.error} />}
      </div>
    )
  }
  const copy = async () => {
    const made = await call('POST /tables/{id}/clone', { params, body: {} })
    await navigate({ to: '/tables/$id', params: { id: made.id } })
  }
  const refresh = () => call('POST /tables/{id}/refresh', { params, body: { timezone: readerOptions.timezone } })
  return (
    <>
      <div className={forms.actions}>
        <Button disabled={change.isPending} onClick={() => change.mutate(refresh)}>
          Refresh
        </Button>
        {definition &&
          Object.entries(FILES).map(([format, label]) => (
            <Button
              key={format}
              disabled={change.isPending}
              onClick={() => change.mutate(() => download(definition, table.name, format as keyof typeof FILES))}
            >
              {label}
            </Button>
          ))}
        {writes && table.access !== 'view' && table.state !== 'hidden' && (
          <Button onClick={() => void navigate({ to: '/build', search: { table: id } })}>Edit</Button>
        )}
        {writes && (
          <Button disabled={change.isPending} onClick={() => change.mutate(copy)}>
            Duplicate
          </Button>
        )}
        {owns && (
          <>
            <Button onClick={() => setSharing(true)}>Share</Button>
            <Button
              kind="quiet"
              disabled={change.isPending}
              onClick={() => remove.mutate(() => call('DELETE /tables/{id}', { params, version }))}
            >
              Delete
            </Button>
          </>
        )}
      </div>
      {(change.error ?? remove.error) && <ChangeFailure error={change.error ?? remove.error} />}
      {sharing && <ShareTable table={table} onClose={() => setSharing(false)} />}
    </>
  )
}
