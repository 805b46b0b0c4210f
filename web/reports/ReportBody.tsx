import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { call } from '../api/call.ts'
import { readerOptions } from '../api/generate.ts'
import { asOfText } from '../api/locale.ts'
import { useReader } from '../api/session.ts'
import { ResultTable, type Shown } from '../ask/ResultTable.tsx'
import { PlacedState, placedName } from '../documents/PlacedState.tsx'
import { Button } from '../ui/Button.tsx'
import { Failed } from '../ui/Failed.tsx'
import forms from '../ui/form.module.css'
import { countOf } from '../ui/words.ts'
import type { Report } from './ReportScreen.tsx'
import styles from './reports.module.css'

export type ReportItem = Report['items'][number]
type TableItem = Extract<ReportItem, { kind: 'table' }>

/** Rows of a table in a report that are read for the page; the file has all of them. */
const PAGE_ROWS = 100

/** The texts and tables of a report, in their order. */
export function ReportBody({ items }: { items: readonly ReportItem[] }) {
  return (
    <div className={styles.body}>
      {items.map((item, index) => {
        const key = `${index} ${item.kind}`
        if (item.kind === 'table') return <ReportTable key={key} item={item} />
        return item.style === 'heading' ? (
          <h2 key={key}>{item.text}</h2>
        ) : (
          <p key={key} className={styles.text}>
            {item.text}
          </p>
        )
      })}
    </div>
  )
}

function ReportTable({ item: { tableId, title, table } }: { item: TableItem }) {
  const { key: scope } = useReader()
  const readable = table.state === 'ok'
  const rows = useQuery({
    queryKey: ['reports', ...scope, 'rows', tableId],
    enabled: readable,
    retry: false,
    queryFn: () =>
      call('GET /tables/{id}/rows', {
        params: { id: tableId },
        query: { timezone: readerOptions.timezone, limit: PAGE_ROWS },
      }),
  })
  const name = title ?? placedName(table)
  return (
    <div className={styles.table}>
      <h3>
        {readable ? (
          <Link to="/tables/$id" params={{ id: tableId }}>
            {name}
          </Link>
        ) : (
          name
        )}
      </h3>
      {readable && (rows.data?.sentence ?? table.sentence) && (
        <p className={forms.about}>{rows.data?.sentence ?? table.sentence}</p>
      )}
      {!readable && (
        <div className={styles.absent}>
          <PlacedState table={table} />
        </div>
      )}
      {rows.isLoading && <p role="status">Reading the rows…</p>}
      {rows.error && (
        <Failed error={rows.error}>
          <Button onClick={() => void rows.refetch()}>Try again</Button>
        </Failed>
      )}
      {readable && rows.data && (
        <>
          <ResultTable table={rows.data as Shown} label={name} />
          <p className={forms.about}>
            {countOf(rows.data.rows.length, rows.data.rowCount)}, {asOfText(rows.data.asOf)}
          </p>
        </>
      )}
    </div>
  )
}
