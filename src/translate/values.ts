// Stored values that a word of a question may mean.
// In: a catalog, a way to query, who asks. Out: an index that finds values by text, by words and in spite of typos.
// Left out: sensitive fields, fields the roles may not see, other organizations' rows, keys, addresses, long texts.
import { type Name, sql } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'
import { drizzleTables, type EntityTable } from '../catalog/drizzle-tables.ts'
import type { Catalog, Entity, Field } from '../catalog/schema.ts'
import { canSeeField } from '../catalog/visible.ts'
import type { Scope } from '../lib/scope.ts'
import type { ValueIndex } from './types.ts'
import { indexValues, type StoredValue } from './value-index.ts'

/** Runs one statement and gives its rows by column name; parameters are bound, never written into the text. */
export type QueryRows = (
  text: string,
  params: readonly unknown[],
  organizationId?: string,
) => Promise<readonly Record<string, unknown>[]>

export type BuildOptions = {
  readonly catalog: Catalog
  readonly query: QueryRows
  readonly scope: Scope
  /** Distinct values kept of one field, the most frequent first (default 2,000). */
  readonly maxValuesPerField?: number
  /** Fields read in all (default 400), display fields first. */
  readonly maxFields?: number
  /** Rows looked at in one table (default 50,000), so that a statement stays cheap on any table. */
  readonly maxRows?: number
}

export type BuiltValueIndex = ValueIndex & {
  /** How many values it holds. */
  readonly size: number
  /** `entity.field` of which not everything was read. */
  readonly cut: readonly string[]
  /** Entities whose statement failed; their values are missing. */
  readonly failed: readonly string[]
}

export const emptyValueIndex: ValueIndex = { find: () => [] }

const MAX_LENGTH = 80
const dialect = new PgDialect({ casing: undefined as never })

/** Reads what a field's values are, one statement an entity; never throws for a table that cannot be read. */
export async function buildValueIndex(options: BuildOptions): Promise<BuiltValueIndex> {
  const { catalog, query, scope, maxValuesPerField = 2000, maxFields = 400, maxRows = 50_000 } = options
  const values: StoredValue[] = catalogValues(catalog, scope)
  const cut: string[] = []
  const failed: string[] = []
  const tables = drizzleTables(catalog)
  for (const [entity, fields] of fieldsToRead(catalog, scope, maxFields, cut)) {
    const table = tables[entity]
    const owner = catalog.entities[entity]
    if (table === undefined || owner === undefined || (owner.tenantKey === undefined && owner.shared !== true)) continue
    const statement = valuesStatement(owner, table, fields, { scope, maxRows, maxValuesPerField })
    try {
      const rows = await query(statement.text, statement.params, scope.organizationId)
      for (const [index, [field]] of fields.entries()) {
        const column = columnValues(rows, index)
        if (column.rows >= maxRows || column.values.length >= maxValuesPerField) cut.push(`${entity}.${field}`)
        if (!isJunk(column))
          values.push(...column.values.map((value) => ({ entity, field, value, text: value, trust: 1 })))
      }
    } catch {
      failed.push(entity)
    }
  }
  return { ...indexValues(values), cut, failed }
}

/** Values that the catalog itself lists, under their labels and synonyms too. */
function catalogValues(catalog: Catalog, scope: Scope): StoredValue[] {
  return Object.entries(catalog.entities).flatMap(([entity, { fields }]) =>
    Object.entries(fields)
      .filter(([, field]) => mayIndex(field, scope))
      .flatMap(([name, field]) =>
        (field.values ?? []).flatMap(({ value, label, synonyms }) => [
          { entity, field: name, value, text: value, trust: 1 },
          ...(label === undefined ? [] : [{ entity, field: name, value, text: label, trust: 0.99 }]),
          ...synonyms.map((synonym) => ({ entity, field: name, value, text: synonym, trust: 0.96 })),
        ]),
      ),
  )
}

function mayIndex(field: Field, scope: Scope): boolean {
  return !field.sensitive && canSeeField(field, scope.roles)
}

type FieldsOfEntity = readonly (readonly [string, Field])[]

