import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { newId } from '../../src/lib/id.ts'
import { lookBelow } from '../../src/placing/look.ts'
import { type Answered, call } from '../api/call.ts'
import { FailedRequest } from '../api/failure.ts'
import { useOptimistic } from '../api/optimistic.ts'
import { queryClient } from '../api/query-client.ts'
import { useReader } from '../api/session.ts'
import { wishes } from '../api/wishes.ts'
import { suggestedLook } from '../dashboards/suggest.ts'
import { withoutTable } from '../dashboards/tile.ts'
import documents from '../documents/documents.module.css'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { Failed } from '../ui/Failed.tsx'
import { FormActions } from '../ui/FormActions.tsx'
import forms from '../ui/form.module.css'
import { TextField } from '../ui/TextField.tsx'

type Pinned = Pick<Answered<'GET /dashboards/{id}'>, 'id' | 'name'>

/** Puts a table on a dashboard that one may change, or on a new one. Whoever sees the table may. */
export function PinTable({ table, onClose }: { table: Answered<'GET /tables/{id}'>; onClose: () => void }) {
  const { key: scope } = useReader()
  const [name, setName] = useState('')
  const [wish] = useState(wishes)
  const list = useQuery({
    queryKey: ['dashboards', ...scope, 'pin'],
    queryFn: async () => (await call('GET /dashboards', { query: { limit: 200 } })).dashboards,
  })
  const readAgain = () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: ['dashboards'] }),
      queryClient.invalidateQueries({ queryKey: ['table'] }),
    ])
  const [pinned, setPinned] = useState<Pinned>()
  const pin = useOptimistic({ kinds: ['table', 'tables'], id: table.id, version: table.version })
  // It is said at once; whether a new dashboard came about, and where it is, only its answer says.
  const pinAt = ({ id, name: title }: Pinned) => {
    setPinned({ id, name: title })
    pin.mutate(
      {
        patch: { destinations: [...table.destinations, { type: 'dashboard', id }] },
        run: () => pinTo(id, table.id).then(readAgain),
        failed: `“${table.name}” is not on “${title}”`,
      },
      { onError: () => setPinned(undefined) },
    )
  }
  const make = useMutation({
    mutationFn: (run: () => Promise<Answered<'GET /dashboards/{id}'>>) => run(),
    onSuccess: (made) => {
      setPinned(made)
      return readAgain()
    },
  })
  const [tileId] = useState(() => newId('til'))
  const begin = (event: FormEvent) => {
    event.preventDefault()
    make.mutate(async () => {
      const first = { id: tileId, tableId: table.id, ...lookBelow([], await suggestedLook(table.id)) }
      const body = { name: name.trim(), tiles: [first] }
      return call('POST /dashboards', { body, idempotencyKey: wish(JSON.stringify(body)) })
    })
  }
  const own = list.data?.filter(({ access }) => access !== 'view')
  const isOn = (id: string) => table.destinations.some((one) => one.type === 'dashboard' && one.id === id)
  const error = pin.error ?? make.error
  if (pinned !== undefined) {
    return (
      <Dialog title="Pinned" onClose={onClose}>
        <div className={forms.form}>
          <p role="status">
            It is on{' '}
            <Link to="/dashboards/$id" params={{ id: pinned.id }}>
              {pinned.name}
            </Link>{' '}
            now.
          </p>
          <div className={forms.actions}>
            <Button onClick={onClose}>Close</Button>
          </div>
        </div>
      </Dialog>
    )
  }
  return (
    <Dialog title="Pin to a dashboard" onClose={onClose}>
      <div className={forms.form}>
        <Failed error={error} />
        {list.isLoading && <p role="status">Looking for your dashboards…</p>}
        <Failed error={list.error} />
        {own !== undefined && own.length > 0 && (
          <ul className={documents.picks}>
            {own.map(({ id, name: title }) => (
              <li key={id}>
                <button
                  type="button"
                  className={forms.person}
                  disabled={make.isPending}
                  onClick={() => pinAt({ id, name: title })}
                >
                  <strong>{title}</strong>
                  {isOn(id) && <span className={forms.about}>It is there already; this adds it once more</span>}
                </button>
              </li>
            ))}
          </ul>
        )}
        <form className={forms.form} onSubmit={begin}>
          <TextField
            label="A new dashboard"
            required
            maxLength={200}
            placeholder="Its name"
            value={name}
            onChange={setName}
          />
          <FormActions submit="Make it and pin" disabled={make.isPending || name.trim() === ''} onCancel={onClose} />
        </form>
      </div>
    </Dialog>
  )
}

/** Adds a tile below what is there; when somebody else was faster, below what is there then. */
async function pinTo(id: string, tableId: string, again = true): Promise<Answered<'GET /dashboards/{id}'>> {
  const params = { id }
  const [{ tiles, version }, look] = await Promise.all([
    call('GET /dashboards/{id}', { params }),
    suggestedLook(tableId),
  ])
  const tile = { id: newId('til'), tableId, ...lookBelow(tiles, look) }
  try {
    return await call('PUT /dashboards/{id}', { params, version, body: { tiles: [...tiles.map(withoutTable), tile] } })
  } catch (error) {
    if (!again || !(error instanceof FailedRequest) || error.failure.code !== 'version_conflict') throw error
    return pinTo(id, tableId, false)
  }
}
