import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type Answered, call } from '../api/call.ts'
import { readerLocale } from '../api/locale.ts'
import { useReader } from '../api/session.ts'
import { Button } from '../ui/Button.tsx'
import { Failed } from '../ui/Failed.tsx'
import forms from '../ui/form.module.css'
import { ScrollBox } from '../ui/ScrollBox.tsx'
import { Accuracy } from './Accuracy.tsx'
import styles from './settings.module.css'

type Line = Answered<'GET /usage'>['lines'][number]
const DAYS = [7, 30, 90, 365] as const
const TRANSLATORS: Readonly<Record<string, string>> = {
  builtin: 'Built-in',
  openai: 'OpenAI',
  anthropic: 'Anthropic',
  verified: 'Verified tables',
}

/** What was asked, what came of it, and what it cost. */
export function UsageSection() {
  const { days = 30 } = useSearch({ from: '/settings/$section' })
  const navigate = useNavigate()
  const { key } = useReader()
  const usage = useQuery({
    queryKey: ['usage', ...key, days],
    queryFn: () => call('GET /usage', { query: { days } }),
  })
  const lines = usage.data?.lines ?? []
  const choose = (value: number) =>
    void navigate({ to: '/settings/$section', params: { section: 'usage' }, search: { days: value }, replace: true })
  return (
    <>
      <div className={styles.bar}>
        <label className={forms.field}>
          Of the last
          <select className={forms.input} value={days} onChange={(event) => choose(Number(event.target.value))}>
            {[...new Set([...DAYS, days])]
              .sort((a, b) => a - b)
              .map((one) => (
                <option key={one} value={one}>
                  {one === 1 ? '1 day' : `${one} days`}
                </option>
              ))}
          </select>
        </label>
      </div>
      {usage.isLoading && <p role="status">Adding it up…</p>}
      <Failed error={usage.error}>
        <Button onClick={() => void usage.refetch()}>Try again</Button>
      </Failed>
      {usage.data && <Figures lines={lines} tokensPerDay={usage.data.tokensPerDay} />}
      {usage.data && lines.length === 0 && <p>Nothing was asked in this time.</p>}
      {lines.length > 0 && (
        <ScrollBox className={styles.scroll} label="Usage by day">
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">Day (UTC)</th>
                <th scope="col">Understood by</th>
                {['Prompts', 'Answered', 'From memory', 'Tokens in', 'Tokens out', 'Time', 'Cost'].map((words) => (
                  <th key={words} scope="col" className={styles.number}>
                    {words}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {lines.map((line) => (
                <tr key={`${line.day} ${line.translator} ${line.model}`}>
                  <td className={styles.day}>{dayText(line.day)}</td>
                  <td>
                    {TRANSLATORS[line.translator] ?? line.translator}
                    {line.model !== null && <span className={styles.quiet}> {line.model}</span>}
                  </td>
                  <Count value={line.prompts} />
                  <Count value={line.answered} />
                  <Count value={line.cached} />
                  <Count value={line.inputTokens} />
                  <Count value={line.outputTokens} />
                  <td className={styles.number}>{line.averageMs.toLocaleString(readerLocale)} ms</td>
                  <td className={styles.number}>{line.dollars === null ? 'no price' : dollars(line.dollars)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      )}
      {lines.some((line) => line.dollars === null) && (
        <p className={styles.quiet}>Where it says “no price”, the server’s MODEL_PRICES does not name the model.</p>
      )}
      <Accuracy />
    </>
  )
}

function Figures({ lines, tokensPerDay }: { lines: readonly Line[]; tokensPerDay: number | null }) {
  const sum = (of: (line: Line) => number) => lines.reduce((total, line) => total + of(line), 0)
  const prompts = sum((line) => line.prompts)
  const answered = sum((line) => line.answered)
  const tokens = (line: Line) => line.inputTokens + line.outputTokens
  const today = new Date().toISOString().slice(0, 10)
  const usedToday = lines.filter(({ day }) => day === today).reduce((total, line) => total + tokens(line), 0)
  return (
    <dl className={styles.figures}>
      <Figure title="Prompts" value={whole(prompts)} />
      <Figure
        title="Answered"
        value={prompts === 0 ? '–' : `${Math.round((answered / prompts) * 100)}%`}
        about={`${whole(answered)} of ${whole(prompts)}`}
      />
      <Figure
        title="Tokens"
        value={compact(sum(tokens))}
        about={
          tokensPerDay === null ? 'No budget is set' : `Today ${compact(usedToday)} of ${compact(tokensPerDay)} a day`
        }
      />
      <Figure title="Cost" value={dollars(sum((line) => line.dollars ?? 0))} about="Where prices are known" />
    </dl>
  )
}

function Figure({ title, value, about }: { title: string; value: string; about?: string }) {
  return (
    <div className={styles.figure}>
      <dt>{title}</dt>
      <dd>
        {value}
        {about !== undefined && <p>{about}</p>}
      </dd>
    </div>
  )
}

const Count = ({ value }: { value: number }) => <td className={styles.number}>{whole(value)}</td>
const whole = (n: number) => n.toLocaleString(readerLocale, { maximumFractionDigits: 0 })
const compact = (n: number) => n.toLocaleString(readerLocale, { notation: 'compact', maximumFractionDigits: 1 })
const dollars = (n: number) =>
  n.toLocaleString(readerLocale, { style: 'currency', currency: 'USD', maximumFractionDigits: n > 0 && n < 1 ? 4 : 2 })
const dayText = (day: string) =>
  new Date(`${day}T00:00:00Z`).toLocaleDateString(readerLocale, { dateStyle: 'medium', timeZone: 'UTC' })
