// "Who gave" means in a list what it means in a total: a gift that the catalog's own count of gifts counts.
// In: a definition and the prompt's words. Out: the same definition, each condition on related rows narrowed to those that count.
// Left alone: conditions that say themselves which rows they mean, and the rows of a list, which show what became of them;
// but the largest of them are the largest of those that count.
import { type Hop, resolvePath } from '../../catalog/find.ts'
import { canonicalJson } from '../../catalog/hash.ts'
import type { Catalog, Field } from '../../catalog/schema.ts'
import {
  type AggregateExpr,
  type Definition,
  type Filter,
  Filter as FilterSchema,
  type RelationFilter,
  type Value,
} from '../../definition/schema.ts'
import { nameWords } from './lexicon.ts'
import { lemma, stem } from './stem.ts'
import { empty } from './tie/empty.ts'
import { countMetric, entityIn, fieldIn, fieldWords, isNumeric } from './tie/facts.ts'
import { allOf, EXISTS, ownKey, prefix } from './tie/place.ts'
import { touchedBy } from './touched.ts'

/** Whether a relation filter asks for nothing but that there are such rows which count. */
export function isBare(filter: Filter, entity: string, catalog: Catalog): boolean {
  if (!('relation' in filter) || filter.match !== 'some') return false
  const found = resolvePath(catalog, entity, filter.relation)
  if (filter.where === undefined || !found.ok) return filter.where === undefined
  const limits = Object.values(entityIn(catalog, found.entityName)?.metrics ?? {}).flatMap(({ aggregate }) =>
    aggregate.fn === 'count' && aggregate.where !== undefined ? [canonicalJson(aggregate.where)] : [],
  )
  return limits.includes(canonicalJson(filter.where)) || isBare(filter.where, found.entityName, catalog)
}

type Asked = {
  readonly catalog: Catalog
  /** The prompt in small letters, its words apart. */
  readonly text: string
  readonly said: ReadonlySet<string>
}
/** Where a condition stands: the entity it is asked of, and those on the way to it from the rows of the table. */
type Place = { readonly entity: string; readonly way: readonly string[] }

/** The definition whose conditions on related rows test those that count. */
export function counting(definition: Definition, catalog: Catalog, text: string): Definition {
  const asked = { catalog, text, said: new Set(text.split(' ').map(lemma)) }
  const place = { entity: definition.dataSources[0] ?? '', way: [] }
  const { aggregates } = definition
  const conditions = definition.filters === undefined ? undefined : narrowed(definition.filters, place, asked)
  const filters = isTop(definition, catalog) ? withLimit(conditions, place, asked) : conditions
  return {
    ...definition,
    ...(filters === undefined ? {} : { filters }),
    aggregates: aggregates.map((one) => ofCounted(ownWhere(one, place, asked), definition, asked)),
  }
}

/** The first few rows by an amount of theirs: "the biggest pledge" is the biggest of those that count. */
function isTop({ columns, dataSources, limit, sortBy }: Definition, catalog: Catalog): boolean {
  const [by] = sortBy
  const root = dataSources[0] ?? ''
  if (!addsUp(catalog, root)) return false
  return columns.length > 0 && limit !== null && by !== undefined && isNumeric(fieldIn(catalog, root, by.field))
}

/** Whether the rows that count are those whose amounts are added up; an entity may only count those that are here today. */
function addsUp(catalog: Catalog, entity: string): boolean {
  return Object.values(entityIn(catalog, entity)?.metrics ?? {}).some(({ aggregate }) => aggregate.fn === 'sum')
}

/** "The largest pledge by campaign" is the largest of those that count, as their total is; a metric says itself which. */
function ofCounted<T extends AggregateExpr>(one: T, definition: Definition, asked: Asked): T {
  const { aggregates, dataSources, filters, groupBy } = definition
  const root = dataSources[0] ?? ''
  if (one.metric !== undefined || one.field?.includes('.') === true || one.per !== undefined) return one
  if (!addsUp(asked.catalog, root)) return one
  // A key of its own is asked about, not counted: "number of different campaigns".
  if (one.fn === 'count_distinct' || one.fn === 'list') return one
  const keys = groupBy.flatMap(({ field }): Filter[] => (field === undefined ? [] : [{ field, op: 'not_empty' }]))
  // Beside a number of others it is one of all: the share that was refunded.
  const conditions = [filters, ...aggregates.map(({ where }) => where)].filter((where) => where !== undefined)
  const read = [...conditions, ...keys]
  const spoken = read.length === 0 ? undefined : allOf(read)
  const place = { entity: root, way: [] }
  if (withLimit(spoken, place, asked) === spoken) return one
  const where = withLimit(one.where, place, asked)
  return where === undefined ? one : { ...one, where }
}

