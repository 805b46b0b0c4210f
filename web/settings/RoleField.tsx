import { useId } from 'react'
import type { Role } from '../api/people.ts'
import sharing from '../sharing/sharing.module.css'
import forms from '../ui/form.module.css'
import { roleWords } from './role-words.ts'

/** A choice of role, with what each one may do. */
export function RoleField({ value, onChange }: { value: Role; onChange: (role: Role) => void }) {
  const name = useId()
  return (
    <fieldset className={sharing.choices}>
      <legend className={sharing.legend}>Role</legend>
      {(Object.keys(roleWords) as Role[]).map((role) => (
        <label key={role} className={sharing.choice}>
          <input type="radio" name={name} checked={role === value} onChange={() => onChange(role)} />
          <span className={sharing.title}>
            <strong>{roleWords[role].title}</strong>
            <span className={forms.about}>{roleWords[role].about}</span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}
