// A plan that groups or aggregates → a summary.
// In: a plan and its root. Out: a definition with keys, aggregates and calculations, or nothing where a key is out of reach.
// Refused: columns of single rows; `list.ts` makes those.
import type { Catalog } from '../../../catalog/schema.ts'
import {
  type Aggregate,
  type Definition,
  type Filter,
  Filter as FilterSchema,
  type GroupKey,
  type Sort,
} from '../../../definition/schema.ts'
import { routePath } from '../graph.ts'
import type { Cond, Measure } from '../read/ast.ts'
import { hasMetrics } from '../written.ts'
import { keyColumns } from './columns.ts'
import { type Conditions, filterAt, numberOf, rangeValue } from './conditions.ts'
import { empty } from './empty.ts'
import { entityIn, foreignKeys, namesOf } from './facts.ts'
import { columnPath, filtersAt } from './filters.ts'
import { aggregateOf, bestOfGroup, dateOf, groupCondition, insideFacts } from './grouped.ts'
import { allOf, ownKey, pathOf, routeOf } from './place.ts'
import { type Tied, tie } from './resolved.ts'
import { unsaid } from './root.ts'
import { type BuildInput, type Column, entityOf, isAggregate, type Plan, type Price } from './shape.ts'

/** The summary that a plan asks for, or undefined where a key is out of reach. */
export function summary(
  { ask, catalog }: BuildInput,
  plan: Plan,
  root: string,
  c: Conditions,
  price: Price,
): Definition | undefined {
  const groupBy: GroupKey[] = []
  const keyIds = new Map<string, string>()
  let pivot: string | undefined
  for (const key of plan.keys) {
    const path = columnPath(c, root, key)
    if (path === undefined) return undefined
    if (groupBy.some((one) => one.field === path)) continue
    groupBy.push({ field: path })
    keyIds.set(`${key.entity}.${key.field}`, path)
    if (key.pivot === true) pivot ??= path
  }
  for (const key of listedKeys(plan, c)) {
    const path = pathOf(c.ways, root, key.entity, key.field)
    if (path !== undefined && !groupBy.some((one) => one.field === path)) groupBy.push({ field: path })
  }
  for (const { grain, pivot: across } of plan.grainKeys) {
    const date = dateOf(c, root, ask)
    if (date === undefined) {
      price('grain without a date', 2.5)
      continue
    }
    const id = `${date.split('.').at(-1) ?? date}_${grain}`
    groupBy.push({ id, field: date, grain })
    if (across) pivot ??= id
  }
  const aggregates: Aggregate[] = []
  const calculations: Definition['calculations'] = []
  /** How many of a group's rows a metric is of, as a share of all rows of that group. */
  const shareWithin = (of: Tied): string | undefined => {
    if (of.kind !== 'metric' || of.entity !== root) return undefined
    const limit = FilterSchema.safeParse(entityIn(catalog, root)?.metrics[of.metric]?.aggregate.where)
    const whole = idOf({ kind: 'count', entity: root, distinct: false, where: [] })
    if (!limit.success || whole === undefined) return undefined
    const part = `count_${of.metric}`
    const id = `share_of_${of.metric}`
    if (!aggregates.some((other) => other.id === part)) aggregates.push({ id: part, fn: 'count', where: limit.data })
    if (!calculations.some((other) => other.id === id))
      calculations.push({ id, formula: `${part} / ${whole}`, format: { style: 'percent' } })
    return id
  }
  /** The entity each aggregate measures, by its id. */
  const made = new Map<string, string>()
  const idOf = (one: Tied): string | undefined => {
    if (one.kind === 'ratio') {
      const of = idOf(one.of)
      const heads = headsOf(catalog, root, one)
      const whole = heads === undefined ? undefined : idOf(heads)
      if (of === undefined || whole === undefined) return undefined
      const id = `${of}_per_${entityIn(catalog, one.per)?.singular ?? one.per}`.replace(/\W+/g, '_')
      if (!calculations.some((other) => other.id === id)) calculations.push({ id, formula: `${of} / ${whole}` })
      return id
    }
    if (one.kind === 'share') {
      const within = one.within === true ? shareWithin(one.of) : undefined
      if (within !== undefined) return within
      const of = idOf(one.of)
      if (of === undefined) return undefined
      const id = `share_of_${of}`
      if (!calculations.some((other) => other.id === id))
        calculations.push({ id, fn: 'percent_of_total', of, format: { style: 'percent' } })
      return id
    }
    const found = aggregateOf(c, root, one, price)
    if (found === undefined) return undefined
    const same = aggregates.find(
      (other) => JSON.stringify({ ...other, id: '' }) === JSON.stringify({ ...found, id: '' }),
    )
    if (same !== undefined) return same.id
    let id = found.id
    for (
      let n = 2;
      aggregates.some((other) => other.id === id) || groupBy.some((key) => (key.id ?? key.field) === id);
      n += 1
    )
      id = `${found.id}_${n}`
    aggregates.push({ ...found, id })
    const entity = entityOf(one)
    if (entity !== undefined) made.set(id, entity)
    return id
  }
  for (const one of plan.aggregates) if (idOf(one) === undefined) price('aggregate out of reach', 2)
  for (const entity of new Set(made.values())) if (strays(c, root, entity, groupBy)) price('numbers of other groups', 3)
  const sortBy: Sort[] = []
  if (plan.top !== undefined) {
    const by = plan.top.by
    const id = isAggregate(by)
      ? idOf(by)
      : by.kind === 'field'
        ? (keyIds.get(`${by.entity}.${by.field}`) ?? bestOfGroup(c, root, by, plan.top.dir, aggregates))
        : undefined
    if (id === undefined) price('superlative out of reach', 2)
    else sortBy.push({ field: id, direction: plan.top.dir })
  }
  for (const order of plan.order) {
    if (order.by === 'alpha') {
      const key = groupBy[0]
      if (key !== undefined) sortBy.push({ field: key.id ?? key.field ?? '', direction: order.dir })
    } else if (order.by === 'selected') {
      // Of a count and a sum, "highest first" is about the money.
      const isSum = ({ fn, metric = '' }: Aggregate) =>
        fn === 'sum' || entityIn(catalog, root)?.metrics[metric]?.aggregate.fn === 'sum'
      const field = (aggregates.find(isSum) ?? aggregates[0])?.id ?? groupBy[0]?.id ?? groupBy[0]?.field
      if (field !== undefined) sortBy.push({ field, direction: order.dir })
    } else {
      const by = order.by
      const id = isAggregate(by)
        ? idOf(by)
        : by.kind === 'field'
          ? (keyIds.get(`${by.entity}.${by.field}`) ?? bestOfGroup(c, root, by, order.dir, aggregates))
          : undefined
      if (id === undefined) price('order out of reach', 1.5)
      else sortBy.push({ field: id, direction: order.dir })
    }
  }
  const having: Filter[] = []
  const extra: Cond[] = []
  for (const cond of plan.having) {
    if (cond.kind === 'has' && cond.count !== undefined) {
      extra.push(...cond.where)
      const found = c.tie.chosen.get(cond.of)
      const id = idOf({
        kind: 'count',
        ...(found === undefined ? {} : { entity: found.entity }),
        distinct: cond.distinct === true,
        where: [],
      })
      if (id !== undefined) having.push({ field: id, op: cond.count.op, value: cond.count.value })
    } else if (cond.kind === 'compare') {
      const left = tie(c.tie, cond.left)
      const id = left === undefined ? undefined : idOf(left)
      const right = cond.op === 'between' ? rangeValue(c, cond.right) : numberOf(cond.right)
      if (id === undefined || right === undefined) price('comparison of a group', 2.5)
      else having.push({ field: id, op: cond.op, value: right })
    }
  }
  const ratio = (part: string, whole: string): string => {
    const id = `${part}_per_${whole.split('.').at(-1) ?? whole}`
    if (!groupBy.some((key) => key.field === whole)) groupBy.push({ field: whole, hidden: true })
    if (!calculations.some((one) => one.id === id))
      calculations.push({ id, formula: `${part} / ${whole}`, format: { style: 'percent' } })
    return id
  }
  const where: Cond[] = []
  for (const cond of plan.where) {
    const group = groupCondition(c, root, cond, plan, idOf, ratio)
    if (group === undefined) where.push(cond)
    else {
      having.push(group.filter)
      extra.push(...group.where)
    }
  }
  if (where.some((cond) => isTwice(c, root, cond))) price('two times of one row', 3)
  const inside = insideFacts(c, root, [...where, ...extra], plan)
  for (const [entity, conds] of inside.facts) {
    const limit = filterAt(c, entity, conds)
    if (limit === undefined) continue
    for (const [index, one] of aggregates.entries())
      if (made.get(one.id) === entity)
        aggregates[index] = { ...one, where: one.where === undefined ? limit : allOf([one.where, limit]) }
  }
  const filters = filtersAt(c, root, inside.rest, price, undefined, unsaid(plan))
  // "cumulative donations by month": of everything that is shown where nothing is named.
  for (const { id } of ask.features.rowsBy === 1 ? aggregates.slice() : aggregates.slice(0, 1))
    if (ask.extras.running === true) calculations.push({ id: `running_${id}`, fn: 'running_total', of: id })
  // "growth in donations by month": against the stretch before, of everything that is shown where nothing is named.
  const [stretch, otherStretch] = groupBy.filter(({ grain }) => grain !== undefined)
  if (ask.extras.growth === true && stretch?.id !== undefined && otherStretch === undefined && hasMetrics(catalog))
    for (const { id } of ask.features.rowsBy === 1 ? aggregates.slice() : aggregates.slice(0, 1))
      calculations.push(
        { id: `change_of_${id}`, fn: 'change', of: id, over: stretch.id },
        { id: `growth_of_${id}`, fn: 'percent_change', of: id, over: stretch.id, format: { style: 'percent' } },
      )
  const share =
    ask.extras.share === true && aggregates[0] !== undefined && calculations.length === 0 ? aggregates[0].id : undefined
  if (share !== undefined)
    calculations.push({ id: `share_of_${share}`, fn: 'percent_of_total', of: share, format: { style: 'percent' } })
  if (aggregates.length === 0 && groupBy.length === 0) return undefined
  // "top 3 donors in each segment": the limit begins anew in each.
  const parts =
    plan.top === undefined || plan.limit === undefined || plan.rows.length === 0
      ? []
      : plan.eachKeys.flatMap((key) => keyIds.get(`${key.entity}.${key.field}`) ?? [])
  const limits =
    parts.length > 0 && plan.limit !== undefined
      ? { limit: null, limitPer: { by: parts, limit: plan.limit } }
      : { limit: plan.limit ?? null }
  // "the number of employees in each department": employees without one are in none.
  const each = ask.group.some((one) => one.each === true) && !hasMetrics(catalog)
  if (plan.limit !== undefined || each) filters.push(...keyRelations(c, root, plan, each ? ask.select : []))
  const shared = groupBy.length === 0 ? undefined : sharedWhere(catalog, root, aggregates)
  // "cities with more than 100 contacts", "the city with the most events": where none is named, there is no city.
  if (plan.having.length > 0 && hasMetrics(catalog))
    for (const { field, grain } of groupBy)
      if (field !== undefined && grain === undefined && !field.includes('.')) filters.push({ field, op: 'not_empty' })
  if (plan.top !== undefined && plan.limit !== undefined && hasMetrics(catalog))
    for (const key of plan.keys) {
      const field = columnPath(c, root, key)
      const named = keyColumns(catalog, key.entity).some((one) => one.field === key.field)
      if (field !== undefined && !named) filters.push({ field, op: 'not_empty' })
    }
  const there = filters.map((one) => JSON.stringify(one))
  if (shared !== undefined && !there.includes(JSON.stringify(shared))) filters.push(shared)
  return {
    ...empty(root),
    groupBy,
    aggregates,
    calculations,
    ...(filters.length === 0 ? {} : { filters: allOf(filters) }),
    ...(having.length === 0 ? {} : { having: allOf(having) }),
    sortBy: sortBy.filter((one, index) => sortBy.findIndex((other) => other.field === one.field) === index),
    ...limits,
    pivot: pivot !== undefined && groupBy.length > 1 && aggregates.length > 0 ? { column: pivot } : null,
    totals: ask.extras.totals === true && aggregates.length > 0,
    compare: ask.extras.compare === undefined ? null : { to: ask.extras.compare },
  }
}

