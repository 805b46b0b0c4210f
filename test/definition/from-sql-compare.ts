// Runs SQL directly and as an imported definition over the small database, and says how the rows differ.
import { PGlite } from '@electric-sql/pglite'
import { importSql } from '../../src/definition/from-sql.ts'
import { definitionToRows } from '../../src/pipeline.ts'
import { pgliteSource } from '../../src/rows/source.ts'
import { importWorldCatalog, importWorldSql } from './from-sql-world.ts'

/** refused: it does not import; invalid: Postgres refuses the SQL itself; excused: a note told of the difference. */
export type Verdict = { readonly kind: 'same' | 'refused' | 'invalid' | 'excused' | 'different'; readonly why: string }

/** Opens the small database; `compare` runs one SELECT both ways. */
export async function openImportWorld(): Promise<{
  compare: (sql: string) => Promise<Verdict>
  close: () => Promise<void>
}> {
  const db = new PGlite()
  await db.exec(importWorldSql)
  const source = pgliteSource(db)
  const compare = async (sql: string): Promise<Verdict> => {
    const direct = await db.query<unknown[]>(sql, [], { rowMode: 'array' }).catch((error: Error) => error)
    if (direct instanceof Error) return { kind: 'invalid', why: direct.message }
    const imported = await importSql({ sql, catalog: importWorldCatalog })
    if (!imported.ok) return { kind: 'refused', why: imported.problems.map((one) => one.message).join('; ') }
    const { definition, notes } = imported
    const outcome = await definitionToRows({
      definition,
      catalog: importWorldCatalog,
      scope: { organizationId: 'any', roles: [] },
      clock: { now: new Date(), timezone: 'UTC' },
      source,
    })
    const shown = JSON.stringify(definition)
    if (!outcome.ok)
      return { kind: 'different', why: `${outcome.issues.map((one) => one.message).join('; ')} in ${shown}` }
    const { columns, rows } = outcome.result
    const merged = notes.some((note) => note.includes('shown once'))
    const places = direct.fields.map((field, index) => {
      const named = columns.findIndex((column) => column.id === field.name)
      return named >= 0 ? named : columns.length === direct.fields.length ? index : -1
    })
    const expected = bag(direct.rows, merged)
    const found = bag(
      rows.map((row) => places.map((place) => row[place])),
      merged,
    )
    if (expected === found) return { kind: 'same', why: '' }
    const excused = notes.some((note) => /NOT IN|NULL for a value|ranked last/.test(note))
    return { kind: excused ? 'excused' : 'different', why: `${expected}\nis not\n${found}\nfrom ${shown}` }
  }
  return { compare, close: () => db.close() }
}

function bag(rows: readonly (readonly unknown[])[], merged: boolean): string {
  const texts = rows.map((row) => JSON.stringify(row.map(cell)))
  return (merged ? [...new Set(texts)] : texts).sort().join('\n')
}

/** Numbers to nine significant digits, dates without a midnight, empty texts as they are. */
function cell(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString().replace(/T00:00:00.000Z$/, '')
  const text = typeof value === 'number' || typeof value === 'string' ? `${value}` : undefined
  if (text === undefined) return value
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(Number(text).toPrecision(9)) : text
}
