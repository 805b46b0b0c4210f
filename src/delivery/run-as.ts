// As whom a table runs for a recipient. In: who scheduled it, an address. Out: an identity, or why there is none.
// A recipient who is a member is shown only columns that both they and the one who scheduled it may see.
import { and, eq, sql } from 'drizzle-orm'
import { catalogRoles, type Identity, keyScopes } from '../access/identity.ts'
import { membershipsOf } from '../access/membership.ts'
import { memberships, users } from '../db/schema-access.ts'
import type { Db } from '../db/store.ts'
import { UserError } from '../errors.ts'

/** Addresses of people who come from a host application and have none here. */
const NO_ADDRESS = /@users\.invalid$/i

/** The person a schedule runs for, as they are now. Throws `UserError` forbidden when they have left. */
export async function identityOf(db: Db, organizationId: string, userId: string): Promise<Identity> {
  const [membership] = await membershipsOf(db, userId, organizationId)
  const [user] = await db.select({ name: users.name }).from(users).where(eq(users.id, userId))
  if (membership === undefined || user === undefined) {
    throw new UserError('forbidden', 'Cannot run the table: the person who scheduled it has left the organization', {
      fix: 'schedule it anew',
    })
  }
  const { role, columnRoles, teamIds } = membership
  const roles = catalogRoles(role, columnRoles)
  return {
    ...{ organizationId, userId, name: user.name, role, roles, teamIds, scopes: keyScopes },
    via: { kind: 'schedule' },
  }
}

/** The roles that count for what a recipient is shown, never more than the scheduler's. */
export async function rolesFor(db: Db, scheduler: Identity, recipient: string): Promise<readonly string[]> {
  const [member] = await db
    .select({ role: memberships.role, columnRoles: memberships.columnRoles })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(
      and(
        eq(memberships.organizationId, scheduler.organizationId),
        eq(sql`lower(${users.email})`, recipient.toLowerCase()),
      ),
    )
  // Outside the organization nobody has a role: they are shown what every member may see.
  if (member === undefined) return scheduler.roles.filter((role) => role === 'viewer')
  const theirs = new Set(catalogRoles(member.role, member.columnRoles))
  return scheduler.roles.filter((role) => theirs.has(role))
}

/** The member that an address belongs to. */
export async function memberAt(db: Db, organizationId: string, address: string): Promise<string | undefined> {
  const [member] = await db
    .select({ userId: memberships.userId })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(and(eq(memberships.organizationId, organizationId), eq(sql`lower(${users.email})`, address.toLowerCase())))
  return member?.userId
}

/** Where somebody is mailed; undefined: they have no address here. */
export async function addressOf(db: Db, userId: string): Promise<string | undefined> {
  const [user] = await db.select({ email: users.email }).from(users).where(eq(users.id, userId))
  return user === undefined || NO_ADDRESS.test(user.email) ? undefined : user.email
}
