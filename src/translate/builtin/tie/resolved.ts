// Measures with their nouns tied to the catalog.
// In: a measure of a reading and what was chosen for its nouns. Out: what it stands for, and what that reading costs.
// Refused: measures whose noun has no meaning here; those give undefined.
import type { Catalog } from '../../../catalog/schema.ts'
import type { AggregateFn } from '../../../definition/schema.ts'
import type { Cond, Measure, Mention } from '../read/ast.ts'
import type { Candidate } from './candidate.ts'
import { entityIn, fieldIn, foreignKeys, isNumeric, isTime } from './facts.ts'

export type Tied =
  | {
      readonly kind: 'field'
      readonly entity: string
      readonly field: string
      readonly names?: true
      readonly bare?: true
    }
  | { readonly kind: 'entity'; readonly entity: string }
  | {
      readonly kind: 'agg'
      readonly fn: AggregateFn
      readonly entity: string
      readonly field: string
      /** The metric whose rows alone are meant. */
      readonly metric?: string
    }
  | {
      readonly kind: 'count'
      readonly entity?: string
      readonly field?: string
      readonly distinct: boolean
      readonly where: readonly Cond[]
    }
  | { readonly kind: 'metric'; readonly entity: string; readonly metric: string }
  /** So much for one of an entity: gifts per donor. */
  | { readonly kind: 'ratio'; readonly of: Tied; readonly per: string }
  /** `within`: of the rows of its own group, not of all groups together. */
  | { readonly kind: 'share'; readonly of: Tied; readonly within?: true }

export type Tie = {
  readonly catalog: Catalog
  readonly chosen: ReadonlyMap<object, Candidate>
  readonly price: (reason: string, cost: number) => void
  /** Notes what a condition made later stands for. */
  readonly remember: (key: object, candidate: Candidate) => void
}

/** What a measure stands for; undefined when its noun means nothing here. */
export function tie(t: Tie, measure: Measure): Tied | undefined {
  switch (measure.kind) {
    case 'noun':
      return plain(t, measure.of)
    case 'share': {
      const of = tie(t, measure.of)
      if (of === undefined) return undefined
      // "percentage of donations refunded": of a group's donations those that were refunded.
      const owner = measure.of.kind === 'noun' ? measure.of.of.owner : undefined
      const rows = owner === undefined ? undefined : t.chosen.get(owner)
      if (of.kind === 'metric' && rows?.kind === 'entity' && rows.entity === of.entity)
        return { kind: 'share', of, within: true }
      return {
        kind: 'share',
        of: of.kind === 'entity' ? { kind: 'count', entity: of.entity, distinct: false, where: [] } : of,
      }
    }
    case 'all': {
      const found = t.chosen.get(measure.of)
      return found === undefined ? undefined : { kind: 'entity', entity: found.entity }
    }
    case 'agg':
      return aggregate(t, measure.of, measure.fn, measure.unsummed === true)
    case 'dim': {
      const found = t.chosen.get(measure)
      if (found?.kind !== 'field') return undefined
      return measure.fn === undefined
        ? { kind: 'field', entity: found.entity, field: found.field }
        : { kind: 'agg', fn: measure.fn, entity: found.entity, field: found.field }
    }
    case 'wh': {
      const found = t.chosen.get(measure)
      if (found?.kind === 'entity') return { kind: 'entity', entity: found.entity }
      return found?.kind === 'field' ? { kind: 'field', entity: found.entity, field: found.field } : undefined
    }
    case 'count':
      return count(t, measure)
  }
}

function plain(t: Tie, mention: Mention): Tied | undefined {
  const found = t.chosen.get(mention)
  if (found === undefined) return undefined
  if (found.kind === 'entity') return { kind: 'entity', entity: found.entity }
  if (found.kind === 'metric') return { kind: 'metric', entity: found.entity, metric: found.metric }
  // A noun without "id" or "code" speaks of the thing, not of its key.
  const bare = !/\b(id|ids|code|codes|number|numbers|no|key|keys|identifier|identifiers)\b/.test(mention.chunk.word)
  return {
    kind: 'field',
    entity: found.entity,
    field: found.field,
    ...(found.names === true ? { names: true } : {}),
    ...(bare ? { bare } : {}),
  }
}

