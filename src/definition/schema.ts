// The table definition, version 1: the one artefact that every way of making a table produces and the only thing that runs.
// In: untrusted JSON. Out: a `Definition` with defaults filled in. Refused: unknown keys, wrong shapes, oversize parts.
// Names are not looked up here: check.ts does that against a catalog. The meaning of every construct is in docs/definition.md.
import { z } from 'zod'

export const limits = {
  columns: 100,
  groupKeys: 12,
  aggregates: 40,
  calculations: 40,
  listValues: 1000,
  filterDepth: 8,
  filterParts: 200,
  pathHops: 8,
  rows: 1_000_000,
  pivotColumns: 50,
  subDefinitionDepth: 3,
  formulaLength: 500,
} as const

/** `relation.relation.field`, or the id of an output column. */
export const Path = z
  .string()
  .min(1)
  .max(300)
  .regex(
    /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$/,
    'a path is names joined by dots, such as campaign.channel',
  )
export type Path = z.infer<typeof Path>

const Id = Path
const Label = z.string().min(1).max(120)
const Formula = z.string().min(1).max(limits.formulaLength)
const EntityName = z.string().min(1).max(63)

export const Scalar = z.union([z.string().max(2000), z.number(), z.boolean()])
export type Scalar = z.infer<typeof Scalar>

export const PeriodUnit = z.enum(['hour', 'day', 'week', 'month', 'quarter', 'year', 'fiscal_quarter', 'fiscal_year'])
export type PeriodUnit = z.infer<typeof PeriodUnit>

const DateText = z
  .string()
  .max(40)
  .regex(
    /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}(:?\d{2})?)?)?$/,
    'a date is written 2025-03-01 or 2025-03-01T09:30',
  )

/** A stretch of time, relative (to the run's clock and time zone) or fixed; always half-open: start included, end not. */
export const Period = z.union([
  z.strictObject({ last: z.int().min(1).max(1000), unit: PeriodUnit, includeCurrent: z.boolean().optional() }),
  z.strictObject({ next: z.int().min(1).max(1000), unit: PeriodUnit, includeCurrent: z.boolean().optional() }),
  z.strictObject({ this: PeriodUnit }),
  z.strictObject({ previous: PeriodUnit }),
  z.strictObject({ to_date: PeriodUnit }),
  z.strictObject({ year: z.int().min(2).max(9998) }),
  z.strictObject({ fiscal_year: z.int().min(2).max(9998) }),
  z.strictObject({ quarter: z.string().regex(/^\d{4}-Q[1-4]$/, 'a quarter is written 2025-Q2') }),
  z.strictObject({ month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'a month is written 2025-03') }),
  z.strictObject({ day: z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'a day is written 2025-03-01') }),
  z.strictObject({ from: DateText, to: DateText }),
  z.strictObject({ before: DateText }),
  z.strictObject({ since: DateText }),
])
export type Period = z.infer<typeof Period>

/** Truncating grains give the start of the stretch; `_of_` grains give a number (Monday is 1, January is 1). */
export const Grain = z.enum([
  'hour',
  'day',
  'week',
  'month',
  'quarter',
  'year',
  'fiscal_quarter',
  'fiscal_year',
  'hour_of_day',
  'day_of_week',
  'day_of_month',
  'month_of_year',
  'quarter_of_year',
  'year_number',
])
export type Grain = z.infer<typeof Grain>

export const AggregateFn = z.enum([
  'count',
  'count_distinct',
  'sum',
  'avg',
  'min',
  'max',
  'median',
  'percentile',
  'stddev',
  'first',
  'last',
  'list',
])
export type AggregateFn = z.infer<typeof AggregateFn>

export const Op = z.enum([
  'eq',
  'ne',
  'lt',
  'lte',
  'gt',
  'gte',
  'between',
  'in',
  'not_in',
  'contains',
  'not_contains',
  'starts_with',
  'ends_with',
  'is_empty',
  'not_empty',
  'in_period',
])
export type Op = z.infer<typeof Op>

export const CompareOp = z.enum(['eq', 'ne', 'lt', 'lte', 'gt', 'gte'])
export type CompareOp = z.infer<typeof CompareOp>

