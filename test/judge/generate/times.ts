// Points in time where programs go wrong: clock changes, borders of days, months, quarters and years.
import { Temporal } from '@js-temporal/polyfill'
import type { Random } from './random.ts'

export const TIMEZONES = [
  'UTC',
  'America/New_York',
  'America/Los_Angeles',
  'Europe/Berlin',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'America/Havana',
  'Africa/Cairo',
  'Pacific/Auckland',
  'Australia/Sydney',
  'America/St_Johns',
  'Europe/London',
  'Pacific/Kiritimati',
  'Etc/GMT+12',
  'America/Sao_Paulo',
] as const

/** Local times that are worth being "now". */
const NOWS = [
  '2025-03-09T03:30',
  '2025-11-02T12:00',
  '2025-01-01T00:10',
  '2024-12-31T23:50',
  '2024-02-29T12:34',
  '2025-03-31T23:59:59',
  '2025-06-15T09:00',
  '2025-10-26T08:20',
  '2026-08-30T17:45',
  '2025-07-01T00:00',
]

export function randomNow(random: Random, timezone: string): Date {
  const local = Temporal.PlainDateTime.from(random.pick(NOWS)).add({
    minutes: random.chance(0.5) ? random.int(0, 3000) : 0,
  })
  return new Date(local.toZonedDateTime(timezone).epochMilliseconds)
}

export function localNow(now: Date, timezone: string): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(timezone).toPlainDateTime()
}

/** A day near now, or one on or beside a border. */
export function randomDay(random: Random, now: Temporal.PlainDateTime): Temporal.PlainDate {
  const today = now.toPlainDate()
  return random.weighted<() => Temporal.PlainDate>([
    [3, () => today.add({ days: random.int(-60, 10) })],
    [3, () => today.add({ days: random.int(-500, 200) })],
    [2, () => today.add({ days: random.int(-3, 3) })],
    [
      2,
      () =>
        today
          .with({ day: 1 })
          .add({ months: random.int(-15, 3) })
          .add({ days: random.int(-1, 1) }),
    ],
    [
      1,
      () =>
        today
          .with({ day: 1, month: 1 })
          .add({ years: random.int(-1, 1) })
          .add({ days: random.int(-1, 0) }),
    ],
    [0.5, () => Temporal.PlainDate.from('2024-02-29')],
  ])()
}

/** A local time: any, at a border of the day, or beside the change of a clock. */
export function randomLocal(random: Random, now: Temporal.PlainDateTime, timezone: string): Temporal.PlainDateTime {
  const day = randomDay(random, now)
  return random.weighted<() => Temporal.PlainDateTime>([
    [4, () => day.toPlainDateTime({ hour: random.int(0, 23), minute: random.pick([0, 15, 30, 59]) })],
    [2, () => day.toPlainDateTime().add({ microseconds: random.pick([0, 0, -1, 1, 500_000]) })],
    [1, () => now.add({ minutes: random.int(-90, 90) })],
    [2, () => besideClockChange(random, now, timezone)],
  ])()
}

function besideClockChange(random: Random, now: Temporal.PlainDateTime, timezone: string): Temporal.PlainDateTime {
  const start = now.add({ days: random.int(-300, 0) }).toZonedDateTime(timezone)
  const change = start.getTimeZoneTransition('next') ?? start
  return change.add({ minutes: random.pick([-61, -31, -1, 0, 1, 30, 59, 60, 61, 90, 121]) }).toPlainDateTime()
}

/** An instant as text with an offset: sometimes UTC, sometimes local. */
export function randomInstant(random: Random, now: Temporal.PlainDateTime, timezone: string): string {
  const disambiguation = random.pick(['earlier', 'later'] as const)
  const instant = randomLocal(random, now, timezone).toZonedDateTime(timezone, { disambiguation }).toInstant()
  return instant.toString()
}
