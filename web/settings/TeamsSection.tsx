import { useState } from 'react'
import { type People, usePeople } from '../api/people.ts'
import { useSession } from '../api/session.ts'
import { Button } from '../ui/Button.tsx'
import { Failed } from '../ui/Failed.tsx'
import { Nothing } from '../ui/Nothing.tsx'
import { ForAdmins } from './ForAdmins.tsx'
import styles from './settings.module.css'
import { DeleteTeam, TeamDialog } from './TeamDialog.tsx'

type Team = People['teams'][number]
type Open = { readonly kind: 'new' } | { readonly kind: 'change' | 'delete'; readonly team: Team }

/** Groups of members that things are shared with at once. */
export function TeamsSection() {
  const { data: session } = useSession()
  const people = usePeople()
  const [open, setOpen] = useState<Open>()
  const close = () => setOpen(undefined)
  const isAdmin = session?.organization?.role === 'admin'
  const { data } = people
  return (
    <>
      {people.isLoading && <p role="status">Looking for the teams…</p>}
      <Failed error={people.error}>
        <Button onClick={() => void people.refetch()}>Try again</Button>
      </Failed>
      {!isAdmin && data && <ForAdmins what="Making and changing teams is" />}
      {isAdmin && (
        <Button kind="primary" className={styles.act} onClick={() => setOpen({ kind: 'new' })}>
          Make a team
        </Button>
      )}
      {data?.teams.length === 0 && <Nothing title="There is no team yet." />}
      <ul className={styles.list} aria-label="Teams">
        {data?.teams.map((team) => {
          const members = data.people.filter(({ teamIds }) => teamIds.includes(team.id)).map(({ name }) => name)
          return (
            <li key={team.id} className={styles.item}>
              <div className={styles.main}>
                <p>
                  <strong>{team.name}</strong>
                </p>
                <p className={styles.quiet}>{members.length === 0 ? 'Nobody is in it' : members.join(', ')}</p>
              </div>
              {isAdmin && (
                <div className={styles.buttons}>
                  <Button aria-label={`Change ${team.name}`} onClick={() => setOpen({ kind: 'change', team })}>
                    Change
                  </Button>
                  <Button
                    kind="quiet"
                    aria-label={`Delete ${team.name}`}
                    onClick={() => setOpen({ kind: 'delete', team })}
                  >
                    Delete
                  </Button>
                </div>
              )}
            </li>
          )
        })}
      </ul>
      {open?.kind === 'new' && data && <TeamDialog people={data} onClose={close} />}
      {open?.kind === 'change' && data && <TeamDialog people={data} team={open.team} onClose={close} />}
      {open?.kind === 'delete' && <DeleteTeam team={open.team} onClose={close} />}
    </>
  )
}
