import { usePeople } from '../api/people.ts'
import { Notice } from '../ui/Notice.tsx'

/** Why something is not offered, and who could help. */
export function ForAdmins({ what }: { what: string }) {
  const people = usePeople()
  const admins = people.data?.people.filter(({ role }) => role === 'admin').map(({ name }) => name) ?? []
  return (
    <Notice tone="warn" title={`${what} for admins`}>
      {admins.length > 0 && <p>Ask {admins.slice(0, 3).join(' or ')}.</p>}
    </Notice>
  )
}
