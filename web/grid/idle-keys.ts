// Keys that say nothing to a reader. In: columns and all their rows. Out: ids of the columns that only tell rows of one name
// apart, as "contact_id" beside "contact.full_name", where no two rows have one name.
import type { GridTable } from './useColumns.ts'

const NONE: readonly string[] = []

export function idleKeys({ columns, rows }: GridTable): readonly string[] {
  const keys = columns.flatMap((column, index) => (column.role === 'key' ? [{ ...column, index }] : []))
  const names = keys.filter(({ type }) => type === 'text')
  const idle = keys.filter(({ id, type }) => type === 'id' && names.some((name) => isKeyOf(id, name.id)))
  if (idle.length === 0) return NONE
  const others = keys.filter((key) => !idle.includes(key))
  const told = new Set(rows.map((row) => JSON.stringify(others.map(({ index }) => row[index] ?? null))))
  return told.size === rows.length ? idle.map(({ id }) => id) : NONE
}

/** Whether a field is the key of what another one names, by their paths. */
function isKeyOf(key: string, name: string): boolean {
  const owner = name.split('.').slice(0, -1).join('.')
  return owner === '' ? key === 'id' : key === `${owner}.id` || key === `${owner}_id`
}
