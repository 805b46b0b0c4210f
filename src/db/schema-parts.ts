// What all tables of the application store share: their schema in the database, and the form of instants.
import { customType, pgSchema, timestamp } from 'drizzle-orm/pg-core'

/** A schema of its own, so that the store may share a database with the data that is asked about. */
export const store = pgSchema('tablewright')

/** Milliseconds, as JavaScript keeps them: an instant read back equals the one written. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' })
export const createdAt = () => instant('created_at').notNull().defaultNow()
export const updatedAt = () => instant('updated_at').notNull().defaultNow()

export const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' })
