// Whether a table can be compared with an earlier one, and with which. Small enough for the builder to ask as well.
import type { Issue } from '../lib/issue.ts'
import { issue } from './issues.ts'
import type { Definition, Period } from './schema.ts'
import { isTimeKey, topPeriods } from './time.ts'

type Path = readonly (string | number)[]

export function checkCompare(definition: Definition, path: Path): Issue[] {
  if (definition.compare === null || definition.aggregates.length === 0)
    return definition.compare === null || definition.groupBy.length === 0
      ? []
      : [
          issue('compare', [...path, 'compare'], {
            problem: 'there is no aggregate to compare',
            fix: 'Add an aggregate',
          }),
        ]
  const at = [...path, 'compare']
  const no = (problem: string, fix: string): Issue[] => [issue('compare', at, { problem, fix })]
  const { to } = definition.compare
  const periods = topPeriods(definition.filters)
  if (periods.length > 1) return no('there are several period filters', 'Keep one period filter')
  const [period] = periods
  const timeKeys = definition.groupBy.filter(isTimeKey)
  if (period === undefined) {
    if (timeKeys.length !== 1)
      return no('it is not clear which date it is about', 'Add one period filter, or group by one date with a grain')
    const grain = timeKeys[0]?.grain
    if (to === 'previous_year' && !monthly(grain))
      return no(`a ${grain} has no counterpart a year before`, 'Group by month, quarter or year')
    return []
  }
  const raw = definition.groupBy.find((key) => key.field === period.field && !isTimeKey(key) && key.grain === undefined)
  if (raw !== undefined)
    return no('the date itself is a key, without a grain', 'Give the key a grain such as "day" or "month"')
  const length = stretchUnit(period.value)
  if (length === undefined) return no('the period has no two ends', 'Use a period with a beginning and an end')
  const unit = to === 'previous_year' ? 'months' : length
  for (const key of timeKeys) {
    if (key.field !== period.field) continue
    if (key.grain === 'hour' ? unit === 'months' : (key.grain === 'day' || key.grain === 'week') && unit === 'months')
      return no(
        `${key.grain}s do not line up with those of ${to === 'previous_year' ? 'the year before' : 'the period before'}`,
        'Group by month, quarter or year, or use a period of days or weeks',
      )
    if (key.grain === 'week' && unit !== 'weeks')
      return no('weeks do not line up with a period that is not a number of weeks', 'Use a period of whole weeks')
    if (monthly(key.grain) && unit !== 'months')
      return no(`${key.grain}s do not line up with a period of days`, 'Use a period of whole months, quarters or years')
    if (unit === 'months' && to === 'previous_period' && !fitsMonths(key.grain, period.value))
      return no(`${key.grain}s do not line up with the period before`, 'Use a grain that divides the period')
    if (unit === 'hours' && key.grain !== 'hour')
      return no(`${key.grain}s do not line up with a period of hours`, 'Group by hour')
  }
  return []
}

const monthly = (grain: string | undefined): boolean =>
  ['month', 'quarter', 'year', 'fiscal_quarter', 'fiscal_year'].includes(grain ?? '')
const monthsOf: Record<string, number> = { month: 1, quarter: 3, fiscal_quarter: 3, year: 12, fiscal_year: 12 }

function fitsMonths(grain: string | undefined, period: Period): boolean {
  const length =
    'last' in period
      ? (monthsOf[period.unit] ?? 0) * period.last
      : 'next' in period
        ? (monthsOf[period.unit] ?? 0) * period.next
        : 'this' in period
          ? (monthsOf[period.this] ?? 0)
          : 'previous' in period
            ? (monthsOf[period.previous] ?? 0)
            : 'to_date' in period
              ? (monthsOf[period.to_date] ?? 0)
              : 'month' in period
                ? 1
                : 'quarter' in period
                  ? 3
                  : 12
  return length % (monthsOf[grain ?? ''] ?? 1) === 0
}

function stretchUnit(period: Period): 'months' | 'weeks' | 'days' | 'hours' | undefined {
  const unit =
    'unit' in period
      ? period.unit
      : 'this' in period
        ? period.this
        : 'previous' in period
          ? period.previous
          : 'to_date' in period
            ? period.to_date
            : undefined
  if (unit !== undefined)
    return unit === 'hour'
      ? 'hours'
      : unit === 'day'
        ? daysOrWeeks('last' in period ? period.last : 'next' in period ? period.next : 1)
        : unit === 'week'
          ? 'weeks'
          : 'months'
  if ('year' in period || 'fiscal_year' in period || 'quarter' in period || 'month' in period) return 'months'
  if ('day' in period) return 'days'
  if ('from' in period) {
    if (period.from.length > 10 || period.to.length > 10) return undefined
    return daysOrWeeks(Math.round((Date.parse(period.to) - Date.parse(period.from)) / 86_400_000))
  }
  return undefined
}

const daysOrWeeks = (days: number): 'weeks' | 'days' => (days % 7 === 0 ? 'weeks' : 'days')
