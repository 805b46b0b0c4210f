// A sub-query that stands for one value → an aggregate over an entity, an aggregate over related rows, a field, or the
// single value of another definition.

import { entityOf } from '../../catalog/find.ts'
import type { FieldType } from '../../catalog/schema.ts'
import type { AggregateExpr, ValueAggregate } from '../schema.ts'
import { aggregateOf } from './aggregate.ts'
import type { Bound, BoundQuery, BoundSelect, Call } from './bound.ts'
import { all, type Condition } from './combine.ts'
import { compileQuery } from './compile.ts'
import { allOf } from './condition.ts'
import { equatedColumns } from './equalities.ts'
import { foldFrom } from './fold.ts'
import { type Ctx, type Operand, operandOf } from './operand.ts'
import { withoutOuterJoins } from './outer-joins.ts'
import { extendPlace, inverseOf, joinPath, leftover, type Place, placeAt } from './place.ts'
import { firstOf, refuse } from './problem.ts'
import { requiredRows } from './related.ts'
import { attempt } from './session.ts'
import { isAggregate, outerSources, sourcesIn } from './walk.ts'

/** A sub-query in an expression that gives at most one row only because the data says so. */
export function singleRow(expr: Bound): Extract<Bound, { kind: 'scalar_query' }> | undefined {
  if (expr.kind !== 'scalar_query' || expr.query.kind === 'set') return undefined
  return expr.query.grouped || expr.query.limit !== null ? undefined : expr
}

/** `x > ALL (…)` as a comparison with the largest value, `x > ANY (…)` with the smallest. */
export function extremeOf(expr: Extract<Bound, { kind: 'quantified' }>): Extract<Bound, { kind: 'compare' }> {
  const { sign, every, arg, query, at } = expr
  const larger = sign === '>' || sign === '>='
  if (sign === '=' || sign === '<>')
    return refuse(every ? 'ALL' : 'ANY', `Cannot import ${sign} ${every ? 'ALL' : 'ANY'} (…): use IN or NOT IN`, at)
  if (query.kind === 'set' || query.grouped || query.limit !== null || query.targets.length !== 1)
    return refuse(
      every ? 'ALL' : 'ANY',
      'Cannot compare with all or any rows of this sub-query: take its max() or min()',
      at,
    )
  const name = larger === every ? 'max' : 'min'
  const targets = query.targets.map((target) => ({ ...target, expr: callOf(name, target.expr) }))
  const right: Bound = {
    kind: 'scalar_query',
    query: { ...query, targets, orderBy: [], distinct: false, grouped: true },
    at,
  }
  return { kind: 'compare', sign, left: arg, right, at }
}

function callOf(name: string, arg: Bound): Call {
  return {
    kind: 'call',
    name,
    args: [arg],
    star: false,
    distinct: false,
    filter: null,
    order: [],
    withinGroup: false,
    over: null,
    at: arg.at,
  }
}

/** What a scalar sub-query is, seen from the row at hand. */
export function scalarOperand(ctx: Ctx, query: BoundQuery, at: number): Operand {
  const outer = outerSources(query)
  if (query.kind === 'set') return definitionOperand(ctx, query, outer, at)
  if (query.targets.length !== 1)
    return refuse('sub-query', 'Cannot use this sub-query as a value: it must have one column', at)
  const select = withoutOuterJoins(foldFrom(ctx.session.catalog, query))
  const [target] = select.targets
  const call = target?.expr
  const single = call !== undefined && isAggregate(call) && select.groupBy.length === 0 && select.having.length === 0
  if (single) {
    const ways: (() => Operand)[] = [() => entityAggregate(ctx, select, call, outer, at)]
    if (outer.size > 0) ways.push(() => relatedAggregate(ctx, select, call, at))
    else ways.push(() => definitionOperand(ctx, select, outer, at))
    return firstOf(
      ways.map((way) => attempt(ctx.session, way)),
      outer.size > 0 ? 1 : 0,
    )
  }
  if (outer.size > 0 && !select.grouped && call !== undefined) return lookedUp(ctx, select, call, at)
  return definitionOperand(ctx, select, outer, at)
}

