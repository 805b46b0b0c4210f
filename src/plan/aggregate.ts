// Aggregates over related rows: each row of the counted entity once, whatever else is joined.
import { type Hop, resolvePath } from '../catalog/find.ts'
import { canonicalJson } from '../catalog/hash.ts'
import type { Catalog } from '../catalog/schema.ts'
import { type CountedAggregate, mayRepeat, resolveAggregate } from '../definition/aggregate.ts'
import { typeClass } from '../definition/formula-type.ts'
import type { AggregateExpr, ValueAggregate } from '../definition/schema.ts'
import { and, bool, cast, coalesce, column, integer, op, param, test } from './build.ts'
import { planFilter, rowScope } from './condition.ts'
import {
  fieldOfRow,
  identityOf,
  joinOn,
  knownEntity,
  newFrame,
  type PlanContext,
  type RowFrame,
  sqlTypeOf,
  type Typed,
  typed,
} from './context.ts'
import { planFormula } from './formula.ts'
import type { Expr, Join, Select } from './ir.ts'

/** A checked aggregate with its short forms resolved; throws when the check was not done. */
export function countedAggregate(context: PlanContext, entityName: string, expr: AggregateExpr): CountedAggregate {
  const resolved = resolveAggregate(context.catalog, entityName, expr)
  if (!resolved.ok)
    throw new Error(`aggregate passed the check but is wrong: ${resolved.problems.map((p) => p.code).join(', ')}`)
  return resolved.aggregate
}

/** Joins that lead along hops from an alias, every related row once per way; the last frame is at their end. */
export function joinAlong(
  context: PlanContext,
  hops: readonly Hop[],
  from: string,
  joins: Join[],
): RowFrame | undefined {
  let alias = from
  let end: RowFrame | undefined
  for (const hop of hops) {
    end = newFrame(context, hop.to, joins)
    joins.push({
      type: 'inner',
      source: { kind: 'table', entity: hop.to, alias: end.alias },
      on: joinOn(context.catalog, hop.from, hop.relation, alias, end.alias),
    })
    alias = end.alias
  }
  return end
}

/** A select over the rows a relation path leads to from one row, to stand in EXISTS. */
export function rowsAlong(
  row: RowFrame,
  relation: string,
): { query: Select & { where: readonly Expr[] }; end: RowFrame } {
  const { context } = row
  const hops = hopsOf(context.catalog, row.entityName, relation)
  const [first, ...rest] = hops
  if (first === undefined) throw new Error(`relation "${relation}" passed the check but has no hops`)
  const joins: Join[] = []
  const start = newFrame(context, first.to, joins)
  const end = joinAlong(context, rest, start.alias, joins) ?? start
  const query = {
    kind: 'select' as const,
    columns: [{ as: 'one', expr: integer(1) }],
    from: { kind: 'table' as const, entity: first.to, alias: start.alias },
    where: joinOn(context.catalog, first.from, first.relation, row.alias, start.alias),
  }
  return { query, end }
}

function hopsOf(catalog: Catalog, entityName: string, path: string): readonly Hop[] {
  const resolved = resolvePath(catalog, entityName, path)
  if (!resolved.ok) throw new Error(`path "${path}" passed the check but leads nowhere`)
  return resolved.hops
}

/** What an aggregate needs of each counted row: its value, whether it counts, and its order. */
export type CountedRow = { readonly value?: Typed; readonly keep?: Expr; readonly by?: Typed }

/** Reads a counted row's parts from the frame at which it stands. */
export function countedRow(aggregate: CountedAggregate, row: RowFrame): CountedRow {
  const { value, by, where } = aggregate
  const read =
    value === undefined
      ? undefined
      : value.kind === 'field'
        ? fieldOfRow(row, value.path)
        : planFormula(value.node, (path) => fieldOfRow(row, path), row.context)
  const conditions = where.map((part) => planFilter(part, rowScope(row)))
  return {
    ...(read === undefined ? {} : { value: read }),
    ...(conditions.length === 0 ? {} : { keep: and(conditions) }),
    ...(by === undefined ? {} : { by: fieldOfRow(row, by) }),
  }
}

