// Conditions of a reading as filters, each with the entity it speaks of.
// In: conditions, what was chosen for their nouns. Out: placed filters; what could not be said is priced.
// Refused: nothing silently; a lost condition costs more than any other fault.
import type { Catalog } from '../../../catalog/schema.ts'
import {
  type CompareOp,
  type Definition,
  type Filter,
  Filter as FilterSchema,
  type Scalar,
  type Value,
} from '../../../definition/schema.ts'
import type { ValueIndex } from '../../types.ts'
import { isToOne, type Route, routePath } from '../graph.ts'
import type { Cond, Measure, Operand } from '../read/ast.ts'
import { hasMetrics } from '../written.ts'
import { empty } from './empty.ts'
import { arePeople, countMetric, entityIn, fieldIn, foreignKeys, isNumeric, isText, isTime } from './facts.ts'
import { allOf, EXISTS, isTrivial, type Placed, pathOf, placeAll, routeOf, type Ways } from './place.ts'
import { type Tie, type Tied, tie } from './resolved.ts'
import { spanFilter, timeFilter } from './when.ts'

export type Conditions = {
  /** The field of the root whose different values are counted, where nothing else is asked for. */
  readonly counted?: string
  readonly ways: Ways
  readonly tie: Tie
  readonly values: ValueIndex
  readonly root: () => string
}

const LOST = 2.5

/** Placed filters of a list of conditions that all hold. */
export function placedOf(c: Conditions, conds: readonly Cond[], near: string | undefined): Placed[] {
  return conds.flatMap((cond) => placed(c, cond, near))
}

/** One filter at `entity` for conditions that may speak of other entities. */
export function filterAt(c: Conditions, entity: string, conds: readonly Cond[]): Filter | undefined {
  const { filters, lost } = placeAll(c.ways, entity, placedOf(c, conds, entity))
  if (lost > 0) c.tie.price('condition out of reach', LOST * lost)
  const real = filters.filter((filter) => !isTrivial(filter))
  return real.length === 0 ? undefined : allOf(real)
}

function placed(c: Conditions, cond: Cond, near: string | undefined): Placed[] {
  switch (cond.kind) {
    case 'and': {
      if (cond.apart !== true) return cond.parts.flatMap((part) => placed(c, part, near))
      return cond.parts.flatMap((part) => placed(c, part, near).map((one) => ({ ...one, apart: true })))
    }
    case 'or':
      return either(c, cond.parts, near)
    case 'not':
      return negated(c, cond.part, near)
    case 'value':
      return value(c, cond)
    case 'number': {
      const found = c.tie.chosen.get(cond)
      if (found?.kind !== 'field') return lost(c, 'number')
      const target = fieldIn(c.ways.catalog, found.entity, found.field)
      if (isTime(target)) {
        const filter = timeFilter(found.field, target, cond.op ?? 'eq', { year: cond.value })
        return filter === undefined || cond.value < 1000 ? lost(c, 'number') : [{ entity: found.entity, filter }]
      }
      return [
        {
          entity: found.entity,
          filter: {
            field: found.field,
            op: cond.op ?? 'eq',
            value: scalarFor(c, found.entity, found.field, cond.value, cond.text),
          },
        },
      ]
    }
    case 'period': {
      const found = (cond.field === undefined ? undefined : c.tie.chosen.get(cond.field)) ?? c.tie.chosen.get(cond)
      if (found?.kind !== 'field') return lost(c, 'period')
      const filter = timeFilter(
        found.field,
        fieldIn(c.ways.catalog, found.entity, found.field),
        cond.op ?? 'eq',
        cond.period,
      )
      return filter === undefined ? lost(c, 'period') : [{ entity: found.entity, filter }]
    }
    case 'has':
      return has(c, cond, near)
    case 'flag':
      return flag(c, cond)
    case 'empty': {
      const found = c.tie.chosen.get(cond.field)
      if (found === undefined) return lost(c, 'empty')
      const from = near ?? c.root()
      const route = routeOf(c.ways, from, found.entity, true)
      // "donors who have not been thanked": there is a gift, and its day of thanks is empty.
      if (found.kind === 'field' && mayBeMissing(c, found) && /ed$/.test(cond.field.chunk.word))
        return [{ entity: found.entity, filter: without(c, found.entity, found.field) }]
      if (found.kind === 'field' && (route !== undefined || routeOf(c.ways, from, found.entity) === undefined))
        return [{ entity: found.entity, filter: without(c, found.entity, found.field) }]
      return noneOf(c, from, found.entity, undefined)
    }
    case 'common': {
      const found = c.tie.chosen.get(cond.field)
      if (found?.kind !== 'field') return lost(c, 'common')
      const of = valuesOf(found.entity, found.field)
      const most = { ...of, sortBy: [{ field: 'count', direction: cond.dir }], limit: 1 }
      return [{ entity: found.entity, filter: { field: found.field, op: 'in', value: { definition: most } } }]
    }
    case 'unrelated':
      return unrelated(c, cond)
    case 'extreme': {
      const left = tie(c.tie, cond.left)
      if (left?.kind !== 'field') return lost(c, 'extreme')
      return [
        {
          entity: left.entity,
          filter: {
            field: left.field,
            op: 'eq',
            value: { aggregate: { fn: cond.dir === 'desc' ? 'max' : 'min', field: left.field, of: left.entity } },
          },
        },
      ]
    }
    case 'compare':
      return compare(c, cond, near)
  }
}

