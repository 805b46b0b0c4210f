// What a plan is made of: queries and expressions as plain data, one step above SQL.
// Every table is an entity of the catalog, every value a parameter; sql/ only prints what stands here.

/** Types that a parameter or cast may have. */
export type SqlType =
  | 'text'
  | 'bigint'
  | 'numeric'
  | 'float8'
  | 'boolean'
  | 'date'
  | 'timestamptz'
  | 'timestamp'
  | 'interval'
  | 'int'

export type Expr =
  | { readonly kind: 'column'; readonly alias: string; readonly column: string }
  | { readonly kind: 'param'; readonly value: string | null; readonly type: SqlType | 'as_needed' }
  | { readonly kind: 'integer'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null'; readonly type: SqlType }
  | { readonly kind: 'op'; readonly op: Operator; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'test'; readonly test: Test; readonly arg: Expr }
  | { readonly kind: 'and' | 'or'; readonly args: readonly Expr[] }
  | { readonly kind: 'call'; readonly fn: SqlFn; readonly args: readonly Expr[] }
  | { readonly kind: 'cast'; readonly arg: Expr; readonly type: SqlType }
  | { readonly kind: 'case'; readonly branches: readonly { when: Expr; gives: Expr }[]; readonly otherwise?: Expr }
  | { readonly kind: 'list'; readonly left: Expr; readonly items: readonly Expr[] }
  | { readonly kind: 'within'; readonly left: Expr; readonly query: Query }
  | { readonly kind: 'exists'; readonly query: Query }
  | { readonly kind: 'scalar'; readonly query: Query }
  | {
      readonly kind: 'aggregate'
      readonly fn: SqlAggregate
      readonly args: readonly Expr[]
      readonly distinct?: boolean
      readonly orderBy?: readonly Order[]
      readonly filter?: Expr
    }
  | {
      readonly kind: 'window'
      readonly fn: 'sum' | 'avg' | 'rank' | 'lag' | 'row_number'
      readonly args: readonly Expr[]
      readonly partitionBy: readonly Expr[]
      readonly orderBy: readonly Order[]
      readonly frame?: Frame
    }

export type Operator =
  | '='
  | '<>'
  | '<'
  | '<='
  | '>'
  | '>='
  | '+'
  | '-'
  | '*'
  | '/'
  | 'is distinct from'
  | 'is not distinct from'
  | 'like'
export type Test = 'is null' | 'is not null' | 'is true' | 'is not true' | 'not'
export type SqlFn =
  | 'lower'
  | 'upper'
  | 'length'
  | 'concat'
  | 'coalesce'
  | 'nullif'
  | 'least'
  | 'greatest'
  | 'round'
  | 'abs'
  | 'floor'
  | 'ceil'
  | 'date_trunc'
  | 'timezone'
  | 'isodow'
  | 'hour'
  | 'day'
  | 'month'
  | 'quarter'
  | 'year'
  | 'make_interval_months'
  | 'make_interval_days'
  | 'make_interval_hours'
  | 'text_to_numeric'
  | 'text_to_date'
  | 'text_to_timestamp'
  | 'first_element'
export type SqlAggregate =
  | 'count'
  | 'sum'
  | 'avg'
  | 'min'
  | 'max'
  | 'bool_or'
  | 'stddev_samp'
  | 'percentile_cont'
  | 'array_agg'
  | 'string_agg'

/** Window frames that end at the current row: the last n rows, or a stretch of time. */
export type Frame = { rows: number } | { stretch: { months?: number; days?: number; hours?: number } }

export type Order = { readonly expr: Expr; readonly direction: 'asc' | 'desc'; readonly nulls: 'first' | 'last' }

export type Source =
  | {
      readonly kind: 'table'
      readonly entity: string
      readonly alias: string
      /** Set by the tenant pass; the printer refuses a table without it. */
      readonly scoped?: 'tenant' | 'shared'
    }
  | { readonly kind: 'query'; readonly query: Query; readonly alias: string }
  | { readonly kind: 'with'; readonly name: string; readonly alias: string }
  | { readonly kind: 'series'; readonly from: Expr; readonly to: Expr; readonly step: Expr; readonly alias: string }

export type Join = { readonly type: 'left' | 'inner' | 'cross'; readonly source: Source; readonly on: readonly Expr[] }

export type Select = {
  readonly kind: 'select'
  readonly with?: readonly { readonly name: string; readonly query: Query }[]
  readonly distinct?: boolean
  readonly columns: readonly { readonly as: string; readonly expr: Expr }[]
  readonly from?: Source
  readonly joins?: readonly Join[]
  readonly where?: readonly Expr[]
  /** Positions (from 1) of the columns that are grouped by; [] with aggregates means one row. */
  readonly groupBy?: readonly number[]
  readonly orderBy?: readonly Order[]
  readonly limit?: number
}
export type Union = { readonly kind: 'union'; readonly queries: readonly Query[] }
export type Query = Select | Union