/** The SQL aggregate over counted rows; text-like results are text, numbers numeric. */
export function aggregateExpr(aggregate: CountedAggregate, row: CountedRow): Expr {
  const { fn } = aggregate
  const filter = (more: readonly Expr[] = []): { filter?: Expr } => {
    const conditions = [...(row.keep === undefined ? [] : [row.keep]), ...more]
    return conditions.length === 0 ? {} : { filter: and(conditions) }
  }
  const { value } = row
  if (value === undefined) return { kind: 'aggregate', fn: 'count', args: [], ...filter() }
  const number = cast(value.expr, 'numeric')
  switch (fn) {
    case 'count':
      return { kind: 'aggregate', fn: 'count', args: [value.expr], ...filter() }
    case 'count_distinct':
      return { kind: 'aggregate', fn: 'count', args: [value.expr], distinct: true, ...filter() }
    case 'sum':
    case 'avg':
      return { kind: 'aggregate', fn, args: [value.type === 'integer' ? value.expr : number], ...filter() }
    case 'min':
    case 'max': {
      // Not every kind of identifier has a min() and max() of its own.
      if (value.type === 'id') {
        const orderBy = [
          { expr: value.expr, direction: fn === 'max' ? ('desc' as const) : ('asc' as const), nulls: 'last' as const },
        ]
        const list: Expr = {
          kind: 'aggregate',
          fn: 'array_agg',
          args: [value.expr],
          orderBy,
          ...filter([test('is not null', value.expr)]),
        }
        return cast({ kind: 'call', fn: 'first_element', args: [list] }, 'text')
      }
      const result: Expr = {
        kind: 'aggregate',
        fn,
        args: [value.type === 'number' || value.type === 'money' ? number : value.expr],
        ...filter(),
      }
      return typeClass(value.type) === 'text' ? cast(result, 'text') : result
    }
    case 'stddev':
      return { kind: 'aggregate', fn: 'stddev_samp', args: [number], ...filter() }
    case 'median':
    case 'percentile': {
      const share = param(String(fn === 'median' ? 0.5 : (aggregate.percentile ?? 0.5)), 'float8')
      const orderBy = [{ expr: cast(value.expr, 'float8'), direction: 'asc' as const, nulls: 'last' as const }]
      return cast({ kind: 'aggregate', fn: 'percentile_cont', args: [share], orderBy, ...filter() }, 'numeric')
    }
    case 'list': {
      const text = cast(value.expr, 'text')
      const orderBy = [{ expr: text, direction: 'asc' as const, nulls: 'last' as const }]
      return {
        kind: 'aggregate',
        fn: 'string_agg',
        args: [text, param(', ', 'text')],
        distinct: true,
        orderBy,
        ...filter(),
      }
    }
    case 'first':
    case 'last': {
      const { by } = row
      if (by === undefined) throw new Error(`${fn} passed the check without a date`)
      const text = typeClass(value.type) === 'text'
      const result = text
        ? cast(value.expr, 'text')
        : value.type === 'number' || value.type === 'money'
          ? number
          : value.expr
      const orderBy = [
        { expr: by.expr, direction: fn === 'last' ? ('desc' as const) : ('asc' as const), nulls: 'last' as const },
        { expr: value.expr, direction: 'asc' as const, nulls: 'last' as const },
      ]
      const present = [test('is not null', by.expr), test('is not null', value.expr)]
      const list: Expr = { kind: 'aggregate', fn: 'array_agg', args: [result], orderBy, ...filter(present) }
      return { kind: 'call', fn: 'first_element', args: [list] }
    }
  }
}

