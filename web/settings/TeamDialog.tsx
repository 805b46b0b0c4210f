import { type FormEvent, useState } from 'react'
import { call } from '../api/call.ts'
import type { People } from '../api/people.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { Failed } from '../ui/Failed.tsx'
import { FormActions } from '../ui/FormActions.tsx'
import forms from '../ui/form.module.css'
import { TextField } from '../ui/TextField.tsx'
import { Checks } from './Checks.tsx'
import { roleWords } from './role-words.ts'
import { useChange } from './useChange.ts'

type Team = People['teams'][number]

/** A new team, or the name and members of one there is. */
export function TeamDialog({ people, team, onClose }: { people: People; team?: Team; onClose: () => void }) {
  const [begun] = useState(() => (team === undefined ? [] : membersOf(people, team.id)))
  const [name, setName] = useState(team?.name ?? '')
  const [chosen, setChosen] = useState<readonly string[]>(begun)
  const change = useChange('people')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate(() => (team === undefined ? make() : save(team)), { onSuccess: onClose })
  }
  const make = () => call('POST /teams', { body: { name, memberIds: [...chosen] } })
  const save = async (one: Team) => {
    // Members are set as a whole, so this change is made to those of now: what somebody else changed meanwhile stays.
    const now = await call('GET /people', {})
    const there = new Set(now.people.map(({ id }) => id))
    const kept = membersOf(now, one.id).filter((id) => chosen.includes(id) || !begun.includes(id))
    const added = chosen.filter((id) => !begun.includes(id) && !kept.includes(id) && there.has(id))
    const body = { ...(name.trim() !== one.name && { name }), memberIds: [...kept, ...added] }
    return call('PUT /teams/{id}', { params: { id: one.id }, body })
  }
  const items = people.people.map(({ id, name: who, role }) => ({ id, name: who, about: roleWords[role].title }))
  return (
    <Dialog title={team === undefined ? 'Make a team' : `Change ${team.name}`} onClose={onClose}>
      <form className={forms.form} onSubmit={submit}>
        <Failed error={change.error} />
        <TextField label="Name" required maxLength={100} value={name} onChange={setName} />
        <Checks legend="Members" items={items} chosen={chosen} onChange={setChosen} />
        <FormActions submit={team === undefined ? 'Make it' : 'Save'} disabled={change.isPending} onCancel={onClose} />
      </form>
    </Dialog>
  )
}

/** Asks once more, as what was shared with the team is shared with it no more. */
export function DeleteTeam({ team, onClose }: { team: Team; onClose: () => void }) {
  const change = useChange('people', 'tables', 'table')
  const remove = () => call('DELETE /teams/{id}', { params: { id: team.id } })
  return (
    <Dialog title={`Delete the team ${team.name}?`} onClose={onClose}>
      <div className={forms.form}>
        <Failed error={change.error} />
        <p>Its members stay. What was shared with the team is shared with it no more; this cannot be undone.</p>
        <div className={forms.actions}>
          <Button
            kind="danger"
            disabled={change.isPending}
            onClick={() => change.mutate(remove, { onSuccess: onClose })}
          >
            Delete it
          </Button>
          <Button kind="quiet" onClick={onClose}>
            Keep it
          </Button>
        </div>
      </div>
    </Dialog>
  )
}

const membersOf = ({ people }: People, teamId: string): string[] =>
  people.filter(({ teamIds }) => teamIds.includes(teamId)).map(({ id }) => id)
