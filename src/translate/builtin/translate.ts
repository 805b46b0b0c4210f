// The built-in translator: prompt → table definition with no model and no network.
// In: a prompt, the catalog as the asker may see it, stored values, the clock. Out: an answer, a draft or a refusal.
// Refused: writing, other organizations, instructions inside the prompt, what the catalog does not have.
import { checkDefinition } from '../../definition/check.ts'
import type { Definition } from '../../definition/schema.ts'
import { draftOf } from '../draft.ts'
import type { TranslateInput, Translation, Translator } from '../types.ts'
import { best } from './best.ts'
import { lexiconOf } from './lexicon.ts'
import { refine } from './refine.ts'
import { refusalOf } from './refuse.ts'
import { retimed } from './retime.ts'
import { tokenise } from './tokens.ts'
import { deedsIn, unsaid } from './unsaid.ts'

/** Below this share of right answers a reading is shown as a draft. */
const BAR = 0.5

/** A translator that needs nothing but the catalog and its stored values; same input, same answer. */
export function builtinTranslator(): Translator {
  return async (input) => translateBuiltin(input)
}

/** The same without a promise, for tests and for callers that want the ranked reading. */
export function translateBuiltin(input: TranslateInput): Translation {
  const refused = refusalOf(input.prompt, lexiconOf(input.catalog).knownEntity)
  if (refused !== undefined)
    return { kind: 'refused', reason: refused, suggestions: [], translator: 'builtin', notes: [] }
  const { base, ...fresh } = input
  if (base === undefined) return read(fresh)
  const refined = refine({ ...fresh, base }, (prompt) => read({ ...fresh, prompt }))
  if ('definition' in refined) return answer(refined.definition, REFINED, [])
  // A follow-up may also be a new question.
  const anew = read(fresh)
  if (anew.kind === 'answer' && anew.confidence >= NEW_QUESTION)
    return { ...anew, notes: ['Read as a new question, not as a change of the table before'] }
  return draftOf({
    definition: base,
    catalog: input.catalog,
    notUnderstood: [refined.notUnderstood],
    suggestions: [],
    translator: 'builtin',
  })
}

/** A follow-up whose every clause found its part is as good as the reading of small prompts. */
const REFINED = 0.9
const NEW_QUESTION = 0.85

function read(input: TranslateInput): Translation {
  const [top] = best(input)
  const draft = (definition: Definition | undefined, notUnderstood: readonly string[], notes: readonly string[] = []) =>
    draftOf({ definition, catalog: input.catalog, notUnderstood, suggestions: [], translator: 'builtin', notes })
  if (top === undefined) return draft(undefined, [input.prompt])
  const issues = checkDefinition(top.definition, input.catalog)
  if (issues.length > 0)
    return draft(
      top.definition,
      top.unread,
      issues.map((issue) => issue.message),
    )
  const prompt = tokenise(input.prompt)
  const { lost } = top
  const { catalog } = input
  const missing = unsaid({ prompt, lost, definition: top.definition, catalog })
  const { confidence } = top
  if (missing.length > 0) {
    const doers = new Set(deedsIn(prompt, catalog).flatMap((deed) => deed.doers))
    const moved = retimed(top.definition, catalog, doers)
    const whole =
      moved !== undefined &&
      confidence >= BAR &&
      unsaid({ prompt, lost, definition: moved, catalog }).length === 0 &&
      checkDefinition(moved, catalog).length === 0
    if (whole) return answer(moved, confidence, top.assumptions)
  }
  if (confidence < BAR || missing.length > 0) return draft(top.definition, [...new Set([...top.unread, ...missing])])
  return answer(top.definition, confidence, top.assumptions)
}

function answer(definition: Definition, confidence: number, assumptions: readonly string[]): Translation {
  return { kind: 'answer', definition, confidence, assumptions, translator: 'builtin', notes: [] }
}
