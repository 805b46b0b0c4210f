// What the periods of a definition come to when it runs, in the words of its sentence: "this month = March 1, 2025 to March 31, 2025".
import type { Catalog } from '../catalog/schema.ts'
import { resolveAggregate } from '../definition/aggregate.ts'
import type { Definition, Period } from '../definition/schema.ts'
import { spokenDate, spokenPeriod } from '../definition/spoken-period.ts'
import { isPeriodValue } from '../definition/time.ts'
import type { Clock } from '../lib/scope.ts'
import { comparisonOf } from './compare.ts'
import { type Bounds, resolvePeriod } from './periods.ts'

/** The sentence of a checked definition with the days that its periods have at the clock's instant, and the zone they are days of. */
export function sentenceAt(sentence: string, definition: Definition, catalog: Catalog, clock: Clock): string {
  const periods = periodsIn(definition, catalog)
  if (periods.length === 0) return sentence
  const bounds = (period: Period): Bounds => resolvePeriod(period, clock, catalog)
  const said = periods.flatMap((period) =>
    isWritten(period) ? [] : [`${spokenPeriod(period)} = ${spokenBounds(bounds(period))}`],
  )
  const comparison = comparisonOf(definition)
  const moved = comparison?.context.moved
  const earlier =
    moved === undefined
      ? []
      : [
          `the ${definition.compare?.to === 'previous_year' ? 'year' : 'period'} before = ${spokenBounds(
            resolvePeriod(moved.condition.value as Period, clock, catalog, moved.back),
          )}`,
        ]
  const parts = [...new Set([...said, ...earlier]), `days in ${clock.timezone}`]
  return `${sentence.replace(/\.$/, '')}; ${parts.join('; ')}.`
}

/** Every period of the definition, the conditions of its named numbers included. */
function periodsIn(definition: Definition, catalog: Catalog): Period[] {
  const named = definition.aggregates.flatMap((aggregate) => {
    const resolved = resolveAggregate(catalog, definition.dataSources[0] ?? '', aggregate)
    return resolved.ok ? resolved.aggregate.where : []
  })
  const found = (node: unknown): Period[] => {
    if (Array.isArray(node)) return node.flatMap(found)
    if (typeof node !== 'object' || node === null) return []
    if ('op' in node && node.op === 'in_period' && 'value' in node && typeof node.value === 'object')
      return node.value !== null && isPeriodValue(node.value) ? [node.value as Period] : []
    return Object.values(node).flatMap(found)
  }
  return found([definition.filters, definition.aggregates, named, definition.having])
}

/** Whether a period's own words say its days. */
const isWritten = (period: Period): boolean =>
  ['year', 'quarter', 'month', 'day', 'from', 'before', 'since'].some((key) => key in period)

function spokenBounds({ from, to }: Bounds): string {
  if (from === undefined || to === undefined) return 'open'
  const whole = [from, to].every(({ local }) => local.endsWith('T00:00:00'))
  if (!whole) return `${spokenDate(from.local)} until before ${spokenDate(to.local)}`
  // The end is not included, so the last day is the one before it.
  const last = new Date(Date.parse(to.date) - 86_400_000).toISOString().slice(0, 10)
  return last === from.date ? spokenDate(from.date) : `${spokenDate(from.date)} to ${spokenDate(last)}`
}
