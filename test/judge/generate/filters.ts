// Random filters: every kind of condition, nested, with values that hit.

import type { AggregateExpr, Filter, Op, RelationMatch, Value } from '../../../src/definition/schema.ts'
import { resolve } from '../world.ts'
import { kindOfField, randomAggregate } from './aggregates.ts'
import { type Operand, randomFormula } from './formulas.ts'
import {
  type FieldPath,
  isNumeric,
  isSameKind,
  isTemporal,
  pickField,
  randomGrain,
  relationPaths,
  type Setting,
  toOneFields,
} from './paths.ts'
import type { Random } from './random.ts'
import { randomOpAndValue, randomPeriod, randomScalar } from './scalars.ts'
import { randomSubDefinition } from './sub-definitions.ts'
import { localNow, randomDay } from './times.ts'

/** What a formula over fields may name; ids and dates stored as text are left out. */
export function operandsOf(fields: readonly FieldPath[]): Operand[] {
  return fields.flatMap((field) => {
    const kind = kindOfField(field)
    if (kind === 'count' || kind === 'sum' || kind === 'id') return []
    return [{ path: field.path, kind: kind === 'enum' ? 'text' : kind }]
  })
}

/** A filter over rows of an entity; depth is how deep it may nest. */
export function randomFilter(random: Random, setting: Setting, entityName: string, depth: number): Filter {
  const inner = () => randomFilter(random, setting, entityName, depth - 1)
  if (depth > 0 && random.chance(0.3))
    return random.weighted<() => Filter>([
      [3, () => ({ all: [inner(), inner()] })],
      [3, () => ({ any: [inner(), inner(), ...(random.chance(0.3) ? [inner()] : [])] })],
      [2, () => ({ not: inner() })],
    ])()
  for (;;) {
    const made = randomCondition(random, setting, entityName, depth)
    if (made !== undefined) return made
  }
}

function randomCondition(random: Random, setting: Setting, entityName: string, depth: number): Filter | undefined {
  const fields = toOneFields(setting, entityName)
  const field = pickField(random, fields) ?? fields[0]
  if (field === undefined) return relationFilter(random, setting, entityName, depth)
  return random.weighted<() => Filter | undefined>([
    [12, () => ({ field: field.path, ...randomOpAndValue(random, setting, field) })],
    [1, () => grainCondition(random, setting, pickField(random, fields, isTemporal))],
    [1.5, () => fieldAndField(random, field, fields)],
    [1, () => formulaCondition(random, setting, entityName, fields, depth)],
    [depth > 0 ? 2 : 0, () => aboveAverage(random, setting, entityName, fields, depth)],
    [depth > 0 ? 2 : 0, () => aggregateCondition(random, setting, entityName, depth)],
    [2.5, () => relationFilter(random, setting, entityName, depth)],
    [depth > 0 ? 2 : 0, () => definitionCondition(random, setting, field, depth)],
  ])()
}

const ORDER: readonly Op[] = ['lt', 'lte', 'gt', 'gte']

function grainCondition(random: Random, setting: Setting, field: FieldPath | undefined): Filter | undefined {
  if (field === undefined) return undefined
  const grain = randomGrain(random, field)
  if (grain === 'hour') return undefined
  const isNumber = grain.includes('_of_') || grain === 'year_number'
  const local = localNow(setting.now, setting.timezone)
  if (!isNumber && random.chance(0.3))
    return { field: field.path, grain, op: 'in_period', value: randomPeriod(random, setting, false) }
  const number =
    grain === 'year_number'
      ? local.year - random.int(0, 1)
      : random.int(1, grain === 'day_of_month' ? 28 : grain === 'quarter_of_year' ? 4 : 7)
  const day = randomDay(random, local).with({ day: 1 }).toString()
  return { field: field.path, grain, op: random.pick(['eq', 'ne', ...ORDER]), value: isNumber ? number : day }
}

/** Same kind of value; a date meets a timestamp. */
function meets(a: FieldPath, b: FieldPath): boolean {
  return isSameKind(a, b) || (isTemporal(a) && isTemporal(b) && a.type !== b.type)
}

function fieldAndField(random: Random, field: FieldPath, fields: readonly FieldPath[]): Filter | undefined {
  const other = pickField(random, fields, (one) => one.path !== field.path && meets(field, one))
  if (other === undefined) return undefined
  const isOrdered = !['boolean', 'enum'].includes(field.type)
  return { field: field.path, op: random.pick(['eq', 'ne', ...(isOrdered ? ORDER : [])]), value: { field: other.path } }
}

/** What a number that is no field may be compared with. */
function numberValue(
  random: Random,
  setting: Setting,
  entityName: string,
  fields: readonly FieldPath[],
  depth: number,
): Value {
  const field = pickField(random, fields, isNumeric)
  if (field === undefined || random.chance(0.6)) return random.pick([0, 1, 7.5, 100])
  if (depth === 0 || random.chance(0.4)) return { field: field.path }
  const definition = random.chance(0.3) ? randomSubDefinition(random, setting, field, true, depth - 1) : undefined
  if (definition !== undefined) return { definition }
  return { aggregate: randomAggregate(random, setting, entityName, depth - 1, true).expression }
}

