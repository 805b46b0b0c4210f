// A schedule in words. In: a config. Out: one sentence, such as "Every Monday and Thursday at 8:00 AM (Europe/Berlin)".
import { type ScheduleConfig, type Weekday, weekdays } from './config.ts'

const NTH = ['first', 'second', 'third', 'fourth'] as const

/** When it comes due, on which condition, and until when. */
export function scheduleSentence(config: ScheduleConfig): string {
  const { time, timezone, startsOn, endsOn, paused, condition } = config
  const days = [
    ...(startsOn === undefined ? [] : [`from ${dayText(startsOn)}`]),
    ...(endsOn === undefined ? [] : [`until ${dayText(endsOn)}`]),
  ]
  const parts = [`${whenText(config)} at ${clockText(time)} (${timezone})`, ...days, ...conditionText(condition)]
  return `${paused ? 'Paused: ' : ''}${paused ? lowerFirst(parts.join(', ')) : parts.join(', ')}`
}

function whenText({ frequency, daysOfWeek = ['monday'], dayOfMonth = 1, weekdayOfMonth }: ScheduleConfig): string {
  if (frequency === 'daily') return 'Every day'
  if (frequency === 'weekly') {
    if (daysOfWeek.length === 7) return 'Every day'
    const workdays = weekdays.slice(0, 5)
    if (daysOfWeek.length === 5 && workdays.every((day) => daysOfWeek.includes(day))) return 'Every weekday'
    return `Every ${joined(weekdays.filter((day) => daysOfWeek.includes(day)).map(capital))}`
  }
  if (weekdayOfMonth !== undefined) {
    const { nth, weekday } = weekdayOfMonth
    return `On the ${nth === 'last' ? 'last' : NTH[nth - 1]} ${capital(weekday)} of each month`
  }
  return dayOfMonth === 'last' ? 'On the last day of each month' : `On the ${ordinal(dayOfMonth)} of each month`
}

const OPS = { gt: 'above', gte: 'at least', lt: 'below', lte: 'at most', eq: 'exactly', ne: 'other than' } as const

function conditionText(condition: ScheduleConfig['condition']): string[] {
  switch (condition.kind) {
    case 'always':
      return []
    case 'rows':
      return ['only while there are rows']
    case 'changed':
      return ['only when the rows have changed']
    case 'threshold': {
      const where = condition.in === 'total' ? 'the total of ' : 'a value of '
      return [`only when ${where}“${condition.column}” is ${OPS[condition.op]} ${condition.value}`]
    }
  }
}

/** As the next runs, the mails and the rows have it. */
function clockText(time: string): string {
  return new Intl.DateTimeFormat('en-US', { timeStyle: 'short', timeZone: 'UTC' }).format(
    new Date(`1970-01-01T${time}Z`),
  )
}

function dayText(day: string): string {
  return new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`))
}

const capital = (day: Weekday): string => day.charAt(0).toUpperCase() + day.slice(1)
const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

function joined(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

function ordinal(day: number): string {
  const suffix =
    day % 10 === 1 && day !== 11
      ? 'st'
      : day % 10 === 2 && day !== 12
        ? 'nd'
        : day % 10 === 3 && day !== 13
          ? 'rd'
          : 'th'
  return `${day}${suffix}`
}
