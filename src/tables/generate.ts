// Prompt in, table out, step by step. In: words, perhaps the definition they refine. Out: an answer with its rows,
// a draft of what was understood, a question where the words may mean different numbers, or a reason why not. Refused here: an answer that does not pass the checker is no answer.
import type { AppContext, AskInput } from '../context.ts'
import { type ChangeWords, changeWords, type SentencePart, sentenceParts, shortTitle } from '../definition/read-back.ts'
import type { Definition } from '../definition/schema.ts'
import { isAbort } from '../errors.ts'
import type { Scope } from '../lib/scope.ts'
import { traced } from '../lib/trace.ts'
import { catalogFor, definitionToRows, validateDefinition } from '../pipeline.ts'
import type { Cell, OutputColumn } from '../plan/columns.ts'
import type { TableResult } from '../rows/result.ts'
import { sameTable } from '../rows/same-table.ts'
import type { AnsweredBy, Translation, Usage } from '../translate/types.ts'
import { invalidDefinition } from './preview.ts'
import { RESERVE, SHOWN_BAR, SURE_BAR, settle, UNSURE } from './settle.ts'

export type GenerateInput = {
  readonly prompt: string
  readonly base?: unknown
  /** The reading that was chosen of a question: it is run as it is, and nothing is translated. */
  readonly reading?: unknown
  /** That the reading was made by hand, and how: it stands over it in the place of words. */
  readonly did?: string
  /** IANA. */
  readonly timezone: string
  readonly maxRows?: number
}

/** How an answer was made, beside its rows; `totalMs` is from the prompt to here, `elapsedMs` of a table only its query. */
export type Made = {
  readonly translator: AnsweredBy
  readonly notes: readonly string[]
  readonly usage?: Usage
  readonly totalMs: number
}
export type Answer = Made & {
  readonly kind: 'answer'
  readonly title: string
  readonly definition: Definition
  readonly sentence: string
  /** The sentence in pieces. */
  readonly parts: readonly SentencePart[]
  /** What a follow-up did to what it refined. */
  readonly changes?: ChangeWords
  readonly assumptions: readonly string[]
  readonly confidence: number
}
export type Draft = Made & {
  readonly kind: 'draft'
  readonly definition?: Definition
  readonly sentence?: string
  readonly understood: readonly string[]
  readonly notUnderstood: readonly string[]
  readonly suggestions: readonly string[]
}
export type Refused = Made & {
  readonly kind: 'refused'
  readonly reason: string
  readonly suggestions: readonly string[]
}
/** The words may mean tables that say different things; which one is for the asker to choose. */
export type Question = Made & {
  readonly kind: 'question'
  readonly question: string
  readonly readings: readonly ReadingOption[]
}
export type ReadingOption = {
  readonly definition: Definition
  readonly sentence: string
  readonly assumptions: readonly string[]
  readonly rowCount: number
  readonly truncated: boolean
  readonly columns: readonly OutputColumn[]
  /** The first of its rows. */
  readonly rows: readonly (readonly Cell[])[]
}
export type Generated = (Answer & TableResult) | Draft | Refused | Question

export type Step =
  | { readonly step: 'understanding' }
  | { readonly step: 'checking'; readonly translator: AnsweredBy }
  | { readonly step: 'running'; readonly title: string; readonly sentence: string }
  | { readonly step: 'comparing'; readonly readings: number }

