// What is measured where a prompt does not say it whole: usual measures, sums by the catalog's rule, directions.
// In: what is tied so far. Out: measures.
// Refused: measures the catalog does not know.
import type { Catalog, Metric } from '../../../catalog/schema.ts'
import { AggregateFn, Filter as FilterSchema } from '../../../definition/schema.ts'
import type { Dimension } from '../keywords.ts'
import type { Ask, Cond, Measure } from '../read/ast.ts'
import { hasMetrics } from '../written.ts'
import { namesRows } from './columns.ts'
import { countMetric, entityIn, fieldIn, fieldWords, isNumeric, isTime } from './facts.ts'
import type { Tie, Tied } from './resolved.ts'
import type { BuildInput, Price } from './shape.ts'

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

/** What "top" ranks by where nothing is said: the first sum the catalog knows of what belongs to the rows, or of themselves. */
export function defaultMeasure(catalog: Catalog, ask: Ask, t: Tie): Tied | undefined {
  const of = ask.top?.of === undefined ? undefined : t.chosen.get(ask.top.of)
  return of === undefined ? undefined : usualRank(catalog, of.entity)
}

/** The first sum that the catalog knows of what belongs to rows, or of themselves. */
export function usualRank(catalog: Catalog, rows: string): Extract<Tied, { kind: 'metric' }> | undefined {
  const near = [
    ...Object.values(entityIn(catalog, rows)?.relations ?? {})
      .filter((one) => one.kind === 'to_many' && one.to !== rows)
      .map((one) => one.to),
    rows,
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
  const rule = sum === undefined ? countMetric(catalog, entity) : undefined
  const count =
    rule !== undefined && fits(rule)
      ? rule
      : Object.keys(metrics).find((name) => fn(name) === 'count' && where(name) === where(sum ?? ''))
  const money = Object.keys(fields).filter((name) => fields[name]?.type === 'money')
  const [amount] = money
  // Where people said what is measured and none of it is a sum, a price or a limit is none either.
  const summed = Object.keys(metrics).length === 0 || Object.keys(metrics).some((name) => fn(name) === 'sum')
  return [
    count !== undefined && (sum !== undefined || count === rule)
      ? { kind: 'metric', entity, metric: count }
      : { kind: 'count', entity, distinct: false, where: [] },
    ...(sum !== undefined
      ? [{ kind: 'metric', entity, metric: sum } as const]
      : amount !== undefined && summed && (money.length === 1 || amount === 'amount')
        ? [{ kind: 'agg', fn: 'sum', entity, field: amount } as const]
        : []),
  ]
}

/** "Top 5 donors by amount": what each of them has many of counts as a whole. */
export function summedUp({ ask, catalog, graph }: BuildInput, t: Tie, by: Tied | undefined): Tied | undefined {
  const of = ask.top?.of === undefined ? undefined : t.chosen.get(ask.top.of)
  if (ask.top?.dims !== undefined) return by
  // "the month that raised the most": a stretch of time has many of each.
  if (by?.kind === 'field' && ask.group.some(({ grain }) => grain !== undefined))
    return fieldIn(catalog, by.entity, by.field)?.type === 'money' ? moneySum(catalog, by.entity, by.field) : by
  // "top 3 vendors by cost": a vendor stands in many rows.
  if (of?.kind === 'field' && by?.kind === 'field' && of.entity === by.entity && hasMetrics(catalog)) {
    const sum = moneySum(catalog, by.entity, by.field)
    return sum.kind === 'metric' && !namesRows(catalog, of.entity, [of]) ? sum : by
  }
  if (by?.kind !== 'field' || of?.kind !== 'entity' || of.entity === by.entity) return by
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

/** What a sum, an average or a count means by the catalog's own rule, where nothing that is said speaks against it. */
export function ruleOf(
  { ask, assignment, catalog }: BuildInput,
  groups: readonly Tied[],
  price: Price,
): (measure: Tied) => Tied {
  const said = saidFields(catalog, ask.where, assignment, groups)
  const metricsOf = (entity: string) => entityIn(catalog, entity)?.metrics ?? {}
  const whereOf = (entity: string, metric: string) => JSON.stringify(metricsOf(entity)[metric]?.aggregate.where ?? null)
  /** A metric leaves rows out by some field; where the prompt speaks of that field itself, it means all of them. */
  const free = (entity: string, metric: string): boolean =>
    ![...(said.get(entity) ?? [])].some(([field]) => whereOf(entity, metric).includes(`"${field}"`))
  /** Groups or conditions of that field which the metric has no rows for. */
  const against = (entity: string, metric: string): boolean =>
    [...(said.get(entity) ?? [])].some(
      ([field, value]) =>
        whereOf(entity, metric).includes(`"${field}"`) && (value === undefined || !agrees(entity, metric, value)),
    )
  const agrees = (entity: string, metric: string, value: string): boolean => {
    const other = /"op":"(ne|not_in)"/.test(whereOf(entity, metric))
    return whereOf(entity, metric).includes(`"${value}"`) !== other
  }
  const rule = (measure: Tied): Tied => {
    // "percentage of gifts that were refunded": of all of them.
    if (measure.kind === 'share' && measure.within !== true) return { ...measure, of: rule(measure.of) }
    if (measure.kind === 'metric') {
      const { entity, metric } = measure
      if (!against(entity, metric)) return measure
      const bare = bareOf(entity, metricsOf(entity)[metric]?.aggregate)
      if (bare === undefined) price('metric of other rows', 3)
      return bare ?? measure
    }
    if (measure.kind === 'count' && measure.entity !== undefined && measure.field === undefined && !measure.distinct) {
      const { entity } = measure
      const metric = measure.where.length === 0 ? countMetric(catalog, entity) : undefined
      return metric !== undefined && free(entity, metric) ? { kind: 'metric', entity, metric } : measure
    }
    if (measure.kind !== 'agg') return measure
    const { entity, fn, field, metric: limited } = measure
    if (limited !== undefined) return against(entity, limited) ? { kind: 'agg', entity, fn, field } : measure
    const [metric] =
      Object.entries(metricsOf(entity)).find(([, { aggregate }]) => aggregate.fn === fn && aggregate.field === field) ??
      []
    return metric === undefined || !free(entity, metric) ? measure : { kind: 'metric', entity, metric }
  }
  return rule
}

/** The fields that conditions and groups speak of, by entity, each with its value; none for a group. */
function saidFields(
  catalog: Catalog,
  conds: readonly Cond[],
  { chosen }: BuildInput['assignment'],
  groups: readonly Tied[],
): Map<string, (readonly [field: string, value: string | undefined])[]> {
  const said = new Map<string, (readonly [string, string | undefined])[]>()
  const add = (entity: string, field: string, value?: string) =>
    said.set(entity, [...(said.get(entity) ?? []), [field, value]])
  const note = (key: object, denied: boolean) => {
    const found = chosen.get(key)
    if (found?.kind === 'field') add(found.entity, found.field, denied ? undefined : found.value)
    // "were refunded": as the metric of that name says.
    const { data } =
      found?.kind === 'metric'
        ? FilterSchema.safeParse(entityIn(catalog, found.entity)?.metrics[found.metric]?.aggregate.where)
        : {}
    for (const one of data === undefined ? [] : 'all' in data ? data.all : [data])
      if ('field' in one && found !== undefined)
        add(found.entity, one.field, denied || typeof one.value !== 'string' ? undefined : one.value)
  }
  // "cancelled this year", by the day of it: of those that were.
  const noteDeed = (cond: Extract<Cond, { kind: 'period' }>, denied: boolean) => {
    const deed = cond.field ?? cond.near
    const found = (cond.field === undefined ? undefined : chosen.get(cond.field)) ?? chosen.get(cond)
    if (deed === undefined || found?.kind !== 'field') return
    const { entity } = found
    if (!deed.chunk.links.some(({ target }) => target.kind === 'field' && target.field === found.field)) return
    for (const { field, value, score, entity: rows } of deed.chunk.values)
      if (rows === entity && score >= 0.95) add(entity, field, denied ? undefined : value)
  }
  const visit = (cond: Cond, denied = false): void => {
    if (cond.kind === 'and' || cond.kind === 'or') for (const part of cond.parts) visit(part, denied)
    else if (cond.kind === 'not') visit(cond.part, true)
    else if (cond.kind === 'has') for (const part of cond.where) visit(part, denied)
    else if (cond.kind === 'flag') note(cond.of, denied)
    else if (cond.kind === 'empty' || cond.kind === 'common') note(cond.field, denied)
    else if (cond.kind === 'period') noteDeed(cond, denied)
    else note(cond, denied)
  }
  for (const cond of conds) visit(cond)
  for (const one of groups) if (one.kind === 'field') add(one.entity, one.field)
  return said
}

/** A metric's aggregate over all rows; undefined where it is computed. */
function bareOf(entity: string, aggregate: Metric['aggregate'] | undefined): Tied | undefined {
  if (aggregate?.fn === 'count') return { kind: 'count', entity, distinct: false, where: [] }
  const { data: fn } = AggregateFn.safeParse(aggregate?.fn)
  const field = aggregate?.field
  if (fn === undefined || typeof field !== 'string') return undefined
  return fn === 'count_distinct'
    ? { kind: 'count', entity, field, distinct: true, where: [] }
    : { kind: 'agg', fn, entity, field }
}
