import { useMutation } from '@tanstack/react-query'
import { useNavigate, useRouterState } from '@tanstack/react-router'
import { type SessionView, switchOrganization } from '../api/session.ts'
import { Failed } from '../ui/Failed.tsx'
import forms from '../ui/form.module.css'
import styles from './SessionMenu.module.css'

/** The organizations somebody belongs to, and the way from one to another. */
export function Organizations({ session, onSwitched }: { session: SessionView; onSwitched: () => void }) {
  const { organization, organizations } = session
  const navigate = useNavigate()
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const change = useMutation({
    mutationFn: async (id: string) => {
      // What is open belongs to the organization that is left, so its list takes its place.
      const [, kind, one] = path.split('/')
      if (one !== undefined && kind !== 'settings') await navigate({ to: `/${kind}` })
      await switchOrganization(id)
    },
    onSuccess: onSwitched,
  })
  if (organization === null) {
    return <p>You belong to no organization yet. Open an invitation that somebody sent you.</p>
  }
  return (
    <>
      <Failed error={change.error} />
      <ul className={styles.list} aria-label="Organizations">
        {organizations.map(({ id, name, role }) => (
          <li key={id}>
            <button
              type="button"
              className={`${forms.person} ${id === organization.id ? styles.now : ''}`}
              aria-current={id === organization.id}
              disabled={change.isPending}
              onClick={() => (id === organization.id ? onSwitched() : change.mutate(id))}
            >
              <strong>{name}</strong>
              <span className={forms.about}>
                You are {role === 'viewer' ? 'a viewer' : `an ${role}`}
                {id === organization.id && '; this is what you see now'}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  )
}
