// How a column would read with another format, before it has it. Nothing here knows the page.
import { ownOver } from '../../src/definition/own-format.ts'
import type { Format } from '../../src/definition/schema.ts'
import type { OutputColumn } from '../../src/plan/columns.ts'

/** The column with a format in place of its entry's own; undefined where only the server knows what would be usual then. */
export function withFormat(column: OutputColumn, own: Format, next: Format): OutputColumn | undefined {
  const keys = Object.keys(own) as (keyof Format)[]
  if (keys.some((key) => next[key] === undefined)) return undefined
  const usual = Object.fromEntries(
    Object.entries(column.format ?? {}).filter(([key]) => !keys.includes(key as keyof Format)),
  )
  const { format: _before, ...rest } = column
  const format = ownOver(Object.keys(usual).length === 0 ? undefined : usual, next)
  return { ...rest, ...(format && { format }) }
}
