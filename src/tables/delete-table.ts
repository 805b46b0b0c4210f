import { storedSchedule } from '../schedules/config.ts'
import { nextRun } from '../schedules/next-run.ts'
import { changeTable, type TableCall } from './change.ts'
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
        nextScheduledRun: nextOf(row.scheduleConfig, call.ctx.now()),
      }),
    },
    details: { name: row.name },
  }))
}

function nextOf(stored: unknown, now: Date): Date | null {
  const config = storedSchedule(stored)
  return config === undefined ? null : (nextRun(config, now) ?? null)
}
