import { z } from 'zod'
import { changeTable, type TableCall } from './change.ts'
import { Permission, ShareWith, Visibility } from './schemas.ts'
import { writeShares } from './sharing.ts'
import { dropVerified } from './verified-mark.ts'
import type { TableView } from './view.ts'

export const ShareTable = z.strictObject({
  visibility: Visibility,
  orgPermission: Permission.default('view').describe('What everybody may do once visibility is ORG'),
  sharedWithTeams: z.array(ShareWith).max(200).default([]),
  sharedWithUsers: z.array(ShareWith).max(200).default([]),
})
export type ShareTable = z.output<typeof ShareTable>

/** Says anew who sees a table and who may change it; whoever is not named is out. Throws `UserError`. */
export async function shareTable(call: TableCall & { input: ShareTable }): Promise<TableView> {
  const { input } = call
  return changeTable(call, 'tables.share', async (tx, { row }) => {
    await writeShares(tx, row.organizationId, row.id, input)
    if (input.visibility !== 'ORG') await dropVerified(tx, row)
    const { visibility, orgPermission, sharedWithTeams, sharedWithUsers } = input
    return {
      set: { visibility, orgPermission },
      details: { from: row.visibility, to: visibility, orgPermission, sharedWithTeams, sharedWithUsers },
    }
  })
}
