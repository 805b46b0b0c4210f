// Plan → Drizzle SQL → { text, params }.
// Refused: a table the tenant pass has not seen, and any identifier that neither the catalog nor the planner made.
import { type SQL, sql } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'
import { drizzleTables } from '../catalog/drizzle-tables.ts'
import type { Catalog } from '../catalog/schema.ts'
import type { Expr, Frame, Order, Query, Select, Source, SqlAggregate, SqlFn, SqlType } from '../plan/ir.ts'

export type Statement = { readonly text: string; readonly params: readonly (string | null)[] }

const dialect = new PgDialect({ casing: undefined as never })
const OWN_NAME = /^[a-z][a-z0-9_]{0,30}$/

/** Prints a planned query as one parameterised Postgres statement; throws on a plan that no pass may produce. */
export function printQuery(query: Query, catalog: Catalog): Statement {
  const entities: Names = new Map()
  const { sql: text, params } = dialect.sqlToQuery(printer(catalog, entities).query(query))
  return { text, params: params.map((value) => (value === null ? null : String(value))) }
}

type Names = Map<string, string>

function printer(catalog: Catalog, entityOfAlias: Names) {
  const tables = drizzleTables(catalog)

  function query(node: Query): SQL {
    if (node.kind === 'union')
      return join(
        node.queries.map((q) => sql`(${query(q)})`),
        sql` union all `,
      )
    return select(node)
  }

  function select(node: Select): SQL {
    for (const source of sourcesOf(node)) if (source.kind === 'table') entityOfAlias.set(source.alias, source.entity)
    const parts: SQL[] = []
    if (node.with !== undefined && node.with.length > 0)
      parts.push(
        sql`with ${join(
          node.with.map((w) => sql`${own(w.name)} as (${query(w.query)})`),
          sql`, `,
        )} `,
      )
    parts.push(node.distinct === true ? sql`select distinct ` : sql`select `)
    parts.push(
      join(
        node.columns.map((c) => sql`${expr(c.expr)} as ${own(c.as)}`),
        sql`, `,
      ),
    )
    if (node.from !== undefined) parts.push(sql` from ${source(node.from)}`)
    for (const j of node.joins ?? []) {
      if (j.type === 'cross') parts.push(sql` cross join ${source(j.source)}`)
      else {
        const on = j.on.length === 0 ? sql`true` : conjunction(j.on)
        parts.push(
          j.type === 'left' ? sql` left join ${source(j.source)} on ${on}` : sql` join ${source(j.source)} on ${on}`,
        )
      }
    }
    if (node.where !== undefined && node.where.length > 0) parts.push(sql` where ${conjunction(node.where)}`)
    if (node.groupBy !== undefined && node.groupBy.length > 0)
      parts.push(sql` group by ${join(node.groupBy.map(whole), sql`, `)}`)
    if (node.orderBy !== undefined && node.orderBy.length > 0) parts.push(sql` order by ${orders(node.orderBy)}`)
    if (node.limit !== undefined) parts.push(sql` limit ${whole(node.limit)}`)
    return sql.join(parts)
  }

  function source(node: Source): SQL {
    switch (node.kind) {
      case 'table': {
        if (node.scoped === undefined)
          throw new Error(`entity "${node.entity}" reached SQL without its tenant predicate`)
        const table = tables[node.entity]
        if (table === undefined) throw new Error(`entity "${node.entity}" is not in the catalog`)
        return sql`${table.table} as ${own(node.alias)}`
      }
      case 'query':
        return sql`(${query(node.query)}) as ${own(node.alias)}`
      case 'with':
        return sql`${own(node.name)} as ${own(node.alias)}`
      case 'series':
        return sql`generate_series(${expr(node.from)}, ${expr(node.to)}, ${expr(node.step)}) as ${own(node.alias)}(${own('s')})`
    }
  }

  function columnName(alias: string, name: string): SQL {
    const entity = entityOfAlias.get(alias)
    if (entity === undefined) {
      if (!OWN_NAME.test(name)) throw new Error(`column "${name}" is not one the planner made`)
    } else if (name !== 'ctid' && !Object.hasOwn(tables[entity]?.columns ?? {}, name))
      throw new Error(`column "${name}" is not one of entity "${entity}"`)
    return sql`${own(alias)}.${sql.identifier(name)}`
  }

  function expr(node: Expr): SQL {
    switch (node.kind) {
      case 'column':
        return columnName(node.alias, node.column)
      case 'param':
        return node.type === 'as_needed'
          ? sql`${sql.param(node.value)}`
          : sql`cast(${sql.param(node.value)} as ${type(node.type)})`
      case 'integer':
        return whole(node.value)
      case 'boolean':
        return node.value ? sql`true` : sql`false`
      case 'null':
        return sql`cast(null as ${type(node.type)})`
      case 'op':
        return sql`(${expr(node.left)} ${operators[node.op]} ${expr(node.right)})`
      case 'test':
        return node.test === 'not' ? sql`(not ${expr(node.arg)})` : sql`(${expr(node.arg)} ${tests[node.test]})`
      case 'and':
        return sql`(${join(node.args.map(expr), sql` and `)})`
      case 'or':
        return sql`(${join(node.args.map(expr), sql` or `)})`
      case 'call':
        return call(node.fn, node.args.map(expr))
      case 'cast':
        return sql`cast(${expr(node.arg)} as ${type(node.type)})`
      case 'case': {
        const branches = node.branches.map((b) => sql` when ${expr(b.when)} then ${expr(b.gives)}`)
        const otherwise = node.otherwise === undefined ? sql`` : sql` else ${expr(node.otherwise)}`
        return sql`case${sql.join(branches)}${otherwise} end`
      }
      case 'list':
        return sql`(${expr(node.left)} in (${join(node.items.map(expr), sql`, `)}))`
      case 'within':
        return sql`(${expr(node.left)} in (${query(node.query)}))`
      case 'exists':
        return sql`exists (${query(node.query)})`
      case 'scalar':
        return sql`(${query(node.query)})`
      case 'aggregate': {
        const filter = node.filter === undefined ? sql`` : sql` filter (where ${expr(node.filter)})`
        return sql`${aggregate(node.fn, node.args.map(expr), node.distinct === true, node.orderBy)}${filter}`
      }
      case 'window': {
        const partition =
          node.partitionBy.length === 0 ? sql`` : sql`partition by ${join(node.partitionBy.map(expr), sql`, `)} `
        const order = node.orderBy.length === 0 ? sql`` : sql`order by ${orders(node.orderBy)}`
        const name = windowFns[node.fn]
        return sql`${name}(${join(node.args.map(expr), sql`, `)}) over (${partition}${order}${frame(node.frame)})`
      }
    }
  }

  function aggregate(fn: SqlAggregate, args: SQL[], distinct: boolean, orderBy: readonly Order[] | undefined): SQL {
    const order = orderBy === undefined || orderBy.length === 0 ? sql`` : sql` order by ${orders(orderBy)}`
    const [first = sql`*`] = args
    if (fn === 'percentile_cont') return sql`percentile_cont(${first}) within group (${order})`
    const inside = args.length === 0 ? sql`*` : join(args, sql`, `)
    return sql`${aggregates[fn]}(${distinct ? sql`distinct ` : sql``}${inside}${order})`
  }

  function orders(list: readonly Order[]): SQL {
    return join(
      list.map((o) => {
        const direction = o.direction === 'desc' ? sql` desc` : sql` asc`
        return sql`${expr(o.expr)}${direction}${o.nulls === 'first' ? sql` nulls first` : sql` nulls last`}`
      }),
      sql`, `,
    )
  }

  function conjunction(conditions: readonly Expr[]): SQL {
    return join(conditions.map(expr), sql` and `)
  }

  return { query }
}

