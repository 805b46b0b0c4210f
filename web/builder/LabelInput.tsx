import { useState } from 'react'
import styles from './builder.module.css'

type Props = { value: string; onChange: (label: string) => void }

/** What a column is called; an empty name is not kept. */
export function LabelInput({ value, onChange }: Props) {
  const [draft, setDraft] = useState({ text: value, of: value })
  if (draft.of !== value) setDraft({ text: value, of: value })
  return (
    <input
      className={`${styles.input} ${styles.name}`}
      aria-label="Name"
      maxLength={120}
      value={draft.text}
      onBlur={() => setDraft({ text: value, of: value })}
      onChange={({ target }) => {
        const whole = target.value.trim() !== ''
        setDraft({ text: target.value, of: whole ? target.value : value })
        if (whole) onChange(target.value)
      }}
    />
  )
}
