import type { FieldCondition, Filter, Period, Value } from '../../src/definition/schema.ts'
import { Button } from '../ui/Button.tsx'
import styles from './builder.module.css'
import { type FieldChoice, isTime, opsFor, PERIODS } from './choices.ts'
import { FieldSelect } from './FieldSelect.tsx'

type Props = {
  filter: Filter
  fields: readonly FieldChoice[]
  onChange: (filter: Filter | undefined) => void
  depth?: number
}

/** Conditions and groups of them; what the builder has no controls for is shown as it is, and can be taken out. */
export function FilterEditor({ filter, fields, onChange, depth = 0 }: Props) {
  if ('all' in filter || 'any' in filter)
    return <Group filter={filter} fields={fields} onChange={onChange} depth={depth} />
  if ('field' in filter) return <Condition condition={filter} fields={fields} onChange={onChange} />
  return (
    <div className={styles.row}>
      <code className={styles.raw}>{JSON.stringify(filter)}</code>
      <Button kind="quiet" onClick={() => onChange(undefined)}>
        Remove
      </Button>
    </div>
  )
}

function Group({
  filter,
  fields,
  onChange,
  depth,
}: Omit<Props, 'filter' | 'depth'> & { filter: { all: Filter[] } | { any: Filter[] }; depth: number }) {
  const kind = 'all' in filter ? 'all' : 'any'
  const parts = 'all' in filter ? filter.all : filter.any
  const put = (next: Filter[], as: 'all' | 'any' = kind) => {
    if (next.length === 0) return onChange(undefined)
    onChange(as === 'all' ? { all: next } : { any: next })
  }
  const [first] = fields
  return (
    <fieldset className={depth === 0 ? styles.group : styles.nested}>
      <legend>
        <select
          className={styles.select}
          aria-label="How these conditions are joined"
          value={kind}
          onChange={(event) => put(parts, event.target.value as 'all' | 'any')}
        >
          <option value="all">All of these hold</option>
          <option value="any">Any of these holds</option>
        </select>
      </legend>
      {parts.map((part, index) => (
        <FilterEditor
          // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no names; their place is what they are known by
          key={`${index} ${'field' in part ? part.field : ''}`}
          filter={part}
          fields={fields}
          depth={depth + 1}
          onChange={(next) =>
            put(parts.flatMap((one, at) => (at !== index ? [one] : next === undefined ? [] : [next])))
          }
        />
      ))}
      <div className={styles.row}>
        <Button onClick={() => first && put([...parts, fresh(first)])}>Add condition</Button>
        {depth < 2 && (
          <Button
            kind="quiet"
            onClick={() => first && put([...parts, { [kind === 'all' ? 'any' : 'all']: [fresh(first)] } as Filter])}
          >
            Add group
          </Button>
        )}
      </div>
    </fieldset>
  )
}

/** A condition that runs as it is. */
export function fresh({ path, type, values }: FieldChoice): FieldCondition {
  if (isTime(type)) return { field: path, op: 'in_period', value: { this: 'year' } }
  if (type === 'boolean') return { field: path, op: 'eq', value: true }
  if (type === 'enum') return { field: path, op: 'eq', value: values?.[0]?.value ?? '' }
  return { field: path, op: 'not_empty' }
}

function Condition({ condition, fields, onChange }: Omit<Props, 'filter' | 'depth'> & { condition: FieldCondition }) {
  const choice = fields.find(({ path }) => path === condition.field)
  const ops = opsFor(choice?.type ?? 'text')
  const setOp = (op: FieldCondition['op']) => {
    const { value: _value, ...rest } = condition
    if (op === 'is_empty' || op === 'not_empty') return onChange({ ...rest, op })
    onChange({ ...rest, op, value: valueFor(op, condition.value, choice) })
  }
  return (
    <div className={styles.row}>
      <FieldSelect label="Field" fields={fields} value={condition.field} onChange={(next) => onChange(fresh(next))} />
      <select
        className={styles.select}
        aria-label="Comparison"
        value={condition.op}
        onChange={(event) => setOp(event.target.value as FieldCondition['op'])}
      >
        {!ops.some(([op]) => op === condition.op) && <option value={condition.op}>{condition.op}</option>}
        {ops.map(([op, label]) => (
          <option key={op} value={op}>
            {label}
          </option>
        ))}
      </select>
      {condition.value !== undefined && (
        <ValueEditor condition={condition} choice={choice} onChange={(value) => onChange({ ...condition, value })} />
      )}
      <Button kind="quiet" aria-label="Remove this condition" onClick={() => onChange(undefined)}>
        Remove
      </Button>
    </div>
  )
}

function valueFor(op: FieldCondition['op'], before: Value | undefined, choice: FieldChoice | undefined): Value {
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

function ValueEditor({
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
