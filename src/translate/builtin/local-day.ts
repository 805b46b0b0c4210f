// The calendar day a clock shows where the asker is.
import { remembered } from '../../lib/remember.ts'
import type { Today } from './periods.ts'

const formats = new Map<string, Intl.DateTimeFormat>()

/** The calendar day that a clock shows in its time zone. */
export function localDay(now: Date, timezone: string): Today {
  const format = remembered(formats, timezone, () => {
    return new Intl.DateTimeFormat('en-CA', { timeZone: timezone, year: 'numeric', month: '2-digit', day: '2-digit' })
  })
  const parts = format.format(now).split('-')
  return { year: Number(parts[0]), month: Number(parts[1]), day: Number(parts[2]) }
}
