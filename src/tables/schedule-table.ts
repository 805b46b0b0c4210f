import { catalogFor } from '../pipeline.ts'
import { checkSchedule } from '../schedules/check.ts'
import type { ScheduleConfig } from '../schedules/config.ts'
import { nextRun } from '../schedules/next-run.ts'
import { changeTable, type TableCall } from './change.ts'
import { readDefinition, runnable } from './readable.ts'
import type { TableView } from './view.ts'

/** Sets when a table is mailed, and works out the next time. Throws `UserError` invalid_request with every issue. */
export async function scheduleTable(call: TableCall & { input: ScheduleConfig }): Promise<TableView> {
  const { input, ctx, identity } = call
  return changeTable(call, 'tables.schedule', async (tx, { row }) => {
    const definition = runnable(readDefinition(row.definition, ctx.catalog, identity), row.name)
    await checkSchedule(tx, call, input, { definition, catalog: catalogFor(ctx.catalog, identity) })
    return {
      set: {
        scheduleConfig: input,
        scheduledBy: identity.userId,
        nextScheduledRun: nextRun(input, ctx.now()) ?? null,
      },
      details: detailsOf(input),
    }
  })
}

/** What the audit log keeps of a schedule. */
export const detailsOf = ({ frequency, recipients, format, paused, allowOutside }: ScheduleConfig) => ({
  ...{ frequency, recipients: recipients.length, format },
  ...(paused && { paused }),
  ...(allowOutside && { allowOutside }),
})

/** Ends a table's schedule; fine when there is none. Throws `UserError`. */
export async function unscheduleTable(call: TableCall): Promise<TableView> {
  return changeTable(call, 'tables.unschedule', async (_, { row }) => {
    if (row.scheduleConfig === null) return {}
    return { set: { scheduleConfig: null, scheduledBy: null, nextScheduledRun: null } }
  })
}
