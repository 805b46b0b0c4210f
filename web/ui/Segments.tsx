import forms from './form.module.css'
import styles from './Segments.module.css'

type Props<T> = {
  legend: string
  options: readonly { readonly value: T; readonly label: string }[]
  value: T
  onChange: (value: T) => void
}

/** A few choices side by side, one of which holds. */
export function Segments<T extends string | undefined>({ legend, options, value, onChange }: Props<T>) {
  return (
    <fieldset className={`${forms.plain} ${styles.segments}`}>
      <legend className="visually-hidden">{legend}</legend>
      {options.map((one) => (
        <button key={one.label} type="button" aria-pressed={value === one.value} onClick={() => onChange(one.value)}>
          {one.label}
        </button>
      ))}
    </fieldset>
  )
}
