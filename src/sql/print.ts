// Plan → Drizzle SQL → { text, params }.
// Refused: a table the tenant pass has not seen, and any identifier that neither the catalog nor the planner made.
// One flat Drizzle statement is built: its own words come only from literals in this file (lit), never from a string.
import { type SQLChunk, StringChunk, sql } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'
import { drizzleTables } from '../catalog/drizzle-tables.ts'
import type { Catalog } from '../catalog/schema.ts'
import type { Expr, Frame, Order, Query, Select, Source } from '../plan/ir.ts'
import { aggregates, calls, extracts, lit, operators, patterns, tests, types, windowFns } from './words.ts'

export type Statement = { readonly text: string; readonly params: readonly (string | null)[] }

const dialect = new PgDialect()
const OWN_NAME = /^[a-z][a-z0-9_]{0,30}$/

/** Prints a planned query as one parameterised Postgres statement; throws on a plan that no pass may produce. */
export function printQuery(query: Query, catalog: Catalog): Statement {
  const chunks: SQLChunk[] = []
  let words: string[] = []
  // Drizzle looks at each chunk in ten ways, so words that follow each other go as one.
  const flush = (): void => {
    if (words.length > 0) chunks.push(new StringChunk(words.join('')))
    words = []
  }
  printer(catalog, (chunk) => {
    if (chunk instanceof StringChunk) return void words.push(...chunk.value)
    flush()
    chunks.push(chunk)
  }).query(query)
  flush()
  const { sql: text, params } = dialect.sqlToQuery(sql.join(chunks))
  return { text, params: params.map((value) => (value === null ? null : String(value))) }
}

type Emit = (chunk: SQLChunk) => undefined

