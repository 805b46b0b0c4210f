import { useRef, useState } from 'react'
import type { Scalar } from '../../src/definition/schema.ts'
import { Icon } from '../ui/Icon.tsx'
import builder from './builder.module.css'
import styles from './ValueList.module.css'

type Props = { values: readonly Scalar[]; numeric: boolean; onChange: (values: Scalar[]) => void }

/** Several values that are typed: Enter adds one, and each can be taken out. */
export function ValueList({ values, numeric, onChange }: Props) {
  const [draft, setDraft] = useState('')
  const input = useRef<HTMLInputElement>(null)
  const add = () => {
    const text = draft.trim()
    const value = numeric ? Number(text) : text
    if (text === '' || Number.isNaN(value)) return
    setDraft('')
    if (!values.some((one) => String(one) === String(value))) onChange([...values, value])
  }
  return (
    <span className={styles.list}>
      {values.map((value) => (
        <button
          key={String(value)}
          type="button"
          className={styles.value}
          aria-label={`Take out ${value}`}
          onClick={() => {
            onChange(values.filter((one) => one !== value))
            input.current?.focus()
          }}
        >
          {String(value)}
          <Icon name="close" size={14} />
        </button>
      ))}
      <input
        ref={input}
        className={builder.input}
        aria-label="Add a value"
        placeholder="Add a value"
        inputMode={numeric ? 'decimal' : 'text'}
        value={draft}
        onBlur={add}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return
          event.preventDefault()
          add()
        }}
        onChange={({ target }) => setDraft(target.value)}
      />
    </span>
  )
}
