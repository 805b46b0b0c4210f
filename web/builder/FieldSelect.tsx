import { createContext, use, useState } from 'react'
import styles from './builder.module.css'
import type { FieldChoice } from './choices.ts'

type Props = {
  label: string
  fields: readonly FieldChoice[]
  value: string
  onChange: (choice: FieldChoice) => void
}

/** Whether a list gets its options only once it is reached: of a hundred lists, to fill all of them takes seconds. */
export const Sparing = createContext(false)

/** One of the fields, grouped by where they are. A path the list does not have is shown as it is. */
export function FieldSelect({ label, fields, value, onChange }: Props) {
  const sparing = use(Sparing)
  const [reached, setReached] = useState(false)
  const reach = () => setReached(true)
  const offered = sparing && !reached ? fields.filter(({ path }) => path === value) : fields
  const groups = [...Map.groupBy(offered, ({ group }) => group)]
  const choose = (path: string) => {
    const found = fields.find((one) => one.path === path)
    if (found !== undefined) onChange(found)
  }
  return (
    <select
      className={styles.select}
      aria-label={label}
      value={value}
      onChange={(event) => choose(event.target.value)}
      onFocus={reach}
      onPointerEnter={reach}
    >
      {!fields.some(({ path }) => path === value) && <option value={value}>{value === '' ? label : value}</option>}
      {groups.map(([group, some]) => (
        <optgroup key={group} label={group}>
          {some.map(({ path, label: text }) => (
            <option key={path} value={path}>
              {path === value && path.includes('.') ? `${group}: ${text}` : text}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  )
}