/** Makes a table from words. Throws `UserError` when the base is no definition or the data cannot be read. */
export async function generateTable(options: {
  ctx: AppContext
  scope: Scope
  input: GenerateInput
  signal?: AbortSignal
  onStep?: (step: Step) => void
}): Promise<Generated> {
  const { ctx, scope, input, signal, onStep = () => {} } = options
  const begun = performance.now()
  const clock = { now: ctx.now(), timezone: input.timezone }
  const base = input.base === undefined ? undefined : checkedBase(ctx, scope, input.base)
  onStep({ step: 'understanding' })
  const translation =
    input.reading === undefined
      ? await understood(ctx, { prompt: input.prompt, scope, clock, ...(base && { base }), ...(signal && { signal }) })
      : chosen(checkedReading(ctx, scope, input.reading), input.did === undefined ? ['You chose this reading'] : [])
  onStep({ step: 'checking', translator: translation.translator })
  const made = (): Made => ({
    translator: translation.translator,
    notes: translation.notes,
    ...(translation.usage && { usage: translation.usage }),
    totalMs: performance.now() - begun,
  })
  if (translation.kind !== 'answer') {
    // Somebody who was not understood is never left without a prompt that works.
    const own =
      translation.suggestions.length > 0 ? translation.suggestions : (await ctx.suggestions(scope)).slice(0, 3)
    if (translation.kind === 'refused') {
      return { kind: 'refused', reason: translation.reason, suggestions: own, ...made() }
    }
    return { ...draft(ctx, scope, { ...translation, suggestions: own }), ...made() }
  }
  const visible = catalogFor(ctx.catalog, scope)
  const maxRows = input.maxRows ?? ctx.limits.maxRows
  const { timeoutMs } = ctx.limits
  const shared = { catalog: ctx.catalog, scope, clock, source: ctx.source, maxRows, ...(signal && { signal }) }
  const runAs = (one: Definition) => definitionToRows({ ...shared, definition: one, timeoutMs })
  // Another reading must not make anybody wait, and may fail.
  const runBeside = (one: Definition) =>
    definitionToRows({ ...shared, definition: one, timeoutMs: Math.min(timeoutMs, COMPARE_TIMEOUT_MS) }).catch(
      (error: unknown) => {
        signal?.throwIfAborted()
        ctx.log.warn({ err: error }, 'another reading could not be run')
        return undefined
      },
    )
  const first = validateDefinition({ definition: translation.definition, catalog: ctx.catalog, scope })
  if (!first.ok) throw invalidDefinition('Cannot run what the prompt was understood as', first.issues)
  // A follow-up such as "top 5" is no name of a table.
  const { spelt = input.prompt } = translation
  const titleOf = (one: Definition) => one.title ?? (base ? shortTitle(one, visible) : asTitle(spelt))
  onStep({ step: 'running', title: titleOf(translation.definition), sentence: first.sentence })
  const { likely = [] } = translation
  const settled = await settle(likely, async ({ definition }, at) => {
    const ran = await (at === 0 ? runAs(definition) : runBeside(definition))
    return ran?.ok ? { ...ran, rows: ran.result.rows } : undefined
  })
  if (likely.length > 0 && (settled === undefined || settled.confidence < SHOWN_BAR)) {
    const { definition } = likely[settled?.at ?? 0] ?? translation
    const suggestions = (await ctx.suggestions(scope)).slice(0, 3)
    const unsure = {
      ...translation,
      kind: 'draft',
      definition,
      understood: [],
      notUnderstood: [],
      suggestions,
    } as const
    const drafted = draft(ctx, scope, unsure)
    const understood = drafted.sentence === undefined ? [] : [drafted.sentence]
    return { ...drafted, understood, ...made(), notes: [UNSURE, ...translation.notes] }
  }
  const { assumptions } = likely[settled?.at ?? 0] ?? translation
  const confidence = settled?.confidence ?? translation.confidence
  const run = settled?.run ?? (await runAs(translation.definition))
  if (!run.ok) throw invalidDefinition('Cannot run what the prompt was understood as', run.issues)
  const reserve = settled !== undefined && settled.confidence < SURE_BAR ? [RESERVE] : []
  const { rivals = [] } = translation
  if (rivals.length > 0) {
    onStep({ step: 'comparing', readings: rivals.length + 1 })
    const others = await Promise.all(
      rivals.map(async (rival): Promise<ReadingOption | undefined> => {
        const other = await runBeside(rival.definition)
        return other?.ok ? optionOf(other, rival.assumptions) : undefined
      }),
    )
    const readings = different([optionOf(run, assumptions), ...others.filter((one) => one !== undefined)])
    if (readings.length > 1) {
      const shown = readings.map((one) => ({ ...one, rows: one.rows.slice(0, SAMPLE_ROWS) }))
      return { kind: 'question', question: 'Which of these do you mean?', readings: shown, ...made() }
    }
  }
  return {
    kind: 'answer',
    title: titleOf(run.definition),
    ...run.result,
    sentence: run.sentence,
    definition: run.definition,
    parts: sentenceParts(run.definition, visible),
    ...(base && { changes: changeWords(base, run.definition, visible) }),
    assumptions,
    confidence,
    ...made(),
    notes: [...reserve, ...translation.notes],
  }
}