function definitionOperand(ctx: Ctx, query: BoundQuery, outer: ReadonlySet<number>, at: number): Operand {
  if (outer.size > 0)
    return refuse(
      'correlated sub-query',
      'Cannot import this correlated sub-query: tie it by equal columns of related entities',
      at,
    )
  const definition = compileQuery(ctx.session, query, 'value')
  return { kind: 'value', value: { definition }, type: undefined }
}

/** One number over a whole entity; rows that agree with the row at hand in some fields are chosen by `same`. */
function entityAggregate(ctx: Ctx, select: BoundSelect, call: Call, outer: ReadonlySet<number>, at: number): Operand {
  const { catalog } = ctx.session
  const same: string[] = []
  const conditions = select.conjuncts.filter((condition) => {
    if (![...sourcesIn(condition)].some((id) => outer.has(id))) return true
    const pair = equatedColumns(condition)
    const [own, other] = pair === undefined ? [] : outer.has(pair[0].source) ? [pair[1], pair[0]] : pair
    if (own === undefined || other === undefined || outer.has(own.source))
      return refuse(
        'correlated sub-query',
        'Cannot import this comparison with the outer query: only equal columns tie them',
        condition.at,
      )
    const theirs = operandOf(ctx, other)
    const root = select.sources[0]
    if (
      select.sources.length !== 1 ||
      root?.entity !== ctx.place.entity ||
      theirs.kind !== 'field' ||
      theirs.path !== own.field
    )
      return refuse(
        'correlated sub-query',
        'Cannot import this correlated sub-query: both queries must read the same entity',
        condition.at,
      )
    same.push(theirs.path)
    return false
  })
  for (const source of select.sources) {
    if (source.entity === null) continue
    const { entity } = source
    const reached = extendPlace(catalog, placeAt({ ...source, entity }), select.sources, conditions, select.optional)
    if (reached.unplaced.length > 0) continue
    const inner: Ctx = { session: ctx.session, place: reached.place }
    const { aggregate, type } = aggregateOf(inner, call, { perRow: true })
    const where = rowsOf(inner, conditions, reached.required)
    const value: ValueAggregate = {
      ...withWhere(aggregate, where),
      ...(entity === ctx.place.entity ? {} : { of: entity }),
      ...(same.length > 0 ? { same } : {}),
    }
    return { kind: 'value', value: { aggregate: value }, type }
  }
  return refuse('join', 'Cannot join these tables: no relation of the catalog leads from one to the other', at)
}

function rowsOf(ctx: Ctx, conditions: readonly Bound[], required: readonly number[]): Condition {
  const filter = allOf(ctx, leftover(ctx.session.catalog, ctx.place, conditions))
  return all([filter, ...requiredRows(ctx, required, [filter])])
}

/** An aggregate with one condition more. */
export function withWhere(aggregate: AggregateExpr, condition: Condition): AggregateExpr {
  const where = all([...(aggregate.where === undefined ? [] : [aggregate.where]), condition])
  if (where === true) return aggregate
  return where === false
    ? { ...aggregate, where: { all: [{ formula: '1', op: 'eq', value: 0 }] } }
    : { ...aggregate, where }
}

