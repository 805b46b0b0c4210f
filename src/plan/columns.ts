import type { FieldType } from '../catalog/schema.ts'
import type { Format, Grain } from '../definition/schema.ts'

/** One column of a result, in display order; hidden columns are never part of a result. */
export type OutputColumn = {
  readonly id: string
  readonly label: string
  readonly type: FieldType
  /** key: groups; aggregate, calculation: numbers about them; column: a field of a list; pivot: one value's cell. */
  readonly role: 'column' | 'key' | 'aggregate' | 'calculation' | 'compare' | 'pivot'
  readonly grain?: Grain
  readonly format?: Format
  readonly unit?: string
  /** Labels of enum values, by stored value. */
  readonly valueLabels?: Readonly<Record<string, string>>
}

/**
 * One cell: text, enum, id as string; integer as number (string beyond 2^53); number and money as decimal string;
 * date as YYYY-MM-DD; timestamp as ISO text in the run's time zone with offset (none when not zoned); boolean; null is empty.
 */
export type Cell = string | number | boolean | null
