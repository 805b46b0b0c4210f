// Rows about people as everybody outside sees them, and the checks that several verbs share.
import { and, eq, ne, sql } from 'drizzle-orm'
import { memberships, type Role, teams } from '../db/schema-access.ts'
import type { Db } from '../db/store.ts'
import { UserError } from '../errors.ts'

export type Person = {
  readonly id: string
  readonly name: string
  /** null for users of a host application. */
  readonly email: string | null
  readonly role: Role
  readonly columnRoles: readonly string[]
  readonly teamIds: readonly string[]
}

/** Users of a host application have an address that nobody can have. */
export const realEmail = (email: string): string | null => (email.endsWith('@users.invalid') ? null : email)

export function noSuchMember(userId: string): UserError {
  return new UserError(
    'not_found',
    `Cannot find member "${userId.slice(0, 100)}": your organization has no such member`,
  )
}

export function noSuchTeam(teamId: string): UserError {
  return new UserError('not_found', `Cannot find team "${teamId.slice(0, 100)}": your organization has no such team`)
}

/** Throws unless somebody else is an admin too; takes the organization's admins so that two changes wait for each other. */
export async function keepAnAdmin(tx: Db, organizationId: string, leavingUserId: string): Promise<void> {
  const others = await tx
    .select({ userId: memberships.userId })
    .from(memberships)
    .where(and(eq(memberships.organizationId, organizationId), eq(memberships.role, 'admin')))
    .for('update')
  if (others.some(({ userId }) => userId !== leavingUserId)) return
  throw new UserError('conflict', 'Cannot take the last admin away: an organization needs one', {
    fix: 'make somebody else an admin first',
  })
}

/** Throws for a team name that another team has, whatever its case. */
export async function freeTeamName(tx: Db, organizationId: string, name: string, exceptId = ''): Promise<void> {
  const [taken] = await tx
    .select({ id: teams.id })
    .from(teams)
    .where(
      and(eq(teams.organizationId, organizationId), sql`lower(${teams.name}) = lower(${name})`, ne(teams.id, exceptId)),
    )
  if (taken === undefined) return
  throw new UserError('conflict', `Cannot name a team "${name}": another team has that name`, {
    fix: 'choose another name',
  })
}
