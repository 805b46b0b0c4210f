// Random metrics: named aggregates of an entity over its own fields.
import type { CatalogInput } from '../../../src/catalog/schema.ts'
import type { Random } from './random.ts'

type EntityInput = CatalogInput['entities'][string]
type Metrics = Record<string, NonNullable<EntityInput['metrics']>[string]>

/** Up to three metrics for each entity, by entity name. */
export function randomMetrics(
  random: Random,
  entities: Readonly<Record<string, EntityInput>>,
): Record<string, Metrics> {
  return Object.fromEntries(
    Object.entries(entities).map(([name, entity]) => [name, metricsOf(random, entities, entity)]),
  )
}

function metricsOf(random: Random, entities: Readonly<Record<string, EntityInput>>, entity: EntityInput): Metrics {
  const numbers = fieldsOf(entity, ['integer', 'number', 'money'])
  const flags = fieldsOf(entity, ['boolean'])
  const [flag] = flags
  const where = flag === undefined ? {} : { where: { field: flag, op: 'eq', value: true } }
  const metrics: Metrics = {}
  const add = (name: string, aggregate: Record<string, unknown>) => {
    metrics[name] = { label: name, aggregate }
  }
  if (random.chance(0.5)) add('how_many', { fn: 'count', ...(random.chance(0.5) ? where : {}) })
  const [first, second] = random.sample(numbers, 2)
  if (first !== undefined && random.chance(0.7))
    add('in_all', { fn: 'sum', field: first, ...(random.chance(0.5) ? where : {}) })
  if (first !== undefined && second !== undefined && random.chance(0.4))
    add('net', { fn: 'sum', formula: `${first} - ${second}` })
  const behind = Object.entries(entity.relations ?? {}).flatMap(([relation, { to }]) =>
    fieldsOf(entities[to], ['integer', 'number', 'money']).map((field) => `${relation}.${field}`),
  )
  if (behind.length > 0 && random.chance(0.4))
    add('behind', { fn: random.pick(['sum', 'avg', 'max']), field: random.pick(behind) })
  const texts = fieldsOf(entity, ['text', 'enum'])
  if (texts.length > 0 && random.chance(0.3))
    add('texts', { fn: random.pick(['list', 'count_distinct', 'max']), field: random.pick(texts) })
  if (entity.defaultDate !== undefined && numbers.length > 0 && random.chance(0.3))
    add('newest', { fn: 'last', field: random.pick(numbers) })
  if (first !== undefined && random.chance(0.3))
    add('middle', { fn: random.pick(['median', 'avg', 'stddev']), field: first, per: 'source_rows' })
  return metrics
}

function fieldsOf(entity: EntityInput | undefined, types: readonly string[]): string[] {
  return Object.entries(entity?.fields ?? {})
    .filter(([, { type }]) => types.includes(type))
    .map(([name]) => name)
}
