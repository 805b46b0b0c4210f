import type { Role } from '../api/people.ts'

/** What each role may do, from little to much. */
export const roleWords: Record<Role, { readonly title: string; readonly about: string }> = {
  viewer: { title: 'Viewer', about: 'Asks, and opens what is shared with them' },
  editor: { title: 'Editor', about: 'Also saves, shares and schedules tables' },
  admin: { title: 'Admin', about: 'Also manages people, and sees usage and the audit log' },
}
