import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../api/call.ts'
import { downloadReport, formatNames } from '../api/download.ts'
import { useReader, useSession } from '../api/session.ts'
import { SubjectDeliveries } from '../deliveries/SubjectDeliveries.tsx'
import type { State } from '../deliveries/states.ts'
import documents from '../documents/documents.module.css'
import { ShareDocument } from '../documents/ShareDocument.tsx'
import { useDocumentChanges } from '../documents/useDocumentChanges.ts'
import { useDownload } from '../exports/useDownload.ts'
import { ScheduleDialog } from '../schedules/ScheduleDialog.tsx'
import { ofReport } from '../schedules/subject.ts'
import { SeenBy } from '../sharing/SeenBy.tsx'
import { Button } from '../ui/Button.tsx'
import { Failed } from '../ui/Failed.tsx'
import forms from '../ui/form.module.css'
import { LessOften } from '../ui/LessOften.tsx'
import { Nothing } from '../ui/Nothing.tsx'
import { KeptPart, Tabs } from '../ui/Tabs.tsx'
import { longName } from '../ui/words.ts'
import { ReportBody } from './ReportBody.tsx'
import type { Report } from './ReportScreen.tsx'

const FILES = { pdf: formatNames.pdf, xlsx: formatNames.xlsx, csv: 'Zip of CSV' }

type Props = {
  report: Report
  onChanged: (next: Report) => void
  /** Absent: the reader may only look. */
  onEdit: (() => void) | undefined
}

/** A report as it is read, and what can be done with it. */
export function ReportView({ report, onChanged, onEdit }: Props) {
  const { id, name, description, schedule, items } = report
  const { show, state } = useSearch({ from: '/reports/$id' })
  const { mayWrite } = useReader()
  const params = { id }
  const [scheduling, setScheduling] = useState(false)
  const { data: session } = useSession()
  const me = session?.person?.id
  const changes = useDocumentChanges('reports', report, {
    remove: (newest) => call('DELETE /reports/{id}', { params, version: newest }),
    share: (newest, body) => call('POST /reports/{id}/share', { params, version: newest, body }),
  })
  const change = useMutation({ mutationFn: (run: () => Promise<Report>) => run(), onSuccess: onChanged })
  const file = useDownload()
  const failure = change.error ?? file.error
  const files = (Object.keys(FILES) as (keyof typeof FILES)[]).map((format) => ({
    label: FILES[format],
    says: `Download as ${FILES[format]}`,
    disabled: file.busy,
    onSelect: () => file.run((fetching) => downloadReport(id, name, format, fetching)),
  }))
  const navigate = useNavigate()
  const showState = (next: State | undefined) =>
    void navigate({
      ...{ to: '/reports/$id', params, replace: true, resetScroll: false },
      search: { show: 'deliveries', ...(next && { state: next }) },
    })
  const tab = (part: typeof show, label: string) => (
    <Link
      to="/reports/$id"
      params={params}
      search={{ ...(part && { show: part, ...(state && { state }) }) }}
      activeOptions={{ exact: true }}
      resetScroll={false}
    >
      {label}
    </Link>
  )
  if (report.deletedAt !== null) {
    return (
      <>
        <h1>{name}</h1>
        <div className={forms.actions}>
          <p role="status">This report is deleted.</p>
          <Button
            disabled={changes.removal.isPending}
            onClick={() => change.mutate(() => call('POST /reports/{id}/restore', { params }))}
          >
            Undo
          </Button>
        </div>
        <Failed error={change.error} />
      </>
    )
  }
  return (
    <>
      <header className={documents.head}>
        <div className={documents.titles}>
          <h1 data-long={longName(name) && true}>{name}</h1>
          {description && <p className={forms.about}>{description}</p>}
          {schedule && <p className={forms.about}>{schedule}</p>}
          <SeenBy thing={report} onShare={mayWrite && report.access === 'own' ? changes.sharing.show : undefined} />
        </div>
        <div className={forms.actions}>
          {onEdit && <Button onClick={onEdit}>Edit</Button>}
          {mayWrite && report.access === 'own' && <Button onClick={() => changes.sharing.show()}>Share</Button>}
          {mayWrite && report.access !== 'view' && <Button onClick={() => setScheduling(true)}>Schedule</Button>}
          <LessOften
            actions={[
              ...(items.some(({ kind }) => kind === 'table') ? files : []),
              mayWrite &&
                report.access === 'own' && {
                  label: 'Delete',
                  disabled: change.isPending,
                  onSelect: changes.remove,
                },
            ]}
          />
        </div>
      </header>
      <p role="status" className={documents.saving}>
        {file.words}
      </p>
      <Failed error={changes.removal.error} />
      {failure && <Failed error={failure} />}
      <Tabs label="Parts of this report">
        {tab(undefined, 'Contents')}
        {tab('deliveries', 'Deliveries')}
      </Tabs>
      <KeptPart shown={show === undefined}>
        {items.length === 0 && <Nothing title="Nothing in this report yet." />}
        <ReportBody items={items} />
      </KeptPart>
      {show === 'deliveries' && <SubjectDeliveries subject={ofReport(report)} state={state} onState={showState} />}
      {scheduling && me !== undefined && (
        <ScheduleDialog subject={ofReport(report)} me={me} onClose={() => setScheduling(false)} />
      )}
      {changes.sharing.open && (
        <ShareDocument
          one="report"
          document={report}
          failed={changes.sharing.failed}
          share={changes.share}
          onClose={changes.sharing.close}
        />
      )}
    </>
  )
}
