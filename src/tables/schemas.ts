// What goes into the verbs on saved tables: strict shapes, the same for HTTP, tools and commands.
import { z } from 'zod'
import { createdVia, permissions, visibilities } from '../db/schema-tables.ts'
import { ianaTimezone } from '../lib/timezone.ts'

export const TableName = z.string().trim().min(1, 'a name is expected').max(200, 'a name has at most 200 characters')
export const TableDescription = z.string().trim().max(2000, 'a description has at most 2,000 characters')
export const CreatedVia = z.enum(createdVia)
export const Visibility = z.enum(visibilities)
export const Permission = z.enum(permissions)

/** Where a table is shown beside its own page. */
export const Destination = z
  .strictObject({ type: z.enum(['dashboard', 'view', 'report']), id: z.string().min(1).max(100).optional() })
  .meta({ id: 'Destination' })
export type Destination = z.infer<typeof Destination>
export const Destinations = z.array(Destination).max(50)

export const ShareWith = z
  .strictObject({ id: z.string().min(1).max(100), permission: Permission.default('view') })
  .meta({ id: 'ShareWith' })

export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const

/** When a table is mailed, to whom and as what. */
export const ScheduleConfig = z
  .strictObject({
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
    dayOfWeek: z.enum(weekdays).optional().describe('Of weekly ones; monday if not given'),
    dayOfMonth: z
      .union([z.int().min(1).max(31), z.literal('last')])
      .optional()
      .describe('Of monthly ones; 1 if not given. Shorter months take their last day'),
    recipients: z.array(z.email('an e-mail address is expected').max(200)).min(1).max(100),
    format: z.enum(['csv', 'excel', 'pdf']),
    subject: z.string().trim().min(1).max(200).optional(),
    message: z.string().trim().max(2000).optional(),
    skipIfEmpty: z.boolean().default(false).describe('Sends nothing while there are no rows'),
  })
  .superRefine((config, check) => {
    if (config.dayOfWeek !== undefined && config.frequency !== 'weekly') {
      check.addIssue({ code: 'custom', path: ['dayOfWeek'], message: 'only a weekly schedule has a day of the week' })
    }
    if (config.dayOfMonth !== undefined && config.frequency !== 'monthly') {
      check.addIssue({
        code: 'custom',
        path: ['dayOfMonth'],
        message: 'only a monthly schedule has a day of the month',
      })
    }
    const addresses = config.recipients.map((address) => address.toLowerCase())
    if (new Set(addresses).size < addresses.length) {
      check.addIssue({ code: 'custom', path: ['recipients'], message: 'an address stands here twice' })
    }
  })
  .meta({ id: 'ScheduleConfig' })
export type ScheduleConfig = z.infer<typeof ScheduleConfig>
