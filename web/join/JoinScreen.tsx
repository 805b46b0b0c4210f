import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { type Answered, call } from '../api/call.ts'
import { acceptInvitation, signOut, useReader, useSession } from '../api/session.ts'
import { SignIn } from '../session/SignIn.tsx'
import { roleWords } from '../settings/role-words.ts'
import { Button } from '../ui/Button.tsx'
import { Failed } from '../ui/Failed.tsx'
import forms from '../ui/form.module.css'
import { useTitle } from '../ui/useTitle.ts'
import styles from './join.module.css'
import { SignUp } from './SignUp.tsx'

/** Where an invitation's link leads: what it is for, and the way in with an account or without one yet. */
export function JoinScreen() {
  const { token } = useParams({ from: '/join/$token' })
  const { key } = useReader()
  const session = useSession()
  const invitation = useQuery({
    queryKey: ['invitation', ...key, token],
    retry: false,
    queryFn: () => call('GET /session/invitations/{token}', { params: { token } }),
  })
  const { data } = invitation
  useTitle(data && `Join ${data.organization}`)
  return (
    <div className={styles.page}>
      {(invitation.isLoading || session.isPending) && <p role="status">Opening the invitation…</p>}
      {invitation.error && (
        <>
          <h1>This invitation does not open</h1>
          <Failed error={invitation.error}>
            <Button onClick={() => void invitation.refetch()}>Try again</Button>
          </Failed>
          <p>
            <Link to="/">Go to the start</Link>
          </p>
        </>
      )}
      {data && session.data && (
        <>
          <header className={styles.header}>
            <h1>Join {data.organization}</h1>
            <p>
              As {data.role === 'viewer' ? 'a viewer' : `an ${data.role}`} you {roleWords[data.role].you}.
            </p>
          </header>
          {session.data.person === null ? (
            <Newcomer token={token} invitation={data} />
          ) : (
            <Member token={token} invitation={data} name={session.data.person.name} />
          )}
        </>
      )}
    </div>
  )
}

type Invitation = Answered<'GET /session/invitations/{token}'>

function Newcomer({ token, invitation }: { token: string; invitation: Invitation }) {
  const [hasAccount, setHasAccount] = useState(false)
  return (
    <>
      <div className={styles.ways}>
        <Button aria-pressed={!hasAccount} kind={hasAccount ? 'quiet' : 'outline'} onClick={() => setHasAccount(false)}>
          I am new here
        </Button>
        <Button aria-pressed={hasAccount} kind={hasAccount ? 'outline' : 'quiet'} onClick={() => setHasAccount(true)}>
          I have an account
        </Button>
      </div>
      {hasAccount ? <SignIn /> : <SignUp token={token} email={invitation.email} />}
    </>
  )
}

function Member({ token, invitation, name }: { token: string; invitation: Invitation; name: string }) {
  const navigate = useNavigate()
  const accept = useMutation({
    mutationFn: () => acceptInvitation(token, () => navigate({ to: '/tables' })),
  })
  const leave = useMutation({ mutationFn: signOut })
  return (
    <div className={forms.form}>
      <Failed error={accept.error ?? leave.error} />
      <p>
        You are signed in as {name}.{invitation.email && ` The invitation is for ${invitation.email}.`}
      </p>
      <div className={forms.actions}>
        <Button kind="primary" disabled={accept.isPending} onClick={() => accept.mutate()}>
          Join as {name}
        </Button>
        <Button kind="quiet" disabled={leave.isPending} onClick={() => leave.mutate()}>
          Use another account
        </Button>
      </div>
    </div>
  )
}
