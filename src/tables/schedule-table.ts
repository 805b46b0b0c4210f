import { nextRun } from '../schedules/next-run.ts'
import { changeTable, type TableCall } from './change.ts'
import type { ScheduleConfig } from './schemas.ts'
import type { TableView } from './view.ts'

/** Sets when a table is mailed, and works out the next time. Throws `UserError`. */
export async function scheduleTable(call: TableCall & { input: ScheduleConfig }): Promise<TableView> {
  const { input, ctx, identity } = call
  return changeTable(call, 'tables.schedule', async () => ({
    set: { scheduleConfig: input, scheduledBy: identity.userId, nextScheduledRun: nextRun(input, ctx.now()) },
    details: { frequency: input.frequency, recipients: input.recipients.length, format: input.format },
  }))
}

/** Ends a table's schedule; fine when there is none. Throws `UserError`. */
export async function unscheduleTable(call: TableCall): Promise<TableView> {
  return changeTable(call, 'tables.unschedule', async (_, { row }) => {
    if (row.scheduleConfig === null) return {}
    return { set: { scheduleConfig: null, scheduledBy: null, nextScheduledRun: null } }
  })
}