function aggregate(t: Tie, of: Mention, fn: AggregateFn, unsummed: boolean): Tied | undefined {
  const found = t.chosen.get(of)
  if (found === undefined) return undefined
  if (found.kind === 'metric') {
    const number = unsummed || /\b(number|count)\b/.test(of.chunk.word)
    const summed = fn === 'sum' || number ? undefined : summedBy(t.catalog, found)
    if (summed !== undefined) return { kind: 'agg', fn, entity: found.entity, ...summed }
    if (fn !== 'sum') t.price('function on a metric', 0.5)
    return { kind: 'metric', entity: found.entity, metric: found.metric }
  }
  // "the average rating" of ratings that hold one number each.
  const only = found.kind === 'entity' && fn !== 'sum' ? onlyNumber(t.catalog, found.entity) : undefined
  if (only !== undefined) {
    t.price('the only number of rows', 0.3)
    return { kind: 'agg', fn, entity: found.entity, field: only }
  }
  if (found.kind === 'entity') {
    if (fn !== 'sum') t.price('function on rows', 1.5)
    return { kind: 'count', entity: found.entity, distinct: false, where: [] }
  }
  const field = fieldIn(t.catalog, found.entity, found.field)
  if ((fn === 'sum' || fn === 'avg' || fn === 'median' || fn === 'stddev') && !isNumeric(field)) {
    if (fn === 'sum') {
      t.price('sum of a text', 0.8)
      return { kind: 'count', entity: found.entity, field: found.field, distinct: true, where: [] }
    }
    t.price('average of a text', 3)
  }
  if ((fn === 'max' || fn === 'min') && !isNumeric(field) && !isTime(field)) t.price('extreme of a text', 0.6)
  return { kind: 'agg', fn, entity: found.entity, field: found.field }
}

/** "average pledge", "smallest gift": what is summed of the rows that a metric sums or counts. */
function summedBy(
  catalog: Catalog,
  { entity, metric }: { entity: string; metric: string },
): { field: string; metric: string } | undefined {
  const metrics = entityIn(catalog, entity)?.metrics ?? {}
  const own = metrics[metric]?.aggregate
  if (own?.fn !== 'sum' && own?.fn !== 'count') return undefined
  const [name, found] =
    own.fn === 'sum'
      ? [metric, own]
      : (Object.entries(metrics)
          .map(([name, { aggregate }]) => [name, aggregate] as const)
          .find(([, { fn, where }]) => fn === 'sum' && JSON.stringify(where) === JSON.stringify(own.where)) ?? [])
  return typeof found?.field === 'string' && name !== undefined ? { field: found.field, metric: name } : undefined
}

/** The one field of an entity that holds a number and is no key. */
function onlyNumber(catalog: Catalog, entity: string): string | undefined {
  const keys = new Set([...(entityIn(catalog, entity)?.primaryKey ?? []), ...foreignKeys(catalog, entity)])
  const fields = Object.entries(entityIn(catalog, entity)?.fields ?? {}).filter(
    ([name, field]) => isNumeric(field) && !keys.has(name) && isQuantity(name, field.type),
  )
  return fields.length === 1 ? fields[0]?.[0] : undefined
}

/** Whether a number is an amount of something ("points", "gold") and not a mark ("classroom", "year"). */
function isQuantity(name: string, type: string | undefined): boolean {
  return (
    type === 'money' ||
    !/room|year|grade|level|rank|zip|code|phone|position|floor|(^|_)id(_|$)|age$|month|day$|week$|season|date|version|size|rating|score$/i.test(
      name,
    )
  )
}

function count(t: Tie, measure: Extract<Measure, { kind: 'count' }>): Tied | undefined {
  if (measure.of === undefined) return { kind: 'count', distinct: false, where: measure.where }
  const found = t.chosen.get(measure.of)
  if (found === undefined) return { kind: 'count', distinct: false, where: measure.where }
  if (found.kind === 'metric') return { kind: 'metric', entity: found.entity, metric: found.metric }
  const distinct = measure.distinct === true
  if (found.kind === 'entity' && measure.amount === true) {
    const amount = Object.entries(entityIn(t.catalog, found.entity)?.fields ?? {}).find(
      ([name, field]) => isNumeric(field) && /amount|total|value/.test(name),
    )
    if (amount !== undefined) return { kind: 'agg', fn: 'sum', entity: found.entity, field: amount[0] }
  }
  if (found.kind === 'entity') return { kind: 'count', entity: found.entity, distinct, where: measure.where }
  const field = fieldIn(t.catalog, found.entity, found.field)
  const keys = entityIn(t.catalog, found.entity)?.primaryKey ?? []
  if (keys.length === 1 && keys[0] === found.field)
    return { kind: 'count', entity: found.entity, distinct, where: measure.where }
  // "how many points did X score": a number that is summed, not counted.
  if (isNumeric(field) && !distinct && isQuantity(found.field, field?.type)) {
    t.price('count of a number', 0.2)
    return { kind: 'agg', fn: 'sum', entity: found.entity, field: found.field }
  }
  return { kind: 'count', entity: found.entity, field: found.field, distinct: true, where: measure.where }
}
