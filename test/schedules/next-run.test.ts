import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { latestDue } from '../../src/delivery/sweep.ts'
import { type Due, nextRun as nextOrNone, nextRuns } from '../../src/schedules/next-run.ts'
import { scheduleSentence } from '../../src/schedules/sentence.ts'
import { ScheduleConfig, weekdays } from '../../src/tables/schemas.ts'

/** Of a schedule without an end. */
function nextRun(due: Due, after: Date): Date {
  const next = nextOrNone(due, after)
  if (next === undefined) throw new Error('it has ended')
  return next
}

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** Clocks that are put by an hour, by half an hour, at midnight, not at all, and one that left out a day. */
const zones = [
  ...['America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'America/Sao_Paulo', 'Africa/Casablanca'],
  ...['Asia/Kathmandu', 'Pacific/Apia', 'America/St_Johns', 'UTC'],
]

/** The wall clock of an instant, by the platform's own calendar: "2026-03-29 02:30". */
const formats = new Map<string, Intl.DateTimeFormat>()
function wall(at: Date, timeZone: string): string {
  const parts = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { ...parts, timeZone, hourCycle: 'h23' })
  formats.set(timeZone, format)
  return format.format(at)
}

const two = (n: number): string => String(n).padStart(2, '0')
const anyDue: fc.Arbitrary<Due> = fc
  .record({
    frequency: fc.constantFrom('daily', 'weekly', 'monthly'),
    hour: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 23 })),
    minute: fc.constantFrom(0, 15, 30, 45, 59),
    timezone: fc.constantFrom(...zones),
    daysOfWeek: fc.uniqueArray(fc.constantFrom(...weekdays), { minLength: 1, maxLength: 7 }),
    dayOfMonth: fc.oneof(fc.integer({ min: 1, max: 31 }), fc.constant('last' as const)),
  })
  .map(({ frequency, hour, minute, timezone, daysOfWeek, dayOfMonth }) => ({
    ...{ frequency, time: `${two(hour)}:${two(minute)}`, timezone },
    ...(frequency === 'weekly' && { daysOfWeek }),
    ...(frequency === 'monthly' && { dayOfMonth }),
  }))
const anyInstant = fc.date({ min: new Date('2005-01-01'), max: new Date('2035-01-01'), noInvalidDate: true })
/** Near the days on which clocks of these zones are put, where mistakes are. */
const nearChange = fc
  .tuple(
    fc.constantFrom(...['2026-03-08', '2026-11-01', '2026-03-29', '2026-10-25', '2026-04-05', '2026-10-04']),
    fc.integer({ min: -3 * 1440, max: 2 * 1440 }),
  )
  .map(([day, minutes]) => new Date(Date.parse(day) + minutes * MINUTE_MS))
const anyAfter = fc.oneof(anyInstant, nearChange)

