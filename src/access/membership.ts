// What a person is in the organizations they belong to, read anew for every request: a role taken away is gone at once.
import { and, asc, eq, sql } from 'drizzle-orm'
import { memberships, organizations, type Role, teamMembers } from '../db/schema-access.ts'
import type { Db } from '../db/store.ts'

export type Membership = {
  readonly organizationId: string
  readonly organizationName: string
  readonly role: Role
  readonly columnRoles: readonly string[]
  readonly teamIds: readonly string[]
}

const teamIds = sql<string[]>`array(select ${teamMembers.teamId} from ${teamMembers}
  where ${teamMembers.organizationId} = ${memberships.organizationId} and ${teamMembers.userId} = ${memberships.userId}
  order by 1)`

/** What is asked of a membership to know what somebody may do. */
export const membershipColumns = { role: memberships.role, columnRoles: memberships.columnRoles, teamIds }

/** Everything a person belongs to, the oldest membership first; with `organizationId` only that one. */
export async function membershipsOf(db: Db, userId: string, organizationId?: string): Promise<readonly Membership[]> {
  return db
    .select({
      organizationId: memberships.organizationId,
      organizationName: organizations.name,
      ...membershipColumns,
    })
    .from(memberships)
    .innerJoin(organizations, eq(organizations.id, memberships.organizationId))
    .where(
      and(
        eq(memberships.userId, userId),
        organizationId === undefined ? undefined : eq(memberships.organizationId, organizationId),
      ),
    )
    .orderBy(asc(memberships.createdAt), asc(memberships.organizationId))
}
