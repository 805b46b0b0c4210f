// Aggregate calls of SQL → aggregates of the definition. SQL aggregates the joined rows: so a field of another entity is
// counted once per row of the source (`per: source_rows`), unless counting it more often changes nothing.
import type { FieldType } from '../../catalog/schema.ts'
import type { AggregateExpr, AggregateFn } from '../schema.ts'
import type { Bound, Call } from './bound.ts'
import { all } from './combine.ts'
import { conditionOf } from './condition.ts'
import { formulaOf } from './formula-text.ts'
import { type Ctx, operandOf } from './operand.ts'
import { firstOf, refuse } from './problem.ts'
import { resultType, withWhere } from './scalar-query.ts'
import { note } from './session.ts'

const FNS: Readonly<Record<string, AggregateFn>> = {
  count: 'count',
  sum: 'sum',
  avg: 'avg',
  min: 'min',
  max: 'max',
  stddev: 'stddev',
  stddev_samp: 'stddev',
  percentile_cont: 'percentile',
  string_agg: 'list',
}

/** Whether counting a row twice changes the aggregate. */
export function mindsRepeats(call: Call): boolean {
  return !(
    call.name === 'min' ||
    call.name === 'max' ||
    (call.name === 'count' && call.distinct) ||
    (call.name === 'string_agg' && call.distinct)
  )
}

/** The aggregate that a call means; with `perRow` its `where` is always read from the source. */
export function aggregateOf(
  ctx: Ctx,
  call: Call,
  options: { perRow: boolean },
): { aggregate: AggregateExpr; type: FieldType | undefined } {
  const fn = Object.hasOwn(FNS, call.name) ? FNS[call.name] : undefined
  if (fn === undefined)
    return refuse(
      call.name,
      `Cannot import the aggregate ${call.name}(): there are count, sum, avg, min, max, stddev, percentile_cont and string_agg`,
      call.at,
    )
  const filter = call.filter === null ? true : conditionOf(ctx, call.filter)
  if (call.star) return { aggregate: withWhere({ fn: 'count' }, filter), type: 'integer' }
  const arg = fn === 'percentile' ? call.order[0]?.expr : call.args[0]
  if (arg === undefined) return refuse(call.name, `Cannot read ${call.name}() without a value`, call.at)
  const found = ofValue(ctx, call, fn, arg, options.perRow || filter !== true)
  return { ...found, aggregate: withWhere(found.aggregate, filter) }
}

type Found = { aggregate: AggregateExpr; type: FieldType | undefined }

function ofValue(ctx: Ctx, call: Call, fn: AggregateFn, arg: Bound, perRow: boolean): Found {
  const chosen = choice(arg)
  if (chosen === undefined) return plainValue(ctx, call, fn, arg, perRow)
  const { when, value, otherwise } = chosen
  const narrowed = (inner: Bound): Found => {
    const where = all([conditionOf(ctx, when)])
    const found =
      isConstant(inner) && fn === 'count' && !call.distinct ? counted() : plainValue(ctx, call, fn, inner, true)
    return { ...found, aggregate: withWhere(found.aggregate, where) }
  }
  if (otherwise === null) return narrowed(value)
  const isCount = fn === 'sum' && literalOf(value) === 1 && literalOf(otherwise) === 0
  if (isCount) return { aggregate: withWhere({ fn: 'count' }, all([conditionOf(ctx, when)])), type: 'integer' }
  const ways: (() => Found)[] = [() => plainValue(ctx, call, fn, arg, perRow)]
  if (fn === 'sum' && literalOf(otherwise) === 0)
    ways.push(() => {
      note(ctx.session, 'A sum over no rows is empty where the SQL gives 0')
      return narrowed(value)
    })
  return firstOf(ways)
}