/** The metric that counts those for whom a ratio is, among the same rows. */
function headsOf(catalog: Catalog, root: string, { of, per }: Extract<Tied, { kind: 'ratio' }>): Tied | undefined {
  const { metrics = {}, relations = {}, fields = {} } = entityIn(catalog, root) ?? {}
  if (of.kind !== 'metric' || of.entity !== root) return undefined
  const limit = JSON.stringify(metrics[of.metric]?.aggregate.where)
  const keys = Object.values(relations).flatMap(({ to, kind, on }) => (to === per && kind === 'to_one' ? on : []))
  const [metric] =
    Object.entries(metrics).find(
      ([
        ,
        {
          aggregate: { fn, field, where },
        },
      ]) =>
        fn === 'count_distinct' &&
        JSON.stringify(where) === limit &&
        keys.some(({ from }) => fields[String(field)]?.column === from),
    ) ?? []
  return metric === undefined ? undefined : { kind: 'metric', entity: root, metric }
}

/** "in 2025 and in 2026": no row is of both. */
function isTwice(c: Conditions, root: string, cond: Cond): boolean {
  if (cond.kind !== 'and' || cond.apart !== true) return false
  return cond.parts.every((part) => part.kind === 'period' && c.tie.chosen.get(part)?.entity === root)
}

