// The data the judge works on: one tenant's rows, read as values, and the rows they are related to.
import type { Catalog, Entity, Field } from '../../src/catalog/schema.ts'
import type { Definition } from '../../src/definition/schema.ts'
import { type Calendar, instantOf, parseDay, parseTime } from './calendar.ts'
import { fromNumber, integer, parseDecimal } from './rational.ts'
import { fail, type Value } from './values.ts'

/**
 * A stored cell: whole numbers and ids as number, exact decimals as text, binary floats as number,
 * days and times as ISO text.
 */
export type Stored = string | number | boolean | null
export type Row = Readonly<Record<string, Stored>>
/** Rows by entity, all tenants together; cells by column name. */
export type Data = Readonly<Record<string, readonly Row[]>>

export type World = {
  readonly catalog: Catalog
  readonly calendar: Calendar
  /** Which letters have two cases in the database: all of Unicode, or A to Z only. */
  readonly letters: 'unicode' | 'ascii'
  /** Rows of the tenant (or of everybody, when shared). */
  readonly rows: (entityName: string) => readonly Row[]
  /** Rows of the values that another definition gives, one column. */
  readonly valuesOf: (definition: Definition) => readonly Value[]
  /** Results that depend on nothing but the definition's part they are made from. */
  readonly memory: Map<object, unknown>
}

/** The rows one organization may see. */
export function visibleRows(catalog: Catalog, data: Data, organizationId: string): World['rows'] {
  const cache = new Map<string, readonly Row[]>()
  return (entityName) => {
    const known = cache.get(entityName)
    if (known !== undefined) return known
    const { tenantKey } = entity(catalog, entityName)
    const all = data[entityName] ?? []
    const found = tenantKey === undefined ? all : all.filter((row) => isTenant(row[tenantKey], organizationId))
    cache.set(entityName, found)
    return found
  }
}

function isTenant(stored: Stored | undefined, organizationId: string): boolean {
  return stored !== null && stored !== undefined && String(stored) === organizationId
}

export function entity(catalog: Catalog, name: string): Entity {
  return own(catalog.entities, name) ?? fail(`unknown entity ${name}`)
}

function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}

const readings = new WeakMap<Row, Map<string, Value>>()

/** The value of a field in a row, for a given time zone (text that holds local times needs one). */
export function readField(world: World, entityName: string, fieldName: string, row: Row): Value {
  const known = readings.get(row) ?? new Map<string, Value>()
  readings.set(row, known)
  const key = `${entityName}.${fieldName}`
  const cached = known.get(key)
  if (cached !== undefined) return cached
  const field = own(entity(world.catalog, entityName).fields, fieldName) ?? fail(`unknown field ${key}`)
  const value = parseStored(row[field.column] ?? null, field, world.calendar.timezone)
  known.set(key, value)
  return value
}

function parseStored(stored: Stored, field: Field, timezone: string): Value {
  if (stored === null) return null
  const value = parseAs(stored, field, timezone)
  if (value === undefined) return field.storedAs === 'text' ? null : fail(`${stored} is no ${field.type}`)
  return value
}

function parseAs(stored: string | number | boolean, field: Field, timezone: string): Value | undefined {
  switch (field.type) {
    case 'text':
    case 'enum':
      return String(stored)
    case 'id':
      return typeof stored === 'number' ? { kind: 'integer-id', n: BigInt(stored) } : String(stored)
    case 'boolean':
      return typeof stored === 'boolean' ? stored : stored === 'true' ? true : stored === 'false' ? false : undefined
    case 'integer':
    case 'number':
    case 'money':
      if (typeof stored === 'number')
        return Number.isInteger(stored) ? integer(stored) : { ...fromNumber(stored), rough: true }
      return parseDecimal(String(stored))
    case 'date': {
      const day = parseDay(String(stored))
      return day === undefined ? undefined : { kind: 'day', day }
    }
    case 'timestamp': {
      const time = parseTime(String(stored))
      if (time === undefined) return undefined
      if (!field.zoned) return { kind: 'wall', us: time.wallUs }
      return { kind: 'instant', us: time.instantUs ?? instantOf(time.wallUs, timezone) }
    }
  }
}