/** Whether all aggregates count the same rows. */
function haveOneWhere(aggregates: readonly CountedAggregate[]): boolean {
  return new Set(aggregates.map(({ where }) => canonicalJson(where))).size === 1
}

/** Aggregates over the same rows, grouped: keys k0…, then r0…; counted rows are made distinct first where they may repeat. */
export function groupedAggregates(input: {
  readonly context: PlanContext
  readonly aggregates: readonly CountedAggregate[]
  readonly keys: readonly Expr[]
  readonly select: Pick<Select, 'from' | 'joins' | 'where'>
  readonly row: RowFrame
  readonly distinct: boolean
  /** A condition that all share narrows the rows: a group without any of them is missing, which its reader takes as nothing. */
  readonly narrows: boolean
}): Select {
  const { context, aggregates, keys, row } = input
  const read = aggregates.map((aggregate) => countedRow(aggregate, row))
  const shared = input.narrows && haveOneWhere(aggregates) ? read[0]?.keep : undefined
  const parts = shared === undefined ? read : read.map(({ keep: _keep, ...rest }) => rest)
  const where = [...(input.select.where ?? []), ...(shared === undefined ? [] : [shared])]
  const select = { ...input.select, where }
  const groupBy = keys.map((_, i) => i + 1)
  const columns = (keyOf: (expr: Expr, i: number) => Expr, rows: readonly CountedRow[]) => [
    ...keys.map((expr, i) => ({ as: `k${i}`, expr: keyOf(expr, i) })),
    ...aggregates.map((aggregate, i) => ({ as: `r${i}`, expr: aggregateExpr(aggregate, rows[i] ?? {}) })),
  ]
  if (!input.distinct) return { kind: 'select', columns: columns((expr) => expr, parts), ...select, groupBy }
  const inner = distinctRows({ keys, select, row, parts })
  const alias = context.alias()
  return {
    kind: 'select',
    columns: columns((_, i) => column(alias, `k${i}`), inner.read(alias)),
    from: { kind: 'query', query: inner.query, alias },
    groupBy,
  }
}

/** The distinct counted rows with keys k0…, and how to read each aggregate's parts from them. */
function distinctRows(input: {
  readonly keys: readonly Expr[]
  readonly select: Pick<Select, 'from' | 'joins' | 'where'>
  readonly row: RowFrame
  readonly parts: readonly CountedRow[]
}): { query: Select; read: (alias: string) => CountedRow[] } {
  const { row } = input
  const identity = identityOf(row.context.catalog, row.entityName, row.alias)
  const columns = [
    ...input.keys.map((expr, i) => ({ as: `k${i}`, expr })),
    ...identity.map((expr, i) => ({ as: `i${i}`, expr })),
    ...input.parts.flatMap((part, i) => [
      ...(part.value === undefined ? [] : [{ as: `v${i}`, expr: part.value.expr }]),
      ...(part.keep === undefined ? [] : [{ as: `w${i}`, expr: part.keep }]),
      ...(part.by === undefined ? [] : [{ as: `b${i}`, expr: part.by.expr }]),
    ]),
  ]
  return {
    query: { kind: 'select', distinct: true, columns, ...input.select },
    read: (alias) =>
      input.parts.map((part, i) => ({
        ...(part.value === undefined ? {} : { value: { ...part.value, expr: column(alias, `v${i}`) } }),
        ...(part.keep === undefined ? {} : { keep: column(alias, `w${i}`) }),
        ...(part.by === undefined ? {} : { by: { ...part.by, expr: column(alias, `b${i}`) } }),
      })),
  }
}

/** An aggregate over the rows related to one row, computed for all rows at once and joined to it. */
export function relatedRows(row: RowFrame, expr: AggregateExpr): Typed {
  const aggregate = countedAggregate(row.context, row.entityName, expr)
  const alias = joinGrouped(row, aggregate.hops, [aggregate], 'left')
  return resultOf(aggregate, column(alias, 'r0'))
}