function sourcesOf(node: Select): Source[] {
  return [...(node.from === undefined ? [] : [node.from]), ...(node.joins ?? []).map((j) => j.source)]
}

function own(name: string): SQL {
  if (!OWN_NAME.test(name)) throw new Error(`name "${name}" is not one the planner made`)
  return sql`${sql.identifier(name)}`
}

function whole(value: number): SQL {
  if (!Number.isSafeInteger(value)) throw new Error(`${value} is not a whole number`)
  return sql.raw(value < 0 ? `(${value})` : String(value))
}

const join = (parts: SQL[], separator: SQL): SQL => sql.join(parts, separator)

function frame(node: Frame | undefined): SQL {
  if (node === undefined) return sql``
  if ('stretch' in node) {
    const { months = 0, days = 0, hours = 0 } = node.stretch
    return sql` range between make_interval(months => ${whole(months)}, days => ${whole(days)}, hours => ${whole(hours)}) preceding and current row`
  }
  return node.rows === 'all'
    ? sql` rows between unbounded preceding and current row`
    : sql` rows between ${whole(node.rows)} preceding and current row`
}

const types: Record<SqlType, SQL> = {
  text: sql`text`,
  bigint: sql`bigint`,
  numeric: sql`numeric`,
  float8: sql`double precision`,
  boolean: sql`boolean`,
  date: sql`date`,
  timestamptz: sql`timestamptz`,
  timestamp: sql`timestamp`,
  interval: sql`interval`,
  int: sql`integer`,
}
const type = (name: SqlType): SQL => types[name]

