// Who is asking while there is only demo data: one of its two organizations, chosen freely by a header.
// Only for the built-in demo data, where nothing is private; with data of one's own this file is never used.
import { UserError } from '../errors.ts'
import type { Scope } from '../lib/scope.ts'

export const demoOrganizations = [
  { id: 'org_riverbend', name: 'Riverbend Action Fund' },
  { id: 'org_hillcrest', name: 'Hillcrest Alliance' },
] as const

/** The scope of one of the demo's organizations (the first when none is named), with every role. */
export function demoScope(organizationId: string = demoOrganizations[0].id): Scope {
  if (demoOrganizations.every(({ id }) => id !== organizationId)) {
    throw new UserError(
      'unknown_organization',
      `Cannot see as "${organizationId.slice(0, 100)}": no such organization`,
      {
        fix: `use ${demoOrganizations.map(({ id }) => id).join(' or ')}`,
      },
    )
  }
  return { organizationId, userId: 'demo', roles: ['admin', 'editor'] }
}