const joins = new WeakMap<World, Map<string, Map<string, Row[]>>>()

/** The rows a relation leads to from one row; a to-one relation gives at most one. */
export function relatedRows(world: World, entityName: string, relationName: string, row: Row): readonly Row[] {
  const relation = own(entity(world.catalog, entityName).relations, relationName)
  if (relation === undefined) return fail(`${entityName} has no relation ${relationName}`)
  const cache = joins.get(world) ?? new Map<string, Map<string, Row[]>>()
  joins.set(world, cache)
  const cacheKey = `${entityName}.${relationName}`
  const index =
    cache.get(cacheKey) ??
    indexRows(
      world.rows(relation.to),
      relation.on.map(({ to }) => to),
    )
  cache.set(cacheKey, index)
  const key = joinKey(
    row,
    relation.on.map(({ from }) => from),
  )
  const found = (key === undefined ? undefined : index.get(key)) ?? []
  if (relation.kind === 'to_one' && found.length > 1) return fail(`${cacheKey} leads to several rows`)
  return found
}

function indexRows(rows: readonly Row[], columns: readonly string[]): Map<string, Row[]> {
  const index = new Map<string, Row[]>()
  for (const row of rows) {
    const key = joinKey(row, columns)
    if (key !== undefined) index.set(key, [...(index.get(key) ?? []), row])
  }
  return index
}

function joinKey(row: Row, columns: readonly string[]): string | undefined {
  const parts = columns.map((column) => row[column] ?? null)
  return parts.includes(null) ? undefined : JSON.stringify(parts.map(String))
}

/** A path split into the relations it follows and the field it ends in, if it ends in one. */
export type Resolved = {
  readonly hops: readonly string[]
  /** Entities along the way: hops.length + 1 of them. */
  readonly entities: readonly string[]
  readonly fieldName?: string
  readonly field?: Field
  readonly toOne: boolean
}

export function resolve(catalog: Catalog, entityName: string, path: string): Resolved {
  const segments = path.split('.')
  const entities = [entityName]
  const hops: string[] = []
  let toOne = true
  for (const [index, segment] of segments.entries()) {
    const here = entity(catalog, entities.at(-1) ?? '')
    const field = own(here.fields, segment)
    if (field !== undefined && index === segments.length - 1)
      return { hops, entities, fieldName: segment, field, toOne }
    const relation = own(here.relations, segment) ?? fail(`unknown name ${segment} in ${path}`)
    hops.push(segment)
    entities.push(relation.to)
    if (relation.kind === 'to_many') toOne = false
  }
  return { hops, entities, toOne }
}

/** The distinct rows at the end of a chain of relations. */
export function follow(
  world: World,
  entityName: string,
  hops: readonly string[],
  rows: readonly Row[],
): { entityName: string; rows: readonly Row[] } {
  let here = entityName
  let found: readonly Row[] = [...new Set(rows)]
  for (const hop of hops) {
    found = [...new Set(found.flatMap((row) => relatedRows(world, here, hop, row)))]
    here = (own(entity(world.catalog, here).relations, hop) ?? fail(`unknown relation ${hop}`)).to
  }
  return { entityName: here, rows: found }
}

/** The value at the end of a path of to-one relations; empty where a row on the way is missing. */
export function readPath(world: World, entityName: string, path: string, row: Row): Value {
  const { hops, fieldName, toOne } = resolve(world.catalog, entityName, path)
  if (fieldName === undefined) return fail(`${path} is no field`)
  if (!toOne) return fail(`${path} has many values`)
  const end = follow(world, entityName, hops, [row])
  const last = end.rows[0]
  return last === undefined ? null : readField(world, end.entityName, fieldName, last)
}
