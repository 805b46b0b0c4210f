// What may be chosen in the builder: fields, metrics, operators, periods. In: the catalog as the reader sees it.
// Out: lists in which everything is legal where it is offered.
import type { FieldType } from '../../src/catalog/schema.ts'
import type { Aggregate, AggregateFn, Grain, Op, Period } from '../../src/definition/schema.ts'
import type { CatalogView } from '../api/client.ts'

export type FieldChoice = {
  readonly path: string
  readonly label: string
  readonly type: FieldType
  /** Where it is: the source itself, or what leads to it. */
  readonly group: string
  readonly values?: readonly { readonly value: string; readonly label: string }[]
}
type Entity = CatalogView['entities'][string]

const MAX_HOPS = 2

/** Fields of the source's rows and of what they lead to, one to one. */
export function fieldsOf(catalog: CatalogView, source: string): readonly FieldChoice[] {
  const found: FieldChoice[] = []
  const walk = (name: string, path: readonly string[], group: string): void => {
    const entity = catalog.entities[name]
    if (entity === undefined) return
    found.push(...ownFields(entity, path, group))
    if (path.length === MAX_HOPS) return
    for (const [relation, { to, kind, label }] of Object.entries(entity.relations)) {
      if (kind !== 'to_one' || to === source) continue
      walk(to, [...path, relation], path.length === 0 ? label : `${group} › ${label}`)
    }
  }
  walk(source, [], catalog.entities[source]?.label ?? source)
  return found
}

function ownFields(entity: Entity, path: readonly string[], group: string): FieldChoice[] {
  return Object.entries(entity.fields).map(([field, { label, type, values }]) => ({
    path: [...path, field].join('.'),
    ...{ label, type, group },
    ...(values && { values: values.map(({ value, label: shown }) => ({ value, label: shown ?? value })) }),
  }))
}

export type MeasureChoice = {
  readonly key: string
  readonly label: string
  readonly group: string
  readonly aggregate:
    | { readonly metric: string }
    | { readonly fn: AggregateFn; readonly field?: string; readonly per?: string }
}

const NUMERIC: ReadonlySet<FieldType> = new Set(['integer', 'number', 'money'])
const FNS: readonly (readonly [AggregateFn, string])[] = [
  ['sum', 'Sum of'],
  ['avg', 'Average'],
  ['min', 'Smallest'],
  ['max', 'Largest'],
  ['median', 'Median'],
]

/** What can be counted: metrics first, then sums and the like, of the source and of what its rows have many of. */
export function measuresOf(catalog: CatalogView, source: string): readonly MeasureChoice[] {
  const entity = catalog.entities[source]
  if (entity === undefined) return []
  const many = Object.entries(entity.relations).filter(([, { kind }]) => kind === 'to_many')
  return [
    ...measures(entity, '', entity.label, `Number of ${entity.label.toLowerCase()}`),
    ...many.flatMap(([relation, { to, label }]) => {
      const other = catalog.entities[to]
      return other === undefined ? [] : measures(other, `${relation}.`, label, `Number of ${label.toLowerCase()}`)
    }),
  ]
}

/** Metrics of an entity, how many rows it has, and what can be made of its numbers. */
export function measures(entity: Entity, prefix: string, group: string, count: string): MeasureChoice[] {
  const metrics = Object.entries(entity.metrics).map(([name, { label }]) => {
    const metric = `${prefix}${name}`
    return { key: `metric ${metric}`, label, group, aggregate: { metric } }
  })
  const fields = Object.entries(entity.fields).flatMap(([name, { label, type }]) =>
    (NUMERIC.has(type) ? FNS : []).map(([fn, word]): MeasureChoice => {
      const field = `${prefix}${name}`
      return { key: `${fn} ${field}`, label: `${word} ${label.toLowerCase()}`, group, aggregate: { fn, field } }
    }),
  )
  const keyed = Object.entries(entity.fields).find(([, { type }]) => type === 'id')?.[0]
  const rows: MeasureChoice[] =
    prefix === ''
      ? [{ key: 'count', label: count, group, aggregate: { fn: 'count' } }]
      : keyed === undefined
        ? [{ key: `count ${prefix}`, label: count, group, aggregate: { fn: 'count', per: prefix.slice(0, -1) } }]
        : [{ key: `count ${prefix}`, label: count, group, aggregate: { fn: 'count', field: `${prefix}${keyed}` } }]
  return [...metrics, ...rows, ...fields]
}

/** What a number of a table is called, and what kind of value it gives. */
export function aggregateChoice(
  catalog: CatalogView,
  source: string,
  aggregate: Aggregate,
): { readonly label: string; readonly type: FieldType } {
  const known = measuresOf(catalog, source).find(
    ({ aggregate: one }) =>
      aggregate.formula === undefined &&
      ('metric' in one ? one.metric === aggregate.metric : one.fn === aggregate.fn && one.field === aggregate.field),
  )
  const label = aggregate.label ?? known?.label ?? aggregate.id
  if (aggregate.metric !== undefined) return { label, type: 'number' }
  if (aggregate.fn === 'count' || aggregate.fn === 'count_distinct') return { label, type: 'integer' }
  if (aggregate.fn === 'list') return { label, type: 'text' }
  const type = fieldType(catalog, source, aggregate.field ?? '')
  return { label, type: type ?? 'number' }
}