/** Whether numbers of another fact would be repeated in groups that say nothing of it: costs by the month of a gift. */
function strays(c: Conditions, root: string, entity: string, groupBy: readonly GroupKey[]): boolean {
  if (entity === root || !hasMetrics(c.ways.catalog) || routeOf(c.ways, root, entity, true) !== undefined) return false
  const route = routeOf(c.ways, root, entity) ?? []
  const shared = route.slice(
    0,
    route.findIndex(({ kind }) => kind === 'to_many'),
  )
  const last = shared.at(-1)
  const [key = ''] = entityIn(c.ways.catalog, last?.to ?? '')?.primaryKey ?? []
  const own = shared.length === 1 && last !== undefined ? ownKey(c.ways.catalog, last, key) : undefined
  return (
    last !== undefined && groupBy.some(({ field = '' }) => field !== own && !field.startsWith(`${routePath(shared)}.`))
  )
}

/** "the average age of male and female students": the ages of each, where nothing is ranked. */
function listedKeys(plan: Plan, c: Conditions): Column[] {
  if (plan.aggregates.length === 0 || plan.top !== undefined) return []
  const curated = hasMetrics(c.ways.catalog)
  return plan.where.flatMap((cond) => {
    if (cond.kind !== 'or' || cond.listed !== true) return []
    const fields = cond.parts.map((part) => c.tie.chosen.get(part))
    const [first] = fields
    if (first?.kind !== 'field') return []
    // Of named things each has its number; "raised by card and check" may be of both together.
    if (curated && !namesOf(c.ways.catalog, first.entity).includes(first.field)) return []
    const one = fields.every((other) => other?.kind === 'field' && other.field === first.field)
    return one ? [{ entity: first.entity, field: first.field }] : []
  })
}