/** Whether a date comes to rows later, if at all: not the one that they all have. */
function mayBeMissing(
  { ways: { catalog } }: Conditions,
  { entity, field }: { entity: string; field: string },
): boolean {
  const isOther = entityIn(catalog, entity)?.defaultDate !== field
  return hasMetrics(catalog) && isOther && isTime(fieldIn(catalog, entity, field))
}

/** The different values of a field, with how many rows have each out of sight. */
function valuesOf(entity: string, field: string): Definition {
  return {
    ...empty(entity),
    groupBy: [{ field }],
    aggregates: [{ id: 'count', fn: 'count', hidden: true }],
    filters: { field, op: 'not_empty' },
  }
}

function lost(c: Conditions, what: string): Placed[] {
  c.tie.price(`lost ${what}`, LOST)
  return []
}

/** Any of several conditions: within one entity where they all speak of it, else seen from the root. */
function either(c: Conditions, parts: readonly Cond[], near: string | undefined): Placed[] {
  const all = parts.map((part) => placed(c, part, near))
  const first = all[0]?.[0]?.entity
  if (first === undefined) return []
  if (all.every((one) => one.every((item) => item.entity === first))) {
    const options = all.filter((one) => one.length > 0).map((one) => allOf(one.map((item) => item.filter)))
    return [{ entity: first, filter: inList(options) ?? { any: options } }]
  }
  const root = near ?? c.root()
  const options: Filter[] = []
  for (const one of all) {
    const { filters, lost: missing } = placeAll(c.ways, root, one)
    if (missing > 0) c.tie.price('condition out of reach', LOST)
    if (filters.length > 0) options.push(allOf(filters))
  }
  return options.length === 0
    ? []
    : [{ entity: root, filter: options.length === 1 && options[0] !== undefined ? options[0] : { any: options } }]
}

/** `a = 1 or a = 2` as `a in (1, 2)`. */
function inList(options: readonly Filter[]): Filter | undefined {
  let field: string | undefined
  const list: Scalar[] = []
  for (const one of options) {
    if (
      !('field' in one) ||
      one.op !== 'eq' ||
      one.grain !== undefined ||
      typeof one.value === 'object' ||
      one.value === undefined
    )
      return undefined
    if (field !== undefined && field !== one.field) return undefined
    field = one.field
    list.push(one.value)
  }
  return field === undefined || list.length < 2 ? undefined : { field, op: 'in', value: list }
}

