import { useQuery } from '@tanstack/react-query'
import type { OutputColumn } from '../../src/plan/columns.ts'
import { isNumeric } from '../../src/rows/format.ts'
import { call } from '../api/call.ts'
import { asFailure } from '../api/failure.ts'
import { readerOptions } from '../api/generate.ts'
import { useReader } from '../api/session.ts'
import forms from '../ui/form.module.css'
import { Problem, type Section } from './Section.tsx'
import styles from './schedules.module.css'

const KINDS = {
  always: 'Always',
  rows: 'Only while there are rows',
  changed: 'Only when the rows have changed since the last mail',
  threshold: 'Only when a value is reached',
} as const
const OPS = { gt: 'above', gte: 'at least', lt: 'below', lte: 'at most', eq: 'exactly', ne: 'other than' } as const
/** What can only be the same or another. */
const UNORDERED = ['text', 'enum', 'id', 'boolean']

/** Whether it is mailed when it comes due. */
export function ConditionFields({ draft, set, problems, table }: Section & { table: string | undefined }) {
  const { conditionKind } = draft
  return (
    <fieldset className={styles.section}>
      <legend>On which condition</legend>
      <label className={forms.field}>
        Mail it
        <select
          className={forms.input}
          value={conditionKind}
          onChange={({ target }) => set({ conditionKind: target.value as typeof conditionKind })}
        >
          {Object.entries(KINDS)
            .filter(([id]) => table !== undefined || id !== 'threshold')
            .map(([id, label]) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
        </select>
      </label>
      {conditionKind === 'threshold' && table !== undefined && (
        <ThresholdFields draft={draft} set={set} problems={problems} table={table} />
      )}
      <label className={styles.check}>
        <input type="checkbox" checked={draft.paused} onChange={({ target }) => set({ paused: target.checked })} />
        <span>Paused: nothing is mailed until this is taken off, and what was missed is not sent</span>
      </label>
    </fieldset>
  )
}

function ThresholdFields({ draft, set, problems, table: id }: Section & { table: string }) {
  const { key } = useReader()
  const rows = useQuery({
    queryKey: ['table', ...key, id, 'columns'],
    retry: false,
    queryFn: () =>
      call('GET /tables/{id}/rows', { params: { id }, query: { timezone: readerOptions.timezone, limit: 1 } }),
  })
  const { threshold } = draft
  const columns = (rows.data?.columns ?? []) as readonly OutputColumn[]
  const column = columns.find((one) => one.id === threshold.column)
  const ordered = column === undefined || !UNORDERED.includes(column.type)
  const change = (more: Partial<typeof threshold>) => set({ threshold: { ...threshold, ...more } })
  const choose = (chosen: string) => {
    const next = columns.find((one) => one.id === chosen)
    const keeps = next === undefined || !UNORDERED.includes(next.type) || ['eq', 'ne'].includes(threshold.op)
    change({ column: chosen, ...(!keeps && { op: 'eq' as const }), ...(next?.valueLabels && { value: '' }) })
  }
  return (
    <div className={styles.threshold}>
      {rows.error && <p className={styles.problem}>{asFailure(rows.error).message}</p>}
      <label className={forms.field}>
        Column
        <select
          id="schedule-column"
          className={forms.input}
          value={threshold.column}
          aria-invalid={problems.column !== undefined}
          onChange={({ target }) => choose(target.value)}
        >
          <option value="">{rows.isLoading ? 'Reading the columns…' : 'Choose a column'}</option>
          {threshold.column !== '' && column === undefined && (
            <option value={threshold.column}>{threshold.column}</option>
          )}
          {columns.map((one) => (
            <option key={one.id} value={one.id}>
              {one.label}
            </option>
          ))}
        </select>
        <Problem part="column" problems={problems} />
      </label>
      <div className={styles.pair}>
        <label className={forms.field}>
          Is
          <select
            className={forms.input}
            value={threshold.op}
            onChange={({ target }) => change({ op: target.value as typeof threshold.op })}
          >
            {Object.entries(OPS)
              .filter(([op]) => ordered || op === 'eq' || op === 'ne')
              .map(([op, word]) => (
                <option key={op} value={op}>
                  {word}
                </option>
              ))}
          </select>
        </label>
        <label className={forms.field} htmlFor="schedule-value">
          Value
          {column?.valueLabels ? (
            <select
              id="schedule-value"
              className={forms.input}
              value={threshold.value}
              aria-invalid={problems.value !== undefined}
              onChange={({ target }) => change({ value: target.value })}
            >
              <option value="">Choose</option>
              {Object.entries(column.valueLabels).map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          ) : (
            <input
              id="schedule-value"
              className={forms.input}
              inputMode={column && isNumeric(column) ? 'decimal' : 'text'}
              placeholder={column && isNumeric(column) ? 'Such as 1000 or 12.5' : ''}
              maxLength={200}
              value={threshold.value}
              aria-invalid={problems.value !== undefined}
              onChange={({ target }) => change({ value: target.value })}
            />
          )}
          <Problem part="value" problems={problems} />
        </label>
      </div>
      {(rows.data?.totals !== undefined || threshold.in === 'total') && (
        <label className={forms.field}>
          Looked for in
          <select
            className={forms.input}
            value={threshold.in}
            onChange={({ target }) => change({ in: target.value as typeof threshold.in })}
          >
            <option value="any">any row</option>
            <option value="total">the grand total</option>
          </select>
        </label>
      )}
    </div>
  )
}