/** The rows behind a top list are rows that exist: gifts without a campaign are no campaign. */
function keyRelations(c: Conditions, root: string, plan: Plan, asked: readonly Measure[]): Filter[] {
  const own = plan.limit === undefined ? [] : plan.keys
  const found: Filter[] = own.flatMap(({ entity, field }): Filter[] =>
    entity === root && foreignKeys(c.ways.catalog, root).has(field) ? [{ field, op: 'not_empty' }] : [],
  )
  for (const entity of new Set(plan.keys.map((key) => key.entity))) {
    const names = keyColumns(c.ways.catalog, entity)
    if (
      entity === root ||
      !names.some((one) => plan.keys.some((key) => key.entity === entity && key.field === one.field))
    )
      continue
    const route = routeOf(c.ways, root, entity, true)
    const last = route?.at(-1)
    if (route === undefined || last === undefined) continue
    // A key that is stored here counts, whether its row is there or not; a name that was asked for needs the row.
    const named = asked.some((one) => {
      const found = one.kind === 'noun' ? c.tie.chosen.get(one.of) : undefined
      return (
        found?.kind === 'field' && found.entity === entity && ownKey(c.ways.catalog, last, found.field) === undefined
      )
    })
    const stored = named
      ? undefined
      : plan.keys.find((key) => key.entity === entity && ownKey(c.ways.catalog, last, key.field) !== undefined)
    const field = stored === undefined ? undefined : pathOf(c.ways, root, entity, stored.field)
    found.push(field === undefined ? { relation: routePath(route), match: 'some' } : { field, op: 'not_empty' })
  }
  return found
}

/** The condition that all metrics of a summary share: rows that fail it would only make empty groups. */
function sharedWhere(catalog: Catalog, root: string, aggregates: readonly Aggregate[]): Filter | undefined {
  const entity = entityIn(catalog, root)
  let common: unknown
  for (const one of aggregates) {
    if (one.metric === undefined) return undefined
    const where = Object.hasOwn(entity?.metrics ?? {}, one.metric)
      ? entity?.metrics[one.metric]?.aggregate.where
      : undefined
    if (where === undefined || (common !== undefined && JSON.stringify(common) !== JSON.stringify(where)))
      return undefined
    common = where
  }
  const parsed = FilterSchema.safeParse(common)
  return parsed.success ? parsed.data : undefined
}