function narrowed(filter: Filter, place: Place, asked: Asked): Filter {
  if ('all' in filter) return { all: filter.all.map((one) => narrowed(one, place, asked)) }
  if ('any' in filter) return { any: filter.any.map((one) => narrowed(one, place, asked)) }
  if ('not' in filter) return { not: narrowed(filter.not, place, asked) }
  if ('relation' in filter) return related(filter, place, asked)
  const value = filter.value === undefined ? {} : { value: valued(filter.value, asked) }
  if ('aggregate' in filter) return { ...filter, aggregate: summed(filter.aggregate, place, asked), ...value }
  return { ...filter, ...value }
}

function valued(value: Value, { catalog, text }: Asked): Value {
  const isTable = typeof value === 'object' && 'definition' in value
  return isTable ? { definition: counting(value.definition, catalog, text) } : value
}

/** The `where` of an aggregate speaks of the rows that it is over. */
function ownWhere<T extends AggregateExpr>(one: T, place: Place, asked: Asked): T {
  const hops = hopsOf(one, place, asked.catalog)
  if (one.where === undefined || hops === undefined) return one
  return { ...one, where: narrowed(one.where, placeAfter(place, hops), asked) }
}

/** "With more than five gifts" and "whose smallest gift" are asked of the same rows; a metric says itself which. */
function summed(one: AggregateExpr, place: Place, asked: Asked): AggregateExpr {
  const made = ownWhere(one, place, asked)
  const hops = hopsOf(one, place, asked.catalog) ?? []
  const metric = entityIn(asked.catalog, hops.at(-1)?.to ?? '')?.metrics[one.metric?.split('.').at(-1) ?? '']?.aggregate
  const counts = metric === undefined ? one.fn === 'count' : metric.fn === 'count' && metric.where === undefined
  const behindThem = counts ? different(hops, made.where, place, asked) : undefined
  if (behindThem !== undefined) return behindThem
  if (one.metric !== undefined || hops.at(-1)?.kind !== 'to_many') return made
  const where = withLimit(made.where, placeAfter(place, hops), asked)
  return where === undefined ? made : { ...made, where }
}

function hopsOf({ metric, field, per }: AggregateExpr, place: Place, catalog: Catalog): readonly Hop[] | undefined {
  const named = metric ?? field
  const path = per ?? (named?.includes('.') === true ? named.slice(0, named.lastIndexOf('.')) : undefined)
  if (path === undefined || path === 'source_rows') return []
  const found = resolvePath(catalog, place.entity, path)
  return found.ok ? found.hops : undefined
}

function placeAfter(place: Place, hops: readonly Hop[]): Place {
  return { entity: hops.at(-1)?.to ?? place.entity, way: [...place.way, ...hops.map(({ from }) => from)] }
}

function related(filter: RelationFilter, place: Place, asked: Asked): Filter {
  const found = resolvePath(asked.catalog, place.entity, filter.relation)
  if (!found.ok) return filter
  const { hops } = found
  const between = hops.findIndex(({ kind, to }) => kind === 'to_many' && countMetric(asked.catalog, to) !== undefined)
  if (between >= 0 && between < hops.length - 1 && (filter.match === 'some' || filter.match === 'none')) {
    // "Who never gave to a gala": it is a gift that counts which is not there.
    const names = hops.map(({ relation }) => relation)
    const relation = names.slice(0, between + 1).join('.')
    const where = behind(names.slice(between + 1).join('.'), hops.slice(between + 1), filter.where)
    return related({ relation, match: filter.match, where }, place, asked)
  }
  const apart = typeof filter.match === 'object' ? different(hops, filter.where, place, asked) : undefined
  if (typeof filter.match === 'object' && apart !== undefined) return { aggregate: apart, ...filter.match.count }
  const there = placeAfter(place, hops)
  const inner = filter.where === undefined ? undefined : narrowed(filter.where, there, asked)
  // That every row counts would be another question.
  const limited = hops.at(-1)?.kind === 'to_many' && filter.match !== 'every'
  const where = limited ? withLimit(inner, there, asked) : inner
  return { relation: filter.relation, match: filter.match, ...(where === undefined ? {} : { where }) }
}

/** "Who gave to three campaigns": the different campaigns of gifts that count. */
function different(
  hops: readonly Hop[],
  where: Filter | undefined,
  place: Place,
  asked: Asked,
): AggregateExpr | undefined {
  const [last, many] = [hops.at(-1), hops.at(-2)]
  if (last?.kind !== 'to_one' || many?.kind !== 'to_many') return undefined
  const [key = ''] = entityIn(asked.catalog, last.to)?.primaryKey ?? []
  const own = ownKey(asked.catalog, last, key)
  const inner = where === undefined ? undefined : behind(last.relation, [last], where)
  const limited = withLimit(inner, placeAfter(place, hops.slice(0, -1)), asked)
  if (own === undefined || limited === undefined || limited === inner) return undefined
  const path = [...hops.slice(0, -1).map(({ relation }) => relation), own].join('.')
  return { fn: 'count_distinct', field: path, where: limited }
}

