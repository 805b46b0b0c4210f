// A schedule while it is edited. In: a config of the API, or nothing. Out: fields that can each be half done, what stands
// in the way of saving them, and the config they make.
import type { Condition, Recipient, ScheduleConfig, Weekday } from '../../src/schedules/config.ts'

export const weekdays = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const satisfies readonly Weekday[]
export const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)

/** The largest file that the API attaches. */
export const MAX_ATTACHED_MB = 15

type Threshold = Extract<Condition, { kind: 'threshold' }>
export type Nth = 1 | 2 | 3 | 4 | 'last'

export type Draft = Pick<
  ScheduleConfig,
  'frequency' | 'time' | 'timezone' | 'paused' | 'recipients' | 'allowOutside' | 'format'
> & {
  readonly daysOfWeek: readonly Weekday[]
  readonly monthlyBy: 'day' | 'weekday'
  readonly dayOfMonth: number | 'last'
  readonly nth: Nth
  readonly weekday: Weekday
  readonly startsOn: string
  readonly endsOn: string
  readonly subject: string
  readonly message: string
  readonly conditionKind: Condition['kind']
  readonly threshold: Omit<Threshold, 'kind' | 'value'> & { readonly value: string }
  readonly linkAboveMb: string
}

/** What one begins with: every Monday morning on one's own clock, to oneself. */
export function newDraft(me: string, timezone: string): Draft {
  return {
    ...{ frequency: 'weekly', time: '08:00', timezone, daysOfWeek: ['monday'] },
    ...{ monthlyBy: 'day', dayOfMonth: 1, nth: 1, weekday: 'monday', startsOn: '', endsOn: '', paused: false },
    ...{ recipients: [{ user: me }], allowOutside: false, format: 'excel', subject: '', message: '' },
    ...{ conditionKind: 'always', threshold: { column: '', op: 'lt', value: '', in: 'any' } },
    linkAboveMb: String(MAX_ATTACHED_MB),
  }
}

/** The fields of a schedule that there is. */
export function draftOf(config: ScheduleConfig): Draft {
  const { daysOfWeek, dayOfMonth, weekdayOfMonth, startsOn, endsOn, subject, message, condition, linkAboveMb } = config
  const fresh = newDraft('', config.timezone)
  return {
    ...fresh,
    ...{ frequency: config.frequency, time: config.time, paused: config.paused, format: config.format },
    ...{ recipients: config.recipients, allowOutside: config.allowOutside },
    daysOfWeek: daysOfWeek ?? fresh.daysOfWeek,
    monthlyBy: weekdayOfMonth === undefined ? 'day' : 'weekday',
    dayOfMonth: dayOfMonth ?? 1,
    nth: (weekdayOfMonth?.nth ?? 1) as Nth,
    weekday: weekdayOfMonth?.weekday ?? 'monday',
    ...{ startsOn: startsOn ?? '', endsOn: endsOn ?? '', subject: subject ?? '', message: message ?? '' },
    conditionKind: condition.kind,
    ...(condition.kind === 'threshold' && {
      threshold: { column: condition.column, op: condition.op, value: String(condition.value), in: condition.in },
    }),
    linkAboveMb: String(linkAboveMb),
  }
}

export function configOf(draft: Draft) {
  const { frequency, time, timezone, paused, recipients, allowOutside, format, startsOn, endsOn, monthlyBy } = draft
  const subject = draft.subject.trim()
  const message = draft.message.trim()
  const monthly =
    monthlyBy === 'day'
      ? { dayOfMonth: draft.dayOfMonth }
      : { weekdayOfMonth: { nth: draft.nth, weekday: draft.weekday } }
  return {
    ...{ frequency, time, timezone, paused, recipients, allowOutside, format },
    ...(frequency === 'weekly' && { daysOfWeek: weekdays.filter((day) => draft.daysOfWeek.includes(day)) }),
    ...(frequency === 'monthly' && monthly),
    ...(startsOn && { startsOn }),
    ...(endsOn && { endsOn }),
    ...(subject && { subject }),
    ...(message && { message }),
    condition:
      draft.conditionKind === 'threshold'
        ? { kind: 'threshold' as const, ...draft.threshold, value: draft.threshold.value.trim() }
        : { kind: draft.conditionKind },
    linkAboveMb: Number(draft.linkAboveMb),
  }
}

export type Part =
  | 'daysOfWeek'
  | 'time'
  | 'startsOn'
  | 'endsOn'
  | 'recipients'
  | 'allowOutside'
  | 'column'
  | 'value'
  | 'linkAboveMb'
export type Problems = Partial<Record<Part, string>>

/** What stands in the way of saving, by field. `outside`: how many addresses belong to no member. */
export function problemsOf(draft: Draft, outside: number): Problems {
  const { frequency, daysOfWeek, time, startsOn, endsOn, recipients, conditionKind, threshold } = draft
  const mb = draft.linkAboveMb.trim() === '' ? Number.NaN : Number(draft.linkAboveMb)
  return {
    ...(frequency === 'weekly' && daysOfWeek.length === 0 && { daysOfWeek: 'Choose at least one day' }),
    ...(!/^\d\d:\d\d$/.test(time) && { time: 'Give a time such as 08:00' }),
    ...(startsOn && endsOn && endsOn < startsOn && { endsOn: 'The last day is before the first' }),
    ...(recipients.length === 0 && { recipients: 'Choose at least one recipient' }),
    ...(outside > 0 && !draft.allowOutside && { allowOutside: 'Say that it may leave the organization' }),
    ...(conditionKind === 'threshold' && !threshold.column && { column: 'Choose a column' }),
    ...(conditionKind === 'threshold' && !threshold.value.trim() && { value: 'Give a value to compare with' }),
    ...(!(mb >= 0 && mb <= MAX_ATTACHED_MB) && { linkAboveMb: `Give a number from 0 to ${MAX_ATTACHED_MB}` }),
  }
}

/** What can be previewed of a draft that is not done: its times do not wait for its recipients. */
export function previewOf(draft: Draft, me: string) {
  const { daysOfWeek, time, endsOn, column, value, linkAboveMb } = problemsOf(draft, 0)
  if (daysOfWeek ?? time ?? endsOn) return undefined
  const { condition, ...rest } = configOf(draft)
  return {
    ...rest,
    condition: column || value ? { kind: 'always' as const } : condition,
    // It is asked for before saving; until then the preview need not name it twice.
    allowOutside: true,
    recipients: draft.recipients.length === 0 ? [{ user: me }] : draft.recipients,
    ...(linkAboveMb && { linkAboveMb: MAX_ATTACHED_MB }),
  }
}

/** What a test mail has of a draft that is not saved: all that is seen of it. */
export function testOf(draft: Draft) {
  const { format, subject = null, message = null, linkAboveMb } = configOf(draft)
  return { format, subject, message, ...(problemsOf(draft, 0).linkAboveMb === undefined && { linkAboveMb }) }
}

export const keyOf = (recipient: Recipient): string => JSON.stringify(recipient).toLowerCase()
