import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type Answered, call } from '../api/call.ts'
import { readerOptions } from '../api/generate.ts'
import { useReader } from '../api/session.ts'
import { Button } from '../ui/Button.tsx'
import { Failed } from '../ui/Failed.tsx'
import styles from './settings.module.css'

const VERDICTS = { right: 'Right', wrong: 'Other numbers', not_understood: 'Not understood' } as const
const AT_ONCE = 20
type Verdict = Answered<'POST /verified-prompts/check'>['verdicts'][number]

/** How well the translator does on the organization's own questions: those that somebody vouched for, asked anew. */
export function Accuracy() {
  const { key } = useReader()
  const list = useQuery({ queryKey: ['verified', ...key], queryFn: () => call('GET /verified-prompts', {}) })
  const check = useMutation({
    mutationFn: async (): Promise<readonly Verdict[]> => {
      const found: Verdict[] = []
      for (;;) {
        const body = { from: found.length, limit: AT_ONCE, timezone: readerOptions.timezone }
        const { verdicts, total } = await call('POST /verified-prompts/check', { body })
        found.push(...verdicts)
        if (verdicts.length === 0 || found.length >= total) return found
      }
    },
  })
  const prompts = list.data?.prompts ?? []
  const verdictOf = (tableId: string) => check.data?.find((one) => one.tableId === tableId)
  const right = check.data?.filter(({ verdict }) => verdict === 'right').length ?? 0
  const error = list.error ?? check.error
  return (
    <section aria-labelledby="accuracy">
      <h3 id="accuracy">Accuracy on your own questions</h3>
      <Failed error={error} />
      {list.data && prompts.length === 0 && (
        <p className={styles.quiet}>
          Nobody has vouched for a table yet. An admin does that on the table’s own page; its words are then asked here.
        </p>
      )}
      {prompts.length > 0 && (
        <>
          <p className={styles.quiet}>
            {prompts.length === 1 ? '1 question' : `${prompts.length} questions`} that somebody vouched for, asked as if
            nobody had.
          </p>
          <Button disabled={check.isPending} onClick={() => check.mutate()}>
            {check.isPending ? 'Asking them…' : 'Ask them all'}
          </Button>
          <p role="status">
            {check.data && `${right} of ${check.data.length} right (${Math.round((right / check.data.length) * 100)}%)`}
          </p>
          <ul>
            {prompts.map(({ tableId, prompt, sentence }) => {
              const verdict = verdictOf(tableId)
              return (
                <li key={tableId}>
                  <Link to="/tables/$id" params={{ id: tableId }}>
                    {prompt}
                  </Link>
                  {verdict && ` · ${VERDICTS[verdict.verdict]}`}
                  <p className={styles.quiet}>{verdict?.verdict === 'wrong' ? verdict.sentence : sentence}</p>
                </li>
              )
            })}
          </ul>
        </>
      )}
    </section>
  )
}
