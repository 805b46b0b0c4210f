import type { Role } from '../api/people.ts'

/** What each role may do, from little to much; `you` goes on after that word. */
export const roleWords: Record<Role, { readonly title: string; readonly about: string; readonly you: string }> = {
  viewer: {
    title: 'Viewer',
    about: 'Asks, and opens what is shared with them',
    you: 'ask for tables, and open what is shared with you',
  },
  editor: {
    title: 'Editor',
    about: 'Also saves, shares and schedules tables',
    you: 'ask for tables, and save, share and schedule them',
  },
  admin: {
    title: 'Admin',
    about: 'Also manages people, and sees usage and the audit log',
    you: 'ask for tables, save and share them, and manage people',
  },
}
