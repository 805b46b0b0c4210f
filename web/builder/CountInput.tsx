import styles from './builder.module.css'

type Props = {
  value: number | null | undefined
  max: number
  placeholder?: string
  /** The words around it, which are its label. */
  before: string
  after: string
  onChange: (value: number | undefined) => void
}

/** How many: a whole number from 1 on, or nothing. */
export function CountInput({ value, max, placeholder, before, after, onChange }: Props) {
  return (
    <label className={styles.row}>
      {before}
      <input
        className={`${styles.input} ${styles.count}`}
        type="number"
        min={1}
        max={max}
        step={1}
        placeholder={placeholder}
        value={value ?? ''}
        onChange={(event) => {
          const count = Number.parseInt(event.target.value, 10)
          onChange(Number.isNaN(count) || count < 1 ? undefined : Math.min(count, max))
        }}
      />
      {after}
    </label>
  )
}
