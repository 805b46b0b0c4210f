/** Where a page ended, as a text that says nothing to people: the sort values of its last row. */
export function writeCursor(values: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url')
}

/** The values of a cursor; undefined for a text that is none. */
export function readCursor(cursor: string): readonly (string | number)[] | undefined {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    const fine = Array.isArray(values) && values.every((value) => ['string', 'number'].includes(typeof value))
    return fine && JSON.stringify(values).isWellFormed() ? values : undefined
  } catch {
    return undefined
  }
}
