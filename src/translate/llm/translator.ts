// A language model as a translator: one call in the usual case.
// In: a question, the part of the catalog it needs, perhaps a draft and the table so far. Out: an answer that passed the
// schema and the checker, a draft, a refusal, or that the model is not available. Refused: an unchecked definition.
import { checkDefinition } from '../../definition/check.ts'
import { parseDefinition } from '../../definition/parse.ts'
import type { Definition } from '../../definition/schema.ts'
import type { Issue } from '../../lib/issue.ts'
import { draftOf } from '../draft.ts'
import { estimateTokens, linkCatalog, withoutSensitive } from '../link.ts'
import { mentionsIn } from '../mentions.ts'
import { lostFilters, repairMessage, sameMeaning, unreadable } from '../repair.ts'
import type { ModelTranslator, TranslateInput, Translation, Unavailable, Usage } from '../types.ts'
import { answerJsonSchema, type ModelAnswer, readAnswer } from './answer.ts'
import { firstMessage, systemParts } from './messages.ts'
import { failureWords, isVendorFault, type LlmFailure, type LlmMessage, type LlmPort } from './port.ts'
import type { Prompts } from './prompts.ts'
import { askWithRetries, type RetryOptions, sleep } from './retry.ts'

export type LlmTranslatorOptions = {
  readonly port: LlmPort
  readonly name: 'openai' | 'anthropic'
  readonly model: string
  readonly prompts: Prompts
  /** Room for the catalog in the prompt (default 12,000); a catalog that fits is sent whole. */
  readonly budgetTokens?: number
  /** For the whole translation, repairs and retries included (default 60,000). */
  readonly timeoutMs?: number
  readonly maxOutputTokens?: number
  readonly retry?: Partial<RetryOptions>
}

const MAX_REPAIRS = 2
const schema = answerJsonSchema()

/** Makes the translator; it never throws for what a model or its vendor does. */
export function llmTranslator(options: LlmTranslatorOptions): ModelTranslator {
  const { timeoutMs = 60_000 } = options
  const retry: RetryOptions = {
    maxRetries: 2,
    baseMs: 500,
    sleep,
    random: Math.random,
    nowMs: () => performance.now(),
    ...options.retry,
  }

  return async function translate(input) {
    const talk = startTalk(input, options)
    const deadline = retry.nowMs() + timeoutMs
    if (talk === undefined)
      return unavailable(options, 'the table uses fields that are kept from language models', noCalls(options))
    let best: Definition | undefined
    let repairs = 0
    for (;;) {
      const left = deadline - retry.nowMs()
      if (left <= 0) return unavailable(options, failureWords({ ok: false, kind: 'timeout' }), talk.usage, true)
      const read = await talk.ask(left, retry)
      if (read.kind === 'stop') return read.result
      const judged = judge(read.answer, input)
      if (judged.kind === 'cannot') return refusal(judged.answer, options, talk.usage)
      if (judged.kind === 'good') return accepted(judged, input, options, { usage: talk.usage, repairs })
      best = judged.definition ?? best
      if (repairs >= MAX_REPAIRS) return rejected(best, judged.issues, input, options, talk.usage)
      repairs += 1
      talk.usage.repairs = repairs
      talk.say(read.text, repairMessage(options.prompts, judged.issues))
    }
  }
}

type Read =
  | { kind: 'stop'; result: Translation | Unavailable }
  | { kind: 'read'; answer: ModelAnswer | string; text: string }

/** The conversation about one question; undefined when it must not be had with a model at all. */
function startTalk(input: TranslateInput, options: LlmTranslatorOptions) {
  const { prompt, values, base, hint, clock, signal, catalog, examples = [] } = input
  const open = withoutSensitive(catalog)
  const mayShow = (definition: Definition) => open === catalog || checkDefinition(definition, open).length === 0
  if (base !== undefined && !mayShow(base)) return undefined
  const draft =
    hint === undefined || hint.kind === 'refused' || hint.definition === undefined ? undefined : hint.definition
  const shown = examples.filter(({ definition }) => mayShow(definition))
  const bases = [base, draft, ...shown.map(({ definition }) => definition)].filter((one) => one !== undefined)
  const mentions = mentionsIn(prompt, values)
  const usage = noCalls(options)
  const later: LlmMessage[] = []
  let budgetTokens = options.budgetTokens ?? 12_000
  let maxOutputTokens = options.maxOutputTokens ?? 8000

  async function ask(timeoutMs: number, retry: RetryOptions): Promise<Read> {
    const link = linkCatalog({ catalog, prompt, values, bases, budgetTokens })
    const said = {
      question: prompt,
      clock,
      link,
      mentions,
      base,
      hint: draft !== undefined && mayShow(draft) ? hint : undefined,
      examples: shown,
    }
    const system = systemParts(options.prompts, link)
    const messages: LlmMessage[] = [{ role: 'user', content: firstMessage(options.prompts, said) }, ...later]
    const result = await askWithRetries(
      options.port,
      {
        system,
        messages,
        schema,
        schemaName: 'table_answer',
        maxOutputTokens,
        timeoutMs,
        ...(signal === undefined ? {} : { signal }),
      },
      retry,
    )
    // Whoever hangs up has asked all the same: what the vendor counts for it is not told, but is never nothing.
    const unheard = !result.ok && (result.kind === 'aborted' || result.kind === 'timeout')
    const sent = [...system, ...messages.map(({ content }) => content)].join('')
    count(
      usage,
      result.usage ?? (unheard ? { inputTokens: estimateTokens(sent), outputTokens: 0, cachedTokens: 0 } : undefined),
      result.tries,
    )
    if (result.ok) return { kind: 'read', answer: readAnswer(result.json) ?? 'it has no definition', text: result.text }
    return afterFailure(result)
  }

  /** Some failures are for the model to mend, or for us: a longer answer, a shorter prompt. */
  function afterFailure(failure: LlmFailure): Read {
    if (failure.kind === 'too_long' && budgetTokens > 1000) {
      budgetTokens = Math.floor(budgetTokens / 4)
      return { kind: 'read', answer: 'the prompt was too long; it is shorter now', text: '' }
    }
    if (failure.kind === 'cut_off') {
      maxOutputTokens *= 2
      return { kind: 'read', answer: 'it was cut off; write less', text: failure.text ?? '' }
    }
    if (failure.kind === 'invalid_json') return { kind: 'read', answer: 'it is not JSON', text: failure.text ?? '' }
    const reason = failureWords(failure)
    if (failure.kind === 'refusal')
      return {
        kind: 'stop',
        result: refused(options, 'The language model declined to answer this question', [], usage),
      }
    return { kind: 'stop', result: unavailable(options, reason, usage, isVendorFault(failure)) }
  }

  return {
    usage,
    ask,
    say(answer: string, repair: string) {
      // Vendors refuse empty messages; an answer that was not there at all is asked for again from the start.
      if (answer === '') later.length = 0
      else later.push({ role: 'assistant', content: answer }, { role: 'user', content: repair })
    },
  }
}