/** An aggregate without a name: either `metric`, or `fn` with `field`, `formula` or (count only) neither. */
export type AggregateExpr = {
  fn?: AggregateFn | undefined
  metric?: string | undefined
  field?: Path | undefined
  formula?: string | undefined
  where?: Filter | undefined
  per?: string | undefined
  percentile?: number | undefined
  by?: Path | undefined
}

const aggregateShape = {
  fn: AggregateFn.optional(),
  /** Path of a metric: `raised`, or `donations.raised` where the metric's entity is reached by a relation. */
  metric: Path.optional(),
  field: Path.optional(),
  formula: Formula.optional(),
  get where() {
    return Filter.optional()
  },
  /** Whose rows are counted once each: "source_rows", or a relation path; absent: the entity that owns the field. */
  per: Path.optional(),
  percentile: z.number().min(0).max(1).optional(),
  /** first / last: the date that orders the rows. */
  by: Path.optional(),
}
export const AggregateExpr: z.ZodType<AggregateExpr> = z.lazy(() => z.strictObject(aggregateShape))

export type Value =
  | Scalar
  | Scalar[]
  | { min: Scalar; max: Scalar }
  | Period
  | { field: Path }
  | { aggregate: ValueAggregate }
  | { definition: Definition }

/** One number over a whole entity: "above average". `of` names the entity (default: the one the filter reads); `same` keeps only rows that agree with this row in those fields. */
export type ValueAggregate = AggregateExpr & { of?: string | undefined; same?: Path[] | undefined }

export const Value: z.ZodType<Value> = z.lazy(() =>
  z.union([
    Scalar,
    z.array(Scalar).max(limits.listValues),
    z.strictObject({ min: Scalar, max: Scalar }),
    Period,
    z.strictObject({ field: Path }),
    z.strictObject({
      aggregate: z.strictObject({
        ...aggregateShape,
        get where() {
          return Filter.optional()
        },
        of: EntityName.optional(),
        same: z.array(Path).min(1).max(5).optional(),
      }),
    }),
    z.strictObject({ definition: Definition }),
  ]),
)

export type FieldCondition = { field: Path; grain?: Grain | undefined; op: Op; value?: Value | undefined }
export type FormulaCondition = { formula: string; op: Op; value?: Value | undefined }
export type AggregateCondition = { aggregate: AggregateExpr; op: Op; value?: Value | undefined }
export type RelationMatch = 'some' | 'none' | 'every' | { count: { op: CompareOp; value: number } }
export type RelationFilter = { relation: Path; match: RelationMatch; where?: Filter | undefined }
export type Condition = FieldCondition | FormulaCondition | AggregateCondition
export type Filter = { all: Filter[] } | { any: Filter[] } | { not: Filter } | RelationFilter | Condition

export const RelationMatch: z.ZodType<RelationMatch> = z.union([
  z.enum(['some', 'none', 'every']),
  z.strictObject({ count: z.strictObject({ op: CompareOp, value: z.int().min(0).max(1_000_000_000) }) }),
])

export const Filter: z.ZodType<Filter> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(Filter).min(1).max(limits.filterParts) }),
    z.strictObject({ any: z.array(Filter).min(1).max(limits.filterParts) }),
    z.strictObject({ not: Filter }),
    z.strictObject({ relation: Path, match: RelationMatch, where: Filter.optional() }),
    z.strictObject({ field: Path, grain: Grain.optional(), op: Op, value: Value.optional() }),
    z.strictObject({ formula: Formula, op: Op, value: Value.optional() }),
    z.strictObject({ aggregate: AggregateExpr, op: Op, value: Value.optional() }),
  ]),
)

/** How a number or a time is shown; never changes its value. A percent is stored as a fraction: 0.25 shows as 25 %. */
export const Format = z.strictObject({
  style: z.enum(['number', 'percent', 'money']).optional(),
  decimals: z.int().min(0).max(10).optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  /** In the reader's language, or as YYYY-MM-DD. */
  date: z.enum(['short', 'medium', 'long', 'iso']).optional(),
  /** How much of the time of day a timestamp shows. */
  clock: z.enum(['none', 'minutes', 'seconds']).optional(),
})
export type Format = z.infer<typeof Format>

/** A column of a list: a field of the row (id defaults to its path) or a formula over its fields (id required). */
export const Column = z.strictObject({
  id: Id.optional(),
  label: Label.optional(),
  field: Path.optional(),
  formula: Formula.optional(),
  format: Format.optional(),
})
export type Column = z.infer<typeof Column>

