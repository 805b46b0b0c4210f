// Random aggregates: every function, over every kind of path, with `per`, `where`, formulas and metrics.
import type { AggregateExpr, AggregateFn, Filter } from '../../../src/definition/schema.ts'
import { operandsOf, randomFilter } from './filters.ts'
import { randomFormula } from './formulas.ts'
import {
  type FieldPath,
  fieldsAt,
  isNumeric,
  isTemporal,
  isTextual,
  pickField,
  type RelationPath,
  relationPaths,
  type Setting,
  toOneFields,
} from './paths.ts'
import type { Random } from './random.ts'

/** The kind of value an aggregate gives. */
export type ResultKind = 'count' | 'sum' | 'number' | 'text' | 'enum' | 'boolean' | 'day' | 'instant' | 'wall' | 'id'
export type RandomAggregate = {
  readonly expression: AggregateExpr
  readonly kind: ResultKind
  readonly fn: AggregateFn
}

/** An aggregate from an entity; `numeric` allows only those that give numbers, depth limits nested filters. */
export function randomAggregate(
  random: Random,
  setting: Setting,
  from: string,
  depth: number,
  numeric: boolean,
): RandomAggregate {
  for (;;) {
    const made = attempt(random, setting, from, depth)
    if (made !== undefined && (!numeric || ['count', 'sum', 'number'].includes(made.kind))) return made
  }
}

function attempt(random: Random, setting: Setting, from: string, depth: number): RandomAggregate | undefined {
  const chains = relationPaths(setting, from)
  const chain = random.weighted(chains.map((one) => [[8, 6, 4, 2][one.hops.length] ?? 1, one] as const))
  const limit = (entityName: string): { where?: Filter } =>
    depth > 0 && random.chance(0.35) ? { where: randomFilter(random, setting, entityName, depth - 1) } : {}
  return random.weighted<() => RandomAggregate | undefined>([
    [1.5, () => ({ expression: { fn: 'count', ...limit(from) }, kind: 'count', fn: 'count' })],
    [1.5, () => countPer(chain, limit)],
    [8, () => ofField(random, setting, chain, limit)],
    [2.5, () => perChain(random, setting, from, chain, limit)],
    [2, () => ofFormula(random, setting, from, chain, limit)],
    [2, () => ofMetric(random, setting, chain, limit)],
  ])()
}

type Limit = (entityName: string) => { where?: Filter }

function perOf({ hops }: RelationPath): { per: string } {
  return { per: hops.length === 0 ? 'source_rows' : hops.join('.') }
}

function countPer(chain: RelationPath, limit: Limit): RandomAggregate {
  return { expression: { fn: 'count', ...perOf(chain), ...limit(chain.entityName) }, kind: 'count', fn: 'count' }
}

function ofField(random: Random, setting: Setting, chain: RelationPath, limit: Limit): RandomAggregate | undefined {
  const field = pickField(random, fieldsAt(setting, chain))
  if (field === undefined) return undefined
  return withFunction(random, setting, chain, field, limit(chain.entityName), {})
}

/** A field behind to-one relations of the counted rows, counted once for each of those. */
function perChain(
  random: Random,
  setting: Setting,
  from: string,
  chain: RelationPath,
  limit: Limit,
): RandomAggregate | undefined {
  const behind = relationPaths(setting, chain.entityName).filter(({ toOne, hops }) => toOne && hops.length <= 2)
  const further = random.pick(behind)
  const whole: RelationPath = {
    hops: [...chain.hops, ...further.hops],
    entityName: further.entityName,
    toOne: chain.toOne && further.toOne,
  }
  const field = pickField(random, fieldsAt(setting, whole))
  if (field === undefined || whole.hops.length > 4 || from === '') return undefined
  return withFunction(random, setting, chain, field, limit(chain.entityName), perOf(chain))
}