function negated(c: Conditions, part: Cond, near: string | undefined): Placed[] {
  const from = near ?? c.root()
  if (part.kind === 'has' && part.count === undefined) {
    const found = c.tie.chosen.get(part.of)
    if (found === undefined) return lost(c, 'negation')
    if (found.entity === from) {
      // "students that are not students in grade 5": the rows themselves.
      const inner = filterAt(c, from, part.where)
      return inner === undefined ? lost(c, 'negation') : [{ entity: from, filter: { not: inner } }]
    }
    // "gifts without a campaign this year" are of this year: what is not there has no time.
    const date = entityIn(c.ways.catalog, from)?.defaultDate
    const own =
      date !== undefined && hasMetrics(c.ways.catalog) && routeOf(c.ways, from, found.entity, true) !== undefined
    const times = own ? part.where.filter((one) => one.kind === 'period' && one.field === undefined) : []
    for (const time of times)
      if (date !== undefined) c.tie.remember(time, { kind: 'field', entity: from, field: date, cost: 0 })
    return [
      ...placedOf(c, times, from),
      ...noneOf(
        c,
        from,
        found.entity,
        filterAt(
          c,
          found.entity,
          part.where.filter((one) => !times.includes(one)),
        ),
        found.kind === 'field' ? found.field : undefined,
      ),
    ]
  }
  if (part.kind === 'flag') {
    const found = c.tie.chosen.get(part.of)
    if (found?.kind === 'field' && fieldIn(c.ways.catalog, found.entity, found.field)?.type === 'boolean')
      return [{ entity: found.entity, filter: without(c, found.entity, found.field) }]
  }
  const parts = placed(c, part, near)
  if (parts.length === 0) return []
  const [whole, ...others] = part.kind === 'and' ? placeAll(c.ways, from, parts).filters : []
  // "never attended a gala": no row that is all of it.
  if (whole !== undefined && others.length === 0 && 'relation' in whole && whole.match === 'some')
    return [{ entity: from, filter: { ...whole, match: 'none' } }]
  const out: Placed[] = []
  for (const one of parts) {
    const route = routeOf(c.ways, from, one.entity, true) ?? routeOf(c.ways, from, one.entity)
    if (one.entity === from || (route !== undefined && isToOne(route)))
      out.push({ entity: one.entity, filter: opposite(one.filter) })
    else if (route !== undefined) out.push({ entity: from, filter: noneAlong(route, one.filter) })
    else return lost(c, 'negation')
  }
  if (parts.length > 1 && out.every((one) => one.entity === out[0]?.entity))
    return [{ entity: out[0]?.entity ?? from, filter: { any: out.map((one) => one.filter) } }]
  return out
}

/** No row behind the one relation that is meant: the one the verb names, or the only one that leads to many rows. */
function unrelated(c: Conditions, cond: Extract<Cond, { kind: 'unrelated' }>): Placed[] {
  const entity = c.tie.chosen.get(cond.of)?.entity
  if (entity === undefined) return lost(c, 'negation')
  const many = (c.ways.graph.edges.get(entity) ?? []).filter((edge) => edge.kind === 'to_many' && edge.to !== entity)
  const links = cond.verb?.chunk.links ?? []
  const named = many.find((edge) => links.some(({ target }) => target.entity === edge.to))
  const edge = named ?? many[0]
  if (edge === undefined) return lost(c, 'negation')
  if (named === undefined) c.tie.price('nothing of what', many.length > 1 ? 0.8 : 0.3)
  return [{ entity, filter: { relation: edge.relation, match: 'none' } }]
}

function noneOf(c: Conditions, from: string, to: string, where: Filter | undefined, field?: string): Placed[] {
  const route = routeOf(c.ways, from, to)
  if (route === undefined || route.length === 0) {
    if (field !== undefined) return [{ entity: to, filter: without(c, to, field) }]
    return lost(c, 'negation')
  }
  return [{ entity: from, filter: noneAlong(route, where ?? EXISTS) }]
}

/** A row without it: a yes-or-no field says no, any other says nothing. */
function without(c: Conditions, entity: string, field: string): Filter {
  return fieldIn(c.ways.catalog, entity, field)?.type === 'boolean'
    ? { field, op: 'eq', value: false }
    : { field, op: 'is_empty' }
}

function noneAlong(route: Route, where: Filter): Filter {
  return { relation: routePath(route), match: 'none', ...(isTrivial(where) ? {} : { where }) }
}

const OPPOSITE: Readonly<Record<string, 'ne' | 'eq' | 'not_in' | 'in' | 'not_contains' | 'not_empty' | 'is_empty'>> = {
  eq: 'ne',
  ne: 'eq',
  in: 'not_in',
  not_in: 'in',
  contains: 'not_contains',
  is_empty: 'not_empty',
  not_empty: 'is_empty',
}

