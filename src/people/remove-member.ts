// Somebody leaves. Their tables go to somebody else, so that nothing anybody relies on is lost; their keys and shares end.
// Refused: the last admin; an heir who is no editor of the organization; leaving tables behind without an heir.
import { and, eq, sql } from 'drizzle-orm'
import { audit } from '../access/audit.ts'
import { may } from '../access/rules.ts'
import type { Call } from '../context.ts'
import { memberships } from '../db/schema-access.ts'
import { documentShares, documents } from '../db/schema-documents.ts'
import { tableShares, tables } from '../db/schema-tables.ts'
import type { Db } from '../db/store.ts'
import { UserError } from '../errors.ts'
import { keepAnAdmin, noSuchMember } from './people.ts'

/** Takes a member out of the organization and hands their tables on. Throws `UserError` not_found or conflict. */
export async function removeMember(
  call: Call & { userId: string; transferTo?: string | undefined },
): Promise<{ transferred: number }> {
  const { ctx, identity, userId, transferTo } = call
  may(identity, 'members.remove')
  const { organizationId } = identity
  return ctx.db.transaction(async (tx) => {
    const that = and(eq(memberships.organizationId, organizationId), eq(memberships.userId, userId))
    const [member] = await tx.select().from(memberships).where(that).for('update')
    if (member === undefined) throw noSuchMember(userId)
    if (member.role === 'admin') await keepAnAdmin(tx, organizationId, userId)
    const handedOn = await handOn(tx, call, userId, transferTo)
    await tx
      .delete(tableShares)
      .where(
        and(
          eq(tableShares.organizationId, organizationId),
          eq(tableShares.kind, 'user'),
          eq(tableShares.subjectId, userId),
        ),
      )
    await tx
      .delete(documentShares)
      .where(
        and(
          eq(documentShares.organizationId, organizationId),
          eq(documentShares.kind, 'user'),
          eq(documentShares.subjectId, userId),
        ),
      )
    // Team memberships, keys and conversations hang on this row.
    await tx.delete(memberships).where(that)
    const now = ctx.now()
    await audit(tx, call, now, {
      action: 'members.remove',
      subject: { kind: 'member', id: userId },
      details: { role: member.role, ...(transferTo !== undefined && { transferTo }), tables: handedOn.length },
    })
    for (const { id } of handedOn) {
      await audit(tx, call, now, {
        action: 'tables.transfer',
        subject: { kind: 'table', id },
        details: { from: userId, to: transferTo, because: 'member removed' },
      })
    }
    return { transferred: handedOn.length }
  })
}

async function handOn(tx: Db, call: Call, userId: string, heirId: string | undefined): Promise<{ id: string }[]> {
  const { organizationId } = call.identity
  const theirs = and(eq(tables.organizationId, organizationId), eq(tables.ownerId, userId))
  const theirDocuments = and(eq(documents.organizationId, organizationId), eq(documents.ownerId, userId))
  const [owned] = await tx.select({ count: sql<number>`count(*)::int` }).from(tables).where(theirs)
  const [shown] = await tx.select({ count: sql<number>`count(*)::int` }).from(documents).where(theirDocuments)
  if ((owned?.count ?? 0) + (shown?.count ?? 0) === 0) return []
  if (heirId === undefined) {
    throw new UserError(
      'conflict',
      `Cannot remove "${userId}": ${(owned?.count ?? 0) + (shown?.count ?? 0)} tables, dashboards and reports would have no owner`,
      {
        fix: 'say who takes them over: transferTo',
      },
    )
  }
  const [heir] = await tx
    .select({ role: memberships.role })
    .from(memberships)
    .where(and(eq(memberships.organizationId, organizationId), eq(memberships.userId, heirId)))
    .for('share')
  if (heir === undefined || heirId === userId) throw noSuchMember(heirId)
  if (heir.role === 'viewer') {
    throw new UserError('conflict', `Cannot hand tables to "${heirId}": viewers cannot own tables`, {
      fix: 'choose an editor or admin, or change that role first',
    })
  }
  await tx
    .update(documents)
    .set({ ownerId: heirId, version: sql`${documents.version} + 1`, updatedBy: call.identity.userId })
    .where(theirDocuments)
  return tx
    .update(tables)
    .set({
      ownerId: heirId,
      scheduledBy: sql`case when ${tables.scheduledBy} = ${userId} then ${heirId} else ${tables.scheduledBy} end`,
      version: sql`${tables.version} + 1`,
      updatedBy: call.identity.userId,
      updatedAt: call.ctx.now(),
    })
    .where(theirs)
    .returning({ id: tables.id })
}