/** `CASE WHEN condition THEN value [ELSE value] END` with a single WHEN. */
function choice(arg: Bound): { when: Bound; value: Bound; otherwise: Bound | null } | undefined {
  if (arg.kind !== 'case' || arg.whens.length !== 1) return undefined
  const [only] = arg.whens
  if (only === undefined) return undefined
  const empty = arg.otherwise === null || (arg.otherwise.kind === 'literal' && arg.otherwise.value === null)
  return { when: only.when, value: only.result, otherwise: empty ? null : arg.otherwise }
}

function literalOf(expr: Bound): unknown {
  return expr.kind === 'literal' ? expr.value : undefined
}

function isConstant(expr: Bound): boolean {
  return expr.kind === 'literal' && expr.value !== null
}

function counted(): Found {
  return { aggregate: { fn: 'count' }, type: 'integer' }
}

function plainValue(ctx: Ctx, call: Call, fn: AggregateFn, arg: Bound, perRow: boolean): Found {
  if (fn === 'count' && !call.distinct && isConstant(arg)) return counted()
  if (call.distinct && (fn === 'sum' || fn === 'avg' || fn === 'stddev'))
    return refuse(
      `${call.name}(DISTINCT)`,
      `Cannot import ${call.name}(DISTINCT …): every row counts once, equal values too`,
      call.at,
    )
  const name = fn === 'count' && call.distinct ? 'count_distinct' : fn
  const base: AggregateExpr = { fn: name, ...percentileOf(call, fn) }
  if (fn === 'list') listNotes(ctx, call)
  const value = fn === 'count' && call.distinct && arg.kind === 'row' ? undefined : operandOf(ctx, arg)
  if (value?.kind === 'field' && value.grain === undefined) {
    if (name === 'count' && value.certain === true) return counted()
    const behindRelation = value.path.includes('.')
    const per = behindRelation && (perRow || mindsRepeats(call)) ? { per: 'source_rows' } : {}
    return { aggregate: named({ ...base, field: value.path, ...per }), type: resultType(call.name, value.type) }
  }
  if (value?.kind === 'related' || value?.kind === 'value')
    return refuse(
      'aggregate of a sub-query',
      'Cannot aggregate the values of a sub-query: aggregate its table directly',
      arg.at,
    )
  const formula =
    arg.kind === 'row' ? formulaOf(ctx, rowText(arg)) : value?.kind === 'formula' ? value : formulaOf(ctx, arg)
  return { aggregate: named({ ...base, formula: formula.text }), type: resultType(call.name, formula.type) }
}

/** The median has a name of its own. */
function named(aggregate: AggregateExpr): AggregateExpr {
  if (aggregate.fn !== 'percentile' || aggregate.percentile !== 0.5) return aggregate
  const { percentile: _, ...rest } = aggregate
  return { ...rest, fn: 'median' }
}

function percentileOf(call: Call, fn: AggregateFn): { percentile?: number } {
  if (fn !== 'percentile') return {}
  const [fraction] = call.args
  if (
    fraction?.kind === 'literal' &&
    typeof fraction.value === 'number' &&
    call.withinGroup &&
    call.order[0]?.desc === false
  )
    return { percentile: fraction.value }
  return refuse(
    'percentile_cont',
    'Cannot read percentile_cont: write percentile_cont(0.9) WITHIN GROUP (ORDER BY column)',
    call.at,
  )
}

function listNotes(ctx: Ctx, call: Call): void {
  const separator = call.args[1]
  if (!call.distinct || separator?.kind !== 'literal' || separator.value !== ', ')
    note(ctx.session, 'A list shows each text once, sorted and separated by a comma')
}

function rowText(row: Extract<Bound, { kind: 'row' }>): Bound {
  const args = row.args.flatMap((arg, index): Bound[] =>
    index === 0 ? [arg] : [{ kind: 'literal', value: ' | ', at: row.at }, arg],
  )
  return {
    kind: 'call',
    name: 'concat',
    args,
    star: false,
    distinct: false,
    filter: null,
    order: [],
    withinGroup: false,
    over: null,
    at: row.at,
  }
}
