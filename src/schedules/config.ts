// When something is mailed, to whom, as what and on which condition. In: JSON of today or of an earlier version.
// Out: a config in which nothing is left to be guessed. Refused: parts that do not go together, each with its place.
import { z } from 'zod'
import { ianaTimezone } from '../lib/timezone.ts'

export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
export type Weekday = (typeof weekdays)[number]

/** What most mail servers take: 25 MB, and a file grows by a third on its way. */
export const MAX_ATTACHED_MB = 15

const Weekday = z.enum(weekdays)
const Day = z.iso.date('a day such as 2026-12-31 is expected')

export const Recipient = z
  .union([
    z.email('an e-mail address is expected').max(200),
    z.strictObject({ user: z.string().min(1).max(100) }),
    z.strictObject({ team: z.string().min(1).max(100) }),
  ])
  .describe('An address, or a member or team of the organization; teams are who is in them when it comes due')
export type Recipient = z.infer<typeof Recipient>

export const Condition = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('always') }),
    z.strictObject({ kind: z.literal('rows') }).describe('Only while there are rows'),
    z
      .strictObject({ kind: z.literal('changed') })
      .describe('Only when the rows differ from those that the recipient was last sent'),
    z
      .strictObject({
        kind: z.literal('threshold'),
        column: z.string().min(1).max(200).describe('Id of a column of the table'),
        op: z.enum(['gt', 'gte', 'lt', 'lte', 'eq', 'ne']),
        value: z.union([z.number(), z.string().min(1).max(200)]),
        in: z.enum(['any', 'total']).default('any').describe('Any row, or the grand total'),
      })
      .describe('Only when a number or text is reached'),
  ])
  .meta({ id: 'ScheduleCondition' })
export type Condition = z.infer<typeof Condition>

export const Subject = z.string().trim().min(1).max(200)
export const Message = z.string().trim().max(2000)
export const LinkAboveMb = z.number().min(0).max(MAX_ATTACHED_MB)

const shape = z.strictObject({
  frequency: z.enum(['daily', 'weekly', 'monthly']),
  time: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time such as 08:00 is expected')
    .default('08:00')
    .describe('On the clock of the time zone'),
  timezone: z
    .string()
    .default('UTC')
    .refine((name) => ianaTimezone(name) !== undefined, 'an IANA time zone such as Europe/Berlin is expected'),
  daysOfWeek: z.array(Weekday).min(1).max(7).optional().describe('Of weekly ones; monday if not given'),
  dayOfMonth: z
    .union([z.int().min(1).max(31), z.literal('last')])
    .optional()
    .describe('Of monthly ones; 1 if nothing is given. Shorter months take their last day'),
  weekdayOfMonth: z
    .strictObject({ nth: z.union([z.int().min(1).max(4), z.literal('last')]), weekday: Weekday })
    .optional()
    .describe('Of monthly ones, in place of a day: the second tuesday'),
  startsOn: Day.optional().describe('The first day, in the time zone'),
  endsOn: Day.optional().describe('The last day'),
  paused: z.boolean().default(false).describe('Nothing comes due until it is taken off; what was missed is not sent'),
  recipients: z.array(Recipient).min(1).max(100),
  allowOutside: z
    .boolean()
    .default(false)
    .describe(
      'Must be set where an address belongs to no member: whoever sets it answers for what leaves the organization',
    ),
  format: z.enum(['csv', 'excel', 'pdf', 'table']).describe('table: in the mail itself, without a file'),
  subject: Subject.optional(),
  message: Message.optional(),
  condition: Condition.default({ kind: 'always' }),
  linkAboveMb: LinkAboveMb.default(MAX_ATTACHED_MB).describe(
    'A larger file is not attached: the mail has a link to it that expires',
  ),
})

/** A day of the week alone and skipIfEmpty are how earlier versions said it. */
function upgraded(given: unknown): unknown {
  if (typeof given !== 'object' || given === null) return given
  const { dayOfWeek, skipIfEmpty, ...rest } = given as Record<string, unknown>
  return {
    ...rest,
    ...(dayOfWeek !== undefined && !('daysOfWeek' in rest) && { daysOfWeek: [dayOfWeek] }),
    ...(skipIfEmpty === true && !('condition' in rest) && { condition: { kind: 'rows' } }),
  }
}

export const ScheduleConfig = z
  .preprocess(upgraded, shape)
  .superRefine((config, check) => {
    const { frequency, daysOfWeek, dayOfMonth, weekdayOfMonth, startsOn, endsOn, recipients } = config
    const say = (place: string, message: string) => check.addIssue({ code: 'custom', path: [place], message })
    if (daysOfWeek !== undefined && frequency !== 'weekly')
      say('daysOfWeek', 'only a weekly schedule has days of the week')
    if (daysOfWeek !== undefined && new Set(daysOfWeek).size < daysOfWeek.length)
      say('daysOfWeek', 'a day stands here twice')
    if (dayOfMonth !== undefined && frequency !== 'monthly')
      say('dayOfMonth', 'only a monthly schedule has a day of the month')
    if (weekdayOfMonth !== undefined && frequency !== 'monthly')
      say('weekdayOfMonth', 'only a monthly schedule has one')
    if (weekdayOfMonth !== undefined && dayOfMonth !== undefined)
      say('weekdayOfMonth', 'give it or dayOfMonth, not both')
    if (startsOn !== undefined && endsOn !== undefined && endsOn < startsOn) say('endsOn', 'it is before startsOn')
    const keys = recipients.map((one) => JSON.stringify(one).toLowerCase())
    if (new Set(keys).size < keys.length) say('recipients', 'a recipient stands here twice')
  })
  .meta({ id: 'ScheduleConfig' })
export type ScheduleConfig = z.infer<typeof ScheduleConfig>

/** A config as the store has it; what was scheduled before outside addresses had to be allowed was allowed. */
export function storedSchedule(stored: unknown): ScheduleConfig | undefined {
  if (typeof stored !== 'object' || stored === null) return undefined
  const parsed = ScheduleConfig.safeParse({ allowOutside: true, ...stored })
  return parsed.success ? parsed.data : undefined
}
