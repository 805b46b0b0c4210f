import { goOnAsVisitor, useEnded } from '../api/session.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import forms from '../ui/form.module.css'
import { SignIn } from './SignIn.tsx'

/** Over whatever one was at when one's session ended: all of it stays for the same person, and for nobody else. */
export function SessionEnded() {
  const ended = useEnded()
  if (ended === undefined) return null
  const { name } = ended.who
  return (
    // Escape would leave what is not saved behind; that has a button of its own.
    <Dialog title="Your session has ended" onClose={() => {}}>
      <div className={forms.form}>
        <p>Sign in again as {name}, and you go on where you were. What you had not saved is still there.</p>
        <SignIn demo={ended.now.demo} />
        <div className={forms.actions}>
          <Button kind="quiet" onClick={goOnAsVisitor}>
            Go on without signing in
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
