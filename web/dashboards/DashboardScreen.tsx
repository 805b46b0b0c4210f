import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../api/call.ts'
import { queryClient } from '../api/query-client.ts'
import { useReader } from '../api/session.ts'
import { DocumentPage } from '../documents/DocumentPage.tsx'
import { takeDraft } from '../documents/kept-drafts.ts'
import { DashboardEditor, type Draft } from './DashboardEditor.tsx'
import { DashboardView } from './DashboardView.tsx'
import type { Dashboard } from './tile.ts'

/** One dashboard, to read or to change. */
export function DashboardScreen() {
  const { id } = useParams({ from: '/dashboards/$id' })
  const { key: scope, signedIn } = useReader()
  const key = ['dashboards', ...scope, id]
  const dashboard = useQuery({
    queryKey: key,
    enabled: signedIn,
    retry: false,
    queryFn: () => call('GET /dashboards/{id}', { params: { id } }),
  })
  const keep = (next: Dashboard) => {
    queryClient.setQueryData(key, next)
    void queryClient.invalidateQueries({ queryKey: ['dashboards', ...scope, 'list'] })
  }
  return (
    <DocumentPage kind="dashboards" found={dashboard}>
      {(found) => <Modes key={`${id} ${scope.join(' ')}`} dashboard={found} onChanged={keep} />}
    </DocumentPage>
  )
}

function Modes({ dashboard, onChanged }: { dashboard: Dashboard; onChanged: (next: Dashboard) => void }) {
  const { mayWrite } = useReader()
  const mayEdit = mayWrite && dashboard.access !== 'view' && dashboard.deletedAt === null
  const [unsaved, setUnsaved] = useState(() => takeDraft<Dashboard, Draft>(dashboard))
  // One with nothing on it has nothing to read.
  const [editing, setEditing] = useState(mayEdit && (unsaved !== undefined || dashboard.tiles.length === 0))
  // The editor stays behind what was saved, with all that was typed, until the server has it.
  const [sent, setSent] = useState(false)
  if (editing && mayEdit) {
    const done = () => {
      setEditing(false)
      setSent(false)
      setUnsaved(undefined)
    }
    return (
      <>
        {sent && <DashboardView dashboard={dashboard} onChanged={onChanged} onEdit={undefined} />}
        <DashboardEditor {...{ dashboard, unsaved, onChanged, sent }} onDone={done} onSent={setSent} />
      </>
    )
  }
  return (
    <DashboardView dashboard={dashboard} onChanged={onChanged} onEdit={mayEdit ? () => setEditing(true) : undefined} />
  )
}
