import type { ComponentProps } from 'react'
import forms from './form.module.css'

type Props = Omit<ComponentProps<'input'>, 'value' | 'onChange' | 'type'> & {
  label: string
  value: string
  onChange: (text: string) => void
}

/** One line of text with its label. */
export function TextField({ label, onChange, ...input }: Props) {
  return (
    <label className={forms.field}>
      {label}
      <input className={forms.input} {...input} onChange={(event) => onChange(event.target.value)} />
    </label>
  )
}
