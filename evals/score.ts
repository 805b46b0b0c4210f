// Predictions of a public suite, judged by the scorer that comes with it. In: the suite's folder, a file of predictions.
// Out: what became of each question that counts. A question without a prediction was not asked and is left out.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import type { SuiteResult } from './measures.ts'

const Cells = z.array(z.array(z.unknown()))
const Prediction = z.object({
  id: z.string(),
  rows: Cells.optional(),
  refused: z.literal(true).optional(),
  error: z.string().optional(),
  definition: z.unknown().optional(),
  confidence: z.number().optional(),
  ms: z.number().default(0),
  translator: z.string().optional(),
  tokens: z
    .object({
      inputTokens: z.number(),
      outputTokens: z.number(),
      cachedTokens: z.number().default(0),
      calls: z.number(),
      repairs: z.number().default(0),
      model: z.string(),
    })
    .optional(),
})
const Known = z.object({
  id: z.string(),
  suite: z.string(),
  split: z.string(),
  question: z.string(),
  rows: Cells.default([]),
  ordered: z.boolean().default(false),
  empty: z.boolean().default(false),
  status: z.string().optional(),
})
type Known = z.output<typeof Known>
export type Compare = (
  gold: unknown[][],
  rows: unknown[][],
  ordered: boolean,
) => { readonly strict: boolean; readonly lenient: boolean }

/** The suite's own comparison of rows. */
export async function scorerOf(dir: string): Promise<Compare> {
  // The scorer is a program too, and would take our arguments for its own.
  const given = process.argv
  process.argv = given.slice(0, 2)
  try {
    const { compare } = (await import(pathToFileURL(join(dir, 'score.mjs')).href)) as { compare: Compare }
    return compare
  } finally {
    process.argv = given
  }
}

/** Judges every prediction whose question counts. */
export async function scorePredictions(options: {
  readonly dir: string
  readonly predictions: string
  readonly split?: string | undefined
}): Promise<readonly SuiteResult[]> {
  const { dir, predictions, split } = options
  const compare = await scorerOf(dir)
  const known = new Map(
    linesOf(join(dir, 'questions.jsonl'))
      .map((line) => Known.parse(line))
      .filter((one) => one.status !== 'excluded' && !one.empty && (split === undefined || one.split === split))
      .map((one) => [one.id, one]),
  )
  return linesOf(predictions)
    .map((line) => Prediction.parse(line))
    .flatMap((one) => {
      const question = known.get(one.id)
      return question === undefined ? [] : [judge(question, one, compare)]
    })
}

function judge(question: Known, one: z.output<typeof Prediction>, compare: Compare): SuiteResult {
  const about = {
    id: one.id,
    group: question.suite,
    prompt: question.question,
    ms: one.ms,
    ...(one.translator !== undefined && { translator: one.translator }),
    ...(one.confidence !== undefined && one.refused !== true && { confidence: one.confidence }),
    ...(one.tokens && { usage: one.tokens }),
  }
  if (one.refused === true) return { ...about, outcome: 'held' }
  if (one.rows === undefined && one.definition === undefined) return { ...about, outcome: 'failed' }
  if (one.rows === undefined) return { ...about, outcome: 'wrong', valid: false }
  const { strict, lenient } = compare(question.rows, one.rows, question.ordered)
  return { ...about, outcome: lenient ? 'right' : 'wrong', valid: true, strict }
}

function linesOf(file: string): unknown[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as unknown)
}
