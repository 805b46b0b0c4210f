// Rows on which numbers go wrong: floats, numbers of thirty digits, NaN, texts that differ in case or in nothing that is
// seen, days at the ends of months, moments beside midnight.
import { PGlite } from '@electric-sql/pglite'
import postgres from 'postgres'
import { Catalog } from '../../src/catalog/schema.ts'
import type { Definition } from '../../src/definition/schema.ts'
import { definitionToRows } from '../../src/pipeline.ts'
import { pgliteSource, postgresSource, type Source } from '../../src/rows/source.ts'
import { createDatabase } from './postgres.ts'

const nastySql = `
create table things (id int primary key, org text not null, word text, tiny real, wide double precision,
  exact numeric, big bigint, sure boolean, day date, clock timestamp, at timestamptz);
insert into things values
 (1, 'a', 'Boston', 0.1, 0.1, 12345678901234567890123456789.01, 9007199254740993, true, '2024-02-29', '2025-03-01 00:30', '2025-03-01 00:30Z'),
 (2, 'a', 'BOSTON', 1234567, 1e20, 'NaN', 9223372036854775807, null, '2023-02-28', '2025-03-01 23:30', '2025-03-01 23:30Z'),
 (3, 'a', '', 2.5, 0.30000000000000004, 'Infinity', 9223372036854775807, false, null, null, null),
 (4, 'a', null, null, null, null, null, null, '2025-03-31', '2025-03-31 00:00', '2025-03-31 00:00Z'),
 (5, 'a', 'Other', 16777216, 0.3, 0.3, 1, true, '2025-01-01', '2025-01-01 00:00', '2025-01-01 00:00Z'),
 (6, 'a', '(empty)', -0.0, -0.0, -0.001, 0, false, '2025-01-31', '2025-01-31 12:00', '2025-01-31 12:00Z'),
 (7, 'a', 'boston ', 0.3, 1.5e-7, 0.2, 1, false, '2025-02-01', '2025-02-01 12:00', '2025-02-01 12:00Z'),
 (8, 'a', '100%_x', 0.2, 0.1, 0.3, 2, false, '2025-02-28', '2025-02-28 12:00', '2025-02-28 12:00Z'),
 (9, 'b', 'Secret', 9, 9, 9, 9, true, '2025-02-28', '2025-02-28 12:00', '2025-02-28 12:00Z');
`

const field = (column: string, type: string, more: object = {}) => ({ column, type, label: column, ...more })

const nastyCatalog: Catalog = Catalog.parse({
  version: 1,
  name: 'nasty',
  entities: {
    things: {
      table: 'things',
      label: 'Things',
      tenantKey: 'org',
      primaryKey: ['id'],
      defaultDate: 'at',
      fields: {
        id: field('id', 'id'),
        word: field('word', 'text'),
        tiny: field('tiny', 'number', { storedAs: 'real' }),
        wide: field('wide', 'number'),
        exact: field('exact', 'number'),
        big: field('big', 'integer'),
        sure: field('sure', 'boolean'),
        day: field('day', 'date'),
        clock: field('clock', 'timestamp', { zoned: false }),
        at: field('at', 'timestamp'),
      },
      metrics: { words: { label: 'Words', aggregate: { fn: 'count_distinct', field: 'word' } } },
    },
  },
})

export type NastyWorld = {
  readonly catalog: Catalog
  /** The rows of a definition, in New York; rejects with its issues. */
  readonly run: (definition: object | Definition, now?: string) => ReturnType<typeof ranIn>
  readonly close: () => Promise<void>
}

async function ranIn(source: Source, definition: unknown, now: string) {
  const ran = await definitionToRows({
    ...{ definition, catalog: nastyCatalog, source, maxRows: 1000 },
    scope: { organizationId: 'a', roles: [] },
    clock: { now: new Date(now), timezone: 'America/New_York' },
  })
  if (!ran.ok) throw new Error(ran.issues.map(({ code, message }) => `${code}: ${message}`).join('\n'))
  return { ...ran.result, sentence: ran.sentence }
}

/** The rows in an embedded PGlite, or in a database of its own on a real Postgres. */
export async function nastyWorld(on: 'pglite' | { readonly url: string; readonly name: string }): Promise<NastyWorld> {
  const now = '2025-03-31T16:00:00Z'
  const catalog = nastyCatalog
  if (on === 'pglite') {
    const db = await PGlite.create()
    await db.exec(nastySql)
    const source = pgliteSource(db)
    return { catalog, run: (definition, at = now) => ranIn(source, definition, at), close: () => db.close() }
  }
  const url = await createDatabase(on.url, on.name)
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  await sql.unsafe(nastySql)
  await sql.end()
  const source = postgresSource(url)
  return { catalog, run: (definition, at = now) => ranIn(source, definition, at), close: () => source.close() }
}
