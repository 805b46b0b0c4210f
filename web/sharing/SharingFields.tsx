import { useId } from 'react'
import forms from '../ui/form.module.css'
import { NamedList } from './NamedList.tsx'
import { SharePicker } from './SharePicker.tsx'
import styles from './sharing.module.css'
import { type Around, type Sharing, sharingWords } from './words.ts'

type Props = { value: Sharing; around: Around; onChange: (value: Sharing) => void }

/** Who sees something: the choice, the names, and what it comes to in words. */
export function SharingFields({ value, around, onChange }: Props) {
  const name = useId()
  const { organization, owner, me } = around
  const choices = [
    ['PRIVATE', owner.id === me ? 'Only me' : `Only ${owner.name}`, 'Nobody else finds it'],
    ['TEAM', 'Teams and people I choose', 'Found by those named below'],
    ['ORG', `Everybody in ${organization}`, 'Found by every member, also by those who join later'],
  ] as const
  const words = sharingWords(value, around)
  return (
    <>
      <fieldset className={styles.choices}>
        <legend className={styles.legend}>Who sees it</legend>
        {choices.map(([visibility, title, about]) => (
          <label key={visibility} className={styles.choice}>
            <input
              type="radio"
              name={name}
              checked={value.visibility === visibility}
              onChange={() => onChange({ ...value, visibility })}
            />
            <span className={styles.title}>
              <strong>{title}</strong>
              <span className={forms.about}>{about}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {value.visibility === 'ORG' && (
        <label className={forms.field}>
          What everybody may do
          <select
            className={forms.input}
            value={value.orgPermission}
            onChange={(event) => onChange({ ...value, orgPermission: event.target.value === 'edit' ? 'edit' : 'view' })}
          >
            <option value="view">View it</option>
            <option value="edit">View and edit it</option>
          </select>
        </label>
      )}
      {value.visibility !== 'PRIVATE' && (
        <section className={styles.named} aria-label="Teams and people">
          <p className={styles.legend}>{value.visibility === 'ORG' ? 'By name, beside that' : 'Teams and people'}</p>
          <SharePicker value={value} around={around} onChange={onChange} />
          <NamedList value={value} around={around} onChange={onChange} />
        </section>
      )}
      <div className={styles.words} role="status">
        <p>
          <strong>{words.sees}</strong> {words.changes}
        </p>
        {value.visibility !== 'PRIVATE' && (
          <p className={forms.about}>Each reader sees only the columns that their role may see.</p>
        )}
      </div>
    </>
  )
}
