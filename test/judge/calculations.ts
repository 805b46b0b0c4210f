// Calculations: columns made from the columns of the whole table.
import type { Calculation, Definition } from '../../src/definition/schema.ts'
import { sum } from './aggregates.ts'
import { evaluateFormula, parseFormula, pathsOf } from './formulas.ts'
import { isTruncating, stepStretch } from './grains.ts'
import { keyId } from './groups.ts'
import { compareNumbers, divide, integer, type Rational, subtract } from './rational.ts'
import { cellOf, keyIds, type TableRecord } from './table.ts'
import { compareWithEmpty, fail, keyOf, keyOfAll, type Value } from './values.ts'
import type { World } from './world.ts'

/** Every record with its calculations added, whatever their order of mention. */
export function withCalculations(world: World, definition: Definition, records: readonly TableRecord[]): TableRecord[] {
  const columns = new Map<string, readonly Value[]>()
  const pending = new Set<string>()
  const column = (id: string): readonly Value[] => {
    const known = columns.get(id)
    if (known !== undefined) return known
    const calculation = definition.calculations.find((one) => one.id === id)
    if (calculation === undefined) return records.map((record) => cellOf(record, id))
    if (pending.has(id)) return fail(`calculation ${id} is in a circle`)
    pending.add(id)
    const values = compute(world, definition, calculation, records, column)
    columns.set(id, values)
    return values
  }
  for (const { id } of definition.calculations) column(id)
  return records.map(
    (record, index) =>
      new Map([...record, ...definition.calculations.map(({ id }) => [id, column(id)[index] ?? null] as const)]),
  )
}

type Column = (id: string) => readonly Value[]

function compute(
  world: World,
  definition: Definition,
  calculation: Calculation,
  records: readonly TableRecord[],
  column: Column,
): Value[] {
  if (calculation.formula !== undefined) {
    const tree = parseFormula(calculation.formula)
    for (const path of pathsOf(tree)) column(path)
    return records.map((_, index) =>
      evaluateFormula(tree, {
        read: (id) => column(id)[index] ?? null,
        calendar: world.calendar,
        letters: world.letters,
      }),
    )
  }
  const values = column(calculation.of ?? fail('a calculation needs of'))
  const parts = partitions(definition, calculation, records, column)
  const results: Value[] = records.map(() => null)
  for (const part of parts)
    for (const index of part) results[index] = acrossRows(definition, calculation, index, part, values, column)
  return results
}

/** Row numbers that the function runs over together. */
function partitions(
  definition: Definition,
  { fn, over, within }: Calculation,
  records: readonly TableRecord[],
  column: Column,
): number[][] {
  const alone = fn === 'percent_of_total' || fn === 'rank'
  const ordering = alone ? undefined : overKey(definition, over)
  const keys = within ?? (alone ? [] : keyIds(definition).filter((id) => id !== ordering))
  const parts = new Map<string, number[]>()
  for (const index of records.keys()) {
    const key = keyOfAll(keys.map((id) => column(id)[index] ?? null))
    parts.set(key, [...(parts.get(key) ?? []), index])
  }
  return [...parts.values()]
}

function overKey(definition: Definition, over: string | undefined): string {
  if (over !== undefined) return over
  const key = definition.groupBy.find(({ grain }) => isTruncating(grain))
  return key === undefined ? fail('the calculation needs over') : keyId(key)
}

function acrossRows(
  definition: Definition,
  calculation: Calculation,
  index: number,
  part: readonly number[],
  values: readonly Value[],
  column: Column,
): Value {
  const value = numeric(values[index] ?? null)
  if (calculation.fn === 'percent_of_total') {
    const total = sumOf(part.map((other) => values[other] ?? null))
    return value === null || total === null ? null : divide(value, total)
  }
  if (calculation.fn === 'rank')
    return integer(1 + part.filter((other) => isAbove(values[other] ?? null, value)).length)
  const over = overKey(definition, calculation.over)
  const order = column(over)
  const here = order[index] ?? null
  const { grain } = definition.groupBy.find((key) => keyId(key) === over) ?? fail(`${over} is no key`)
  if (calculation.fn === 'running_total')
    return sumOf(
      part.filter((other) => compareWithEmpty(order[other] ?? null, here) <= 0).map((other) => values[other] ?? null),
    )
  if (calculation.fn === 'moving_average') {
    const size = calculation.size ?? fail('moving_average needs size')
    return mean(window(here, size, part, order, grain).map((other) => values[other] ?? null))
  }
  const before = window(here, 2, part, order, grain).find((other) => keyOf(order[other] ?? null) !== keyOf(here))
  const earlier = before === undefined ? null : numeric(values[before] ?? null)
  if (value === null || earlier === null) return null
  const change = subtract(value, earlier)
  return calculation.fn === 'change' ? change : divide(change, earlier)
}

/** Rows of the last `size` stretches (truncating grain) or keys, the row's own included. */
function window(
  here: Value,
  size: number,
  part: readonly number[],
  order: readonly Value[],
  grain: Parameters<typeof isTruncating>[0],
): number[] {
  const wanted = new Set([keyOf(here)])
  if (isTruncating(grain)) {
    for (let step = 1; step < size && here !== null; step += 1) wanted.add(keyOf(stepStretch(here, grain, -step)))
  } else {
    const distinct = new Map(part.map((other) => [keyOf(order[other] ?? null), order[other] ?? null]))
    const before = [...distinct.values()]
      .filter((value) => compareWithEmpty(value, here) < 0)
      .sort((a, b) => compareWithEmpty(b, a))
    for (const value of before.slice(0, size - 1)) wanted.add(keyOf(value))
  }
  return part.filter((other) => wanted.has(keyOf(order[other] ?? null)))
}

function numeric(value: Value): Rational | null {
  if (value === null || (typeof value === 'object' && value.kind === 'number')) return value
  return fail('the calculation needs numbers')
}

/** Sum of the values that are not empty; empty when all are. */
function sumOf(values: readonly Value[]): Rational | null {
  const present = values.map(numeric).filter((value) => value !== null)
  return present.length === 0 ? null : sum(present)
}

function mean(values: readonly Value[]): Value {
  const present = values.map(numeric).filter((value) => value !== null)
  return present.length === 0 ? null : divide(sum(present), integer(present.length))
}

function isAbove(other: Value, value: Rational | null): boolean {
  const number = numeric(other)
  return number !== null && (value === null || compareNumbers(number, value) > 0)
}
