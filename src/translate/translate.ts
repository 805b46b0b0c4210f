// The door from words to a definition.
// In: a question with its catalog, values, clock and scope; translators and the order to try them in. Out: an answer, a
// draft for the builder, or a refusal with its reason. Refused: a guess presented as an answer, and a silent fallback:
// whenever a model did not answer, the result says so.
import { traced } from '../lib/trace.ts'
import type {
  ModelTranslator,
  Spent,
  TranslateInput,
  Translation,
  Translator,
  TranslatorName,
  Unavailable,
} from './types.ts'

export type Translators = {
  /** Tried one after the other; the built-in one always comes last, whether named or not. */
  readonly order: readonly TranslatorName[]
  readonly builtin: Translator
  readonly openai?: ModelTranslator
  readonly anthropic?: ModelTranslator
}

/** A question to a definition. Rejects only when the asker's signal fired. */
export async function translate(options: {
  input: TranslateInput
  translators: Translators
  /** Told of each model that did not answer, also where another one does. */
  onUnavailable?: (model: Unavailable) => void
}): Promise<Translation> {
  const { input, translators, onUnavailable } = options
  input.signal?.throwIfAborted()
  const own = await translators.builtin(input)
  if (input.withoutModels !== undefined)
    return { ...own, notes: [`${input.withoutModels}; this was understood by the built-in translator`, ...own.notes] }
  const missed: Unavailable[] = []
  for (const name of modelsOf(translators)) {
    const model = translators[name]
    if (model === undefined) continue
    const result = await traced('model', { 'tablewright.translator': name }, async (span) => {
      const made = await model({ ...input, hint: own })
      span.setAttribute('tablewright.outcome', made.kind)
      return made
    })
    if (input.signal?.aborted)
      for (const one of spentBy([...missed, { translator: name, ...(result.usage && { usage: result.usage }) }]))
        input.onAbandoned?.(one)
    input.signal?.throwIfAborted()
    if (result.kind === 'unavailable') {
      missed.push(result)
      onUnavailable?.(result)
    } else return withNotes(rivalled(settled(result, own), own), missed)
  }
  return withNotes(own, missed)
}

/** Below this a model says itself that it guesses; where the built-in translator is surer of something else, both are run. */
const UNSURE = 0.6

function rivalled(result: Translation, own: Translation): Translation {
  if (result.kind !== 'answer' || own.kind !== 'answer' || result.translator === own.translator) return result
  if (result.confidence >= UNSURE || own.confidence < UNSURE) return result
  return { ...result, rivals: [{ definition: own.definition, assumptions: own.assumptions }] }
}

function modelsOf({ order }: Translators): ('openai' | 'anthropic')[] {
  const until = order.indexOf('builtin')
  const before = until === -1 ? order : order.slice(0, until)
  return before.filter((name) => name !== 'builtin')
}

/** A model's draft gives way to an answer of the built-in translator, and takes its suggestions otherwise. */
function settled(result: Translation, own: Translation): Translation {
  if (result.kind !== 'draft') return result
  if (own.kind === 'answer' && result.notes.length > 0)
    return {
      ...own,
      notes: [...own.notes, 'The language model gave no usable table; this was understood by the built-in translator'],
      ...(result.usage && { usage: result.usage }),
    }
  const suggestions = result.suggestions.length > 0 || own.kind === 'answer' ? result.suggestions : own.suggestions
  if (result.definition !== undefined || own.kind !== 'draft') return { ...result, suggestions }
  return { ...result, ...(own.definition && { definition: own.definition }), understood: own.understood, suggestions }
}

function withNotes(result: Translation, missed: readonly Unavailable[]): Translation {
  if (missed.length === 0) return result
  const reasons = [...new Set(missed.map(({ reason }) => reason))].join('; ')
  const by = result.translator === 'builtin' ? 'the built-in translator' : 'another language model'
  const note = `The language model did not answer (${reasons}); this was understood by ${by}`
  const spent = spentBy(missed)
  // Where no model answered, what was paid last stands with the answer.
  const usage = result.usage ?? spent.pop()?.usage
  return { ...result, notes: [note, ...result.notes], ...(usage && { usage }), ...(spent.length > 0 && { spent }) }
}

function spentBy(models: readonly Pick<Unavailable, 'translator' | 'usage'>[]): Spent[] {
  return models.flatMap(({ translator, usage }) =>
    usage !== undefined && usage.inputTokens > 0 ? [{ translator, usage }] : [],
  )
}
