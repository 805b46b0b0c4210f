// Which calculations a summary can have, and new ones that run as they are. The rules are those of docs/definition.md.
import type { Calculation, Definition } from '../../src/definition/schema.ts'
import { firstTimeKey } from '../../src/definition/time.ts'
import type { FieldChoice } from './choices.ts'
import { readsOf } from './edits.ts'
import { keyId } from './outputs.ts'

export type CalculationFn = NonNullable<Calculation['fn']>

export const calculationWords: Readonly<Record<CalculationFn, string>> = {
  percent_of_total: 'Share of total',
  running_total: 'Running total',
  rank: 'Rank',
  change: 'Change from the row before',
  percent_change: 'Change in %',
  moving_average: 'Moving average',
}

export const ordersBy = (fn: CalculationFn): boolean => fn !== 'percent_of_total' && fn !== 'rank'

/** Functions that mean something here. */
export function functionsFor(definition: Definition, numbers: readonly FieldChoice[]): readonly CalculationFn[] {
  return (Object.keys(calculationWords) as CalculationFn[]).filter(
    (fn) => calculationOf(fn, definition, numbers) !== undefined,
  )
}

/** A calculation that runs as it is, of the wanted number if that can be; undefined where there is none. */
export function calculationOf(
  fn: CalculationFn,
  definition: Definition,
  numbers: readonly FieldChoice[],
  wanted?: string,
): Omit<Calculation, 'id'> | undefined {
  const fit = numbers.filter(({ path }) => fn !== 'percent_of_total' || addsUp(definition, path))
  const of = (fit.find(({ path }) => path === wanted) ?? fit[0])?.path
  const [key] = definition.groupBy
  if (of === undefined || key === undefined) return undefined
  const over = firstTimeKey(definition) === undefined ? { over: keyId(key) } : {}
  return { fn, of, ...(ordersBy(fn) && over), ...(fn === 'moving_average' && { size: 3 }) }
}

/** Whether the values of a column add up to a whole. */
export function addsUp(definition: Definition, id: string, above: readonly string[] = []): boolean {
  const aggregate = definition.aggregates.find((one) => one.id === id)
  if (aggregate !== undefined) return aggregate.metric !== undefined || ['count', 'sum'].includes(aggregate.fn ?? '')
  const calculation = definition.calculations.find((one) => one.id === id)
  if (calculation?.formula === undefined || above.includes(id)) return false
  return readsOf(calculation).every((path) => addsUp(definition, path, [...above, id]))
}

/** Whether a column can be used in a calculation without being made of it. */
export function circleFree(definition: Definition, calculation: string, column: string): boolean {
  const seen = new Set<string>()
  const reaches = (id: string): boolean => {
    if (id === calculation) return true
    if (seen.has(id)) return false
    seen.add(id)
    const found = definition.calculations.find((one) => one.id === id)
    return found !== undefined && readsOf(found).some(reaches)
  }
  return !reaches(column)
}
