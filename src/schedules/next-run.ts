// When a schedule comes due next. In: a schedule and an instant. Out: the first due instant after it, if there is one.
// Clock changes: a time that does not exist that day is taken as much later as the clock was put forward; one that comes
// twice is the first of the two. So every due day has exactly one run.
import { Temporal } from '@js-temporal/polyfill'
import type { ScheduleConfig, Weekday } from './config.ts'

export type Due = Pick<ScheduleConfig, 'frequency' | 'time' | 'timezone'> &
  Partial<Pick<ScheduleConfig, 'daysOfWeek' | 'dayOfMonth' | 'weekdayOfMonth' | 'startsOn' | 'endsOn' | 'paused'>>

const WEEKDAYS: readonly Weekday[] = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

/** The first due instant that is later than `after`; undefined: it is paused or has ended. */
export function nextRun(due: Due, after: Date): Date | undefined {
  if (due.paused) return undefined
  const last = Temporal.Instant.fromEpochMilliseconds(after.getTime())
  const today = last.toZonedDateTimeISO(due.timezone).toPlainDate()
  // From the day before: where a day was skipped or the clock put back, today's date may already be a step ahead.
  const before = today.subtract({ days: 1 })
  const begins = due.startsOn === undefined ? before : Temporal.PlainDate.from(due.startsOn)
  const ends = due.endsOn === undefined ? undefined : Temporal.PlainDate.from(due.endsOn)
  let day = firstDay(due, Temporal.PlainDate.compare(begins, before) > 0 ? begins : before)
  for (;;) {
    if (ends !== undefined && Temporal.PlainDate.compare(day, ends) > 0) return undefined
    const plain = day.toPlainDateTime(Temporal.PlainTime.from(due.time))
    const instant = plain.toZonedDateTime(due.timezone, { disambiguation: 'compatible' }).toInstant()
    if (Temporal.Instant.compare(instant, last) > 0) return new Date(instant.epochMilliseconds)
    day = firstDay(due, day.add({ days: 1 }))
  }
}

/** The next due instants, at most `count`. */
export function nextRuns(due: Due, after: Date, count: number): Date[] {
  const runs: Date[] = []
  for (let at = nextRun(due, after); at !== undefined && runs.length < count; at = nextRun(due, at)) runs.push(at)
  return runs
}

/** The first due day from a day on, itself included. */
function firstDay(due: Due, from: Temporal.PlainDate): Temporal.PlainDate {
  if (due.frequency === 'daily') return from
  if (due.frequency === 'weekly') {
    const ahead = (due.daysOfWeek ?? ['monday']).map((day) => (numberOf(day) - from.dayOfWeek + 7) % 7)
    return from.add({ days: Math.min(...ahead) })
  }
  const inMonth = dayOf(due, from.with({ day: 1 }))
  return Temporal.PlainDate.compare(inMonth, from) >= 0 ? inMonth : dayOf(due, from.with({ day: 1 }).add({ months: 1 }))
}

const numberOf = (day: Weekday): number => WEEKDAYS.indexOf(day) + 1

function dayOf({ dayOfMonth, weekdayOfMonth }: Due, first: Temporal.PlainDate): Temporal.PlainDate {
  if (weekdayOfMonth !== undefined) {
    const { nth, weekday } = weekdayOfMonth
    const one = first.add({ days: (numberOf(weekday) - first.dayOfWeek + 7) % 7 })
    if (nth !== 'last') return one.add({ weeks: nth - 1 })
    const fifth = one.add({ weeks: 4 })
    return fifth.month === first.month ? fifth : one.add({ weeks: 3 })
  }
  const wanted = dayOfMonth ?? 1
  return first.with({ day: wanted === 'last' ? first.daysInMonth : Math.min(wanted, first.daysInMonth) })
}
