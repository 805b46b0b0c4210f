import styles from './builder.module.css'
import type { FieldChoice } from './choices.ts'

type Props = {
  label: string
  fields: readonly FieldChoice[]
  value: string
  onChange: (choice: FieldChoice) => void
}

/** One of the fields, grouped by where they are. A path the list does not have is shown as it is. */
export function FieldSelect({ label, fields, value, onChange }: Props) {
  const groups = [...Map.groupBy(fields, ({ group }) => group)]
  const choose = (path: string) => {
    const found = fields.find((one) => one.path === path)
    if (found !== undefined) onChange(found)
  }
  return (
    <select className={styles.select} aria-label={label} value={value} onChange={(event) => choose(event.target.value)}>
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
