// The calendar day a clock shows where the asker is.
import type { Today } from './periods.ts'

/** The calendar day that a clock shows in its time zone. */
export function localDay(now: Date, timezone: string): Today {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: timezone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  })
    .format(now)
    .split('-')
  return { year: Number(parts[0]), month: Number(parts[1]), day: Number(parts[2]) }
}
