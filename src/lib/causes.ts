/** The codes of an error and of what it was caused by, outermost first: drivers and wrappers each put their own around. */
export function codesOf(error: unknown): readonly string[] {
  const codes: string[] = []
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
    if ('code' in cause) codes.push(String(cause.code))
  return codes
}
