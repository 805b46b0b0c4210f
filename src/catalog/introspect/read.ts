// What a Postgres says about its own tables: columns, types, comments, keys, checks.
// In: a query function and a schema name. Out: plain rows about every table and view that may be read.
// Left out: partitions (their parent stands for them), tables of extensions, what the user may not select.
import { z } from 'zod'

/** Runs one statement with positional parameters and returns its rows by column name. */
export type Query = (text: string, params: readonly string[]) => Promise<Record<string, unknown>[]>

const Column = z.object({
  name: z.string(),
  /** As in DDL, domains resolved: "numeric(10,2)". */
  type: z.string(),
  typeName: z.string(),
  typeKind: z.string(),
  array: z.boolean(),
  notNull: z.boolean(),
  comment: z.string().nullable(),
  enumValues: z.array(z.string()).nullable(),
})
export type RawColumn = z.infer<typeof Column>

const Table = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['r', 'p', 'v', 'm', 'f']),
  comment: z.string().nullable(),
  /** The planner's estimate; -1 when the table was never analysed. */
  rows: z.number(),
  columns: z.array(Column),
})

const Constraint = z.object({
  table: z.string(),
  kind: z.enum(['p', 'u', 'f', 'c']),
  columns: z.array(z.string()),
  target: z.string().nullable(),
  targetName: z.string().nullable(),
  targetColumns: z.array(z.string()).nullable(),
  definition: z.string().nullable(),
})

export type ForeignKey = {
  readonly columns: readonly string[]
  readonly target: string
  readonly targetName: string
  readonly targetColumns: readonly string[]
}
export type RawTable = z.infer<typeof Table> & {
  readonly primaryKey: readonly string[]
  /** Sets of columns that are declared unique, the primary key among them. */
  readonly uniques: readonly (readonly string[])[]
  readonly foreignKeys: readonly ForeignKey[]
  readonly checks: readonly { readonly column: string; readonly definition: string }[]
}

/** Reads tables, views, materialised views and partitioned tables of one schema, in three statements. */
export async function readTables(query: Query, schema: string): Promise<RawTable[]> {
  const tables = Table.array().parse(await asJson(query, TABLES, schema))
  const constraints = Constraint.array().parse(await asJson(query, CONSTRAINTS, schema))
  const indexes = Constraint.array().parse(await asJson(query, UNIQUE_INDEXES, schema))
  return tables.map((table) => {
    const own = constraints.filter((one) => one.table === table.id)
    const columnNames = new Set(table.columns.map((column) => column.name))
    const readable = (columns: readonly string[]) => columns.every((name) => columnNames.has(name))
    const unique = [
      ...own.filter((one) => one.kind === 'p' || one.kind === 'u'),
      ...indexes.filter((one) => one.table === table.id),
    ]
      .map((one) => one.columns)
      .filter(readable)
    return {
      ...table,
      primaryKey: own.find((one) => one.kind === 'p' && readable(one.columns))?.columns ?? [],
      uniques: [...new Map(unique.map((columns) => [JSON.stringify([...columns].sort()), columns])).values()],
      foreignKeys: own.flatMap((one) =>
        one.kind === 'f' &&
        one.target !== null &&
        one.targetName !== null &&
        one.targetColumns !== null &&
        readable(one.columns)
          ? [{ columns: one.columns, target: one.target, targetName: one.targetName, targetColumns: one.targetColumns }]
          : [],
      ),
      checks: own.flatMap(({ kind, columns: [column, ...more], definition }) =>
        kind === 'c' && column !== undefined && more.length === 0 && definition !== null
          ? [{ column, definition }]
          : [],
      ),
    }
  })
}

/** Every statement returns one text of JSON, so that no driver's own conversions come into it. */
async function asJson(query: Query, text: string, schema: string): Promise<unknown> {
  const [row] = await query(`select coalesce(json_agg(x), '[]')::text as data from (${text}) x`, [schema])
  return JSON.parse(String(row?.data ?? '[]'))
}

const OWN_TABLES = `
  select c.oid, c.relname, c.relkind, c.reltuples
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where n.nspname = $1
    and c.relkind in ('r', 'p', 'v', 'm', 'f')
    and not c.relispartition
    and (pg_catalog.has_table_privilege(c.oid, 'select') or pg_catalog.has_any_column_privilege(c.oid, 'select'))
    and not exists (
      select 1 from pg_catalog.pg_depend e
      where e.classid = 'pg_catalog.pg_class'::regclass and e.objid = c.oid and e.deptype = 'e'
    )`