function opposite(filter: Filter): Filter {
  if ('not' in filter) return filter.not
  if ('field' in filter) {
    const op = Object.hasOwn(OPPOSITE, filter.op) ? OPPOSITE[filter.op] : undefined
    // SQL's "not equal" leaves empty values out, and so do people.
    if (op !== undefined) return { ...filter, op }
  }
  return { not: filter }
}

/** A literal as the field stores it: text for text fields, numbers for numbers. */
function scalarFor(c: Conditions, entity: string, name: string, number: number | undefined, text: string): Scalar {
  const field = fieldIn(c.ways.catalog, entity, name)
  if (isNumeric(field)) {
    const made = number ?? Number(text)
    return Number.isFinite(made) ? made : text
  }
  if (field?.type === 'boolean') return /^(1|true|t|yes|y)$/i.test(text)
  return text
}

function value(c: Conditions, cond: Extract<Cond, { kind: 'value' }>): Placed[] {
  const found = c.tie.chosen.get(cond)
  if (found?.kind !== 'field') return lost(c, 'value')
  const field = fieldIn(c.ways.catalog, found.entity, found.field)
  const text = cond.op === 'eq' ? (found.value ?? cond.chunk.text) : cond.chunk.text
  if (cond.op !== 'eq') {
    if (!isText(field) && field?.type !== 'id') c.tie.price('text search in a number', 2)
    return [{ entity: found.entity, filter: { field: found.field, op: cond.op, value: text } }]
  }
  const scalar = scalarFor(c, found.entity, found.field, cond.chunk.num, text)
  if (isTime(field) || (isNumeric(field) && typeof scalar !== 'number')) return lost(c, 'value')
  return [{ entity: found.entity, filter: { field: found.field, op: 'eq', value: scalar } }]
}

function has(c: Conditions, cond: Extract<Cond, { kind: 'has' }>, near: string | undefined): Placed[] {
  const from = near ?? c.root()
  const found = c.tie.chosen.get(cond.of)
  if (found === undefined) {
    if (cond.count === undefined) return placedOf(c, cond.where, near)
    return lost(c, 'count')
  }
  if (cond.count === undefined) {
    const inner = placedOf(c, cond.where, found.entity)
    if (found.entity === from) return inner
    return [{ entity: found.entity, filter: EXISTS }, ...inner]
  }
  if (found.kind === 'field' && found.entity === from) {
    const field = fieldIn(c.ways.catalog, found.entity, found.field)
    if (isNumeric(field))
      return [{ entity: from, filter: { field: found.field, op: cond.count.op, value: cond.count.value } }]
  }
  const route = routeOf(c.ways, from, found.entity)
  if (route?.length === 0 && c.counted !== undefined && cond.where.length === 0) {
    // "how many cities have more than 3 airports": the cities that so many rows have.
    const having: Filter = { field: 'count', op: cond.count.op, value: cond.count.value }
    const value = { definition: { ...valuesOf(from, c.counted), having } }
    return [{ entity: from, filter: { field: c.counted, op: 'in', value } }]
  }
  if (route === undefined || route.length === 0) return lost(c, 'count')
  if (found.kind === 'metric') {
    const where = filterAt(c, found.entity, cond.where)
    const metric = `${routePath(route)}.${found.metric}`
    const aggregate = { metric, ...(where === undefined ? {} : { where }) }
    return [{ entity: from, filter: { aggregate, op: cond.count.op, value: cond.count.value } }]
  }
  // Behind a linking table the links are what is counted, with the conditions of what they lead to.
  let end = route.length
  while (end > 1 && route[end - 1]?.kind === 'to_one' && (cond.times === true || isLink(c, route[end - 1]?.from ?? '')))
    end -= 1
  const cut = route.slice(0, end)
  const target = cut.at(-1)?.to ?? found.entity
  const where = filterAt(c, target, cond.where)
  // "gave at least 3 times": by the catalog's own rule for what counts as given.
  const metric = cond.times === true ? countMetric(c.ways.catalog, target) : undefined
  if (metric !== undefined) {
    const aggregate = { metric: `${routePath(cut)}.${metric}`, ...(where === undefined ? {} : { where }) }
    return [{ entity: from, filter: { aggregate, op: cond.count.op, value: cond.count.value } }]
  }
  return [
    {
      entity: from,
      filter: {
        relation: routePath(cut),
        match: { count: { op: cond.count.op, value: Math.max(0, Math.round(cond.count.value)) } },
        ...(where === undefined ? {} : { where }),
      },
    },
  ]
}

