import { call } from '../api/call.ts'
import { DocumentsScreen } from '../documents/DocumentsScreen.tsx'

export function DashboardsScreen() {
  return (
    <DocumentsScreen
      kind="dashboards"
      one="dashboard"
      title="Dashboards"
      about="Tables side by side, with filters that they share."
      list={async (query, signal) => {
        const { dashboards: documents, nextCursor } = await call('GET /dashboards', { query, signal })
        return { documents, nextCursor }
      }}
      create={(name, idempotencyKey) => call('POST /dashboards', { body: { name }, idempotencyKey })}
    />
  )
}