/** Text fields, and enums whose values the catalog does not list; fields over the limit are reported in `cut`. */
function fieldsToRead(catalog: Catalog, scope: Scope, maxFields: number, cut: string[]): Map<string, FieldsOfEntity> {
  const wanted = Object.entries(catalog.entities).flatMap(([entity, owner]) =>
    Object.entries(owner.fields)
      .filter(([, field]) => mayIndex(field, scope) && holdsTexts(field))
      .map(([name, field]) => ({ entity, name, field, first: owner.displayField === name ? 0 : 1 })),
  )
  const kept = [...wanted].sort((a, b) => a.first - b.first).slice(0, maxFields)
  const chosen = new Set(kept)
  const grouped = new Map<string, (readonly [string, Field])[]>()
  for (const one of wanted) {
    if (!chosen.has(one)) cut.push(`${one.entity}.${one.name}`)
    else grouped.set(one.entity, [...(grouped.get(one.entity) ?? []), [one.name, one.field]])
  }
  return grouped
}

function holdsTexts(field: Field): boolean {
  if (field.type === 'enum') return field.values === undefined || field.values.length === 0
  return field.type === 'text' && field.storedAs === undefined
}

type Bounds = { scope: Scope; maxRows: number; maxValuesPerField: number }

/** A bounded part of the organization's rows, then for each field its values by frequency and what else it holds. */
function valuesStatement(owner: Entity, { table, columns }: EntityTable, fields: FieldsOfEntity, bounds: Bounds) {
  const tenant = owner.tenantKey === undefined ? undefined : columns[owner.tenantKey]
  const picked = fields.map(([, field], index) => sql`${columns[field.column]}::text as ${name(index)}`)
  const scoped = tenant === undefined ? sql`` : sql` where ${tenant} = ${bounds.scope.organizationId}`
  const parts = fields.flatMap((_, index) => [
    sql`(select ${sql.raw(String(index))} as f, ${name(index)} as v, count(*)::int as n, 0 as long from part
      where ${name(index)} <> '' and length(${name(index)}) <= ${MAX_LENGTH}
      group by ${name(index)} order by count(*) desc, ${name(index)} limit ${bounds.maxValuesPerField})`,
    sql`(select ${sql.raw(String(index))} as f, null as v, count(*)::int as n,
      (count(*) filter (where length(${name(index)}) > ${MAX_LENGTH}))::int as long from part)`,
  ])
  const statement = sql`with part as materialized (select ${sql.join(picked, sql`, `)} from ${table}${scoped}
    limit ${bounds.maxRows}) ${sql.join(parts, sql` union all `)}`
  const { sql: text, params } = dialect.sqlToQuery(statement)
  return { text, params }
}

/** A column name of our own: "v0", "v1" … */
function name(index: number): Name {
  return sql.identifier(`v${index}`)
}

type ColumnValues = { values: string[]; rows: number; long: number }

function columnValues(rows: readonly Record<string, unknown>[], index: number): ColumnValues {
  const mine = rows.filter((row) => Number(row.f) === index)
  const summary = mine.find((row) => row.v === null)
  return {
    values: mine.flatMap((row) => (typeof row.v === 'string' && row.v.trim() !== '' ? [row.v] : [])),
    rows: Number(summary?.n ?? 0),
    long: Number(summary?.long ?? 0),
  }
}

const JUNK = [
  /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
  /^(https?:\/\/|www\.)\S+$/i,
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  /^[0-9a-f]{16,}$/i,
  // Numbers, telephone numbers, dates and times.
  /^[\d\s.,:;()+/_#x-]+$/i,
  /^\d{4}-\d{2}-\d{2}[T ]/,
  // Codes without a word in them, such as "A1-77F03".
  /^(?=\S*\d)(?=\S*[a-z])[a-z\d_/.-]{6,}$/i,
]

/** Free text, addresses, keys, numbers: nothing that a person would name in a question as it is stored. */
function isJunk({ values, rows, long }: ColumnValues): boolean {
  if (values.length === 0) return true
  if (long > rows * 0.3) return true
  const words = values.reduce((sum, value) => sum + value.split(/\s+/).length, 0) / values.length
  if (words > 8) return true
  return JUNK.some((pattern) => values.filter((value) => pattern.test(value)).length > values.length * 0.6)
}
