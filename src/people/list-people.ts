import { and, asc, eq, sql } from 'drizzle-orm'
import { may } from '../access/rules.ts'
import type { Call } from '../context.ts'
import { memberships, teamMembers, teams, users } from '../db/schema-access.ts'
import { type Person, realEmail } from './people.ts'

export type People = {
  readonly people: readonly Person[]
  readonly teams: readonly { readonly id: string; readonly name: string }[]
}

/** Everybody in the asker's organization, and its teams: whom tables can be shared with. */
export async function listPeople({ ctx, identity }: Call): Promise<People> {
  may(identity, 'people.list')
  const { organizationId } = identity
  const rows = await ctx.db
    .select({
      id: users.id,
      name: users.name,
      email: users.email,
      role: memberships.role,
      columnRoles: memberships.columnRoles,
      teamIds: sql<string[]>`coalesce(array_agg(${teamMembers.teamId} order by ${teamMembers.teamId})
        filter (where ${teamMembers.teamId} is not null), '{}')`,
    })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .leftJoin(
      teamMembers,
      and(eq(teamMembers.organizationId, memberships.organizationId), eq(teamMembers.userId, memberships.userId)),
    )
    .where(eq(memberships.organizationId, organizationId))
    .groupBy(users.id, memberships.organizationId, memberships.userId)
    .orderBy(asc(users.name), asc(users.id))
  const teamRows = await ctx.db
    .select({ id: teams.id, name: teams.name })
    .from(teams)
    .where(eq(teams.organizationId, organizationId))
    .orderBy(asc(teams.name))
  return { people: rows.map((row) => ({ ...row, email: realEmail(row.email) })), teams: teamRows }
}
