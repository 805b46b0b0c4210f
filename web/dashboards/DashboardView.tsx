import { useMutation } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { call } from '../api/call.ts'
import { readerOptions } from '../api/generate.ts'
import { readerTimezone } from '../api/locale.ts'
import { useOptimistic } from '../api/optimistic.ts'
import { queryClient } from '../api/query-client.ts'
import { useReader } from '../api/session.ts'
import documents from '../documents/documents.module.css'
import { ShareDocument } from '../documents/ShareDocument.tsx'
import { useDocumentChanges } from '../documents/useDocumentChanges.ts'
import { SeenBy } from '../sharing/SeenBy.tsx'
import { Button } from '../ui/Button.tsx'
import { Failed } from '../ui/Failed.tsx'
import forms from '../ui/form.module.css'
import { LessOften } from '../ui/LessOften.tsx'
import { Nothing } from '../ui/Nothing.tsx'
import { Notice } from '../ui/Notice.tsx'
import { longName } from '../ui/words.ts'
import styles from './dashboards.module.css'
import { FilterBar } from './FilterBar.tsx'
import { inOrder, lifted } from './layout.ts'
import { TileBox } from './TileBox.tsx'
import { type Dashboard, type FilterValues, type TileView, titleOf, withoutTable } from './tile.ts'

type Props = {
  dashboard: Dashboard
  onChanged: (next: Dashboard) => void
  /** Absent: the reader may only look. */
  onEdit: (() => void) | undefined
}

const NONE: FilterValues = {}

/** A dashboard as it is read: its filters, its tiles, and what can be done with all of it. */
export function DashboardView({ dashboard, onChanged, onEdit }: Props) {
  const { id, name, description, tiles, filters } = dashboard
  const { key: scope, mayWrite } = useReader()
  const params = { id }
  const { filters: values = NONE } = useSearch({ from: '/dashboards/$id' })
  const navigate = useNavigate()
  const setValues = (next: FilterValues) => {
    const search = Object.keys(next).length === 0 ? {} : { filters: next }
    void navigate({ to: '/dashboards/$id', params, search, replace: true, resetScroll: false })
  }
  const screen = useRef<HTMLDivElement>(null)
  const full = useFullScreen()
  const refresh = useMutation({
    mutationFn: () => call('POST /dashboards/{id}/refresh', { params, body: { timezone: readerOptions.timezone } }),
    onSuccess: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ['dashboards', ...scope, id, 'tile'] }),
        queryClient.invalidateQueries({ queryKey: ['table'] }),
      ]),
  })
  const changes = useDocumentChanges('dashboards', dashboard, {
    remove: (newest) => call('DELETE /dashboards/{id}', { params, version: newest }),
    share: (newest, body) => call('POST /dashboards/{id}/share', { params, version: newest, body }),
  })
  const removal = useOptimistic({ kinds: ['dashboards'], id, version: dashboard.version })
  const removeTile = (tile: TileView) => {
    const left = lifted(tiles.filter((one) => one.id !== tile.id))
    removal.mutate({
      patch: { tiles: left },
      run: (version) => call('PUT /dashboards/{id}', { params, version, body: { tiles: left.map(withoutTable) } }),
      failed: `“${titleOf(tile)}” could not be taken off “${name}” and is back`,
    })
  }
  const change = useMutation({ mutationFn: (run: () => Promise<Dashboard>) => run(), onSuccess: onChanged })
  if (dashboard.deletedAt !== null) {
    return (
      <>
        <h1>{name}</h1>
        <div className={forms.actions}>
          <p role="status">This dashboard is deleted.</p>
          <Button
            disabled={changes.removal.isPending}
            onClick={() => change.mutate(() => call('POST /dashboards/{id}/restore', { params }))}
          >
            Undo
          </Button>
        </div>
        <Failed error={change.error} />
      </>
    )
  }
  const owns = mayWrite && dashboard.access === 'own' && !full
  // A filter of before that is gone must not be sent any more.
  const known = Object.fromEntries(Object.entries(values).filter(([key]) => filters.some((one) => one.id === key)))
  const failed = refresh.data?.tiles.flatMap(({ tileId, failed: why }) => {
    const tile = tiles.find((one) => one.id === tileId)
    return why === undefined || tile === undefined ? [] : [{ tileId, text: `${titleOf(tile)}: ${why}` }]
  })
  return (
    <div ref={screen} className={styles.screen}>
      <header className={documents.head}>
        <div className={documents.titles}>
          <h1 data-long={longName(name) && true}>{name}</h1>
          {description && <p className={forms.about}>{description}</p>}
          {tiles.length > 0 && <p className={forms.about}>By the days of {readerTimezone}</p>}
          {!full && <SeenBy thing={dashboard} onShare={owns ? changes.sharing.show : undefined} />}
        </div>
        <div className={forms.actions}>
          {onEdit && !full && <Button onClick={onEdit}>Edit</Button>}
          {owns && <Button onClick={() => changes.sharing.show()}>Share</Button>}
          <LessOften
            actions={[
              tiles.length > 0 && {
                label: refresh.isPending ? 'Refreshing…' : 'Refresh all',
                disabled: refresh.isPending,
                onSelect: () => refresh.mutate(),
              },
              tiles.length > 0 &&
                document.fullscreenEnabled && {
                  label: full ? 'Leave full screen' : 'Full screen',
                  onSelect: () => void toggleFullScreen(screen.current),
                },
              owns && { label: 'Delete', disabled: change.isPending, onSelect: changes.remove },
            ]}
          />
        </div>
      </header>
      <Failed error={changes.removal.error ?? removal.error} />
      {(refresh.error ?? change.error) && <Failed error={refresh.error ?? change.error} />}
      {failed !== undefined && failed.length > 0 && (
        <Notice tone="warn" title="Not everything could be refreshed">
          {failed.map(({ tileId, text }) => (
            <p key={tileId}>{text}</p>
          ))}
        </Notice>
      )}
      {filters.length > 0 && <FilterBar filters={filters} values={known} onChange={setValues} />}
      {tiles.length === 0 && <Nothing title="Nothing on this dashboard yet." />}
      <div className={styles.grid}>
        {inOrder(tiles).map((tile) => (
          <TileBox
            key={tile.id}
            dashboard={id}
            tile={tile}
            filters={filters}
            values={known}
            onRemove={onEdit && (() => removeTile(tile))}
          />
        ))}
      </div>
      {changes.sharing.open && (
        <ShareDocument
          one="dashboard"
          document={dashboard}
          failed={changes.sharing.failed}
          share={changes.share}
          onClose={changes.sharing.close}
        />
      )}
    </div>
  )
}

function useFullScreen(): boolean {
  const [full, setFull] = useState(document.fullscreenElement !== null)
  useEffect(() => {
    const look = () => setFull(document.fullscreenElement !== null)
    document.addEventListener('fullscreenchange', look)
    return () => document.removeEventListener('fullscreenchange', look)
  }, [])
  return full
}

async function toggleFullScreen(screen: HTMLElement | null): Promise<void> {
  try {
    await (document.fullscreenElement === null ? screen?.requestFullscreen() : document.exitFullscreen())
  } catch {
    // The browser says no; the page stays as it is.
  }
}
