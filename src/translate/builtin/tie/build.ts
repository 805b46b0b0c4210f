// A reading with its nouns tied → a table definition.
// In: an ask, an assignment, the catalog's graph. Out: a definition with the price of everything that did not fit.
// Refused: readings without anything to show; those give undefined.
import type { Catalog } from '../../../catalog/schema.ts'
import {
  type Aggregate,
  type Definition,
  type Filter,
  Filter as FilterSchema,
  type GroupKey,
  type Sort,
} from '../../../definition/schema.ts'
import type { ValueIndex } from '../../types.ts'
import { type Graph, isSameThing, isToOne, routePath } from '../graph.ts'
import type { Dimension } from '../keywords.ts'
import type { Ask, Cond, Measure } from '../read/ast.ts'
import type { Assignment } from './assign.ts'
import { type Conditions, filterAt, isLink, numberOf, placedOf, rangeValue } from './conditions.ts'
import { empty } from './empty.ts'
import { entityIn, fieldIn, fieldWords, foreignKeys, isNumeric, isTime, namesOf } from './facts.ts'
import { allOf, EXISTS, isTrivial, ownKey, pathOf, placeAll, routeOf, type Ways } from './place.ts'
import { type Tie, type Tied, tie } from './resolved.ts'

export type BuildInput = {
  readonly ask: Ask
  readonly assignment: Assignment
  readonly catalog: Catalog
  readonly graph: Graph
  readonly values: ValueIndex
  readonly said: ReadonlySet<string>
}
export type Built = {
  readonly definition: Definition
  readonly cost: number
  readonly reasons: Readonly<Record<string, number>>
  readonly root: string
}

type Column = {
  readonly entity: string
  readonly field: string
  /** The relation that leads to it, where a key says which. */
  readonly via?: { readonly entity: string; readonly relation: string }
}
type Key = Column & { readonly grain?: NonNullable<GroupKey['grain']>; readonly pivot?: boolean }

/** Builds the definition of one reading, or undefined when it shows nothing. */
export function build(input: BuildInput): Built | undefined {
  const { ask, assignment, catalog, graph } = input
  const reasons: Record<string, number> = {}
  let cost = 0
  const price = (reason: string, amount: number) => {
    reasons[reason] = (reasons[reason] ?? 0) + amount
    cost += amount
  }
  const ways: Ways = { graph, catalog, said: input.said, named: new Set(assignment.entities), memory: new Map() }
  const chosen = new Map(assignment.chosen)
  const t: Tie = { catalog, chosen, price, remember: (key, candidate) => void chosen.set(key, candidate) }
  const select = ask.select.flatMap((one) => tie(t, one) ?? [])
  if (select.length < ask.select.length) price('column without meaning', 1.5 * (ask.select.length - select.length))
  // "how many females": without a noun the conditions say whose rows.
  const subject =
    (ask.subject === undefined ? undefined : assignment.chosen.get(ask.subject)?.entity) ??
    spokenOf(ask.where, assignment.chosen)
  const plan = planOf(input, t, select, subject, price)
  if (plan === undefined) return undefined
  const root = rootOf(ways, plan, price)
  if (root === undefined) return undefined
  const [only, second] = plan.aggregates
  const counted =
    only?.kind === 'count' && only.entity === root && second === undefined && plan.keys.length === 0
      ? only.field
      : undefined
  const c: Conditions = {
    ways,
    tie: t,
    values: input.values,
    root: () => root,
    ...(counted === undefined ? {} : { counted }),
  }
  const made =
    plan.aggregates.length > 0 || plan.keys.length > 0
      ? summary(input, plan, root, c, price)
      : list(input, plan, root, c, price)
  if (made === undefined) return undefined
  return { definition: made, cost, reasons, root }
}

/** The entity of the first condition that has one. */
function spokenOf(conds: readonly Cond[], chosen: Assignment['chosen']): string | undefined {
  for (const cond of conds) {
    const inner = cond.kind === 'and' || cond.kind === 'or' ? cond.parts : cond.kind === 'not' ? [cond.part] : []
    const key =
      cond.kind === 'compare'
        ? cond.left.kind === 'noun'
          ? cond.left.of
          : cond.left
        : cond.kind === 'has'
          ? cond.of
          : cond
    const found = chosen.get(key)?.entity ?? spokenOf(inner, chosen)
    if (found !== undefined) return found
  }
  return undefined
}

type Plan = {
  readonly plain: Column[]
  readonly rows: string[]
  readonly keys: Key[]
  readonly grainKeys: { grain: NonNullable<GroupKey['grain']>; pivot: boolean }[]
  readonly aggregates: Tied[]
  readonly order: { by: Tied | 'alpha' | 'selected'; dir: 'asc' | 'desc' }[]
  readonly top: { by: Tied; dir: 'asc' | 'desc' } | undefined
  readonly limit: number | undefined
  readonly where: Cond[]
  readonly having: Cond[]
  readonly subject: string | undefined
  /** The subject where a noun of the prompt names it. */
  readonly said: string | undefined
  readonly all: boolean
  /** Keys behind "each", where a superlative picks rows inside them. */
  readonly eachKeys: readonly Column[]
}

function isAggregate(one: Tied): boolean {
  return one.kind === 'agg' || one.kind === 'count' || one.kind === 'metric' || one.kind === 'share'
}

