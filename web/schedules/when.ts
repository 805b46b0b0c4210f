// Instants in words.
import { readerOptions } from '../api/generate.ts'
import { readerLocale } from '../api/locale.ts'

/** The reader's time, where it differs from the clock of a zone. */
export function ownClock(at: string, zone: string): string | undefined {
  const own = (timeZone: string) =>
    new Date(at).toLocaleString(readerLocale, { weekday: 'short', hour: 'numeric', minute: '2-digit', timeZone })
  const mine = own(readerOptions.timezone)
  return mine === own(zone) ? undefined : mine
}

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const A_DAY_MS = 86_400_000

/** How far away it is, by the calendar of a zone: "today", "tomorrow", "in 9 days". */
export function aheadText(at: string, zone: string, now: Date): string {
  const day = (date: Date) => Date.parse(date.toLocaleDateString('en-CA', { timeZone: zone }))
  const days = Math.round((day(new Date(at)) - day(now)) / A_DAY_MS)
  if (days < 14) return relative.format(days, 'day')
  return days < 70 ? relative.format(Math.round(days / 7), 'week') : relative.format(Math.round(days / 30.44), 'month')
}

/** The likely time zones, and every other one that the browser knows by continent; none twice, whatever its names. */
export function zoneChoices(likely: readonly string[]): {
  readonly near: readonly string[]
  readonly regions: readonly (readonly [string, readonly string[]])[]
} {
  const near = likely.filter((zone, at) => likely.findIndex((one) => canonical(one) === canonical(zone)) === at)
  const taken = new Set(near.map(canonical))
  const others = Intl.supportedValuesOf('timeZone').filter((zone) => zone.includes('/') && !taken.has(canonical(zone)))
  return { near, regions: [...Map.groupBy(others, (zone) => zone.split('/')[0] ?? zone)] }
}

/** The one name that this browser has for a zone of several: US/Eastern is America/New_York. */
function canonical(zone: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone
  } catch {
    return zone
  }
}
