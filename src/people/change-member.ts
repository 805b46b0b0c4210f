import { and, eq } from 'drizzle-orm'
import { audit } from '../access/audit.ts'
import { may } from '../access/rules.ts'
import type { Call } from '../context.ts'
import { memberships, type Role } from '../db/schema-access.ts'
import { keepAnAdmin, noSuchMember } from './people.ts'

/** Changes what a member may do; in force with their next request. Throws `UserError` not_found or conflict. */
export async function changeMember(
  call: Call & { userId: string; input: { role?: Role | undefined; columnRoles?: readonly string[] | undefined } },
): Promise<void> {
  const { ctx, identity, userId, input } = call
  may(identity, 'members.change')
  const { organizationId } = identity
  const that = and(eq(memberships.organizationId, organizationId), eq(memberships.userId, userId))
  await ctx.db.transaction(async (tx) => {
    const [before] = await tx.select().from(memberships).where(that).for('update')
    if (before === undefined) throw noSuchMember(userId)
    const after = {
      role: input.role ?? before.role,
      columnRoles: [...new Set(input.columnRoles ?? before.columnRoles)].sort(),
    }
    if (before.role === 'admin' && after.role !== 'admin') await keepAnAdmin(tx, organizationId, userId)
    await tx.update(memberships).set(after).where(that)
    await audit(tx, call, ctx.now(), {
      action: 'members.change',
      subject: { kind: 'member', id: userId },
      details: { from: { role: before.role, columnRoles: before.columnRoles }, to: after },
    })
  })
}
