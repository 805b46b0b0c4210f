// Which fields are never empty, as the database itself promises it.
// In: a query function and a catalog. Out: the same catalog, `required` set where the column is NOT NULL and nowhere else.
import { z } from 'zod'
import type { Query } from './introspect/read.ts'
import type { Catalog, Entity } from './schema.ts'

const Columns = z.array(
  z.object({ schema: z.string(), name: z.string(), visible: z.boolean(), columns: z.array(z.string()) }),
)

/** The catalog with nothing said to be never empty. */
export const withoutRequired = (catalog: Catalog): Catalog => marked(catalog, () => false)

/** The catalog with `required` as the tables behind it have it; views promise nothing. */
export async function withRequired(catalog: Catalog, query: Query): Promise<Catalog> {
  const found = Columns.parse(
    await query(
      `select n.nspname as schema, c.relname as name, pg_catalog.pg_table_is_visible(c.oid) as visible, array_agg(a.attname::text) as columns
        from pg_catalog.pg_attribute a
        join pg_catalog.pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p')
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where a.attnotnull and a.attnum > 0 and not a.attisdropped and n.nspname !~ '^(pg_|information_schema$)'
        group by n.nspname, c.relname, c.oid`,
      [],
    ),
  )
  const filled = new Map(
    found.flatMap(({ schema, name, visible, columns }) => {
      const set = new Set(columns)
      // An entity without a schema is found as the database finds it.
      return [[nameOf(schema, name), set] as const, ...(visible ? [[nameOf(undefined, name), set] as const] : [])]
    }),
  )
  return marked(catalog, (entity, column) => filled.get(nameOf(entity.schema, entity.table))?.has(column) === true)
}

function marked(catalog: Catalog, isRequired: (entity: Entity, column: string) => boolean): Catalog {
  const entities = Object.entries(catalog.entities).map(([name, entity]) => {
    const fields = Object.entries(entity.fields).map(([id, field]) => [
      id,
      { ...field, required: isRequired(entity, field.column) },
    ])
    return [name, { ...entity, fields: Object.fromEntries(fields) }]
  })
  return { ...catalog, entities: Object.fromEntries(entities) }
}

const nameOf = (schema: string | undefined, table: string): string => JSON.stringify([schema ?? null, table])
