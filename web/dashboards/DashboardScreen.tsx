import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { call } from '../api/call.ts'
import { queryClient } from '../api/query-client.ts'
import { useReader } from '../api/session.ts'
import { DocumentPage } from '../documents/DocumentPage.tsx'
import { useEditing } from '../documents/useEditing.ts'
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
  const { editing, editor, onEdit } = useEditing<Dashboard, Draft>(dashboard, dashboard.tiles.length === 0)
  if (!editing) return <DashboardView dashboard={dashboard} onChanged={onChanged} onEdit={onEdit} />
  return (
    <>
      {editor.sent && <DashboardView dashboard={dashboard} onChanged={onChanged} onEdit={undefined} />}
      <DashboardEditor dashboard={dashboard} onChanged={onChanged} {...editor} />
    </>
  )
}
