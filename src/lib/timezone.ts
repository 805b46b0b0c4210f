const usual = new Map<string, string>()

/** The IANA time zone of that name in its usual spelling, or undefined: offsets such as "+02:00" are not zones. */
export function ianaTimezone(name: string): string | undefined {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(name)) return undefined
  const known = usual.get(name)
  if (known !== undefined) return known
  try {
    // Names that are zones are few; each spelling is looked up once, since that takes as long as planning a table.
    const zone = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
    if (usual.size < 2000) usual.set(name, zone)
    return zone
  } catch {
    return undefined
  }
}
