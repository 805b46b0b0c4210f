/** Where a page ended, as a text that says nothing to people: the sort values of its last row. */
export function writeCursor(values: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url')
}

/** The values of a cursor; undefined for a text that is none. */
export function readCursor(cursor: string): readonly (string | number)[] | undefined {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    return Array.isArray(values) && values.every(isPart) ? values : undefined
  } catch {
    return undefined
  }
}

/** What the store can keep, and so can have given. */
function isPart(value: unknown): value is string | number {
  return typeof value === 'string' ? value.isWellFormed() && !value.includes('\0') : typeof value === 'number'
}

/** A time in a cursor, as it was written; undefined for anything else. */
export function cursorTime(value: unknown): Date | undefined {
  if (typeof value !== 'string' || !/^[1-9]\d{3}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return undefined
  const at = new Date(value)
  return Number.isNaN(at.getTime()) ? undefined : at
}
