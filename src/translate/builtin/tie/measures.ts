// What is measured where a prompt does not say it whole: usual measures, sums by the catalog's rule, directions.
// In: what is tied so far. Out: measures.
// Refused: measures the catalog does not know.
import type { Catalog } from '../../../catalog/schema.ts'
import type { Dimension } from '../keywords.ts'
import type { Ask, Measure } from '../read/ast.ts'
import { entityIn, fieldIn, fieldWords, isNumeric, isTime } from './facts.ts'
import type { Tie, Tied } from './resolved.ts'
import type { BuildInput } from './shape.ts'

/** "the name and number of floors", where each row holds that number: it is no count of different ones. */
export function storedNumber(catalog: Catalog, ask: Ask, select: readonly Tied[], one: Tied): Tied | undefined {
  if (one.kind !== 'count' || one.entity === undefined || one.field === undefined || ask.group.length > 0)
    return undefined
  const { entity, field } = one
  if (!isNumeric(fieldIn(catalog, entity, field)) || ask.distinct || ask.select.some(isDistinctCount)) return undefined
  const beside = select.some((other) => other.kind === 'field' && other.entity === entity)
  return beside ? { kind: 'field', entity, field } : undefined
}

function isDistinctCount(one: Measure): boolean {
  return one.kind === 'count' && one.distinct === true
}

/** "oldest" is the highest age but the earliest birth: a quality may run against the field that holds it. */
export function turned(
  catalog: Catalog,
  measure: Measure | undefined,
  said: Dimension | undefined,
  by: Tied,
  dir: 'asc' | 'desc',
): 'asc' | 'desc' {
  const dims = measure?.kind === 'dim' ? measure.dims : said
  if (dims === undefined || by.kind !== 'field') return dir
  const words = fieldWords(catalog, by.entity, by.field)
  const found = dims.find((dim) => words.includes(dim.replace('-', '')))
  const against =
    found !== undefined
      ? found.startsWith('-')
      : isTime(fieldIn(catalog, by.entity, by.field)) && dims.includes('-birth')
  return against ? (dir === 'asc' ? 'desc' : 'asc') : dir
}

/** What "top" ranks by where nothing is said: the first sum the catalog knows of the rows or of what belongs to them. */
export function defaultMeasure(catalog: Catalog, ask: Ask, t: Tie): Tied | undefined {
  const of = ask.top?.of === undefined ? undefined : t.chosen.get(ask.top.of)
  if (of === undefined) return undefined
  const entity = entityIn(catalog, of.entity)
  const near = [
    of.entity,
    ...Object.values(entity?.relations ?? {})
      .filter((one) => one.kind === 'to_many')
      .map((one) => one.to),
  ]
  for (const name of near) {
    const metric = Object.entries(entityIn(catalog, name)?.metrics ?? {}).find(([, one]) => one.aggregate.fn === 'sum')
    if (metric !== undefined) return { kind: 'metric', entity: name, metric: metric[0] }
  }
  return undefined
}

/** How many rows and how much: what a summary of an entity says that asks for nothing in particular. */
export function usualMeasures(catalog: Catalog, entity: string, keys: readonly Tied[]): Tied[] {
  const { metrics = {}, fields = {} } = entityIn(catalog, entity) ?? {}
  const fn = (name: string) => metrics[name]?.aggregate.fn
  const where = (name: string) => JSON.stringify(metrics[name]?.aggregate.where ?? null)
  // By status, a metric of completed rows would say nothing of the others.
  const fits = (name: string) => !keys.some((key) => key.kind === 'field' && where(name).includes(`"${key.field}"`))
  const sum = Object.keys(metrics).find((name) => fn(name) === 'sum' && fits(name))
  const count = Object.keys(metrics).find((name) => fn(name) === 'count' && where(name) === where(sum ?? ''))
  const money = Object.keys(fields).filter((name) => fields[name]?.type === 'money')
  const [amount] = money
  return [
    count !== undefined && sum !== undefined
      ? { kind: 'metric', entity, metric: count }
      : { kind: 'count', entity, distinct: false, where: [] },
    ...(sum !== undefined
      ? [{ kind: 'metric', entity, metric: sum } as const]
      : amount !== undefined && (money.length === 1 || amount === 'amount')
        ? [{ kind: 'agg', fn: 'sum', entity, field: amount } as const]
        : []),
  ]
}

/** "Top 5 donors by amount": what each of them has many of counts as a whole. */
export function summedUp({ ask, catalog, graph }: BuildInput, t: Tie, by: Tied | undefined): Tied | undefined {
  const of = ask.top?.of === undefined ? undefined : t.chosen.get(ask.top.of)
  if (ask.top?.dims !== undefined || by?.kind !== 'field' || of?.kind !== 'entity' || of.entity === by.entity) return by
  const [route] = graph.routes(of.entity, by.entity)
  if (route === undefined || route.every(({ kind }) => kind === 'to_one')) return by
  const field = fieldIn(catalog, by.entity, by.field)
  if (field === undefined || !isNumeric(field)) return by
  return moneySum(catalog, by.entity, by.field)
}

/** The sum of a field, by the catalog's own rule for it where it states one. */
export function moneySum(catalog: Catalog, entity: string, field: string): Tied {
  const metric = Object.entries(entityIn(catalog, entity)?.metrics ?? {}).find(
    ([, { aggregate }]) => aggregate.fn === 'sum' && aggregate.field === field,
  )
  return metric === undefined
    ? { kind: 'agg', fn: 'sum', entity, field }
    : { kind: 'metric', entity, metric: metric[0] }
}
