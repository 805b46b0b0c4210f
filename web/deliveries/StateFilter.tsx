import forms from '../ui/form.module.css'
import styles from './deliveries.module.css'
import { type State, states, stateWords } from './states.ts'

type Props = {
  value: State | undefined
  onChange: (state: State | undefined) => void
  counts?: Readonly<Record<string, number>> | undefined
}

export function StateFilter({ value, onChange, counts }: Props) {
  return (
    <label className={`${forms.field} ${styles.filter}`}>
      State
      <select
        className={forms.input}
        value={value ?? ''}
        onChange={({ target }) => onChange(states.find((state) => state === target.value))}
      >
        <option value="">All</option>
        {states.map((state) => (
          <option key={state} value={state}>
            {stateWords[state].label}
            {counts && ` (${counts[state] ?? 0})`}
          </option>
        ))}
      </select>
    </label>
  )
}
