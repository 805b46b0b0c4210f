const MAX_REMEMBERED = 2000

/** What was made for a key before, else made now; the map begins anew when it has grown large. */
export function remembered<T>(made: Map<string, T>, key: string, make: () => T): T {
  const known = made.get(key)
  if (known !== undefined) return known
  if (made.size >= MAX_REMEMBERED) made.clear()
  const fresh = make()
  made.set(key, fresh)
  return fresh
}
