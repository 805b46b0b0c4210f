// Teams: made, renamed, filled and given up. What was shared with a team that goes is shared with it no more.
import { and, eq, inArray, notInArray } from 'drizzle-orm'
import { audit } from '../access/audit.ts'
import { may } from '../access/rules.ts'
import type { Call } from '../context.ts'
import { memberships, teamMembers, teams } from '../db/schema-access.ts'
import { tableShares } from '../db/schema-tables.ts'
import type { Db } from '../db/store.ts'
import { newId } from '../lib/id.ts'
import { freeTeamName, noSuchMember, noSuchTeam } from './people.ts'

export type TeamInput = { readonly name?: string | undefined; readonly memberIds?: readonly string[] | undefined }

/** Makes a team and gives its id. Throws `UserError` conflict or not_found. */
export async function createTeam(call: Call & { input: TeamInput & { readonly name: string } }): Promise<string> {
  const { ctx, identity, input } = call
  may(identity, 'teams.change')
  const { organizationId } = identity
  const id = newId('team')
  await ctx.db.transaction(async (tx) => {
    await freeTeamName(tx, organizationId, input.name)
    await tx.insert(teams).values({ organizationId, id, name: input.name })
    await fill(tx, organizationId, id, input.memberIds ?? [])
    const details = { created: true, name: input.name, members: input.memberIds?.length ?? 0 }
    await audit(tx, call, ctx.now(), { action: 'teams.change', subject: { kind: 'team', id }, details })
  })
  return id
}

/** Renames a team or sets who is in it. Throws `UserError` conflict or not_found. */
export async function changeTeam(call: Call & { teamId: string; input: TeamInput }): Promise<void> {
  const { ctx, identity, teamId, input } = call
  may(identity, 'teams.change')
  const { organizationId } = identity
  await ctx.db.transaction(async (tx) => {
    await takeTeam(tx, organizationId, teamId)
    if (input.name !== undefined) {
      await freeTeamName(tx, organizationId, input.name, teamId)
      await tx.update(teams).set({ name: input.name }).where(that(organizationId, teamId))
    }
    if (input.memberIds !== undefined) await fill(tx, organizationId, teamId, input.memberIds)
    const details = {
      ...(input.name !== undefined && { name: input.name }),
      ...(input.memberIds && { memberIds: input.memberIds }),
    }
    await audit(tx, call, ctx.now(), { action: 'teams.change', subject: { kind: 'team', id: teamId }, details })
  })
}

/** Gives a team up. Throws `UserError` not_found. */
export async function deleteTeam(call: Call & { teamId: string }): Promise<void> {
  const { ctx, identity, teamId } = call
  may(identity, 'teams.change')
  const { organizationId } = identity
  await ctx.db.transaction(async (tx) => {
    const { name } = await takeTeam(tx, organizationId, teamId)
    await tx
      .delete(tableShares)
      .where(
        and(
          eq(tableShares.organizationId, organizationId),
          eq(tableShares.kind, 'team'),
          eq(tableShares.subjectId, teamId),
        ),
      )
    await tx.delete(teams).where(that(organizationId, teamId))
    const details = { deleted: true, name }
    await audit(tx, call, ctx.now(), { action: 'teams.change', subject: { kind: 'team', id: teamId }, details })
  })
}

const that = (organizationId: string, teamId: string) =>
  and(eq(teams.organizationId, organizationId), eq(teams.id, teamId))

async function takeTeam(tx: Db, organizationId: string, teamId: string): Promise<{ name: string }> {
  const [team] = await tx.select({ name: teams.name }).from(teams).where(that(organizationId, teamId)).for('update')
  if (team === undefined) throw noSuchTeam(teamId)
  return team
}

async function fill(tx: Db, organizationId: string, teamId: string, memberIds: readonly string[]): Promise<void> {
  const ids = [...new Set(memberIds)]
  const there = await tx
    .select({ userId: memberships.userId })
    .from(memberships)
    .where(and(eq(memberships.organizationId, organizationId), inArray(memberships.userId, ids)))
    .for('share')
  const missing = ids.find((id) => there.every(({ userId }) => userId !== id))
  if (missing !== undefined) throw noSuchMember(missing)
  const inTeam = and(eq(teamMembers.organizationId, organizationId), eq(teamMembers.teamId, teamId))
  await tx.delete(teamMembers).where(ids.length === 0 ? inTeam : and(inTeam, notInArray(teamMembers.userId, ids)))
  if (ids.length === 0) return
  await tx
    .insert(teamMembers)
    .values(ids.map((userId) => ({ organizationId, teamId, userId })))
    .onConflictDoNothing()
}
