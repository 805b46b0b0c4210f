// Random formulas over given names, of a wanted type.
import type { Random } from './random.ts'

/** What a formula may name. */
export type Operand = {
  readonly path: string
  readonly kind: 'number' | 'text' | 'boolean' | 'day' | 'instant' | 'wall'
}

export function randomFormula(
  random: Random,
  operands: readonly Operand[],
  kind: 'number' | 'text' | 'boolean',
  depth = 2,
): string {
  if (kind === 'number') return numberFormula(random, operands, depth)
  return kind === 'text' ? textFormula(random, operands, depth) : booleanFormula(random, operands, depth)
}

function named(random: Random, operands: readonly Operand[], kind: Operand['kind']): string | undefined {
  const fitting = operands.filter((operand) => operand.kind === kind)
  return fitting.length === 0 ? undefined : random.pick(fitting).path
}

function numberFormula(random: Random, operands: readonly Operand[], depth: number): string {
  const leaf = () =>
    (random.chance(0.8) ? named(random, operands, 'number') : undefined) ?? String(random.pick([0, 1, 2, 0.5, 100]))
  if (depth === 0) return leaf()
  const inner = () => numberFormula(random, operands, depth - 1)
  const text = named(random, operands, 'text')
  const dates = twoDates(random, operands)
  return random.weighted<() => string>([
    [2, leaf],
    [6, () => `${inner()} ${random.pick(['+', '-', '*', '/'])} ${inner()}`],
    [2, () => `(${inner()} ${random.pick(['+', '-'])} ${inner()}) ${random.pick(['*', '/'])} ${inner()}`],
    [0.7, () => `-${leaf()}`],
    [0.7, () => `${random.pick(['abs', 'floor', 'ceil'])}(${inner()})`],
    [1, () => `round(${inner()}, ${random.int(0, 3)})`],
    [1, () => `coalesce(${leaf()}, ${leaf()}, 0)`],
    [1, () => `${random.pick(['least', 'greatest'])}(${leaf()}, ${leaf()})`],
    [1.5, () => `if(${booleanFormula(random, operands, depth - 1)}, ${inner()}, ${leaf()})`],
    [text === undefined ? 0 : 0.5, () => `length(${text})`],
    [dates === undefined ? 0 : 1, () => `days_between(${dates?.join(', ')})`],
  ])()
}

function twoDates(random: Random, operands: readonly Operand[]): string[] | undefined {
  const fitting = operands.filter(({ kind }) => kind === 'day' || kind === 'instant' || kind === 'wall')
  return fitting.length === 0 ? undefined : [random.pick(fitting).path, random.pick(fitting).path]
}

function textFormula(random: Random, operands: readonly Operand[], depth: number): string {
  const leaf = () =>
    (random.chance(0.8) ? named(random, operands, 'text') : undefined) ?? `'${random.pick(['Ann', 'x', 'New', ''])}'`
  if (depth === 0) return leaf()
  const inner = () => textFormula(random, operands, depth - 1)
  return random.weighted<() => string>([
    [1, leaf],
    [2, () => `${random.pick(['lower', 'upper'])}(${inner()})`],
    [2, () => `concat(${inner()}, '-', ${leaf()})`],
    [1, () => `coalesce(${leaf()}, 'none')`],
    [2, () => `if(${booleanFormula(random, operands, depth - 1)}, ${leaf()}, ${leaf()})`],
  ])()
}

function booleanFormula(random: Random, operands: readonly Operand[], depth: number): string {
  const sign = () => random.pick(['=', '<>', '<', '<=', '>', '>='])
  const flag = named(random, operands, 'boolean')
  const text = named(random, operands, 'text')
  const moment = random.pick(['day', 'instant', 'wall'] as const)
  const date = named(random, operands, moment)
  const other = named(random, operands, moment)
  const any = operands.length === 0 ? undefined : random.pick(operands).path
  return random.weighted<() => string>([
    [4, () => `${numberFormula(random, operands, 0)} ${sign()} ${numberFormula(random, operands, depth > 0 ? 1 : 0)}`],
    [flag === undefined ? 0 : 2, () => String(flag)],
    [text === undefined ? 0 : 1, () => `${text} ${random.pick(['=', '<>'])} '${random.pick(['Ann', 'New', 'b'])}'`],
    [date === undefined ? 0 : 1, () => `${date} ${sign()} ${other}`],
    [any === undefined ? 0 : 1, () => `is_empty(${any})`],
    [depth > 0 ? 1 : 0, () => `not (${booleanFormula(random, operands, depth - 1)})`],
    [
      depth > 0 ? 1.5 : 0,
      () =>
        `(${booleanFormula(random, operands, depth - 1)} ${random.pick(['and', 'or'])} ${booleanFormula(random, operands, depth - 1)})`,
    ],
  ])()
}