type Judged =
  | { kind: 'cannot'; answer: ModelAnswer }
  | { kind: 'good'; answer: ModelAnswer; definition: Definition }
  | { kind: 'bad'; issues: readonly Issue[]; definition?: Definition }

/** Whether an answer may stand: the real schema, the checker, and nothing lost from the table so far. */
function judge(answer: ModelAnswer | string, { catalog, scope, base, prompt }: TranslateInput): Judged {
  if (typeof answer === 'string') return { kind: 'bad', issues: [unreadable(answer)] }
  if (answer.outcome === 'cannot' || (answer.definition === undefined && answer.outcome === 'partly'))
    return { kind: 'cannot', answer }
  if (answer.definition === undefined) return { kind: 'bad', issues: [unreadable('it has no definition')] }
  const parsed = parseDefinition(answer.definition)
  if (!parsed.ok) return { kind: 'bad', issues: parsed.issues }
  const { definition } = parsed
  const issues = checkDefinition(definition, catalog, scope)
  const lost = base === undefined || issues.length > 0 ? [] : lostFilters(base, definition, prompt)
  if (issues.length + lost.length > 0) return { kind: 'bad', issues: [...issues, ...lost], definition }
  return { kind: 'good', answer, definition }
}

function accepted(
  { answer, definition }: Extract<Judged, { kind: 'good' }>,
  { hint, catalog }: TranslateInput,
  { name }: LlmTranslatorOptions,
  { usage, repairs }: { usage: Usage; repairs: number },
): Translation {
  if (answer.outcome === 'partly')
    return draftOf({
      definition,
      catalog,
      notUnderstood: answer.notUnderstood,
      suggestions: answer.suggestions,
      translator: name,
      usage,
    })
  const agrees = hint?.kind === 'answer' && sameMeaning(hint.definition, definition, catalog)
  return {
    kind: 'answer',
    definition,
    confidence: agrees ? Math.max(0.95, hint.confidence) : answer.confidence * 0.9 ** repairs,
    assumptions: answer.assumptions,
    translator: name,
    notes: [],
    usage,
  }
}

function rejected(
  definition: Definition | undefined,
  issues: readonly Issue[],
  { catalog, scope }: TranslateInput,
  { name }: LlmTranslatorOptions,
  usage: Usage,
): Translation {
  // A filter that the model drops again and again is its reading of the question; everything else is an error.
  if (definition !== undefined && checkDefinition(definition, catalog, scope).length === 0)
    return {
      kind: 'answer',
      definition,
      confidence: 0.4,
      assumptions: ['A filter of the table so far was dropped'],
      translator: name,
      notes: [],
      usage,
    }
  const notes = [
    'The language model’s table did not pass the check',
    ...issues.slice(0, 3).map(({ message }) => message),
  ]
  return draftOf({ definition, catalog, notUnderstood: [], suggestions: [], translator: name, usage, notes })
}

function refusal(answer: ModelAnswer, options: LlmTranslatorOptions, usage: Usage): Translation {
  const reason = answer.reason === '' ? 'This cannot be answered from the catalog' : answer.reason
  return refused(options, reason, answer.suggestions, usage)
}

function refused(
  { name }: LlmTranslatorOptions,
  reason: string,
  suggestions: readonly string[],
  usage: Usage,
): Translation {
  return { kind: 'refused', reason, suggestions, translator: name, notes: [], usage }
}

function unavailable({ name }: LlmTranslatorOptions, reason: string, usage: Usage, vendorFault = false): Unavailable {
  return { kind: 'unavailable', translator: name, reason, vendorFault, usage }
}

function noCalls({ model }: LlmTranslatorOptions): Usage {
  return { inputTokens: 0, outputTokens: 0, cachedTokens: 0, calls: 0, model }
}

function count(usage: Usage, spent: LlmFailure['usage'], tries: number): void {
  usage.calls += tries
  usage.inputTokens += spent?.inputTokens ?? 0
  usage.outputTokens += spent?.outputTokens ?? 0
  usage.cachedTokens = (usage.cachedTokens ?? 0) + (spent?.cachedTokens ?? 0)
}
