// The output columns of a summary in the making: what having, sorting and calculations may name.
import type { Calculation, Filter, Grain } from '../../../src/definition/schema.ts'
import type { ResultKind } from './aggregates.ts'
import { type Operand, randomFormula } from './formulas.ts'
import type { Setting } from './paths.ts'
import type { Random } from './random.ts'
import { randomPeriod } from './scalars.ts'
import { localNow, randomDay } from './times.ts'

export type Output = {
  readonly id: string
  readonly kind: ResultKind
  readonly role: 'key' | 'aggregate' | 'compare' | 'calculation'
  readonly grain?: Grain | undefined
  readonly isTruncating?: boolean
  readonly hidden?: boolean
  /** A count, a sum, or a formula of those: may be shown as a share of its total. */
  readonly isAdditive?: boolean
}

export function isNumber({ kind }: Output): boolean {
  return kind === 'number' || kind === 'count' || kind === 'sum'
}

function operandsOf(outputs: readonly Output[]): Operand[] {
  return outputs.flatMap((output): Operand[] => {
    if (isNumber(output)) return [{ path: output.id, kind: 'number' }]
    if (output.kind === 'id' || output.kind === 'count' || output.kind === 'sum' || output.kind === 'number') return []
    return [{ path: output.id, kind: output.kind === 'enum' ? 'text' : output.kind }]
  })
}

/** Calculations over the outputs and over each other, in any order of mention. */
export function randomCalculations(
  random: Random,
  outputs: readonly Output[],
  count: number,
): { calculations: Calculation[]; outputs: Output[] } {
  const known = [...outputs]
  const calculations: Calculation[] = []
  for (let n = 1; n <= count; n += 1) {
    const made = randomCalculation(random, known, `calc_${n}`)
    if (made === undefined) continue
    const hidden = random.chance(0.1)
    calculations.splice(random.int(0, calculations.length), 0, { ...made.calculation, ...(hidden ? { hidden } : {}) })
    known.push({ ...made.output, hidden })
  }
  return { calculations, outputs: known }
}

function randomCalculation(
  random: Random,
  outputs: readonly Output[],
  id: string,
): { calculation: Calculation; output: Output } | undefined {
  const numbers = outputs.filter((output) => isNumber(output) && (output.role !== 'key' || random.chance(0.1)))
  const additive = outputs.filter(({ isAdditive }) => isAdditive === true)
  const keys = outputs.filter(({ role }) => role === 'key')
  const stretch = keys.find(({ isTruncating }) => isTruncating === true)
  const output = (kind: ResultKind, isAdditive = false): Output => ({ id, kind, role: 'calculation', isAdditive })
  if (numbers.length === 0) return undefined
  const of = random.pick(numbers).id
  const kind = random.weighted([
    [5, 'formula' as const],
    [additive.length > 0 ? 3 : 0, 'percent_of_total' as const],
    [2.5, 'rank' as const],
    [keys.length > 0 ? 2.5 : 0, 'running_total' as const],
    [keys.length > 0 ? 2 : 0, 'change' as const],
    [keys.length > 0 ? 2 : 0, 'percent_change' as const],
    [keys.length > 0 ? 2 : 0, 'moving_average' as const],
  ])
  const some = random.chance(0.35)
    ? { within: random.sample(keys, random.int(0, keys.length)).map((key) => key.id) }
    : {}
  if (kind === 'formula') return formulaCalculation(random, outputs, additive, id)
  if (kind === 'percent_of_total')
    return { calculation: { id, fn: kind, of: random.pick(additive).id, ...some }, output: output('number') }
  if (kind === 'rank') return { calculation: { id, fn: kind, of, ...some }, output: output('number') }
  const over = stretch !== undefined && random.chance(0.6) ? {} : { over: random.pick(keys).id }
  const others = keys.map((key) => key.id).filter((key) => key !== (over.over ?? stretch?.id))
  const within = random.chance(0.2) ? { within: random.sample(others, others.length) } : {}
  const size = kind === 'moving_average' ? { size: random.int(2, 5) } : {}
  return { calculation: { id, fn: kind, of, ...over, ...within, ...size }, output: output('number') }
}

