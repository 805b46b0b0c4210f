// An invitation is accepted: by somebody new, or by somebody who has an account. Also the first person's way in.
// Refused: one that is used, expired, taken back or never was (all in the same words), and one for another address.
import { and, eq, gt, inArray, isNull } from 'drizzle-orm'
import { audit } from '../access/audit.ts'
import { catalogRoles, type Identity } from '../access/identity.ts'
import type { ServiceContext } from '../context.ts'
import { invitations, memberships, organizations, teamMembers, teams } from '../db/schema-access.ts'
import type { Db } from '../db/store.ts'
import { UserError } from '../errors.ts'
import { hashText } from '../lib/hash.ts'
import { newId, newSecret } from '../lib/id.ts'

const FIRST_DAYS = 365
const DAY_MS = 24 * 60 * 60 * 1000

export type OpenInvitation = {
  readonly organizationId: string
  readonly organizationName: string
  /** null: for whoever has the link. */
  readonly email: string | null
  readonly role: Identity['role']
}

/** What an invitation's link leads to. Throws `UserError` not_found. */
export async function readInvitation(ctx: ServiceContext, token: string): Promise<OpenInvitation> {
  const [found] = await ctx.db
    .select({
      organizationId: invitations.organizationId,
      organizationName: organizations.name,
      email: invitations.email,
      role: invitations.role,
    })
    .from(invitations)
    .innerJoin(organizations, eq(organizations.id, invitations.organizationId))
    .where(open(ctx, token))
  if (found === undefined) throw noSuchInvitation()
  return found
}

/** Makes a person a member. Throws `UserError` not_found, forbidden or conflict. */
export async function acceptInvitation(options: {
  ctx: ServiceContext
  token: string
  person: { readonly userId: string; readonly name: string; readonly email: string }
  sessionId: string
  requestId?: string
}): Promise<{ organizationId: string }> {
  const { ctx, token, person, sessionId, requestId } = options
  return ctx.db.transaction(async (tx) => {
    const [invitation] = await tx.select().from(invitations).where(open(ctx, token)).for('update')
    if (invitation === undefined) throw noSuchInvitation()
    const { organizationId, role } = invitation
    if (invitation.email !== null && invitation.email !== person.email.toLowerCase()) throw forSomebodyElse()
    const now = ctx.now()
    const { userId } = person
    const made = await tx
      .insert(memberships)
      .values({ organizationId, userId, role })
      .onConflictDoNothing()
      .returning({ userId: memberships.userId })
    if (made.length === 0) {
      throw new UserError('conflict', 'Cannot accept the invitation: you are a member already')
    }
    const teamIds = await joinTeams(tx, organizationId, userId, invitation.teamIds)
    await tx
      .update(invitations)
      .set({ acceptedAt: now })
      .where(and(eq(invitations.organizationId, organizationId), eq(invitations.id, invitation.id)))
    const identity: Identity = {
      ...{ organizationId, userId, role, teamIds, name: person.name, scopes: [] },
      roles: catalogRoles(role, []),
      via: { kind: 'session', sessionId },
    }
    await audit(tx, { identity, ...(requestId && { requestId }) }, now, {
      action: 'session.start',
      subject: { kind: 'invitation', id: invitation.id },
      details: { accepted: true, role },
    })
    return { organizationId }
  })
}

/** Makes sure that somebody can come in: while an organization has no member, gives the token of an invitation for its first admin. */
export async function firstInvitation(
  ctx: ServiceContext,
  organization: { readonly id: string; readonly name: string },
): Promise<string | undefined> {
  const organizationId = organization.id
  return ctx.db.transaction(async (tx) => {
    await tx.insert(organizations).values(organization).onConflictDoNothing()
    await tx.select().from(organizations).where(eq(organizations.id, organizationId)).for('update')
    const [member] = await tx
      .select({ userId: memberships.userId })
      .from(memberships)
      .where(eq(memberships.organizationId, organizationId))
      .limit(1)
    if (member !== undefined) return undefined
    const token = newSecret('twi')
    const now = ctx.now()
    // Each start makes a new link and the ones before are void: a link in an old log opens nothing.
    await tx
      .delete(invitations)
      .where(
        and(
          eq(invitations.organizationId, organizationId),
          isNull(invitations.invitedBy),
          isNull(invitations.acceptedAt),
        ),
      )
    await tx.insert(invitations).values({
      organizationId,
      id: newId('inv'),
      tokenHash: hashText(token),
      email: null,
      role: 'admin',
      invitedBy: null,
      expiresAt: new Date(now.getTime() + FIRST_DAYS * DAY_MS),
      createdAt: now,
    })
    return token
  })
}

const open = (ctx: ServiceContext, token: string) =>
  and(eq(invitations.tokenHash, hashText(token)), isNull(invitations.acceptedAt), gt(invitations.expiresAt, ctx.now()))

/** Teams may be gone since the invitation was written. */
async function joinTeams(tx: Db, organizationId: string, userId: string, wanted: string[]): Promise<string[]> {
  const there = await tx
    .select({ id: teams.id })
    .from(teams)
    .where(and(eq(teams.organizationId, organizationId), inArray(teams.id, wanted)))
  if (there.length > 0) {
    await tx.insert(teamMembers).values(there.map(({ id }) => ({ organizationId, teamId: id, userId })))
  }
  return there.map(({ id }) => id)
}

function noSuchInvitation(): UserError {
  return new UserError('not_found', 'Cannot find the invitation: it is used, expired, or was taken back', {
    fix: 'ask for a new one',
  })
}

function forSomebodyElse(): UserError {
  return new UserError('forbidden', 'Cannot accept the invitation: it is for another address', {
    fix: 'sign in or up with the address that was invited',
  })
}
