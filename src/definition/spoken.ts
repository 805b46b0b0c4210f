// Names, values, periods and conditions in English, so exact that different meanings read differently.
import { entityOf, fieldOf, resolvePath } from '../catalog/find.ts'
import type { Catalog, Entity, Field, FieldType } from '../catalog/schema.ts'
import { plural } from '../catalog/words.ts'
import { lowerFirst } from './outputs.ts'
import type {
  AggregateExpr,
  Condition,
  Definition,
  Filter,
  Grain,
  Period,
  RelationFilter,
  Scalar,
  Sort,
  Value,
  ValueAggregate,
} from './schema.ts'
import { spokenDate, spokenPeriod } from './spoken-period.ts'

/** How names are spoken in one place: over the rows of an entity, or over the columns of a table. */
export type Speech = {
  readonly catalog: Catalog
  readonly entity?: string
  readonly name: (path: string) => string
  readonly type: (path: string) => FieldType | undefined
  /** The values that may be stored there, where they are known. */
  readonly values: (path: string) => Field['values']
  /** The sentence of a definition that stands as a value. */
  readonly sentence: (definition: Definition) => string
}

export function rowSpeech(catalog: Catalog, entity: string, sentence: Speech['sentence']): Speech {
  const field = (path: string) => {
    const found = resolvePath(catalog, entity, path)
    return found.ok ? found.field : undefined
  }
  return {
    ...{ catalog, entity, sentence },
    name: (path) => spokenPath(catalog, entity, path),
    type: (path) => field(path)?.type,
    values: (path) => field(path)?.values,
  }
}

/** "campaign's channel"; "contact" alone where the path ends in the field by which contacts are shown. */
export function spokenPath(catalog: Catalog, entityName: string, path: string): string {
  const segments = path.split('.')
  const parts: string[] = []
  let entity = entityOf(catalog, entityName)
  for (const [i, segment] of segments.entries()) {
    const last = i === segments.length - 1
    const relation =
      entity !== undefined && Object.hasOwn(entity.relations, segment) ? entity.relations[segment] : undefined
    if (entity !== undefined && relation !== undefined && !(last && fieldOf(entity, segment) !== undefined)) {
      parts.push(unique(lowerFirst(relation.label), segment, labelsIn(entity)))
      entity = entityOf(catalog, relation.to)
      continue
    }
    const field = entity === undefined ? undefined : fieldOf(entity, segment)
    if (entity === undefined || field === undefined) return path
    if (parts.length > 0 && entity.displayField === segment) return possessive(parts)
    parts.push(unique(lowerFirst(field.label), segment, labelsIn(entity)))
  }
  return possessive(parts)
}

/** "campaign's channel", "donations' amount". */
const possessive = (parts: readonly string[]): string =>
  parts.map((part, i) => (i === parts.length - 1 ? part : part.endsWith('s') ? `${part}' ` : `${part}'s `)).join('')

/** The rows an identifier stands for: "contacts" for contact.id. */
function spokenIdentity(catalog: Catalog, entityName: string, path: string): string | undefined {
  const found = resolvePath(catalog, entityName, path)
  const owner = found.ok ? entityOf(catalog, found.entityName) : undefined
  if (!found.ok || owner?.primaryKey.length !== 1 || owner.primaryKey[0] !== found.fieldName) return undefined
  const relations = path.split('.').slice(0, -1)
  if (relations.length === 0) return spokenRows(catalog, entityName)
  const name = spokenPath(catalog, entityName, relations.join('.'))
  return name.endsWith(']') ? undefined : plural(name)
}

/** Labels of an entity's fields and relations, each as often as it stands there. */
function labelsIn(entity: Entity): string[] {
  return [...Object.values(entity.fields), ...Object.values(entity.relations)].map((part) => part.label.toLowerCase())
}

function unique(label: string, name: string, labels: readonly string[]): string {
  const same = labels.filter((other) => other === label.toLowerCase()).length
  return same > 1 ? `${label} [${name}]` : label
}

/** An entity's rows, many of them: "donations". */
export function spokenRows(catalog: Catalog, entityName: string): string {
  const entity = entityOf(catalog, entityName)
  if (entity === undefined) return entityName
  const label = lowerFirst(entity.label)
  const same = Object.values(catalog.entities).filter(
    (other) => other.label.toLowerCase() === entity.label.toLowerCase(),
  )
  return same.length > 1 ? `${label} [${entityName}]` : label
}

/** A value as it is read: plain where nothing can be mistaken, quoted otherwise. */
export function spokenValue(value: Scalar): string {
  if (typeof value === 'number') return spokenNumber(String(value))
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return spokenDate(value)
  return /^[\p{L}\p{N}][\p{L}\p{N}_.@/-]*$/u.test(value) && !/^(and|or|yes|no|is|empty|the|where)$/i.test(value)
    ? value
    : JSON.stringify(value)
}