function formulaCalculation(
  random: Random,
  outputs: readonly Output[],
  additive: readonly Output[],
  id: string,
): { calculation: Calculation; output: Output } {
  if (additive.length > 0 && random.chance(0.25)) {
    const formula = `${random.pick(additive).id} ${random.pick(['+', '-'])} ${random.pick(additive).id}`
    return { calculation: { id, formula }, output: { id, kind: 'number', role: 'calculation', isAdditive: true } }
  }
  const kind = random.weighted([
    [6, 'number' as const],
    [1, 'text' as const],
    [1, 'boolean' as const],
  ])
  const formula = randomFormula(random, operandsOf(outputs), kind, 2)
  return { calculation: { id, formula }, output: { id, kind, role: 'calculation' } }
}

/** A condition on finished rows. `sample` gives a value that some row has in that column, when known. */
export function randomHaving(
  random: Random,
  setting: Setting,
  outputs: readonly Output[],
  sample: (id: string) => unknown,
  depth = 1,
): Filter | undefined {
  if (depth > 0 && random.chance(0.25)) {
    const parts = [randomHaving(random, setting, outputs, sample, 0), randomHaving(random, setting, outputs, sample, 0)]
    const present = parts.filter((part) => part !== undefined)
    if (present.length === 0) return undefined
    return random.pick<Filter>([{ all: present }, { any: present }, { not: present[0] ?? { all: [] } }])
  }
  const output = random.pick(outputs)
  const { id: field } = output
  if (random.chance(0.12)) return { field, op: random.pick(['is_empty', 'not_empty']) }
  if (random.chance(0.1)) return formulaHaving(random, outputs)
  const known = sample(field)
  if (isNumber(output)) return numberHaving(random, outputs, output, known)
  switch (output.kind) {
    case 'boolean':
      return { field, op: random.pick(['eq', 'ne']), value: random.chance(0.5) }
    case 'id':
      return typeof known === 'string'
        ? { field, op: random.pick(['eq', 'ne'] as const), value: known }
        : { field, op: 'not_empty' }
    case 'enum':
    case 'text': {
      const value = typeof known === 'string' ? known : output.kind === 'enum' ? 'New' : 'Ann'
      const ordered = output.kind === 'text' ? (['gt', 'lte'] as const) : []
      return { field, op: random.pick(['eq', 'ne', 'contains', 'starts_with', ...ordered] as const), value }
    }
    default: {
      if (random.chance(0.5)) return { field, op: 'in_period', value: randomPeriod(random, setting, false) }
      const value = randomDay(random, localNow(setting.now, setting.timezone)).toString()
      return { field, op: random.pick(['eq', 'ne', 'lt', 'lte', 'gt', 'gte']), value }
    }
  }
}

function formulaHaving(random: Random, outputs: readonly Output[]): Filter {
  const formula = randomFormula(random, operandsOf(outputs), 'number', 1)
  return { formula, op: random.pick(['eq', 'ne', 'gt', 'lte', 'lt', 'gte']), value: random.pick([0, 1, 2, 50]) }
}

function numberHaving(random: Random, outputs: readonly Output[], { id: field }: Output, known: unknown): Filter {
  const others = outputs.filter((other) => isNumber(other) && other.id !== field)
  const op = random.pick(['eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'gt', 'lte'] as const)
  if (others.length > 0 && random.chance(0.2)) return { field, op, value: { field: random.pick(others).id } }
  const value = typeof known === 'string' && Number.isInteger(Number(known)) ? Number(known) : random.int(-5, 200)
  if (random.chance(0.15)) return { field, op: 'between', value: { min: Math.min(0, value), max: Math.max(0, value) } }
  if (random.chance(0.1)) return { field, op: random.pick(['in', 'not_in']), value: [value, 1, 2] }
  return { field, op, value }
}