function printer(catalog: Catalog, emit: Emit) {
  const tables = drizzleTables(catalog)
  const entityOfAlias = new Map<string, string>()

  function separated<T>(items: readonly T[], separator: SQLChunk, print: (item: T) => undefined): undefined {
    for (const [i, item] of items.entries()) {
      if (i > 0) emit(separator)
      print(item)
    }
  }

  function query(node: Query): undefined {
    if (node.kind === 'select') return select(node)
    separated(node.queries, lit` union all `, (part) => {
      emit(lit`(`)
      query(part)
      emit(lit`)`)
    })
  }

  function select(node: Select): undefined {
    for (const source of [node.from, ...(node.joins ?? []).map((join) => join.source)])
      if (source?.kind === 'table') entityOfAlias.set(source.alias, source.entity)
    if (node.with !== undefined && node.with.length > 0) {
      emit(lit`with `)
      separated(node.with, lit`, `, (part) => {
        own(part.name)
        emit(lit` as (`)
        query(part.query)
        emit(lit`)`)
      })
      emit(lit` `)
    }
    emit(node.distinct === true ? lit`select distinct ` : lit`select `)
    separated(node.columns, lit`, `, (column) => {
      expr(column.expr)
      emit(lit` as `)
      own(column.as)
    })
    if (node.from !== undefined) {
      emit(lit` from `)
      source(node.from)
    }
    for (const join of node.joins ?? []) {
      emit(join.type === 'cross' ? lit` cross join ` : join.type === 'left' ? lit` left join ` : lit` join `)
      source(join.source)
      if (join.type === 'cross') continue
      emit(lit` on `)
      if (join.on.length === 0) emit(lit`true`)
      else separated(join.on, lit` and `, expr)
    }
    if (node.where !== undefined && node.where.length > 0) {
      emit(lit` where `)
      separated(node.where, lit` and `, expr)
    }
    if (node.groupBy !== undefined && node.groupBy.length > 0) {
      emit(lit` group by `)
      separated(node.groupBy, lit`, `, whole)
    }
    if (node.orderBy !== undefined && node.orderBy.length > 0) {
      emit(lit` order by `)
      orders(node.orderBy)
    }
    if (node.limit !== undefined) {
      emit(lit` limit `)
      whole(node.limit)
    }
  }

  function source(node: Source): undefined {
    switch (node.kind) {
      case 'table': {
        if (node.scoped === undefined)
          throw new Error(`entity "${node.entity}" reached SQL without its tenant predicate`)
        const table = Object.hasOwn(tables, node.entity) ? tables[node.entity] : undefined
        if (table === undefined) throw new Error(`entity "${node.entity}" is not in the catalog`)
        emit(table.table)
        break
      }
      case 'query':
        emit(lit`(`)
        query(node.query)
        emit(lit`)`)
        break
      case 'with':
        own(node.name)
        break
      case 'series':
        emit(lit`generate_series(`)
        separated([node.from, node.to, node.step], lit`, `, expr)
        emit(lit`)`)
        break
    }
    emit(lit` as `)
    own(node.alias)
    if (node.kind === 'series') emit(lit`(s)`)
  }

  function own(name: string): undefined {
    if (!OWN_NAME.test(name)) throw new Error(`name "${name}" is not one the planner made`)
    emit(sql.identifier(name))
  }

  function columnName(alias: string, name: string): undefined {
    const entity = entityOfAlias.get(alias)
    if (entity === undefined) {
      if (!OWN_NAME.test(name)) throw new Error(`column "${name}" is not one the planner made`)
    } else if (name !== 'ctid' && !Object.hasOwn(tables[entity]?.columns ?? {}, name))
      throw new Error(`column "${name}" is not one of entity "${entity}"`)
    own(alias)
    emit(lit`.`)
    emit(sql.identifier(name))
  }

  function whole(value: number): undefined {
    if (!Number.isSafeInteger(value)) throw new Error(`${value} is not a whole number`)
    emit(new StringChunk(value < 0 ? `(${value})` : String(value)))
  }

  function conversion(print: () => undefined, type: keyof typeof types): undefined {
    emit(lit`cast(`)
    print()
    emit(lit` as `)
    emit(types[type])
    emit(lit`)`)
  }

  function inBrackets(print: () => undefined): undefined {
    emit(lit`(`)
    print()
    emit(lit`)`)
  }

  function expr(node: Expr): undefined {
    switch (node.kind) {
      case 'column':
        return columnName(node.alias, node.column)
      case 'param': {
        const value = sql.param(node.value)
        return node.type === 'as_needed' ? emit(value) : conversion(() => emit(value), node.type)
      }
      case 'integer':
        return whole(node.value)
      case 'boolean':
        return emit(node.value ? lit`true` : lit`false`)
      case 'null':
        return conversion(() => emit(lit`null`), node.type)
      case 'op':
        return inBrackets(() => {
          expr(node.left)
          emit(operators[node.op])
          expr(node.right)
        })
      case 'test':
        return inBrackets(() => {
          if (node.test === 'not') emit(lit`not `)
          expr(node.arg)
          if (node.test !== 'not') emit(tests[node.test])
        })
      case 'and':
        return inBrackets(() => separated(node.args, lit` and `, expr))
      case 'or':
        return inBrackets(() => separated(node.args, lit` or `, expr))
      case 'call':
        return called(node)
      case 'cast':
        return conversion(() => expr(node.arg), node.type)
      case 'case':
        emit(lit`case`)
        for (const branch of node.branches) {
          emit(lit` when `)
          expr(branch.when)
          emit(lit` then `)
          expr(branch.gives)
        }
        if (node.otherwise !== undefined) {
          emit(lit` else `)
          expr(node.otherwise)
        }
        return emit(lit` end`)
      case 'list':
        return inBrackets(() => {
          expr(node.left)
          emit(lit` in (`)
          separated(node.items, lit`, `, expr)
          emit(lit`)`)
        })
      case 'within':
        return inBrackets(() => {
          expr(node.left)
          emit(lit` in (`)
          query(node.query)
          emit(lit`)`)
        })
      case 'exists':
        emit(lit`exists `)
        return inBrackets(() => query(node.query))
      case 'scalar':
        return inBrackets(() => query(node.query))
      case 'aggregate':
        return aggregate(node)
      case 'window':
        return window(node)
    }
  }

  function aggregate(node: Extract<Expr, { kind: 'aggregate' }>): undefined {
    emit(aggregates[node.fn])
    emit(node.distinct === true ? lit`(distinct ` : lit`(`)
    if (node.args.length === 0) emit(lit`*`)
    else separated(node.args, lit`, `, expr)
    const ordered = node.orderBy !== undefined && node.orderBy.length > 0
    if (node.fn === 'percentile_cont') emit(lit`) within group (`)
    if (ordered) {
      emit(lit` order by `)
      orders(node.orderBy ?? [])
    }
    emit(lit`)`)
    if (node.filter === undefined) return
    emit(lit` filter (where `)
    expr(node.filter)
    emit(lit`)`)
  }

  function window(node: Extract<Expr, { kind: 'window' }>): undefined {
    emit(windowFns[node.fn])
    emit(lit`(`)
    separated(node.args, lit`, `, expr)
    emit(lit`) over (`)
    if (node.partitionBy.length > 0) {
      emit(lit`partition by `)
      separated(node.partitionBy, lit`, `, expr)
      emit(lit` `)
    }
    if (node.orderBy.length > 0) {
      emit(lit`order by `)
      orders(node.orderBy)
    }
    frame(node.frame)
    emit(lit`)`)
  }

  function frame(node: Frame | undefined): undefined {
    if (node === undefined) return
    if ('stretch' in node) {
      const { months = 0, days = 0, hours = 0 } = node.stretch
      emit(lit` range between make_interval(months => `)
      whole(months)
      emit(lit`, days => `)
      whole(days)
      emit(lit`, hours => `)
      whole(hours)
      emit(lit`) preceding and current row`)
      return
    }
    emit(lit` rows between `)
    whole(node.rows)
    emit(lit` preceding and current row`)
  }

  function orders(list: readonly Order[]): undefined {
    separated(list, lit`, `, (order) => {
      expr(order.expr)
      emit(order.direction === 'desc' ? lit` desc` : lit` asc`)
      emit(order.nulls === 'first' ? lit` nulls first` : lit` nulls last`)
    })
  }

  function called(node: Extract<Expr, { kind: 'call' }>): undefined {
    const { fn, args } = node
    const [first] = args
    const one = (): undefined => (first === undefined ? emit(lit`null`) : expr(first))
    /** Text is converted only where it looks right, so that no cell can fail the statement; other cells are empty. */
    const matching = (pattern: SQLChunk, convert: () => undefined): undefined => {
      emit(lit`case when `)
      one()
      emit(lit` ~ `)
      emit(pattern)
      emit(lit` then `)
      convert()
      emit(lit` end`)
    }
    const onCalendar = (convert: () => undefined): undefined =>
      matching(patterns.date, () => {
        emit(lit`case when cast(substr(`)
        one()
        emit(lit`, 9, 2) as integer) <= extract(day from cast(substr(`)
        one()
        emit(lit`, 1, 7) || '-01' as date) + interval '1 month' - interval '1 day') then `)
        convert()
        emit(lit` end`)
      })
    switch (fn) {
      case 'isodow':
      case 'hour':
      case 'day':
      case 'month':
      case 'quarter':
      case 'year':
        emit(lit`cast(extract(`)
        emit(extracts[fn])
        one()
        return emit(lit`) as integer)`)
      case 'text_to_numeric':
        return matching(patterns.number, () => conversion(one, 'numeric'))
      case 'text_to_date':
        return onCalendar(() => conversion(() => conversion(one, 'timestamp'), 'date'))
      case 'text_to_timestamp':
        return onCalendar(() => conversion(one, 'timestamp'))
      case 'first_element':
        inBrackets(one)
        return emit(lit`[1]`)
      default:
        emit(calls[fn])
        separated(args, lit`, `, expr)
        return emit(lit`)`)
    }
  }

  return { query }
}