/** A stored value by its label, where that says more and can be no other value. */
function spokenStored(value: Scalar, values: Field['values']): string {
  const label = values?.find((one) => one.value === value)?.label
  const same = (other: string | undefined) => other?.toLowerCase() === label?.toLowerCase()
  if (label === undefined || same(String(value))) return spokenValue(value)
  const others = values?.filter((one) => one.value !== value && (same(one.value) || same(one.label))) ?? []
  return spokenValue(others.length === 0 ? label : value)
}

function spokenNumber(text: string): string {
  const match = /^(-?)(\d+)(\.\d+)?$/.exec(text)
  if (match === null) return text
  const [, sign = '', whole = '', rest = ''] = match
  return `${sign}${whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, ',') : whole}${rest}`
}

export function listed(items: readonly string[], word = 'and'): string {
  if (items.length <= 1) return items.join('')
  return `${items.slice(0, -1).join(', ')} ${word} ${items.at(-1)}`
}

/** "in 2025", "within this year", "today". */
function withinPeriod(period: string): string {
  if (period === 'today' || period === 'yesterday') return period
  return period.startsWith('this ') ? `within ${period}` : `in ${period}`
}

const grainWords: Record<Grain, string> = {
  hour: 'hour of',
  day: 'day of',
  week: 'week of',
  month: 'month of',
  quarter: 'quarter of',
  year: 'year of',
  fiscal_quarter: 'fiscal quarter of',
  fiscal_year: 'fiscal year of',
  hour_of_day: 'hour of the day of',
  day_of_week: 'weekday of',
  day_of_month: 'day of the month of',
  month_of_year: 'calendar month of',
  quarter_of_year: 'calendar quarter of',
  year_number: 'year number of',
}

export const spokenGrain = (grain: Grain, name: string): string => `${grainWords[grain]} ${name}`

/** A filter as a clause: "status is completed and amount is above 500". */
export function spokenFilter(filter: Filter, speech: Speech, nested = false): string {
  if ('all' in filter)
    return grouped(
      filter.all.map((f) => spokenFilter(f, speech, filter.all.length > 1)),
      'and',
      nested,
    )
  if ('any' in filter)
    return grouped(
      filter.any.map((f) => spokenFilter(f, speech, filter.any.length > 1)),
      'or',
      nested,
    )
  if ('not' in filter) return `not (${spokenFilter(filter.not, speech)})`
  if ('relation' in filter) return spokenRelation(filter, speech)
  return spokenCondition(filter, speech)
}

function grouped(parts: readonly string[], word: 'and' | 'or', nested: boolean): string {
  if (parts.length === 1) return parts.join('')
  const joined = parts.join(` ${word} `)
  return nested ? `(${joined})` : joined
}

function spokenRelation(filter: RelationFilter, speech: Speech): string {
  const { match } = filter
  const found = resolvePath(speech.catalog, speech.entity ?? '', filter.relation)
  const target = found.ok ? found.entityName : ''
  const path = spokenPath(speech.catalog, speech.entity ?? '', filter.relation)
  const name = found.ok && found.hops.at(-1)?.kind === 'to_one' && !path.endsWith(']') ? plural(path) : path
  const where =
    filter.where === undefined
      ? ''
      : ` where ${spokenFilter(filter.where, rowSpeech(speech.catalog, target, speech.sentence), true)}`
  if (match === 'some') return `there are ${name}${where}`
  if (match === 'none') return `there are no ${name}${where}`
  if (match === 'every') return `there are no ${name} but those${where === '' ? ' there are' : where}`
  const { op, value } = match.count
  const words = { eq: 'exactly', ne: 'not exactly', lt: 'fewer than', lte: 'at most', gt: 'more than', gte: 'at least' }
  return `there are ${words[op]} ${spokenNumber(String(value))} ${name}${where}`
}

