import type { FieldCondition, Period, Value } from '../../src/definition/schema.ts'
import styles from './builder.module.css'
import { type FieldChoice, isTime, PERIODS } from './choices.ts'

/** A value that fits an operator, of the one before where that can be. */
export function valueFor(op: FieldCondition['op'], before: Value | undefined, choice: FieldChoice | undefined): Value {
  if (op === 'in_period') return { this: 'year' }
  if (op === 'in' || op === 'not_in') return Array.isArray(before) ? before : typeof before === 'string' ? [before] : []
  if (choice !== undefined && isTime(choice.type)) return new Date().toISOString().slice(0, 10)
  if (choice?.type === 'boolean') return true
  if (Array.isArray(before)) return before[0] ?? ''
  if (typeof before === 'string' || typeof before === 'number') return before
  return choice !== undefined && ['integer', 'number', 'money'].includes(choice.type)
    ? 0
    : (choice?.values?.[0]?.value ?? 'a')
}

/** The control for the value of a condition. */
export function ValueEditor({
  condition,
  choice,
  onChange,
}: {
  condition: FieldCondition
  choice: FieldChoice | undefined
  onChange: (value: Value) => void
}) {
  const { op, value } = condition
  if (op === 'in_period') return <PeriodSelect period={value as Period} onChange={onChange} />
  if (choice?.values !== undefined && (op === 'in' || op === 'not_in')) {
    const chosen = Array.isArray(value) ? value.map(String) : []
    return (
      <span className={styles.checks}>
        {choice.values.map(({ value: one, label }) => (
          <label key={one}>
            <input
              type="checkbox"
              checked={chosen.includes(one)}
              onChange={(event) =>
                onChange(event.target.checked ? [...chosen, one] : chosen.filter((other) => other !== one))
              }
            />{' '}
            {label}
          </label>
        ))}
      </span>
    )
  }
  if (choice?.type === 'boolean') {
    return (
      <select
        className={styles.select}
        aria-label="Value"
        value={String(value)}
        onChange={(event) => onChange(event.target.value === 'true')}
      >
        <option value="true">yes</option>
        <option value="false">no</option>
      </select>
    )
  }
  if (choice?.values !== undefined) {
    return (
      <select
        className={styles.select}
        aria-label="Value"
        value={String(value)}
        onChange={(event) => onChange(event.target.value)}
      >
        {choice.values.map(({ value: one, label }) => (
          <option key={one} value={one}>
            {label}
          </option>
        ))}
      </select>
    )
  }
  if (typeof value === 'object') return <code className={styles.raw}>{JSON.stringify(value)}</code>
  const numeric = choice !== undefined && ['integer', 'number', 'money'].includes(choice.type)
  const type = choice !== undefined && isTime(choice.type) ? 'date' : numeric ? 'number' : 'text'
  return (
    <input
      className={styles.input}
      aria-label="Value"
      type={type}
      step="any"
      value={String(value ?? '')}
      onChange={(event) => onChange(numeric ? Number(event.target.value) : event.target.value)}
    />
  )
}

function PeriodSelect({ period, onChange }: { period: Period; onChange: (period: Period) => void }) {
  const text = JSON.stringify(period)
  const known = PERIODS.some((one) => JSON.stringify(one.period) === text)
  return (
    <select
      className={styles.select}
      aria-label="Period"
      value={text}
      onChange={(event) => onChange(JSON.parse(event.target.value) as Period)}
    >
      {!known && (
        <option value={text}>
          {Object.entries(period)
            .map((pair) => pair.join(' '))
            .join(', ')}
        </option>
      )}
      {PERIODS.map(({ label, period: one }) => (
        <option key={label} value={JSON.stringify(one)}>
          {label}
        </option>
      ))}
    </select>
  )
}
