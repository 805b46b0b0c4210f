import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { signOut, useSession } from '../api/session.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import forms from '../ui/form.module.css'
import { Organizations } from './Organizations.tsx'
import styles from './SessionMenu.module.css'
import { SignIn } from './SignIn.tsx'

/** Who one is, as which organization one sees, and the way in and out. */
export function SessionMenu() {
  const { data } = useSession()
  const [open, setOpen] = useState(false)
  if (data === undefined) return null
  const close = () => setOpen(false)
  const { person, organization, organizations } = data
  return (
    <>
      <Button className={person === null ? styles.signIn : styles.menu} onClick={() => setOpen(true)}>
        {person === null ? 'Sign in' : <span className={styles.name}>{person.name}</span>}
        {person && organization && organizations.length > 1 && (
          <span className={styles.organization}>{organization.name}</span>
        )}
      </Button>
      {open && (
        <Dialog title={person === null ? 'Sign in' : `Signed in as ${person.name}`} onClose={close}>
          <div className={forms.form}>
            {person === null ? <SignIn onDone={close} /> : <Organizations session={data} onSwitched={close} />}
            <div className={forms.actions}>
              {person && organization && (
                <Link to="/settings/$section" params={{ section: 'members' }} className={styles.link} onClick={close}>
                  Settings
                </Link>
              )}
              {person && <Button onClick={() => void signOut().then(close)}>Sign out</Button>}
              <Button kind="quiet" onClick={close}>
                Close
              </Button>
            </div>
          </div>
        </Dialog>
      )}
    </>
  )
}
