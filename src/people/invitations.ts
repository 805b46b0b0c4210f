// Invitations: a link that makes whoever was invited a member. The link's token is shown once and kept as a hash.
import { and, desc, eq, gt, inArray, isNull, sql } from 'drizzle-orm'
import { audit } from '../access/audit.ts'
import { may } from '../access/rules.ts'
import type { Call } from '../context.ts'
import { invitations, type Role, teams } from '../db/schema-access.ts'
import { UserError } from '../errors.ts'
import { hashText } from '../lib/hash.ts'
import { newId, newSecret } from '../lib/id.ts'
import { noSuchTeam } from './people.ts'

export const INVITATION_DAYS = 14
const DAY_MS = 24 * 60 * 60 * 1000

export type InvitationInput = {
  readonly email: string
  readonly role: Role
  readonly teamIds?: readonly string[] | undefined
}
export type Invitation = {
  readonly id: string
  readonly email: string | null
  readonly role: Role
  readonly teamIds: readonly string[]
  readonly invitedBy: string | null
  readonly expiresAt: Date
}

/** Invites somebody; `token` belongs into the link /join/TOKEN. Throws `UserError` not_found. */
export async function createInvitation(
  call: Call & { input: InvitationInput },
): Promise<Invitation & { readonly token: string }> {
  const { ctx, identity, input } = call
  may(identity, 'invitations.create')
  const { organizationId, userId } = identity
  const token = newSecret('twi')
  const now = ctx.now()
  const row = {
    organizationId,
    id: newId('inv'),
    tokenHash: hashText(token),
    email: input.email.toLowerCase(),
    role: input.role,
    teamIds: [...new Set(input.teamIds ?? [])],
    invitedBy: userId,
    expiresAt: new Date(now.getTime() + INVITATION_DAYS * DAY_MS),
    createdAt: now,
  }
  await ctx.db.transaction(async (tx) => {
    const there = await tx
      .select({ id: teams.id })
      .from(teams)
      .where(and(eq(teams.organizationId, organizationId), inArray(teams.id, row.teamIds)))
    const missing = row.teamIds.find((id) => there.every((team) => team.id !== id))
    if (missing !== undefined) throw noSuchTeam(missing)
    await tx.insert(invitations).values(row)
    await audit(tx, call, now, {
      action: 'invitations.create',
      subject: { kind: 'invitation', id: row.id },
      details: { email: row.email, role: row.role },
    })
  })
  const { id, email, role, teamIds, invitedBy, expiresAt } = row
  return { id, email, role, teamIds, invitedBy, expiresAt, token }
}

/** Invitations that can still be accepted, the newest first. */
export async function listInvitations({ ctx, identity }: Call): Promise<readonly Invitation[]> {
  may(identity, 'invitations.list')
  return ctx.db
    .select({
      id: invitations.id,
      email: invitations.email,
      role: invitations.role,
      teamIds: invitations.teamIds,
      invitedBy: invitations.invitedBy,
      expiresAt: invitations.expiresAt,
    })
    .from(invitations)
    .where(
      and(
        eq(invitations.organizationId, identity.organizationId),
        isNull(invitations.acceptedAt),
        gt(invitations.expiresAt, ctx.now()),
      ),
    )
    .orderBy(desc(sql`${invitations.id}`))
}

/** Takes an invitation back. Throws `UserError` not_found. */
export async function revokeInvitation(call: Call & { invitationId: string }): Promise<void> {
  const { ctx, identity, invitationId } = call
  may(identity, 'invitations.revoke')
  await ctx.db.transaction(async (tx) => {
    const gone = await tx
      .delete(invitations)
      .where(
        and(
          eq(invitations.organizationId, identity.organizationId),
          eq(invitations.id, invitationId),
          isNull(invitations.acceptedAt),
        ),
      )
      .returning({ email: invitations.email })
    const [invitation] = gone
    if (invitation === undefined) {
      const quoted = invitationId.slice(0, 100)
      throw new UserError('not_found', `Cannot find invitation "${quoted}": there is none that is still open`)
    }
    await audit(tx, call, ctx.now(), {
      action: 'invitations.revoke',
      subject: { kind: 'invitation', id: invitationId },
      details: { email: invitation.email },
    })
  })
}
