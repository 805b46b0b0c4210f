// What every planning pass needs, and the row a condition or column is read from.
import { entityOf, resolvePath } from '../catalog/find.ts'
import type { Catalog, Entity, Field, FieldType } from '../catalog/schema.ts'
import type { FieldCondition } from '../definition/schema.ts'
import type { Clock } from '../lib/scope.ts'
import { and, call, cast, column, eq, param } from './build.ts'
import type { Expr, Join, SqlType } from './ir.ts'
import type { Shift } from './periods.ts'

export type PlanContext = {
  readonly catalog: Catalog
  readonly clock: Clock
  /** A fresh table or query alias. */
  readonly alias: () => string
  /** compare: the one period condition that is moved back, and by how much. */
  readonly moved?: { readonly condition: FieldCondition; readonly back: Shift }
}

/** An expression with what the language knows about it. */
export type Typed = {
  readonly expr: Expr
  readonly type: FieldType
  /** false: a wall-clock timestamp. */
  readonly zoned: boolean
  readonly caseSensitive: boolean
  readonly values?: readonly string[]
}

/** Finds what a name in a condition or formula stands for. */
export type Resolve = (path: string) => Typed

/** One row of an entity inside a select: paths from it become left joins of that select. */
export type RowFrame = {
  readonly context: PlanContext
  readonly entityName: string
  readonly alias: string
  /** The joins of the select this row stands in; grows as paths are followed. */
  readonly joins: Join[]
  readonly reached: Map<string, string>
}

export function newContext(catalog: Catalog, clock: Clock): PlanContext {
  let count = 0
  return {
    catalog,
    clock,
    alias: () => {
      count += 1
      return `t${count}`
    },
  }
}

export function newFrame(context: PlanContext, entityName: string, joins: Join[] = []): RowFrame {
  return { context, entityName, alias: context.alias(), joins, reached: new Map() }
}

export function typed(expr: Expr, type: FieldType, more: Partial<Typed> = {}): Typed {
  return { zoned: true, caseSensitive: false, ...more, expr, type }
}

/** The entity of a name that was checked before; throws when it is not there. */
export function knownEntity(catalog: Catalog, name: string): Entity {
  const entity = entityOf(catalog, name)
  if (entity === undefined) throw new Error(`entity "${name}" passed the check but is not in the catalog`)
  return entity
}

/** A field of the frame's row by to-one path, with the joins it needs. */
export function fieldOfRow(frame: RowFrame, path: string): Typed {
  const resolved = resolvePath(frame.context.catalog, frame.entityName, path)
  if (!resolved.ok || resolved.field === undefined) throw new Error(`path "${path}" passed the check but leads nowhere`)
  let alias = frame.alias
  let walked = ''
  for (const hop of resolved.hops) {
    if (hop.kind === 'to_many') throw new Error(`path "${path}" passed the check but has many values`)
    walked += `${hop.relation}.`
    const known = frame.reached.get(walked)
    const next = known ?? frame.context.alias()
    if (known === undefined) {
      frame.joins.push({
        type: 'left',
        source: { kind: 'table', entity: hop.to, alias: next },
        on: joinOn(frame.context.catalog, hop.from, hop.relation, alias, next),
      })
      frame.reached.set(walked, next)
    }
    alias = next
  }
  return fieldAt(alias, resolved.field)
}

/** The equalities that lead from a row to its related rows. */
export function joinOn(catalog: Catalog, from: string, relation: string, fromAlias: string, toAlias: string): Expr[] {
  const on = knownEntity(catalog, from).relations[relation]?.on
  if (on === undefined) throw new Error(`relation "${relation}" passed the check but is not in the catalog`)
  return on.map((pair) => eq(column(fromAlias, pair.from), column(toAlias, pair.to)))
}

/** A field read from a table alias, text storage undone. */
export function fieldAt(alias: string, field: Field): Typed {
  const raw = column(alias, field.column)
  const values = field.values?.map((v) => v.value)
  return typed(asValue(raw, field), field.type, {
    zoned: field.storedAs === 'text' ? false : field.zoned,
    caseSensitive: field.caseSensitive,
    ...(values === undefined ? {} : { values }),
  })
}

function asValue(raw: Expr, { type, storedAs }: Field): Expr {
  // As a number a float of four bytes is not the decimal that people wrote: 0.1 would not be 0.1, nor 1234567 itself in sums.
  if (storedAs === 'real') return cast(cast(raw, 'text'), 'numeric')
  return storedAs === 'text' ? fromText(raw, type) : raw
}

function fromText(raw: Expr, type: FieldType): Expr {
  if (type === 'integer' || type === 'number' || type === 'money') return call('text_to_numeric', raw)
  if (type === 'date') return call('text_to_date', raw)
  if (type === 'timestamp') return call('text_to_timestamp', raw)
  return raw
}

/** What tells one row of an entity from another: its key, or its place in the table when it has none. */
export function identityOf(catalog: Catalog, entityName: string, alias: string): Expr[] {
  const entity = knownEntity(catalog, entityName)
  const key = entity.primaryKey.map((name) => entity.fields[name]?.column).filter((name) => name !== undefined)
  return key.length === 0 ? [column(alias, 'ctid')] : key.map((name) => column(alias, name))
}

/** The SQL type in which values of a field type are computed and handed on. */
export function sqlTypeOf(type: FieldType, zoned = true): SqlType {
  switch (type) {
    case 'integer':
    case 'number':
    case 'money':
      return 'numeric'
    case 'date':
    case 'boolean':
      return type
    case 'timestamp':
      return zoned ? 'timestamptz' : 'timestamp'
    default:
      return 'text'
  }
}

/** The local date of a date or timestamp. */
export function localDate(value: Typed, context: PlanContext): Expr {
  if (value.type === 'date') return value.expr
  return cast(localTime(value, context), 'date')
}

/** The wall clock of a date or timestamp in the run's time zone. */
export function localTime(value: Typed, context: PlanContext): Expr {
  if (value.type === 'date') return cast(value.expr, 'timestamp')
  return value.zoned ? call('timezone', param(context.clock.timezone, 'text'), value.expr) : value.expr
}

export const all = and
