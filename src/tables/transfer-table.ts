import { and, eq } from 'drizzle-orm'
import { z } from 'zod'
import { memberships } from '../db/schema-access.ts'
import { UserError } from '../errors.ts'
import { changeTable, type TableCall } from './change.ts'
import type { TableView } from './view.ts'

export const TransferTable = z.strictObject({ userId: z.string().min(1).max(100) })
export type TransferTable = z.output<typeof TransferTable>

/** Hands a table on to another editor of the organization. Throws `UserError` not_found or conflict. */
export async function transferTable(call: TableCall & { input: TransferTable }): Promise<TableView> {
  const { userId } = call.input
  return changeTable(call, 'tables.transfer', async (tx, { row }) => {
    if (row.ownerId === userId) return {}
    const [heir] = await tx
      .select({ role: memberships.role })
      .from(memberships)
      .where(and(eq(memberships.organizationId, row.organizationId), eq(memberships.userId, userId)))
      .for('share')
    if (heir === undefined) {
      throw new UserError('not_found', `Cannot hand the table to "${userId}": your organization has no such member`)
    }
    if (heir.role === 'viewer') {
      throw new UserError('conflict', `Cannot hand the table to "${userId}": viewers cannot own tables`, {
        fix: 'choose an editor or admin',
      })
    }
    return { set: { ownerId: userId }, details: { from: row.ownerId, to: userId } }
  })
}