function formulaCondition(
  random: Random,
  setting: Setting,
  entityName: string,
  fields: readonly FieldPath[],
  depth: number,
): Filter {
  const operands = random.sample(operandsOf(fields), 6)
  const kind = random.pick(['number', 'number', 'text', 'boolean'] as const)
  const formula = randomFormula(random, operands, kind, 1)
  if (random.chance(0.1)) return { formula, op: random.pick(['is_empty', 'not_empty']) }
  if (kind === 'number')
    return {
      formula,
      op: random.pick(['eq', 'ne', ...ORDER]),
      value: numberValue(random, setting, entityName, fields, depth),
    }
  if (kind === 'boolean') return { formula, op: random.pick(['eq', 'ne']), value: random.chance(0.5) }
  return {
    formula,
    op: random.pick(['eq', 'ne', 'contains', 'starts_with']),
    value: random.pick(['Ann', 'x', 'new', 'a']),
  }
}

/** A number against one number over a whole entity. */
function aboveAverage(
  random: Random,
  setting: Setting,
  entityName: string,
  fields: readonly FieldPath[],
  depth: number,
): Filter | undefined {
  const field = pickField(random, fields, isNumeric)
  if (field === undefined) return undefined
  const of = random.chance(0.25) ? random.pick(Object.keys(setting.catalog.entities)) : undefined
  const { expression } = random.chance(0.5)
    ? { expression: { fn: random.pick(['avg', 'max', 'median'] as const), field: field.path } }
    : randomAggregate(random, setting, of ?? entityName, depth - 1, true)
  if (of !== undefined && expression.field === field.path && of !== entityName) return undefined
  const same =
    of === undefined && random.chance(0.4) ? random.sample(fields, random.int(1, 2)).map(({ path }) => path) : []
  const value = {
    aggregate: { ...expression, ...(of === undefined ? {} : { of }), ...(same.length === 0 ? {} : { same }) },
  }
  return { field: field.path, op: random.pick(['eq', 'ne', ...ORDER, ...ORDER]), value }
}

/** Whether an aggregate counts rows behind a to-many relation; over to-one relations alone there is nothing to count. */
function leadsToMany(setting: Setting, entityName: string, { per, field, metric }: AggregateExpr): boolean {
  const path = per ?? field ?? metric?.split('.').slice(0, -1).join('.') ?? ''
  return path !== '' && path !== 'source_rows' && !resolve(setting.catalog, entityName, path).toOne
}

/** An aggregate over the rows related to one row. */
function aggregateCondition(random: Random, setting: Setting, entityName: string, depth: number): Filter | undefined {
  const numeric = random.chance(0.85)
  const { expression, kind } = randomAggregate(random, setting, entityName, depth - 1, numeric)
  if (!leadsToMany(setting, entityName, expression)) return undefined
  if (!['count', 'sum', 'number'].includes(kind) || random.chance(0.1))
    return { aggregate: expression, op: random.pick(['is_empty', 'not_empty']) }
  if (random.chance(0.25)) {
    const value = numberValue(random, setting, entityName, toOneFields(setting, entityName), depth)
    return { aggregate: expression, op: random.pick(['eq', 'ne', ...ORDER]), value }
  }
  const value = kind === 'count' ? random.int(0, 3) : random.int(-10, 300)
  if (random.chance(0.1)) return { aggregate: expression, op: 'between', value: { min: 0, max: value } }
  return { aggregate: expression, op: random.pick(['eq', 'ne', ...ORDER]), value }
}

function relationFilter(random: Random, setting: Setting, entityName: string, depth: number): Filter | undefined {
  const chains = relationPaths(setting, entityName).filter(({ hops }) => hops.length > 0)
  if (chains.length === 0) return undefined
  const chain = random.weighted(chains.map((one) => [[0, 6, 4, 2][one.hops.length] ?? 1, one] as const))
  const match = random.weighted<RelationMatch>([
    [3, 'some'],
    [3, 'none'],
    [2, 'every'],
    [3, { count: { op: random.pick(['eq', 'ne', 'lt', 'lte', 'gt', 'gte'] as const), value: random.int(0, 3) } }],
  ])
  const where =
    match === 'every' || random.chance(0.6)
      ? { where: randomFilter(random, setting, chain.entityName, Math.max(0, depth - 1)) }
      : {}
  return { relation: chain.hops.join('.'), match, ...where }
}

/** A field against the rows or the one value of another definition. */
function definitionCondition(random: Random, setting: Setting, field: FieldPath, depth: number): Filter | undefined {
  if (field.type === 'boolean' || field.isStoredAsText) return undefined
  const single = random.chance(0.4)
  const definition = randomSubDefinition(random, setting, field, single, depth - 1)
  if (definition === undefined) return undefined
  const isOrdered = field.type !== 'enum'
  const op: Op = single
    ? random.pick(['eq', 'ne', ...(isOrdered ? ORDER : [])])
    : random.pick(['in', 'not_in'] as const)
  return { field: field.path, op, value: { definition } }
}

export { randomScalar }
