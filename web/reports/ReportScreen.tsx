import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { type Answered, call } from '../api/call.ts'
import { queryClient } from '../api/query-client.ts'
import { useReader } from '../api/session.ts'
import { DocumentPage } from '../documents/DocumentPage.tsx'
import { takeDraft } from '../documents/kept-drafts.ts'
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
  const { mayWrite } = useReader()
  const mayEdit = mayWrite && report.access !== 'view' && report.deletedAt === null
  const [unsaved, setUnsaved] = useState(() => takeDraft<Report, ReportDraft>(report))
  const [editing, setEditing] = useState(mayEdit && (unsaved !== undefined || report.items.length === 0))
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
        {sent && <ReportView report={report} onChanged={onChanged} onEdit={undefined} />}
        <ReportEditor {...{ report, unsaved, onChanged, sent }} onDone={done} onSent={setSent} />
      </>
    )
  }
  return <ReportView report={report} onChanged={onChanged} onEdit={mayEdit ? () => setEditing(true) : undefined} />
}