/** Other readings only help to ask; they must not make the asker wait. */
const COMPARE_TIMEOUT_MS = 5000
const SAMPLE_ROWS = 3

type Ran = Extract<Awaited<ReturnType<typeof definitionToRows>>, { ok: true }>

function optionOf({ definition, sentence, result }: Ran, assumptions: readonly string[]): ReadingOption {
  const { columns, rows, truncated } = result
  return { definition, sentence, assumptions, rowCount: rows.length, truncated, columns, rows }
}

/** Readings that differ in what they show; of those that agree the first stays. */
function different(options: readonly ReadingOption[]): ReadingOption[] {
  const kept: ReadingOption[] = []
  for (const one of options) {
    const ordered = one.definition.sortBy.length > 0
    const agrees = ({ rows }: ReadingOption): boolean =>
      (rows[0]?.length ?? 0) <= (one.rows[0]?.length ?? 0)
        ? sameTable(rows, one.rows, ordered)
        : sameTable(one.rows, rows, ordered)
    if (!kept.some(agrees)) kept.push(one)
  }
  return kept
}

function checkedReading(ctx: AppContext, scope: Scope, reading: unknown): Definition {
  const checked = validateDefinition({ definition: reading, catalog: ctx.catalog, scope })
  if (checked.ok) return checked.definition
  throw invalidDefinition('Cannot run this reading', checked.issues)
}

/** A person said what they meant: nothing is surer. */
function chosen(definition: Definition, assumptions: readonly string[]): Extract<Translation, { kind: 'answer' }> {
  return { kind: 'answer', definition, confidence: 1, assumptions, translator: 'builtin', notes: [] }
}

async function understood(ctx: AppContext, input: AskInput): Promise<Translation> {
  const begun = performance.now()
  const seconds = (): number => (performance.now() - begun) / 1000
  return traced('translate', {}, async (span) => {
    const made = await ctx.ask(input).catch((error: unknown) => {
      const outcome = isAbort(error, input.signal) ? 'cancelled' : 'failed'
      ctx.metrics?.translation({ translator: 'none', outcome, seconds: seconds(), usages: [] })
      throw error
    })
    const { translator, kind: outcome, usage, spent = [] } = made
    const usages = [...spent.map((one) => one.usage), ...(usage === undefined ? [] : [usage])]
    span.setAttributes({ 'tablewright.translator': translator, 'tablewright.outcome': outcome })
    ctx.metrics?.translation({ translator, outcome, seconds: seconds(), usages })
    return made
  })
}

/** A prompt as a heading: begun with a capital, without a final period. */
function asTitle(prompt: string): string {
  const text = prompt.trim().replace(/[.\s]+$/, '')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function checkedBase(ctx: AppContext, scope: Scope, base: unknown): Definition {
  const checked = validateDefinition({ definition: base, catalog: ctx.catalog, scope })
  if (checked.ok) return checked.definition
  throw invalidDefinition('Cannot refine this base', checked.issues)
}

function draft(
  ctx: AppContext,
  scope: Scope,
  translation: Extract<Translation, { kind: 'draft' }>,
): Omit<Draft, keyof Made> {
  const { definition, understood, notUnderstood, suggestions } = translation
  const checked = definition === undefined ? undefined : validateDefinition({ definition, catalog: ctx.catalog, scope })
  return {
    kind: 'draft',
    ...(checked?.ok && { definition: checked.definition, sentence: checked.sentence }),
    understood,
    notUnderstood,
    suggestions,
  }
}
