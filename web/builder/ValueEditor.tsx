import type { Op, Period, Scalar, Value } from '../../src/definition/schema.ts'
import styles from './builder.module.css'
import { type FieldChoice, isTime, kindOf } from './choices.ts'
import { OVER_ROWS, peers } from './conditions.ts'
import { FieldSelect } from './FieldSelect.tsx'
import { PeriodFields } from './PeriodFields.tsx'
import { ValueList } from './ValueList.tsx'

type Props = {
  op: Op
  value: Value
  left: FieldChoice | undefined
  fields: readonly FieldChoice[]
  onChange: (value: Value) => void
}

/** The control for the value of a condition. */
export function ValueEditor({ op, value, left, fields, onChange }: Props) {
  if (op === 'in_period') return <PeriodFields period={value as Period} onChange={onChange} />
  if (Array.isArray(value)) {
    return left?.values === undefined ? (
      <ValueList values={value} numeric={kindOf(left?.type ?? 'text') === 'number'} onChange={onChange} />
    ) : (
      <Checks values={left.values} chosen={value.map(String)} onChange={onChange} />
    )
  }
  if (typeof value !== 'object') return <ScalarInput label="Value" value={value} left={left} onChange={onChange} />
  if ('min' in value) {
    const { min, max } = value
    return (
      <>
        <ScalarInput label="From" value={min} left={left} onChange={(next) => onChange({ min: next, max })} />
        <span>to</span>
        <ScalarInput label="To" value={max} left={left} onChange={(next) => onChange({ min, max: next })} />
      </>
    )
  }
  if ('field' in value) {
    return (
      <FieldSelect
        label="Other field"
        fields={peers(left, fields)}
        value={value.field}
        onChange={({ path }) => onChange({ field: path })}
      />
    )
  }
  if (!('aggregate' in value)) return null
  return (
    <select
      className={styles.select}
      aria-label="Of all rows"
      value={value.aggregate.fn}
      onChange={(event) => {
        const fn = event.target.value as (typeof OVER_ROWS)[number][0]
        onChange({ aggregate: { ...value.aggregate, fn } })
      }}
    >
      {OVER_ROWS.map(([fn, label]) => (
        <option key={fn} value={fn}>
          {label}
        </option>
      ))}
    </select>
  )
}

type ChecksProps = {
  values: NonNullable<FieldChoice['values']>
  chosen: readonly string[]
  onChange: (values: string[]) => void
}

function Checks({ values, chosen, onChange }: ChecksProps) {
  return (
    <span className={styles.checks}>
      {values.map(({ value, label }) => (
        <label key={value}>
          <input
            type="checkbox"
            checked={chosen.includes(value)}
            onChange={({ target }) =>
              onChange(target.checked ? [...chosen, value] : chosen.filter((other) => other !== value))
            }
          />{' '}
          {label}
        </label>
      ))}
    </span>
  )
}

type ScalarProps = {
  label: string
  value: Scalar
  left: FieldChoice | undefined
  onChange: (value: Scalar) => void
}

function ScalarInput({ label, value, left, onChange }: ScalarProps) {
  const choices = left?.type === 'boolean' ? YES_NO : left?.values
  if (choices !== undefined) {
    const known = choices.some((one) => one.value === String(value))
    return (
      <select
        className={styles.select}
        aria-label={label}
        value={String(value)}
        onChange={({ target }) => onChange(left?.type === 'boolean' ? target.value === 'true' : target.value)}
      >
        {!known && <option value={String(value)}>{String(value)}</option>}
        {choices.map((one) => (
          <option key={one.value} value={one.value}>
            {one.label}
          </option>
        ))}
      </select>
    )
  }
  const numeric = kindOf(left?.type ?? 'text') === 'number'
  // A moment with its clock is more than a field for days could hold.
  const day = left !== undefined && isTime(left.type) && /^(\d{4}-\d{2}-\d{2})?$/.test(String(value))
  return (
    <input
      className={styles.input}
      aria-label={label}
      type={day ? 'date' : numeric ? 'number' : 'text'}
      step="any"
      value={String(value)}
      onChange={({ target }) => onChange(numeric ? Number(target.value) : target.value)}
    />
  )
}

const YES_NO = [
  { value: 'true', label: 'yes' },
  { value: 'false', label: 'no' },
] as const
