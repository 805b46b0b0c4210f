import { changeDocument, type DocumentCall } from '../placing/write.ts'
import { checkSchedule } from '../schedules/check.ts'
import type { ScheduleConfig } from '../schedules/config.ts'
import { nextRun } from '../schedules/next-run.ts'
import { detailsOf } from '../tables/schedule-table.ts'
import { getReport, type Report } from './reports.ts'

/** Sets when a report is mailed as one file. Throws `UserError` invalid_request with every issue. */
export async function scheduleReport(call: DocumentCall & { readonly input: ScheduleConfig }): Promise<Report> {
  const { input, ctx, identity } = call
  await changeDocument(call, 'report', 'reports.schedule', async (tx) => {
    await checkSchedule(tx, call, input, undefined)
    const nextScheduledRun = nextRun(input, ctx.now()) ?? null
    return { set: { scheduleConfig: input, scheduledBy: identity.userId, nextScheduledRun }, details: detailsOf(input) }
  })
  return getReport(call)
}

/** Ends a report's schedule; fine when there is none. Throws `UserError`. */
export async function unscheduleReport(call: DocumentCall): Promise<Report> {
  await changeDocument(call, 'report', 'reports.unschedule', async (_, { row }) =>
    row.scheduleConfig === null ? {} : { set: { scheduleConfig: null, scheduledBy: null, nextScheduledRun: null } },
  )
  return getReport(call)
}
