// What a reading shows, groups, measures, orders and limits, before any path is taken.
// In: an ask with its nouns tied. Out: the plan, or nothing where it shows nothing.
// Refused: paths and filters; the root is not known yet.
import type { Catalog } from '../../../catalog/schema.ts'
import { type Filter, Filter as FilterSchema } from '../../../definition/schema.ts'
import { isSameThing } from '../graph.ts'
import { DATE } from '../keywords.ts'
import type { Ask, Cond, OrderBy } from '../read/ast.ts'
import { hasMetrics } from '../written.ts'
import { everyColumn, fieldColumns, keyColumns, nameOf, rowColumns } from './columns.ts'
import { entityIn, fieldIn, isNumeric, namesOf } from './facts.ts'
import { defaultMeasure, moneySum, ruleOf, storedNumber, summedUp, turned, usualMeasures } from './measures.ts'
import { type Tie, type Tied, tie } from './resolved.ts'
import { type BuildInput, type Column, isAggregate, type Key, type Plan } from './shape.ts'

/** The plan of a reading, or undefined where it shows nothing. */
export function planOf(
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
  const ratio = ratioOf(t, ask)
  const measures: readonly Tied[] = (ratio === undefined ? select : [ratio]).map((one, index) => {
    if (one.kind === 'ratio') return one
    if (single && one.kind === 'agg') return { kind: 'field', entity: one.entity, field: one.field }
    const said = ask.select[index]
    const stored = storedNumber(catalog, ask, select, one)
    if (stored !== undefined) return stored
    // "donors with total donations": what is called a total and is stored row by row is summed.
    const field = one.kind === 'field' ? fieldIn(catalog, one.entity, one.field) : undefined
    return one.kind === 'field' &&
      (select.length > 1 || hasMetrics(catalog)) &&
      said?.kind === 'noun' &&
      /^(total|overall|combined) /.test(said.of.chunk.word) &&
      field?.type === 'money' &&
      !/total|overall|combined/i.test(field.label)
      ? moneySum(catalog, one.entity, one.field)
      : one
  })
  // "share of expenses": of how many there are and of how much they are.
  const aggregates: Tied[] = measures
    .filter(isAggregate)
    .flatMap((one) =>
      one.kind === 'share' &&
      one.of.kind === 'count' &&
      one.of.entity !== undefined &&
      one.of.field === undefined &&
      hasMetrics(catalog)
        ? usualMeasures(catalog, one.of.entity, []).map((of): Tied => ({ kind: 'share', of }))
        : [one],
    )
  const shown: Tied[] = measures.filter((one) => !isAggregate(one))
  const rowsOf = ask.group.length === 0 && ask.top === undefined ? countedRows(t, ask, measures) : undefined
  if (rowsOf !== undefined) {
    aggregates.length = 0
    shown.push({ kind: 'entity', entity: rowsOf.entity })
  }
  // "average freight per shipment by carrier": each shipment has one, and it is all of them that the mean is of.
  const keyed = ask.group.filter(({ per, of }) => {
    const rows = per === true && of !== undefined ? t.chosen.get(of) : undefined
    return rows?.kind !== 'entity' || !hasMetrics(catalog) || !aggregates.every((one) => isMeanOf(one, rows.entity))
  })
  const groups =
    ratio === undefined
      ? keyed.flatMap((one) => (one.of === undefined ? [] : (tie(t, { kind: 'noun', of: one.of }) ?? [])))
      : []
  const grainKeys = ask.group.flatMap((one) =>
    one.grain === undefined ? [] : [{ grain: one.grain, pivot: one.pivot === true }],
  )
  const [only] = shown
  if (ask.features.rowsBy === 1 && shown.length === 1 && only?.kind === 'entity' && aggregates.length === 0) {
    // "expenses by category": how many and how much, by category.
    if (ask.top?.by === undefined && ask.order.every(({ by }) => by === 'selected')) {
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
  const extreme =
    groups.length > 0 && aggregates.length === 0 && only?.kind === 'entity' ? extremeOf(t, ask, only) : undefined
  if (extreme !== undefined) {
    aggregates.push(extreme)
    shown.length = 0
  }
  const rule = ruleOf(input, groups, price)
  aggregates.splice(0, aggregates.length, ...aggregates.map(rule))
  let top: { by: Tied; dir: 'asc' | 'desc' } | undefined
  if (ask.top !== undefined && extreme === undefined) {
    const by = ask.top.by === undefined ? defaultMeasure(catalog, ask, t) : summedUp(input, t, tie(t, ask.top.by))
    if (by === undefined) {
      // ", top 5" behind an ordering or an aggregate only says how many.
      if (aggregates.length === 0 && ask.order.length === 0) price('superlative without measure', 1.5)
      else if (ask.order.length === 0) {
        const most = aggregates.find((one) => isSum(catalog, one)) ?? aggregates[0]
        if (most !== undefined) top = { by: most, dir: ask.top.dir }
      }
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
  if (top !== undefined) top = { ...top, by: rule(top.by) }
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
        // "biggest donors first" are not those whose names begin with Z, nor is it how many donors a donor is.
        by:
          aggregates.length > 0 && isSize(one) && meansRows(one)
            ? 'selected'
            : by.kind === 'entity'
              ? nameOf(catalog, by.entity)
              : by,
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
  const groupMentions = keyed.filter((one) => one.of !== undefined)
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
      grainKeys.length === 0 &&
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
    limit:
      extreme !== undefined
        ? undefined
        : ask.top === undefined || (ask.top.limit === 1 && ask.limit !== undefined)
          ? ask.limit
          : ask.top.limit,
    where,
    limits: rowsOf === undefined ? [] : [rowsOf.filter],
    having,
    subject,
    said: ask.subject === undefined || ask.subject.soft ? undefined : t.chosen.get(ask.subject)?.entity,
    all: wantsAll,
    eachKeys,
  }
}

function isMeanOf(one: Tied, entity: string): boolean {
  return one.kind === 'agg' && one.entity === entity && (one.fn === 'avg' || one.fn === 'median')
}

/** "filings filed late": the rows that a metric counts, where the noun before its name says them. */
function countedRows(t: Tie, ask: Ask, measures: readonly Tied[]): { entity: string; filter: Filter } | undefined {
  const [said, second] = ask.select
  const [one] = measures
  if (said?.kind !== 'noun' || second !== undefined || one?.kind !== 'metric' || said.of.owner === undefined)
    return undefined
  const rows = t.chosen.get(said.of.owner)
  const aggregate = entityIn(t.catalog, one.entity)?.metrics[one.metric]?.aggregate
  const filter = FilterSchema.safeParse(aggregate?.where)
  if (rows?.kind !== 'entity' || rows.entity !== one.entity || aggregate?.fn !== 'count' || !filter.success)
    return undefined
  return said.of.owner.chunk.to === said.of.chunk.from ? { entity: one.entity, filter: filter.data } : undefined
}

/** "average number of gifts per donor": how many there are for one donor, not a row for each. */
function ratioOf(t: Tie, ask: Ask): Tied | undefined {
  const [measure, second] = ask.select
  const [group, other] = ask.group
  if (measure?.kind !== 'agg' || measure.fn !== 'avg' || second !== undefined || other !== undefined) return undefined
  if (group?.per !== true || group.of === undefined) return undefined
  const of = t.chosen.get(measure.of)
  const per = t.chosen.get(group.of)
  const rows = measure.of.chunk.links.some(({ target, score }) => target.kind === 'entity' && score >= 0.9)
  const counts =
    of?.kind === 'metric' && /^count/.test(String(entityIn(t.catalog, of.entity)?.metrics[of.metric]?.aggregate.fn))
  // "average gift per donor" may as well be each donor's own average.
  if (of?.kind !== 'metric' || per?.kind !== 'entity' || (rows && !counts)) return undefined
  return { kind: 'ratio', of: { kind: 'metric', entity: of.entity, metric: of.metric }, per: per.entity }
}

/** "largest expense in each category": of rows without names the number is what is asked for. */
function extremeOf(t: Tie, { top }: Ask, { entity }: { entity: string }): Tied | undefined {
  if (top?.by === undefined || top.limit !== 1 || entityIn(t.catalog, entity)?.displayField !== undefined)
    return undefined
  if (!hasMetrics(t.catalog)) return undefined
  const by = tie(t, top.by)
  if (by?.kind !== 'field' || by.entity !== entity || !isNumeric(fieldIn(t.catalog, entity, by.field))) return undefined
  return { kind: 'agg', fn: top.dir === 'desc' ? 'max' : 'min', entity, field: by.field }
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

/** Whether an order is by a noun that means rows. */
function meansRows({ by }: OrderBy): boolean {
  const of = typeof by === 'string' || (by.kind !== 'noun' && by.kind !== 'dim') ? undefined : by.of
  return of?.chunk.links.some(({ target, score }) => target.kind === 'entity' && score >= 0.9) ?? false
}

/** Whether an order is by how large rows are, and not by a field or date of theirs. */
function isSize({ by, dims }: OrderBy): boolean {
  return typeof by !== 'string' && (by.kind === 'dim' || by.kind === 'noun') && dims !== undefined && dims !== DATE
}

function isSum(catalog: Catalog, one: Tied): boolean {
  if (one.kind === 'metric') return entityIn(catalog, one.entity)?.metrics[one.metric]?.aggregate.fn === 'sum'
  return one.kind === 'agg' && one.fn === 'sum'
}