/** Whether an entity only links others: marked so, or nothing but keys and a detail of the link. */
export function isLink(c: { ways: Ways }, entity: string): boolean {
  const one = entityIn(c.ways.catalog, entity)
  if (one === undefined) return false
  if (one.junction) return true
  const toOne = Object.values(one.relations).filter((relation) => relation.kind === 'to_one').length
  const keys = foreignKeys(c.ways.catalog, entity)
  const own = Object.entries(one.fields).filter(
    ([name, field]) => !keys.has(name) && !one.primaryKey.includes(name) && field.type !== 'id',
  )
  return toOne >= 2 && own.length <= 1 && !own.some(([name]) => /name|title/.test(name))
}

function flag(c: Conditions, cond: Extract<Cond, { kind: 'flag' }>): Placed[] {
  const found = c.tie.chosen.get(cond.of)
  if (found === undefined) return lost(c, 'flag')
  if (found.kind === 'entity') return cond.soft === true ? [] : [{ entity: found.entity, filter: EXISTS }]
  if (found.kind === 'metric' && cond.soft !== true) {
    // "were filed late": as the metric of that name says.
    const { aggregate } = entityIn(c.ways.catalog, found.entity)?.metrics[found.metric] ?? {}
    const filter = FilterSchema.safeParse(aggregate?.where)
    return filter.success ? [{ entity: found.entity, filter: filter.data }] : lost(c, 'flag')
  }
  if (found.kind !== 'field') return cond.soft === true ? [] : lost(c, 'flag')
  const field = fieldIn(c.ways.catalog, found.entity, found.field)
  if (field?.type === 'boolean')
    return [{ entity: found.entity, filter: { field: found.field, op: 'eq', value: true } }]
  // "employees who left": those with a day on which they did.
  const called = cond.of.chunk.links.some(
    ({ target, score }) => target.kind === 'field' && target.field === found.field && score >= 0.98,
  )
  if (isTime(field) && called && hasMetrics(c.ways.catalog))
    return [{ entity: found.entity, filter: { field: found.field, op: 'not_empty' } }]
  for (const word of ['yes', 'true', 'y', 't', '1']) {
    const match = c.values
      .find(word, { max: 30 })
      .find((one) => one.entity === found.entity && one.field === found.field && one.score > 0.95)
    if (match !== undefined)
      return [{ entity: found.entity, filter: { field: found.field, op: 'eq', value: match.value } }]
  }
  if (cond.soft !== true) c.tie.price('flag without yes or no', 0.8)
  return []
}

const REVERSED: Readonly<Record<CompareOp, 'max' | 'min'>> = {
  gt: 'max',
  gte: 'max',
  lt: 'min',
  lte: 'min',
  eq: 'max',
  ne: 'max',
}

