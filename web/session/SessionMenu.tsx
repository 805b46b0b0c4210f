import { useState } from 'react'
import { signOut, useSession } from '../api/session.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { SignIn } from './SignIn.tsx'

/** Who one is, and the way in and out. */
export function SessionMenu() {
  const { data } = useSession()
  const [open, setOpen] = useState(false)
  if (data === undefined) return null
  const close = () => setOpen(false)
  const name = data.person?.name
  return (
    <>
      <Button onClick={() => setOpen(true)}>{name ?? 'Sign in'}</Button>
      {open && (
        <Dialog title={name === undefined ? 'Sign in' : `Signed in as ${name}`} onClose={close}>
          {name === undefined ? <SignIn onDone={close} /> : <p>{data.organization?.name ?? 'No organization yet'}</p>}
          <p>
            {name !== undefined && <Button onClick={() => void signOut().then(close)}>Sign out</Button>}
            <Button kind="quiet" onClick={close}>
              Close
            </Button>
          </p>
        </Dialog>
      )}
    </>
  )
}