/** What the groups of a summary are made by; id defaults to the field's path. */
export const GroupKey = z.strictObject({
  id: Id.optional(),
  label: Label.optional(),
  field: Path.optional(),
  formula: Formula.optional(),
  grain: Grain.optional(),
  /** Width of equal number ranges; the key is the range's lower end. */
  bucket: z.number().positive().optional(),
  /** Stretches of time without rows appear, with 0 for counts and sums. */
  fillGaps: z.boolean().optional(),
  hidden: z.boolean().optional(),
})
export type GroupKey = z.infer<typeof GroupKey>

export const Aggregate = z.strictObject({
  id: Id,
  label: Label.optional(),
  ...aggregateShape,
  get where() {
    return Filter.optional()
  },
  format: Format.optional(),
  hidden: z.boolean().optional(),
})
export type Aggregate = z.infer<typeof Aggregate>

export const CalculationFn = z.enum([
  'percent_of_total',
  'running_total',
  'rank',
  'change',
  'percent_change',
  'moving_average',
])
export type CalculationFn = z.infer<typeof CalculationFn>

/** A column computed from output columns: a formula, or a function of one column across the rows. */
export const Calculation = z.strictObject({
  id: Id,
  label: Label.optional(),
  formula: Formula.optional(),
  fn: CalculationFn.optional(),
  of: Id.optional(),
  /** The key that orders the rows: running_total, change, percent_change, moving_average. */
  over: Id.optional(),
  /** Keys that restart the function. */
  within: z.array(Id).max(limits.groupKeys).optional(),
  /** moving_average: how many rows, this one included. */
  size: z.int().min(2).max(366).optional(),
  format: Format.optional(),
  hidden: z.boolean().optional(),
})
export type Calculation = z.infer<typeof Calculation>

export const Sort = z.strictObject({
  field: Path,
  direction: z.enum(['asc', 'desc']).default('asc'),
  nulls: z.enum(['first', 'last']).optional(),
})
export type Sort = z.infer<typeof Sort>

export type Definition = {
  version: 1
  title?: string | undefined
  dataSources: string[]
  columns: Column[]
  groupBy: GroupKey[]
  aggregates: Aggregate[]
  calculations: Calculation[]
  filters?: Filter | undefined
  having?: Filter | undefined
  sortBy: Sort[]
  limit: number | null
  limitPer: { by: string[]; limit: number } | null
  totals: boolean
  pivot: { column: string; limit?: number | undefined } | null
  compare: { to: 'previous_period' | 'previous_year' } | null
  distinct: boolean
}

export const Definition: z.ZodType<Definition> = z.lazy(() => DefinitionObject)

const DefinitionObject = z.strictObject({
  version: z.literal(1).default(1),
  title: z.string().max(200).optional(),
  /** [0] is the source: the entity whose rows are listed or counted. The rest name what is reached from it. */
  dataSources: z.array(z.string().min(1).max(200)).min(1).max(20),
  columns: z.array(Column).max(limits.columns).default([]),
  groupBy: z.array(GroupKey).max(limits.groupKeys).default([]),
  aggregates: z.array(Aggregate).max(limits.aggregates).default([]),
  calculations: z.array(Calculation).max(limits.calculations).default([]),
  filters: Filter.optional(),
  having: Filter.optional(),
  sortBy: z.array(Sort).max(10).default([]),
  limit: z.int().min(1).max(limits.rows).nullable().default(null),
  limitPer: z
    .strictObject({ by: z.array(Id).min(1).max(limits.groupKeys), limit: z.int().min(1).max(10_000) })
    .nullable()
    .default(null),
  totals: z.boolean().default(false),
  pivot: z
    .strictObject({ column: Id, limit: z.int().min(1).max(limits.pivotColumns).optional() })
    .nullable()
    .default(null),
  compare: z
    .strictObject({ to: z.enum(['previous_period', 'previous_year']) })
    .nullable()
    .default(null),
  distinct: z.boolean().default(false),
})

/** The definition's JSON Schema (draft 2020-12), made from the zod schema. */
export function definitionJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(Definition, { io: 'input', reused: 'ref' }) as Record<string, unknown>
}
