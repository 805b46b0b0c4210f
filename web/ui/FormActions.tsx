import { Button } from './Button.tsx'
import forms from './form.module.css'

type Props = {
  /** What sending the form does. */
  submit: string
  kind?: 'primary' | 'danger'
  disabled?: boolean
  onCancel: () => void
}

/** The end of a form in a dialog: doing it, or leaving. */
export function FormActions({ submit, kind = 'primary', disabled = false, onCancel }: Props) {
  return (
    <div className={forms.actions}>
      <Button kind={kind} type="submit" disabled={disabled}>
        {submit}
      </Button>
      <Button kind="quiet" onClick={onCancel}>
        Cancel
      </Button>
    </div>
  )
}
