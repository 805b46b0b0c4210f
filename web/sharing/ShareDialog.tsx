import type { ReactNode } from 'react'
import { usePeople } from '../api/people.ts'
import { useSession } from '../api/session.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { Failed } from '../ui/Failed.tsx'
import type { Around } from './words.ts'

type Props = {
  title: string
  owner: Around['owner']
  onClose: () => void
  children: (around: Around) => ReactNode
}

/** A question about who sees something, once it is known who there is. */
export function ShareDialog({ title, owner, onClose, children }: Props) {
  const people = usePeople()
  const { data: session } = useSession()
  const me = session?.person?.id
  const organization = session?.organization?.name ?? ''
  return (
    <Dialog title={title} onClose={onClose}>
      {people.isLoading && <p role="status">Looking for teams and people…</p>}
      {people.error && (
        <Failed error={people.error}>
          <Button onClick={() => void people.refetch()}>Try again</Button>
        </Failed>
      )}
      {people.data && me !== undefined && children({ known: people.data, owner, me, organization })}
    </Dialog>
  )
}
