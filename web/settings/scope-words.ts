import type { Answered } from '../api/call.ts'
import type { Role } from '../api/people.ts'

export type Scope = Answered<'GET /keys'>['keys'][number]['scopes'][number]

/** What a key may do with each scope, and from which role on a scope is worth anything. */
export const scopeWords: Record<
  Scope,
  { readonly title: string; readonly about: string; readonly roles: readonly Role[] }
> = {
  ask: { title: 'Ask', about: 'read the catalog and ask for tables', roles: ['viewer', 'editor', 'admin'] },
  'tables:read': { title: 'Read', about: 'open and export what you see', roles: ['viewer', 'editor', 'admin'] },
  'tables:write': { title: 'Write', about: 'save, change, share and schedule', roles: ['editor', 'admin'] },
  admin: { title: 'Administer', about: 'manage people, read usage and audit', roles: ['admin'] },
}