/** A condition seen from the other end of a path; what is not there has no name, so that a denial keeps its row. */
function behind(path: string, hops: readonly Hop[], where: Filter | undefined): Filter {
  const single = hops.every(({ kind }) => kind === 'to_one')
  const plain = where === undefined || !/"(not|formula)":|"match":"none"|"op":"(n|is_)/.test(JSON.stringify(where))
  if (single && plain) return prefix(where ?? EXISTS, path)
  return { relation: path, match: 'some', ...(where === undefined ? {} : { where }) }
}

/** A condition together with the catalog's, unless it speaks itself of what counts. */
function withLimit(
  where: Filter | undefined,
  { entity, way }: Place,
  { catalog, text, said }: Asked,
): Filter | undefined {
  const limit = limitOf(catalog, entity, said)
  if (limit === undefined) return where
  const tested = readBy(limit, entity, catalog)
  if (tested.some(({ owner, field }) => isOpen(fieldIn(catalog, owner, field), text))) return where
  // Rows of a table are not narrowed by what is asked of their parts.
  if (tested.some(({ owner }) => way.includes(owner))) return where
  const read = where === undefined ? [] : readBy(where, entity, catalog)
  const speaks = read.some(
    ({ owner, field }) =>
      tested.some((one) => one.owner === owner && one.field === field) ||
      (owner === entity && ofOthers(limit, fieldWords(catalog, owner, field), entity, catalog)),
  )
  if (speaks) return where
  const parts = where === undefined ? [] : 'all' in where ? where.all : [where]
  return allOf([limit, ...parts])
}

const ANY = /\b(any|every|all|whatever|whichever|regardless of|irrespective of)( \w+)?$/

/** "Of any status", "whatever their status". */
function isOpen(field: Field | undefined, text: string): boolean {
  const names = field === undefined ? [] : [field.label, ...field.synonyms]
  return names.some((name) => {
    const at = ` ${text} `.indexOf(` ${name.toLowerCase()} `)
    return at > 0 && ANY.test(text.slice(0, at - 1))
  })
}

function readBy(filter: Filter, entity: string, catalog: Catalog): { owner: string; field: string }[] {
  return [...touchedBy({ ...empty(entity), filters: filter }, catalog).fields].map((name) => {
    const [owner = '', field = ''] = name.split('.')
    return { owner, field }
  })
}

/** Whether a field is one that only rows have which do not count: the day of a refund. */
function ofOthers(limit: Filter, words: readonly string[], entity: string, catalog: Catalog): boolean {
  const roots = new Set(words.map((word) => stem(lemma(word))))
  return ('all' in limit ? limit.all : [limit]).some((one) => {
    if (!('field' in one) || one.field.includes('.')) return false
    const field = fieldIn(catalog, entity, one.field)
    const empty = one.op === 'is_empty' || (one.op === 'eq' && one.value === false)
    const names = empty ? fieldWords(catalog, entity, one.field) : leftOut(field, one.op, one.value)
    return names.some((name) => name.length > 3 && roots.has(stem(lemma(name.toLowerCase()))))
  })
}

/** The names of the values that a condition leaves out. */
function leftOut(field: Field | undefined, op: string, value: Value | undefined): string[] {
  const named = [value].flat()
  const kept = op === 'eq' || op === 'in'
  if (!kept && op !== 'ne' && op !== 'not_in') return []
  return (field?.values ?? [])
    .filter((one) => named.includes(one.value) !== kept)
    .flatMap(({ value, label = value, synonyms }) => [value, label, ...synonyms])
}

const COUNTS = new Set(['number', 'of', 'how', 'many', 'count', 'total', 'for', 'the'])
const NOTHING: ReadonlySet<string> = new Set()

/** What the catalog's count of an entity counts; of several, that by whose name the prompt calls the rows: who signed up need not have come. */
function limitOf(catalog: Catalog, entity: string, said: ReadonlySet<string>): Filter | undefined {
  const usual = countMetric(catalog, entity)
  if (usual === undefined) return undefined
  const { label = '', singular = '', synonyms = [], metrics = {} } = entityIn(catalog, entity) ?? {}
  const plain = (name: string) =>
    nameWords(name, NOTHING)
      .map(lemma)
      .filter((word) => !COUNTS.has(word))
      .sort()
      .join(' ')
  const ways = Object.values(catalog.entities)
    .flatMap(({ relations }) => Object.values(relations))
    .filter(({ to }) => to === entity)
    .flatMap((one) => [one.label, ...one.synonyms])
  const called = new Set(
    [label, singular, ...synonyms, ...ways]
      .map(plain)
      .filter((name) => name !== '' && name.split(' ').every((word) => said.has(word))),
  )
  const isCalled = (name: string) => {
    const metric = metrics[name]
    return metric !== undefined && [metric.label, ...metric.synonyms].some((one) => called.has(plain(one)))
  }
  const other = Object.keys(metrics).find((name) => metrics[name]?.aggregate.fn === 'count' && isCalled(name))
  const metric = isCalled(usual) || other === undefined ? usual : other
  const { data } = FilterSchema.safeParse(metrics[metric]?.aggregate.where)
  return data
}
