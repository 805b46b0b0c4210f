// Prompt in, table out, step by step. In: words, perhaps the definition they refine. Out: an answer with its rows,
// a draft of what was understood, or a reason why not. Refused here: an answer that does not pass the checker is no answer.
import type { AppContext, AskInput } from '../context.ts'
import type { Definition } from '../definition/schema.ts'
import type { Scope } from '../lib/scope.ts'
import { traced } from '../lib/trace.ts'
import { definitionToRows, validateDefinition } from '../pipeline.ts'
import type { TableResult } from '../rows/result.ts'
import type { AnsweredBy, Translation, Usage } from '../translate/types.ts'
import { invalidDefinition } from './preview.ts'

export type GenerateInput = {
  readonly prompt: string
  readonly base?: unknown
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
export type Generated = (Answer & TableResult) | Draft | Refused

export type Step =
  | { readonly step: 'understanding' }
  | { readonly step: 'checking'; readonly translator: AnsweredBy }
  | { readonly step: 'running'; readonly title: string; readonly sentence: string }

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
  const translation = await understood(ctx, {
    prompt: input.prompt,
    scope,
    clock,
    ...(base && { base }),
    ...(signal && { signal }),
  })
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
  const { definition, assumptions, confidence } = translation
  const checked = validateDefinition({ definition, catalog: ctx.catalog, scope })
  if (!checked.ok) throw invalidDefinition('Cannot run what the prompt was understood as', checked.issues)
  const title = definition.title ?? asTitle(input.prompt)
  onStep({ step: 'running', title, sentence: checked.sentence })
  const run = await definitionToRows({
    definition,
    catalog: ctx.catalog,
    scope,
    clock,
    source: ctx.source,
    maxRows: input.maxRows ?? ctx.limits.maxRows,
    timeoutMs: ctx.limits.timeoutMs,
    ...(signal && { signal }),
  })
  if (!run.ok) throw invalidDefinition('Cannot run what the prompt was understood as', run.issues)
  return {
    kind: 'answer',
    title,
    ...run.result,
    sentence: run.sentence,
    definition: run.definition,
    assumptions,
    confidence,
    ...made(),
  }
}

async function understood(ctx: AppContext, input: AskInput): Promise<Translation> {
  const begun = performance.now()
  const translation = await traced('translate', {}, async (span) => {
    const made = await ctx.ask(input)
    span.setAttributes({ 'tablewright.translator': made.translator, 'tablewright.outcome': made.kind })
    return made
  })
  const { translator, kind: outcome, usage } = translation
  const seconds = (performance.now() - begun) / 1000
  ctx.metrics?.translation({ translator, outcome, seconds, ...(usage && { usage }) })
  return translation
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