function spokenCondition(condition: Condition, speech: Speech): string {
  const left = leftSide(condition, speech)
  const { op, value } = condition
  const type = 'field' in condition && condition.grain === undefined ? speech.type(condition.field) : undefined
  const time = type === 'date' || type === 'timestamp'
  if (op === 'is_empty') return `${left} is empty`
  if (op === 'not_empty') return `${left} is not empty`
  if (op === 'in_period') return `${left} is ${withinPeriod(spokenPeriod(value as Period))}`
  const values = 'field' in condition && condition.grain === undefined ? speech.values(condition.field) : undefined
  const right = (single = true): string => spokenRight(value, speech, single, values)
  switch (op) {
    case 'eq':
      return `${left} is ${right()}`
    case 'ne':
      return `${left} is not ${right()}`
    case 'lt':
      return `${left} is ${time ? 'before' : 'below'} ${right()}`
    case 'lte':
      return `${left} is ${time ? 'on or before' : 'at most'} ${right()}`
    case 'gt':
      return `${left} is ${time ? 'after' : 'above'} ${right()}`
    case 'gte':
      return `${left} is ${time ? 'on or after' : 'at least'} ${right()}`
    case 'between': {
      const { min, max } = value as { min: Scalar; max: Scalar }
      if (min === max) return `${left} is exactly ${spokenValue(min)}`
      return `${left} is from ${spokenValue(min)} to ${spokenValue(max)}`
    }
    case 'in':
      return `${left} is one of ${right(false)}`
    case 'not_in':
      return `${left} is none of ${right(false)}`
    case 'contains':
      return `${left} contains ${right()}`
    case 'not_contains':
      return `${left} does not contain ${right()}`
    case 'starts_with':
      return `${left} starts with ${right()}`
    case 'ends_with':
      return `${left} ends with ${right()}`
  }
}

function leftSide(condition: Condition, speech: Speech): string {
  if ('formula' in condition) return spokenFormula(condition.formula)
  if ('aggregate' in condition)
    return `its ${spokenAggregate(condition.aggregate, speech.catalog, speech.entity ?? '', speech.sentence)}`
  const name = speech.name(condition.field)
  return condition.grain === undefined ? name : `the ${spokenGrain(condition.grain, name)}`
}

function spokenRight(value: Value | undefined, speech: Speech, single: boolean, values: Field['values']): string {
  const say = (one: Scalar) => spokenStored(one, values)
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return listed(value.map(say), 'or')
  if (typeof value !== 'object') return say(value)
  if ('field' in value) return `its ${speech.name(value.field)}`
  if ('definition' in value)
    return `the ${single ? 'value' : 'values'} of {${speech.sentence(value.definition as Definition)}}`
  if ('aggregate' in value) {
    const { of, same, ...expr } = value.aggregate as ValueAggregate
    const entity = of ?? speech.entity ?? ''
    const over =
      same === undefined
        ? `over all ${spokenRows(speech.catalog, entity)}`
        : `over the ${spokenRows(speech.catalog, entity)} with the same ${listed(same.map(speech.name))}`
    return `the ${spokenAggregate(expr, speech.catalog, entity, speech.sentence)} ${over}`
  }
  return JSON.stringify(value)
}

/** A formula in brackets, as it is written, white space evened. */
export const spokenFormula = (formula: string): string => `(${formula.trim().replaceAll(/\s+/g, ' ')})`

/** "total amount (where status is completed)", read from an entity. */
export function spokenAggregate(
  expr: AggregateExpr,
  catalog: Catalog,
  entity: string,
  sentence: Speech['sentence'],
): string {
  const counted = countedEntity(expr, catalog, entity)
  const where =
    expr.where === undefined ? '' : ` (where ${spokenFilter(expr.where, rowSpeech(catalog, counted, sentence))})`
  if (expr.metric !== undefined) return `${spokenMetric(expr.metric, catalog, entity)}${where}`
  const per =
    expr.per === undefined || (expr.fn === 'count' && expr.field === undefined)
      ? ''
      : expr.per === 'source_rows'
        ? `, once for each of the ${spokenRows(catalog, entity)}`
        : `, once for each of the ${spokenPath(catalog, entity, expr.per)}`
  return `${spokenFunction(expr, catalog, entity)}${per}${where}`
}

/** What the metrics of an aggregate or a condition count, each as "raised = total amount (where status is completed)". */
export function spokenMetrics(
  part: AggregateExpr | Filter,
  catalog: Catalog,
  entity: string,
  sentence: Speech['sentence'],
): string[] {
  const of = (filter: Filter | undefined, from: string): string[] =>
    filter === undefined ? [] : spokenMetrics(filter, catalog, from, sentence)
  if ('all' in part) return part.all.flatMap((one) => of(one, entity))
  if ('any' in part) return part.any.flatMap((one) => of(one, entity))
  if ('not' in part) return of(part.not, entity)
  if ('relation' in part) return of(part.where, countedEntity({ fn: 'count', per: part.relation }, catalog, entity))
  if ('op' in part) {
    const left = 'aggregate' in part ? spokenMetrics(part.aggregate, catalog, entity, sentence) : []
    const { value } = part
    if (typeof value !== 'object' || !('aggregate' in value)) return left
    const { of: other, same: _same, ...expr } = value.aggregate as ValueAggregate
    return [...left, ...spokenMetrics(expr, catalog, other ?? entity, sentence)]
  }
  const where = of(part.where, countedEntity(part, catalog, entity))
  if (part.metric === undefined) return where
  const name = part.metric.split('.').at(-1) ?? ''
  const owner = ownerOf(part.metric, catalog, entity)
  const metric = entityOf(catalog, owner)?.metrics[name]
  if (metric === undefined) return where
  const meaning = spokenAggregate(metric.aggregate as AggregateExpr, catalog, owner, sentence)
  const label = spokenMetric(name, catalog, owner)
  return label === meaning ? where : [`${label} = ${meaning}`, ...where]
}

