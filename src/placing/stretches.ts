// Time along an axis: which stretches lie between those that a result has. In: dates at a grain. Out: dates, none left out.
import type { Cell, OutputColumn } from '../plan/columns.ts'

const DAY_MS = 86_400_000
const DAYS: Readonly<Record<string, number>> = { day: 1, week: 7 }
const MONTHS: Readonly<Record<string, number>> = { month: 1, quarter: 3, fiscal_quarter: 3, year: 12, fiscal_year: 12 }
/** More would leave no room for those that have numbers. */
const MOST = 400

/** The dates with those between them, in order; as they are where they are not of one step, or would be too many. */
export function withoutGaps(cells: readonly Cell[], { grain }: OutputColumn): readonly Cell[] {
  const known = [...new Set(cells)].sort((a, b) => String(a ?? '').localeCompare(String(b ?? ''), 'en'))
  const dated = known.filter((cell): cell is string => typeof cell === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(cell))
  const [first] = dated
  const last = dated.at(-1)
  if (first === undefined || last === undefined) return known
  const filled: Cell[] = []
  for (let at: string | undefined = first; at !== undefined && at <= last; at = next(at, grain ?? '')) {
    filled.push(at)
    if (filled.length > MOST) return known
  }
  // An empty date stands where it was.
  const others = known.filter((cell) => !dated.includes(String(cell)))
  return dated.every((cell) => filled.includes(cell)) ? [...others, ...filled] : known
}

function next(date: string, grain: string): string | undefined {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number)
  const days = DAYS[grain]
  const months = MONTHS[grain]
  if (days !== undefined) return new Date(Date.UTC(year, month - 1, day) + days * DAY_MS).toISOString().slice(0, 10)
  return months === undefined ? undefined : new Date(Date.UTC(year, month - 1 + months, day)).toISOString().slice(0, 10)
}
