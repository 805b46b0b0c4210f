import type { PGlite } from '@electric-sql/pglite'
import type { Catalog } from '../../src/catalog/schema.ts'
import type { Definition } from '../../src/definition/schema.ts'
import type { Scope } from '../../src/lib/scope.ts'
import { definitionToRows } from '../../src/pipeline.ts'
import type { Cell } from '../../src/plan/columns.ts'
import { type Rows, sameTable } from '../../src/rows/same-table.ts'
import { pgliteSource } from '../../src/rows/source.ts'
import { SHOWN_BAR, settle } from '../../src/tables/settle.ts'
import { translateBuiltin } from '../../src/translate/builtin/translate.ts'
import type { Translation, ValueIndex } from '../../src/translate/types.ts'
import { buildValueIndex } from '../../src/translate/values.ts'

/** A prompt and the SQL that is right. */
export type PromptCase = {
  readonly prompt: string
  /** The prompt before, whose table this one is about. */
  readonly after?: string
  /** null: it must not be answered with numbers. */
  readonly sql: string | null
  /** Other SQL that the words may mean as well. */
  readonly or?: readonly string[]
  readonly ordered?: boolean
}

/** A loaded database with its catalog, and who asks. */
export type World = {
  readonly db: PGlite
  readonly catalog: Catalog
  readonly scope: Scope
  readonly values: ValueIndex
  readonly clock: { readonly now: Date; readonly timezone: string }
  /** What the SQL of the cases is given. */
  readonly params: readonly unknown[]
}

/** A world on a PGlite that is loaded already; its SQL speaks of the clock's time zone. */
export async function worldOn(db: PGlite, about: Omit<World, 'db' | 'values'>): Promise<World> {
  await db.exec(`set timezone = '${about.clock.timezone}'`)
  const query = async (text: string, params: readonly unknown[]) =>
    (await db.query(text, [...params])).rows as Record<string, unknown>[]
  const { catalog, scope } = about
  return { ...about, db, values: await buildValueIndex({ catalog, query, scope }) }
}

export type Judged = {
  readonly translation: Translation
  /** held: a draft, a question or a no where there is an answer. */
  readonly outcome: 'right' | 'wrong' | 'held'
  /** What was understood, and the first rows of both sides. */
  readonly detail: string
}

/** Asks the built-in translator and compares its rows with those of the SQL. */
export async function ask(world: World, { prompt, after, sql, or = [], ordered = false }: PromptCase): Promise<Judged> {
  const { db, catalog, scope, values, clock, params } = world
  const before = after === undefined ? undefined : translateBuiltin({ prompt: after, catalog, values, scope, clock })
  if (before !== undefined && before.kind !== 'answer')
    return { translation: before, outcome: 'held', detail: `"${after}" is not understood` }
  const base = before?.definition
  const translation = translateBuiltin({ prompt, catalog, values, scope, clock, ...(base && { base }) })
  if (translation.kind !== 'answer') return { translation, outcome: sql === null ? 'right' : 'held', detail: '' }
  const runOf = async (definition: Definition) => {
    const run = await definitionToRows({ definition, catalog, scope, clock, source: pgliteSource(db), maxRows: 5000 })
    if (!run.ok) throw new Error(JSON.stringify(run.issues))
    return { ...run, rows: run.result.rows }
  }
  const { likely = [] } = translation
  const settled = await settle(likely, (one) => runOf(one.definition))
  if (likely.length > 0 && (settled?.confidence ?? 0) < SHOWN_BAR)
    return { translation, outcome: sql === null ? 'right' : 'held', detail: '' }
  const definition = likely[settled?.at ?? 0]?.definition ?? translation.definition
  const run = settled?.run ?? (await runOf(definition))
  if (sql === null) return { translation, outcome: 'wrong', detail: run.sentence }
  const { rows } = run.result
  const keys = definition.groupBy.filter(({ hidden }) => hidden !== true).length
  // A group without anything to count stands there with nothing, or not at all: both are right.
  const isEmpty = (row: Rows[number]) => row.slice(keys).every((cell) => cell === null || Number(cell) === 0)
  const filled = keys === 0 ? rows : rows.filter((row) => !isEmpty(row))
  let right = false
  const golds: Rows[] = []
  for (const text of [sql, ...or]) {
    const gold = await db.query<unknown[]>(text, [...params], { rowMode: 'array', parsers: AS_TEXT })
    if (gold.rows.length === 0) throw new Error(`Cannot judge "${prompt}": what is right has no rows`)
    golds.push(gold.rows.map((row) => row.map(plain)))
    const fits = (found: Rows) =>
      sameTable(
        golds.at(-1) ?? [],
        found.map((row) => row.map(plain)),
        ordered,
      )
    right ||= fits(rows) || fits(filled)
  }
  const first = (rows: Rows | undefined) => `${rows?.length} rows, first ${JSON.stringify(rows?.[0])}`
  const detail = `${run.sentence}\nwanted ${golds.map(first).join(' or ')}\nfound ${first(rows)}`
  return { translation, outcome: right ? 'right' : 'wrong', detail }
}

/** Dates and times as Postgres writes them. */
const AS_TEXT = { 1082: (text: string) => text, 1114: (text: string) => text, 1184: (text: string) => text }

/** A cell as both sides can be compared: numbers to nine digits, times to the second. */
function plain(cell: unknown): Cell {
  if (cell === null || cell === undefined) return null
  const text = String(cell)
  if (/^-?\d+(\.\d+)?$/.test(text)) return String(Number(Number(text).toPrecision(9)))
  if (/^\d{4}-\d{2}-\d{2}[T ]\d{2}:/.test(text)) return text.slice(0, 19).replace('T', ' ')
  return text
}
