/** The IANA time zone of that name in its usual spelling, or undefined: offsets such as "+02:00" are not zones. */
export function ianaTimezone(name: string): string | undefined {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(name)) return undefined
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
  } catch {
    return undefined
  }
}