const TABLES = `
  with recursive domains (id, base, modifier) as (
    select oid, typbasetype, typtypmod from pg_catalog.pg_type where typtype = 'd'
    union all
    select d.id, t.typbasetype, case when d.modifier = -1 then t.typtypmod else d.modifier end
    from domains d join pg_catalog.pg_type t on t.oid = d.base and t.typtype = 'd'
  ),
  resolved as (
    select d.id, d.base, d.modifier
    from domains d join pg_catalog.pg_type t on t.oid = d.base and t.typtype <> 'd'
  )
  select c.oid::text as id, c.relname as name, c.relkind as kind, c.reltuples::float8 as rows,
    pg_catalog.obj_description(c.oid, 'pg_class') as comment,
    coalesce((
      select json_agg(json_build_object(
        'name', a.attname,
        'type', pg_catalog.format_type(t.oid, case when r.id is null then a.atttypmod else r.modifier end),
        'typeName', t.typname,
        'typeKind', t.typtype,
        'array', t.typcategory = 'A',
        'notNull', a.attnotnull,
        'comment', coalesce(
          pg_catalog.col_description(c.oid, a.attnum),
          case when r.id is not null then pg_catalog.obj_description(r.id, 'pg_type') end),
        'enumValues', (
          select json_agg(v.enumlabel order by v.enumsortorder)
          from pg_catalog.pg_enum v where v.enumtypid = t.oid)
      ) order by a.attnum)
      from pg_catalog.pg_attribute a
      left join resolved r on r.id = a.atttypid
      join pg_catalog.pg_type t on t.oid = coalesce(r.base, a.atttypid)
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        and pg_catalog.has_column_privilege(c.oid, a.attnum, 'select')
    ), '[]') as columns
  from (${OWN_TABLES}) c
  order by c.relname`

/** Column names in the order of an array of column numbers. */
const names = (table: string, numbers: string) => `(
  select json_agg(a.attname order by k.place)
  from unnest(${numbers}) with ordinality k (number, place)
  join pg_catalog.pg_attribute a on a.attrelid = ${table} and a.attnum = k.number)`

const CONSTRAINTS = `
  select o.conrelid::text as table, o.contype as kind, ${names('o.conrelid', 'o.conkey')} as columns,
    nullif(o.confrelid, 0)::text as target,
    (select relname from pg_catalog.pg_class where oid = o.confrelid) as "targetName",
    case when o.contype = 'f' then ${names('o.confrelid', 'o.confkey')} end as "targetColumns",
    case when o.contype = 'c' then pg_catalog.pg_get_constraintdef(o.oid) end as definition
  from pg_catalog.pg_constraint o
  join (${OWN_TABLES}) c on c.oid = o.conrelid
  where o.conparentid = 0 and (
    o.contype = 'f' or (o.contype = 'c' and o.conkey is not null)
    -- a key over periods (WITHOUT OVERLAPS) is an exclusion: its other columns are not unique
    or (o.contype in ('p', 'u') and exists (
      select 1 from pg_catalog.pg_index i where i.indexrelid = o.conindid and not i.indisexclusion)))
  union all
  select a.attrelid::text, 'c', json_build_array(a.attname), null, null, null, pg_catalog.pg_get_constraintdef(o.oid)
  from pg_catalog.pg_constraint o
  join pg_catalog.pg_attribute a on a.atttypid = o.contypid and not a.attisdropped
  join (${OWN_TABLES}) c on c.oid = a.attrelid
  where o.contype = 'c'`

const UNIQUE_INDEXES = `
  select i.indrelid::text as table, 'u' as kind,
    ${names('i.indrelid', '(i.indkey::int2[])[0:i.indnkeyatts - 1]')} as columns,
    null as target, null as "targetName", null as "targetColumns", null as definition
  from pg_catalog.pg_index i
  join (${OWN_TABLES}) c on c.oid = i.indrelid
  where i.indisunique and not i.indisexclusion and i.indisvalid and i.indpred is null and i.indexprs is null`
