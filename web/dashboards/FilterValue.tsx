import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { Period } from '../../src/definition/schema.ts'
import { useCatalog } from '../api/client.ts'
import builder from '../builder/builder.module.css'
import { isTime } from '../builder/choices.ts'
import { PeriodFields } from '../builder/PeriodFields.tsx'
import styles from './dashboards.module.css'
import { choicesOf, OP_WORDS, typedField } from './filter-words.ts'
import { ManyValues } from './ManyValues.tsx'
import type { SharedFilter } from './tile.ts'

type Props = {
  filter: Pick<SharedFilter, 'field' | 'op'>
  label: string
  /** Whether the label says how it compares; not where that is chosen beside it. */
  compares?: boolean
  value: unknown
  /** undefined: it filters nothing. */
  onChange: (value: unknown) => void
}

/** What a shared filter is set to, with the control that fits its field. */
export function FilterValue({ filter: { field, op }, label, compares = true, value, onChange }: Props) {
  const { data: catalog } = useCatalog()
  const { known, type } = typedField(catalog, field)
  if (op === 'in_period') {
    return (
      <div className={styles.filter}>
        <span aria-hidden="true">{label}</span>
        <PeriodFields
          label={label}
          period={(value ?? undefined) as Period | undefined}
          onChange={onChange}
          onAny={() => onChange(undefined)}
        />
      </div>
    )
  }
  const choices = choicesOf(known, type)
  const many = op === 'in' || op === 'not_in'
  if (choices !== undefined && many) {
    return (
      <ManyValues
        label={label}
        choices={choices}
        chosen={Array.isArray(value) ? value.map(String) : []}
        onChange={(next) => onChange(next.length === 0 ? undefined : next)}
      />
    )
  }
  if (choices !== undefined) {
    const read = (text: string) => (text === '' ? undefined : type === 'boolean' ? text === 'true' : text)
    return (
      <label className={styles.filter}>
        {label}
        <select
          className={builder.select}
          value={String(value ?? '')}
          onChange={(event) => onChange(read(event.target.value))}
        >
          <option value="">any</option>
          {choices.map((one) => (
            <option key={one.value} value={one.value}>
              {one.label}
            </option>
          ))}
        </select>
      </label>
    )
  }
  const numeric = ['integer', 'number', 'money'].includes(type)
  const input = isTime(type) ? 'date' : numeric ? 'number' : 'text'
  if (op === 'between') return <Between {...{ label, input, value, onChange }} />
  const read = (typed: string) => {
    const texts = (many ? typed.split(',') : [typed]).map((part) => part.trim()).filter(Boolean)
    const found = numeric ? texts.map(Number).filter(Number.isFinite) : texts
    onChange(many && found.length > 0 ? found : found[0])
  }
  return (
    <TypedValue
      label={compares && OP_WORDS[op] ? `${label} ${OP_WORDS[op]}` : label}
      type={many ? 'text' : input}
      text={Array.isArray(value) ? value.join(', ') : String(value ?? '')}
      onChange={read}
    />
  )
}

type Input = 'text' | 'date' | 'number'
type Range = { readonly min?: string | number; readonly max?: string | number }
type BetweenProps = { label: string; input: Input; value: unknown; onChange: (value: unknown) => void }

/** From one value to another; it filters as soon as both are there, and no more when both are gone. */
function Between({ label, input, value, onChange }: BetweenProps) {
  const given: Range = typeof value === 'object' && value !== null ? value : {}
  const [range, setRange] = useState({ of: value, ...given })
  if (range.of !== value) setRange({ of: value, ...given })
  const set = (end: 'min' | 'max', typed: string) => {
    const text = typed.trim()
    const { of: _of, [end]: _before, ...rest } = range
    const next: Range = { ...rest, ...(text !== '' && { [end]: input === 'number' ? Number(text) : text }) }
    setRange({ of: value, ...next })
    if (next.min !== undefined && next.max !== undefined) onChange({ min: next.min, max: next.max })
    else if (next.min === undefined && next.max === undefined) onChange(undefined)
  }
  return (
    <>
      <TypedValue
        label={`${label} from`}
        type={input}
        text={String(range.min ?? '')}
        onChange={(typed) => set('min', typed)}
      />
      <TypedValue label="to" type={input} text={String(range.max ?? '')} onChange={(typed) => set('max', typed)} />
    </>
  )
}

type Typed = { label: string; type: Input; text: string; onChange: (typed: string) => void }

/** What is typed is taken when it is done, by Enter or by leaving: every value runs all tiles. */
function TypedValue({ label, type, text, onChange }: Typed) {
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (input.current !== null) input.current.value = text
  }, [text])
  const take = () => {
    const typed = input.current?.value ?? ''
    if (typed.trim() !== text) onChange(typed)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    take()
  }
  return (
    <form onSubmit={submit}>
      <label className={styles.filter}>
        {label}
        <input
          ref={input}
          className={builder.input}
          type={type}
          step="any"
          placeholder="any"
          defaultValue={text}
          onBlur={take}
        />
      </label>
    </form>
  )
}
