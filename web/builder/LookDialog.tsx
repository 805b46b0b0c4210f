import { type FormEvent, useState } from 'react'
import type { Format } from '../../src/definition/schema.ts'
import type { Cell, OutputColumn } from '../../src/plan/columns.ts'
import { formatCell, isNumeric } from '../../src/rows/format.ts'
import { readerOptions } from '../api/generate.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { FormActions } from '../ui/FormActions.tsx'
import forms from '../ui/form.module.css'
import { TextField } from '../ui/TextField.tsx'
import styles from './builder.module.css'
import { isTime } from './choices.ts'
import type { Look, ShownEntry } from './edits.ts'
import { withFormat } from './looks.ts'

type Props = {
  /** As the result has it; undefined while there is none, when only the name can be chosen. */
  column: OutputColumn | undefined
  /** What it is called now. */
  name: string
  sample: Cell | undefined
  entry: ShownEntry['entry']
  /** Groups and lists of the server's own have none. */
  mayFormat: boolean
  mayHide: boolean
  onChoose: (look: Look) => void
  onClose: () => void
}

/** What a column is called and how its values read. It changes the table itself, so files and mails follow. */
export function LookDialog({ column, name, sample, entry, mayFormat, mayHide, onChoose, onClose }: Props) {
  const [label, setLabel] = useState(entry.label ?? '')
  const own = 'format' in entry ? (entry.format ?? {}) : {}
  const [format, setFormat] = useState<Format>(own)
  const [hidden, setHidden] = useState('hidden' in entry && entry.hidden === true)
  const choose = (event: FormEvent) => {
    event.preventDefault()
    const named = label.trim()
    onChoose({ ...(named !== '' && { label: named }), format, hidden })
  }
  const value = column && (sample ?? STAND_INS[column.type])
  const drawn = column && withFormat(column, own, format)
  return (
    <Dialog title={`Name and format of ${name}`} onClose={onClose}>
      <form className={forms.form} onSubmit={choose}>
        <TextField
          label="Name"
          maxLength={120}
          placeholder={entry.label === undefined ? name : 'As usual'}
          value={label}
          onChange={setLabel}
        />
        {mayFormat && column && isNumeric(column) && <NumberFields {...{ column, format, setFormat }} />}
        {mayFormat && column && isTime(column.type) && (
          <TimeFields {...{ column, format, setFormat }} sample={value ?? null} />
        )}
        {mayFormat && drawn && value !== undefined && (isNumeric(drawn) || isTime(drawn.type)) && (
          <p role="status" className={forms.about}>
            It reads <strong className={styles.sample}>{formatCell(value, drawn, readerOptions)}</strong>
          </p>
        )}
        {mayHide && (
          <label>
            <input type="checkbox" checked={hidden} onChange={(event) => setHidden(event.target.checked)} /> Only for
            sorting and calculating, not shown
          </label>
        )}
        <FormActions submit="Apply" onCancel={onClose} />
      </form>
    </Dialog>
  )
}

/** Where a result has no value to show a format by. */
const STAND_INS: Readonly<Partial<Record<OutputColumn['type'], Cell>>> = {
  integer: 1234,
  number: '1234.5678',
  money: '1234.5678',
  date: '2026-11-09',
  timestamp: '2026-11-09T14:03:07Z',
}

type FieldsProps = { column: OutputColumn; format: Format; setFormat: (format: Format) => void }

const STYLES = [
  ['number', 'A number'],
  ['percent', 'A percentage'],
  ['money', 'Money'],
] as const
const DECIMALS = [0, 1, 2, 3, 4, 5, 6]

function NumberFields({ column, format, setFormat }: FieldsProps) {
  const isMoney = format.style === 'money' || (format.style === undefined && column.type === 'money')
  const style = format.style ?? (format.currency === undefined ? undefined : 'money')
  return (
    <>
      <Choice
        label="Shown as"
        value={style}
        options={STYLES}
        onChange={(next) =>
          setFormat(defined({ ...format, style: next, ...(next !== 'money' && { currency: undefined }) }))
        }
      />
      {format.style === 'percent' && <p className={forms.about}>A share of one: 0.25 reads as 25%.</p>}
      {isMoney && (
        <Choice
          label="Currency"
          value={format.currency}
          options={currencies()}
          onChange={(currency) => setFormat(defined({ ...format, currency }))}
        />
      )}
      {isMoney && format.currency !== undefined && (
        <p className={forms.about}>Only how it is written: nothing is converted.</p>
      )}
      <Choice
        label="Decimals"
        value={format.decimals === undefined ? undefined : String(format.decimals)}
        options={[...new Set([...DECIMALS, ...(format.decimals === undefined ? [] : [format.decimals])])].map(
          (count) => [String(count), count === 0 ? 'None' : String(count)] as const,
        )}
        onChange={(count) => setFormat(defined({ ...format, decimals: count === undefined ? count : Number(count) }))}
      />
    </>
  )
}

function TimeFields({ column, format, setFormat, sample }: FieldsProps & { sample: Cell }) {
  const reads = (other: Format) => formatCell(sample, { ...column, format: { ...other, clock: 'none' } }, readerOptions)
  const dates = (['short', 'medium', 'long', 'iso'] as const).map((date) => [date, reads({ date })] as const)
  return (
    <>
      <Choice
        label="Date"
        value={format.date}
        options={dates}
        onChange={(date) => setFormat(defined({ ...format, date }))}
      />
      {column.type === 'timestamp' && (
        <Choice
          label="Time of day"
          value={format.clock}
          options={CLOCKS}
          onChange={(clock) => setFormat(defined({ ...format, clock }))}
        />
      )}
    </>
  )
}

const CLOCKS = [
  ['none', 'Not shown'],
  ['minutes', 'Hours and minutes'],
  ['seconds', 'Hours, minutes and seconds'],
] as const

type ChoiceProps<T extends string> = {
  label: string
  /** undefined: as usual. */
  value: T | undefined
  options: readonly (readonly [T, string])[]
  onChange: (value: T | undefined) => void
}

function Choice<T extends string>({ label, value, options, onChange }: ChoiceProps<T>) {
  return (
    <label className={forms.field}>
      {label}
      <select
        className={forms.input}
        value={value ?? ''}
        onChange={(event) => onChange(options.find(([one]) => one === event.target.value)?.[0])}
      >
        <option value="">As usual</option>
        {options.map(([one, shown]) => (
          <option key={one} value={one}>
            {shown}
          </option>
        ))}
      </select>
    </label>
  )
}

/** What is undefined is not there. */
function defined(format: { readonly [K in keyof Format]?: Format[K] | undefined }): Format {
  return Object.fromEntries(Object.entries(format).filter(([, value]) => value !== undefined))
}

function currencies(): readonly (readonly [string, string])[] {
  const names = new Intl.DisplayNames(readerOptions.locale, { type: 'currency' })
  return Intl.supportedValuesOf('currency').map((code) => [code, `${code}, ${names.of(code) ?? code}`] as const)
}
