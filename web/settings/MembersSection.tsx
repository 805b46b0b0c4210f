import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { type Person, usePeople } from '../api/people.ts'
import { useSession } from '../api/session.ts'
import { Button } from '../ui/Button.tsx'
import { Failed } from '../ui/Failed.tsx'
import forms from '../ui/form.module.css'
import { useFind } from '../ui/useFind.ts'
import { ChangeMember } from './ChangeMember.tsx'
import { ForAdmins } from './ForAdmins.tsx'
import { Invitations } from './Invitations.tsx'
import { InviteDialog } from './InviteDialog.tsx'
import { RemoveMember } from './RemoveMember.tsx'
import { roleWords } from './role-words.ts'
import styles from './settings.module.css'

const MANY = 8
type Open = { readonly kind: 'invite' } | { readonly kind: 'change' | 'remove'; readonly person: Person }

/** Who belongs to the organization and what each may do. */
export function MembersSection() {
  const { data: session } = useSession()
  const people = usePeople()
  const { find = '' } = useSearch({ from: '/settings/$section' })
  const navigate = useNavigate()
  const search = useFind(find, (next) => {
    const to = { to: '/settings/$section', params: { section: 'members' }, replace: true } as const
    void navigate({ ...to, search: next === '' ? {} : { find: next } })
  })
  const [open, setOpen] = useState<Open>()
  const close = () => setOpen(undefined)
  const isAdmin = session?.organization?.role === 'admin'
  const me = session?.person?.id
  const words = search.value.trim().toLowerCase()
  const all = people.data?.people ?? []
  const shown = all.filter(({ name, email }) => `${name} ${email ?? ''}`.toLowerCase().includes(words))
  const teamName = (id: string) => people.data?.teams.find((team) => team.id === id)?.name ?? id
  return (
    <>
      {people.isLoading && <p role="status">Looking for the members…</p>}
      <Failed error={people.error}>
        <Button onClick={() => void people.refetch()}>Try again</Button>
      </Failed>
      {!isAdmin && people.data && <ForAdmins what="Inviting, removing and changing roles is" />}
      {isAdmin && (
        <Button kind="primary" className={styles.act} onClick={() => setOpen({ kind: 'invite' })}>
          Invite somebody
        </Button>
      )}
      {all.length > MANY && (
        <div className={styles.bar}>
          <input
            className={forms.input}
            type="search"
            aria-label="Search members"
            placeholder="Search members"
            {...search}
          />
        </div>
      )}
      {shown.length === 0 && words !== '' && <p role="status">Nobody has these letters.</p>}
      <ul className={styles.list} aria-label="Members">
        {shown.map((person) => (
          <li key={person.id} className={styles.item}>
            <div className={styles.main}>
              <p>
                <strong>{person.name}</strong>
                {person.id === me && <span className={styles.quiet}> (you)</span>}
              </p>
              <p className={styles.quiet}>
                {[person.email, ...person.teamIds.map(teamName)].filter(Boolean).join(' · ')}
              </p>
              {person.columnRoles.length > 0 && (
                <p className={styles.quiet}>Opens columns of: {person.columnRoles.join(', ')}</p>
              )}
            </div>
            <span className={styles.tag}>{roleWords[person.role].title}</span>
            {isAdmin && (
              <div className={styles.buttons}>
                <Button aria-label={`Change ${person.name}`} onClick={() => setOpen({ kind: 'change', person })}>
                  Change
                </Button>
                {person.id !== me && (
                  <Button
                    kind="quiet"
                    aria-label={`Remove ${person.name}`}
                    onClick={() => setOpen({ kind: 'remove', person })}
                  >
                    Remove
                  </Button>
                )}
              </div>
            )}
          </li>
        ))}
      </ul>
      {isAdmin && people.data && <Invitations people={people.data} />}
      {open?.kind === 'invite' && people.data && <InviteDialog people={people.data} onClose={close} />}
      {open?.kind === 'change' && <ChangeMember person={open.person} isMe={open.person.id === me} onClose={close} />}
      {open?.kind === 'remove' && me !== undefined && (
        <RemoveMember person={open.person} people={all} me={me} onClose={close} />
      )}
    </>
  )
}