function compare(c: Conditions, cond: Extract<Cond, { kind: 'compare' }>, near: string | undefined): Placed[] {
  const from = near ?? c.root()
  const left = tie(c.tie, cond.left)
  if (left === undefined) return lost(c, 'comparison')
  const op = cond.op
  const whole = wholeOf(c, from, cond.left, left)
  if (whole !== undefined) return compareWhole(c, cond, from, whole)
  if (cond.right.kind === 'percent') {
    const whole = tie(c.tie, cond.right.of)
    if (left.kind !== 'field' || whole?.kind !== 'field' || whole.entity !== left.entity || op === 'between')
      return lost(c, 'percent')
    return [
      {
        entity: left.entity,
        filter: { formula: `${left.field} / ${whole.field}`, op, value: cond.right.percent / 100 },
      },
    ]
  }
  if (left.kind === 'field') {
    const field = fieldIn(c.ways.catalog, left.entity, left.field)
    if (op === 'between') {
      if (cond.right.kind !== 'range') return lost(c, 'range')
      const { min, max } = cond.right
      const low = periodOf(min)
      const high = periodOf(max)
      if (low !== undefined && high !== undefined && (isTime(field) || !isNumeric(field) || min.kind === 'period')) {
        const filter = spanFilter(left.field, field, low, high)
        if (filter !== undefined) return [{ entity: left.entity, filter }]
      }
      const a = operandScalar(c, left, min)
      const b = operandScalar(c, left, max)
      if (a === undefined || b === undefined) return lost(c, 'range')
      return [{ entity: left.entity, filter: { field: left.field, op: 'between', value: { min: a, max: b } } }]
    }
    const period = periodOf(cond.right)
    if (period !== undefined && (isTime(field) || cond.right.kind === 'period')) {
      const filter = timeFilter(left.field, field, op, period)
      return filter === undefined ? lost(c, 'period') : [{ entity: left.entity, filter }]
    }
    const right = rightValue(c, left, op, cond.right)
    // "directed after 2000": a name is neither above nor below a number.
    if (isText(field) && op !== 'eq' && op !== 'ne' && cond.right.kind === 'number')
      c.tie.price('text against a number', 0.8)
    return right === undefined
      ? lost(c, 'comparison')
      : [{ entity: left.entity, filter: { field: left.field, op, value: right } }]
  }
  if (left.kind === 'entity') {
    const counted: Cond = {
      kind: 'has',
      of: leftMention(cond.left),
      where: [],
      count: { op: op === 'between' ? 'gte' : op, value: numberOf(cond.right) ?? 0 },
    }
    if (op === 'between' || numberOf(cond.right) === undefined) return lost(c, 'comparison')
    return has(c, counted, near)
  }
  return compareWhole(c, cond, from, left)
}

/** "the cost is higher than the budget": of a campaign's many costs all together, where a metric is called so. */
function wholeOf({ ways }: Conditions, from: string, measure: Measure, left: Tied): Tied | undefined {
  if (measure.kind !== 'noun' || left.kind !== 'field' || left.entity === from) return undefined
  const route = routeOf(ways, from, left.entity)
  if (route === undefined || isToOne(route)) return undefined
  const link = measure.of.chunk.links.find(
    ({ target, score }) => target.kind === 'metric' && target.entity === left.entity && score >= 0.98,
  )
  return link?.target.kind === 'metric'
    ? { kind: 'metric', entity: left.entity, metric: link.target.metric }
    : undefined
}

/** An aggregate of related rows, seen from the row that is tested. */
function compareWhole(c: Conditions, cond: Extract<Cond, { kind: 'compare' }>, from: string, left: Tied): Placed[] {
  const { op } = cond
  const aggregate = aggregateFrom(c, from, left)
  if (aggregate === undefined) return lost(c, 'aggregate comparison')
  const right =
    op === 'between'
      ? rangeValue(c, cond.right)
      : cond.right.kind === 'measure'
        ? rightValue(c, left, op, cond.right)
        : numberOf(cond.right)
  if (right === undefined) return lost(c, 'comparison')
  const filter: Filter = { aggregate, op, value: right }
  // Campaigns that raised less than 1,000 are also those that raised nothing, whose sum is empty.
  // Of people it is said of those who gave.
  const none = (op === 'lt' || op === 'lte') && isSum(c.ways.catalog, left) && arePeople(c.ways.catalog, from) <= 0.5
  return [{ entity: from, filter: none ? { any: [filter, { aggregate, op: 'is_empty' }] } : filter }]
}

function isSum(catalog: Catalog, left: Tied): boolean {
  if (left.kind === 'metric') return entityIn(catalog, left.entity)?.metrics[left.metric]?.aggregate.fn === 'sum'
  return false
}

function leftMention(left: Measure) {
  if (left.kind === 'noun') return left.of
  throw new Error('only a noun stands for rows')
}

