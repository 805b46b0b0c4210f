// fillGaps: stretches of time without rows appear, for each combination of the other keys.
import type { CountedAggregate } from '../definition/aggregate.ts'
import { columnId } from '../definition/outputs.ts'
import type { Definition, PeriodUnit } from '../definition/schema.ts'
import { topPeriods } from '../definition/time.ts'
import { call, cast, column, integer, nothing, op, param } from './build.ts'
import { intervalOf } from './compare.ts'
import type { PlanContext, Typed } from './context.ts'
import type { Expr, Query, Select, SqlType } from './ir.ts'
import { type Boundary, currentStart, resolvePeriod, stretchStart, units } from './periods.ts'

export type GapFilling = {
  readonly keyId: string
  readonly unit: PeriodUnit
  /** First and last stretch from the period filter, where it has them. */
  readonly first?: Boundary
  readonly last?: Boundary
  readonly current: Boundary
}

/** The key whose gaps are filled, with its range, or undefined. */
export function gapFilling(definition: Definition, context: PlanContext): GapFilling | undefined {
  const key = definition.groupBy.find((k) => k.fillGaps === true)
  if (key?.grain === undefined) return undefined
  const { clock, catalog } = context
  const unit = key.grain as PeriodUnit
  const all = topPeriods(definition.filters)
    .filter((condition) => condition.field === key.field)
    .map(({ value }) => resolvePeriod(value, clock, catalog))
  // All of them hold: the latest beginning, the earliest end.
  const [from] = all
    .flatMap((one) => one.from ?? [])
    .sort(byTime)
    .slice(-1)
  const [to] = all.flatMap((one) => one.to ?? []).sort(byTime)
  return {
    keyId: columnId(key),
    unit,
    ...(from === undefined ? {} : { first: stretchStart(from, unit, clock.timezone, catalog) }),
    ...(to === undefined ? {} : { last: stretchStart(to, unit, clock.timezone, catalog, true) }),
    current: currentStart(unit, clock, catalog),
  }
}

const byTime = (a: Boundary, b: Boundary): number => Date.parse(a.instant) - Date.parse(b.instant)

/** Rows for every stretch of every combination that the grouped rows (the common table `name`) have. */
export function gapRows(input: {
  readonly name: string
  readonly gaps: GapFilling
  readonly keys: readonly { id: string; as: string; typed: Omit<Typed, 'expr'> }[]
  readonly cells: readonly { as: string; aggregate: CountedAggregate; sqlType: SqlType }[]
  readonly context: PlanContext
  /** Rows carry `m`, 1 where they are there now, 0 where only earlier; only the former count. */
  readonly marks: boolean
}): Select {
  const { name, gaps, keys, cells, context } = input
  const now = (alias: string): Expr[] => [op('=', column(alias, 'm'), integer(1))]
  const time = keys.find((key) => key.id === gaps.keyId)
  if (time === undefined) throw new Error('fillGaps passed the check without its key')
  const others = keys.filter((key) => key !== time)
  const zoned = time.typed.zoned
  const type: SqlType = time.typed.type === 'date' ? 'date' : zoned ? 'timestamptz' : 'timestamp'
  const at = (b: Boundary): Expr => param(type === 'date' ? b.date : type === 'timestamptz' ? b.instant : b.local, type)
  const extreme = (fn: 'min' | 'max'): Expr => {
    const alias = context.alias()
    const query: Query = {
      kind: 'select',
      columns: [{ as: 'e', expr: { kind: 'aggregate', fn, args: [column(alias, time.as)] } }],
      from: { kind: 'with', name, alias },
      where: input.marks ? now(alias) : [],
    }
    return { kind: 'scalar', query }
  }
  const first = gaps.first === undefined ? extreme('min') : at(gaps.first)
  const last =
    gaps.last === undefined
      ? extreme('max')
      : call('least', at(gaps.last), call('greatest', at(gaps.current), extreme('max')))
  const asTime = (expr: Expr): Expr => (type === 'date' ? cast(expr, 'timestamp') : expr)
  const combos = context.alias()
  const series = context.alias()
  const from = context.alias()
  const distinct: Select = {
    kind: 'select',
    distinct: true,
    columns:
      others.length === 0
        ? [{ as: 'one', expr: integer(1) }]
        : others.map((k) => ({ as: k.as, expr: column(from, k.as) })),
    from: { kind: 'with', name, alias: from },
    where: input.marks ? now(from) : [],
  }
  return {
    kind: 'select',
    columns: [
      ...keys.map((key) => ({
        as: key.as,
        expr: key === time ? cast(column(series, 's'), type) : column(combos, key.as),
      })),
      ...cells.map((cell) => ({
        as: cell.as,
        expr: isSum(cell.aggregate) ? cast(integer(0), 'numeric') : nothing(cell.sqlType),
      })),
      ...(input.marks ? [{ as: 'm', expr: integer(1) }] : []),
    ],
    from: { kind: 'query', query: distinct, alias: combos },
    joins: [
      {
        type: 'cross',
        source: {
          kind: 'series',
          from: asTime(first),
          to: asTime(last),
          step: intervalOf(units(gaps.unit, 1)),
          alias: series,
        },
        on: [],
      },
    ],
  }
}

const isSum = (aggregate: CountedAggregate): boolean =>
  aggregate.fn === 'sum' || aggregate.fn === 'count' || aggregate.fn === 'count_distinct'
