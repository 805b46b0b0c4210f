import { Button } from '../ui/Button.tsx'
import forms from '../ui/form.module.css'
import { Icon } from '../ui/Icon.tsx'
import { teamAbout } from './SharePicker.tsx'
import styles from './sharing.module.css'
import type { Around, Sharing } from './words.ts'

type Props = { value: Sharing; around: Around; onChange: (value: Sharing) => void }

/** Everybody who is named, and what each may do. */
export function NamedList({ value, around, onChange }: Props) {
  const { people, teams } = around.known
  const rows = [
    ...value.sharedWithTeams.map(({ id, permission }) => {
      const team = teams.find((one) => one.id === id)
      const about = team === undefined ? 'No longer a team here' : teamAbout(id, people)
      return { kind: 'sharedWithTeams' as const, id, permission, name: team?.name ?? id, about, viewer: false }
    }),
    ...value.sharedWithUsers.map(({ id, permission }) => {
      const person = people.find((one) => one.id === id)
      const viewer = person?.role === 'viewer'
      const about = person === undefined ? 'No longer a member here' : viewer ? 'Viewers cannot edit' : person.role
      return { kind: 'sharedWithUsers' as const, id, permission, name: person?.name ?? id, about, viewer }
    }),
  ]
  if (rows.length === 0) return <p className={forms.about}>Nobody is named yet.</p>
  return (
    <ul className={styles.rows}>
      {rows.map(({ kind, id, permission, name, about, viewer }) => (
        <li key={`${kind} ${id}`} className={styles.row}>
          <span className={styles.who}>
            <span>{name}</span>
            <span className={forms.about}>{about}</span>
          </span>
          <select
            className={styles.may}
            aria-label={`What ${name} may do`}
            value={permission}
            onChange={(event) => {
              const chosen = event.target.value === 'edit' ? ('edit' as const) : ('view' as const)
              const list = value[kind].map((one) => (one.id === id ? { id, permission: chosen } : one))
              onChange({ ...value, [kind]: list })
            }}
          >
            <option value="view">View</option>
            <option value="edit" disabled={viewer}>
              Edit
            </option>
          </select>
          <Button
            kind="quiet"
            shape="round"
            aria-label={`Remove ${name}`}
            title={`Remove ${name}`}
            onClick={() => onChange({ ...value, [kind]: value[kind].filter((one) => one.id !== id) })}
          >
            <Icon name="close" size={16} />
          </Button>
        </li>
      ))}
    </ul>
  )
}
