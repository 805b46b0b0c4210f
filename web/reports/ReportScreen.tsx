import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { type Answered, call } from '../api/call.ts'
import { queryClient } from '../api/query-client.ts'
import { useReader } from '../api/session.ts'
import { DocumentPage } from '../documents/DocumentPage.tsx'
import { useEditing } from '../documents/useEditing.ts'
import { type ReportDraft, ReportEditor } from './ReportEditor.tsx'
import { ReportView } from './ReportView.tsx'

export type Report = Answered<'GET /reports/{id}'>

/** One report, to read or to change. */
export function ReportScreen() {
  const { id } = useParams({ from: '/reports/$id' })
  const { key: scope, signedIn } = useReader()
  const key = ['reports', ...scope, id]
  const report = useQuery({
    queryKey: key,
    enabled: signedIn,
    retry: false,
    queryFn: () => call('GET /reports/{id}', { params: { id } }),
  })
  const keep = (next: Report) => {
    queryClient.setQueryData(key, next)
    void queryClient.invalidateQueries({ queryKey: ['reports', ...scope, 'list'] })
  }
  return (
    <DocumentPage kind="reports" found={report}>
      {(found) => <Modes key={`${id} ${scope.join(' ')}`} report={found} onChanged={keep} />}
    </DocumentPage>
  )
}

function Modes({ report, onChanged }: { report: Report; onChanged: (next: Report) => void }) {
  const { editing, editor, onEdit } = useEditing<Report, ReportDraft>(report, report.items.length === 0)
  if (!editing) return <ReportView report={report} onChanged={onChanged} onEdit={onEdit} />
  return (
    <>
      {editor.sent && <ReportView report={report} onChanged={onChanged} onEdit={undefined} />}
      <ReportEditor report={report} onChanged={onChanged} {...editor} />
    </>
  )
}
