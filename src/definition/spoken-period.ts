// Days and periods in English. Apart from the other words, for pages that need no more.
import type { Period, PeriodUnit } from './schema.ts'

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

/** A day, or a time of a day: "March 1, 2025". */
export function spokenDate(text: string): string {
  const month = MONTHS[Number(text.slice(5, 7)) - 1]
  if (month === undefined) return text
  const day = `${month} ${Number(text.slice(8, 10))}, ${text.slice(0, 4)}`
  return text.length > 10 ? `${day} ${text.slice(11)}` : day
}

const unitWord = (unit: PeriodUnit): string => unit.replace('_', ' ')

/** A period after "in": "the last 3 months", "2025". */
export function spokenPeriod(period: Period): string {
  const many = (n: number, unit: PeriodUnit): string => (n === 1 ? unitWord(unit) : `${n} ${unitWord(unit)}s`)
  if ('last' in period)
    return period.includeCurrent === true
      ? `the ${period.last === 1 ? '' : 'last '}${many(period.last, period.unit)} up to and with the current one`
      : `the last ${period.last === 1 ? 'whole ' : ''}${many(period.last, period.unit)}${period.last === 1 ? '' : ' before the current one'}`
  if ('next' in period)
    return period.includeCurrent === true
      ? `the next ${many(period.next, period.unit)} from the current one on`
      : `the next ${period.next === 1 ? 'whole ' : ''}${many(period.next, period.unit)}${period.next === 1 ? '' : ' after the current one'}`
  if ('this' in period) return period.this === 'day' ? 'today' : `this ${unitWord(period.this)}`
  if ('previous' in period)
    return period.previous === 'day' ? 'yesterday' : `the last whole ${unitWord(period.previous)}`
  if ('to_date' in period)
    return `this ${unitWord(period.to_date)} until ${period.to_date === 'hour' ? 'its end' : 'today'}`
  if ('year' in period) return String(period.year)
  if ('fiscal_year' in period) return `fiscal year ${period.fiscal_year}`
  if ('quarter' in period) return `${period.quarter.slice(5)} ${period.quarter.slice(0, 4)}`
  if ('month' in period) return `${MONTHS[Number(period.month.slice(5)) - 1] ?? ''} ${period.month.slice(0, 4)}`
  if ('day' in period) return `the day ${spokenDate(period.day)}`
  if ('from' in period) return `the time from ${spokenDate(period.from)} until before ${spokenDate(period.to)}`
  if ('before' in period) return `the time before ${spokenDate(period.before)}`
  return `the time from ${spokenDate(period.since)} on`
}
