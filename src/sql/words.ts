// The words SQL is made of: every one a literal of this file.
import { StringChunk } from 'drizzle-orm'
import type { Operator, SqlAggregate, SqlFn, SqlType, Test } from '../plan/ir.ts'

const known = new WeakMap<TemplateStringsArray, StringChunk>()

/** SQL text from a source literal; as a template tag it cannot be given a string made at run time. */
export function lit(words: TemplateStringsArray): StringChunk {
  const chunk = known.get(words) ?? new StringChunk(words.raw.join(''))
  known.set(words, chunk)
  return chunk
}

export const types: Record<SqlType, StringChunk> = {
  text: lit`text`,
  bigint: lit`bigint`,
  numeric: lit`numeric`,
  float8: lit`double precision`,
  boolean: lit`boolean`,
  date: lit`date`,
  timestamptz: lit`timestamptz`,
  timestamp: lit`timestamp`,
  interval: lit`interval`,
  int: lit`integer`,
}

export const operators: Record<Operator, StringChunk> = {
  '=': lit` = `,
  '<>': lit` <> `,
  '<': lit` < `,
  '<=': lit` <= `,
  '>': lit` > `,
  '>=': lit` >= `,
  '+': lit` + `,
  '-': lit` - `,
  '*': lit` * `,
  '/': lit` / `,
  'is distinct from': lit` is distinct from `,
  'is not distinct from': lit` is not distinct from `,
  like: lit` like `,
}

export const tests: Record<Exclude<Test, 'not'>, StringChunk> = {
  'is null': lit` is null`,
  'is not null': lit` is not null`,
  'is true': lit` is true`,
  'is not true': lit` is not true`,
}

export const aggregates: Record<SqlAggregate, StringChunk> = {
  count: lit`count`,
  sum: lit`sum`,
  avg: lit`avg`,
  min: lit`min`,
  max: lit`max`,
  bool_or: lit`bool_or`,
  stddev_samp: lit`stddev_samp`,
  percentile_cont: lit`percentile_cont`,
  array_agg: lit`array_agg`,
  string_agg: lit`string_agg`,
}

export const windowFns = {
  sum: lit`sum`,
  avg: lit`avg`,
  rank: lit`rank`,
  lag: lit`lag`,
  row_number: lit`row_number`,
} as const

export const extracts = {
  isodow: lit`isodow from `,
  hour: lit`hour from `,
  day: lit`day from `,
  month: lit`month from `,
  quarter: lit`quarter from `,
  year: lit`year from `,
} as const

type Special = keyof typeof extracts | 'text_to_numeric' | 'text_to_date' | 'text_to_timestamp' | 'first_element'

/** Functions up to and with their opening bracket. */
export const calls: Record<Exclude<SqlFn, Special>, StringChunk> = {
  lower: lit`lower(`,
  upper: lit`upper(`,
  length: lit`length(`,
  concat: lit`concat(`,
  coalesce: lit`coalesce(`,
  nullif: lit`nullif(`,
  least: lit`least(`,
  greatest: lit`greatest(`,
  round: lit`round(`,
  abs: lit`abs(`,
  floor: lit`floor(`,
  ceil: lit`ceil(`,
  date_trunc: lit`date_trunc(`,
  timezone: lit`timezone(`,
  make_interval_months: lit`make_interval(months => `,
  make_interval_days: lit`make_interval(days => `,
  make_interval_hours: lit`make_interval(hours => `,
}

/** What text must look like to be read as a number or date. */
export const patterns = {
  number: lit`'^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?\s*$'`,
  date: lit`'^(?!0000)\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([ T]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?)?$'`,
} as const
