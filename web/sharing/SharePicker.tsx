import { type KeyboardEvent, useState } from 'react'
import forms from '../ui/form.module.css'
import { Icon } from '../ui/Icon.tsx'
import { Found } from './Found.tsx'
import styles from './sharing.module.css'
import type { Around, Sharing } from './words.ts'

type Props = { value: Sharing; around: Around; onChange: (value: Sharing) => void }
type Choice = {
  readonly kind: 'sharedWithTeams' | 'sharedWithUsers'
  readonly id: string
  readonly name: string
  readonly about: string
}

/** Finds teams and people by a few letters; Enter takes the first. */
export function SharePicker({ value, around, onChange }: Props) {
  const [search, setSearch] = useState('')
  const words = search.trim().toLowerCase()
  const choices = choicesOf(value, around)
  const found =
    words === '' ? [] : choices.filter(({ name, about }) => `${name} ${about}`.toLowerCase().includes(words))
  const add = ({ kind, id }: Choice) => {
    onChange({ ...value, [kind]: [...value[kind], { id, permission: 'view' }] })
    setSearch('')
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return
    // Enter would share already, with what stands here so far.
    event.preventDefault()
    if (found[0]) add(found[0])
  }
  return (
    <div className={styles.picker}>
      <span className={styles.glass}>
        <Icon name="search" size={16} />
      </span>
      <input
        className={forms.input}
        type="search"
        autoComplete="off"
        aria-label="Find a team or person"
        placeholder={choices.length === 0 ? 'Everybody is named already' : 'Find a team or person'}
        value={search}
        onChange={(event) => setSearch(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {words !== '' && <Found found={found} nothing="No other team or person has these letters." onTake={add} />}
    </div>
  )
}

function choicesOf(value: Sharing, { known, owner }: Around): readonly Choice[] {
  const free = (kind: Choice['kind'], id: string) => value[kind].every((shared) => shared.id !== id)
  return [
    ...known.teams
      .filter(({ id }) => free('sharedWithTeams', id))
      .map(({ id, name }) => ({ kind: 'sharedWithTeams' as const, id, name, about: teamAbout(id, known.people) })),
    ...known.people
      .filter(({ id }) => id !== owner.id && free('sharedWithUsers', id))
      .map(({ id, name, email, role }) => ({
        ...{ kind: 'sharedWithUsers' as const, id, name },
        about: [role, email].filter(Boolean).join(', '),
      })),
  ]
}

export function teamAbout(id: string, people: Around['known']['people']): string {
  const size = people.filter(({ teamIds }) => teamIds.includes(id)).length
  return `Team of ${size === 1 ? '1 person' : `${size} people`}`
}