const operators = {
  '=': sql`=`,
  '<>': sql`<>`,
  '<': sql`<`,
  '<=': sql`<=`,
  '>': sql`>`,
  '>=': sql`>=`,
  '+': sql`+`,
  '-': sql`-`,
  '*': sql`*`,
  '/': sql`/`,
  'is distinct from': sql`is distinct from`,
  'is not distinct from': sql`is not distinct from`,
  like: sql`like`,
} as const

const tests = {
  'is null': sql`is null`,
  'is not null': sql`is not null`,
  'is true': sql`is true`,
  'is not true': sql`is not true`,
} as const

const aggregates: Record<Exclude<SqlAggregate, 'percentile_cont'>, SQL> & { percentile_cont?: never } = {
  count: sql`count`,
  sum: sql`sum`,
  avg: sql`avg`,
  min: sql`min`,
  max: sql`max`,
  bool_or: sql`bool_or`,
  stddev_samp: sql`stddev_samp`,
  array_agg: sql`array_agg`,
  string_agg: sql`string_agg`,
}

const windowFns = {
  sum: sql`sum`,
  avg: sql`avg`,
  rank: sql`rank`,
  lag: sql`lag`,
  row_number: sql`row_number`,
} as const

const plainCalls = {
  lower: sql`lower`,
  upper: sql`upper`,
  length: sql`length`,
  concat: sql`concat`,
  coalesce: sql`coalesce`,
  nullif: sql`nullif`,
  least: sql`least`,
  greatest: sql`greatest`,
  round: sql`round`,
  abs: sql`abs`,
  floor: sql`floor`,
  ceil: sql`ceil`,
  date_trunc: sql`date_trunc`,
  timezone: sql`timezone`,
} as const

const NUMBER_TEXT = sql.raw(String.raw`'^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?\s*$'`)
const DATE_TEXT = sql.raw(String.raw`'^\s*\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?\s*$'`)

function call(fn: SqlFn, args: SQL[]): SQL {
  const [a = sql`null`] = args
  switch (fn) {
    case 'isodow':
    case 'hour':
    case 'day':
    case 'month':
    case 'quarter':
    case 'year':
      return sql`cast(extract(${extracts[fn]} from ${a}) as integer)`
    case 'make_interval_months':
      return sql`make_interval(months => ${a})`
    case 'make_interval_days':
      return sql`make_interval(days => ${a})`
    case 'make_interval_hours':
      return sql`make_interval(hours => ${a})`
    case 'text_to_numeric':
      return sql`case when ${a} ~ ${NUMBER_TEXT} then cast(${a} as numeric) end`
    case 'text_to_date':
      return sql`case when ${a} ~ ${DATE_TEXT} then cast(cast(${a} as timestamp) as date) end`
    case 'text_to_timestamp':
      return sql`case when ${a} ~ ${DATE_TEXT} then cast(${a} as timestamp) end`
    case 'first_element':
      return sql`(${a})[1]`
    case 'clean_text':
      return sql`nullif(${a}, '')`
    default:
      return sql`${plainCalls[fn]}(${join(args, sql`, `)})`
  }
}

const extracts = {
  isodow: sql`isodow`,
  hour: sql`hour`,
  day: sql`day`,
  month: sql`month`,
  quarter: sql`quarter`,
  year: sql`year`,
} as const
