import { useQuery } from '@tanstack/react-query'
import { call } from '../api/call.ts'
import { asFailure } from '../api/failure.ts'
import { readerOptions } from '../api/generate.ts'
import { useSession } from '../api/session.ts'
import { Notice } from '../ui/Notice.tsx'
import { AnswerView, type OnEdit } from './AnswerView.tsx'
import { FailureView } from './FailureView.tsx'
import styles from './TurnView.module.css'
import type { Kept } from './thread.ts'

type Props = { kept: Kept; prompt: string; byHand: boolean; onEdit: OnEdit }

/** A turn of before: its table is read anew, by the data and the rights of now. */
export function KeptView({ kept: { view }, prompt, byHand, onEdit }: Props) {
  const { data: session } = useSession()
  const { definition, answer, sentence, state } = view
  const rows = useQuery({
    queryKey: ['kept', session?.organization?.id, session?.person?.id, definition],
    enabled: definition !== null,
    retry: false,
    queryFn: ({ signal }) =>
      call('POST /tables/preview', {
        body: { definition: definition ?? {}, timezone: readerOptions.timezone },
        signal,
      }),
  })
  if (state === 'hidden') return <Notice tone="warn" title="It used columns that your role may not see any more" />
  if (state === 'broken') return <Notice tone="warn" title="It no longer fits the catalog; ask again" />
  if (definition === null) return <p className={styles.reason}>{wordsOf(answer)}</p>
  if (rows.error) return <FailureView failure={asFailure(rows.error)} onRetry={() => void rows.refetch()} />
  if (rows.data === undefined) return <p role="status">Reading the rows of now…</p>
  const { title, parts, columns, rows: cells, totals, truncated, maxRows, elapsedMs, statements } = rows.data
  const table = { columns, rows: cells, ...(totals && { totals }), truncated, maxRows, elapsedMs, statements }
  const text = (key: string) => (typeof answer[key] === 'string' ? String(answer[key]) : undefined)
  const assumed = Array.isArray(answer.assumptions) ? answer.assumptions.map(String) : []
  return (
    <AnswerView
      prompt={prompt}
      byHand={byHand}
      onEdit={onEdit}
      answer={{
        ...{ kind: 'answer', title: text('title') ?? title, definition, sentence: sentence ?? '', parts },
        ...(view.changeWords && { changes: view.changeWords }),
        ...{ assumptions: assumed, notes: [], totalMs: elapsedMs },
        confidence: typeof answer.confidence === 'number' ? answer.confidence : 1,
        translator: (text('translator') ?? 'builtin') as 'builtin',
        table: table as never,
      }}
    />
  )
}

/** What an answer without a table said. */
export function wordsOf(answer: Readonly<Record<string, unknown>>): string {
  const said = answer.reason ?? answer.message ?? answer.question
  return typeof said === 'string' ? said : 'Understood in part.'
}
