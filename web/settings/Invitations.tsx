import { useQuery } from '@tanstack/react-query'
import { call } from '../api/call.ts'
import { readerLocale } from '../api/locale.ts'
import type { People } from '../api/people.ts'
import { useReader } from '../api/session.ts'
import { Button } from '../ui/Button.tsx'
import { Failed } from '../ui/Failed.tsx'
import { roleWords } from './role-words.ts'
import styles from './settings.module.css'
import { useChange } from './useChange.ts'

/** Invitations that nobody has accepted yet. */
export function Invitations({ people }: { people: People }) {
  const { key } = useReader()
  const list = useQuery({
    queryKey: ['invitations', ...key],
    queryFn: () => call('GET /invitations', {}),
  })
  const change = useChange('invitations')
  const invitations = list.data?.invitations ?? []
  const nameOf = (id: string | null) => people.people.find((person) => person.id === id)?.name
  return (
    <section className={styles.part} aria-labelledby="invitations-title">
      <h3 id="invitations-title">Pending invitations</h3>
      <Failed error={list.error ?? change.error} />
      {list.data && invitations.length === 0 && <p className={styles.quiet}>None is open.</p>}
      <ul className={styles.list}>
        {invitations.map(({ id, email, role, teamIds, invitedBy, expiresAt }) => {
          const who = email ?? 'Whoever has the link'
          const teams = people.teams.filter((team) => teamIds.includes(team.id)).map(({ name }) => name)
          const by = nameOf(invitedBy)
          return (
            <li key={id} className={styles.item}>
              <div className={styles.main}>
                <p>
                  <strong>{who}</strong>
                </p>
                <p className={styles.quiet}>
                  {[
                    ...teams,
                    by && `invited by ${by}`,
                    `good until ${new Date(expiresAt).toLocaleDateString(readerLocale, { dateStyle: 'medium' })}`,
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </p>
              </div>
              <span className={styles.tag}>{roleWords[role].title}</span>
              <div className={styles.buttons}>
                <Button
                  kind="quiet"
                  disabled={change.isPending}
                  aria-label={`Take back the invitation of ${who}`}
                  onClick={() => change.mutate(() => call('DELETE /invitations/{id}', { params: { id } }))}
                >
                  Take back
                </Button>
              </div>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
