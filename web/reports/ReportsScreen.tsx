import { call } from '../api/call.ts'
import { DocumentsScreen } from '../documents/DocumentsScreen.tsx'

export function ReportsScreen() {
  return (
    <DocumentsScreen
      kind="reports"
      one="report"
      title="Reports"
      about="Tables in an order, with text between, as one document."
      list={async (query, signal) => {
        const { reports: documents, nextCursor } = await call('GET /reports', { query, signal })
        return { documents, nextCursor }
      }}
      create={(name, idempotencyKey) => call('POST /reports', { body: { name }, idempotencyKey })}
    />
  )
}