function fieldType(catalog: CatalogView, source: string, path: string): FieldType | undefined {
  const steps = path.split('.')
  const field = steps.pop() ?? ''
  let name: string | undefined = source
  for (const relation of steps) name = catalog.entities[name ?? '']?.relations[relation]?.to
  return catalog.entities[name ?? '']?.fields[field]?.type
}

/** A column id for a measure: short, and not taken. */
export function idFor({ aggregate }: MeasureChoice, taken: readonly string[]): string {
  const base = ('metric' in aggregate ? aggregate.metric : [aggregate.fn, aggregate.field].filter(Boolean).join('_'))
    .replace(/[^A-Za-z0-9_]+/g, '_')
    .replace(/^(\d)/, '_$1')
  return free(base, taken)
}

/** A name that is not taken: the base itself, or with the next number behind it. */
export function free(base: string, taken: readonly string[]): string {
  for (let n = 1; ; n += 1) {
    const id = n === 1 ? base : `${base}_${n}`
    if (!taken.includes(id)) return id
  }
}

type Ops = readonly (readonly [Op, string])[]
const TEXT: Ops = [
  ['eq', 'is'],
  ['ne', 'is not'],
  ['in', 'is one of'],
  ['not_in', 'is none of'],
  ['contains', 'contains'],
  ['not_contains', 'does not contain'],
  ['starts_with', 'begins with'],
  ['ends_with', 'ends with'],
]
const ORDERED: Ops = [
  ['eq', 'is'],
  ['ne', 'is not'],
  ['gt', 'is above'],
  ['gte', 'is at least'],
  ['lt', 'is below'],
  ['lte', 'is at most'],
  ['between', 'is from … to'],
]
const TIMES: Ops = [
  ['in_period', 'is within'],
  ['lt', 'is before'],
  ['lte', 'is on or before'],
  ['gt', 'is after'],
  ['gte', 'is on or after'],
  ['between', 'is from … to'],
]
const EMPTY: Ops = [
  ['is_empty', 'is empty'],
  ['not_empty', 'is not empty'],
]

/** Operators that mean something for a type. */
export function opsFor(type: FieldType): Ops {
  switch (type) {
    case 'enum':
      return [['eq', 'is'], ['ne', 'is not'], ['in', 'is one of'], ['not_in', 'is none of'], ...EMPTY]
    case 'boolean':
      return [['eq', 'is'], ...EMPTY]
    case 'date':
      return [...TIMES, ['eq', 'is'], ['ne', 'is not'], ...EMPTY]
    case 'timestamp':
      return [...TIMES, ...EMPTY]
    case 'integer':
    case 'number':
    case 'money':
      return [...ORDERED, ...EMPTY]
    default:
      return [...TEXT, ...EMPTY]
  }
}

/** An operator in words, also where it is offered for other types only. */
export function opWords(op: Op, type: FieldType): string {
  const all = [...opsFor(type), ...TEXT, ...ORDERED, ...TIMES, ...EMPTY]
  return all.find(([one]) => one === op)?.[1] ?? op
}

export const PERIODS: readonly { readonly label: string; readonly period: Period }[] = [
  { label: 'today', period: { this: 'day' } },
  { label: 'this week', period: { this: 'week' } },
  { label: 'last week', period: { previous: 'week' } },
  { label: 'this month', period: { this: 'month' } },
  { label: 'last month', period: { previous: 'month' } },
  { label: 'the last 3 months', period: { last: 3, unit: 'month' } },
  { label: 'the last 12 months', period: { last: 12, unit: 'month' } },
  { label: 'this quarter', period: { this: 'quarter' } },
  { label: 'last quarter', period: { previous: 'quarter' } },
  { label: 'this year', period: { this: 'year' } },
  { label: 'this year so far', period: { to_date: 'year' } },
  { label: 'last year', period: { previous: 'year' } },
  { label: 'this fiscal year', period: { this: 'fiscal_year' } },
  { label: 'next month', period: { next: 1, unit: 'month' } },
]

export const GRAINS: readonly (readonly [Grain, string])[] = [
  ['day', 'by day'],
  ['week', 'by week'],
  ['month', 'by month'],
  ['quarter', 'by quarter'],
  ['year', 'by year'],
  ['fiscal_year', 'by fiscal year'],
  ['day_of_week', 'by weekday'],
  ['month_of_year', 'by month of the year'],
]
export const isTime = (type: FieldType): boolean => type === 'date' || type === 'timestamp'

/** Kinds of values that can be compared with one another. */
export type Kind = 'number' | 'text' | 'time' | 'boolean'
export function kindOf(type: FieldType): Kind {
  if (NUMERIC.has(type)) return 'number'
  return isTime(type) ? 'time' : type === 'boolean' ? 'boolean' : 'text'
}
