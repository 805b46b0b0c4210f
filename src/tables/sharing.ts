// Whom a table is shared with. In: what somebody wants. Out: the rows that say so.
// Refused: people and teams of elsewhere, and names beside PRIVATE, which would mean nothing.
import { and, eq, inArray } from 'drizzle-orm'
import { memberships, teams } from '../db/schema-access.ts'
import { type permissions, tableShares, type visibilities } from '../db/schema-tables.ts'
import type { Db } from '../db/store.ts'
import { UserError } from '../errors.ts'
import type { Issue } from '../lib/issue.ts'

type Permission = (typeof permissions)[number]
export type Sharing = {
  readonly visibility: (typeof visibilities)[number]
  readonly orgPermission?: Permission | undefined
  readonly sharedWithTeams?: readonly { readonly id: string; readonly permission: Permission }[] | undefined
  readonly sharedWithUsers?: readonly { readonly id: string; readonly permission: Permission }[] | undefined
}

/** Sets whom a table is shared with by name. Throws `UserError` invalid_request with every name that is wrong. */
export async function writeShares(
  tx: Db,
  organizationId: string,
  tableId: string,
  { visibility, sharedWithTeams = [], sharedWithUsers = [] }: Sharing,
): Promise<void> {
  const issues = await sharingIssues(tx, organizationId, visibility, sharedWithTeams, sharedWithUsers)
  if (issues.length > 0) throw new UserError('invalid_request', 'Cannot share the table as asked', { issues })
  await tx
    .delete(tableShares)
    .where(and(eq(tableShares.organizationId, organizationId), eq(tableShares.tableId, tableId)))
  const rows = [
    ...sharedWithTeams.map((share) => ({ kind: 'team' as const, ...share })),
    ...sharedWithUsers.map((share) => ({ kind: 'user' as const, ...share })),
  ].map(({ kind, id, permission }) => ({ organizationId, tableId, kind, subjectId: id, permission }))
  if (rows.length > 0) await tx.insert(tableShares).values(rows)
}

/** What is wrong with the names in a sharing; locks them until the transaction ends. */
export async function sharingIssues(
  tx: Db,
  organizationId: string,
  visibility: Sharing['visibility'],
  withTeams: readonly { id: string }[],
  withUsers: readonly { id: string }[],
): Promise<Issue[]> {
  if (visibility === 'PRIVATE' && withTeams.length + withUsers.length > 0) {
    return [
      {
        code: 'private-with-names',
        path: ['visibility'],
        message: 'Cannot name teams or people: it is private',
        fix: 'set visibility to TEAM, or leave the names out',
      },
    ]
  }
  const teamIds = withTeams.map(({ id }) => id)
  const userIds = withUsers.map(({ id }) => id)
  const [knownTeams, knownUsers] = [
    await tx
      .select({ id: teams.id })
      .from(teams)
      .where(and(eq(teams.organizationId, organizationId), inArray(teams.id, teamIds)))
      .for('share'),
    await tx
      .select({ id: memberships.userId })
      .from(memberships)
      .where(and(eq(memberships.organizationId, organizationId), inArray(memberships.userId, userIds)))
      .for('share'),
  ]
  return [
    ...nameIssues('sharedWithTeams', 'team', teamIds, knownTeams),
    ...nameIssues('sharedWithUsers', 'member', userIds, knownUsers),
  ]
}

function nameIssues(key: string, what: string, ids: readonly string[], known: readonly { id: string }[]): Issue[] {
  return ids.flatMap((id, index): Issue[] => {
    const path = [key, index, 'id']
    if (ids.indexOf(id) < index) {
      return [{ code: 'twice', path, message: `Cannot share with "${id}" twice`, fix: 'leave one of them out' }]
    }
    if (known.some((one) => one.id === id)) return []
    return [
      {
        code: `unknown-${what}`,
        path,
        message: `Cannot share with "${id}": your organization has no such ${what}`,
        fix: 'GET /api/v1/people lists teams and members',
      },
    ]
  })
}