/** An aggregate over the rows that relations lead to from the row at hand. */
export function relatedAggregate(ctx: Ctx, select: BoundSelect, call: Call, at: number): Operand {
  const { catalog } = ctx.session
  const outside = [...ctx.place.sources].map(([id, placed]) => ({
    id,
    name: '',
    at,
    entity: placed.entity,
    query: null,
  }))
  for (const source of select.sources) {
    if (source.entity === null) continue
    const start = placeAt({ ...source, entity: source.entity })
    const reached = extendPlace(catalog, start, [...select.sources, ...outside], select.conjuncts, select.optional)
    const ownUnplaced = reached.unplaced.some((one) => select.sources.includes(one))
    const anchor = [...ctx.place.sources.keys()]
      .filter((id) => reached.place.sources.has(id))
      .sort(
        (a, b) => (reached.place.sources.get(a)?.path.length ?? 0) - (reached.place.sources.get(b)?.path.length ?? 0),
      )[0]
    if (ownUnplaced || anchor === undefined) continue
    const relation = wayTo(ctx, reached.place, anchor)
    if (relation === undefined) continue
    const inner: Ctx = { session: ctx.session, place: withOuterRows(ctx, reached.place, anchor) }
    const { aggregate, type } = aggregateOf(inner, call, { perRow: true })
    const required = reached.required.filter((id) => select.sources.some((one) => one.id === id))
    const where = rowsOf(inner, select.conjuncts, required)
    return { kind: 'related', aggregate: withWhere(behind(aggregate, relation), where), type }
  }
  return refuse(
    'correlated sub-query',
    'Cannot import this correlated sub-query: no relation of the catalog leads from the outer rows to the inner ones',
    at,
  )
}

/** Everything the outer row sees, seen from the inner row through the anchor. */
function withOuterRows(ctx: Ctx, place: Place, anchor: number): Place {
  const sources = new Map(place.sources)
  const from = ctx.place.sources.get(anchor)
  const here = place.sources.get(anchor)
  if (from === undefined || here === undefined) return place
  for (const [id, other] of ctx.place.sources) {
    if (sources.has(id)) continue
    if (other.path === from.path) sources.set(id, { ...other, path: here.path })
    else if (from.path === '' || other.path.startsWith(`${from.path}.`)) {
      const rest = from.path === '' ? other.path : other.path.slice(from.path.length + 1)
      sources.set(id, { ...other, path: joinPath(here.path, rest) })
    }
  }
  return { ...place, sources }
}

/** The path from the row at hand to the inner row: back along the way from the inner row to the anchor. */
function wayTo(ctx: Ctx, inner: Place, anchor: number): string | undefined {
  const { catalog } = ctx.session
  const names: string[] = []
  let entityName = inner.entity
  const path = inner.sources.get(anchor)?.path ?? ''
  for (const name of path === '' ? [] : path.split('.')) {
    const relation = entityOf(catalog, entityName)?.relations[name]
    const back = relation === undefined ? undefined : inverseOf(catalog, entityName, relation)
    if (relation === undefined || back === undefined) return undefined
    names.unshift(back.name)
    entityName = relation.to
  }
  return names.length === 0
    ? undefined
    : [ctx.place.sources.get(anchor)?.path ?? '', ...names].filter((part) => part !== '').join('.')
}

/** An aggregate written from the inner row, written from the outer one. */
function behind(aggregate: AggregateExpr, relation: string): AggregateExpr {
  const { field, formula, by, per, ...rest } = aggregate
  if (formula !== undefined)
    return refuse('correlated sub-query', 'Cannot compute inside a correlated sub-query: aggregate a single column', 0)
  return {
    ...rest,
    ...(field === undefined ? {} : { field: `${relation}.${field}` }),
    ...(by === undefined ? {} : { by: `${relation}.${by}` }),
    ...(field === undefined || per !== undefined ? { per: relation } : {}),
  }
}

/** A correlated sub-query that reads a field of a row related to-one. */
function lookedUp(ctx: Ctx, select: BoundSelect, expr: Bound, at: number): Operand {
  const reached = extendPlace(ctx.session.catalog, ctx.place, select.sources, select.conjuncts)
  const rest = leftover(ctx.session.catalog, reached.place, select.conjuncts)
  if (reached.unplaced.length > 0 || rest.length > 0)
    return refuse('correlated sub-query', 'Cannot import this correlated sub-query: it must read one related row', at)
  return operandOf({ ...ctx, place: reached.place }, expr)
}

/** Whether a value of that type can be added up. */
export function resultType(name: string, type: FieldType | undefined): FieldType | undefined {
  if (name === 'count') return 'integer'
  if (name === 'string_agg') return 'text'
  if (name === 'min' || name === 'max' || name === 'sum') return type
  return type === 'money' ? 'money' : 'number'
}
