import { useReader, useSession } from '../api/session.ts'
import forms from '../ui/form.module.css'

/** What a viewer does with a table of theirs instead of saving it; nothing for others. */
export function ViewersTake() {
  const { signedIn, mayWrite } = useReader()
  const { data: session } = useSession()
  if (!signedIn || mayWrite) return null
  return (
    <p className={forms.about}>
      Viewers do not save tables: take it as a file, or ask an admin of {session?.organization?.name} for the role of an
      editor.
    </p>
  )
}
