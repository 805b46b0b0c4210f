// Runs a suite of questions with known answers: every database introspected, every question translated, every definition run.
// In: the suite's folder, a translator, filters. Out: one prediction a line, readable by the suite's own scorer.
// Refused: answers below the translator's own bar; they are written as refused, with what it would have shown beside them.
import { createReadStream, createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { importSql } from '../src/definition/from-sql.ts'
import type { Definition } from '../src/definition/schema.ts'
import { UserError } from '../src/errors.ts'
import type { Clock } from '../src/lib/scope.ts'
import { definitionToRows } from '../src/pipeline.ts'
import type { Rows } from '../src/rows/same-table.ts'
import { SHOWN_BAR, SURE_BAR, settle } from '../src/tables/settle.ts'
import type { Likely, Translator } from '../src/translate/types.ts'
import { openSuiteServer, SUITE_SCOPE, type SuiteDatabase } from './suite-databases.ts'

const MAX_ROWS = 2500
const CLOCK: Clock = { now: new Date('2026-11-01T12:00:00Z'), timezone: 'UTC' }

export type SuiteQuestion = {
  readonly id: string
  readonly suite: string
  readonly split: string
  readonly database: string
  readonly question: string
  readonly sql_pg?: string
}
export type SuiteOptions = {
  /** Folder with questions.jsonl and databases/NAME.sql. */
  readonly dir: string
  /** Who answers; "import" feeds each question's gold SQL through the importer. */
  readonly translator: Translator | 'import'
  readonly databaseUrl: string
  readonly only?: string | undefined
  readonly split?: string | undefined
  readonly databases?: readonly string[] | undefined
  readonly limit?: number | undefined
  /** File for the predictions; absent: they go to `write`. */
  readonly out?: string | undefined
  readonly write?: ((line: string) => void) | undefined
  /** Drafts count as answers: shows what the bar of confidence costs. */
  readonly alwaysAnswer?: boolean | undefined
  readonly onProgress?: ((done: number, total: number, latest: SuiteQuestion) => void) | undefined
}
export type SuiteSummary = {
  readonly questions: number
  readonly answered: number
  readonly refused: number
  readonly errors: number
}

type Prediction = { readonly id: string } & Record<string, unknown>

/** Runs the suite and writes its predictions; rejects only when the suite or the database cannot be read. */
export async function runSuite(options: SuiteOptions): Promise<SuiteSummary> {
  const questions = await questionsOf(options)
  const server = await openSuiteServer({ dir: options.dir, url: options.databaseUrl })
  const file = options.out === undefined ? undefined : createWriteStream(options.out)
  const write = (line: string) => (file === undefined ? options.write?.(line) : void file.write(`${line}\n`))
  const count = { questions: 0, answered: 0, refused: 0, errors: 0 }
  try {
    for (const question of questions) {
      const prediction = await predict(question, await server.open(question.database), options)
      count.questions += 1
      if (prediction.error !== undefined) count.errors += 1
      else if (prediction.refused === true) count.refused += 1
      else count.answered += 1
      write(JSON.stringify(prediction))
      options.onProgress?.(count.questions, questions.length, question)
    }
  } finally {
    await server.close()
    if (file !== undefined) await new Promise<void>((resolve) => file.end(resolve))
  }
  return count
}

/** The questions that pass the filters, grouped by database so that each is opened once. */
export async function questionsOf(
  options: Pick<SuiteOptions, 'dir' | 'only' | 'split' | 'databases' | 'limit'>,
): Promise<SuiteQuestion[]> {
  const found: SuiteQuestion[] = []
  const lines = createInterface({
    input: createReadStream(join(options.dir, 'questions.jsonl')),
    crlfDelay: Number.POSITIVE_INFINITY,
  })
  for await (const line of lines) {
    if (line.trim() === '') continue
    const one = JSON.parse(line) as SuiteQuestion
    if (options.only !== undefined && one.suite !== options.only) continue
    if (options.split !== undefined && one.split !== options.split) continue
    if (options.databases !== undefined && !options.databases.includes(one.database)) continue
    found.push(one)
  }
  const sorted = found
    .map((one, index) => ({ one, index }))
    .sort((a, b) => (a.one.database < b.one.database ? -1 : a.one.database > b.one.database ? 1 : a.index - b.index))
  return sorted.slice(0, options.limit ?? sorted.length).map(({ one }) => one)
}

async function predict(question: SuiteQuestion, database: SuiteDatabase, options: SuiteOptions): Promise<Prediction> {
  const { id } = question
  const started = performance.now()
  try {
    if (options.translator === 'import') {
      if (question.sql_pg === undefined) return { id, refused: true, reason: 'no SQL for Postgres' }
      const imported = await importSql({ sql: question.sql_pg, catalog: database.catalog })
      if (!imported.ok)
        return {
          id,
          refused: true,
          reason: imported.problems.map((one) => one.message).join('; '),
          constructs: imported.problems.map((one) => one.construct),
        }
      return {
        id,
        ms: since(started),
        definition: imported.definition,
        ...(await rowsOf(imported.definition, database)),
      }
    }
    const { catalog, values } = database
    const translation = await options.translator({
      prompt: question.question,
      catalog,
      values,
      scope: SUITE_SCOPE,
      clock: CLOCK,
    })
    const { translator } = translation
    const usage = { translator, ...(translation.usage !== undefined && { tokens: translation.usage }) }
    const ms = since(started)
    if (translation.kind === 'answer' && translation.likely !== undefined)
      return { id, ms, ...usage, ...(await settledRows(translation.likely, database, options)) }
    if (translation.kind === 'answer')
      return {
        id,
        ms,
        ...usage,
        confidence: translation.confidence,
        definition: translation.definition,
        ...(await rowsOf(translation.definition, database)),
      }
    const reason =
      translation.kind === 'refused' ? translation.reason : `not understood: ${translation.notUnderstood.join(', ')}`
    const definition = translation.kind === 'draft' ? translation.definition : undefined
    if (options.alwaysAnswer === true && definition !== undefined)
      return { id, ms, ...usage, definition, draft: true, ...(await rowsOf(definition, database)) }
    return { id, refused: true, reason, ms, ...usage, ...(definition === undefined ? {} : { definition }) }
  } catch (error) {
    // A run that only partly repeats another is no repetition.
    if (error instanceof UserError && error.code === 'not_recorded') throw error
    return { id, error: error instanceof Error ? error.message : String(error), ms: since(started) }
  }
}

/** What is shown of likely readings once their rows are seen, as everywhere else: tables/settle.ts. */
async function settledRows(
  likely: readonly Likely[],
  database: SuiteDatabase,
  options: SuiteOptions,
): Promise<Record<string, unknown>> {
  const started = performance.now()
  const settled = await settle(likely, async ({ definition }) => {
    const outcome = await rowsOf(definition, database)
    return 'rows' in outcome ? { rows: outcome.rows as Rows } : undefined
  })
  const rowsMs = since(started)
  if (settled === undefined) return { refused: true, reason: 'no reading could be run', rowsMs }
  const { at, confidence, run } = settled
  const definition = likely[at]?.definition
  const shown = { definition, confidence, rowsMs }
  if (confidence >= SHOWN_BAR) return { ...shown, rows: run.rows, ...(confidence < SURE_BAR && { reserve: true }) }
  if (options.alwaysAnswer === true) return { ...shown, rows: run.rows, draft: true }
  return { ...shown, refused: true, reason: 'not sure, once the rows were seen' }
}

/** Rows of a definition, or the issues that keep it from running as one error text. */
export async function rowsOf(
  definition: Definition,
  database: SuiteDatabase,
): Promise<{ rows: unknown[][] } | { error: string }> {
  const outcome = await definitionToRows({
    definition,
    catalog: database.catalog,
    scope: SUITE_SCOPE,
    clock: CLOCK,
    source: database.source,
    maxRows: MAX_ROWS,
  })
  if (!outcome.ok) return { error: outcome.issues.map((issue) => issue.message).join('; ') }
  return { rows: outcome.result.rows.map((row) => [...row]) }
}

function since(started: number): number {
  return Math.round((performance.now() - started) * 100) / 100
}
