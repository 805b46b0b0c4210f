import styles from './builder.module.css'
import type { MeasureChoice } from './choices.ts'

type Props = {
  label: string
  measures: readonly MeasureChoice[]
  value: string
  onChange: (measure: MeasureChoice) => void
}

/** One of the numbers that can be made of rows, grouped by whose rows they are. */
export function MeasureSelect({ label, measures, value, onChange }: Props) {
  const groups = [...Map.groupBy(measures, ({ group }) => group)]
  return (
    <select
      className={styles.select}
      aria-label={label}
      value={value}
      onChange={(event) => {
        const chosen = measures.find(({ key }) => key === event.target.value)
        if (chosen) onChange(chosen)
      }}
    >
      {value === '' && <option value="">{label}</option>}
      {groups.map(([group, some]) => (
        <optgroup key={group} label={group}>
          {some.map(({ key, label: text }) => (
            <option key={key} value={key}>
              {key === value && !text.includes(group.toLowerCase()) ? `${text}, ${group.toLowerCase()}` : text}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  )
}
