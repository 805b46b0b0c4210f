import { may } from '../access/rules.ts'
import type { Call } from '../context.ts'
import type { ScheduleConfig } from './config.ts'
import { nextRuns } from './next-run.ts'
import { recipientsOf } from './recipients.ts'
import { scheduleSentence } from './sentence.ts'

export type SchedulePreview = {
  readonly sentence: string
  readonly runs: readonly { readonly at: string; readonly local: string }[]
  readonly recipients: readonly string[]
  readonly dropped: readonly { readonly who: string; readonly why: string }[]
}

const RUNS = 5

/** A schedule in words, its next runs, and who would be mailed now. Nothing is saved. */
export async function previewSchedule({
  ctx,
  identity,
  input,
}: Call & { input: ScheduleConfig }): Promise<SchedulePreview> {
  may(identity, 'schedules.preview')
  const { timezone } = input
  const shown = new Intl.DateTimeFormat('en-US', { dateStyle: 'full', timeStyle: 'short', timeZone: timezone })
  const zone = new Intl.DateTimeFormat('en-US', { timeZone: timezone, timeZoneName: 'short' })
  const zoneOf = (at: Date) => zone.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? timezone
  const { addresses, dropped } = await recipientsOf(ctx.db, identity.organizationId, input, ctx)
  return {
    sentence: scheduleSentence(input),
    runs: nextRuns(input, ctx.now(), RUNS).map((at) => ({
      at: at.toISOString(),
      local: `${shown.format(at)} ${zoneOf(at)}`,
    })),
    recipients: addresses,
    dropped: dropped.map(({ who, why }) => ({ who, why })),
  }
}