function planOf(
  input: BuildInput,
  t: Tie,
  select: readonly Tied[],
  subject: string | undefined,
  price: (reason: string, cost: number) => void,
): Plan | undefined {
  const { ask, catalog } = input
  // "the amount of the largest payment" is that payment's amount.
  const single =
    ask.top !== undefined && ask.select.length === 1 && ask.select[0]?.kind === 'count' && ask.select[0].amount === true
  const measures: readonly Tied[] = select.map((one, index) => {
    if (single && one.kind === 'agg') return { kind: 'field', entity: one.entity, field: one.field }
    const said = ask.select[index]
    const stored = storedNumber(catalog, ask, select, one)
    if (stored !== undefined) return stored
    // "donors with total donations": what is called a total and is stored row by row is summed.
    const field = one.kind === 'field' ? fieldIn(catalog, one.entity, one.field) : undefined
    return one.kind === 'field' &&
      select.length > 1 &&
      said?.kind === 'noun' &&
      /^(total|overall|combined) /.test(said.of.chunk.word) &&
      field?.type === 'money' &&
      !/total|overall|combined/i.test(field.label)
      ? moneySum(catalog, one.entity, one.field)
      : one
  })
  const aggregates: Tied[] = measures.filter(isAggregate)
  const shown: Tied[] = measures.filter((one) => !isAggregate(one))
  const groups = ask.group.flatMap((one) => (one.of === undefined ? [] : (tie(t, { kind: 'noun', of: one.of }) ?? [])))
  const grainKeys = ask.group.flatMap((one) =>
    one.grain === undefined ? [] : [{ grain: one.grain, pivot: one.pivot === true }],
  )
  const [only] = shown
  if (ask.features.rowsBy === 1 && shown.length === 1 && only?.kind === 'entity' && aggregates.length === 0) {
    // "expenses by category": how many and how much, by category.
    if (ask.top === undefined && ask.order.length === 0) {
      aggregates.push(...usualMeasures(catalog, only.entity, groups))
      shown.length = 0
    }
  }
  const [metric] = aggregates
  if (ask.features.rowsBy === 1 && aggregates.length === 1 && metric?.kind === 'metric' && shown.length === 0) {
    // "pledges by status": a metric that leaves some of them out would leave out groups.
    const limit = JSON.stringify(entityIn(catalog, metric.entity)?.metrics[metric.metric]?.aggregate.where ?? null)
    if (groups.some((key) => key.kind === 'field' && key.entity === metric.entity && limit.includes(`"${key.field}"`)))
      aggregates.splice(0, 1, ...usualMeasures(catalog, metric.entity, groups))
  }
  let top: { by: Tied; dir: 'asc' | 'desc' } | undefined
  if (ask.top !== undefined) {
    const by = ask.top.by === undefined ? defaultMeasure(catalog, ask, t) : summedUp(input, t, tie(t, ask.top.by))
    if (by === undefined) {
      // ", top 5" behind an ordering or an aggregate only says how many.
      if (aggregates.length === 0 && ask.order.length === 0) price('superlative without measure', 1.5)
      else if (ask.order.length === 0 && aggregates[0] !== undefined) top = { by: aggregates[0], dir: ask.top.dir }
    } else if (by.kind === 'entity')
      top = { by: { kind: 'count', entity: by.entity, distinct: false, where: [] }, dir: ask.top.dir }
    else if (
      ask.top.by?.kind === 'count' &&
      by.kind === 'agg' &&
      by.fn === 'sum' &&
      select.every((one) => one.kind === 'field' || one.kind === 'entity') &&
      select.some((one) => 'entity' in one && one.entity === by.entity)
    )
      // "the branches with the most memberships", where a branch stores that number.
      top = { by: { kind: 'field', entity: by.entity, field: by.field }, dir: ask.top.dir }
    else top = { by, dir: turned(catalog, ask.top.by, ask.top.dims, by, ask.top.dir) }
  }
  const order: Plan['order'][number][] = ask.order.flatMap((one): Plan['order'][number][] => {
    if (typeof one.by === 'string') return [{ by: one.by, dir: one.dir }]
    const tied = tie(t, one.by)
    const by = tied === undefined ? undefined : (storedNumber(catalog, ask, select, tied) ?? tied)
    if (by === undefined) {
      price('order without meaning', 1)
      return []
    }
    return [
      {
        by: by.kind === 'entity' ? nameOf(catalog, by.entity) : by,
        dir: turned(catalog, one.by, one.dims, by, one.dir),
      },
    ]
  })
  const bareGroup = ask.group.some((one) => one.of === undefined && one.grain === undefined)
  const orderAggregates = order.some((one) => typeof one.by !== 'string' && isAggregate(one.by))
  const topAggregates = top !== undefined && isAggregate(top.by)
  const rows: string[] = []
  const plain: Column[] = []
  for (const one of shown) {
    if (one.kind === 'field') plain.push(...fieldColumns(catalog, one))
    else if (one.kind === 'entity') {
      rows.push(one.entity)
      // "pledges with donor and amount": the columns are said, the row only needs its name.
      const said = shown.length > 1
      plain.push(
        ...(ask.features.allColumns === 1
          ? everyColumn(catalog, one.entity)
          : said
            ? keyColumns(catalog, one.entity)
            : rowColumns(catalog, one.entity)),
      )
    }
  }
  const summaryWanted = aggregates.length > 0 || topAggregates || orderAggregates
  // "overdue pledges by amount": a metric of rows next to those rows' own columns is a list misread.
  if (
    ask.group.length === 0 &&
    plain.some((one) => aggregates.some((other) => other.kind === 'metric' && other.entity === one.entity))
  )
    price('metric in a list', 1.2)
  const keys: Key[] = []
  const groupMentions = ask.group.filter((one) => one.of !== undefined)
  for (const [index, one] of groups.entries()) {
    const pivot = groupMentions[index]?.pivot === true
    if (one.kind === 'field')
      keys.push(...fieldColumns(catalog, one).map((key) => ({ ...key, ...(pivot ? { pivot } : {}) })))
    else if (one.kind === 'entity')
      keys.push(...keyColumns(catalog, one.entity).map((key) => ({ ...key, ...(pivot ? { pivot } : {}) })))
    else if (isAggregate(one)) aggregates.push(one)
  }
  const eachKeys = [...keys]
  const having: Cond[] = []
  const where: Cond[] = []
  // "For each zip code, those with an average below 10": the key itself is what is shown.
  const listed = plain.length === 0 && groups.every((one) => one.kind === 'field') ? eachKeys : plain
  const own = new Set(listed.map((one) => one.entity))
  for (const cond of ask.where) {
    if (countsOwnRows(t, cond, listed, rows, own) && !summaryWanted) having.push(cond)
    else where.push(cond)
  }
  const grouped = summaryWanted || having.length > 0 || grainKeys.length > 0
  if (!grouped) {
    // "the name of each student": nothing is aggregated, the noun only says whose rows.
    const told = groups.some((one) => one.kind === 'field') && plain.length > 0 && rows.length === 0
    if (plain.length === 0 && keys.length > 0) plain.push(...keys)
    // "For each delegate, the name of the party": whose party it is, is shown too.
    else if (told && ask.features.preposed === 1)
      plain.unshift(...keys.filter((key) => !plain.some((one) => one.field === key.field)))
    if (plain.length === 0 && subject !== undefined) {
      plain.push(...(ask.features.allColumns === 1 ? everyColumn(catalog, subject) : rowColumns(catalog, subject)))
      rows.push(subject)
    }
    // "the top 3 highest support rates": what orders the rows is what is asked for.
    if (plain.length === 0 && top?.by.kind === 'field') plain.push({ entity: top.by.entity, field: top.by.field })
    if (plain.length === 0) return undefined
    keys.length = 0
  } else {
    const wanted =
      plain.length > 0 && rows.length > 0
        ? [
            ...rows.flatMap((row) => keyColumns(catalog, row)),
            ...shown.flatMap((one) => (one.kind === 'field' ? fieldColumns(catalog, one) : [])),
          ]
        : plain
    for (const one of wanted)
      if (!keys.some((key) => key.entity === one.entity && key.field === one.field)) keys.push(one)
    // "which student has the most pets": the superlative's rows are the subject's.
    if (
      keys.length === 0 &&
      (topAggregates || bareGroup) &&
      subject !== undefined &&
      !aggregates.some((one) => one.kind === 'count' && one.entity === subject && !topAggregates)
    )
      keys.push(...keyColumns(catalog, subject))
  }
  settleCounts(input, keys, aggregates, top, where, price)
  for (const one of [...aggregates, ...(top === undefined ? [] : [top.by])]) {
    // Of rows that are told apart by their own key there is one each: an id of something else was meant.
    const entity = one.kind === 'count' && one.field === undefined ? (one.entity ?? keys[0]?.entity) : undefined
    const [key, second] = entity === undefined ? [] : (entityIn(catalog, entity)?.primaryKey ?? [])
    if (key !== undefined && second === undefined && keys.some((own) => own.entity === entity && own.field === key))
      price('count by own key', 1.2)
  }
  const wantsAll = ask.features.allColumns === 1
  return {
    plain: grouped ? [] : plain,
    rows,
    keys,
    grainKeys,
    aggregates,
    order,
    top,
    limit: ask.top === undefined || (ask.top.limit === 1 && ask.limit !== undefined) ? ask.limit : ask.top.limit,
    where,
    having,
    subject,
    said: ask.subject === undefined || ask.subject.soft ? undefined : t.chosen.get(ask.subject)?.entity,
    all: wantsAll,
    eachKeys,
  }
}

