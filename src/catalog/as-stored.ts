// What plans need to know of the tables: which fields the database keeps filled, which are floats, which tables are small.
// In: a query function and a catalog. Out: the same catalog with `required`, `small` and `storedAs: real` as the database has them.
import { z } from 'zod'
import type { Query } from './introspect/read.ts'
import type { Catalog, Entity, FieldType } from './schema.ts'

const Tables = z.array(
  z.object({
    schema: z.string(),
    name: z.string(),
    visible: z.boolean(),
    /** -1 where it was never counted. */
    rows: z.number(),
    filled: z.array(z.string()),
    /** Columns of floats of four bytes. */
    reals: z.array(z.string()),
  }),
)
const SMALL_ROWS = 10_000
const NUMBERS: readonly FieldType[] = ['integer', 'number', 'money']

/** The catalog with nothing known of how it is stored. */
export const notAsStored = (catalog: Catalog): Catalog => marked(catalog, () => undefined)

/**
 * The catalog with what the tables behind it promise; views promise nothing of their rows, and neither does a NOT NULL that was not
 * checked over the rows of before, or that tables which inherit do not share.
 */
export async function asStored(catalog: Catalog, query: Query): Promise<Catalog> {
  const found = Tables.parse(
    await query(
      `select n.nspname as schema, c.relname as name, pg_catalog.pg_table_is_visible(c.oid) as visible,
          case when c.relkind in ('r', 'p') then c.reltuples else -1 end::float8 as rows,
          coalesce(array_agg(a.attname::text) filter (where a.atttypid = 'float4'::regtype), '{}') as reals,
          coalesce(array_agg(a.attname::text) filter (where c.relkind in ('r', 'p') and a.attnotnull and not exists (
            select from pg_catalog.pg_constraint k where k.conrelid = c.oid and k.contype = 'n'
              and k.conkey = array[a.attnum] and (not k.convalidated or k.connoinherit))), '{}') as filled
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname !~ '^(pg_|information_schema$)'
          and c.relname in (select jsonb_array_elements_text($1::text::jsonb))
        group by n.oid, c.oid`,
      [JSON.stringify(Object.values(catalog.entities).map(({ table }) => table))],
    ),
  )
  const tables = new Map(
    found.flatMap((table) => [
      [nameOf(table.schema, table.name), table] as const,
      // An entity without a schema is found as the database finds it.
      ...(table.visible ? [[nameOf(undefined, table.name), table] as const] : []),
    ]),
  )
  return marked(catalog, (entity) => tables.get(nameOf(entity.schema, entity.table)))
}

type Stored = z.infer<typeof Tables>[number]

function marked(catalog: Catalog, storedOf: (entity: Entity) => Stored | undefined): Catalog {
  const entities = Object.entries(catalog.entities).map(([name, entity]) => {
    const stored = storedOf(entity)
    const filled = new Set(stored?.filled)
    const reals = new Set(stored?.reals)
    const fields = Object.entries(entity.fields).map(([id, field]) => {
      const isReal = reals.has(field.column) && NUMBERS.includes(field.type)
      return [id, { ...field, required: filled.has(field.column), ...(isReal && { storedAs: 'real' as const }) }]
    })
    const small = stored !== undefined && stored.rows >= 0 && stored.rows <= SMALL_ROWS
    return [name, { ...entity, small, fields: Object.fromEntries(fields) }]
  })
  return { ...catalog, entities: Object.fromEntries(entities) }
}

const nameOf = (schema: string | undefined, table: string): string => JSON.stringify([schema ?? null, table])