/** An aggregate as a condition of rows of `from`. */
export function aggregateFrom(c: Conditions, from: string, left: Tied) {
  if (left.kind === 'metric') {
    const route = routeOf(c.ways, from, left.entity)
    if (route === undefined) return undefined
    return { metric: route.length === 0 ? left.metric : `${routePath(route)}.${left.metric}` }
  }
  if (left.kind === 'count') {
    if (left.entity === undefined) return undefined
    const route = routeOf(c.ways, from, left.entity)
    if (route === undefined) return undefined
    if (left.field !== undefined)
      return { fn: 'count_distinct' as const, field: [...route.map((edge) => edge.relation), left.field].join('.') }
    if (route.length === 0) return { fn: 'count' as const }
    let end = route.length
    while (end > 1 && route[end - 1]?.kind === 'to_one' && isLink(c, route[end - 1]?.from ?? '')) end -= 1
    return { fn: 'count' as const, per: routePath(route.slice(0, end)) }
  }
  if (left.kind === 'agg') {
    const route = routeOf(c.ways, from, left.entity)
    if (route === undefined) return undefined
    return { fn: left.fn, field: [...route.map((edge) => edge.relation), left.field].join('.') }
  }
  return undefined
}

function periodOf(operand: Operand) {
  if (operand.kind === 'period') return operand.period
  if (operand.kind === 'number' && /^(1[5-9]|20|21)\d\d$/.test(operand.text)) return { year: operand.value }
  return undefined
}

export function numberOf(operand: Operand): number | undefined {
  return operand.kind === 'number' ? operand.value : undefined
}

export function rangeValue(_c: Conditions, operand: Operand): Value | undefined {
  if (operand.kind !== 'range') return undefined
  const min = numberOf(operand.min)
  const max = numberOf(operand.max)
  return min === undefined || max === undefined ? undefined : { min, max }
}

function operandScalar(c: Conditions, left: Extract<Tied, { kind: 'field' }>, operand: Operand): Scalar | undefined {
  if (operand.kind === 'number') return scalarFor(c, left.entity, left.field, operand.value, operand.text)
  if (operand.kind === 'text') return scalarFor(c, left.entity, left.field, undefined, operand.chunk.text)
  if (operand.kind === 'period' && 'day' in operand.period) return operand.period.day
  return undefined
}

/** The right side of a comparison with a field or an aggregate. */
function rightValue(c: Conditions, left: Tied, op: CompareOp, operand: Operand): Value | undefined {
  if (operand.kind !== 'measure') return left.kind === 'field' ? operandScalar(c, left, operand) : numberOf(operand)
  const right = tie(c.tie, operand.measure)
  if (right === undefined) return undefined
  const own = left.kind === 'field' ? left.entity : undefined
  if (right.kind === 'metric') return undefined
  if (right.kind === 'agg') {
    const where = operand.where.length === 0 ? undefined : filterAt(c, right.entity, operand.where)
    return {
      aggregate: {
        fn: right.fn,
        field: right.field,
        of: right.entity,
        ...(where === undefined ? {} : { where }),
      },
    }
  }
  if (right.kind !== 'field') {
    // "older than any dog": the same quality of those rows.
    if (right.kind === 'entity' && left.kind === 'field' && left.entity === right.entity) {
      const where = filterAt(c, right.entity, operand.where)
      const fn = operand.quant === 'any' ? (REVERSED[op] === 'max' ? 'min' : 'max') : REVERSED[op]
      return { aggregate: { fn, field: left.field, of: left.entity, ...(where === undefined ? {} : { where }) } }
    }
    return undefined
  }
  if (operand.where.length === 0 && operand.quant === undefined) {
    const root = own ?? c.root()
    const path = pathOf(c.ways, root, right.entity, right.field)
    if (path !== undefined && !(left.kind === 'field' && left.field === right.field && left.entity === right.entity))
      return { field: path }
  }
  const where = operand.where.length === 0 ? undefined : filterAt(c, right.entity, operand.where)
  const field = fieldIn(c.ways.catalog, right.entity, right.field)
  if (!isNumeric(field) && !isTime(field)) {
    return {
      definition: {
        ...empty(right.entity),
        columns: [{ field: right.field }],
        limit: 1,
        ...(where === undefined ? {} : { filters: where }),
      },
    }
  }
  const fn = operand.quant === 'any' ? (REVERSED[op] === 'max' ? 'min' : 'max') : REVERSED[op]
  return {
    aggregate: {
      fn,
      field: right.field,
      of: right.entity,
      ...(where === undefined ? {} : { where }),
    },
  }
}
