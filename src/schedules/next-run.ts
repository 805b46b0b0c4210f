// When a schedule comes due next. In: a schedule and an instant. Out: the first due instant after it.
// Clock changes: a time that does not exist that day is taken as much later as the clock was put forward; one that comes
// twice is the first of the two. So every due day has exactly one run.
import { Temporal } from '@js-temporal/polyfill'

export type Due = {
  readonly frequency: 'daily' | 'weekly' | 'monthly'
  /** HH:MM */
  readonly time: string
  /** IANA. */
  readonly timezone: string
  readonly dayOfWeek?: string | undefined
  readonly dayOfMonth?: number | 'last' | undefined
}

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

/** The first due instant that is later than `after`. */
export function nextRun(due: Due, after: Date): Date {
  const last = Temporal.Instant.fromEpochMilliseconds(after.getTime())
  const today = last.toZonedDateTimeISO(due.timezone).toPlainDate()
  // From the day before: where a day was skipped or the clock put back, today's date may already be a step ahead.
  let day = firstDay(due, today.subtract({ days: 1 }))
  for (;;) {
    const plain = day.toPlainDateTime(Temporal.PlainTime.from(due.time))
    const instant = plain.toZonedDateTime(due.timezone, { disambiguation: 'compatible' }).toInstant()
    if (Temporal.Instant.compare(instant, last) > 0) return new Date(instant.epochMilliseconds)
    day = firstDay(due, day.add({ days: 1 }))
  }
}

/** The first due day from a day on, itself included. */
function firstDay(due: Due, from: Temporal.PlainDate): Temporal.PlainDate {
  if (due.frequency === 'daily') return from
  if (due.frequency === 'weekly') {
    const wanted = WEEKDAYS.indexOf(due.dayOfWeek ?? 'monday') + 1
    return from.add({ days: (wanted - from.dayOfWeek + 7) % 7 })
  }
  const inMonth = dayOf(due, from.with({ day: 1 }))
  return Temporal.PlainDate.compare(inMonth, from) >= 0 ? inMonth : dayOf(due, from.with({ day: 1 }).add({ months: 1 }))
}

function dayOf(due: Due, first: Temporal.PlainDate): Temporal.PlainDate {
  const wanted = due.dayOfMonth ?? 1
  return first.with({ day: wanted === 'last' ? first.daysInMonth : Math.min(wanted, first.daysInMonth) })
}