function withFunction(
  random: Random,
  setting: Setting,
  chain: RelationPath,
  field: FieldPath,
  where: { where?: Filter },
  per: { per?: string },
): RandomAggregate | undefined {
  const numeric = isNumeric(field)
  const fn = random.weighted<AggregateFn>([
    [1, 'count'],
    [2, 'count_distinct'],
    [numeric ? 5 : 0, 'sum'],
    [numeric ? 2.5 : 0, 'avg'],
    [field.type === 'boolean' ? 0 : 1, 'min'],
    [field.type === 'boolean' ? 0 : 1, 'max'],
    [numeric ? 1 : 0, 'median'],
    [numeric ? 1 : 0, 'percentile'],
    [numeric ? 1 : 0, 'stddev'],
    [1, 'first'],
    [1.5, 'last'],
    [isTextual(field) ? 2 : field.type === 'integer' || field.type === 'date' ? 0.3 : 0, 'list'],
  ])
  const by = fn === 'first' || fn === 'last' ? byOf(random, setting, chain) : {}
  if (by === undefined) return undefined
  const extra = fn === 'percentile' ? { percentile: random.pick([0, 0.1, 0.25, 0.9, 0.95, 1]) } : {}
  return { expression: { fn, field: field.path, ...per, ...extra, ...by, ...where }, kind: resultKind(fn, field), fn }
}

/** The date that orders the counted rows: their default date, or a path from them, written from the source. */
function byOf(random: Random, setting: Setting, chain: RelationPath): { by?: string } | undefined {
  const { defaultDate } = setting.catalog.entities[chain.entityName] ?? {}
  if (defaultDate !== undefined && random.chance(0.4)) return {}
  const date = pickField(random, toOneFields(setting, chain.entityName), isTemporal)
  return date === undefined ? undefined : { by: [...chain.hops, date.path].join('.') }
}

export function kindOfField(field: FieldPath): ResultKind {
  if (isNumeric(field)) return 'number'
  if (field.type === 'id') return 'id'
  if (field.type === 'date') return 'day'
  if (field.type === 'timestamp') return field.zoned ? 'instant' : 'wall'
  return field.type === 'boolean' || field.type === 'enum' ? field.type : 'text'
}

function resultKind(fn: AggregateFn, field: FieldPath): ResultKind {
  if (fn === 'count' || fn === 'count_distinct') return 'count'
  if (fn === 'sum') return 'sum'
  if (fn === 'list') return 'text'
  return ['min', 'max', 'first', 'last'].includes(fn) ? kindOfField(field) : 'number'
}

function ofFormula(
  random: Random,
  setting: Setting,
  from: string,
  chain: RelationPath,
  limit: Limit,
): RandomAggregate | undefined {
  const isPer = random.chance(0.5) && chain.hops.length > 0
  const entityName = isPer ? chain.entityName : from
  const prefix = isPer ? chain.hops : []
  const operands = operandsOf(toOneFields(setting, entityName)).map((one) => ({
    ...one,
    path: [...prefix, one.path].join('.'),
  }))
  const numbers = operands.filter(({ kind }) => kind === 'number')
  if (numbers.length === 0) return undefined
  const fn = random.pick(['sum', 'sum', 'avg', 'min', 'max', 'count', 'count_distinct'] as const)
  const formula = randomFormula(random, random.sample(operands, 5).concat(random.pick(numbers)), 'number', 1)
  const kind = fn === 'sum' ? 'sum' : fn.startsWith('count') ? 'count' : 'number'
  return { expression: { fn, formula, ...(isPer ? perOf(chain) : {}), ...limit(entityName) }, kind, fn }
}

function ofMetric(random: Random, setting: Setting, chain: RelationPath, limit: Limit): RandomAggregate | undefined {
  const metrics = Object.entries(setting.catalog.entities[chain.entityName]?.metrics ?? {})
  if (metrics.length === 0) return undefined
  const [name, { aggregate }] = random.pick(metrics)
  const fn = aggregate.fn as AggregateFn
  const counted = typeof aggregate.field === 'string' && aggregate.field.includes('.') ? undefined : chain.entityName
  const isText = name === 'texts' && fn !== 'count_distinct'
  // Different values do not add up, and a metric's name does not say that it counts them.
  const kind = isText ? 'text' : fn === 'count' || fn === 'sum' ? fn : 'number'
  return {
    expression: { metric: [...chain.hops, name].join('.'), ...(counted === undefined ? {} : limit(counted)) },
    kind,
    fn,
  }
}