describe('the next run', () => {
  test('is later, shows the wanted time on the wall, or as much later as the clock was put forward', () => {
    fc.assert(
      fc.property(anyDue, anyAfter, (due, after) => {
        const next = nextRun(due, after)
        expect(next.getTime()).toBeGreaterThan(after.getTime())
        const [day = '', time = ''] = wall(next, due.timezone).split(' ')
        if (time === due.time) {
          // Of two such moments it is the first.
          for (let back = 30; back <= 120; back += 30)
            expect(wall(new Date(next.getTime() - back * MINUTE_MS), due.timezone)).not.toBe(`${day} ${time}`)
          return
        }
        const wanted = `${day} ${due.time}`
        for (let minutes = -180; minutes <= 180; minutes += 1)
          expect(wall(new Date(next.getTime() + minutes * MINUTE_MS), due.timezone)).not.toBe(wanted)
      }),
      { numRuns: 1500 },
    )
  })

  test('leaves out no due day and has none twice, through years of clock changes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom('00:00', '00:30', '01:30', '02:15', '02:30', '03:00', '08:00', '23:59'),
        fc.integer({ min: 2008, max: 2030 }),
        (timezone, time, year) => {
          const due: Due = { frequency: 'daily', time, timezone }
          const days: string[] = []
          const end = Date.UTC(year + 1, 0, 5)
          for (let at = nextRun(due, new Date(Date.UTC(year, 0, 1))); at.getTime() < end; at = nextRun(due, at)) {
            days.push(wall(at, timezone).slice(0, 10))
          }
          const steps = days.slice(1).map((day, index) => (Date.parse(day) - Date.parse(days[index] ?? '')) / DAY_MS)
          // Samoa had no 30 December 2011; its run is a day later, beside that day's own.
          const whole = timezone === 'Pacific/Apia' && year === 2011
          if (!whole) expect(new Set(steps)).toEqual(new Set([1]))
          expect(days.length).toBeGreaterThanOrEqual(365)
        },
      ),
      { numRuns: 50 },
    )
  })

  test('is the same from every moment before it', () => {
    fc.assert(
      fc.property(
        anyDue,
        anyAfter,
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        (due, after, part) => {
          const next = nextRun(due, after)
          const between = new Date(after.getTime() + Math.floor((next.getTime() - after.getTime()) * part))
          expect(nextRun(due, between)).toEqual(next)
          expect(nextRun(due, new Date(next.getTime() - 1))).toEqual(next)
        },
      ),
      { numRuns: 1000 },
    )
  })

  test('falls on the weekday, or the day of the month or its last', () => {
    fc.assert(
      fc.property(anyDue, anyInstant, (due, after) => {
        const next = nextRun({ ...due, time: '12:00' }, after)
        const [year = 0, month = 0, day = 0] = wall(next, due.timezone).slice(0, 10).split('-').map(Number)
        const date = new Date(Date.UTC(year, month - 1, day))
        // Samoa's left-out day moves what was due on it.
        if (due.timezone === 'Pacific/Apia' && year === 2011 && month === 12) return
        if (due.frequency === 'weekly') expect(due.daysOfWeek).toContain(weekdays[(date.getUTCDay() + 6) % 7])
        if (due.frequency !== 'monthly') return
        const last = new Date(Date.UTC(year, month, 0)).getUTCDate()
        expect(day).toBe(due.dayOfMonth === 'last' ? last : Math.min(Number(due.dayOfMonth), last))
      }),
      { numRuns: 1000 },
    )
  })

  test.each([
    ['02:30', '2026-03-08T00:00:00-05:00', '2026-03-08T07:30:00.000Z'],
    ['01:30', '2026-11-01T00:00:00-04:00', '2026-11-01T05:30:00.000Z'],
    ['01:30', '2026-11-01T05:30:00Z', '2026-11-02T06:30:00.000Z'],
    ['08:00', '2026-03-07T13:00:00Z', '2026-03-08T12:00:00.000Z'],
  ])('in New York at %s after %s is %s', (time, after, wanted) => {
    const due: Due = { frequency: 'daily', time, timezone: 'America/New_York' }
    expect(nextRun(due, new Date(after)).toISOString()).toBe(wanted)
  })
})

test('the latest missed run stands for all: as many as would have come one by one', () => {
  fc.assert(
    fc.property(anyDue, anyAfter, fc.integer({ min: 0, max: 40 }), (given, after, days) => {
      const due = nextRun(given, after)
      const now = new Date(due.getTime() + days * DAY_MS)
      const config = ScheduleConfig.parse({ allowOutside: true, ...given, recipients: ['a@x.org'], format: 'csv' })
      const { occurrence, next, missed } = latestDue(config, due, now)
      expect(occurrence <= now && next !== undefined && next > now).toBe(true)
      let [at, count] = [due, 0]
      for (let following = nextRun(given, at); following <= now; following = nextRun(given, at)) {
        at = following
        count += 1
      }
      expect([occurrence, missed]).toEqual([at, count])
    }),
    { numRuns: 300 },
  )
})

/** Which days are due, by walking the calendar one day after the other. */
function walked(due: Due, from: string, count: number): string[] {
  const days: string[] = []
  for (let at = Date.parse(from); days.length < count && at < Date.parse(from) + 1500 * DAY_MS; at += DAY_MS) {
    const date = new Date(at)
    const day = date.toISOString().slice(0, 10)
    if (due.startsOn !== undefined && day < due.startsOn) continue
    if (due.endsOn !== undefined && day > due.endsOn) break
    const weekday = weekdays[(date.getUTCDay() + 6) % 7]
    const number = date.getUTCDate()
    const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
    const fits = {
      daily: true,
      weekly: (due.daysOfWeek ?? ['monday']).some((one) => one === weekday),
      monthly: monthly(),
    }[due.frequency]
    function monthly(): boolean {
      if (due.weekdayOfMonth === undefined) {
        const wanted = due.dayOfMonth ?? 1
        return number === (wanted === 'last' ? last : Math.min(wanted, last))
      }
      const { nth, weekday: wanted } = due.weekdayOfMonth
      if (weekday !== wanted) return false
      return nth === 'last' ? number + 7 > last : Math.ceil(number / 7) === nth
    }
    if (fits) days.push(day)
  }
  return days
}

