import forms from '../ui/form.module.css'
import { type Visibility, visibilityWords } from './visibility.ts'

export function VisibilityField({ value, onChange }: { value: Visibility; onChange: (value: Visibility) => void }) {
  return (
    <label className={forms.field}>
      Who sees it
      <select className={forms.input} value={value} onChange={(event) => onChange(event.target.value as Visibility)}>
        {Object.entries(visibilityWords).map(([id, words]) =>
          // With whom by name is not chosen here, so it can be kept but not begun.
          id === 'TEAM' && value !== 'TEAM' ? null : (
            <option key={id} value={id}>
              {words}
            </option>
          ),
        )}
      </select>
    </label>
  )
}
