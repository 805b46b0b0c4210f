import { useState } from 'react'
import sharing from '../sharing/sharing.module.css'
import forms from '../ui/form.module.css'
import styles from './settings.module.css'

const MANY = 8
type Item = { readonly id: string; readonly name: string; readonly about?: string; readonly disabled?: boolean }
type Props = {
  legend: string
  items: readonly Item[]
  chosen: readonly string[]
  onChange: (chosen: readonly string[]) => void
}

/** Several of a list; a long one can be searched. */
export function Checks({ legend, items, chosen, onChange }: Props) {
  const [search, setSearch] = useState('')
  const words = search.trim().toLowerCase()
  const shown = items.filter(({ name }) => name.toLowerCase().includes(words))
  return (
    <fieldset className={sharing.choices}>
      <legend className={sharing.legend}>{legend}</legend>
      {items.length > MANY && (
        <input
          className={forms.input}
          type="search"
          aria-label={`Search: ${legend}`}
          placeholder="Search"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      )}
      <div className={styles.checks}>
        {shown.map(({ id, name, about, disabled = false }) => (
          <label key={id} className={sharing.check}>
            <input
              type="checkbox"
              disabled={disabled}
              checked={chosen.includes(id)}
              onChange={(event) =>
                onChange(event.target.checked ? [...chosen, id] : chosen.filter((one) => one !== id))
              }
            />
            <span>
              {name}
              {about !== undefined && <span className={styles.quiet}> · {about}</span>}
            </span>
          </label>
        ))}
        {shown.length === 0 && <p className={forms.about}>Nothing has these letters.</p>}
      </div>
    </fieldset>
  )
}
