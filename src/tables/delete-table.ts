import { nextRun } from '../schedules/next-run.ts'
import { changeTable, type TableCall } from './change.ts'
import type { ScheduleConfig } from './schemas.ts'
import type { TableView } from './view.ts'

/** Puts a table away: nobody finds it and nothing is sent, until it is restored. Throws `UserError`. */
export async function deleteTable(call: TableCall): Promise<TableView> {
  return changeTable(call, 'tables.delete', async (_, { row }) => ({
    set: { deletedAt: call.ctx.now(), deletedBy: call.identity.userId },
    details: { name: row.name },
  }))
}

/** Brings a table back as it was; a schedule goes on from now, without what it missed. Throws `UserError`. */
export async function restoreTable(call: TableCall): Promise<TableView> {
  return changeTable(call, 'tables.restore', async (_, { row }) => ({
    set: {
      deletedAt: null,
      deletedBy: null,
      ...(row.scheduleConfig !== null && {
        nextScheduledRun: nextRun(row.scheduleConfig as ScheduleConfig, call.ctx.now()),
      }),
    },
    details: { name: row.name },
  }))
}