/** Joins aggregates over related rows, grouped by the columns that lead to the row, to that row: r0… of the alias. */
export function joinGrouped(
  row: RowFrame,
  hops: readonly Hop[],
  aggregates: readonly CountedAggregate[],
  type: 'left' | 'inner',
): string {
  const { context } = row
  const [first, ...rest] = hops
  if (first === undefined) throw new Error('an aggregate over the row itself passed the check')
  const joins: Join[] = []
  const start = newFrame(context, first.to, joins)
  const end = joinAlong(context, rest, start.alias, joins) ?? start
  const on = knownEntity(context.catalog, first.from).relations[first.relation]?.on ?? []
  const query = groupedAggregates({
    ...{ context, aggregates, row: end, narrows: true },
    keys: on.map((pair) => column(start.alias, pair.to)),
    select: { from: { kind: 'table', entity: first.to, alias: start.alias }, joins, where: [] },
    // The key columns keep different first rows apart, so only what follows the first hop may repeat.
    distinct: mayRepeat(context.catalog, rest) && rest.length > 0,
  })
  const alias = context.alias()
  row.joins.push({
    type,
    source: { kind: 'query', query, alias },
    on: on.map((pair, i) => op('=', column(row.alias, pair.from), column(alias, `k${i}`))),
  })
  return alias
}

/** What is read of an aggregate that was joined: nothing counted is 0. */
export function resultOf(aggregate: CountedAggregate, expr: Expr): Typed {
  const counts = aggregate.fn === 'count' || aggregate.fn === 'count_distinct'
  return typed(counts ? coalesce(expr, integer(0)) : expr, aggregate.type)
}

/** One number over a whole entity, or over the rows of it that agree with this row (`same`). */
export function overEntity(row: RowFrame, value: ValueAggregate, entityName: string): Typed {
  const { context } = row
  const { of: _of, same, ...expr } = value
  const aggregate = countedAggregate(context, entityName, expr)
  const joins: Join[] = []
  const start = newFrame(context, entityName, joins)
  const keys = (same ?? []).map((path) => fieldOfRow(start, path))
  const end = joinAlong(context, aggregate.hops, start.alias, joins) ?? start
  const grouped = groupedAggregates({
    ...{ context, aggregates: [aggregate], narrows: true },
    keys: keys.map((key) => key.expr),
    select: { from: { kind: 'table', entity: entityName, alias: start.alias }, joins, where: [] },
    row: end,
    distinct: mayRepeat(context.catalog, aggregate.hops),
  })
  if (same === undefined) return resultOf(aggregate, { kind: 'scalar', query: grouped })
  const alias = context.alias()
  const here = same.map((path) => fieldOfRow(row, path))
  row.joins.push({
    type: 'left',
    source: { kind: 'query', query: grouped, alias },
    on: here.flatMap((mine, i) => sameValue(mine, { ...mine, expr: column(alias, `k${i}`) })),
  })
  return resultOf(aggregate, column(alias, 'r0'))
}

/** Equality in which empty equals empty, spelt so that Postgres can hash it. */
function sameValue(a: Typed, b: Typed): Expr[] {
  const kind = typeClass(a.type)
  const standIn: Record<string, Expr> = {
    text: param('', 'text'),
    number: param('0', 'numeric'),
    date: param('2000-01-01', 'date'),
    timestamp: param('2000-01-01 00:00:00', a.zoned ? 'timestamptz' : 'timestamp'),
    boolean: bool(false),
  }
  const filled = (value: Typed): Expr => {
    const expr = kind === 'text' || kind === 'number' ? cast(value.expr, sqlTypeOf(value.type)) : value.expr
    return coalesce(expr, standIn[kind] ?? param('', 'text'))
  }
  return [op('=', filled(a), filled(b)), op('=', test('is null', a.expr), test('is null', b.expr))]
}