test('days of the week, nth weekdays, month ends, leap years, a beginning and an end are those of the calendar', () => {
  const day = fc.date({ min: new Date('2023-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
  const iso = (date: Date) => date.toISOString().slice(0, 10)
  const nth = fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constant('last' as const))
  const rule: fc.Arbitrary<Partial<Due> & Pick<Due, 'frequency'>> = fc.oneof(
    fc.constant({ frequency: 'daily' as const }),
    fc
      .uniqueArray(fc.constantFrom(...weekdays), { minLength: 1, maxLength: 7 })
      .map((daysOfWeek) => ({ frequency: 'weekly' as const, daysOfWeek })),
    fc
      .record({ nth, weekday: fc.constantFrom(...weekdays) })
      .map((weekdayOfMonth) => ({ frequency: 'monthly' as const, weekdayOfMonth })),
    fc
      .oneof(fc.integer({ min: 1, max: 31 }), fc.constant('last' as const))
      .map((dayOfMonth) => ({ frequency: 'monthly' as const, dayOfMonth })),
  )
  fc.assert(
    fc.property(
      rule,
      day,
      fc.option(fc.integer({ min: -40, max: 400 })),
      fc.option(fc.integer({ min: 0, max: 500 })),
      (given, from, begin, length) => {
        const at = (days: number) => iso(new Date(from.getTime() + days * DAY_MS))
        const due: Due = {
          ...{ ...given, time: '12:00', timezone: 'Europe/Berlin' },
          ...(begin !== null && { startsOn: at(begin) }),
          ...(length !== null && { endsOn: at((begin ?? 0) + length) }),
        }
        const found = nextRuns(due, new Date(`${iso(from)}T00:00:00Z`), 5)
        expect(found.map((one) => wall(one, 'Europe/Berlin').slice(0, 10))).toEqual(walked(due, iso(from), 5))
        expect(nextOrNone({ ...due, paused: true }, from)).toBeUndefined()
      },
    ),
    { numRuns: 1500 },
  )
})

test.each([
  [{ frequency: 'daily' }, 'Every day at 8:00 AM (UTC)'],
  [{ frequency: 'weekly', dayOfWeek: 'friday' }, 'Every Friday at 8:00 AM (UTC)'],
  [{ frequency: 'weekly', daysOfWeek: ['thursday', 'monday'] }, 'Every Monday and Thursday at 8:00 AM (UTC)'],
  [{ frequency: 'weekly', daysOfWeek: weekdays.slice(0, 5) }, 'Every weekday at 8:00 AM (UTC)'],
  [{ frequency: 'monthly' }, 'On the 1st of each month at 8:00 AM (UTC)'],
  [{ frequency: 'monthly', dayOfMonth: 22 }, 'On the 22nd of each month at 8:00 AM (UTC)'],
  [{ frequency: 'monthly', dayOfMonth: 'last' }, 'On the last day of each month at 8:00 AM (UTC)'],
  [
    { frequency: 'monthly', weekdayOfMonth: { nth: 2, weekday: 'tuesday' }, time: '17:30', timezone: 'Europe/Berlin' },
    'On the second Tuesday of each month at 5:30 PM (Europe/Berlin)',
  ],
  [
    { frequency: 'daily', startsOn: '2026-12-01', endsOn: '2026-12-31', condition: { kind: 'changed' } },
    'Every day at 8:00 AM (UTC), from Dec 1, 2026, until Dec 31, 2026, only when the rows have changed',
  ],
  [
    { frequency: 'daily', paused: true, skipIfEmpty: true },
    'Paused: every day at 8:00 AM (UTC), only while there are rows',
  ],
  [
    { frequency: 'daily', condition: { kind: 'threshold', column: 'raised', op: 'gte', value: '100.50', in: 'total' } },
    'Every day at 8:00 AM (UTC), only when the total of “raised” is at least 100.50',
  ],
])('%j is said as: %s', (given, sentence) => {
  expect(scheduleSentence(ScheduleConfig.parse({ ...given, recipients: ['a@x.org'], format: 'csv' }))).toBe(sentence)
})