/** "the name and number of floors", where each row holds that number: it is no count of different ones. */
function storedNumber(catalog: Catalog, ask: Ask, select: readonly Tied[], one: Tied): Tied | undefined {
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

/** A count without a noun over keys that are rows: what is counted are the rows related to each ("used most often"). */
function settleCounts(
  { ask, catalog, graph, assignment }: BuildInput,
  keys: readonly Column[],
  aggregates: Tied[],
  top: { by: Tied; dir: 'asc' | 'desc' } | undefined,
  where: readonly Cond[],
  price: (reason: string, cost: number) => void,
): void {
  const open = (one: Tied) => one.kind === 'count' && one.entity === undefined
  if (!aggregates.some(open) && !(top !== undefined && open(top.by))) return
  const own = keys[0]?.entity
  if (own === undefined || keys.some((key) => key.entity !== own)) return
  // "the most common first name of the actors": how often the name itself is there.
  if (ask.top?.of !== undefined && assignment.chosen.get(ask.top.of)?.kind === 'field') return
  const entity = entityIn(catalog, own)
  const names = namesOf(catalog, own)
  const perRow = keys.some(
    (key) =>
      (entity?.primaryKey.length === 1 && entity.primaryKey[0] === key.field) ||
      names.includes(key.field) ||
      entity?.displayField === key.field,
  )
  if (!perRow) return
  const many = (graph.edges.get(own) ?? []).filter((edge) => edge.kind === 'to_many' && edge.to !== own)
  const named = new Set([...assignment.chosen.values()].map((one) => one.entity))
  const near = where
    .flatMap((cond) => (cond.kind === 'has' ? [assignment.chosen.get(cond.of)?.entity] : []))
    .find((one) => one !== undefined && one !== own)
  const found = near ?? many.find((edge) => named.has(edge.to))?.to ?? many[0]?.to
  if (found === undefined) return
  if (near === undefined && many.length > 1) price('count of what', 0.4)
  const counted: Tied = { kind: 'count', entity: found, distinct: false, where: [] }
  for (const [index, one] of aggregates.entries()) if (open(one)) aggregates[index] = counted
  if (top !== undefined && open(top.by)) top.by = counted
}

/** "locations with more than one railway": the counted rows are those the column is a field of. */
function countsOwnRows(
  t: Tie,
  cond: Cond,
  plain: readonly Column[],
  rows: readonly string[],
  own: ReadonlySet<string>,
): boolean {
  if (plain.length === 0 || rows.length > 0 || own.size !== 1) return false
  if (cond.kind === 'has' && cond.count !== undefined) {
    const found = t.chosen.get(cond.of)
    if (found === undefined) return true
    return (
      (own.has(found.entity) || [...own].some((entity) => isOne(t, entity, found.entity))) &&
      (found.kind === 'entity' || (found.kind === 'field' && !isNumeric(fieldIn(t.catalog, found.entity, found.field))))
    )
  }
  if (cond.kind === 'compare' && (cond.left.kind === 'agg' || cond.left.kind === 'count')) {
    const left = tie({ ...t, price: () => {} }, cond.left)
    return left !== undefined && 'entity' in left && left.entity !== undefined && own.has(left.entity)
  }
  return false
}

/** Whether rows of two entities are the same things, key by key. */
function isOne({ catalog }: Tie, from: string, to: string): boolean {
  const relations = Object.values(entityIn(catalog, from)?.relations ?? {})
  return relations.some((one) => one.to === to && isSameThing(entityIn(catalog, from), one, entityIn(catalog, to)))
}

/** "oldest" is the highest age but the earliest birth: a quality may run against the field that holds it. */
function turned(
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

function defaultMeasure(catalog: Catalog, ask: Ask, t: Tie): Tied | undefined {
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
function usualMeasures(catalog: Catalog, entity: string, keys: readonly Tied[]): Tied[] {
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
function summedUp({ ask, catalog, graph }: BuildInput, t: Tie, by: Tied | undefined): Tied | undefined {
  const of = ask.top?.of === undefined ? undefined : t.chosen.get(ask.top.of)
  if (ask.top?.dims !== undefined || by?.kind !== 'field' || of?.kind !== 'entity' || of.entity === by.entity) return by
  const [route] = graph.routes(of.entity, by.entity)
  if (route === undefined || route.every(({ kind }) => kind === 'to_one')) return by
  const field = fieldIn(catalog, by.entity, by.field)
  if (field === undefined || !isNumeric(field)) return by
  return moneySum(catalog, by.entity, by.field)
}

/** The sum of a field, by the catalog's own rule for it where it states one. */
function moneySum(catalog: Catalog, entity: string, field: string): Tied {
  const metric = Object.entries(entityIn(catalog, entity)?.metrics ?? {}).find(
    ([, { aggregate }]) => aggregate.fn === 'sum' && aggregate.field === field,
  )
  return metric === undefined
    ? { kind: 'agg', fn: 'sum', entity, field }
    : { kind: 'metric', entity, metric: metric[0] }
}

/** The columns a field stands for: both names of a person; a key together with the name behind it. */
function fieldColumns(catalog: Catalog, one: Extract<Tied, { kind: 'field' }>): Column[] {
  if (one.names === true) return namesOf(catalog, one.entity).map((field) => ({ entity: one.entity, field }))
  const own: Column = { entity: one.entity, field: one.field }
  if (one.bare !== true || !foreignKeys(catalog, one.entity).has(one.field)) return [own]
  const column = fieldIn(catalog, one.entity, one.field)?.column
  const [name, relation] =
    Object.entries(entityIn(catalog, one.entity)?.relations ?? {}).find(
      ([, other]) => other.kind === 'to_one' && other.on.length === 1 && other.on[0]?.from === column,
    ) ?? []
  if (name === undefined || relation === undefined || relation.to === one.entity) return [own]
  const via = { entity: one.entity, relation: name }
  const names = namesOf(catalog, relation.to).map((field) => ({ entity: relation.to, field, via }))
  // A state's letters beside its name would show every state twice.
  const twice = hasMetrics(catalog) && names.length > 0 && fieldIn(catalog, one.entity, one.field)?.type === 'text'
  return twice ? names : [own, ...names]
}

function hasMetrics(catalog: Catalog): boolean {
  return Object.values(catalog.entities).some(({ metrics }) => Object.keys(metrics).length > 0)
}

function nameOf(catalog: Catalog, entity: string): Tied {
  return {
    kind: 'field',
    entity,
    field: namesOf(catalog, entity)[0] ?? Object.keys(entityIn(catalog, entity)?.fields ?? {})[0] ?? 'id',
  }
}

/** What stands for a row in a list: its key, its names, then its default columns. */
function rowColumns(catalog: Catalog, entity: string): Column[] {
  const one = entityIn(catalog, entity)
  const fields = [
    ...(one !== undefined && one.primaryKey.length === 1 ? one.primaryKey : []),
    ...namesOf(catalog, entity),
    ...(one?.defaultColumns ?? []),
  ]
  return [...new Set(fields)].slice(0, 8).map((field) => ({ entity, field }))
}

function everyColumn(catalog: Catalog, entity: string): Column[] {
  return Object.keys(entityIn(catalog, entity)?.fields ?? {}).map((field) => ({ entity, field }))
}

/** What tells rows apart in a summary: key and names. */
function keyColumns(catalog: Catalog, entity: string): Column[] {
  const one = entityIn(catalog, entity)
  const fields = [
    ...namesOf(catalog, entity),
    ...(one !== undefined && one.primaryKey.length === 1 ? one.primaryKey : []),
  ]
  return [...new Set(fields)].map((field) => ({ entity, field }))
}

function entityOf(one: Tied): string | undefined {
  if (one.kind === 'share') return entityOf(one.of)
  return one.entity
}

/** The entity whose rows are listed or counted: all columns and keys lead to one row from it. */
function rootOf(ways: Ways, plan: Plan, price: (reason: string, cost: number) => void): string | undefined {
  const summaryMode = plan.aggregates.length > 0 || plan.keys.length > 0 || plan.grainKeys.length > 0
  const need = new Set<string>()
  const facts = new Set<string>()
  const note = (one: Tied) => {
    const entity = entityOf(one)
    if (entity === undefined) return
    if (isAggregate(one)) facts.add(entity)
    else need.add(entity)
  }
  for (const one of [...plan.plain, ...plan.keys]) need.add(one.entity)
  for (const one of plan.aggregates) note(one)
  if (plan.top !== undefined) note(plan.top.by)
  for (const one of plan.order) if (typeof one.by !== 'string') note(one.by)
  if (need.size === 0 && facts.size === 0) {
    if (plan.subject === undefined) return undefined
    facts.add(plan.subject)
  }
  // A count without a noun counts rows of what is related in the conditions, else of the keys themselves.
  const candidates = new Set([...facts, ...need, ...(plan.subject === undefined ? [] : [plan.subject])])
  for (const entity of [...candidates]) for (const edge of ways.graph.edges.get(entity) ?? []) candidates.add(edge.to)
  let best: string | undefined
  let bestCost = Number.POSITIVE_INFINITY
  for (const candidate of candidates) {
    const cost = rootCost(ways, plan, candidate, need, facts, summaryMode)
    if (cost < bestCost) {
      best = candidate
      bestCost = cost
    }
  }
  if (best === undefined || bestCost >= 50) return undefined
  price('root', Math.max(0, bestCost) * 0.5)
  return best
}

function rootCost(
  ways: Ways,
  plan: Plan,
  root: string,
  need: ReadonlySet<string>,
  facts: ReadonlySet<string>,
  summaryMode: boolean,
): number {
  let cost = 0
  for (const entity of need) {
    const route = routeOf(ways, root, entity, true)
    if (route === undefined) return 100
    cost += route.reduce((sum, edge) => sum + edge.cost, 0)
  }
  for (const entity of facts) {
    if (entity === root) continue
    const one = routeOf(ways, root, entity, true)
    const many = one ?? routeOf(ways, root, entity)
    if (many === undefined) return 100
    const length = many.reduce((sum, edge) => sum + edge.cost, 0)
    // Rows of the counted thing itself are the surest root; a linking table between is the next.
    if (one !== undefined) cost += isLink({ ways }, root) ? length * 0.6 : length + 0.5
    else cost += facts.size > 1 ? length * 0.3 : length + 1.2
    // Two facts side by side are each taken whole: not only the one's rows that the other leads to.
    if (one !== undefined && facts.size > 1 && facts.has(root) && need.size > 0) cost += 2
  }
  if (!summaryMode && !need.has(root)) cost += 0.3
  if (plan.subject === root) cost -= 0.05
  // Rows the prompt names must take part: "names of perpetrators" are those of people who are perpetrators.
  else if (
    plan.said !== undefined &&
    !need.has(plan.said) &&
    !facts.has(plan.said) &&
    ![...need].some((entity) => routeOf(ways, root, entity, true)?.some((edge) => edge.to === plan.said))
  )
    cost += 1.6
  if (facts.size === 0 && !need.has(root)) cost += 0.5
  return cost
}

/** "never ordered product Latte": the verb alone ("no orders at all") says less than was meant. */
function withoutRepeats(filters: readonly Filter[]): Filter[] {
  const none = (filter: Filter) => ('relation' in filter && filter.match === 'none' ? filter : undefined)
  const once = filters.filter(
    (filter, index) => filters.findIndex((other) => JSON.stringify(other) === JSON.stringify(filter)) === index,
  )
  return once.filter((filter) => {
    const bare = none(filter)
    if (bare === undefined || bare.where !== undefined) return true
    return !once.some((other) => {
      const full = none(other)
      return (
        full !== undefined &&
        full !== bare &&
        full.where !== undefined &&
        `${full.relation}.`.startsWith(`${bare.relation}.`)
      )
    })
  })
}

/** The subject when no column, key or aggregate speaks of it: it is then a condition that it exists. */
function unsaid(plan: Plan): string | undefined {
  const subject = plan.said
  if (subject === undefined) return undefined
  const spoken =
    [...plan.plain, ...plan.keys].some((one) => one.entity === subject) ||
    plan.aggregates.some((one) => entityOf(one) === subject)
  return spoken || (plan.top !== undefined && entityOf(plan.top.by) === subject) ? undefined : subject
}

type Price = (reason: string, cost: number) => void

/** Filters of all conditions seen from the root. */
function filtersAt(
  c: Conditions,
  root: string,
  conds: readonly Cond[],
  price: Price,
  pivotField: Column | undefined,
  subject: string | undefined,
): Filter[] {
  const filters: Filter[] = []
  const simple: Cond[] = []
  for (const cond of untangled(c, conds, pivotField === undefined ? root : undefined)) {
    const special = pivotField === undefined ? undefined : setFilter(c, root, cond, pivotField, price)
    if (special === undefined) simple.push(cond)
    else filters.push(special)
  }
  const placedHere = placedOf(c, simple, root)
  if (subject !== undefined && subject !== root) placedHere.push({ entity: subject, filter: EXISTS })
  const { filters: placed, lost } = placeAll(c.ways, root, placedHere)
  if (lost > 0) price('condition out of reach', 2.5 * lost)
  return withoutRepeats([...placed.filter((filter) => !isTrivial(filter)), ...filters])
}

/** Two values for one field cannot hold of one row: each must hold of some row ("… in 2001 and in 2002"), or either of this one. */
function untangled(c: Conditions, conds: readonly Cond[], root: string | undefined): Cond[] {
  const groups = new Map<string, Cond[]>()
  const keyOf = (cond: Cond): string | undefined => {
    if (cond.kind !== 'value' && cond.kind !== 'number') return undefined
    if ((cond.kind === 'value' && cond.op !== 'eq') || (cond.kind === 'number' && cond.op !== undefined))
      return undefined
    const found = c.tie.chosen.get(cond)
    return found?.kind === 'field' ? `${found.entity}.${found.field}` : undefined
  }
  const said = (cond: Cond) => {
    const found = c.tie.chosen.get(cond)
    return cond.kind === 'number' ? String(cond.value) : found?.kind === 'field' ? (found.value ?? '') : ''
  }
  for (const cond of conds) {
    const key = keyOf(cond)
    if (key !== undefined) groups.set(key, [...(groups.get(key) ?? []), cond])
  }
  const out: Cond[] = []
  const done = new Set<string>()
  for (const cond of conds) {
    const key = keyOf(cond)
    const group = key === undefined ? undefined : groups.get(key)
    if (key === undefined || group === undefined || new Set(group.map(said)).size < 2) {
      out.push(cond)
      continue
    }
    if (done.has(key)) continue
    done.add(key)
    const either = root !== undefined && group.every((one) => speaksOfRoot(c, root, one))
    out.push(either ? { kind: 'or', parts: group } : { kind: 'and', parts: group, apart: true })
    c.tie.price('two values of one field', 0.3)
  }
  return out
}

/** "both A and B" and "but never B" over rows of the root itself: about the column's value, not about one row. */
function setFilter(c: Conditions, root: string, cond: Cond, column: Column, price: Price): Filter | undefined {
  const unique = entityIn(c.ways.catalog, column.entity)?.primaryKey
  if (unique?.length === 1 && unique[0] === column.field) return undefined
  const path = pathOf(c.ways, root, column.entity, column.field)
  if (path === undefined) return undefined
  const sub = (part: Cond): Filter | undefined => {
    const { filters, lost } = placeAll(c.ways, root, placedOf(c, [part], root))
    if (lost > 0) price('condition out of reach', 2.5)
    const real = filters.filter((filter) => !isTrivial(filter))
    return real.length === 0 ? undefined : allOf(real)
  }
  const inSet = (part: Cond, op: 'in' | 'not_in'): Filter | undefined => {
    const filters = sub(part)
    if (filters === undefined) return undefined
    return {
      field: path,
      op,
      value: { definition: { ...empty(root), columns: [{ field: path }], filters, distinct: true } },
    }
  }
  if (cond.kind === 'and' && cond.apart === true) {
    const oneRow = cond.parts.every((part) => speaksOfRoot(c, root, part))
    if (!oneRow) return undefined
    const parts = cond.parts.flatMap((part) => inSet(part, 'in') ?? [])
    return parts.length === 0 ? undefined : allOf(parts)
  }
  if (cond.kind === 'not' && cond.part.kind === 'has' && cond.part.count === undefined) {
    const found = c.tie.chosen.get(cond.part.of)
    if (found?.entity !== root || cond.part.where.length === 0) return undefined
    return inSet({ kind: 'and', parts: [...cond.part.where] }, 'not_in')
  }
  return undefined
}

/** Whether a condition compares values of the root's own row, which cannot be two things at once. */
function speaksOfRoot(c: Conditions, root: string, part: Cond): boolean {
  const placed = placedOf({ ...c, tie: { ...c.tie, price: () => {} } }, [part], root)
  return placed.every((one) => {
    if (one.entity === root) return true
    const route = routeOf(c.ways, root, one.entity, true) ?? routeOf(c.ways, root, one.entity)
    return route !== undefined && isToOne(route)
  })
}

function list(
  { ask, said }: BuildInput,
  plan: Plan,
  root: string,
  c: Conditions,
  price: Price,
): Definition | undefined {
  const columns: { field: string }[] = []
  for (const one of plan.plain) {
    const path = columnPath(c, root, one)
    if (path === undefined) return undefined
    if (!columns.some((column) => column.field === path)) columns.push({ field: path })
  }
  const pivotField = plan.rows.length === 0 ? plan.plain[0] : undefined
  const filters = filtersAt(c, root, plan.where, price, pivotField, unsaid(plan))
  const sortBy: Sort[] = []
  for (const order of plan.order) sortBy.push(...listSort(c, root, order, columns, plan, price))
  let limit: number | null = plan.limit ?? null
  const outer = plan.top?.by.kind === 'field' ? outerExtreme(c, root, plan, plan.top.by, plan.top.dir) : undefined
  if (outer !== undefined) {
    filters.push(outer)
    limit = null
  } else if (plan.top !== undefined) {
    const path = plan.top.by.kind === 'field' ? pathOf(c.ways, root, plan.top.by.entity, plan.top.by.field) : undefined
    if (path === undefined) price('superlative out of reach', 2)
    else {
      if (plan.order.length === 0) sortBy.unshift({ field: path, direction: plan.top.dir })
      else sortBy.unshift({ field: path, direction: plan.top.dir })
    }
  } else if (ask.top !== undefined && plan.limit !== undefined) limit = plan.limit
  const distinct =
    ask.distinct ||
    (!namesRows(c.ways.catalog, root, plan.plain) &&
      plan.rows.length === 0 &&
      limit === null &&
      sortBy.every((one) => columns.some((column) => column.field === one.field)))
  if (!['all', 'every', 'each'].some((word) => said.has(word)))
    filters.push(
      ...partners(
        c.ways.catalog,
        root,
        [...columns, ...sortBy].map(({ field }) => field),
      ),
    )
  const hidden = sortBy.filter((one) => !columns.some((column) => column.field === one.field))
  if (ask.distinct && hidden.length > 0 && hidden.length === sortBy.length)
    return merged(root, columns, filters, sortBy, limit)
  const definition: Definition = {
    ...empty(root),
    columns,
    ...(filters.length === 0 ? {} : { filters: allOf(filters) }),
    sortBy: distinctSort(sortBy, columns, distinct),
    limit,
    distinct,
  }
  return definition
}

/** The path of a column, through the relation it names. */
function columnPath({ ways }: Conditions, root: string, { entity, field, via }: Column): string | undefined {
  if (via === undefined) return pathOf(ways, root, entity, field)
  const route = routeOf(ways, root, via.entity, true)
  return route === undefined ? undefined : [...route.map((edge) => edge.relation), via.relation, field].join('.')
}

/** "Players and their coaches", where the pairing is kept elsewhere: players without one are no pair. */
function partners(catalog: Catalog, root: string, paths: readonly string[]): Filter[] {
  const entity = entityIn(catalog, root)
  const [key] = entity?.primaryKey ?? []
  const column = key === undefined ? undefined : entity?.fields[key]?.column
  const routes = paths.filter((path) => path.includes('.')).map((path) => path.replace(/\.[^.]*$/, ''))
  return [...new Set(routes)].flatMap((route): Filter[] => {
    const on = entity?.relations[route.replace(/\..*$/, '')]?.on ?? []
    return on.length === 1 && on[0]?.from === column ? [{ relation: route, match: 'some' }] : []
  })
}

/** Different names in the order of a field that is not shown: each by the first of its rows. */
function merged(
  root: string,
  columns: readonly { field: string }[],
  filters: readonly Filter[],
  sortBy: readonly Sort[],
  limit: number | null,
): Definition {
  const aggregates: Aggregate[] = sortBy.map((one, index) => ({
    id: `order_${index + 1}`,
    fn: one.direction === 'desc' ? 'max' : 'min',
    field: one.field,
    hidden: true,
  }))
  return {
    ...empty(root),
    groupBy: columns.map(({ field }) => ({ field })),
    aggregates,
    ...(filters.length === 0 ? {} : { filters: allOf(filters) }),
    sortBy: sortBy.map((one, index) => ({ field: `order_${index + 1}`, direction: one.direction })),
    limit,
  }
}

/** "students of the largest college": the extreme picks the college, and all of its students are listed. */
function outerExtreme(
  c: Conditions,
  root: string,
  plan: Plan,
  by: { entity: string; field: string },
  dir: 'asc' | 'desc',
): Filter | undefined {
  if ((plan.limit ?? 1) !== 1 || by.entity === root || plan.plain.some((one) => one.entity === by.entity))
    return undefined
  const shown = plan.plain[0]?.entity
  if (shown === undefined) return undefined
  const route = routeOf(c.ways, shown, by.entity, true)
  if (route === undefined || route.length === 0) return undefined
  const path = pathOf(c.ways, root, by.entity, by.field)
  if (path === undefined) return undefined
  return {
    field: path,
    op: 'eq',
    value: { aggregate: { fn: dir === 'desc' ? 'max' : 'min', field: by.field, of: by.entity } },
  }
}

/** Whether the columns tell rows apart; "all card types" alone does not, and repeating them says nothing. */
function namesRows(catalog: Catalog, root: string, columns: readonly Column[]): boolean {
  return columns.some((one) => {
    // What only leads to other rows tells them apart, not these.
    if (one.entity !== root || foreignKeys(catalog, root).has(one.field)) return false
    const entity = entityIn(catalog, one.entity)
    const field = fieldIn(catalog, one.entity, one.field)
    if (isNumeric(field) || isTime(field)) return true
    return (
      entity?.primaryKey.includes(one.field) === true ||
      entity?.displayField === one.field ||
      namesOf(catalog, one.entity).includes(one.field)
    )
  })
}

/** With `distinct`, only shown columns may order the rows. */
function distinctSort(sortBy: readonly Sort[], columns: readonly { field: string }[], distinct: boolean): Sort[] {
  const once = sortBy.filter((one, index) => sortBy.findIndex((other) => other.field === one.field) === index)
  return distinct ? once.filter((one) => columns.some((column) => column.field === one.field)) : once
}

function listSort(
  c: Conditions,
  root: string,
  order: Plan['order'][number],
  columns: readonly { field: string }[],
  plan: Plan,
  price: Price,
): Sort[] {
  if (order.by === 'alpha' || order.by === 'selected') {
    if (order.by === 'selected') {
      const first = plan.plain[0]
      const field = first === undefined ? undefined : fieldIn(c.ways.catalog, first.entity, first.field)
      const amount = plan.plain.find((one) => isNumeric(fieldIn(c.ways.catalog, one.entity, one.field)))
      // "largest first" speaks of an amount where a row begins with its key or name.
      if (amount !== undefined && plan.rows.length > 0 && !isNumeric(field)) {
        const path = pathOf(c.ways, root, amount.entity, amount.field)
        if (path !== undefined) return [{ field: path, direction: order.dir }]
      }
    }
    const text = plan.plain.find((one) => {
      const field = fieldIn(c.ways.catalog, one.entity, one.field)
      return order.by === 'alpha' ? field?.type === 'text' || field?.type === 'enum' : true
    })
    const chosen = text ?? plan.plain[0]
    const path = chosen === undefined ? columns[0]?.field : pathOf(c.ways, root, chosen.entity, chosen.field)
    return path === undefined ? [] : [{ field: path, direction: order.dir }]
  }
  if (order.by.kind === 'field') {
    const path = pathOf(c.ways, root, order.by.entity, order.by.field)
    if (path !== undefined) return [{ field: path, direction: order.dir }]
  }
  price('order out of reach', 1.5)
  return []
}

function summary(
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
      const field = aggregates[0]?.id ?? groupBy[0]?.id ?? groupBy[0]?.field
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
  const inside = insideFacts(c, root, [...where, ...extra], plan)
  for (const [entity, conds] of inside.facts) {
    const limit = filterAt(c, entity, conds)
    if (limit === undefined) continue
    for (const [index, one] of aggregates.entries())
      if (made.get(one.id) === entity)
        aggregates[index] = { ...one, where: one.where === undefined ? limit : allOf([one.where, limit]) }
  }
  const filters = filtersAt(c, root, inside.rest, price, undefined, unsaid(plan))
  if (ask.extras.running === true && aggregates[0] !== undefined)
    calculations.push({ id: `running_${aggregates[0].id}`, fn: 'running_total', of: aggregates[0].id })
  const share =
    ask.extras.share === true && aggregates[0] !== undefined && calculations.length === 0 ? aggregates[0].id : undefined
  if (share !== undefined)
    calculations.push({ id: `share_of_${share}`, fn: 'percent_of_total', of: share, format: { style: 'percent' } })
  if (aggregates.length === 0 && groupBy.length === 0) return undefined
  // "top 3 donors in each segment": the limit begins anew in each.
  const each =
    plan.top === undefined || plan.limit === undefined || plan.rows.length === 0
      ? []
      : plan.eachKeys.flatMap((key) => keyIds.get(`${key.entity}.${key.field}`) ?? [])
  const limits =
    each.length > 0 && plan.limit !== undefined
      ? { limit: null, limitPer: { by: each, limit: plan.limit } }
      : { limit: plan.limit ?? null }
  if (plan.limit !== undefined) for (const relation of keyRelations(c, root, plan)) filters.push(relation)
  const shared = groupBy.length === 0 ? undefined : sharedWhere(catalog, root, aggregates)
  if (shared !== undefined) filters.push(shared)
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

/** "the average age of male and female students": the ages of each, where nothing is ranked. */
function listedKeys(plan: Plan, c: Conditions): Column[] {
  if (plan.aggregates.length === 0 || plan.top !== undefined || hasMetrics(c.ways.catalog)) return []
  return plan.where.flatMap((cond) => {
    if (cond.kind !== 'or' || cond.listed !== true) return []
    const fields = cond.parts.map((part) => c.tie.chosen.get(part))
    const [first] = fields
    if (first?.kind !== 'field') return []
    const one = fields.every((other) => other?.kind === 'field' && other.field === first.field)
    return one ? [{ entity: first.entity, field: first.field }] : []
  })
}

/** Conditions of what is measured behind a to-many relation limit what is counted, not whose row is shown. */
function insideFacts(
  c: Conditions,
  root: string,
  conds: readonly Cond[],
  plan: Plan,
): { facts: Map<string, Cond[]>; rest: Cond[] } {
  const measured = [...plan.aggregates, ...(plan.top === undefined ? [] : [plan.top.by])].flatMap((one) =>
    isAggregate(one) ? (entityOf(one) ?? []) : [],
  )
  const far = [...new Set(measured)].filter(
    (entity) => entity !== root && routeOf(c.ways, root, entity, true) === undefined,
  )
  const facts = new Map<string, Cond[]>()
  const rest: Cond[] = []
  const quiet: Conditions = { ...c, tie: { ...c.tie, price: () => {} } }
  for (const cond of conds) {
    const placed = cond.kind === 'has' || cond.kind === 'not' ? [] : placedOf(quiet, [cond], root)
    const fact = far.find(
      (entity) =>
        placed.length > 0 &&
        placed.every(
          (one) =>
            one.entity === entity ||
            (routeOf(c.ways, root, one.entity, true) === undefined &&
              routeOf(c.ways, entity, one.entity, true) !== undefined),
        ),
    )
    if (fact === undefined) {
      rest.push(cond)
      continue
    }
    facts.set(fact, [...(facts.get(fact) ?? []), cond])
    // One period said of two facts holds for both, each by its own date.
    if (cond.kind === 'period')
      for (const other of far) {
        const date = entityIn(c.ways.catalog, other)?.defaultDate
        if (other === fact || date === undefined) continue
        const copy: Cond = { ...cond }
        c.tie.remember(copy, { kind: 'field', entity: other, field: date, cost: 0 })
        facts.set(other, [...(facts.get(other) ?? []), copy])
      }
  }
  return { facts, rest }
}

/** The rows behind a top list are rows that exist: gifts without a campaign are no campaign. */
function keyRelations(c: Conditions, root: string, plan: Plan): Filter[] {
  const found: Filter[] = []
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
    // A key that is stored here counts, whether its row is there or not.
    const stored = plan.keys.find(
      (key) => key.entity === entity && ownKey(c.ways.catalog, last, key.field) !== undefined,
    )
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

/** A field that orders groups but is no key: its largest or smallest value in the group. */
function bestOfGroup(
  c: Conditions,
  root: string,
  by: { entity: string; field: string },
  dir: 'asc' | 'desc',
  aggregates: Aggregate[],
): string | undefined {
  const path = pathOf(c.ways, root, by.entity, by.field)
  if (path === undefined) return undefined
  const id = `${dir === 'desc' ? 'max' : 'min'}_${by.field}`
  if (!aggregates.some((one) => one.id === id))
    aggregates.push({ id, fn: dir === 'desc' ? 'max' : 'min', field: path, hidden: true })
  return id
}

/** A condition on the number or average of each group's rows. */
function groupCondition(
  c: Conditions,
  root: string,
  cond: Cond,
  plan: Plan,
  idOf: (one: Tied) => string | undefined,
  ratio: (part: string, whole: string) => string,
): { filter: Filter; where: Cond[] } | undefined {
  if (plan.keys.length === 0) return undefined
  if (cond.kind === 'has' && cond.count !== undefined) {
    const found = c.tie.chosen.get(cond.of)
    const counted = plan.aggregates.find(
      (one) => one.kind === 'count' && (found === undefined || one.entity === found.entity),
    )
    if (found !== undefined && found.entity !== root && counted === undefined) return undefined
    const id = idOf(counted ?? { kind: 'count', entity: root, distinct: false, where: [] })
    return id === undefined
      ? undefined
      : { filter: { field: id, op: cond.count.op, value: cond.count.value }, where: cond.where }
  }
  if (cond.kind === 'compare' && cond.right.kind === 'percent' && cond.op !== 'between') {
    const left = tie(c.tie, cond.left)
    const whole = tie(c.tie, cond.right.of)
    if (left === undefined || whole?.kind !== 'field' || !isAggregate(left)) return undefined
    const path = pathOf(c.ways, root, whole.entity, whole.field)
    const id = path === undefined ? undefined : idOf(left)
    if (path === undefined || id === undefined) return undefined
    return { filter: { field: ratio(id, path), op: cond.op, value: cond.right.percent / 100 }, where: [] }
  }
  if (cond.kind === 'compare' && (cond.left.kind === 'agg' || cond.left.kind === 'count')) {
    const left = tie(c.tie, cond.left)
    const right = cond.op === 'between' ? rangeValue(c, cond.right) : numberOf(cond.right)
    if (left === undefined || right === undefined) return undefined
    const entity = entityOf(left)
    if (entity !== undefined && entity !== root && pathOf(c.ways, root, entity, 'x') === undefined) return undefined
    const id = idOf(left)
    return id === undefined ? undefined : { filter: { field: id, op: cond.op, value: right }, where: [] }
  }
  return undefined
}

/** The date that a grain without a noun means: the one a period speaks of, else the root's default, else the nearest. */
function dateOf(c: Conditions, root: string, ask: Ask): string | undefined {
  for (const cond of ask.where) {
    if (cond.kind !== 'period') continue
    const found = (cond.field === undefined ? undefined : c.tie.chosen.get(cond.field)) ?? c.tie.chosen.get(cond)
    if (found?.kind === 'field' && isTime(fieldIn(c.ways.catalog, found.entity, found.field))) {
      const path = pathOf(c.ways, root, found.entity, found.field)
      if (path !== undefined) return path
    }
  }
  const entity = entityIn(c.ways.catalog, root)
  if (entity?.defaultDate !== undefined) return entity.defaultDate
  const own = Object.entries(entity?.fields ?? {}).find(([, field]) => isTime(field))
  if (own !== undefined) return own[0]
  for (const edge of c.ways.graph.edges.get(root) ?? []) {
    const target = entityIn(c.ways.catalog, edge.to)
    if (edge.kind === 'to_one' && target?.defaultDate !== undefined) return `${edge.relation}.${target.defaultDate}`
  }
  return undefined
}

function aggregateOf(c: Conditions, root: string, one: Tied, price: Price): Aggregate | undefined {
  const { ways } = c
  if (one.kind === 'metric') {
    const route = routeOf(ways, root, one.entity, true) ?? routeOf(ways, root, one.entity)
    if (route === undefined) return undefined
    return { id: one.metric, metric: route.length === 0 ? one.metric : `${routePath(route)}.${one.metric}` }
  }
  if (one.kind === 'agg') {
    const route = routeOf(ways, root, one.entity, true) ?? routeOf(ways, root, one.entity)
    if (route === undefined) return undefined
    const path = [...route.map((edge) => edge.relation), one.field].join('.')
    // Seen from a linking table, each link counts: the average over enrolments weighs a student once per course.
    const perRow = route.length > 0 && isToOne(route) && (one.fn === 'sum' || one.fn === 'avg')
    return { id: `${one.fn}_${one.field}`, fn: one.fn, field: path, ...(perRow ? { per: 'source_rows' } : {}) }
  }
  if (one.kind === 'count') {
    if (one.field !== undefined && one.entity !== undefined) {
      const route = routeOf(ways, root, one.entity, true) ?? routeOf(ways, root, one.entity)
      if (route === undefined) return undefined
      return {
        id: `count_${one.field}`,
        fn: 'count_distinct',
        field: [...route.map((edge) => edge.relation), one.field].join('.'),
      }
    }
    const entity = one.entity ?? root
    if (entity === root) return { id: `count_${root}`, fn: 'count' }
    const one1 = routeOf(ways, root, entity, true)
    const route = one1 ?? routeOf(ways, root, entity)
    if (route === undefined) return undefined
    if (one1 !== undefined && isLink(c, root) && !one.distinct) return { id: `count_${entity}`, fn: 'count' }
    if (one1 === undefined) {
      let end = route.length
      while (end > 1 && route[end - 1]?.kind === 'to_one' && isLink(c, route[end - 1]?.from ?? '') && !one.distinct)
        end -= 1
      return { id: `count_${entity}`, fn: 'count', per: routePath(route.slice(0, end)) }
    }
    return { id: `count_${entity}`, fn: 'count', per: routePath(route) }
  }
  price('measure without a function', 1)
  return undefined
}

export function isNumericField(catalog: Catalog, entity: string, field: string): boolean {
  return isNumeric(fieldIn(catalog, entity, field))
}

/** Words of a field, for explanations. */
export function wordsOfField(catalog: Catalog, entity: string, field: string): readonly string[] {
  return fieldWords(catalog, entity, field)
}

export type { Measure }
