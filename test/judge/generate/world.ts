// What a generated world is: a catalog, its tables, everybody's rows, and the run's clock.
import type { Catalog } from '../../../src/catalog/schema.ts'
import type { Data } from '../world.ts'

/** SQL type of each column, by entity and column name. */
export type ColumnTypes = Readonly<Record<string, Readonly<Record<string, string>>>>

export type TestWorld = {
  readonly catalog: Catalog
  readonly columnTypes: ColumnTypes
  readonly data: Data
  readonly organizationId: string
  /** ISO instant. */
  readonly now: string
  readonly timezone: string
}
