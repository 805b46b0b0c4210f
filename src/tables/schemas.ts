// What goes into the verbs on saved tables: strict shapes, the same for HTTP, tools and commands.
import { z } from 'zod'
import { createdVia, permissions, visibilities } from '../db/schema-tables.ts'

export const TableName = z.string().trim().min(1, 'a name is expected').max(200, 'a name has at most 200 characters')
export const TableDescription = z.string().trim().max(2000, 'a description has at most 2,000 characters')
/** As large as the store can keep. */
export const VersionNumber = z.int().min(1).max(2_147_483_647)
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

export { ScheduleConfig, weekdays } from '../schedules/config.ts'