/** The entity that has a metric, by the metric's path. */
function ownerOf(metric: string, catalog: Catalog, entity: string): string {
  const found = metric.includes('.')
    ? resolvePath(catalog, entity, metric.slice(0, metric.lastIndexOf('.')))
    : undefined
  return found?.ok === true ? found.entityName : entity
}

/** The entity whose rows an aggregate counts. */
export function countedEntity(expr: AggregateExpr, catalog: Catalog, entity: string): string {
  const along = (path: string): string => {
    const found = resolvePath(catalog, entity, path)
    return found.ok ? found.entityName : entity
  }
  if (expr.metric !== undefined) {
    const owner = ownerOf(expr.metric, catalog, entity)
    const metric = entityOf(catalog, owner)?.metrics[expr.metric.split('.').at(-1) ?? '']
    return metric === undefined ? owner : countedEntity(metric.aggregate as AggregateExpr, catalog, owner)
  }
  if (expr.per !== undefined) return expr.per === 'source_rows' ? entity : along(expr.per)
  return expr.field === undefined ? entity : along(expr.field)
}

function spokenMetric(path: string, catalog: Catalog, entity: string): string {
  const segments = path.split('.')
  const name = segments.pop() ?? ''
  const owner = ownerOf(path, catalog, entity)
  const metrics = Object.values(entityOf(catalog, owner)?.metrics ?? {})
  const metric = entityOf(catalog, owner)?.metrics[name]
  const label =
    metric === undefined
      ? name
      : unique(
          lowerFirst(metric.label),
          name,
          metrics.map((m) => m.label.toLowerCase()),
        )
  return segments.length === 0 ? label : `${label} of its ${spokenPath(catalog, entity, segments.join('.'))}`
}

function spokenFunction(expr: AggregateExpr, catalog: Catalog, entity: string): string {
  const { fn, field, formula, per } = expr
  const value =
    field !== undefined ? spokenPath(catalog, entity, field) : formula !== undefined ? spokenFormula(formula) : ''
  const found = field === undefined ? undefined : resolvePath(catalog, entity, field)
  const type = found?.ok === true ? found.field?.type : undefined
  const time = type === 'date' || type === 'timestamp'
  const by = expr.by === undefined ? usualOrder(expr, catalog, entity) : ` by ${spokenPath(catalog, entity, expr.by)}`
  switch (fn) {
    case 'count':
      if (field === undefined && formula === undefined)
        return `number of ${per === undefined || per === 'source_rows' ? spokenRows(catalog, entity) : spokenPath(catalog, entity, per)}`
      return `number of ${(field === undefined ? undefined : spokenIdentity(catalog, entity, field)) ?? `${value} values`}`
    case 'count_distinct':
      return `number of different ${(field === undefined ? undefined : spokenIdentity(catalog, entity, field)) ?? `${value} values`}`
    case 'sum':
      return `total ${value}`
    case 'avg':
      return `average ${value}`
    case 'min':
      return `${time ? 'earliest' : 'lowest'} ${value}`
    case 'max':
      return `${time ? 'latest' : 'highest'} ${value}`
    case 'median':
      return `median ${value}`
    case 'percentile':
      return `${Number(((expr.percentile ?? 0) * 100).toFixed(6))}th percentile of ${value}`
    case 'stddev':
      return `standard deviation of ${value}`
    case 'first':
    case 'last':
      return `${fn} ${value}${by}`
    case 'list':
      return `list of all ${value}`
    default:
      return value
  }
}

/** What first and last go by where nothing is said. */
function usualOrder(expr: AggregateExpr, catalog: Catalog, entity: string): string {
  const counted = countedEntity(expr, catalog, entity)
  const date = entityOf(catalog, counted)?.defaultDate
  return date === undefined ? '' : ` in the order of ${spokenPath(catalog, counted, date)}`
}

/** "amount, highest first". */
export function spokenSort(sort: Sort, name: string, type: FieldType | undefined): string {
  const down = sort.direction === 'desc'
  const words =
    type === 'date' || type === 'timestamp'
      ? down
        ? 'latest first'
        : 'earliest first'
      : type === 'enum'
        ? // Stored values have an order that neither their labels nor the alphabet need to have.
          `in ${down ? 'the reverse of ' : ''}its own order`
        : type === 'text'
          ? down
            ? 'Z to A'
            : 'A to Z'
          : down
            ? 'highest first'
            : 'lowest first'
  return `${name}, ${words}${sort.nulls === 'first' ? ', empty ones on top' : ''}`
}
