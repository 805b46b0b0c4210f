import type { Period, PeriodUnit } from '../../src/definition/schema.ts'
import styles from './builder.module.css'
import { PERIODS } from './choices.ts'

type FilledProps = { period: Period; onChange: (period: Period) => void }
type Props = {
  /** undefined: any time, where that may be. */
  period: Period | undefined
  label?: string
  onChange: (period: Period) => void
  /** Where any time may be. */
  onAny?: () => void
}

const UNITS: readonly (readonly [PeriodUnit, string])[] = [
  ['hour', 'hours'],
  ['day', 'days'],
  ['week', 'weeks'],
  ['month', 'months'],
  ['quarter', 'quarters'],
  ['year', 'years'],
  ['fiscal_quarter', 'fiscal quarters'],
  ['fiscal_year', 'fiscal years'],
]
/** Periods with something to fill in, by the key that tells them apart. */
const FORMS = {
  last: 'the last …',
  next: 'the next …',
  year: 'a year …',
  fiscal_year: 'a fiscal year …',
  quarter: 'a quarter …',
  month: 'a month …',
  day: 'a day …',
  from: 'from … to …',
  since: 'since …',
  before: 'before …',
} as const
type Form = keyof typeof FORMS
const forms = Object.entries(FORMS) as [Form, string][]

/** A stretch of time: one of those that are often meant, or one that is filled in. */
export function PeriodFields({ period, label: name = 'Period', onChange, onAny }: Props) {
  const text = period === undefined ? '' : JSON.stringify(period)
  const usual = period === undefined || PERIODS.some((one) => JSON.stringify(one.period) === text)
  const form = usual ? undefined : forms.find(([key]) => key in period)?.[0]
  return (
    <>
      <select
        className={styles.select}
        aria-label={name}
        value={form ?? text}
        onChange={({ target: { value } }) => {
          if (value === '') onAny?.()
          else onChange(value in FORMS ? begun(value as Form) : (JSON.parse(value) as Period))
        }}
      >
        {onAny && <option value="">any time</option>}
        {!usual && form === undefined && <option value={text}>{spoken(period)}</option>}
        {PERIODS.map(({ label, period: one }) => (
          <option key={label} value={JSON.stringify(one)}>
            {label}
          </option>
        ))}
        <optgroup label="To fill in">
          {forms.map(([key, label]) => (
            <option key={key} value={key}>
              {label}
            </option>
          ))}
        </optgroup>
      </select>
      {!usual && <Rest period={period} onChange={onChange} />}
    </>
  )
}

/** A period of a form that is no usual one, or the form could not be told from it. */
function begun(form: Form): Period {
  const now = new Date()
  const year = now.getFullYear()
  const day = now.toISOString().slice(0, 10)
  switch (form) {
    case 'last':
    case 'next':
      return form === 'last' ? { last: 6, unit: 'month' } : { next: 6, unit: 'month' }
    case 'year':
      return { year }
    case 'fiscal_year':
      return { fiscal_year: year }
    case 'quarter':
      return { quarter: `${year}-Q${Math.floor(now.getMonth() / 3) + 1}` }
    case 'month':
      return { month: day.slice(0, 7) }
    case 'day':
      return { day }
    case 'from':
      return { from: `${year}-01-01`, to: `${year + 1}-01-01` }
    case 'since':
      return { since: `${year}-01-01` }
    case 'before':
      return { before: `${year}-01-01` }
  }
}

function Rest({ period, onChange }: FilledProps) {
  if ('last' in period || 'next' in period) {
    const { unit } = period
    const count = 'last' in period ? period.last : period.next
    const write = (next: number, of: PeriodUnit) =>
      onChange('last' in period ? { ...period, last: next, unit: of } : { ...period, next, unit: of })
    return (
      <>
        <NumberInput label="How many" min={1} max={1000} value={count} onChange={(next) => write(next, unit)} />
        <select
          className={styles.select}
          aria-label="Unit"
          value={unit}
          onChange={({ target }) => write(count, target.value as PeriodUnit)}
        >
          {UNITS.map(([one, label]) => (
            <option key={one} value={one}>
              {label}
            </option>
          ))}
        </select>
      </>
    )
  }
  if ('year' in period)
    return <NumberInput label="Year" min={2} max={9998} value={period.year} onChange={(year) => onChange({ year })} />
  if ('fiscal_year' in period)
    return (
      <NumberInput
        label="Fiscal year"
        min={2}
        max={9998}
        value={period.fiscal_year}
        onChange={(fiscal_year) => onChange({ fiscal_year })}
      />
    )
  if ('quarter' in period)
    return <QuarterInput quarter={period.quarter} onChange={(quarter) => onChange({ quarter })} />
  if ('month' in period)
    return <DateInput label="Month" type="month" value={period.month} onChange={(month) => onChange({ month })} />
  if ('day' in period) return <DateInput label="Day" value={period.day} onChange={(day) => onChange({ day })} />
  if ('since' in period)
    return <DateInput label="Since" value={period.since} onChange={(since) => onChange({ since })} />
  if ('before' in period)
    return <DateInput label="Before" value={period.before} onChange={(before) => onChange({ before })} />
  if (!('from' in period)) return null
  const { from, to } = period
  return (
    <>
      <DateInput label="From" value={from} onChange={(next) => onChange({ from: next, to })} />
      <span>to before</span>
      <DateInput label="To before" value={to} onChange={(next) => onChange({ from, to: next })} />
    </>
  )
}

type NumberProps = { label: string; min: number; max: number; value: number; onChange: (value: number) => void }

function NumberInput({ label, min, max, value, onChange }: NumberProps) {
  return (
    <input
      className={`${styles.input} ${styles.count}`}
      type="number"
      aria-label={label}
      {...{ min, max, value }}
      step={1}
      onChange={({ target }) => {
        const next = Math.trunc(Number(target.value))
        onChange(Math.max(min, Math.min(next, max)))
      }}
    />
  )
}

function QuarterInput({ quarter, onChange }: { quarter: string; onChange: (quarter: string) => void }) {
  const [year = '', part = 'Q1'] = quarter.split('-')
  return (
    <>
      <select
        className={styles.select}
        aria-label="Quarter"
        value={part}
        onChange={({ target }) => onChange(`${year}-${target.value}`)}
      >
        {['Q1', 'Q2', 'Q3', 'Q4'].map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
      <NumberInput
        label="Year"
        min={1000}
        max={9998}
        value={Number(year)}
        onChange={(next) => onChange(`${next}-${part}`)}
      />
    </>
  )
}

type DateProps = { label: string; type?: 'date' | 'month'; value: string; onChange: (value: string) => void }

function DateInput({ label, type = 'date', value, onChange }: DateProps) {
  // A moment with its clock is more than a field for days could hold.
  const plain = type === 'month' || value.length === 10
  return (
    <input
      className={styles.input}
      type={plain ? type : 'text'}
      aria-label={label}
      value={value}
      onChange={({ target }) => {
        if (target.value !== '') onChange(target.value)
      }}
    />
  )
}

/** A period that is neither usual nor filled in: "this fiscal quarter". */
function spoken(period: Period): string {
  const [[key = '', unit = ''] = []] = Object.entries(period)
  const name = String(unit).replaceAll('_', ' ')
  return key === 'to_date' ? `this ${name} so far` : `${key === 'previous' ? 'last' : key} ${name}`
}
